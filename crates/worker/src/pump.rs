//! The pump that tests use instead of the lanes: all that is due now, lane by lane, to the end.

use domain::{Job, JobKind, limits};
use tokio::task::{JoinError, JoinSet};

use crate::halves::Done;
use crate::work::Work;
use crate::{WorkFault, Worker, deliver, purge};

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
        let Some(work) = self.work(kind) else { return Ok(0) };
        let limit = i64::try_from(limits::SENT_AT_ONCE).unwrap_or(i64::MAX);
        let jobs = app::jobs::claim(&self.0.app, kind, limit).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let failed = match work {
            Work::Turn(turn) => self.turn(turn, &jobs).await.failed,
            Work::Purge => self.purge_all(&jobs).await,
            Work::Deliver(_) => self.deliver_all(&jobs).await?,
            Work::Post(poster) => self.post_all(&poster, &jobs).await?,
        };
        for (jobs, fault) in failed {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, jobs, kind = kind.as_str(), "jobs failed");
        }
        Ok(jobs.len())
    }

    async fn deliver_all(&self, jobs: &[Job]) -> Result<Vec<(usize, WorkFault)>, PumpError> {
        let Done { made, mut failed } = deliver::begin(self, jobs).await;
        let mut running = JoinSet::new();
        for attempt in made.into_iter().flatten() {
            let worker = self.clone();
            running.spawn(async move { deliver::send(&worker.0, attempt).await });
        }
        let mut outcomes = Vec::new();
        while let Some(joined) = running.join_next().await {
            outcomes.push(joined?);
        }
        failed.extend(deliver::record(self, &outcomes).await.failed);
        Ok(failed)
    }

    async fn purge_all(&self, jobs: &[Job]) -> Vec<(usize, WorkFault)> {
        let mut failed = Vec::new();
        for job in jobs {
            failed.extend(purge::remove(&self.0, job).await.err().map(|fault| (1, fault)));
        }
        failed
    }
}
