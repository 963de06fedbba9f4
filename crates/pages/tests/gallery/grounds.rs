//! What the sample pages with forms are drawn from.

use std::sync::Arc;

use domain::on_call::{ChangeNote, Holiday};
use domain::sending::Rules;
use domain::{ContactId, Date, HolidayId, Playbook, Role, limits};

use crate::accounts::account::AccountGround;
use crate::form::Preview;
use crate::list::{ListQuery, Listing};
use crate::messages::Clock;
use crate::on_call::form::RotationGround;
use crate::on_call::holidays::HolidaysGround;
use crate::on_call::rotation::RotationPageGround;
use crate::opt_outs::{OptOutGround, OptOutPhones};
use crate::people::person_form::PersonGround;
use crate::profile::ProfileGround;
use crate::session::Frame;
use crate::tests::sample::{self, book, now};
use crate::to_dos::to_do_form::ToDoGround;
use crate::ui::Place;

/// An account with lines and a directory, or without any.
pub(super) fn account(is_bare: bool) -> AccountGround {
    let book = match is_bare {
        true => Playbook::of(book().account),
        false => {
            let mut book = Playbook { lines: sample::lines(), ..book() };
            book.lines.retain(|line| line.account_id == book.account.id);
            book
        }
    };
    let form = domain::Form::standard(book.account.id, now());
    AccountGround { book: Arc::new(book), form, messages: 203, rules: Rules::default() }
}

/// A person of a role, or somebody new; an owner is locked.
pub(super) fn person(role: Option<Role>) -> PersonGround {
    let member =
        role.and_then(|role| sample::members().into_iter().find(|it| it.user.role == role));
    let locked = match role {
        Some(Role::Owner) => "Only somebody above their rank may change this person.",
        _ => "",
    };
    PersonGround { by: Role::Owner, accounts: sample::accounts(), member, locked }
}

/// An owner's profile, with three keys or none.
pub(super) fn profile(has_keys: bool) -> ProfileGround {
    let Frame { actor, zone, now, .. } = Frame::sample(Place::Profile);
    let keys = if has_keys { sample::keys() } else { Vec::new() };
    let (accounts, seen) = ("All accounts".to_owned(), sample::accounts());
    ProfileGround { actor, accounts, keys, seen, clock: Clock { now, zone } }
}

/// Phones that opted out, and texts, or none.
pub(super) fn opt_outs(has_some: bool) -> OptOutGround {
    let (phones, texts) = match has_some {
        true => (sample::opt_outs(), sample::texts()),
        false => (Vec::new(), Vec::new()),
    };
    let listing = Listing::of(OptOutPhones, ListQuery::default(), phones);
    OptOutGround { listing, texts, now: now(), zone: sample::zone() }
}

/// The page of a rotation; bare, of one that nobody stands in, for somebody who only reads it.
pub(super) fn rotation(is_bare: bool) -> Option<RotationPageGround> {
    let mut standing = sample::rotations().into_iter().nth(usize::from(is_bare))?;
    standing.roster.holidays = if is_bare { Vec::new() } else { days() };
    let note = ChangeNote {
        actor_name: "Jane Hartwell".to_owned(),
        action: "rotation.update".to_owned(),
        what: "members from Jane Hartwell to Jane Hartwell, Paul Boone".to_owned(),
        at: now().minus_ms(3 * limits::DAY_MS),
    };
    Some(RotationPageGround {
        me: standing.people.last().map(|contact| contact.id).filter(|_| !is_bare),
        standing,
        links: Vec::new(),
        changes: vec![note],
        may_change: !is_bare,
        now: now(),
    })
}

/// The form of a new rotation, with what it would do.
pub(super) fn rotation_form() -> RotationGround {
    let standing = sample::rotations().into_iter().next();
    let mut ground = RotationGround {
        accounts: sample::accounts(),
        zone: sample::zone(),
        account: Some(sample::account(1)),
        people: standing.as_ref().map(|it| it.people.clone()).unwrap_or_default(),
        standing: None,
        now: now(),
        preview: Preview::default(),
    };
    ground.preview = standing.map(|it| ground.foreseen(&it.roster)).unwrap_or_default();
    ground
}

fn days() -> Vec<Holiday> {
    let day = |id, date: &str, name: &str, contact: Option<i64>| {
        let contact_id = contact.map(ContactId);
        let date = Date::parse(date).ok()?;
        let (id, account_id, name) = (HolidayId(id), book().account.id, name.to_owned());
        Some(Holiday { id, account_id, date, name, contact_id })
    };
    let memorial = day(1, "2026-05-25", "Memorial Day", None);
    let independence = day(2, "2026-07-03", "Independence Day (observed)", Some(13));
    memorial.into_iter().chain(independence).collect()
}

/// Two holidays.
pub(super) fn holidays() -> HolidaysGround {
    let today = sample::zone().date(now());
    HolidaysGround { days: days(), book: Arc::new(book()), today, may_change: true }
}

/// The form of a To Do: a new one, or one whose rule the form has no words for.
pub(super) fn to_do(is_kept: bool) -> ToDoGround {
    let standing = sample::to_dos().into_iter().map(|(standing, _)| standing);
    let mut standing = standing.filter(|_| is_kept).find(|it| it.schedule.is_some());
    if let Some(schedule) = standing.as_mut().and_then(|it| it.schedule.as_mut()) {
        schedule.times.clear();
    }
    ToDoGround {
        accounts: sample::accounts(),
        zone: sample::zone(),
        account: Some(sample::account(1)),
        book: Some(account(false).book),
        standing,
        preview: Preview {
            sentence: "Every 2 weeks on Tuesdays and Saturdays at 9:00 AM".to_owned(),
            coming: vec!["Sat, Nov 30, 2026, 9:00 AM EST".to_owned()],
            notes: vec!["Times are those of America/New_York.".to_owned()],
            ..Preview::default()
        },
    }
}
