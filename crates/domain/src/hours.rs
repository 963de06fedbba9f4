//! Hours of a week in which something holds: when a way reaches a contact, when a rotation is on.

use std::fmt;

use crate::{Date, Instant, Invalid, Zone, limits};

/// Windows of the week, by wall clock; none at all means always.
///
/// As text, which people write and the database keeps: `Mon-Fri 09:00-17:00; Sat 10:00-14:00`. A
/// window that ends at or before its beginning ends on the next day; `00:00-24:00` is a whole day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours(Vec<Window>);

/// One window, on each of some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    /// The days on which it begins; bit 0 is Sunday.
    days: u8,
    /// Its first minute, from midnight.
    from_minute: u16,
    /// The minute that it ends before, from midnight; 1440 is the end of the day.
    until_minute: u16,
}

/// A stretch of time in which hours hold, or do not, without a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first instant; the beginning of time if it was never otherwise.
    pub from: Instant,
    /// The instant that it ends before; the end of time if it never changes.
    pub until: Instant,
    /// Whether they hold.
    pub holds: bool,
}

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const DAY_MINUTES: u16 = 24 * 60;

impl Hours {
    /// Always.
    #[must_use]
    pub fn always() -> Self {
        Self::default()
    }

    /// Whether no window narrows it.
    pub fn is_always(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads windows, separated by `;` or lines; `""` is always. The refusal is a rule in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let windows: Vec<Window> = parts.map(Window::parse).collect::<Result<_, _>>()?;
        match windows.len() <= limits::WINDOWS {
            true => Ok(Hours(windows)),
            false => Err(format!("must be at most {} windows", limits::WINDOWS)),
        }
    }

    /// Reads windows, and names the field where they are none.
    pub fn read(invalid: &mut Invalid, path: &str, text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|rule| {
            invalid.add(path, rule);
            Self::always()
        })
    }

    /// Whether an instant lies in them, by the wall clock of a zone.
    pub fn hold(&self, at: Instant, zone: &Zone) -> bool {
        self.is_always() || self.spans(at, zone).any(|(from, until)| from <= at && at < until)
    }

    /// When that next changes; `None` if it never does.
    pub fn next_change(&self, at: Instant, zone: &Zone) -> Option<Instant> {
        Some(self.stretch(at, zone).until).filter(|until| *until < Instant::MAX)
    }

    /// The stretch around an instant in which they hold, or do not, without a change.
    pub fn stretch(&self, at: Instant, zone: &Zone) -> Stretch {
        let mut spans: Vec<_> = self.spans(at, zone).collect();
        spans.sort_unstable();
        let mut joined: Vec<(Instant, Instant)> = Vec::new();
        for (from, until) in spans.into_iter().filter(|(from, until)| from < until) {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => joined.push((from, until)),
            }
        }
        let holds = |(from, until): &(Instant, Instant)| *from <= at && at < *until;
        let week = |edge: Instant| edge.ms_since(at).abs() <= limits::DAY_MS * 8;
        let near = |edge: Instant, end: Instant| if week(edge) { edge } else { end };
        let (from, until) = match joined.iter().find(|span| holds(span)) {
            Some((from, until)) => (*from, *until),
            None => (
                joined.iter().rev().find(|span| span.1 <= at).map_or(Instant::MIN, |span| span.1),
                joined.iter().find(|span| span.0 > at).map_or(Instant::MAX, |span| span.0),
            ),
        };
        Stretch {
            from: near(from, Instant::MIN),
            until: near(until, Instant::MAX),
            holds: self.is_always() || joined.iter().any(holds),
        }
    }

    /// The first instant at or after `at` that lies in them; `None` if none ever does.
    pub fn opens(&self, at: Instant, zone: &Zone) -> Option<Instant> {
        if self.hold(at, zone) { Some(at) } else { self.next_change(at, zone) }
    }

    /// The windows as instants, from more than a week before `at` to more than a week after it.
    fn spans(&self, at: Instant, zone: &Zone) -> impl Iterator<Item = (Instant, Instant)> {
        let today = zone.date(at);
        let dates = (-9..=9).filter_map(move |days| today.plus_days(days));
        dates.flat_map(move |date| {
            self.0.iter().filter_map(move |window| window.span(date, zone)).collect::<Vec<_>>()
        })
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, window) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            window.fmt(f)?;
        }
        Ok(())
    }
}

