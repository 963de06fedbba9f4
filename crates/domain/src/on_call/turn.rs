//! How long a turn is, and which turn an instant falls into, without counting through the years.

use std::fmt;

use crate::{Date, Instant, Zone, limits};

/// How long each member of a rotation is on call.
///
/// `Daily`, `Weekly` and `Days` hand over by the clock on the wall: the time of day is the same in
/// winter and in summer, and a night in which clocks change makes that turn an hour shorter or
/// longer. A hand-off time that clocks skip comes as much later as they skip; one that they show
/// twice comes the first time (RFC 5545, 3.3.5). `Hours` counts hours that pass, from the first
/// hand-off on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A day.
    Daily,
    /// A week, from the weekday of the first hand-off.
    Weekly,
    /// That many days.
    Days(u16),
    /// That many hours.
    Hours(u16),
}

/// What the turns of a rotation are counted from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turns<'a> {
    pub(super) turn: Turn,
    pub(super) zone: &'a Zone,
    pub(super) starts_on: Date,
    pub(super) minute: u16,
}

impl Turn {
    /// Its word in the API and the database: `daily`, `weekly`, `3 days`, `12 hours`.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "daily" => return Some(Turn::Daily),
            "weekly" => return Some(Turn::Weekly),
            _ => {}
        }
        let (count, unit) = word.split_once(' ')?;
        let count: u16 = count.parse().ok().filter(|count| *count > 0)?;
        match unit {
            "days" if count <= limits::TURN_DAYS => Some(Turn::Days(count)),
            "hours" if count <= limits::TURN_HOURS => Some(Turn::Hours(count)),
            _ => None,
        }
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Turn::Daily => f.write_str("daily"),
            Turn::Weekly => f.write_str("weekly"),
            Turn::Days(count) => write!(f, "{count} days"),
            Turn::Hours(count) => write!(f, "{count} hours"),
        }
    }
}

impl Turns<'_> {
    /// The first instant of a turn, counted from 0; past the end of the calendar, the end of time.
    pub(super) fn begin(&self, number: i64) -> Instant {
        let first = || self.zone.at_minute(self.starts_on, self.minute);
        match self.turn {
            Turn::Hours(count) => {
                first().plus_ms(number.saturating_mul(i64::from(count.max(1)) * limits::HOUR_MS))
            }
            Turn::Daily | Turn::Weekly | Turn::Days(_) => {
                let date = self.starts_on.plus_days(number.saturating_mul(self.days()));
                date.map_or(Instant::MAX, |date| self.zone.at_minute(date, self.minute))
            }
        }
    }

    /// The number of the turn that an instant falls into; negative before the first hand-off.
    pub(super) fn number(&self, at: Instant) -> i64 {
        if let Turn::Hours(count) = self.turn {
            let length = i64::from(count.max(1)) * limits::HOUR_MS;
            return at.ms_since(self.begin(0)).div_euclid(length);
        }
        let days = self.zone.date(at).days_since_1970() - self.starts_on.days_since_1970();
        let mut number = days.div_euclid(self.days());
        // The clock shows that date before and after its hand-off; a zone that left out a day may
        // have handed over twice at once.
        while number >= 0 && self.begin(number) > at {
            number -= 1;
        }
        while number >= 0 && self.begin(number + 1) <= at && self.begin(number + 1) < Instant::MAX {
            number += 1;
        }
        number
    }

    fn days(&self) -> i64 {
        match self.turn {
            Turn::Daily | Turn::Hours(_) => 1,
            Turn::Weekly => 7,
            Turn::Days(count) => i64::from(count.max(1)),
        }
    }
}
