//! A time of day as people write it, to the minute.

use std::fmt;

/// A wall clock time, midnight to 11:59 PM, in whole minutes. It has no day and no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    minute_of_day: u16,
}

const MINUTES_PER_DAY: u16 = 1_440;

impl Time {
    /// Reads `9:00 AM` (any letter case, with or without the space) or `09:00` to `23:59`.
    ///
    /// `None` for everything else, such as `25:00`, `13:00 PM` or `9`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let half = text.len().checked_sub(2).and_then(|at| text.get(at..));
        let (clock, noon) = match half.map(str::to_ascii_uppercase).as_deref() {
            Some("AM") => (text[..text.len() - 2].trim_end(), Some(0)),
            Some("PM") => (text[..text.len() - 2].trim_end(), Some(12)),
            _ => (text, None),
        };
        let (hour, minute) = clock.split_once(':')?;
        let (hour, minute) = (digits(hour, 1..=2)?, digits(minute, 2..=2)?);
        let hour = match noon {
            Some(noon) if (1..=12).contains(&hour) => hour % 12 + noon,
            None if hour < 24 => hour,
            _ => return None,
        };
        (minute < 60).then_some(Self { minute_of_day: hour * 60 + minute })
    }

    /// The time that many minutes after midnight, 0 to 1439; `None` from 1440 on.
    pub fn from_minute_of_day(minute_of_day: u16) -> Option<Self> {
        (minute_of_day < MINUTES_PER_DAY).then_some(Self { minute_of_day })
    }

    /// Minutes after midnight, 0 to 1439.
    pub fn minute_of_day(self) -> u16 {
        self.minute_of_day
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> u8 {
        (self.minute_of_day / 60) as u8
    }

    /// The minute of the hour, 0 to 59.
    pub fn minute(self) -> u8 {
        (self.minute_of_day % 60) as u8
    }
}

fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let is_number = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// `9:00 AM`, the form in which times are stored and shown.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.hour() < 12 { "AM" } else { "PM" };
        write!(f, "{}:{:02} {half}", (self.hour() + 11) % 12 + 1, self.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_a_time() {
        for (text, shown) in [
            ("9:00 AM", "9:00 AM"),
            ("09:00", "9:00 AM"),
            ("9:00am", "9:00 AM"),
            (" 12:00 am ", "12:00 AM"),
            ("12:30 PM", "12:30 PM"),
            ("0:05", "12:05 AM"),
            ("23:59", "11:59 PM"),
            ("11:59 pM", "11:59 PM"),
        ] {
            assert_eq!(Time::parse(text).unwrap().to_string(), shown, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "AM",
            "9",
            "9 AM",
            "25:00",
            "24:00",
            "25:00 PM",
            "13:00 PM",
            "0:30 AM",
            "9:60",
            "9:0",
            "009:00",
            "-9:00",
            "+9:00",
            "9:00:00",
            "9:00 XM",
            "é:00",
            "éPM",
            "9:00 A\u{200f}M",
        ] {
            assert_eq!(Time::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn every_minute_is_read_as_it_is_shown() {
        for minute in 0..1_440 {
            let time = Time::from_minute_of_day(minute).unwrap();
            assert_eq!(Time::parse(&time.to_string()), Some(time));
        }
        assert_eq!(Time::from_minute_of_day(1_440), None);
    }
}
