//! A day on the calendar, and the two spellings in which people hand one in.

use std::fmt;
use std::str::FromStr;

/// A day of the proleptic Gregorian calendar, in the years 1 to 9999. It has no zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

/// Why a text or three numbers are not a [`Date`]. Its message may be shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Neither `MM-DD-YYYY` nor `YYYY-MM-DD`.
    Shape,
    /// The year is not one of 1 to 9999.
    Year(i64),
    /// The month is not one of 1 to 12.
    Month(i64),
    /// The month of that year has no such day.
    Day {
        /// The year, 1 to 9999.
        year: i16,
        /// The month, 1 to 12.
        month: u8,
        /// The day that was asked for.
        day: i64,
    },
}

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Date {
    /// The first day there is: 1 January of the year 1.
    pub const MIN: Self = Self { year: 1, month: 1, day: 1 };
    /// The last day there is: 31 December 9999.
    pub const MAX: Self = Self { year: 9999, month: 12, day: 31 };

    /// The day of these numbers, if the calendar has it.
    pub fn new(year: i64, month: i64, day: i64) -> Result<Self, DateError> {
        let Ok(y @ 1..=9999) = i16::try_from(year) else {
            return Err(DateError::Year(year));
        };
        let Ok(m @ 1..=12) = u8::try_from(month) else {
            return Err(DateError::Month(month));
        };
        match u8::try_from(day) {
            Ok(d) if d >= 1 && d <= days_in(y, m) => Ok(Self { year: y, month: m, day: d }),
            _ => Err(DateError::Day { year: y, month: m, day }),
        }
    }

    /// Reads `MM-DD-YYYY` or `YYYY-MM-DD`, every digit present and nothing around them.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let mut parts = text.split('-');
        let (Some(a), Some(b), Some(c), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(DateError::Shape);
        };
        let (year, month, day) = match (a.len(), b.len(), c.len()) {
            (2, 2, 4) => (c, a, b),
            (4, 2, 2) => (a, b, c),
            _ => return Err(DateError::Shape),
        };
        Self::new(number(year)?, number(month)?, number(day)?)
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The day after, or `None` after [`Date::MAX`].
    pub fn next(self) -> Option<Self> {
        self.plus_days(1)
    }

    /// The day before, or `None` before [`Date::MIN`].
    pub fn previous(self) -> Option<Self> {
        self.plus_days(-1)
    }

    /// The day that many days later (or earlier), or `None` outside the years 1 to 9999.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let days = self.days_since_1970().checked_add(days)?;
        let range = Self::MIN.days_since_1970()..=Self::MAX.days_since_1970();
        range.contains(&days).then(|| Self::nearest(days))
    }

    /// `Jan 21, 2025`, the form that the portal shows.
    pub fn in_words(self) -> impl fmt::Display {
        let Self { year, month, day } = self;
        let month = &MONTHS[usize::from(month - 1)][..3];
        fmt::from_fn(move |f| write!(f, "{month} {day}, {year}"))
    }

    /// The day of the week in three letters: `Tue`.
    pub fn weekday(self) -> &'static str {
        // 1 January 1970 was a Thursday.
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        DAYS[self.days_since_1970().rem_euclid(7) as usize]
    }

    /// Days since 1 January 1970, negative before.
    pub fn days_since_1970(self) -> i64 {
        // Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil: the year
        // begins in March, so that the leap day is its last.
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
            - 719_468
    }

    /// The day with this number since 1970; beyond the ends of the calendar, its end.
    pub(crate) fn nearest(days_since_1970: i64) -> Self {
        let first = Self::MIN.days_since_1970();
        let last = Self::MAX.days_since_1970();
        // civil_from_days, the way back from `days_since_1970`.
        let days = days_since_1970.clamp(first, last) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = (shifted_month + 2) % 12 + 1;
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        // The clamp above keeps the year within 1 to 9999, and the algorithm the rest.
        Self { year: year as i16, month: month as u8, day: day as u8 }
    }
}

fn number(digits: &str) -> Result<i64, DateError> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateError::Shape);
    }
    digits.parse().map_err(|_| DateError::Shape)
}

