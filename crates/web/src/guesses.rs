//! Wrong tokens and passwords, counted by where they come from and whom they are for.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::limits::{self, MINUTE_MS};
use domain::{Instant, TenantId};

/// Those that are counted at once; beyond, whoever's minute is over is forgotten.
const COUNTED: usize = 100_000;

/// What a wrong guess is counted under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Guesser {
    /// Tokens from an address.
    Tokens(IpAddr),
    /// Passwords from an address.
    Passwords(IpAddr),
    /// Passwords for one e-mail address, from anywhere.
    Account(TenantId, String),
}

impl Guesser {
    /// Wrong guesses in a minute before there is a wait.
    fn limit(&self) -> u32 {
        match self {
            Guesser::Tokens(_) => limits::TOKEN_GUESSES,
            Guesser::Passwords(_) => limits::PASSWORD_GUESSES,
            Guesser::Account(..) => limits::ACCOUNT_GUESSES,
        }
    }
}

/// Counts wrong guesses by the minute.
///
/// A token has 160 random bits: what is right is never held back, and only what is wrong is
/// answered with "wait". A password counts as wrong before it is looked at, so that many at once
/// gain nothing; it is not looked at while its guesser waits, and forgiven if it is right.
#[derive(Debug, Default)]
pub struct Guesses {
    minutes: Mutex<HashMap<Guesser, Minute>>,
}

#[derive(Clone, Copy, Debug)]
struct Minute {
    began_at: Instant,
    wrong: u32,
}

impl Minute {
    fn is_over(&self, now: Instant) -> bool {
        !(0..MINUTE_MS).contains(&now.ms_since(self.began_at))
    }

    /// Whole seconds until it is over.
    fn left_s(&self, now: Instant) -> i64 {
        (MINUTE_MS - now.ms_since(self.began_at) + 999) / 1_000
    }
}

impl Guesses {
    /// Counts a wrong guess. `Some(seconds)` if the guesser is to wait that long.
    pub fn wrong(&self, guesser: Guesser, now: Instant) -> Option<i64> {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.len() >= COUNTED {
            minutes.retain(|_, minute| !minute.is_over(now));
        }
        let limit = guesser.limit();
        let fresh = Minute { began_at: now, wrong: 0 };
        let minute = minutes.entry(guesser).or_insert(fresh);
        if minute.is_over(now) {
            *minute = fresh;
        }
        minute.wrong = minute.wrong.saturating_add(1);
        (minute.wrong > limit).then(|| minute.left_s(now))
    }

    /// Takes back what was counted before it was known to be right.
    pub fn forgive(&self, guesser: &Guesser) {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(minute) = minutes.get_mut(guesser) {
            minute.wrong = minute.wrong.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guesser_waits_for_its_next_minute() {
        let guesses = Guesses::default();
        let [one, other] = [[192, 0, 2, 1], [192, 0, 2, 2]].map(IpAddr::from);
        let at = Instant::from_ms;
        for _ in 0..Guesser::Passwords(one).limit() {
            assert_eq!(guesses.wrong(Guesser::Passwords(one), at(0)), None);
        }
        assert_eq!(guesses.wrong(Guesser::Passwords(one), at(1_000)), Some(59));
        assert_eq!(guesses.wrong(Guesser::Passwords(other), at(1_000)), None);
        assert_eq!(guesses.wrong(Guesser::Tokens(one), at(1_000)), None);
        assert_eq!(guesses.wrong(Guesser::Passwords(one), at(60_000)), None);
    }

    #[test]
    fn what_was_right_does_not_count() {
        let guesses = Guesses::default();
        let who = Guesser::Passwords(IpAddr::from([192, 0, 2, 1]));
        for _ in 0..10 * who.limit() {
            assert_eq!(guesses.wrong(who.clone(), Instant::from_ms(0)), None);
            guesses.forgive(&who);
        }
    }
}
