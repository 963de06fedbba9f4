//! An IANA time zone: which instants a day has there, and what its clocks show.

mod joining;

use std::fmt;
use std::hash::{Hash, Hasher};

use jiff::tz::TimeZone;

use crate::date::Date;
use crate::instant::{Instant, MS_PER_DAY};

pub(crate) use joining::{Joined, SECONDS_PER_DAY};

/// A time zone of the IANA database, such as `America/New_York`. Cloning it is cheap.
///
/// The database is built into the program, so every node has the same one.
#[derive(Clone)]
pub struct Zone(TimeZone);

/// The IANA database has no zone of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownZone;

impl Zone {
    /// The zone of that IANA name, in any letter case.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(name).map_err(|_| UnknownZone)?;
        // `Etc/Unknown` is the engine's own name for "no zone", and no IANA name.
        if zone.is_unknown() { Err(UnknownZone) } else { Ok(Self(zone)) }
    }

    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The IANA name, in the database's own letter case.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day that the calendar on the wall shows here at this instant.
    pub fn date(&self, instant: Instant) -> Date {
        Date::nearest(self.wall_ms(instant).div_euclid(MS_PER_DAY))
    }

    /// The first instant of the day here: midnight, or where clocks skip it, the first time after.
    ///
    /// A day that a zone left out (30 December 2011 in Samoa) starts, and ends, where the next
    /// one starts. At the ends of the calendar it stops at [`Instant::MIN`] and [`Instant::MAX`].
    pub fn day_start(&self, date: Date) -> Instant {
        // A `Date` always has a year, month and day that fit the engine's narrower integers.
        let start = jiff::civil::Date::new(date.year(), date.month() as i8, date.day() as i8)
            .and_then(|civil| civil.to_zoned(self.0.clone()))
            .and_then(|midnight| midnight.start_of_day());
        match start {
            Ok(start) => Instant::from_ms(start.timestamp().as_millisecond()),
            // The engine's years end a day before ours: beyond, the last offset stays.
            Err(_) => {
                let offset_ms =
                    i64::from(self.0.to_offset(Instant::MAX.timestamp()).seconds()) * 1_000;
                Instant::from_ms(date.days_since_1970() * MS_PER_DAY - offset_ms)
            }
        }
    }

    /// The first instant after the day here: the start of the next day, so a day is
    /// `day_start(date)..day_end(date)` and days leave no gap between them.
    pub fn day_end(&self, date: Date) -> Instant {
        date.next().map_or(Instant::MAX, |next| self.day_start(next))
    }

    /// How many minutes of the day the clock on the wall shows here, 0 to 1439.
    pub fn minute_of_day(&self, instant: Instant) -> u16 {
        let minute = self.wall_ms(instant).rem_euclid(MS_PER_DAY) / 60_000;
        u16::try_from(minute).unwrap_or(0)
    }

    /// The instant at which the clock on the wall shows that minute of a day. Where clocks skip it,
    /// as much later as they skip; where they show it twice, the first time (RFC 5545, 3.3.5).
    pub fn at_minute(&self, date: Date, minute: u16) -> Instant {
        let (hour, minute) = (minute / 60 % 24, minute % 60);
        // Hours and minutes fit the engine's narrower integers: they are below 24 and 60.
        let time = jiff::civil::Time::new(hour as i8, minute as i8, 0, 0);
        let civil = jiff::civil::Date::new(date.year(), date.month() as i8, date.day() as i8);
        match (civil, time) {
            (Ok(civil), Ok(time)) => match civil.to_datetime(time).to_zoned(self.0.clone()) {
                Ok(zoned) => Instant::from_ms(zoned.timestamp().as_millisecond()),
                Err(_) => self.day_start(date),
            },
            _ => self.day_start(date),
        }
    }

    /// `01/21/2025 05:08 PM`, the form of `created_at` in API v1.
    pub fn us_clock(&self, instant: Instant) -> impl fmt::Display {
        let wall = self.wall(instant);
        fmt::from_fn(move |f| {
            let Wall { date, hour_12, minute, half, .. } = wall;
            let (year, month, day) = (date.year(), date.month(), date.day());
            write!(f, "{month:02}/{day:02}/{year:04} {hour_12:02}:{minute:02} {half}")
        })
    }

    /// `Jan 21, 2025, 5:08 PM EST`, the form that the portal shows.
    pub fn portal(&self, instant: Instant) -> impl fmt::Display + use<'_> {
        let wall = self.wall(instant);
        let zone = self.0.to_offset_info(instant.timestamp());
        fmt::from_fn(move |f| {
            let Wall { date, hour_12, minute, half, .. } = wall;
            let (date, zone) = (date.in_words(), zone.abbreviation());
            write!(f, "{date}, {hour_12}:{minute:02} {half} {zone}")
        })
    }

    /// `Tue, Jan 21, 2025, 5:08:20 PM EST`: the form that leaves no question open.
    pub fn exact(&self, instant: Instant) -> impl fmt::Display + use<'_> {
        let wall = self.wall(instant);
        let zone = self.0.to_offset_info(instant.timestamp());
        let second = self.wall_ms(instant).div_euclid(1_000).rem_euclid(60);
        fmt::from_fn(move |f| {
            let Wall { date, hour_12, minute, half, .. } = wall;
            let (weekday, zone) = (date.weekday(), zone.abbreviation());
            let date = date.in_words();
            write!(f, "{weekday}, {date}, {hour_12}:{minute:02}:{second:02} {half} {zone}")
        })
    }

    /// Milliseconds since 1970-01-01 00:00 on the clock on the wall.
    fn wall_ms(&self, instant: Instant) -> i64 {
        instant.as_ms() + i64::from(self.0.to_offset(instant.timestamp()).seconds()) * 1_000
    }

    fn wall(&self, instant: Instant) -> Wall {
        let ms = self.wall_ms(instant);
        let minute_of_day = ms.rem_euclid(MS_PER_DAY) / 60_000;
        let hour = minute_of_day / 60;
        Wall {
            date: Date::nearest(ms.div_euclid(MS_PER_DAY)),
            hour_12: (hour + 11) % 12 + 1,
            minute: minute_of_day % 60,
            half: if hour < 12 { "AM" } else { "PM" },
        }
    }
}

