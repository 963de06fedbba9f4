//! What the sample pages with forms are drawn from.

use std::sync::Arc;

use app::Actor;
use app::on_call::Standing;
use app::texts::{InboundText, OptOut};
use app::to_dos;
use app::users::Member;
use domain::on_call::{ChangeNote, Holiday, Override, Roster, RotationEntry};
use domain::sending::Rules;
use domain::to_do::{Policy, Schedule};
use domain::token::Key;
use domain::user::Scope;
use domain::{
    AccountId, Channel, ContactId, Date, Did, DidId, Frequency, HolidayId, Instant, KeyId,
    OverrideId, Parts, Playbook, Role, Rule, ScheduleId, TenantId, ToDo, ToDoId, User, UserId,
    limits,
};

use crate::accounts::AccountGround;
use crate::delivery::samples::{book, now};
use crate::form::Preview;
use crate::on_call::{HolidaysGround, RotationGround, RotationPageGround};
use crate::opt_outs::OptOutGround;
use crate::people::PersonGround;
use crate::profile::ProfileGround;
use crate::to_dos::ToDoGround;

/// An account with two lines and a directory, or without any.
pub(super) fn account(is_bare: bool) -> AccountGround {
    let mut book = book();
    let account_id = book.account.id;
    let line = |id, number: &str, label: &str| Did {
        id: DidId(id),
        account_id,
        number: number.to_owned(),
        label: label.to_owned(),
    };
    book.lines = vec![line(1, "9545550120", "Main line"), line(2, "9545550121", "Emergency line")];
    if is_bare {
        book = Playbook::of(book.account);
    }
    let form = domain::Form::standard(account_id, now());
    AccountGround { book: Arc::new(book), form, messages: 203, rules: Rules::default() }
}

/// A person of a role, or somebody new; an owner is locked.
pub(super) fn person(role: Option<Role>) -> PersonGround {
    let user = |role| User {
        tenant_id: TenantId(1),
        id: UserId(5),
        email: "karl@northwind.example".to_owned(),
        name: "Karl Winter".to_owned(),
        username: String::new(),
        role,
        is_disabled: false,
        created_at: now(),
    };
    let account = book().account;
    let locked = match role {
        Some(Role::Owner) => "Only somebody above their rank may change this person.",
        _ => "",
    };
    let member = role.map(|role| Member { user: user(role), accounts: vec![account.id] });
    PersonGround { by: Role::Owner, accounts: vec![account], member, locked }
}

/// An owner's profile, with three keys or none.
pub(super) fn profile(has_keys: bool) -> ProfileGround {
    let key = |id, name: &str, used: Option<i64>, expires: Option<i64>| Key {
        id: KeyId(id),
        user_id: UserId(1),
        name: name.to_owned(),
        prefix: "lib_7Hq2".to_owned(),
        created_at: now().minus_ms(3 * limits::DAY_MS),
        expires_at: expires.map(|ms| now().plus_ms(ms)),
        last_used_at: used.map(|ms| now().minus_ms(ms)),
        last_used_from: used.map_or("", |_| "203.0.113.24").to_owned(),
        revoked_at: None,
    };
    let keys = vec![
        key(3, "Practice software", Some(2 * limits::MINUTE_MS), None),
        key(2, "Nightly export", None, Some(90 * limits::DAY_MS)),
        key(1, "Old website", Some(limits::DAY_MS), Some(-limits::HOUR_MS)),
    ];
    let actor = Actor {
        tenant_id: TenantId(1),
        user_id: UserId(1),
        name: "Jane Hartwell".to_owned(),
        email: "jane@hartwell.example".to_owned(),
        role: Role::Owner,
        scope: Scope::All,
    };
    let keys = if has_keys { keys } else { Vec::new() };
    let (accounts, zone) = ("All accounts".to_owned(), book().account.zone);
    ProfileGround { actor, accounts, keys, now: now(), zone }
}

/// Phones that opted out, and texts, or none.
pub(super) fn opt_outs(has_some: bool) -> OptOutGround {
    let at = now().minus_ms(3 * limits::DAY_MS);
    let phone = |address: &str, word: &str| OptOut {
        address: address.to_owned(),
        word: word.to_owned(),
        opted_out_at: at,
    };
    let text = |text: &str, meaning: &str| InboundText {
        carrier: "sms".to_owned(),
        reference: String::new(),
        sender: "+15615550100".to_owned(),
        recipient: "9545550120".to_owned(),
        text: text.to_owned(),
        meaning: meaning.to_owned(),
        received_at: at,
    };
    let phones = vec![phone("+15615550100", "Stop"), phone("+15615550101", "")];
    let texts = vec![text("Stop", "stop"), text("On my way", "text")];
    let (phones, texts) = if has_some { (phones, texts) } else { (Vec::new(), Vec::new()) };
    OptOutGround { phones, texts, now: now(), zone: book().account.zone }
}

