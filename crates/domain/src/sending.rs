//! An account's rules for what is sent in its name: quiet hours, and how much at most.

use crate::{Channel, Instant, Invalid, Zone, limits};

/// An account's rules for sending. The default has no quiet hours and the common limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// When phones are left alone.
    pub quiet: Option<Quiet>,
    /// Sends over one channel in a minute at most.
    pub per_minute: i64,
    /// Sends over one channel in a day at most.
    pub per_day: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            quiet: None,
            per_minute: limits::CHANNEL_PER_MINUTE,
            per_day: limits::CHANNEL_PER_DAY,
        }
    }
}

impl Rules {
    /// Checks them.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::new();
        let range = |n| (1..=1_000_000).contains(&n);
        invalid.require(range(self.per_minute), "per_minute", "must be 1 to 1000000");
        invalid.require(range(self.per_day), "per_day", "must be 1 to 1000000");
        if let Some(quiet) = self.quiet {
            let same = quiet.from_minute == quiet.until_minute;
            invalid.require(!same, "quiet_until", "must not be the same time as quiet_from");
        }
        invalid.or(self)
    }
}

/// Hours of the recipient's day in which To Dos do not make its phone ring or buzz. E-mail is
/// silent and goes out all the same; so do messages, which somebody on call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// The first quiet minute of the day, from midnight.
    pub from_minute: u16,
    /// The first minute that is not quiet any more. Before `from_minute`, it is on the next day.
    pub until_minute: u16,
    /// What is done with a To Do that is due meanwhile.
    pub policy: QuietPolicy,
}

/// What is done with a To Do that is due in quiet hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuietPolicy {
    /// It waits until they are over.
    Defer,
    /// It does not go out, and its run says why.
    Skip,
}

impl QuietPolicy {
    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            QuietPolicy::Defer => "defer",
            QuietPolicy::Skip => "skip",
        }
    }

    /// The policy with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [QuietPolicy::Defer, QuietPolicy::Skip].into_iter().find(|policy| policy.as_str() == word)
    }
}

impl Quiet {
    /// When these quiet hours end, if it is quiet at `now` for a recipient in `zone` on `channel`.
    pub fn until(&self, channel: Channel, now: Instant, zone: &Zone) -> Option<Instant> {
        if channel == Channel::Email {
            return None;
        }
        let minute = zone.minute_of_day(now);
        let is_overnight = self.until_minute < self.from_minute;
        let (is_quiet, ends_tomorrow) = if is_overnight {
            let evening = minute >= self.from_minute;
            (evening || minute < self.until_minute, evening)
        } else {
            ((self.from_minute..self.until_minute).contains(&minute), false)
        };
        if !is_quiet {
            return None;
        }
        let today = zone.date(now);
        let day = if ends_tomorrow { today.next()? } else { today };
        Some(zone.at_minute(day, self.until_minute)).filter(|end| *end > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_end_where_the_recipient_lives() {
        let night =
            Quiet { from_minute: 21 * 60, until_minute: 8 * 60, policy: QuietPolicy::Defer };
        let noon = Quiet { from_minute: 12 * 60, until_minute: 13 * 60, policy: QuietPolicy::Skip };
        let check = |quiet: Quiet, zone: &str, now: &str, end: Option<&str>| {
            let at = |text| Instant::parse(text).expect("an instant");
            let zone = Zone::named(zone).expect("a zone");
            assert_eq!(quiet.until(Channel::Sms, at(now), &zone), end.map(at), "{zone} {now}");
            assert_eq!(quiet.until(Channel::Email, at(now), &zone), None);
        };
        let (new_york, los_angeles) = ("America/New_York", "America/Los_Angeles");
        check(night, new_york, "2025-01-22T01:59:59Z", None);
        check(night, new_york, "2025-01-22T02:00:00Z", Some("2025-01-22T13:00:00Z"));
        check(night, new_york, "2025-01-22T12:59:59Z", Some("2025-01-22T13:00:00Z"));
        check(night, new_york, "2025-01-22T13:00:00Z", None);
        check(night, los_angeles, "2025-01-22T13:00:00Z", Some("2025-01-22T16:00:00Z"));
        // The night in which clocks go forward, and the one in which they go back.
        check(night, new_york, "2025-03-09T03:00:00Z", Some("2025-03-09T12:00:00Z"));
        check(night, new_york, "2025-11-02T03:00:00Z", Some("2025-11-02T13:00:00Z"));
        check(noon, new_york, "2025-01-22T17:30:00Z", Some("2025-01-22T18:00:00Z"));
        check(noon, new_york, "2025-01-22T18:00:00Z", None);
    }
}
