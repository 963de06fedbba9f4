//! A job: work that is due at an instant, claimed by lease.

use crate::{Channel, Instant, JobId, TenantId};

/// A due piece of work. It carries an id only; whoever does it reads the truth anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its identifier.
    pub id: JobId,
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// What is to be done.
    pub kind: JobKind,
    /// The id of what it is to be done to.
    pub subject_id: i64,
    /// When it is due; while it is claimed, when the lease ends.
    pub due_at: Instant,
    /// Grows with each claim. Whoever holds an older number has lost the job.
    pub fence: i64,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Deals with a To Do's occurrence.
    Fire,
    /// Makes the next attempt of a delivery over a channel. Each channel has a queue of its own, so
    /// that a slow one does not hold up the others.
    Deliver(Channel),
    /// Removes the audio of a recording whose days are over.
    PurgeRecording,
    /// Takes a message to its next escalation level, or reopens it when an acknowledgement expires.
    Escalate,
    /// Releases what was held: a message at its `send_at`, by its id.
    Release,
    /// Sends an account's digest, by the id of its closing action group.
    Digest,
    /// Posts an event to a webhook, by the id of the hook delivery.
    Hook,
    /// Looks for gaps in an on-call rotation before they happen.
    Coverage,
}

/// The list of all kinds and their words from one table. A kind that it lacks does not compile.
macro_rules! kinds {
    ($($kind:ident $(($of:path))? => $word:literal,)+) => {
        /// All of them.
        pub const ALL: [JobKind; [$($word),+].len()] = [$(JobKind::$kind $(($of))?),+];

        /// The word for it in the database.
        pub fn as_str(self) -> &'static str {
            match self {
                $(JobKind::$kind $(($of))? => $word),+
            }
        }
    };
}

impl JobKind {
    kinds! {
        Fire => "fire",
        Deliver(Channel::Email) => "deliver_email",
        Deliver(Channel::Sms) => "deliver_sms",
        Deliver(Channel::Call) => "deliver_call",
        PurgeRecording => "purge_recording",
        Escalate => "escalate",
        Release => "release",
        Digest => "digest",
        Hook => "hook",
        Coverage => "coverage",
    }

    /// The kind with this word; `None` for one of a newer program.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
