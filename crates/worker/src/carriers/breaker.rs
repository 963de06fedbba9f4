//! Leaving a carrier alone that fails again and again, so that others are asked meanwhile.

use domain::delivery::Outcome;
use domain::{Instant, limits};

/// Failures in a row after which a carrier is left alone.
const FAILURES: u32 = 5;
/// How long it is left alone at first, in milliseconds; twice as long each time that it still fails.
const SHUT_FIRST_MS: i64 = 5 * limits::SECOND_MS;
/// How long it is left alone at most, in milliseconds.
const SHUT_LONGEST_MS: i64 = limits::MINUTE_MS;

/// What a carrier's last sends say about it.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    shut_until: Option<Instant>,
}

impl Breaker {
    /// Until when the carrier is left alone; `None` if it is not.
    pub(super) fn shut_until(&self, now: Instant) -> Option<Instant> {
        self.shut_until.filter(|until| *until > now)
    }

    /// Takes in how a send went. True if the carrier is left alone from now on.
    pub(super) fn note(&mut self, outcome: &Outcome, now: Instant) -> bool {
        let asked_ms = match outcome {
            // It answered: what it said about a recipient or a text says nothing against it.
            Outcome::Sent { .. } | Outcome::Absent(_) | Outcome::Never(_) | Outcome::Captured => {
                *self = Breaker::default();
                return false;
            }
            Outcome::Later { wait_ms, .. } => (*wait_ms).min(SHUT_LONGEST_MS),
            Outcome::Unknown(_) => 0,
        };
        let was_shut = self.shut_until(now).is_some();
        self.failures = self.failures.saturating_add(1);
        let own_ms = match self.failures.checked_sub(FAILURES) {
            None => 0,
            Some(more) => (SHUT_FIRST_MS << (more / FAILURES).min(10)).min(SHUT_LONGEST_MS),
        };
        let wait_ms = asked_ms.max(own_ms);
        if wait_ms == 0 {
            return false;
        }
        self.shut_until = self.shut_until.max(Some(now.plus_ms(wait_ms)));
        !was_shut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Instant {
        Instant::from_ms(ms)
    }

    #[test]
    fn five_failures_in_a_row_shut_it_and_one_answer_opens_it() {
        let later = |wait_ms| Outcome::Later { reason: String::new(), wait_ms };
        let mut breaker = Breaker::default();
        for _ in 1..FAILURES {
            assert!(!breaker.note(&later(0), at(0)));
            assert_eq!(breaker.shut_until(at(0)), None);
        }
        assert!(breaker.note(&later(0), at(0)), "the fifth");
        assert_eq!(breaker.shut_until(at(1)), Some(at(SHUT_FIRST_MS)));
        assert!(!breaker.note(&later(0), at(1)), "it is shut already");
        assert_eq!(breaker.shut_until(at(SHUT_FIRST_MS + 1)), None, "then it is tried");
        breaker.note(&Outcome::Absent(String::new()), at(SHUT_FIRST_MS + 2));
        assert!(!breaker.note(&later(0), at(SHUT_FIRST_MS + 3)));
    }

    #[test]
    fn it_is_left_alone_as_long_as_it_asks_but_not_for_ever() {
        let mut breaker = Breaker::default();
        let outcome = Outcome::Later { reason: String::new(), wait_ms: 30_000 };
        assert!(breaker.note(&outcome, at(0)));
        assert_eq!(breaker.shut_until(at(0)), Some(at(30_000)));
        let mut greedy = Breaker::default();
        greedy.note(&Outcome::Later { reason: String::new(), wait_ms: i64::MAX }, at(0));
        assert_eq!(greedy.shut_until(at(0)), Some(at(SHUT_LONGEST_MS)));
        for _ in 0..1_000 {
            breaker.note(&Outcome::Unknown(String::new()), at(0));
        }
        assert_eq!(breaker.shut_until(at(0)), Some(at(SHUT_LONGEST_MS)));
    }
}
