//! Hourly and minutely rules: elapsed units from the start's on, filtered by the wall clock.

use super::dates::Dates;
use super::{Effort, Quiet};
use crate::rule::Frequency;
use crate::zone::{Joined, SECONDS_PER_DAY, Zone};

/// How far a search looks: a hundred years.
const DAYS_AHEAD: i64 = 36_525;

/// A clock change does not stretch an interval: units are numbered through.
#[derive(Clone, Debug)]
pub(super) struct Elapsed {
    pub(super) dates: Dates,
    /// Seconds of an hour or of a minute.
    unit: i64,
    interval: i64,
    /// The number of the unit in which the start lies, as [`shift`] numbers them.
    anchor: i64,
    /// Seconds after midnight, by the number of their unit modulo `interval`, each list ascending.
    moments: Vec<u32>,
    /// Where in `moments` the list of each remainder begins; one more for the end.
    begins: Vec<u32>,
    /// Which remainders of `interval` and the units of a day, in common, have a moment at all.
    alive: Vec<bool>,
}

impl Elapsed {
    pub(super) fn new(
        frequency: Frequency,
        interval: i64,
        (zone, start): (&Zone, i64),
        dates: Dates,
        moments: &[u32],
    ) -> Self {
        let unit = if frequency == Frequency::Hourly { 3_600 } else { 60 };
        let anchor =
            (start + zone.offset_s(start)).div_euclid(unit) - shift(zone.offset_s(start), unit);
        let remainder = |moment: u32| (i64::from(moment) / unit % interval) as usize;
        let common = gcd(interval, SECONDS_PER_DAY / unit);
        let mut alive = vec![false; common as usize];
        let mut begins = vec![0_u32; interval as usize + 1];
        for &moment in moments {
            begins[remainder(moment) + 1] += 1;
            alive[remainder(moment) % common as usize] = true;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut ends = begins.clone();
        let mut sorted = vec![0; moments.len()];
        for &moment in moments {
            let end = &mut ends[remainder(moment)];
            sorted[*end as usize] = moment;
            *end += 1;
        }
        Self { dates, unit, interval, anchor, moments: sorted, begins, alive }
    }

    /// The first occurrence at that second since 1970 or later.
    pub(super) fn from(&self, zone: &Zone, mut earliest: i64, effort: &mut Effort) -> Option<i64> {
        let last_day = earliest.div_euclid(SECONDS_PER_DAY) + DAYS_AHEAD;
        // One round for each stretch of time in which the clocks are not changed.
        loop {
            effort.steps += 1;
            let offset = zone.offset_s(earliest);
            let change = zone.change_after(earliest).unwrap_or(i64::MAX / 2);
            earliest = if self.alive[self.remainder(0, offset) % self.alive.len()] {
                match self.within(zone, offset, earliest..change, effort)? {
                    Within::At(at) => return Some(at),
                    // A day is no earlier than two days before its midnight in UTC.
                    Within::NotBefore(day) => change.max((day - 2) * SECONDS_PER_DAY),
                }
            } else {
                change
            };
            if earliest.div_euclid(SECONDS_PER_DAY) > last_day {
                return None;
            }
        }
    }

    /// Searches a stretch of time; `None` when no later date matches either.
    fn within(
        &self,
        zone: &Zone,
        offset: i64,
        stretch: std::ops::Range<i64>,
        effort: &mut Effort,
    ) -> Option<Within> {
        let mut earliest = stretch.start;
        let first_day = (earliest + offset).div_euclid(SECONDS_PER_DAY);
        let mut dates = self.dates.walk(first_day);
        loop {
            let day = dates.next(effort).filter(|&day| day <= first_day + DAYS_AHEAD)?;
            effort.steps += 1;
            let midnight = day * SECONDS_PER_DAY - offset;
            if midnight >= stretch.end {
                return Some(Within::NotBefore(day));
            }
            earliest = earliest.max(midnight);
            for &moment in self.quiet(day, earliest - midnight, offset).moments {
                let at = midnight + i64::from(moment);
                if at >= stretch.end {
                    return Some(Within::NotBefore(day));
                }
                effort.steps += 1;
                if !self.is_repeat(zone, at, offset) {
                    return Some(Within::At(at));
                }
            }
            // The rest of a day on which the clocks are changed belongs to the next stretch.
            if midnight + SECONDS_PER_DAY >= stretch.end {
                return Some(Within::NotBefore(day));
            }
        }
    }

    /// Whether the clocks were set back by less than a unit, and showed this within the same unit.
    fn is_repeat(&self, zone: &Zone, at: i64, offset: i64) -> bool {
        match zone.join(at + offset) {
            Joined::There(first) => (1..self.unit).contains(&(at - first)),
            Joined::Moved(_) | Joined::NoSuchDay => false,
        }
    }

    /// The occurrences of a date without changes of the clock, from a second of the day on.
    pub(super) fn quiet(&self, day: i64, second: i64, offset: i64) -> Quiet<'_> {
        let remainder = self.remainder(day, offset);
        let moments =
            &self.moments[self.begins[remainder] as usize..self.begins[remainder + 1] as usize];
        let first = moments.partition_point(|&moment| i64::from(moment) < second);
        Quiet { midnight: day * SECONDS_PER_DAY - offset, moments: &moments[first..] }
    }

    /// The remainder of those units of a date that the interval lands on.
    fn remainder(&self, day: i64, offset: i64) -> usize {
        let midnight = day * (SECONDS_PER_DAY / self.unit) - shift(offset, self.unit);
        (self.anchor - midnight).rem_euclid(self.interval) as usize
    }
}

/// What a search between two changes of the clocks found.
enum Within {
    At(i64),
    /// Nothing, and nothing later before this day.
    NotBefore(i64),
}

/// By how many whole units a zone's clocks are ahead of UTC, so that units of the wall clock can be
/// numbered through. What is left, such as the half hour of India, moves the units, not their count.
fn shift(offset: i64, unit: i64) -> i64 {
    (offset + unit / 2).div_euclid(unit)
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
