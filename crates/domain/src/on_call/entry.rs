//! Rotations, overrides and holidays as somebody wants to make them, and what is wrong with them.

use super::{Holiday, Override, Roster, Rotation, Turn};
use crate::user::check_line;
use crate::{
    Account, Contact, ContactId, Date, HolidayId, Hours, Instant, Invalid, OverrideId, RotationId,
    Time, UserId, Zone, limits,
};

const UNKNOWN: &str = "must stand in the account's directory";

/// A rotation as somebody wants to make or change it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RotationEntry {
    /// What people call it.
    pub name: String,
    /// The IANA name of its zone; `""` takes the account's.
    pub zone: String,
    /// How long each turn is, as [`Turn::parse`] reads it.
    pub turn: String,
    /// When turns are handed over: `9:00 AM` or `09:00`.
    pub hand_off: String,
    /// The day of the first hand-off.
    pub starts_on: String,
    /// Who takes turns, in their order. The same person may stand there more than once.
    pub members: Vec<ContactId>,
    /// When it covers at all; `""` is always.
    pub hours: String,
    /// Who is on call when nobody else is.
    pub fallback: Option<ContactId>,
}

impl RotationEntry {
    /// A rotation as it stands.
    pub fn of(rotation: &Rotation) -> Self {
        let hand_off = Time::from_minute_of_day(rotation.hand_off_minute);
        RotationEntry {
            name: rotation.name.clone(),
            zone: rotation.zone.name().to_owned(),
            turn: rotation.turn.to_string(),
            hand_off: hand_off.map(|time| time.to_string()).unwrap_or_default(),
            starts_on: rotation.starts_on.to_string(),
            members: rotation.members.clone(),
            hours: rotation.hours.to_string(),
            fallback: rotation.fallback,
        }
    }

    /// Checks it against an account and its directory. It makes a new rotation; a
    /// change takes over the rest from the one before.
    pub fn checked(
        self,
        account: &Account,
        directory: &[Contact],
        now: Instant,
    ) -> Result<Rotation, Invalid> {
        let mut invalid = Invalid::new();
        let name = self.name.trim();
        check_line(&mut invalid, "name", name);
        invalid.require(!name.is_empty(), "name", "must not be empty");
        let zone = match self.zone.trim() {
            "" => account.zone.clone(),
            zone => Zone::named(zone).unwrap_or_else(|unknown| {
                invalid.add("zone", unknown.to_string());
                account.zone.clone()
            }),
        };
        let turn = Turn::parse(self.turn.trim());
        let rule = "must be daily, weekly, or a number of days (to 365) or hours (to 744)";
        invalid.require(turn.is_some(), "turn", rule);
        let hand_off = Time::parse(&self.hand_off);
        invalid.require(hand_off.is_some(), "hand_off", "must be a time like 9:00 AM or 21:30");
        let starts_on = Date::parse(self.starts_on.trim()).unwrap_or_else(|rule| {
            invalid.add("starts_on", rule.to_string());
            zone.date(now)
        });
        let is_known = |id: &ContactId| directory.iter().any(|contact| contact.id == *id);
        let few = self.members.len() <= limits::MEMBERS;
        invalid.require(few, "members", "must be at most 50 people");
        invalid.require(self.members.iter().all(is_known), "members", UNKNOWN);
        invalid.require(self.fallback.iter().all(is_known), "fallback", UNKNOWN);
        let hours = Hours::read(&mut invalid, "hours", self.hours.trim());
        let name = name.to_owned();
        invalid.or(Rotation {
            tenant_id: account.tenant_id,
            id: RotationId(0),
            account_id: account.id,
            name,
            zone,
            turn: turn.unwrap_or(Turn::Weekly),
            hand_off_minute: hand_off.map_or(0, Time::minute_of_day),
            starts_on,
            members: self.members,
            hours,
            fallback: self.fallback,
            gap: None,
            revision: 1,
            created_at: now,
            updated_at: now,
        })
    }
}

