//! Floor 4: does what is due. Jobs are claimed by lease, done with no transaction open, and
//! written down.
//!
//! A job carries ids only; [`app`] re-reads the truth, so a late or repeated job is harmless. A
//! worker that dies leaves its jobs to the next one, when their leases end.

mod deliver;
mod figures;
mod mail;
mod purge;
mod run;

use std::sync::Arc;

use app::App;
use blobs::Blobs;
use domain::{Instant, Job, JobKind, limits};

pub use figures::describe;
pub use mail::Post;
pub use run::PumpError;

/// How much a worker does at once, and for how long it may still do it when it is told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Jobs done at the same time.
    pub concurrency: usize,
    /// How long jobs under way may take to end after a stop, in milliseconds.
    pub drain_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { concurrency: 16, drain_ms: limits::SEND_DEADLINE_MS.unsigned_abs() + 2_000 }
    }
}

/// Does what is due. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Worker(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    app: App,
    blobs: Blobs,
    post: Option<Post>,
    settings: Settings,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It is done and gone.
    Done,
    /// There was nothing to do any more.
    Moot,
    /// Its lease was lost meanwhile; whoever holds it now tells the story.
    Lost,
}

/// Why a job was not done. Its lease ends by itself, and then it is due again.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("the use case failed")]
    App(#[from] app::Error),
    #[error("the audio folder failed")]
    Blobs(#[from] blobs::Fault),
}

impl Worker {
    /// A worker. Without `post` mail is captured: kept, shown, and never taken for sent.
    pub fn new(app: App, blobs: Blobs, post: Option<Post>, settings: Settings) -> Self {
        let settings = Settings { concurrency: settings.concurrency.max(1), ..settings };
        Worker(Arc::new(Parts { app, blobs, post, settings }))
    }

    /// Does one job and counts it.
    async fn work(&self, job: &Job) {
        let begun = self.now();
        let done = match job.kind {
            JobKind::Deliver => deliver::attempt(&self.0, job).await,
            JobKind::PurgeRecording => purge::remove(&self.0, job).await,
        };
        figures::job(job.kind, self.now().ms_since(begun), done.as_ref().ok().copied());
        if let Err(fault) = done {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, job = job.id.0, kind = job.kind.as_str(), "a job failed");
        }
    }

    fn now(&self) -> Instant {
        self.0.app.now()
    }
}
