//! What came of one try to send something.

/// What came of one try.
pub type Outcome = Result<Accepted, Refused>;

/// The other side has taken it over, and said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What it said, on one line, such as `250 2.0.0 OK queued as 7F2A`.
    pub response: String,
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
}

/// Whether another try could help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// It was not sent, and may be later.
    Later,
    /// It was not sent, and will not be: the other side, or the thing itself, forbids it.
    Never,
    /// It may have been sent: all of it was handed over, and no answer came.
    Unknown,
}

/// The most characters of somebody else's text in a reason or response.
const QUOTE_MAX_CHARS: usize = 300;

/// Somebody else's text on one line: control characters become spaces, and its length is bounded.
pub(crate) fn quote(text: &str) -> String {
    let one_line = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    one_line.take(QUOTE_MAX_CHARS).collect()
}
