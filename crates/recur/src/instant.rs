//! A point in time as UTC milliseconds, and its spellings.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::date::Date;

pub(crate) const MS_PER_DAY: i64 = 86_400_000;

/// A point in time: milliseconds since 1970-01-01 UTC, within the years 0001 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Why a number or a text is not an [`Instant`]. Its message may be shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstantError {
    /// The text is no ISO 8601 date and time with `Z` or an offset.
    Shape,
    /// Outside the years 0001 to 9999.
    Range,
}

impl Instant {
    /// `0001-01-01T00:00:00.000Z`.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// `9999-12-31T23:59:59.999Z`.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant that many milliseconds after 1970-01-01 UTC; beyond the ends of time, the end.
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// As [`Instant::from_ms`], but beyond the ends of time is an error.
    pub fn try_from_ms(ms: i64) -> Result<Self, InstantError> {
        let instant = Self::from_ms(ms);
        if instant.0 == ms { Ok(instant) } else { Err(InstantError::Range) }
    }

    /// Milliseconds since 1970-01-01 UTC, negative before.
    pub fn as_ms(self) -> i64 {
        self.0
    }

    /// This instant that many milliseconds later; it stops at [`Instant::MAX`] and [`Instant::MIN`].
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_ms(self.0.saturating_add(ms))
    }

    /// This instant that many milliseconds earlier; it stops at [`Instant::MIN`] and [`Instant::MAX`].
    pub fn minus_ms(self, ms: i64) -> Self {
        Self::from_ms(self.0.saturating_sub(ms))
    }

    /// Milliseconds from `earlier` to this instant, negative when `earlier` is the later one.
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// Reads an ISO 8601 date and time with `Z` or an offset, such as `2025-01-21T17:08:20.671-05:00`.
    ///
    /// What is finer than a millisecond is cut off. A date alone, or a time without `Z` or offset,
    /// is refused, because it names no instant.
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        // The engine also reads `…[Zone/Name]`, which is not ISO 8601, and calls a year beyond its
        // own range malformed; the names of our errors are for people, so both are `Shape`.
        if text.contains('[') {
            return Err(InstantError::Shape);
        }
        if let Some(instant) = Self::parse_rendered(text) {
            return Ok(instant);
        }
        let timestamp: Timestamp = text.parse().map_err(|_| InstantError::Shape)?;
        let ms = timestamp.as_nanosecond().div_euclid(1_000_000);
        Self::try_from_ms(i64::try_from(ms).map_err(|_| InstantError::Range)?)
    }

    /// Reads exactly what [`Instant::rfc3339_ms`] writes, over the whole range.
    fn parse_rendered(text: &str) -> Option<Self> {
        let b = text.as_bytes();
        let is_shape = b.len() == 24
            && [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')]
                .iter()
                .all(|&(at, byte)| b[at] == byte);
        if !is_shape {
            return None;
        }
        let number = |from: usize, to: usize| -> Option<i64> {
            b[from..to]
                .iter()
                .try_fold(0, |sum, d| d.is_ascii_digit().then(|| sum * 10 + i64::from(d - b'0')))
        };
        let date = Date::new(number(0, 4)?, number(5, 7)?, number(8, 10)?).ok()?;
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = date.days_since_1970() * 86_400 + hour * 3_600 + minute * 60 + second;
        Some(Self(seconds * 1_000 + number(20, 23)?))
    }

    /// `2025-01-21T22:08:20.671Z`: always three digits and `Z`, always 24 bytes.
    pub fn rfc3339_ms(self) -> String {
        let mut text = String::with_capacity(24);
        self.write_rfc3339_ms(&mut text);
        text
    }

    /// Appends what [`Instant::rfc3339_ms`] returns, without an allocation of its own.
    pub fn write_rfc3339_ms(self, out: &mut String) {
        self.with_rfc3339_ms(|text| out.push_str(text));
    }

    /// `2025-01-21 22:08:20 UTC`, the form of `utc_created_at` in API v1.
    pub fn utc_seconds(self) -> impl fmt::Display {
        fmt::from_fn(move |f| {
            self.with_rfc3339_ms(|text| write!(f, "{} {} UTC", &text[..10], &text[11..19]))
        })
    }

    /// Gives what [`Instant::rfc3339_ms`] returns to `use_text`, without an allocation.
    pub fn with_rfc3339_ms<T>(self, use_text: impl FnOnce(&str) -> T) -> T {
        let date = Date::nearest(self.0.div_euclid(MS_PER_DAY));
        let ms = self.0.rem_euclid(MS_PER_DAY);
        let mut bytes = *b"0000-00-00T00:00:00.000Z";
        put(&mut bytes[0..4], i64::from(date.year()));
        put(&mut bytes[5..7], i64::from(date.month()));
        put(&mut bytes[8..10], i64::from(date.day()));
        put(&mut bytes[11..13], ms / 3_600_000);
        put(&mut bytes[14..16], ms / 60_000 % 60);
        put(&mut bytes[17..19], ms / 1_000 % 60);
        put(&mut bytes[20..23], ms % 1_000);
        // Only ASCII digits were put between ASCII marks, so the empty string is never taken.
        use_text(std::str::from_utf8(&bytes).unwrap_or_default())
    }

    /// The nearest time stamp of the engine, whose own years end a day before ours.
    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::MAX)
    }
}

