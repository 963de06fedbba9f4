//! What is wrong with the parts of a rule, all of it at once, in words for people.

use std::ops::RangeInclusive;

use super::parts::{Frequency, RuleParts};

/// The largest interval of minutes, hours, days, weeks and months.
pub const INTERVAL_MAX: i64 = 1_000;
/// The largest interval of years.
pub const INTERVAL_MAX_YEARS: i64 = 100;
/// The most occurrences that a rule may count.
pub const COUNT_MAX: i64 = 10_000;
/// The most times of day that a rule may name by hours, minutes and seconds.
pub const MOMENTS_PER_DAY_MAX: usize = 8_640;
/// The longest list that is looked at.
const LIST_MAX: usize = 1_000;

/// One thing that is wrong with a rule. Both fields may be shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFault {
    /// The part that is wrong: `interval`, `day_of_month`, `until`.
    pub part: &'static str,
    /// What the part must be: `must be 1 to 1000`.
    pub rule: String,
}

impl RuleFault {
    /// The fault of that part.
    pub(crate) fn new(part: &'static str, rule: impl Into<String>) -> Self {
        Self { part, rule: rule.into() }
    }
}

/// Everything that is wrong; nothing when the parts make a rule.
pub(super) fn faults(parts: &RuleParts) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    let mut refuse = |part, rule: String| faults.push(RuleFault::new(part, rule));
    let longest = interval_max(parts.frequency);
    if !(1..=longest).contains(&parts.interval) {
        refuse("interval", format!("must be 1 to {longest}"));
    }
    if !(0..=6).contains(&parts.week_start) {
        refuse("week_start", "must be 0 (Sunday) to 6 (Saturday)".to_owned());
    }
    for (part, numbers, is_signed, range) in lists(parts) {
        if let Some(rule) = list_rule(numbers, is_signed, range) {
            refuse(part, rule);
        }
    }
    if parts.day_of_week.len() > LIST_MAX {
        refuse("day_of_week", format!("must have at most {LIST_MAX} entries"));
    } else if !parts.day_of_week.iter().all(|&(weekday, nth)| {
        (0..=6).contains(&weekday) && (1..=5).contains(&nth.saturating_abs())
    }) {
        let rule = "must be days 0 (Sunday) to 6 (Saturday), each the 1st to 5th or -1st to -5th";
        refuse("day_of_week", rule.to_owned());
    }
    if moments_per_day(parts) > MOMENTS_PER_DAY_MAX {
        let rule = "must, with hour_of_day and minute_of_hour, name at most";
        refuse("second_of_minute", format!("{rule} {MOMENTS_PER_DAY_MAX} times of day"));
    }
    if parts.count.is_some_and(|count| !(1..=COUNT_MAX).contains(&count)) {
        refuse("count", format!("must be 1 to {COUNT_MAX}"));
    }
    faults
}

fn interval_max(frequency: Frequency) -> i64 {
    if frequency == Frequency::Yearly { INTERVAL_MAX_YEARS } else { INTERVAL_MAX }
}

type List<'a> = (&'static str, &'a [i64], bool, RangeInclusive<i64>);

/// The lists of plain numbers: name, numbers, whether they may count from the end, and the range.
fn lists(parts: &RuleParts) -> [List<'_>; 7] {
    [
        ("day", &parts.day, false, 0..=6),
        ("day_of_month", &parts.day_of_month, true, 1..=31),
        ("day_of_year", &parts.day_of_year, true, 1..=366),
        ("month_of_year", &parts.month_of_year, false, 1..=12),
        ("hour_of_day", &parts.hour_of_day, false, 0..=23),
        ("minute_of_hour", &parts.minute_of_hour, false, 0..=59),
        ("second_of_minute", &parts.second_of_minute, false, 0..=59),
    ]
}

fn list_rule(numbers: &[i64], is_signed: bool, range: RangeInclusive<i64>) -> Option<String> {
    if numbers.len() > LIST_MAX {
        return Some(format!("must have at most {LIST_MAX} entries"));
    }
    let fits = |&number: &i64| {
        range.contains(&number) || is_signed && range.contains(&number.saturating_neg())
    };
    if numbers.iter().all(fits) {
        return None;
    }
    let (first, last) = range.into_inner();
    Some(match (is_signed, last) {
        (true, _) => format!("must be numbers from {first} to {last}, or -{first} to -{last}"),
        (false, 6) => "must be days from 0 (Sunday) to 6 (Saturday)".to_owned(),
        (false, _) => format!("must be numbers from {first} to {last}"),
    })
}

/// How many times of day hours, minutes and seconds name together, before repeats are dropped.
fn moments_per_day(parts: &RuleParts) -> usize {
    let said = |numbers: &[i64], unsaid: usize| {
        let mut numbers = numbers.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.is_empty() { unsaid } else { numbers.len() }
    };
    let (hours, minutes) = match parts.frequency {
        Frequency::Minutely => (24, 60),
        Frequency::Hourly => (24, 1),
        _ => (1, 1),
    };
    let hours = said(&parts.hour_of_day, hours);
    let minutes = said(&parts.minute_of_hour, minutes);
    hours.saturating_mul(minutes).saturating_mul(said(&parts.second_of_minute, 1))
}
