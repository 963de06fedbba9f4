//! The English that sentences about rules are made of.

use std::fmt::Display;

const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The name of a day of the week, 0 Sunday to 6 Saturday.
pub(crate) fn weekday_name(weekday: i64) -> &'static str {
    WEEKDAYS[weekday.rem_euclid(7) as usize]
}

/// `2nd`, `last`, `3rd to last`.
pub(crate) fn ordinal(number: i64) -> String {
    match number {
        -1 => "last".to_owned(),
        ..-1 => format!("{} to last", ordinal(-number)),
        _ => {
            let suffix = match (number % 10, number % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{number}{suffix}")
        }
    }
}

/// `a`, `a and b`, `a, b, and c`.
pub(crate) fn listed<T: Display>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.to_string(),
        [one, two] => format!("{one} and {two}"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(T::to_string).collect();
            format!("{}, and {last}", most.join(", "))
        }
    }
}