/// Writes the last digits of `number` right-aligned over the whole of `digits`.
fn put(digits: &mut [u8], mut number: i64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// As [`Instant::rfc3339_ms`].
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_rfc3339_ms(|text| f.write_str(text))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        Self::parse(text)
    }
}

impl fmt::Display for InstantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "must be a date and time as 2025-01-21T22:08:20.671Z, or with an offset",
            Self::Range => "must lie within the years 0001 to 9999",
        })
    }
}

impl std::error::Error for InstantError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOLDEN_MS: i64 = 1_737_497_300_671;

    #[test]
    fn the_golden_instant_reads_and_writes() {
        let golden = Instant::from_ms(GOLDEN_MS);
        assert_eq!(golden.rfc3339_ms(), "2025-01-21T22:08:20.671Z");
        assert_eq!(golden.to_string(), "2025-01-21T22:08:20.671Z");
        assert_eq!(golden.utc_seconds().to_string(), "2025-01-21 22:08:20 UTC");
        for text in [
            "2025-01-21T22:08:20.671Z",
            "2025-01-21T17:08:20.671-05:00",
            "2025-01-22T03:38:20,671999999+05:30",
            "20250121T220820.671Z",
            "2025-01-21 22:08:20.671Z",
        ] {
            assert_eq!(Instant::parse(text), Ok(golden), "{text}");
        }
    }

    #[test]
    fn three_digits_are_always_there() {
        assert_eq!(Instant::from_ms(0).rfc3339_ms(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Instant::from_ms(-1).rfc3339_ms(), "1969-12-31T23:59:59.999Z");
        assert_eq!(Instant::MIN.rfc3339_ms(), "0001-01-01T00:00:00.000Z");
        assert_eq!(Instant::MAX.rfc3339_ms(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Instant::parse("1969-12-31T23:59:59.9999Z").unwrap().as_ms(), -1);
    }

    #[test]
    fn what_names_no_instant_is_refused() {
        for text in [
            "",
            "Z",
            "2025-01-21",
            "2025-01-21T22:08:20",
            "2025-01-21T22:08:20.671",
            "2025-02-30T00:00:00.000Z",
            "2025-13-01T00:00:00.000Z",
            "2025-01-21T24:00:00.000Z",
            "2025-01-21T22:60:00.000Z",
            "2025-01-21T25:00 PM",
            "01/21/2025 05:08 PM",
            "1737497300671",
            "2025-01-21T22:08:20Z[America/New_York]",
            "2025-01-21T22:08:20.671Z ",
            "+010000-01-01T00:00:00Z",
        ] {
            assert_eq!(Instant::parse(text), Err(InstantError::Shape), "{text:?}");
        }
        assert_eq!(Instant::parse("0000-12-31T23:59:59Z"), Err(InstantError::Range));
        assert_eq!(Instant::from_ms(i64::MAX), Instant::MAX);
        assert_eq!(Instant::try_from_ms(i64::MAX), Err(InstantError::Range));
        assert_eq!(Instant::try_from_ms(Instant::MIN.as_ms() - 1), Err(InstantError::Range));
    }

    #[test]
    fn arithmetic_stops_at_the_ends() {
        assert_eq!(Instant::MAX.plus_ms(1), Instant::MAX);
        assert_eq!(Instant::MAX.plus_ms(i64::MAX), Instant::MAX);
        assert_eq!(Instant::MIN.minus_ms(i64::MAX), Instant::MIN);
        assert_eq!(Instant::MIN.minus_ms(i64::MIN), Instant::MAX);
        let a = Instant::from_ms(1_000);
        assert_eq!(a.plus_ms(500).ms_since(a), 500);
        assert_eq!(a.minus_ms(500).ms_since(a), -500);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(ms in Instant::MIN.0..=Instant::MAX.0) {
            let instant = Instant::from_ms(ms);
            let text = instant.rfc3339_ms();
            prop_assert_eq!(text.len(), 24);
            prop_assert_eq!(Instant::parse(&text), Ok(instant));
        }

        #[test]
        fn the_engine_writes_the_same(ms in Instant::MIN.0..=253_402_200_000_000) {
            let instant = Instant::from_ms(ms);
            prop_assert_eq!(instant.rfc3339_ms(), format!("{:.3}", instant.timestamp()));
        }

        #[test]
        fn order_in_time_is_order_in_text(a in Instant::MIN.0..=Instant::MAX.0, b in Instant::MIN.0..=Instant::MAX.0) {
            prop_assert_eq!(a.cmp(&b), Instant(a).rfc3339_ms().cmp(&Instant(b).rfc3339_ms()));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = Instant::parse(&text);
            let _ = Date::parse(&text);
        }

        #[test]
        fn nearly_right_texts_never_panic(text in "[0-9]{2,5}-[0-9]{2}-[0-9]{2,4}[T ]?[0-9:.,]{0,14}[Z+-]?[0-9:]{0,6}") {
            let _ = Instant::parse(&text);
            let _ = Date::parse(&text);
        }
    }
}
