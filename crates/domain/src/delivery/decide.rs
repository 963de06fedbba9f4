//! What follows from an attempt: whether it is made again, when, and what the log says.

use super::{Channel, Delivery, IfUnsure, Reach, State};
use crate::{Instant, activity::ActivityKind, limits};

/// The outcome of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier took it.
    Sent {
        /// What it answered, on one line.
        response: String,
        /// How far it got by then.
        reach: Reach,
        /// The carrier's ids of it, which its later reports name.
        references: Vec<String>,
    },
    /// No carrier is configured: it was kept.
    Captured,
    /// It did not go out, through the carrier's fault: it may work later, or elsewhere.
    Later {
        /// Why, in a sentence.
        reason: String,
        /// How long the carrier asks to be left alone, in milliseconds; 0 if it does not.
        wait_ms: i64,
    },
    /// The carrier did its part, but the recipient was not to be had.
    Absent(String),
    /// It will never work.
    Never(String),
    /// It may have gone out: no answer came, or the process ended before one could be written.
    Unknown(String),
}

impl Outcome {
    /// The word for it in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Outcome::Sent { .. } => "sent",
            Outcome::Captured => "captured",
            Outcome::Later { .. } => "later",
            Outcome::Absent(_) => "absent",
            Outcome::Never(_) => "never",
            Outcome::Unknown(_) => "unknown",
        }
    }

    /// The carrier's answer or the reason.
    pub fn detail(&self) -> &str {
        match self {
            Outcome::Captured => "",
            Outcome::Sent { response: text, .. }
            | Outcome::Later { reason: text, .. }
            | Outcome::Absent(text)
            | Outcome::Never(text)
            | Outcome::Unknown(text) => text,
        }
    }
}

/// What follows from an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The delivery's new state.
    pub state: State,
    /// What the message's log says.
    pub activity: ActivityKind,
    /// When to try again.
    pub again_at: Option<Instant>,
    /// Why it is given up, where that is more than the attempt's own reason.
    pub because: Option<&'static str>,
}

/// Decides what follows from the outcome of the delivery's last attempt, which ended at `now`.
///
/// An attempt of unknown outcome is repeated if the carrier honours the idempotency key
/// (`honours_key`), and otherwise only where a duplicate is better than a silence. `jitter` is any
/// number; it spreads retries, so that they do not all come at once.
pub fn decide(
    delivery: &Delivery,
    outcome: &Outcome,
    honours_key: bool,
    now: Instant,
    jitter: u64,
) -> Decision {
    let end = |state, activity, because| Decision { state, activity, again_at: None, because };
    let (activity, wait_ms) = match outcome {
        Outcome::Sent { .. } => return end(State::Sent, ActivityKind::Sent, None),
        Outcome::Captured => return end(State::Captured, ActivityKind::Captured, None),
        Outcome::Never(_) => return end(State::Failed, ActivityKind::Failed, None),
        Outcome::Unknown(_) if !honours_key && delivery.if_unsure == IfUnsure::Stop => {
            let because = "It may have gone out, and it is not to be sent twice.";
            return end(State::Failed, ActivityKind::Failed, Some(because));
        }
        Outcome::Later { wait_ms, .. } => (ActivityKind::Retrying, *wait_ms),
        Outcome::Absent(_) => (ActivityKind::Retrying, limits::ABSENT_WAIT_MS),
        Outcome::Unknown(_) => (ActivityKind::Unsure, 0),
    };
    if delivery.attempts - delivery.crashes >= delivery.channel.attempts() {
        return end(State::Failed, ActivityKind::Failed, Some("No attempt is left."));
    }
    let wait_ms = wait_ms.max(backoff_ms(delivery.channel, delivery.attempts, jitter));
    let again_at = now.plus_ms(wait_ms);
    if again_at > delivery.expires_at {
        return end(State::Failed, ActivityKind::Failed, Some("Its time is over."));
    }
    Decision { state: State::Queued, activity, again_at: Some(again_at), because: None }
}

