//! Which dates a rule matches: one mask of days for each month, so that searching steps by months.

use crate::date::{Date, days_in};
use crate::rule::{Frequency, RuleParts};

use super::Effort;

/// How far a search looks: a hundred years. What does not occur in that time does not occur.
const MONTHS_AHEAD: i64 = 100 * 12;
const ALL: u32 = u32::MAX >> 1;

/// The dates of a rule. Times of day and zones are no concern of it.
#[derive(Clone, Debug)]
pub(super) struct Dates {
    pace: Pace,
    /// Bit 0 is January.
    months: u16,
    /// By the weekday of a month's first day and its length less 28; bit 0 is the first of the month.
    days: Box<[[u32; 4]; 7]>,
    /// The same by month, of a common year and of a leap year, if the rule names days of the year.
    days_of_year: Option<Box<[[u32; 12]; 2]>>,
}

/// Which days, weeks, months or years an interval lands on. `anchor` is one of them.
#[derive(Clone, Copy, Debug)]
enum Pace {
    Every,
    Days {
        interval: i64,
        anchor: i64,
    },
    /// `anchor` is the first day of a week.
    Weeks {
        interval: i64,
        anchor: i64,
    },
    /// Months since January of the year 0.
    Months {
        interval: i64,
        anchor: i64,
    },
    Years {
        interval: i64,
        anchor: i64,
    },
}

/// A month of the calendar.
#[derive(Clone, Copy)]
struct Month {
    year: i16,
    /// 0 for January.
    index: usize,
    first_day: i64,
    length: i64,
}

impl Dates {
    pub(super) fn new(parts: &RuleParts, start: Date) -> Self {
        // As in the original, a part that is not said is taken from the start, unless another part
        // of its kind is: a weekday replaces the start's day of the month, and so on.
        let names_days = !(parts.day.is_empty()
            && parts.day_of_month.is_empty()
            && parts.day_of_week.is_empty());
        let names_days_of_year = !parts.day_of_year.is_empty();
        let is_free = names_days || names_days_of_year;
        let kept = match parts.frequency {
            Frequency::Weekly if !is_free => StartDay::Weekday(weekday_of(start.days_since_1970())),
            Frequency::Monthly | Frequency::Yearly if !is_free => {
                StartDay::Day(i64::from(start.day()))
            }
            _ => StartDay::Nothing,
        };
        let months = if !parts.month_of_year.is_empty() {
            parts.month_of_year.iter().fold(0, |months, month| months | 1 << (month - 1))
        } else if parts.frequency == Frequency::Yearly && !names_days_of_year {
            1 << (start.month() - 1)
        } else {
            0xfff
        };
        Self {
            pace: Pace::new(parts, start),
            months,
            days: Box::new(std::array::from_fn(|first| {
                std::array::from_fn(|longer| {
                    days_mask(parts, kept, first as i64, 28 + longer as i64)
                })
            })),
            days_of_year: names_days_of_year.then(|| Box::new(days_of_year_masks(parts))),
        }
    }

    /// Goes through the matching dates from that day since 1970 on, for a hundred years.
    pub(super) fn walk(&self, day: i64) -> Walk<'_> {
        let date = Date::nearest(day);
        let month = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
        let last_month = if day > Date::MAX.days_since_1970() {
            i64::MIN
        } else {
            (month + MONTHS_AHEAD).min(9_999 * 12 + 11)
        };
        let wanted = ALL << (date.day() - 1);
        Walk { dates: self, month, last_month, wanted, first_day: 0, days: 0 }
    }

    /// The matching days of a month that the pace lands on.
    fn mask(&self, month: Month) -> u32 {
        let first = weekday_of(month.first_day) as usize;
        let mut mask = self.days[first][(month.length - 28) as usize];
        if let Some(days_of_year) = &self.days_of_year {
            let is_leap = days_in(month.year, 2) == 29;
            mask &= days_of_year[usize::from(is_leap)][month.index];
        }
        mask & self.pace.mask(month.first_day)
    }
}

/// The way through the matching dates, month by month.
pub(super) struct Walk<'a> {
    dates: &'a Dates,
    /// The month to look at next.
    month: i64,
    last_month: i64,
    /// Which days of that month count.
    wanted: u32,
    /// The month that is being walked through: its first day, and the matching days that are left.
    first_day: i64,
    days: u32,
}

impl Walk<'_> {
    /// The next date, as a day since 1970.
    pub(super) fn next(&mut self, effort: &mut Effort) -> Option<i64> {
        while self.days == 0 {
            let month = self.dates.pace.month_from(self.month);
            if month > self.last_month {
                return None;
            }
            effort.steps += 1;
            if self.dates.months >> month.rem_euclid(12) & 1 == 1 {
                let wanted = if month == self.month { self.wanted } else { ALL };
                let month = Month::new(month);
                (self.first_day, self.days) = (month.first_day, self.dates.mask(month) & wanted);
            }
            (self.month, self.wanted) = (month + 1, ALL);
        }
        let day = self.first_day + i64::from(self.days.trailing_zeros());
        self.days &= self.days - 1;
        Some(day)
    }
}

