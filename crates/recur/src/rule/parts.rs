//! The parts that a rule is said in, as plain numbers that nobody has checked yet.

use crate::date::Date;
use crate::instant::Instant;

/// In which units a rule counts its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// Elapsed minutes.
    Minutely,
    /// Elapsed hours.
    Hourly,
    /// Days of the calendar.
    Daily,
    /// Weeks, from their first day on.
    Weekly,
    /// Months of the calendar.
    Monthly,
    /// Years of the calendar.
    Yearly,
}

impl Frequency {
    /// All of them, the shortest first.
    pub const ALL: [Self; 6] =
        [Self::Minutely, Self::Hourly, Self::Daily, Self::Weekly, Self::Monthly, Self::Yearly];

    /// `weekly`: the word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minutely => "minutely",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Yearly => "yearly",
        }
    }

    /// Reads that word in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|frequency| frequency.as_str().eq_ignore_ascii_case(text))
    }

    /// Whether it counts elapsed time instead of days on the calendar.
    pub(crate) fn is_elapsed(self) -> bool {
        matches!(self, Self::Minutely | Self::Hourly)
    }
}

/// When a rule ends. The occurrence at that very moment is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// At an instant.
    At(Instant),
    /// With the end of a day in the recurrence's zone.
    Day(Date),
}

/// What a rule says. An empty list says nothing; of several lists that say something, all must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleParts {
    /// The unit of `interval`.
    pub frequency: Frequency,
    /// Every how many units, from 1.
    pub interval: i64,
    /// The first day of a week, 0 Sunday to 6 Saturday. It matters to weekly rules only.
    pub week_start: i64,
    /// Days of the week, 0 Sunday to 6 Saturday.
    pub day: Vec<i64>,
    /// Days of the month, 1 to 31, or -1 (the last) to -31.
    pub day_of_month: Vec<i64>,
    /// A day of the week (0 to 6) and which one of its month: 1 to 5, or -1 (the last) to -5.
    pub day_of_week: Vec<(i64, i64)>,
    /// Days of the year, 1 to 366, or -1 (the last) to -366.
    pub day_of_year: Vec<i64>,
    /// Months, 1 to 12.
    pub month_of_year: Vec<i64>,
    /// Hours on the wall clock, 0 to 23.
    pub hour_of_day: Vec<i64>,
    /// Minutes on the wall clock, 0 to 59.
    pub minute_of_hour: Vec<i64>,
    /// Seconds on the wall clock, 0 to 59.
    pub second_of_minute: Vec<i64>,
    /// When the rule ends, if it does.
    pub until: Option<Until>,
    /// How many occurrences there are in all, counted from the start.
    pub count: Option<i64>,
}

impl RuleParts {
    /// Every so many units, with nothing else said; weeks begin on Sunday.
    pub fn every(frequency: Frequency, interval: i64) -> Self {
        Self {
            frequency,
            interval,
            week_start: 0,
            day: Vec::new(),
            day_of_month: Vec::new(),
            day_of_week: Vec::new(),
            day_of_year: Vec::new(),
            month_of_year: Vec::new(),
            hour_of_day: Vec::new(),
            minute_of_hour: Vec::new(),
            second_of_minute: Vec::new(),
            until: None,
            count: None,
        }
    }
}
