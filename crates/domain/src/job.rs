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

impl JobKind {
    /// All of them.
    pub const ALL: [JobKind; 10] = [
        JobKind::Fire,
        JobKind::Deliver(Channel::Email),
        JobKind::Deliver(Channel::Sms),
        JobKind::Deliver(Channel::Call),
        JobKind::PurgeRecording,
        JobKind::Escalate,
        JobKind::Release,
        JobKind::Digest,
        JobKind::Hook,
        JobKind::Coverage,
    ];

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::Fire => "fire",
            JobKind::Deliver(Channel::Email) => "deliver_email",
            JobKind::Deliver(Channel::Sms) => "deliver_sms",
            JobKind::Deliver(Channel::Call) => "deliver_call",
            JobKind::PurgeRecording => "purge_recording",
            JobKind::Escalate => "escalate",
            JobKind::Release => "release",
            JobKind::Digest => "digest",
            JobKind::Hook => "hook",
            JobKind::Coverage => "coverage",
        }
    }

    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