impl Pace {
    fn new(parts: &RuleParts, start: Date) -> Self {
        let interval = parts.interval;
        let day = start.days_since_1970();
        match parts.frequency {
            Frequency::Minutely | Frequency::Hourly => Self::Every,
            _ if interval == 1 => Self::Every,
            Frequency::Daily => Self::Days { interval, anchor: day },
            Frequency::Weekly => {
                let into_week = (weekday_of(day) - parts.week_start).rem_euclid(7);
                Self::Weeks { interval, anchor: day - into_week }
            }
            Frequency::Monthly => {
                let anchor = i64::from(start.year()) * 12 + i64::from(start.month()) - 1;
                Self::Months { interval, anchor }
            }
            Frequency::Yearly => Self::Years { interval, anchor: i64::from(start.year()) },
        }
    }

    /// The first month on or after that one that this pace can land on.
    fn month_from(self, month: i64) -> i64 {
        match self {
            Self::Months { interval, anchor } => month + (anchor - month).rem_euclid(interval),
            Self::Years { interval, anchor } => {
                match (anchor - month.div_euclid(12)).rem_euclid(interval) {
                    0 => month,
                    years => (month.div_euclid(12) + years) * 12,
                }
            }
            Self::Every | Self::Days { .. } | Self::Weeks { .. } => month,
        }
    }

    /// The days of a month that it lands on, given the month's first day.
    fn mask(self, first_day: i64) -> u32 {
        let (interval, anchor, run) = match self {
            Self::Days { interval, anchor } => (interval, anchor, 1),
            Self::Weeks { interval, anchor } => (interval * 7, anchor, 7),
            Self::Every | Self::Months { .. } | Self::Years { .. } => return ALL,
        };
        let days_of_run = (1_u64 << run) - 1;
        let since = (first_day - anchor).rem_euclid(interval);
        // The run in which the month begins, then the later ones.
        let mut mask = if since < run { days_of_run >> since } else { 0 };
        let mut next = interval - since;
        while next < 31 {
            mask |= days_of_run << next;
            next += interval;
        }
        (mask & u64::from(ALL)) as u32
    }
}

impl Month {
    /// The month that many months after January of the year 0.
    fn new(months: i64) -> Self {
        let (year, index) = (months.div_euclid(12), months.rem_euclid(12));
        // Both fit: the search stays within the years 1 to 9999.
        let (year, month) = (year as i16, index as u8 + 1);
        let first_day =
            Date::new(i64::from(year), i64::from(month), 1).map_or(0, Date::days_since_1970);
        Self { year, index: index as usize, first_day, length: i64::from(days_in(year, month)) }
    }
}

/// What a rule that names no day keeps of its start.
#[derive(Clone, Copy)]
enum StartDay {
    Nothing,
    Weekday(i64),
    Day(i64),
}

/// 0 Sunday to 6 Saturday.
fn weekday_of(day_since_1970: i64) -> i64 {
    // 1 January 1970 was a Thursday.
    (day_since_1970 + 4).rem_euclid(7)
}

fn days_mask(parts: &RuleParts, kept: StartDay, first_weekday: i64, length: i64) -> u32 {
    let every = ALL >> (31 - length);
    let bit = |day: i64| if (1..=length).contains(&day) { 1 << (day - 1) } else { 0 };
    let weekdays = |weekday: i64| {
        let first = (weekday - first_weekday).rem_euclid(7);
        (0..5).fold(0, |mask, week| mask | bit(first + 7 * week + 1))
    };
    let mut mask = every;
    if !parts.day.is_empty() {
        mask &= parts.day.iter().fold(0, |days, &day| days | weekdays(day));
    }
    if !parts.day_of_month.is_empty() {
        let from_end = |day: i64| if day < 0 { length + 1 + day } else { day };
        mask &= parts.day_of_month.iter().fold(0, |days, &day| days | bit(from_end(day)));
    }
    if !parts.day_of_week.is_empty() {
        mask &= parts.day_of_week.iter().fold(0, |days, &(weekday, nth)| {
            let first = (weekday - first_weekday).rem_euclid(7) + 1;
            let last = first + (length - first) / 7 * 7;
            days | bit(if nth > 0 { first + 7 * (nth - 1) } else { last + 7 * (nth + 1) })
        });
    }
    match kept {
        StartDay::Nothing => mask,
        StartDay::Weekday(weekday) => mask & weekdays(weekday),
        // The start's day, or the month's last where the month is shorter.
        StartDay::Day(day) => mask & bit(day.min(length)),
    }
}

fn days_of_year_masks(parts: &RuleParts) -> [[u32; 12]; 2] {
    [2_001, 2_000].map(|year| {
        let mut first = 1;
        std::array::from_fn(|index| {
            let length = i64::from(days_in(year, index as u8 + 1));
            let days_of_year = if days_in(year, 2) == 29 { 366 } else { 365 };
            let month = first..first + length;
            first += length;
            parts.day_of_year.iter().fold(0, |days, &day| {
                let day = if day < 0 { days_of_year + 1 + day } else { day };
                if month.contains(&day) { days | 1 << (day - month.start) } else { days }
            })
        })
    })
}
