//! Everything that says who is on call in one rotation, and the answers it gives.

use super::turn::Turns;
use super::{Holiday, Override, Rotation};
use crate::hours::Stretch;
use crate::{ContactId, Instant, limits};

/// A rotation with all that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// The rotation.
    pub rotation: Rotation,
    /// Its overrides, in any order.
    pub overrides: Vec<Override>,
    /// The holidays of its account, in any order.
    pub holidays: Vec<Holiday>,
    /// People named above who no longer stand in the account's directory. Their turns fall to the
    /// next member who does, so that nobody else's turns move.
    pub absent: Vec<ContactId>,
}

/// Who is on call at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The person; `None` if nobody is.
    pub contact_id: Option<ContactId>,
    /// Since when, for this reason; `None` if it never was otherwise, as far as the roster knows.
    pub since: Option<Instant>,
    /// When person or reason next change; `None` if they do not.
    pub until: Option<Instant>,
    /// Why.
    pub why: Why,
}

/// Why somebody is on call, or nobody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is the person's turn.
    Rotation,
    /// Somebody said so, for this reason (`""` if none was given).
    Override(String),
    /// It is the holiday of this name.
    Holiday(String),
    /// Nobody else is.
    Fallback,
    /// The rotation does not cover these hours, and has no fallback: nobody, but by design.
    OffHours,
    /// There is nobody, though there should be.
    Nobody,
}

/// A stretch of time in which one person is on call for one reason, or nobody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The person; `None` if nobody is on call.
    pub contact_id: Option<ContactId>,
    /// Its first instant.
    pub from: Instant,
    /// The instant that it ends before.
    pub until: Instant,
    /// Why.
    pub why: Why,
}

/// A stretch around an instant in which nothing changes, found without looking further.
struct Span {
    contact_id: Option<ContactId>,
    why: Why,
    from: Instant,
    until: Instant,
}

impl Shift {
    /// Whether somebody should be on call, and nobody is.
    pub fn is_gap(&self) -> bool {
        self.contact_id.is_none() && self.why != Why::OffHours
    }
}

impl Roster {
    /// A rotation that nothing changes.
    pub fn of(rotation: Rotation) -> Self {
        Roster { rotation, overrides: Vec::new(), holidays: Vec::new(), absent: Vec::new() }
    }

    /// The same without somebody: as if the person had left the directory.
    #[must_use]
    pub fn without(mut self, contact: ContactId) -> Self {
        self.absent.push(contact);
        self
    }

    /// Who is on call at an instant.
    pub fn on_call(&self, at: Instant) -> Watch {
        let mut hours = None;
        let here = self.span(at, &mut hours);
        let since = self.since(&here, &mut hours);
        let until = self.until(&here, &mut hours);
        Watch { contact_id: here.contact_id, since, until, why: here.why }
    }

    /// When that is first otherwise; `None` if never, as far as we look.
    fn until(&self, here: &Span, hours: &mut Option<Stretch>) -> Option<Instant> {
        let mut until = here.until;
        for _ in 0..limits::SPANS_JOINED {
            if until == Instant::MAX {
                return None;
            }
            let next = self.span(until, hours);
            if !next.is_like(here) {
                return Some(until);
            }
            until = next.until;
        }
        None
    }

    /// Since when it is so; `None` if always, as far as we look.
    fn since(&self, here: &Span, hours: &mut Option<Stretch>) -> Option<Instant> {
        let mut from = here.from;
        for _ in 0..limits::SPANS_JOINED {
            if from == Instant::MIN {
                return None;
            }
            let before = self.span(from.minus_ms(1), hours);
            if !before.is_like(here) {
                return Some(from);
            }
            from = before.from;
        }
        None
    }

    /// Who is on call after that; `None` if it does not change.
    pub fn after(&self, watch: &Watch) -> Option<Watch> {
        watch.until.map(|until| self.on_call(until))
    }

    /// What happens between two instants, without a hole: each shift begins where the one before
    /// it ends. At most [`limits::SHIFTS`]; a range that has more is cut there.
    pub fn shifts(&self, from: Instant, until: Instant) -> Vec<Shift> {
        let mut shifts: Vec<Shift> = Vec::new();
        let (mut hours, mut shifts_told) = (None, 0);
        let mut at = from;
        while at < until {
            let span = self.span(at, &mut hours);
            let end = span.until.min(until);
            let Span { contact_id, why, .. } = span;
            match shifts.last_mut() {
                Some(last) if last.contact_id == contact_id && last.why == why => last.until = end,
                Some(_) if shifts_told == limits::SHIFTS => break,
                _ => {
                    shifts_told += 1;
                    shifts.push(Shift { contact_id, from: at, until: end, why });
                }
            }
            at = end;
        }
        shifts
    }

    /// When somebody should be on call between two instants, and nobody is; in order, joined.
    pub fn gaps(&self, from: Instant, until: Instant) -> Vec<(Instant, Instant)> {
        let mut gaps: Vec<(Instant, Instant)> = Vec::new();
        for shift in self.shifts(from, until).into_iter().filter(Shift::is_gap) {
            match gaps.last_mut() {
                Some(last) if last.1 == shift.from => last.1 = shift.until,
                _ => gaps.push((shift.from, shift.until)),
            }
        }
        gaps
    }

