//! The times of day of a rule: those beside it, those it names, and what it takes from its start.

use crate::rule::{Frequency, RuleParts};
use crate::time::Time;

/// Seconds after midnight on the wall clock, ascending, each once.
pub(super) fn moments(parts: &RuleParts, times: &[Time], start_second: i64) -> Vec<u32> {
    let mut moments =
        if times.is_empty() { of_parts(parts, start_second) } else { of_times(parts, times) };
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// The times beside the rule, each on the full minute unless the rule names seconds. Hours and
/// minutes that the rule names must hold as well.
fn of_times(parts: &RuleParts, times: &[Time]) -> Vec<u32> {
    let is_named =
        |numbers: &[i64], number: u8| numbers.is_empty() || numbers.contains(&i64::from(number));
    let seconds = or(&parts.second_of_minute, 0..1);
    let times = times.iter().filter(|time| {
        is_named(&parts.hour_of_day, time.hour()) && is_named(&parts.minute_of_hour, time.minute())
    });
    times
        .flat_map(|time| {
            let minute = u32::from(time.minute_of_day());
            seconds.iter().map(move |second| minute * 60 + second)
        })
        .collect()
}

/// Every hour, minute and second that the rule names; what it does not name is the start's own,
/// but an hourly rule has any hour and a minutely rule any hour and minute.
fn of_parts(parts: &RuleParts, start_second: i64) -> Vec<u32> {
    let start = start_second as u32;
    let (hour, minute, second) = (start / 3_600, start / 60 % 60, start % 60);
    let any_hour = parts.frequency.is_elapsed();
    let any_minute = parts.frequency == Frequency::Minutely;
    let hours = or(&parts.hour_of_day, if any_hour { 0..24 } else { hour..hour + 1 });
    let minutes = or(&parts.minute_of_hour, if any_minute { 0..60 } else { minute..minute + 1 });
    let seconds = or(&parts.second_of_minute, second..second + 1);
    let mut moments = Vec::with_capacity(hours.len() * minutes.len() * seconds.len());
    for hour in &hours {
        for minute in &minutes {
            moments.extend(seconds.iter().map(|second| hour * 3_600 + minute * 60 + second));
        }
    }
    moments
}

fn or(named: &[i64], unnamed: std::ops::Range<u32>) -> Vec<u32> {
    if named.is_empty() {
        return unnamed.collect();
    }
    // A checked rule names nothing negative here.
    named.iter().map(|&number| number as u32).collect()
}
