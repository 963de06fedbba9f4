//! What follows from a webhook's answer: done, another attempt and when, given up, or disabled.

use crate::{Instant, limits};

/// The answer to one post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostAnswer {
    /// The status of HTTP; `None` where no answer came.
    pub status: Option<u16>,
    /// The same in a sentence for a person.
    pub detail: String,
    /// The beginning of the answer's body.
    pub body: String,
    /// How long the receiver asks to be left alone, in milliseconds.
    pub retry_after_ms: Option<i64>,
}

impl PostAnswer {
    /// Whether the receiver took the event.
    pub fn is_taken(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the receiver wants no more events, ever.
    pub fn is_gone(&self) -> bool {
        self.status == Some(410)
    }
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostVerdict {
    /// The receiver took it.
    Delivered,
    /// It is tried again at that instant.
    Again(Instant),
    /// It was tried often enough.
    Failed,
    /// The receiver wants no more events: its webhook is to be disabled.
    Gone,
}

/// What follows from the answer to attempt number `tries` (from 1), which came at `now`. `jitter`
/// is any number: a tenth of each wait is drawn by it.
///
/// The waits are those of Svix (<https://docs.svix.com/retries>). A receiver that asks for more
/// time gets it, up to [`limits::HOOK_RETRY_AFTER_MS`].
pub fn decide(answer: &PostAnswer, tries: i64, now: Instant, jitter: u64) -> PostVerdict {
    if answer.is_taken() {
        return PostVerdict::Delivered;
    }
    if answer.is_gone() {
        return PostVerdict::Gone;
    }
    let made = usize::try_from(tries.max(1) - 1).unwrap_or(usize::MAX);
    let Some(wait_ms) = limits::HOOK_WAITS_MS.get(made) else {
        return PostVerdict::Failed;
    };
    let asked_ms = answer.retry_after_ms.unwrap_or(0).clamp(0, limits::HOOK_RETRY_AFTER_MS);
    let wait_ms = (*wait_ms).max(asked_ms);
    let tenth = wait_ms.unsigned_abs() / 10 + 1;
    PostVerdict::Again(now.plus_ms(wait_ms + i64::try_from(jitter % tenth).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16) -> PostAnswer {
        PostAnswer { status: Some(status), ..PostAnswer::default() }
    }

    #[test]
    fn only_success_is_success_and_only_410_is_final() {
        let at = Instant::from_ms(0);
        for status in [200, 201, 204, 299] {
            assert_eq!(decide(&answered(status), 1, at, 0), PostVerdict::Delivered);
        }
        assert_eq!(decide(&answered(410), 1, at, 0), PostVerdict::Gone);
        for status in [100, 301, 307, 400, 401, 404, 408, 429, 500, 503] {
            assert_eq!(decide(&answered(status), 1, at, 0), PostVerdict::Again(at.plus_ms(5_000)));
        }
        assert_eq!(decide(&PostAnswer::default(), 1, at, 0), PostVerdict::Again(at.plus_ms(5_000)));
    }

    #[test]
    fn ten_attempts_over_three_days() {
        let mut at = Instant::from_ms(0);
        let mut tries = 1;
        while let PostVerdict::Again(next) = decide(&answered(500), tries, at, 0) {
            at = next;
            tries += 1;
        }
        assert_eq!((tries, at.as_ms()), (10, 5_000 + 35 * 60_000 + 75 * 3_600_000));
    }

    #[test]
    fn a_receiver_gets_the_time_that_it_asks_for_up_to_a_bound() {
        let asks = |ms| PostAnswer { retry_after_ms: Some(ms), ..answered(429) };
        let wait =
            |answer: &PostAnswer, jitter| match decide(answer, 1, Instant::from_ms(0), jitter) {
                PostVerdict::Again(at) => at.as_ms(),
                other => panic!("{other:?}"),
            };
        assert_eq!(wait(&asks(60_000), 0), 60_000);
        assert_eq!(wait(&asks(1_000), 0), 5_000);
        assert_eq!(wait(&asks(-7), 0), 5_000);
        assert_eq!(wait(&asks(i64::MAX), 0), limits::HOOK_RETRY_AFTER_MS);
        for jitter in [1, 77, 499, 500, 501, u64::MAX] {
            assert!((5_000..=5_500).contains(&wait(&answered(500), jitter)), "{jitter}");
        }
    }
}