/// What the calendar and a twelve-hour clock on the wall show.
#[derive(Clone, Copy)]
struct Wall {
    date: Date,
    hour_12: i64,
    minute: i64,
    half: &'static str,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be the name of an IANA time zone, such as America/New_York")
    }
}

impl std::error::Error for UnknownZone {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    /// The instants of a day, and how many hours it has.
    fn check_day(name: &str, date: &str, start: &str, hours: f64) {
        let date = Date::parse(date).unwrap();
        let (from, to) = (zone(name).day_start(date), zone(name).day_end(date));
        assert_eq!(from, at(start), "{name} {date} starts");
        assert_eq!(to.ms_since(from) as f64 / 3_600_000.0, hours, "{name} {date} in hours");
    }

    #[test]
    fn the_golden_instant_in_new_york() {
        let (new_york, golden) = (zone("America/New_York"), at("2025-01-21T22:08:20.671Z"));
        assert_eq!(new_york.us_clock(golden).to_string(), "01/21/2025 05:08 PM");
        assert_eq!(new_york.portal(golden).to_string(), "Jan 21, 2025, 5:08 PM EST");
        assert_eq!(new_york.exact(golden).to_string(), "Tue, Jan 21, 2025, 5:08:20 PM EST");
        assert_eq!(new_york.date(golden), Date::new(2025, 1, 21).unwrap());
        let july = at("2025-07-05T04:00:00Z");
        assert_eq!(new_york.portal(july).to_string(), "Jul 5, 2025, 12:00 AM EDT");
        assert_eq!(new_york.us_clock(july.minus_ms(1)).to_string(), "07/04/2025 11:59 PM");
        assert_eq!(
            new_york.us_clock(at("2025-07-04T16:00:00Z")).to_string(),
            "07/04/2025 12:00 PM"
        );
        assert_eq!(zone("Asia/Kolkata").portal(golden).to_string(), "Jan 22, 2025, 3:38 AM IST");
        assert_eq!(Zone::utc().portal(golden).to_string(), "Jan 21, 2025, 10:08 PM UTC");
    }

