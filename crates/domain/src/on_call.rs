//! Who is on call: rotations, what changes them for some hours or a day, and who is on call then.
//!
//! What counts, first to last: the override that was made last; the holiday of that day, with its
//! own person or else the rotation's fallback (with neither, the day is like any other); the turn of
//! the rotation, within its hours and from its first hand-off on; the fallback; nobody. A person
//! who no longer stands in the directory counts as absent everywhere.

mod entry;
mod federal;
mod roster;
mod turn;

pub use entry::{HolidayEntry, OverrideEntry, RotationEntry};
pub use federal::federal_holidays;
pub use roster::{Roster, Shift, Watch, Why};
pub use turn::Turn;

use crate::{
    AccountId, ContactId, Date, HolidayId, Hours, Instant, OverrideId, RotationId, TenantId,
    UserId, Zone,
};

/// People of one account who take turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// Its identifier.
    pub id: RotationId,
    /// The account whose calls it is about.
    pub account_id: AccountId,
    /// What people call it.
    pub name: String,
    /// The zone of its hand-offs, hours and holidays.
    pub zone: Zone,
    /// How long each turn is.
    pub turn: Turn,
    /// The minute of the day at which turns are handed over, from midnight.
    pub hand_off_minute: u16,
    /// The day of the first hand-off: the first member's first turn begins.
    pub starts_on: Date,
    /// Who takes turns, in their order; none is allowed, and leaves a gap.
    pub members: Vec<ContactId>,
    /// When it covers at all. Outside of them the fallback is on call, or by design nobody.
    pub hours: Hours,
    /// Who is on call when nobody else is.
    pub fallback: Option<ContactId>,
    /// The next time that nobody is on call, as the last coverage check found it.
    pub gap: Option<(Instant, Instant)>,
    /// Grows with each change.
    pub revision: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// A change of a rotation for some time. Where several overlap, the one made last counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Its identifier.
    pub id: OverrideId,
    /// The rotation that it changes.
    pub rotation_id: RotationId,
    /// Who is on call; `None` says that nobody is.
    pub contact_id: Option<ContactId>,
    /// Its first instant.
    pub from: Instant,
    /// The instant that it ends before.
    pub until: Instant,
    /// Why, in people's words, or `""`.
    pub reason: String,
    /// Who made it; `None` is the program itself.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Instant,
}

/// A day on which an account's rotations go by other rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// Its identifier.
    pub id: HolidayId,
    /// The account whose day it is.
    pub account_id: AccountId,
    /// The day, from midnight to midnight in each rotation's own zone.
    pub date: Date,
    /// What it is called.
    pub name: String,
    /// Who is on call that day; `None` is each rotation's fallback.
    pub contact_id: Option<ContactId>,
}

/// A line of a rotation's report: what was changed, by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeNote {
    /// Who did it, by the name of then.
    pub actor_name: String,
    /// What was done, as `noun.verb`.
    pub action: String,
    /// What it changed, in words, or `""`.
    pub what: String,
    /// When.
    pub at: Instant,
}

/// Whose shifts a calendar shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Everybody's in one rotation.
    Rotation(RotationId),
    /// One person's, in all rotations of the account.
    Contact(ContactId),
}

/// A link under which a calendar program reads shifts, as it is shown: its token was shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarLink {
    /// The account whose rotations it shows.
    pub account_id: AccountId,
    /// Whose shifts.
    pub subject: Subject,
    /// The part of its token that may be shown.
    pub prefix: String,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Instant,
}
