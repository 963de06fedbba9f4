//! A recurrence in words: ice_cube's own, with the times of day that stand beside the rule.

use crate::date::{Date, MONTHS};
use crate::rule::{Frequency, RuleParts, Until, listed, ordinal, weekday_name};
use crate::time::Time;
use crate::zone::Zone;

/// `Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM until March 1, 2025`.
pub(super) fn sentence(parts: &RuleParts, times: &[Time], zone: &Zone) -> String {
    let mut words = vec![pace(parts.frequency, parts.interval)];
    if !parts.month_of_year.is_empty() {
        words.push(format!("in {}", listed(&named(&parts.month_of_year, month_name))));
    }
    let days_of = |numbers: &[i64], unit| of_unit(numbers, "day", unit);
    words.extend(days_of(&parts.day_of_year, "year"));
    words.extend(days_of(&parts.day_of_month, "month"));
    if !parts.day_of_week.is_empty() {
        let nth =
            |&(weekday, nth): &(i64, i64)| format!("{} {}", ordinal(nth), weekday_name(weekday));
        let days: Vec<String> = parts.day_of_week.iter().map(nth).collect();
        words.push(format!("on the {}", days.join(" and ")));
    }
    words.extend(weekdays(&parts.day));
    words.extend(of_unit(&parts.hour_of_day, "hour", "day"));
    words.extend(of_unit(&parts.minute_of_hour, "minute", "hour"));
    words.extend(of_unit(&parts.second_of_minute, "second", "minute"));
    if !times.is_empty() {
        words.push(format!("at {}", listed(times)));
    }
    if let Some(count) = parts.count {
        words.push(format!("{count} {}", if count == 1 { "time" } else { "times" }));
    }
    if let Some(until) = parts.until {
        let date = match until {
            Until::At(at) => zone.date(at),
            Until::Day(date) => date,
        };
        words.push(format!("until {}", long(date)));
    }
    words.join(" ")
}

fn pace(frequency: Frequency, interval: i64) -> String {
    let (alone, units) = match frequency {
        Frequency::Minutely => ("Minutely", "minutes"),
        Frequency::Hourly => ("Hourly", "hours"),
        Frequency::Daily => ("Daily", "days"),
        Frequency::Weekly => ("Weekly", "weeks"),
        Frequency::Monthly => ("Monthly", "months"),
        Frequency::Yearly => ("Yearly", "years"),
    };
    if interval == 1 { alone.to_owned() } else { format!("Every {interval} {units}") }
}

/// `on the 1st and last days of the month`, or nothing.
fn of_unit(numbers: &[i64], part: &str, unit: &str) -> Option<String> {
    let plural = if numbers.len() == 1 { "" } else { "s" };
    let numbers = listed(&named(numbers, ordinal));
    (!numbers.is_empty()).then(|| format!("on the {numbers} {part}{plural} of the {unit}"))
}

fn weekdays(days: &[i64]) -> Option<String> {
    let mut sorted = days.to_vec();
    sorted.sort_unstable();
    match sorted[..] {
        [] => None,
        [0, 6] => Some("on Weekends".to_owned()),
        [1, 2, 3, 4, 5] => Some("on Weekdays".to_owned()),
        _ => {
            let names = named(&sorted, |day| format!("{}s", weekday_name(day)));
            Some(format!("on {}", listed(&names)))
        }
    }
}

fn named<T>(numbers: &[i64], name: impl Fn(i64) -> T) -> Vec<T> {
    numbers.iter().map(|&number| name(number)).collect()
}

fn month_name(month: i64) -> &'static str {
    // A checked rule names months 1 to 12.
    MONTHS[(month - 1).rem_euclid(12) as usize]
}

/// `January 24, 2024`.
fn long(date: Date) -> String {
    format!("{} {}, {}", month_name(i64::from(date.month())), date.day(), date.year())
}
