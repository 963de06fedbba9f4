//! The work queue: what waits for an agent, and who has claimed it.

use crate::user::check_line;
use crate::{AccountId, Instant, Invalid, MessageId, RunId, TenantId, UserId, WorkItemId, limits};

/// Something that an agent has to do: an entry of the work queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// Its identifier.
    pub id: WorkItemId,
    /// The account that it is about.
    pub account_id: AccountId,
    /// That account's name.
    pub account_name: String,
    /// What it is.
    pub kind: WorkKind,
    /// The message that it is about.
    pub message_id: Option<MessageId>,
    /// The run of a To Do that it is about.
    pub run_id: Option<RunId>,
    /// What it is about, in one word that no other open item of its kind has; `""` if nothing.
    pub subject: String,
    /// What is to be done, in one line.
    pub title: String,
    /// What explains it.
    pub detail: String,
    /// Whether it goes before the others.
    pub is_urgent: bool,
    /// How far it is.
    pub state: WorkState,
    /// From when on it is to be worked.
    pub ready_at: Instant,
    /// When it was raised.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// What waits for an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkKind {
    /// A message that nobody acknowledged, or whose delivery failed: somebody is to be reached.
    Dispatch,
    /// Somebody on call asked back.
    Question,
    /// A To Do that an agent works.
    ToDo,
    /// Something that a supervisor must know.
    Notice,
}

impl WorkKind {
    /// All of them, in the order of the queue.
    pub const ALL: [WorkKind; 4] =
        [WorkKind::Dispatch, WorkKind::Question, WorkKind::ToDo, WorkKind::Notice];

    /// The word for it in the database and in addresses of pages.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkKind::Dispatch => "dispatch",
            WorkKind::Question => "question",
            WorkKind::ToDo => "to_do",
            WorkKind::Notice => "notice",
        }
    }

    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How far an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkState {
    /// Nobody is at it.
    Open,
    /// An agent is at it.
    Claimed {
        /// Who.
        by: UserId,
        /// That agent's name.
        name: String,
        /// Since when.
        at: Instant,
    },
    /// Nothing more is to be done.
    Done {
        /// Who ended it; `None` if it settled itself.
        by: Option<UserId>,
        /// When.
        at: Instant,
        /// The outcome, in words.
        outcome: String,
    },
}

impl WorkState {
    /// The word for it in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            WorkState::Open => "open",
            WorkState::Claimed { .. } => "claimed",
            WorkState::Done { .. } => "done",
        }
    }
}

impl WorkItem {
    /// Whether this user is at it.
    pub fn is_claimed_by(&self, user: UserId) -> bool {
        matches!(self.state, WorkState::Claimed { by, .. } if by == user)
    }

    /// Whether something is still to be done.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, WorkState::Done { .. })
    }
}

/// Something that is to wait for an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// The account that it is about.
    pub account_id: AccountId,
    /// What it is.
    pub kind: WorkKind,
    /// The message that it is about.
    pub message_id: Option<MessageId>,
    /// The run of a To Do that it is about.
    pub run_id: Option<RunId>,
    /// One word that no other open item of its kind has; `""` where two may stand side by side.
    pub subject: String,
    /// What is to be done, in one line; cut where it is too long.
    pub title: String,
    /// What explains it; cut where it is too long.
    pub detail: String,
    /// Whether it goes before the others.
    pub is_urgent: bool,
}

impl NewItem {
    /// The item as it is kept: on one line, and no longer than its columns may be.
    pub fn kept(mut self) -> Self {
        self.title = one_line(&self.title, limits::LINE_BYTES);
        self.detail = cut(&self.detail, limits::TEXT_BYTES).to_owned();
        self
    }
}

/// Checks the outcome that an agent gives an item; `Ok` is what is kept.
pub fn check_outcome(outcome: &str) -> Result<String, Invalid> {
    let mut invalid = Invalid::new();
    let outcome = outcome.trim();
    check_line(&mut invalid, "outcome", outcome);
    invalid.require(!outcome.is_empty(), "outcome", "must say what came of it");
    invalid.or(outcome.to_owned())
}

/// A text on one line, without control characters, of at most so many bytes.
fn one_line(text: &str, most: usize) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let line: String = text.trim().chars().map(plain).collect();
    cut(&line, most).to_owned()
}

/// The beginning of a text, of at most so many bytes, ending between two characters.
fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back() {
        for kind in WorkKind::ALL {
            assert_eq!(WorkKind::parse(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn long_and_ragged_texts_are_kept_short_and_on_one_line() {
        let item = NewItem {
            account_id: AccountId(1),
            kind: WorkKind::Notice,
            message_id: None,
            run_id: None,
            subject: String::new(),
            title: format!(" STOP\nfrom {}", "é".repeat(400)),
            detail: "ü".repeat(limits::TEXT_BYTES),
            is_urgent: false,
        };
        let kept = item.kept();
        assert!(kept.title.starts_with("STOP from é") && kept.title.len() <= limits::LINE_BYTES);
        assert_eq!(kept.detail.len(), limits::TEXT_BYTES);
    }

    #[test]
    fn an_outcome_says_something_on_one_line() {
        assert_eq!(check_outcome(" Reached Jane. ").as_deref(), Ok("Reached Jane."));
        assert!(check_outcome("  ").is_err() && check_outcome("a\nb").is_err());
    }
}
