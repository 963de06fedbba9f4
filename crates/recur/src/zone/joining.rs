//! How a zone joins wall clocks to instants: a gap is moved over, of two passes the first counts.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;

use super::Zone;
use crate::date::Date;

pub(crate) const SECONDS_PER_DAY: i64 = 86_400;

/// What a wall clock reading is in a zone, in seconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    /// The reading exists; where clocks are set back and it comes twice, this is the first time.
    There(i64),
    /// Clocks skip the reading: the instant is later by the length of the gap (RFC 5545, 3.3.5).
    Moved(i64),
    /// The zone left the whole day out, as Samoa did with 30 December 2011.
    NoSuchDay,
}

impl Zone {
    /// Seconds that the clocks on the wall are ahead of UTC, at a second since 1970.
    pub(crate) fn offset_s(&self, utc_s: i64) -> i64 {
        i64::from(self.0.to_offset(timestamp(utc_s)).seconds())
    }

    /// The first second after this one at which the clocks on the wall are set.
    pub(crate) fn change_after(&self, utc_s: i64) -> Option<i64> {
        let offset_s = self.offset_s(utc_s);
        // Some entries of the database only change the zone's abbreviation.
        let mut entries = self.0.following(timestamp(utc_s));
        let change = entries.find(|change| i64::from(change.offset().seconds()) != offset_s)?;
        Some(change.timestamp().as_second())
    }

    /// The instant of a wall clock reading, given in seconds since 1970-01-01 00:00 on that clock.
    pub(crate) fn join(&self, wall_s: i64) -> Joined {
        match self.0.to_ambiguous_timestamp(reading(wall_s)).offset() {
            AmbiguousOffset::Unambiguous { offset } => {
                Joined::There(wall_s - i64::from(offset.seconds()))
            }
            AmbiguousOffset::Fold { before, .. } => {
                Joined::There(wall_s - i64::from(before.seconds()))
            }
            AmbiguousOffset::Gap { before, after } => {
                let gap_s = i64::from(after.seconds()) - i64::from(before.seconds());
                if gap_s >= SECONDS_PER_DAY && self.leaves_out(wall_s.div_euclid(SECONDS_PER_DAY)) {
                    return Joined::NoSuchDay;
                }
                Joined::Moved(wall_s - i64::from(before.seconds()))
            }
        }
    }

    fn leaves_out(&self, day: i64) -> bool {
        [0, SECONDS_PER_DAY - 1].into_iter().all(|second| {
            let reading = reading(day * SECONDS_PER_DAY + second);
            let offset = self.0.to_ambiguous_timestamp(reading).offset();
            matches!(offset, AmbiguousOffset::Gap { .. })
        })
    }
}

/// The engine's time stamp; its own years end a little inside ours, and beyond its end it stops.
fn timestamp(utc_s: i64) -> Timestamp {
    let end = if utc_s < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(utc_s).unwrap_or(end)
}

fn reading(wall_s: i64) -> DateTime {
    let date = Date::nearest(wall_s.div_euclid(SECONDS_PER_DAY));
    let second = wall_s.rem_euclid(SECONDS_PER_DAY);
    // A `Date` and a second of a day always fit the engine's narrower integers and its years.
    let (month, day) = (date.month() as i8, date.day() as i8);
    let (hour, minute) = ((second / 3_600) as i8, (second / 60 % 60) as i8);
    DateTime::new(date.year(), month, day, hour, minute, (second % 60) as i8, 0)
        .unwrap_or(DateTime::MAX)
}
