//! Floor 4: does what is due. Jobs are claimed by lease, done with no transaction open, and
//! written down.
//!
//! A job carries ids only; [`app`] re-reads the truth, so a late or repeated job is harmless. A
//! worker that dies leaves its jobs to the next one, when their leases end. Each kind of work has a
//! lane of its own, so that a slow carrier does not hold up the others; `work.rs` is their table.

// Each kind of job has a place of its own in every `match`, so that the compiler finds a new one.
#![warn(clippy::wildcard_enum_match_arm)]

mod carriers;
mod deliver;
mod figures;
mod halves;
mod hooks;
mod lanes;
mod mail;
mod pump;
mod purge;
mod reports;
mod work;

// What uses the crate from outside is tested in the same binary as its parts.
#[cfg(test)]
extern crate self as worker;
#[cfg(test)]
#[path = "../tests/stories/main.rs"]
mod stories;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use app::App;
use blobs::Blobs;
use domain::{Job, JobId, limits};
use tokio::sync::Notify;
use tokio::task::JoinError;
use wire::webhook::Poster;

pub use carriers::{Callbacks, Carrier, Carriers, Line, Sender};
pub use figures::describe;
pub use mail::Post;
pub use pump::PumpError;
pub use reports::Reports;

/// How much a worker does at once, and for how long it may still do it when it is told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Sends under way at the same time, over each channel.
    pub concurrency: usize,
    /// How long jobs under way may take to end after a stop, in milliseconds.
    pub drain_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { concurrency: 64, drain_ms: limits::SEND_DEADLINE_MS.unsigned_abs() + 2_000 }
    }
}

/// Does what is due. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Worker(Arc<WorkerParts>);

#[derive(Debug)]
struct WorkerParts {
    app: App,
    blobs: Blobs,
    carriers: Carriers,
    settings: Settings,
    held: HeldJobs,
    /// Wakes lanes that have nothing to do, when another lane made work for them.
    woken: Notify,
    /// Posts events to webhooks; without it they wait for a worker that can.
    poster: Option<Poster>,
    /// The posts under way, by webhook and host.
    places: hooks::PostPlaces,
}

/// Why a job was not done. Its lease ends by itself, and then it is due again.
#[derive(Debug, thiserror::Error)]
enum WorkFault {
    #[error("the use case failed")]
    App(#[from] app::Error),
    #[error("the audio folder failed")]
    Blobs(#[from] blobs::Fault),
    #[error("a job panicked")]
    Panic(#[source] JoinError),
}

impl WorkFault {
    /// Whether the reason may lie in one of the items, and not in a database that is away or full.
    fn lies_in_items(&self) -> bool {
        !matches!(self, WorkFault::App(app::Error::Unavailable(_) | app::Error::Full(_)))
    }
}

impl Worker {
    /// A worker. What has no carrier is captured: kept, shown, and never taken for sent. Events for
    /// webhooks it leaves to a worker that posts them.
    pub fn new(app: App, blobs: Blobs, carriers: Carriers, settings: Settings) -> Self {
        let settings = Settings { concurrency: settings.concurrency.max(1), ..settings };
        Worker(Arc::new(WorkerParts {
            app,
            blobs,
            carriers,
            settings,
            held: HeldJobs::default(),
            woken: Notify::new(),
            poster: None,
            places: hooks::PostPlaces::default(),
        }))
    }

    /// The same worker, which besides posts events to webhooks.
    ///
    /// # Panics
    /// Where it has been cloned already: say so before it runs.
    pub fn posting(self, poster: Poster) -> Self {
        let parts = Arc::try_unwrap(self.0).expect("no clone of it runs yet");
        Worker(Arc::new(WorkerParts { poster: Some(poster), ..parts }))
    }
}

/// The jobs under way, whose leases are renewed until they end.
#[derive(Debug, Default)]
struct HeldJobs(Mutex<HashMap<JobId, Job>>);

impl HeldJobs {
    fn add(&self, job: &Job) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(job.id, job.clone());
    }

    fn remove(&self, id: JobId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    fn all(&self) -> Vec<Job> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
