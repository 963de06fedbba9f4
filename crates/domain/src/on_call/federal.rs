//! The federal holidays of the United States, as its law counts them (5 U.S.C. 6103).

use crate::Date;

/// How the law says which day it is.
#[derive(Clone, Copy)]
enum On {
    /// A day of a month.
    Day(i64, i64),
    /// The nth weekday of a month; 0 is Sunday.
    Nth(i64, i64, i64),
    /// The last weekday of a month.
    Last(i64, i64),
}

const HOLIDAYS: [(&str, On); 11] = [
    ("New Year's Day", On::Day(1, 1)),
    ("Martin Luther King Jr. Day", On::Nth(1, 1, 3)),
    ("Washington's Birthday", On::Nth(2, 1, 3)),
    ("Memorial Day", On::Last(5, 1)),
    ("Juneteenth", On::Day(6, 19)),
    ("Independence Day", On::Day(7, 4)),
    ("Labor Day", On::Nth(9, 1, 1)),
    ("Columbus Day", On::Nth(10, 1, 2)),
    ("Veterans Day", On::Day(11, 11)),
    ("Thanksgiving Day", On::Nth(11, 4, 4)),
    ("Christmas Day", On::Day(12, 25)),
];

/// The holidays whose days lie in a year, in order. One that falls on a Saturday is observed on
/// the Friday before, on a Sunday on the Monday after: then both days are given, the second as
/// "(observed)". New Year's Day of the year after may be observed on 31 December.
pub fn federal_holidays(year: i16) -> Vec<(Date, String)> {
    let mut days = Vec::new();
    for year in [i64::from(year), i64::from(year) + 1] {
        for (name, on) in HOLIDAYS {
            let Some(date) = day(year, on) else { continue };
            days.push((date, name.to_owned()));
            let observed = match weekday(date) {
                6 => date.previous(),
                0 => date.next(),
                _ => None,
            };
            days.extend(observed.map(|date| (date, format!("{name} (observed)"))));
        }
    }
    days.retain(|(date, _)| date.year() == year);
    days.sort();
    days
}

fn day(year: i64, on: On) -> Option<Date> {
    match on {
        On::Day(month, day) => Date::new(year, month, day).ok(),
        On::Nth(month, day, nth) => {
            let first = Date::new(year, month, 1).ok()?;
            first.plus_days((day - weekday(first)).rem_euclid(7) + 7 * (nth - 1))
        }
        On::Last(month, day) => {
            let last = Date::new(year, month + 1, 1).ok()?.previous()?;
            last.plus_days(-(weekday(last) - day).rem_euclid(7))
        }
    }
}

/// The day of the week; 0 is Sunday.
fn weekday(date: Date) -> i64 {
    // 1970-01-01 was a Thursday.
    (date.days_since_1970() + 4).rem_euclid(7)
}