/// An override as somebody wants to make it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OverrideEntry {
    /// Who is on call; `None` says that nobody is.
    pub contact_id: Option<ContactId>,
    /// Its first instant.
    pub from: Option<Instant>,
    /// The instant that it ends before.
    pub until: Option<Instant>,
    /// Why, or `""`.
    pub reason: String,
}

impl OverrideEntry {
    /// Checks it against a roster and the account's directory. One that begins in the minute that
    /// passes now begins now.
    pub fn checked(
        self,
        roster: &Roster,
        directory: &[Contact],
        by: Option<UserId>,
        now: Instant,
    ) -> Result<Override, Invalid> {
        let mut invalid = Invalid::new();
        let reason = self.reason.trim();
        check_line(&mut invalid, "reason", reason);
        let is_known = |id: &ContactId| directory.iter().any(|contact| contact.id == *id);
        invalid.require(self.contact_id.iter().all(is_known), "contact_id", UNKNOWN);
        invalid.require(self.from.is_some(), "from", "must be a day and a time");
        invalid.require(self.until.is_some(), "until", "must be a day and a time");
        let from = self.from.unwrap_or(now);
        let until = self.until.unwrap_or(Instant::MAX);
        let is_ahead = from > now.minus_ms(limits::MINUTE_MS);
        invalid.require(is_ahead, "from", "must not lie before now");
        let from = from.max(now);
        let is_order = until > from;
        invalid.require(is_order, "until", "must lie after the beginning and after now");
        let is_near = self.until.is_none_or(|at| at.ms_since(now) <= limits::OVERRIDE_AHEAD_MS);
        invalid.require(is_near, "until", "must lie within two years from now");
        let is_full = roster.overrides.len() >= limits::OVERRIDES;
        let rule = "must wait: withdraw an override first, 200 ahead are the most";
        invalid.require(!is_full, "reason", rule);
        let reason = reason.to_owned();
        invalid.or(Override {
            id: OverrideId(0),
            rotation_id: roster.rotation.id,
            contact_id: self.contact_id,
            from,
            until,
            reason,
            created_by: by,
            created_at: now,
        })
    }
}

/// A holiday as somebody wants to make it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolidayEntry {
    /// The day.
    pub date: String,
    /// What it is called.
    pub name: String,
    /// Who is on call that day; `None` is each rotation's fallback.
    pub contact_id: Option<ContactId>,
}

impl HolidayEntry {
    /// Checks it against an account, its directory and the holidays that it has.
    pub fn checked(
        self,
        account: &Account,
        directory: &[Contact],
        held: &[Holiday],
        now: Instant,
    ) -> Result<Holiday, Invalid> {
        let mut invalid = Invalid::new();
        let name = self.name.trim();
        check_line(&mut invalid, "name", name);
        invalid.require(!name.is_empty(), "name", "must not be empty");
        let today = account.zone.date(now);
        let date = Date::parse(self.date.trim());
        match date {
            Err(rule) => invalid.add("date", rule.to_string()),
            Ok(date) => {
                invalid.require(date >= today, "date", "must not lie before today");
                let last = today.plus_days(366 * 10).unwrap_or(Date::MAX);
                invalid.require(date <= last, "date", "must lie within ten years from now");
                let is_new = held.iter().all(|day| day.date != date);
                invalid.require(is_new, "date", "is a holiday already");
            }
        }
        let is_known = |id: &ContactId| directory.iter().any(|contact| contact.id == *id);
        invalid.require(self.contact_id.iter().all(is_known), "contact_id", UNKNOWN);
        let rule = "must wait: remove a holiday first, 500 are the most";
        invalid.require(held.len() < limits::HOLIDAYS, "name", rule);
        let (name, date) = (name.to_owned(), date.unwrap_or(today));
        let (id, account_id) = (HolidayId(0), account.id);
        invalid.or(Holiday { id, account_id, date, name, contact_id: self.contact_id })
    }
}