/// A rotation of all who stand in the directory, with two overrides and a holiday.
fn standing() -> Option<Standing> {
    let Playbook { account, contacts: people, .. } = book();
    let entry = RotationEntry {
        name: "Nights".to_owned(),
        turn: "3 days".to_owned(),
        hand_off: "5:30 PM".to_owned(),
        starts_on: "2025-01-20".to_owned(),
        members: people.iter().map(|person| person.id).collect(),
        ..RotationEntry::default()
    };
    let rotation = entry.checked(&account, &people, now()).ok()?;
    let mut roster = Roster::of(rotation);
    let hours = |from: i64, until: i64, contact: Option<i64>, reason: &str| Override {
        id: OverrideId(from),
        rotation_id: roster.rotation.id,
        contact_id: contact.map(ContactId),
        from: now().plus_ms(from * limits::HOUR_MS),
        until: now().plus_ms(until * limits::HOUR_MS),
        reason: reason.to_owned(),
        created_by: Some(UserId(1)),
        created_at: now(),
    };
    roster.overrides =
        vec![hours(48, 72, Some(13), "Ines is at a wedding"), hours(150, 170, None, "")];
    roster.holidays = days();
    Some(Standing { roster, account, people })
}

/// The page of a rotation; bare, of one that nobody stands in.
pub(super) fn rotation(is_bare: bool) -> Option<RotationPageGround> {
    let mut standing = standing()?;
    if is_bare {
        standing.roster.rotation.members.clear();
        standing.roster.overrides.clear();
        standing.roster.holidays.clear();
    }
    let note = |action: &str, what: &str| ChangeNote {
        actor_name: "Jane Hartwell".to_owned(),
        action: action.to_owned(),
        what: what.to_owned(),
        at: now().minus_ms(3 * limits::DAY_MS),
    };
    Some(RotationPageGround {
        me: standing.people.last().map(|contact| contact.id).filter(|_| !is_bare),
        standing,
        links: Vec::new(),
        changes: vec![note("rotation.update", "members from Karl Winter to Ines Ferrer")],
        may_change: !is_bare,
        now: now(),
    })
}

/// The form of a new rotation, with what it would do.
pub(super) fn rotation_form() -> RotationGround {
    let Playbook { account, contacts: people, .. } = book();
    let mut ground = RotationGround {
        accounts: vec![account.clone(), account.clone()],
        zone: account.zone.clone(),
        account: Some(account),
        people,
        standing: None,
        now: now(),
        preview: Preview::default(),
    };
    if let Some(standing) = standing() {
        ground.preview = ground.foreseen(&standing.roster);
    }
    ground
}

fn days() -> Vec<Holiday> {
    let day = |id, date: &str, name: &str, contact: Option<i64>| {
        Date::parse(date).ok().map(|date| Holiday {
            id: HolidayId(id),
            account_id: AccountId(2),
            date,
            name: name.to_owned(),
            contact_id: contact.map(ContactId),
        })
    };
    let memorial = day(1, "2025-05-26", "Memorial Day", None);
    let independence = day(2, "2025-07-04", "Independence Day", Some(13));
    memorial.into_iter().chain(independence).collect()
}

/// Two holidays.
pub(super) fn holidays() -> HolidaysGround {
    let book = book();
    let today = book.account.zone.date(now());
    HolidaysGround { days: days(), book: Arc::new(book), today, may_change: true }
}

/// The form of a To Do: a new one, or one whose rule the form has no words for.
pub(super) fn to_do(is_kept: bool) -> ToDoGround {
    let book = account(false).book;
    let account = book.account.clone();
    let rule = Rule::new(Parts::every(Frequency::Daily, 1)).ok();
    let schedule = rule.map(|rule| Schedule {
        id: ScheduleId(1),
        rule,
        times: Vec::new(),
        starts_at: now(),
        previous: None,
        next: Some(now()),
        created_at: now(),
        updated_at: now(),
    });
    let to_do = ToDo {
        tenant_id: account.tenant_id,
        id: ToDoId(7),
        account_id: account.id,
        phone_id: None,
        delivery_type: Channel::Sms,
        instructions: None,
        contact: "Karl Winter".to_owned(),
        message_text: "Check the boiler.".to_owned(),
        run_at: None,
        from: None,
        subject: None,
        from_email: None,
        sender_name: None,
        policy: Policy::usual(Channel::Sms),
        paused_at: None,
        revision: 3,
        created_by: None,
        created_at: now(),
        updated_at: now(),
    };
    let standing = to_dos::Standing { to_do, schedule, is_sending: false };
    ToDoGround {
        accounts: vec![account.clone(), account.clone()],
        zone: account.zone.clone(),
        account: Some(account),
        book: Some(book),
        standing: Some(standing).filter(|_| is_kept),
        preview: Preview {
            sentence: "Every 2 weeks on Tuesdays and Saturdays at 9:00 AM".to_owned(),
            coming: vec![coming()],
            notes: vec!["Times are those of America/New_York.".to_owned()],
            ..Preview::default()
        },
    }
}

fn coming() -> String {
    crate::to_dos::in_full(Instant::from_ms(1_737_789_000_000), &book().account.zone)
}
