//! The outcome of one try to send something.

use std::time::Duration;

use domain::delivery::Reach;

/// The outcome of one try.
pub type Outcome = Result<Accepted, Refused>;

/// The other side has taken it over, and said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What it said, on one line, such as `250 2.0.0 OK queued as 7F2A`.
    pub response: String,
    /// The carrier's own ids of it, which its later reports name: one for each part of a long text.
    /// Empty where the carrier reports nothing.
    pub references: Vec<String>,
    /// How far it got by the time that the try ended.
    pub reach: Reach,
}

/// It was not taken over, or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refused {
    /// Whether another try could help.
    pub class: Class,
    /// What went wrong: one sentence for people, on one line, without secrets.
    pub reason: String,
    /// The reply code of the protocol, where there was one.
    pub code: Option<u16>,
    /// How long the carrier asks to be left alone, where it says so (HTTP's `Retry-After`).
    pub retry_after: Option<Duration>,
}

/// Whether another try could help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// It was not sent, through the carrier's fault: it may work later, or with another carrier.
    Later,
    /// The carrier did its part, but the recipient was not to be had: busy, no answer, declined.
    /// Another carrier would not change that; it may work later.
    Absent,
    /// It was not sent, and will not be: the other side, or the thing itself, forbids it.
    Never,
    /// It may have been sent: all of it was handed over, and no answer came.
    Unknown,
}

/// What a carrier tells later, by itself: over its own connection or by an HTTP callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// How far something got that was sent before.
    Progress {
        /// The carrier's id of it, one of [`Accepted::references`].
        reference: String,
        /// How far it got, or the reason why it will get no further.
        result: Result<Reach, String>,
    },
    /// A text message from somebody.
    Inbound {
        /// The sender's number: `+` and digits, where it is one.
        from: String,
        /// Our number that it was sent to: `+` and digits, where it is one.
        to: String,
        /// The text.
        text: String,
        /// The carrier's id of it, the same when it is handed over twice; `""` where it has none.
        reference: String,
    },
}

/// The most characters of somebody else's text in a reason or response.
const QUOTE_MAX_CHARS: usize = 300;

/// Somebody else's text on one line: control characters become spaces, and its length is bounded.
pub(crate) fn quote(text: &str) -> String {
    let one_line = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    one_line.take(QUOTE_MAX_CHARS).collect()
}