    /// Everybody whom the rotation, its overrides and its holidays name, each once.
    pub fn named(&self) -> Vec<ContactId> {
        let overrides = self.overrides.iter().filter_map(|over| over.contact_id);
        let days = self.holidays.iter().filter_map(|day| day.contact_id);
        let members = self.rotation.members.iter().copied().chain(self.rotation.fallback);
        let mut named: Vec<ContactId> = members.chain(overrides).chain(days).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// Whether somebody may still be called.
    fn is_here(&self, contact: ContactId) -> bool {
        !self.absent.contains(&contact)
    }

    fn fallback(&self) -> Option<ContactId> {
        self.rotation.fallback.filter(|contact| self.is_here(*contact))
    }

    /// Which rule counts at an instant, and how far at least it does.
    fn span(&self, at: Instant, hours: &mut Option<Stretch>) -> Span {
        let mut bounds = (Instant::MIN, Instant::MAX);
        let sound = |over: &&Override| over.contact_id.is_none_or(|id| self.is_here(id));
        let overrides = || self.overrides.iter().filter(sound);
        let age = |over: &Override| (over.created_at, over.id);
        let chosen = overrides()
            .filter(|over| over.from <= at && at < over.until)
            .max_by_key(|over| age(over));
        let later = overrides().filter(|over| chosen.is_none_or(|mine| age(over) > age(mine)));
        for over in later {
            clip(&mut bounds, at, over.from, over.until);
        }
        if let Some(over) = chosen {
            clip(&mut bounds, at, over.from, over.until);
            let (contact_id, why) = (over.contact_id, Why::Override(over.reason.clone()));
            return Span { contact_id, why, from: bounds.0, until: bounds.1 };
        }
        let (contact_id, why) = self.day(at, &mut bounds, hours);
        Span { contact_id, why, from: bounds.0, until: bounds.1 }
    }

    /// The holiday of that day, or else the turn.
    fn day(
        &self,
        at: Instant,
        bounds: &mut (Instant, Instant),
        hours: &mut Option<Stretch>,
    ) -> (Option<ContactId>, Why) {
        let zone = &self.rotation.zone;
        let today = zone.date(at);
        let own = |day: &Holiday| day.contact_id.filter(|id| self.is_here(*id));
        let person = |day: &Holiday| own(day).or_else(|| self.fallback());
        let days = || self.holidays.iter().filter(|day| person(day).is_some());
        if let Some(day) = days().find(|day| day.date == today) {
            clip(bounds, at, zone.day_start(today), zone.day_end(today));
            return (person(day), Why::Holiday(day.name.clone()));
        }
        if let Some(next) = days().map(|day| day.date).filter(|date| *date > today).min() {
            bounds.1 = bounds.1.min(zone.day_start(next));
        }
        if let Some(last) = days().map(|day| day.date).filter(|date| *date < today).max() {
            bounds.0 = bounds.0.max(zone.day_end(last));
        }
        self.turn(at, bounds, hours)
    }

    /// The turn of the rotation, or else the fallback.
    fn turn(
        &self,
        at: Instant,
        bounds: &mut (Instant, Instant),
        hours: &mut Option<Stretch>,
    ) -> (Option<ContactId>, Why) {
        let Rotation { zone, hours: windows, .. } = &self.rotation;
        let nobody = |why| self.fallback().map_or((None, why), |id| (Some(id), Why::Fallback));
        let is_empty = !self.rotation.members.iter().any(|id| self.is_here(*id));
        if is_empty && self.fallback().is_some() {
            return nobody(Why::Nobody);
        }
        let stretch = match hours {
            Some(known) if known.from <= at && at < known.until => *known,
            _ => *hours.insert(windows.stretch(at, zone)),
        };
        clip(bounds, at, stretch.from, stretch.until);
        if !stretch.holds {
            return nobody(Why::OffHours);
        }
        if is_empty {
            return nobody(Why::Nobody);
        }
        let turns = self.turns();
        let number = turns.number(at);
        if number < 0 {
            bounds.1 = bounds.1.min(turns.begin(0));
            return nobody(Why::Nobody);
        }
        let member = self.member(number);
        let length = i64::try_from(self.rotation.members.len()).unwrap_or(1);
        let changed = |number: &i64| self.member(*number) != member;
        let until = (number + 1..=number + length).find(changed);
        let since = (number - length..number).rev().take_while(|it| *it >= 0).find(changed);
        bounds.0 = bounds.0.max(turns.begin(since.map_or(0, |other| other + 1)));
        if let Some(next) = until {
            bounds.1 = bounds.1.min(turns.begin(next));
        }
        (member, Why::Rotation)
    }

    fn turns(&self) -> Turns<'_> {
        let Rotation { turn, zone, starts_on, hand_off_minute, .. } = &self.rotation;
        Turns { turn: *turn, zone, starts_on: *starts_on, minute: *hand_off_minute }
    }

    /// Whose turn it is: the member's, or the next one's who is still there.
    fn member(&self, number: i64) -> Option<ContactId> {
        let members = &self.rotation.members;
        let length = i64::try_from(members.len()).ok().filter(|length| *length > 0)?;
        let first = usize::try_from(number.rem_euclid(length)).ok()?;
        members.iter().cycle().skip(first).take(members.len()).copied().find(|id| self.is_here(*id))
    }
}

impl Span {
    fn is_like(&self, other: &Self) -> bool {
        self.contact_id == other.contact_id && self.why == other.why
    }
}

/// Narrows bounds around an instant by a stretch that holds it, or lies before or after it.
fn clip(bounds: &mut (Instant, Instant), at: Instant, from: Instant, until: Instant) {
    for edge in [from, until] {
        if edge <= at {
            bounds.0 = bounds.0.max(edge);
        } else {
            bounds.1 = bounds.1.min(edge);
        }
    }
}