/// The wait after attempt `number` in milliseconds: doubling up to the channel's longest, of which
/// a random half is taken.
fn backoff_ms(channel: Channel, number: i64, jitter: u64) -> i64 {
    let longest_ms = match channel {
        Channel::Email => limits::BACKOFF_LONGEST_MS,
        Channel::Sms | Channel::Call => limits::PHONE_BACKOFF_LONGEST_MS,
    };
    let doublings = u32::try_from(number.clamp(1, 20) - 1).unwrap_or(0);
    let full_ms = (limits::BACKOFF_FIRST_MS << doublings).min(longest_ms);
    let half_ms = full_ms / 2;
    let part_ms = i64::try_from(jitter % (half_ms.unsigned_abs() + 1)).unwrap_or(0);
    half_ms + part_ms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountId;
    use crate::delivery::Cause;

    fn delivery(channel: Channel, attempts: i64) -> Delivery {
        let (key, now) = (String::new(), Instant::from_ms(0));
        let queued = Delivery::queued(AccountId(1), Cause::Reply, channel, String::new(), key, now);
        let expires_at = now.plus_ms(limits::HOUR_MS);
        Delivery { state: State::Sending, attempts, expires_at, ..queued }
    }

    #[test]
    fn each_outcome_has_its_decision() {
        use ActivityKind as Kind;
        use Channel::{Call, Email, Sms};
        let check = |outcome: Outcome, (channel, number), state, activity, again: Option<i64>| {
            let now = Instant::from_ms(0);
            let decision = decide(&delivery(channel, number), &outcome, false, now, 0);
            let got = (decision.state, decision.activity, decision.again_at);
            assert_eq!(got, (state, activity, again.map(Instant::from_ms)), "{outcome:?} {number}");
        };
        let later = |wait_ms| Outcome::Later { reason: "The carrier was busy.".into(), wait_ms };
        let unknown = || Outcome::Unknown("No answer came.".into());
        let absent = || Outcome::Absent("The line was busy.".into());
        let response = "250".to_owned();
        let sent = Outcome::Sent { response, reach: Reach::Carrier, references: Vec::new() };
        check(sent, (Email, 1), State::Sent, Kind::Sent, None);
        check(Outcome::Captured, (Sms, 1), State::Captured, Kind::Captured, None);
        check(Outcome::Never("No.".into()), (Email, 1), State::Failed, Kind::Failed, None);
        check(later(0), (Email, 1), State::Queued, Kind::Retrying, Some(7_500));
        check(later(0), (Email, 2), State::Queued, Kind::Retrying, Some(15_000));
        check(later(60_000), (Sms, 1), State::Queued, Kind::Retrying, Some(60_000));
        check(unknown(), (Email, 3), State::Queued, Kind::Unsure, Some(30_000));
        check(unknown(), (Call, 1), State::Failed, Kind::Failed, None);
        check(absent(), (Call, 1), State::Queued, Kind::Retrying, Some(limits::ABSENT_WAIT_MS));
        check(later(0), (Email, Email.attempts()), State::Failed, Kind::Failed, None);
        check(absent(), (Call, Call.attempts()), State::Failed, Kind::Failed, None);
        check(later(2 * limits::HOUR_MS), (Email, 1), State::Failed, Kind::Failed, None);
    }

    #[test]
    fn our_own_crashes_use_up_no_attempt() {
        let outcome = Outcome::Unknown("The server stopped.".into());
        let last = Channel::Sms.attempts();
        for (crashes, state) in [(0, State::Failed), (1, State::Queued)] {
            let crashed = Delivery { crashes, ..delivery(Channel::Sms, last) };
            let decision = decide(&crashed, &outcome, false, Instant::from_ms(0), 0);
            assert_eq!(decision.state, state, "{crashes}");
        }
    }

    #[test]
    fn a_carrier_that_honours_the_key_is_asked_again_even_about_a_call() {
        let outcome = Outcome::Unknown("No answer came.".into());
        let call = delivery(Channel::Call, 1);
        let decision = decide(&call, &outcome, true, Instant::from_ms(0), 0);
        assert_eq!(decision.state, State::Queued);
    }

    #[test]
    fn waits_grow_to_the_longest_and_jitter_stays_within_half() {
        for channel in Channel::ALL {
            for number in 1..100 {
                for jitter in [0, 1, 7_499, 7_500, u64::MAX] {
                    let wait = backoff_ms(channel, number, jitter);
                    assert!((7_500..=limits::BACKOFF_LONGEST_MS).contains(&wait), "{number}");
                }
            }
        }
        assert_eq!(backoff_ms(Channel::Email, 99, 0), limits::BACKOFF_LONGEST_MS / 2);
        assert_eq!(backoff_ms(Channel::Sms, 99, 0), limits::PHONE_BACKOFF_LONGEST_MS / 2);
    }
}
