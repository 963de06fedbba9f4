//! Daily to yearly rules: dates of the calendar, each with the same times on the wall clock.

use super::dates::Dates;
use super::{Effort, Quiet};
use crate::zone::{Joined, SECONDS_PER_DAY, Zone};

/// A date's times keep their place on the wall clock, whatever the zone does to its clocks.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    pub(super) dates: Dates,
    /// Seconds after midnight, ascending.
    pub(super) moments: Vec<u32>,
}

impl Calendar {
    /// The first occurrence at that second since 1970 or later.
    pub(super) fn from(&self, zone: &Zone, earliest: i64, effort: &mut Effort) -> Option<i64> {
        if self.moments.is_empty() {
            return None;
        }
        let offset = zone.offset_s(earliest);
        // Times that a gap has just moved stand before `earliest` on the unmoved clock.
        let gap = (offset - zone.offset_s(earliest - SECONDS_PER_DAY)).max(0);
        let wall = earliest + offset - gap;
        let mut dates = self.dates.walk(wall.div_euclid(SECONDS_PER_DAY));
        let mut day = dates.next(effort)?;
        let mut moved: Option<i64> = None;
        loop {
            let midnight = day * SECONDS_PER_DAY;
            let passed =
                self.moments.partition_point(|&moment| midnight + i64::from(moment) < wall);
            for &moment in &self.moments[passed..] {
                effort.steps += 1;
                match zone.join(midnight + i64::from(moment)) {
                    Joined::There(at) if at >= earliest => {
                        return Some(moved.map_or(at, |moved| moved.min(at)));
                    }
                    // A later time that stands may still come before this one.
                    Joined::Moved(at) if at >= earliest => {
                        moved = Some(moved.map_or(at, |moved| moved.min(at)));
                    }
                    Joined::There(_) | Joined::Moved(_) => {}
                    Joined::NoSuchDay => break,
                }
            }
            match dates.next(effort) {
                Some(next) if moved.is_none() || next <= day + 2 => day = next,
                _ => return moved,
            }
        }
    }

    /// The occurrences of a date without changes of the clock, from a second of the day on.
    pub(super) fn quiet(&self, day: i64, second: i64, offset: i64) -> Quiet<'_> {
        let first = self.moments.partition_point(|&moment| i64::from(moment) < second);
        Quiet { midnight: day * SECONDS_PER_DAY - offset, moments: &self.moments[first..] }
    }
}
