//! The loop that claims what is due and hands it to tasks, and the pump that tests use instead.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use domain::Job;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use crate::{Worker, figures};

/// The longest wait between two looks at the queue, which other processes fill too.
const POLL_MS: u64 = 250;
/// The wait after the queue could not be read.
const TROUBLE_MS: u64 = 1_000;

/// What a look at the queue found.
enum Look {
    /// As many jobs as there was room for: there may be more.
    Full,
    /// All that is due was taken; how long until the next look, in milliseconds.
    Dry(u64),
}

/// A pump met a job that panicked, or a queue that cannot be read.
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
    /// Does what is due until `stop` is ready; then takes nothing more, and ends when the jobs
    /// under way have, or their time is over. What is cut off then is due again after its lease.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut running = JoinSet::new();
        loop {
            while let Some(joined) = running.try_join_next() {
                note(joined);
            }
            let look = self.fill(&mut running).await;
            figures::running(running.len());
            let wait_ms = match look {
                Look::Full => POLL_MS,
                Look::Dry(ms) => ms,
            };
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = self.room(&mut running), if matches!(look, Look::Full) => {}
                _ = timeout(Duration::from_millis(wait_ms), pending::<()>()) => {}
            }
        }
        self.drain(running).await;
    }

    /// Does what is due now, as many at once as it may, until nothing is; answers how many jobs
    /// that were. For tests, which move the clock instead of waiting.
    pub async fn pump(&self) -> Result<usize, PumpError> {
        let mut done = 0;
        loop {
            let jobs = app::jobs::claim(&self.0.app, self.slots()).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            done += jobs.len();
            let mut running = JoinSet::new();
            for job in jobs {
                self.spawn(&mut running, job);
            }
            while let Some(joined) = running.join_next().await {
                joined?;
            }
        }
    }

    /// Claims as many jobs as there is room for, and begins them.
    async fn fill(&self, running: &mut JoinSet<()>) -> Look {
        let free = self.0.settings.concurrency.saturating_sub(running.len());
        if free == 0 {
            return Look::Full;
        }
        match self.claim(free).await {
            Ok((jobs, wait_ms)) => {
                let look = if jobs.len() == free { Look::Full } else { Look::Dry(wait_ms) };
                for job in jobs {
                    self.spawn(running, job);
                }
                look
            }
            Err(error) => {
                figures::claim_failed();
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "the queue cannot be read");
                Look::Dry(TROUBLE_MS)
            }
        }
    }

    /// Claims up to `free` jobs if any is due. Looking costs no write, so an idle worker writes
    /// nothing.
    async fn claim(&self, free: usize) -> app::Result<(Vec<Job>, u64)> {
        let app = &self.0.app;
        let Some(next) = app::jobs::next_due(app).await? else {
            return Ok((Vec::new(), POLL_MS));
        };
        let late_ms = app.now().ms_since(next);
        if late_ms < 0 {
            return Ok((Vec::new(), late_ms.unsigned_abs().min(POLL_MS)));
        }
        let jobs = app::jobs::claim(app, i64::try_from(free).unwrap_or(i64::MAX)).await?;
        if !jobs.is_empty() {
            figures::late(late_ms);
        }
        Ok((jobs, POLL_MS))
    }

    fn spawn(&self, running: &mut JoinSet<()>, job: Job) {
        let worker = self.clone();
        running.spawn(async move { worker.work(&job).await });
    }

    /// Ends when a quarter of the slots are free, so that jobs are claimed in batches.
    async fn room(&self, running: &mut JoinSet<()>) {
        let slots = self.0.settings.concurrency;
        let enough = slots.div_ceil(4);
        while slots.saturating_sub(running.len()) < enough {
            match running.join_next().await {
                Some(joined) => note(joined),
                None => return,
            }
        }
    }

    async fn drain(&self, mut running: JoinSet<()>) {
        let limit = Duration::from_millis(self.0.settings.drain_ms);
        let drained = timeout(limit, async {
            while let Some(joined) = running.join_next().await {
                note(joined);
            }
        });
        if drained.await.is_err() {
            tracing::warn!(jobs = running.len(), "jobs were cut off; they are due again later");
        }
    }

    fn slots(&self) -> i64 {
        i64::try_from(self.0.settings.concurrency).unwrap_or(i64::MAX)
    }
}

/// A panic in one job ends that job only: its lease ends, and it is due again.
fn note(joined: Result<(), JoinError>) {
    if let Err(error) = joined
        && error.is_panic()
    {
        figures::panicked();
        tracing::error!("a job panicked");
    }
}
