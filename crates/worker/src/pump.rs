//! The pump that tests use instead of the lanes: all that is due now, lane by lane, to the end.

use domain::{Job, JobKind, limits};
use tokio::task::{JoinError, JoinSet};

use crate::{Fault, Worker, deliver, purge};

/// A pump met a job that failed or panicked, or a queue that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PumpError {
    /// The queue cannot be read.
    #[error("the queue cannot be read")]
    Queue(#[from] app::Error),
    /// A job panicked.
    #[error("a job panicked")]
    Panic(#[from] JoinError),
}

impl Worker {
    /// Does what is due now until nothing is, many at once; answers how many jobs that were. For
    /// tests, which move the clock instead of waiting. A job that fails is due again after its lease.
    pub async fn pump(&self) -> Result<usize, PumpError> {
        let mut done = 0;
        loop {
            let mut round = 0;
            for kind in JobKind::ALL {
                round += self.pass(kind).await?;
            }
            if round == 0 {
                return Ok(done);
            }
            done += round;
        }
    }

    /// One batch of a kind; answers how many jobs that were.
    async fn pass(&self, kind: JobKind) -> Result<usize, PumpError> {
        let limit = i64::try_from(limits::SENT_AT_ONCE).unwrap_or(i64::MAX);
        let jobs = app::jobs::claim(&self.0.app, kind, limit).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let done = match kind {
            JobKind::Fire => {
                app::to_dos::fire_all(&self.0.app, &jobs).await.map(|_| ()).map_err(Fault::from)
            }
            JobKind::Deliver(_) => self.deliver_all(&jobs).await?,
            JobKind::PurgeRecording => self.purge_all(&jobs).await,
        };
        if let Err(fault) = done {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, kind = kind.as_str(), "jobs failed");
        }
        Ok(jobs.len())
    }

    async fn deliver_all(&self, jobs: &[Job]) -> Result<Result<(), Fault>, PumpError> {
        let attempts = match deliver::begin(&self.0, jobs).await {
            Ok(attempts) => attempts,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut running = JoinSet::new();
        for attempt in attempts {
            let worker = self.clone();
            running.spawn(async move { deliver::send(&worker.0, attempt).await });
        }
        let mut outcomes = Vec::new();
        while let Some(joined) = running.join_next().await {
            outcomes.push(joined?);
        }
        Ok(deliver::record(&self.0, &outcomes).await.map(|_| ()))
    }

    async fn purge_all(&self, jobs: &[Job]) -> Result<(), Fault> {
        for job in jobs {
            purge::remove(&self.0, job).await?;
        }
        Ok(())
    }
}
