//! A delivery: one thing to be sent to one address over one channel, with its attempts; and the
//! decision what follows from each of them.

use crate::{ContactId, DeliveryId, Instant, MessageId, activity::ActivityKind, limits};

/// One thing to be sent to one address over one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its identifier.
    pub id: DeliveryId,
    /// The message that it carries.
    pub message_id: MessageId,
    /// The contact that it goes to.
    pub contact_id: Option<ContactId>,
    /// How it goes.
    pub channel: Channel,
    /// Where it goes.
    pub address: String,
    /// Whom it goes to.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Where it stands.
    pub state: State,
    /// The same for every attempt, so that a receiver can tell a repetition: a UUID.
    pub key: String,
    /// Attempts made so far.
    pub attempts: i64,
    /// Why the last attempt did not succeed, or what the carrier answered; `""` before the first.
    pub detail: String,
    /// When it was written.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// How something is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// E-mail over SMTP.
    Email,
}

impl Channel {
    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Email => "email",
        }
    }

    /// The channel with this word.
    pub fn parse(word: &str) -> Option<Self> {
        (word == "email").then_some(Channel::Email)
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Waits for its next attempt.
    Queued,
    /// An attempt has started and has no outcome yet.
    Sending,
    /// The carrier took it.
    Sent,
    /// Kept instead of sent, because no carrier is configured.
    Captured,
    /// It will not be tried again.
    Failed,
}

impl State {
    /// All of them.
    pub const ALL: [State; 5] =
        [State::Queued, State::Sending, State::Sent, State::Captured, State::Failed];

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Sending => "sending",
            State::Sent => "sent",
            State::Captured => "captured",
            State::Failed => "failed",
        }
    }

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing more will happen to it.
    pub fn is_final(self) -> bool {
        matches!(self, State::Sent | State::Captured | State::Failed)
    }
}

/// How far something that was sent has got, as far as anybody knows. A higher one includes the
/// lower ones, and what is known never becomes less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// A carrier took it.
    Carrier,
    /// It is on the phone, or in the mailbox.
    Handset,
    /// A machine answered the call: its text was spoken to a voice mailbox.
    Machine,
    /// A person answered the call.
    Person,
    /// Somebody has read or heard it.
    Read,
    /// Somebody has said that they have it in hand.
    Acknowledged,
}

impl Reach {
    /// All of them, in order.
    pub const ALL: [Reach; 6] = [
        Reach::Carrier,
        Reach::Handset,
        Reach::Machine,
        Reach::Person,
        Reach::Read,
        Reach::Acknowledged,
    ];

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Reach::Carrier => "carrier",
            Reach::Handset => "handset",
            Reach::Machine => "machine",
            Reach::Person => "person",
            Reach::Read => "read",
            Reach::Acknowledged => "acknowledged",
        }
    }

    /// The reach with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.as_str() == word)
    }
}

/// One try to send a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// 1 for the first.
    pub number: i64,
    /// When it was written down, before anything was sent.
    pub started_at: Instant,
    /// When its outcome was written down; `None` while it is under way or after a crash.
    pub finished_at: Option<Instant>,
    /// `sent`, `captured`, `later`, `never`, `unknown`; `""` while there is none.
    pub outcome: String,
    /// What the carrier answered, or the reason in a sentence.
    pub detail: String,
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier took it, and answered so.
    Sent(String),
    /// No carrier is configured: it was kept.
    Captured,
    /// It may work later.
    Later(String),
    /// It will never work.
    Never(String),
    /// It may have gone out: no answer came, or the process ended before one could be written.
    Unknown(String),
}

impl Outcome {
    /// The word for it in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Outcome::Sent(_) => "sent",
            Outcome::Captured => "captured",
            Outcome::Later(_) => "later",
            Outcome::Never(_) => "never",
            Outcome::Unknown(_) => "unknown",
        }
    }

    /// The carrier's answer or the reason.
    pub fn detail(&self) -> &str {
        match self {
            Outcome::Captured => "",
            Outcome::Sent(text)
            | Outcome::Later(text)
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
}

/// Decides what follows from the outcome of attempt `number` at `now`.
///
/// An e-mail of unknown outcome is sent again with the same Message-ID: for a message that
/// somebody waits for, a duplicate is better than a silence. `jitter` is any number; it spreads
/// the retries of many deliveries over the second half of each wait.
pub fn decide(outcome: &Outcome, number: i64, now: Instant, jitter: u64) -> Decision {
    let done = |state, activity| Decision { state, activity, again_at: None };
    let again = |activity| {
        if number >= limits::DELIVERY_ATTEMPTS {
            return done(State::Failed, ActivityKind::Failed);
        }
        let at = now.plus_ms(backoff_ms(number, jitter));
        Decision { state: State::Queued, activity, again_at: Some(at) }
    };
    match outcome {
        Outcome::Sent(_) => done(State::Sent, ActivityKind::Sent),
        Outcome::Captured => done(State::Captured, ActivityKind::Captured),
        Outcome::Never(_) => done(State::Failed, ActivityKind::Failed),
        Outcome::Later(_) => again(ActivityKind::Retrying),
        Outcome::Unknown(_) => again(ActivityKind::Unsure),
    }
}

/// The wait after failed attempt `number` (from 1): doubled each time up to an hour, of which the
/// second half is spread by `jitter`.
fn backoff_ms(number: i64, jitter: u64) -> i64 {
    let doublings = u32::try_from(number - 1).unwrap_or(0).min(30);
    let wait = limits::BACKOFF_FIRST_MS.saturating_mul(1 << doublings);
    let half = wait.min(limits::BACKOFF_LONGEST_MS) / 2;
    half + i64::try_from(jitter % half.unsigned_abs()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_its_decision() {
        let now = Instant::from_ms(0);
        let check = |outcome: Outcome, number, state, activity, again_ms: Option<i64>| {
            let decision = decide(&outcome, number, now, 0);
            let again_at = again_ms.map(Instant::from_ms);
            assert_eq!(decision, Decision { state, activity, again_at }, "{outcome:?} {number}");
        };
        let later = || Outcome::Later("busy".into());
        let unknown = || Outcome::Unknown("no answer".into());
        let last = limits::DELIVERY_ATTEMPTS;
        check(Outcome::Sent("250".into()), 1, State::Sent, ActivityKind::Sent, None);
        check(Outcome::Captured, 1, State::Captured, ActivityKind::Captured, None);
        check(Outcome::Never("no such user".into()), 1, State::Failed, ActivityKind::Failed, None);
        check(later(), 1, State::Queued, ActivityKind::Retrying, Some(7_500));
        check(later(), 2, State::Queued, ActivityKind::Retrying, Some(15_000));
        check(unknown(), 3, State::Queued, ActivityKind::Unsure, Some(30_000));
        check(later(), last, State::Failed, ActivityKind::Failed, None);
        check(unknown(), last, State::Failed, ActivityKind::Failed, None);
    }

    #[test]
    fn waits_grow_to_an_hour_and_jitter_stays_within_half() {
        for number in 1..100 {
            for jitter in [0, 1, 7_499, 7_500, u64::MAX] {
                let wait = backoff_ms(number, jitter);
                assert!((7_500..=limits::BACKOFF_LONGEST_MS).contains(&wait), "{number} {jitter}");
            }
        }
        assert_eq!(backoff_ms(99, 0), limits::BACKOFF_LONGEST_MS / 2);
    }
}
