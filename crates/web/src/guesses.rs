//! Wrong tokens and passwords, counted by the address that they come from.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::{Instant, limits::MINUTE_MS};

/// Wrong guesses that one address has in a minute before it must wait.
const GUESSES_PER_MINUTE: u32 = 300;

/// Addresses that are counted at once; beyond, those whose minute is over are forgotten.
const ADDRESSES: usize = 100_000;

/// Counts wrong guesses. A right token or password is never held back: only what is wrong is
/// answered with "wait" once an address has used up its minute.
#[derive(Debug, Default)]
pub struct Guesses {
    minutes: Mutex<HashMap<IpAddr, Minute>>,
}

#[derive(Clone, Copy, Debug)]
struct Minute {
    began_at: Instant,
    wrong: u32,
}

impl Guesses {
    /// Counts a wrong guess. `Some(seconds)` if the address is to wait that long.
    pub fn wrong(&self, from: IpAddr, now: Instant) -> Option<i64> {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |minute: &Minute| !(0..MINUTE_MS).contains(&now.ms_since(minute.began_at));
        if minutes.len() >= ADDRESSES {
            minutes.retain(|_, minute| !is_over(minute));
        }
        let fresh = Minute { began_at: now, wrong: 0 };
        let minute = minutes.entry(from).or_insert(fresh);
        if is_over(minute) {
            *minute = fresh;
        }
        minute.wrong += 1;
        let left_ms = MINUTE_MS - now.ms_since(minute.began_at);
        (minute.wrong > GUESSES_PER_MINUTE).then_some((left_ms + 999) / 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_waits_for_its_next_minute() {
        let guesses = Guesses::default();
        let [one, other] = [[192, 0, 2, 1], [192, 0, 2, 2]].map(IpAddr::from);
        let at = Instant::from_ms;
        for _ in 0..GUESSES_PER_MINUTE {
            assert_eq!(guesses.wrong(one, at(0)), None);
        }
        assert_eq!(guesses.wrong(one, at(1_000)), Some(59));
        assert_eq!(guesses.wrong(other, at(1_000)), None);
        assert_eq!(guesses.wrong(one, at(60_000)), None);
    }
}
