//! A run: one occurrence of a To Do, and how it went.

use crate::delivery::State;
use crate::{Instant, RunId, ToDoId};

/// One occurrence of a To Do. There is one for each that came due, sent or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its identifier.
    pub id: RunId,
    /// The To Do.
    pub to_do_id: ToDoId,
    /// The occurrence.
    pub due_at: Instant,
    /// How far it is, or how it ended.
    pub state: RunState,
    /// Why, in a sentence; `""` where the delivery says it.
    pub reason: String,
    /// When it was written down.
    pub created_at: Instant,
    /// When nothing more was to be done.
    pub finished_at: Option<Instant>,
}

/// How far an occurrence is, or how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunState {
    /// It waits for quiet hours to end, or for its turn under a limit.
    Waiting,
    /// It waits for an agent, or an agent is at it.
    AtDesk,
    /// It is being sent.
    Sending,
    /// A carrier took it.
    Sent,
    /// It was kept instead of sent, because no carrier is configured.
    Captured,
    /// An agent did what it says.
    Worked,
    /// It could not be sent, or an agent could not do what it says.
    Failed,
    /// It was not to be sent, by the To Do's or the account's own rules.
    Skipped,
    /// The To Do was deleted or changed before it went out.
    Cancelled,
}

impl RunState {
    /// All of them.
    pub const ALL: [RunState; 9] = [
        RunState::Waiting,
        RunState::AtDesk,
        RunState::Sending,
        RunState::Sent,
        RunState::Captured,
        RunState::Worked,
        RunState::Failed,
        RunState::Skipped,
        RunState::Cancelled,
    ];

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            RunState::Waiting => "waiting",
            RunState::AtDesk => "at_desk",
            RunState::Sending => "sending",
            RunState::Sent => "sent",
            RunState::Captured => "captured",
            RunState::Worked => "worked",
            RunState::Failed => "failed",
            RunState::Skipped => "skipped",
            RunState::Cancelled => "cancelled",
        }
    }

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// What a delivery's state makes of its run.
    pub fn of(state: State) -> Self {
        match state {
            State::Queued | State::Sending => RunState::Sending,
            State::Sent => RunState::Sent,
            State::Captured => RunState::Captured,
            State::Failed => RunState::Failed,
            State::Cancelled => RunState::Cancelled,
        }
    }

    /// Whether something is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, RunState::Waiting | RunState::AtDesk | RunState::Sending)
    }
}