    #[test]
    fn a_day_has_the_hours_that_its_clocks_give_it() {
        check_day("America/New_York", "2025-01-21", "2025-01-21T05:00:00Z", 24.0);
        check_day("America/New_York", "2025-03-09", "2025-03-09T05:00:00Z", 23.0);
        check_day("America/New_York", "2025-11-02", "2025-11-02T04:00:00Z", 25.0);
        check_day("Australia/Lord_Howe", "2025-04-06", "2025-04-05T13:00:00Z", 24.5);
        check_day("Europe/London", "2025-03-30", "2025-03-30T00:00:00Z", 23.0);
        // Midnight does not exist: the clock goes from 23:59 to 01:00.
        check_day("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", 23.0);
        check_day("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", 25.0);
        // Midnight exists twice: the first one counts.
        check_day("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z", 25.0);
        // The day that Samoa left out.
        check_day("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 24.0);
        check_day("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0.0);
        check_day("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", 24.0);
    }

    #[test]
    fn the_ends_of_the_calendar_are_days_too() {
        for name in
            ["UTC", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
        {
            let zone = zone(name);
            assert!(zone.day_start(Date::MIN) < zone.day_end(Date::MIN), "{name}");
            assert!(zone.day_start(Date::MAX) < zone.day_end(Date::MAX), "{name}");
            assert_eq!(zone.day_end(Date::MAX), Instant::MAX);
            zone.portal(Instant::MIN).to_string();
            zone.exact(Instant::MIN).to_string();
            zone.us_clock(Instant::MAX).to_string();
        }
        let new_york = zone("America/New_York");
        assert_eq!(new_york.day_start(Date::MAX), at("9999-12-31T05:00:00.000Z"));
        assert_eq!(new_york.us_clock(Instant::MAX).to_string(), "12/31/9999 06:59 PM");
    }

    #[test]
    fn names_are_those_of_the_database() {
        assert_eq!(zone("america/new_york").name(), "America/New_York");
        assert_eq!(zone("america/new_york"), zone("America/New_York"));
        assert_eq!(zone("UTC"), Zone::utc());
        for name in [
            "",
            "Mars/Olympus",
            "Etc/Unknown",
            "../etc/passwd",
            "EST5EDT,M3.2.0,M11.1.0",
            "\0",
            "Local",
        ] {
            assert_eq!(Zone::named(name), Err(UnknownZone), "{name:?}");
        }
    }

    const NAMES: [&str; 10] = [
        "UTC",
        "America/New_York",
        "America/Los_Angeles",
        "Europe/London",
        "Asia/Kolkata",
        "Asia/Tokyo",
        "America/Sao_Paulo",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "America/Havana",
    ];

    proptest! {
        #[test]
        fn every_instant_lies_within_its_own_day(
            ms in at("1970-01-01T00:00:00Z").as_ms()..at("2100-01-01T00:00:00Z").as_ms(),
            name in prop::sample::select(&NAMES[..]),
        ) {
            let (zone, instant) = (zone(name), Instant::from_ms(ms));
            let date = zone.date(instant);
            prop_assert!(zone.day_start(date) <= instant);
            prop_assert!(instant < zone.day_end(date));
            let by_engine = instant.timestamp().to_zoned(zone.0.clone());
            prop_assert_eq!(by_engine.strftime("%m/%d/%Y %I:%M %p").to_string(), zone.us_clock(instant).to_string());
        }

        #[test]
        fn days_follow_each_other_without_a_gap(
            days in Date::MIN.days_since_1970()..Date::MAX.days_since_1970(),
            name in prop::sample::select(&NAMES[..]),
        ) {
            let (zone, date) = (zone(name), Date::nearest(days));
            let next = date.next().unwrap();
            prop_assert_eq!(zone.day_end(date), zone.day_start(next));
            prop_assert!(zone.day_start(date) <= zone.day_end(date));
        }
    }
}
