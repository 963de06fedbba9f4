//! Lengths of time as people type and read them: `5 min`, `1 h 30 min`, "5 minutes".

use domain::limits::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

/// Units from long to short: in milliseconds, as typed, as read.
const UNITS: [(i64, &str, &str); 4] = [
    (DAY_MS, "d", "day"),
    (HOUR_MS, "h", "hour"),
    (MINUTE_MS, "min", "minute"),
    (SECOND_MS, "s", "second"),
];

/// Reads `5 min`, `90 s`, `1 h 30 min`, `2 days`; a bare number is minutes. `None` for all else.
pub(crate) fn read_span(text: &str) -> Option<i64> {
    let mut rest = text.trim().to_ascii_lowercase();
    if rest.is_empty() {
        return None;
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        let after = rest[digits..].trim_start();
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit_ms = match &after[..letters] {
            "s" | "sec" | "secs" | "second" | "seconds" => SECOND_MS,
            "" | "m" | "min" | "mins" | "minute" | "minutes" => MINUTE_MS,
            "h" | "hr" | "hrs" | "hour" | "hours" => HOUR_MS,
            "d" | "day" | "days" => DAY_MS,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit_ms)?)?;
        rest = after[letters..].trim_start_matches([',', ' ']).to_owned();
        if letters == 0 && !rest.is_empty() {
            return None;
        }
    }
    Some(total)
}

/// A length as it stands in a field: `1 h 30 min`; what [`read_span`] reads back.
pub(crate) fn typed_span(ms: i64) -> String {
    parts(ms).map(|(count, typed, _)| format!("{count} {typed}")).collect::<Vec<_>>().join(" ")
}

/// A length in a sentence: `1 hour 30 minutes`.
pub(crate) fn spoken_span(ms: i64) -> String {
    let spoken = parts(ms)
        .map(|(count, _, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }));
    spoken.collect::<Vec<_>>().join(" ")
}

/// How many of each unit; at least some seconds.
fn parts(ms: i64) -> impl Iterator<Item = (i64, &'static str, &'static str)> {
    let ms = ms.max(0);
    UNITS.iter().enumerate().filter_map(move |(i, (unit_ms, typed, word))| {
        let above = if i == 0 { i64::MAX } else { UNITS[i - 1].0 };
        let count = ms % above / unit_ms;
        let is_none = ms < SECOND_MS && *unit_ms == SECOND_MS;
        (count > 0 || is_none).then_some((count, *typed, *word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let check = |text: &str, ms: Option<i64>| assert_eq!(read_span(text), ms, "{text}");
        check("5 min", Some(5 * MINUTE_MS));
        check("90 s", Some(90 * SECOND_MS));
        check("1h", Some(HOUR_MS));
        check("1 h 30 min", Some(90 * MINUTE_MS));
        check("2 Days", Some(2 * DAY_MS));
        check("10", Some(10 * MINUTE_MS));
        check("1 hour, 5 minutes", Some(65 * MINUTE_MS));
        for bad in ["", "soon", "5 parsecs", "-5 min", "1.5 h", "99999999999999999999 d", "ü"] {
            check(bad, None);
        }
        check("9223372036854775807 d", None);
    }

    #[test]
    fn lengths_read_back() {
        let check = |ms: i64, typed: &str, spoken: &str| {
            assert_eq!((typed_span(ms).as_str(), spoken_span(ms).as_str()), (typed, spoken));
            assert_eq!(read_span(typed), Some(ms), "{typed}");
        };
        check(5 * MINUTE_MS, "5 min", "5 minutes");
        check(90 * MINUTE_MS, "1 h 30 min", "1 hour 30 minutes");
        check(90 * SECOND_MS, "1 min 30 s", "1 minute 30 seconds");
        check(DAY_MS, "1 d", "1 day");
        check(0, "0 s", "0 seconds");
    }
}