impl Window {
    fn parse(text: &str) -> Result<Self, String> {
        let rule = || format!("must be like “Mon-Fri 09:00-17:00”, and not “{text}”");
        let (days, times) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
        let (from, until) = times.split_once(['-', '–']).ok_or_else(rule)?;
        let from_minute = minute(from).filter(|at| *at < DAY_MINUTES).ok_or_else(rule)?;
        let until_minute = minute(until).ok_or_else(rule)?;
        let mut mask = if days.trim().is_empty() { 0x7f } else { 0 };
        for part in days.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
            let (mut at, last) = (day(first).ok_or_else(rule)?, day(last).ok_or_else(rule)?);
            loop {
                mask |= 1 << at;
                if at == last {
                    break;
                }
                at = (at + 1) % 7;
            }
        }
        Ok(Window { days: mask, from_minute, until_minute })
    }

    /// The window that begins on a date, if it is one of its days.
    fn span(&self, date: Date, zone: &Zone) -> Option<(Instant, Instant)> {
        // 1970-01-01 was a Thursday.
        let weekday = (date.days_since_1970() + 4).rem_euclid(7);
        if self.days & (1 << weekday) == 0 {
            return None;
        }
        let from = zone.at_minute(date, self.from_minute);
        let until = match self.until_minute {
            DAY_MINUTES => zone.day_start(date.next()?),
            minute if minute <= self.from_minute => zone.at_minute(date.next()?, minute),
            minute => zone.at_minute(date, minute),
        };
        Some((from, until))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = |day: usize| self.days & (1 << (day % 7)) != 0;
        if self.days != 0x7f {
            // From Monday, as people count a week.
            let mut first = true;
            let mut day = 1;
            while day <= 7 {
                if !on(day) {
                    day += 1;
                    continue;
                }
                let begin = day;
                while day < 7 && on(day + 1) {
                    day += 1;
                }
                f.write_str(if first { "" } else { "," })?;
                first = false;
                f.write_str(DAYS[begin % 7])?;
                if day > begin {
                    write!(f, "-{}", DAYS[day % 7])?;
                }
                day += 1;
            }
            f.write_str(" ")?;
        }
        let (from, until) = (self.from_minute, self.until_minute);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
    }
}

/// A day by at least the first three letters of its name; 0 is Sunday.
fn day(text: &str) -> Option<usize> {
    let text = text.trim().to_ascii_lowercase();
    let names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    names.iter().position(|name| text.len() >= 3 && name.starts_with(&text))
}

/// `HH:MM` as minutes from midnight; `24:00` is the end of the day.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        let sound = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if sound { part.parse::<u16>().ok() } else { None }
    };
    let (hours, minutes) = (number(hours, 1..=2)?, number(minutes, 2..=2)?);
    let at = hours * 60 + minutes;
    (minutes < 60 && at <= DAY_MINUTES).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("an instant")
    }

    #[test]
    fn what_people_write_is_kept_in_one_form() {
        let check = |text, kept: &str| {
            let hours = Hours::parse(text).expect(text);
            assert_eq!(hours.to_string(), kept, "{text}");
            assert_eq!(Hours::parse(kept).as_ref(), Ok(&hours), "{kept}");
        };
        check("", "");
        check("mon-fri 9:00-17:00\nSaturday 10:00–14:00", "Mon-Fri 09:00-17:00; Sat 10:00-14:00");
        check("18:00-08:00", "18:00-08:00");
        check("Fri-Mon 00:00-24:00", "Mon,Fri-Sun 00:00-24:00");
        check("wed, sun 01:00-02:00", "Wed,Sun 01:00-02:00");
        for bad in ["9-17", "Mon 25:00-26:00", "Xyz 09:00-17:00", "Mon 9:0-10:00", "24:00-01:00"] {
            assert!(Hours::parse(bad).is_err(), "{bad}");
        }
        assert!(Hours::parse(&"09:00-10:00;".repeat(limits::WINDOWS + 1)).is_err());
    }

    #[test]
    fn windows_hold_by_the_wall_clock() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let check = |text, instant, holds, change: Option<&str>| {
            let hours = Hours::parse(text).expect(text);
            assert_eq!(hours.hold(at(instant), &zone), holds, "{text} {instant}");
            assert_eq!(hours.next_change(at(instant), &zone), change.map(at), "{text} {instant}");
        };
        check("", "2025-01-21T12:00:00Z", true, None);
        // A Tuesday, 07:00 there.
        let week = "Mon-Fri 09:00-17:00";
        check(week, "2025-01-21T12:00:00Z", false, Some("2025-01-21T14:00:00Z"));
        check(week, "2025-01-21T14:00:00Z", true, Some("2025-01-21T22:00:00Z"));
        check(week, "2025-01-24T22:00:00Z", false, Some("2025-01-27T14:00:00Z"));
        // Past midnight, and over the night in which the clocks go forward (2025-03-09).
        let night = "18:00-08:00";
        check(night, "2025-03-09T04:00:00Z", true, Some("2025-03-09T12:00:00Z"));
        check(night, "2025-03-09T12:00:00Z", false, Some("2025-03-09T22:00:00Z"));
        // Windows that touch are one.
        let touching = "Mon-Sun 00:00-24:00";
        check(touching, "2025-01-21T12:00:00Z", true, None);
    }
}
