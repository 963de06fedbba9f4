//! The last of so many occurrences, found by counting whole days where the clocks are not changed.

use super::{Effort, Quiet, Recurrence};
use crate::zone::SECONDS_PER_DAY;

impl Recurrence {
    /// The second of the `count`-th occurrence, or `None` where that takes too far a search,
    /// which is a hundred years and more.
    pub(super) fn last_of(&self, count: i64, effort: &mut Effort) -> Option<i64> {
        let mut left = count;
        let mut earliest = self.start;
        while left > 0 && effort.steps < Effort::COUNT_MAX {
            match self.count_quiet(earliest, left, effort) {
                Counted::All(at) => return Some(at),
                Counted::Some { left: rest, resume } if resume > earliest => {
                    (left, earliest) = (rest, resume);
                }
                Counted::Some { .. } => {
                    let at = self.from(earliest, effort)?;
                    (left, earliest) = (left - 1, at + 1);
                }
            }
        }
        (left == 0).then_some(earliest - 1)
    }

    /// Counts date by date up to a day before the clocks are next changed.
    fn count_quiet(&self, earliest: i64, mut left: i64, effort: &mut Effort) -> Counted {
        let zone = &self.zone;
        let offset = zone.offset_s(earliest);
        let mut resume = earliest;
        if zone.offset_s(earliest - SECONDS_PER_DAY) != offset {
            return Counted::Some { left, resume };
        }
        let change = zone.change_after(earliest).unwrap_or(i64::MAX / 2);
        let mut dates = self.dates().walk((earliest + offset).div_euclid(SECONDS_PER_DAY));
        while let Some(day) = dates.next(effort) {
            effort.steps += 1;
            let end = (day + 1) * SECONDS_PER_DAY - offset;
            if end + SECONDS_PER_DAY > change {
                break;
            }
            let Quiet { midnight, moments } =
                self.quiet(day, resume + offset - day * SECONDS_PER_DAY, offset);
            if let Some(&moment) = usize::try_from(left - 1).ok().and_then(|at| moments.get(at)) {
                return Counted::All(midnight + i64::from(moment));
            }
            left -= moments.len() as i64;
            resume = end;
            if effort.steps >= Effort::COUNT_MAX {
                break;
            }
        }
        Counted::Some { left, resume }
    }
}

enum Counted {
    /// This one is the last.
    All(i64),
    /// So many are left from there on.
    Some { left: i64, resume: i64 },
}
