//! The sample house: an answering service with its accounts, people, messages and calls, as the
//! application would load them. Every sample page draws these.

mod calls;
mod messages;
mod people;
mod playbook;
mod to_dos;
mod webhooks;

pub(crate) use calls::{captured, opt_outs, recordings, texts};
pub(crate) use messages::{detail, failed, messages, standing};
pub(crate) use people::{keys, members, rotations};
pub(crate) use playbook::book;
pub(crate) use to_dos::{paused, to_do, to_dos};
pub(crate) use webhooks::{event, log, watched};

use app::Actor;
use askama::Template;
use domain::limits::{self, MINUTE_MS};
use domain::user::Scope;
use domain::{Account, AccountId, Did, DidId, Instant, Role, TenantId, UserId, Zone};

use crate::list::Ground;
use crate::session::Frame;
use crate::ui::{Place, Shell};

/// A page's name and its HTML.
pub(crate) type SamplePage = (&'static str, String);

/// A page as it is shown.
pub(crate) fn drawn(name: &'static str, page: &impl Template) -> SamplePage {
    // A template fails only where its writer does, and a String never does.
    (name, page.render().unwrap_or_default())
}

/// Tuesday, Mar 3, 2026, 2:14 PM in New York.
pub(crate) fn now() -> Instant {
    Instant::from_ms(1_772_565_248_671)
}

/// Saturday, Jan 25, 2025, 2:10 AM in New York.
pub(crate) fn night() -> Instant {
    Instant::from_ms(1_737_789_000_000)
}

/// Some minutes before now.
fn ago(minutes: i64) -> Instant {
    now().minus_ms(minutes * MINUTE_MS)
}

/// The same rows again and again, until a page is full and there is another.
pub(crate) fn pageful<R: Clone>(rows: &[R]) -> Vec<R> {
    rows.iter().cycle().take(limits::PORTAL_ROWS + 1).cloned().collect()
}

/// The zone of the service and of all its accounts.
pub(crate) fn zone() -> Zone {
    Zone::named("America/New_York").unwrap_or_else(|_| Zone::utc())
}

impl Shell {
    /// The frame of an owner.
    pub(crate) fn sample(place: Place) -> Self {
        Self {
            tenant_name: "Harbor Answering".to_owned(),
            user_name: "Jane Hartwell".to_owned(),
            user_email: "jane@hartwell.example".to_owned(),
            role: Role::Owner,
            place,
            unread: Some(3),
            csrf: "sample".to_owned(),
            flash: None,
            alarm: None,
        }
    }
}

impl Ground {
    /// The accounts of the sample house.
    pub(crate) fn sample() -> Self {
        Self::of(accounts(), zone(), now())
    }
}

impl Frame {
    /// What an owner of the service sees around a page.
    pub(crate) fn sample(place: Place) -> Self {
        let actor = Actor {
            tenant_id: TenantId(1),
            user_id: UserId(1),
            name: "Jane Hartwell".to_owned(),
            email: "jane@hartwell.example".to_owned(),
            role: Role::Owner,
            scope: Scope::All,
            limits: Default::default(),
        };
        Frame { shell: Shell::sample(place), actor, zone: zone(), now: now() }
    }
}

/// A law firm, a heating firm and a dentist.
pub(crate) fn accounts() -> Vec<Account> {
    let account = |id, number: &str, name: &str| Account {
        tenant_id: TenantId(1),
        id: AccountId(id),
        number: number.to_owned(),
        name: name.to_owned(),
        zone: zone(),
        greeting: String::new(),
        facts: String::new(),
        created_at: ago(500_000),
    };
    vec![
        account(1, "1001", "Hartwell & Boone"),
        account(3, "1003", "Maple Street Dental"),
        account(2, "1002", "Northwind Heating & Air"),
    ]
}

/// One of the accounts; the first where nobody has the id.
pub(crate) fn account(id: i64) -> Account {
    let mut all = accounts();
    let at = all.iter().position(|account| account.id.0 == id).unwrap_or_default();
    all.swap_remove(at)
}

/// The numbers that their callers dial.
pub(crate) fn lines() -> Vec<Did> {
    let line = |id, account, number: &str, label: &str| Did {
        id: DidId(id),
        account_id: AccountId(account),
        number: number.to_owned(),
        label: label.to_owned(),
    };
    vec![
        line(3, 1, "9545550110", "Main line"),
        line(4, 3, "9545550130", "Main line"),
        line(1, 2, "9545550120", "Main line"),
        line(2, 2, "9545550121", "Emergency line"),
    ]
}