/// How many days that month has, of a year 1 to 9999.
pub(crate) fn days_in(year: i16, month: u8) -> u8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// `2025-01-21`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Shape => f.write_str("must be a date as MM-DD-YYYY or YYYY-MM-DD"),
            Self::Year(year) => write!(f, "the year must be 0001 to 9999, not {year:04}"),
            Self::Month(month) => write!(f, "the month must be 01 to 12, not {month:02}"),
            Self::Day { year, month, day } => {
                let name = MONTHS[usize::from(month - 1)];
                let last = days_in(year, month);
                write!(f, "{name} {year} has the days 01 to {last}, not {day:02}")
            }
        }
    }
}

impl std::error::Error for DateError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Date::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn both_spellings_are_the_same_day() {
        let day = Date::new(2025, 1, 21).unwrap();
        assert_eq!(Date::parse("01-21-2025"), Ok(day));
        assert_eq!(Date::parse("2025-01-21"), Ok(day));
        assert_eq!(day.to_string(), "2025-01-21");
        assert_eq!(day.in_words().to_string(), "Jan 21, 2025");
    }

    #[test]
    fn every_day_has_its_weekday() {
        let check = |date: &str, day: &str| {
            assert_eq!(Date::parse(date).unwrap().weekday(), day, "{date}");
        };
        check("1969-12-31", "Wed");
        check("1970-01-01", "Thu");
        check("2000-02-29", "Tue");
        check("2025-01-21", "Tue");
    }

    #[test]
    fn an_impossible_date_says_what_is_wrong() {
        assert_eq!(refused("02-30-2025"), "February 2025 has the days 01 to 28, not 30");
        assert_eq!(refused("02-29-1900"), "February 1900 has the days 01 to 28, not 29");
        assert_eq!(refused("04-00-2025"), "April 2025 has the days 01 to 30, not 00");
        assert_eq!(refused("13-01-2025"), "the month must be 01 to 12, not 13");
        assert_eq!(refused("2025-00-10"), "the month must be 01 to 12, not 00");
        assert_eq!(refused("01-01-0000"), "the year must be 0001 to 9999, not 0000");
        assert_eq!(Date::parse("02-29-2024"), Date::new(2024, 2, 29));
        assert_eq!(Date::parse("02-29-2000"), Date::new(2000, 2, 29));
    }

    #[test]
    fn anything_else_is_no_date() {
        let texts = [
            "",
            "-",
            "--",
            "1-2-2025",
            "01/21/2025",
            "01-21-25",
            "2025-1-21",
            "01-21-2025-",
            " 01-21-2025",
            "01-21-2025 ",
            "+1-21-2025",
            "01--1-2025",
            "0x-21-2025",
            "01-21-20\0 5",
            "٠١-21-2025",
            "2025-01-21T00:00:00Z",
            "99999-01-01",
            "01-21-99999",
            "--01-21-2025",
        ];
        for text in texts {
            assert_eq!(Date::parse(text), Err(DateError::Shape), "{text:?}");
        }
    }

    #[test]
    fn the_calendar_ends_where_it_ends() {
        assert_eq!(Date::MIN.previous(), None);
        assert_eq!(Date::MAX.next(), None);
        assert_eq!(Date::MAX.plus_days(i64::MAX), None);
        assert_eq!(Date::nearest(i64::MIN / 2), Date::MIN);
        assert_eq!(Date::nearest(i64::MAX / 2), Date::MAX);
        assert_eq!(Date::new(1970, 1, 1).unwrap().days_since_1970(), 0);
    }

    #[test]
    fn every_day_follows_the_one_before_it() {
        let mut day = Date::MIN;
        let mut count = day.days_since_1970();
        while let Some(next) = day.next() {
            count += 1;
            assert!(next > day);
            assert_eq!(next.days_since_1970(), count);
            assert_eq!(
                Date::new(next.year().into(), next.month().into(), next.day().into()),
                Ok(next)
            );
            day = next;
        }
        assert_eq!(day, Date::MAX);
    }
}
