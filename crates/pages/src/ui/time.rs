//! Instants, days and durations as people read them.

use domain::{Instant, Zone, limits};

use super::Moment;

/// Below this, something happened just now.
const JUST_NOW_MS: i64 = 45 * limits::SECOND_MS;

/// From here on the day is shown instead of its distance.
const RELATIVE_MS: i64 = 7 * limits::DAY_MS;

impl Moment {
    /// An instant as it is read at `now` by somebody in `zone`.
    pub(crate) fn at(instant: Instant, now: Instant, zone: &Zone) -> Self {
        Self {
            iso: instant.rfc3339_ms(),
            relative: relative(now.ms_since(instant))
                .unwrap_or_else(|| zone.date(instant).in_words().to_string()),
            exact: zone.exact(instant).to_string(),
        }
    }
}

/// How long ago something was, or how far ahead it lies, in the words that `assets/js/times.js`
/// keeps true while the page stays open; `None` where the day says more.
fn relative(ago_ms: i64) -> Option<String> {
    let size_ms = ago_ms.abs();
    if size_ms < JUST_NOW_MS {
        return Some("just now".to_owned());
    }
    let steps = [
        (limits::MINUTE_MS, limits::SECOND_MS, "sec."),
        (limits::HOUR_MS, limits::MINUTE_MS, "min."),
        (limits::DAY_MS, limits::HOUR_MS, "hr."),
        (RELATIVE_MS, limits::DAY_MS, "day"),
    ];
    let (_, unit_ms, word) = steps.into_iter().find(|(end_ms, ..)| size_ms < *end_ms)?;
    let count = (size_ms + unit_ms / 2) / unit_ms;
    let is_past = ago_ms > 0;
    Some(match (word, count, is_past) {
        ("day", 1, true) => "yesterday".to_owned(),
        ("day", 1, false) => "tomorrow".to_owned(),
        ("day", _, true) => format!("{count} days ago"),
        ("day", _, false) => format!("in {count} days"),
        (_, _, true) => format!("{count} {word} ago"),
        (_, _, false) => format!("in {count} {word}"),
    })
}

/// A time of day as browsers fill it in: `09:30`.
pub(crate) fn typed_time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A duration as on a clock: `2:41`, `1:02:05`.
pub(crate) fn clock(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_in_time_have_words() {
        let check = |ago_ms: i64, words: Option<&str>| {
            assert_eq!(relative(ago_ms).as_deref(), words, "{ago_ms}");
        };
        check(0, Some("just now"));
        check(-44_999, Some("just now"));
        check(50_000, Some("50 sec. ago"));
        check(4 * limits::MINUTE_MS + 1, Some("4 min. ago"));
        check(-90 * limits::MINUTE_MS, Some("in 2 hr."));
        check(limits::DAY_MS, Some("yesterday"));
        check(-limits::DAY_MS, Some("tomorrow"));
        check(3 * limits::DAY_MS, Some("3 days ago"));
        check(7 * limits::DAY_MS, None);
    }

    #[test]
    fn a_moment_tells_the_day_in_its_zone_when_it_is_long_ago() {
        let zone = Zone::named("America/New_York").unwrap();
        let instant = Instant::parse("2025-01-22T03:08:20.671Z").unwrap();
        let moment = Moment::at(instant, instant.plus_ms(8 * limits::DAY_MS), &zone);
        assert_eq!(moment.relative, "Jan 21, 2025");
        assert_eq!(moment.exact, "Tue, Jan 21, 2025, 10:08:20 PM EST");
        assert_eq!(moment.iso, "2025-01-22T03:08:20.671Z");
    }

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!([clock(0), clock(161), clock(3_725)], ["0:00", "2:41", "1:02:05"]);
    }
}
