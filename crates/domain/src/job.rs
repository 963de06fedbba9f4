//! A job: work that is due at an instant, claimed by lease.

use crate::{Instant, JobId, TenantId};

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
    /// Makes the next attempt of a delivery.
    Deliver,
    /// Removes the audio of a recording whose days are over.
    PurgeRecording,
}

impl JobKind {
    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::Deliver => "deliver",
            JobKind::PurgeRecording => "purge_recording",
        }
    }

    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [JobKind::Deliver, JobKind::PurgeRecording].into_iter().find(|kind| kind.as_str() == word)
    }
}
