//! When something happens again: a rule with times of day, in a zone, from a start on.

mod calendar;
mod clock;
mod count;
mod dates;
mod elapsed;
mod sentence;

use crate::instant::Instant;
use crate::rule::{Rule, Until};
use crate::time::Time;
use crate::zone::{SECONDS_PER_DAY, Zone};

use calendar::Calendar;
use dates::Dates;
use elapsed::Elapsed;

/// A rule that is ready to be asked, in the semantics of Ruby's ice_cube (`docs/recurrence.md`).
///
/// Making one costs a few microseconds, except with a count, which costs up to a millisecond.
#[derive(Clone, Debug)]
pub struct Recurrence {
    rule: Rule,
    times: Vec<Time>,
    zone: Zone,
    /// Seconds since 1970: the start, cut to the whole second.
    start: i64,
    /// Nothing happens after this second, by `until` or by `count`.
    last: Option<i64>,
    way: IntervalKind,
}

/// The two ways to count an interval.
#[derive(Clone, Debug)]
enum IntervalKind {
    Calendar(Calendar),
    Elapsed(Elapsed),
}

/// How much work a search was, in months and moments looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Effort {
    steps: u64,
}

impl Effort {
    /// Where a count that is not reached gives up.
    const COUNT_MAX: u64 = 100_000;
}

/// Moments of a date on which the clocks are not changed, and the second of its midnight.
struct Quiet<'a> {
    midnight: i64,
    moments: &'a [u32],
}

impl Recurrence {
    /// The rule at these times of day in that zone, from `start` on.
    ///
    /// `start`, cut to the whole second, is where intervals and the count begin, and gives what
    /// neither rule nor times say. Times may come in any order; without any, the rule's own hours,
    /// minutes and seconds or else those of the start are used.
    pub fn new(rule: Rule, mut times: Vec<Time>, zone: Zone, start: Instant) -> Self {
        times.sort_unstable();
        times.dedup();
        let start = start.as_ms().div_euclid(1_000);
        let parts = rule.parts();
        let wall = start + zone.offset_s(start);
        let first_date = crate::Date::nearest(wall.div_euclid(SECONDS_PER_DAY));
        let dates = Dates::new(parts, first_date);
        let moments = clock::moments(parts, &times, wall.rem_euclid(SECONDS_PER_DAY));
        let way = if parts.frequency.is_elapsed() {
            let from = (&zone, start);
            IntervalKind::Elapsed(Elapsed::new(
                parts.frequency,
                parts.interval,
                from,
                dates,
                &moments,
            ))
        } else {
            IntervalKind::Calendar(Calendar { dates, moments })
        };
        let until = parts.until.map(|until| match until {
            Until::At(at) => at.as_ms().div_euclid(1_000),
            Until::Day(date) => zone.day_end(date).as_ms().div_euclid(1_000) - 1,
        });
        let count = parts.count;
        let mut made = Self { rule, times, zone, start, last: until, way };
        if let Some(last) = count.and_then(|count| made.last_of(count, &mut Effort::default())) {
            made.last = Some(made.last.map_or(last, |until| until.min(last)));
        }
        made
    }

    /// The rule.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The times of day beside the rule, ascending, each once.
    pub fn times(&self) -> &[Time] {
        &self.times
    }

    /// The first occurrence strictly later than `after`; `None` after the end, and where the next
    /// hundred years have none.
    pub fn next(&self, after: Instant) -> Option<Instant> {
        self.next_and_effort(after).0
    }

    /// As [`Recurrence::next`], with the number of months and moments that were looked at: a measure
    /// of its work that no clock and no neighbour disturbs.
    pub fn next_and_effort(&self, after: Instant) -> (Option<Instant>, u64) {
        let mut effort = Effort::default();
        let earliest = self.start.max(after.as_ms().div_euclid(1_000) + 1);
        let found = match self.last {
            Some(last) if last < earliest => None,
            _ => self.from(earliest, &mut effort),
        };
        let found = found.filter(|&at| self.last.is_none_or(|last| at <= last));
        (found.and_then(|at| Instant::try_from_ms(at * 1_000).ok()), effort.steps)
    }

    /// The occurrences strictly later than `after`, ascending.
    pub fn occurrences(&self, after: Instant) -> impl Iterator<Item = Instant> + '_ {
        std::iter::successors(self.next(after), |&at| self.next(at))
    }

    /// Whether there is no occurrence at all: no date ever matches, or the end comes before the first.
    pub fn never_matches(&self) -> bool {
        self.next(Instant::MIN).is_none()
    }

    /// `Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM`; count and end follow.
    pub fn sentence(&self) -> String {
        sentence::sentence(self.rule.parts(), &self.times, &self.zone)
    }

    /// The first occurrence at that second or later, whatever the end is.
    fn from(&self, earliest: i64, effort: &mut Effort) -> Option<i64> {
        match &self.way {
            IntervalKind::Calendar(calendar) => calendar.from(&self.zone, earliest, effort),
            IntervalKind::Elapsed(elapsed) => elapsed.from(&self.zone, earliest, effort),
        }
    }

    fn dates(&self) -> &Dates {
        match &self.way {
            IntervalKind::Calendar(calendar) => &calendar.dates,
            IntervalKind::Elapsed(elapsed) => &elapsed.dates,
        }
    }

    fn quiet(&self, day: i64, second: i64, offset: i64) -> Quiet<'_> {
        match &self.way {
            IntervalKind::Calendar(calendar) => calendar.quiet(day, second, offset),
            IntervalKind::Elapsed(elapsed) => elapsed.quiet(day, second, offset),
        }
    }
}
