//! The lanes: one loop for each kind of work, which claims what is due and sees it through.

use std::pin::pin;
use std::time::Duration;

use app::deliveries::Started;
use domain::delivery::Outcome;
use domain::{Channel, Job, JobKind, limits};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use wire::pause;

use crate::halves::Done;
use crate::work::{Turn, Work};
use crate::{WorkFault, Worker, deliver, figures, purge};

/// The longest wait between two looks at a queue, which other processes fill too.
pub(crate) const POLL_MS: u64 = 250;
/// The wait after a queue could not be read.
const TROUBLE_MS: u64 = 1_000;
/// Recordings that are purged at once.
const PURGED_AT_ONCE: usize = 16;

/// What a look at a queue found.
pub(crate) enum Look {
    /// As many jobs as there was room for: there may be more.
    Full,
    /// All that is due was taken, or there was no room; how long until the next look, in ms.
    Dry(u64),
}

/// Outcomes on their way to the database.
type Outcomes = mpsc::UnboundedSender<(Started, Outcome)>;

impl Worker {
    /// Does what is due until `stop` is ready; then takes nothing more, and ends when the jobs
    /// under way have, or their time is over. What is cut off then is due again after its lease.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        let (outcomes, written) = mpsc::unbounded_channel();
        let recorder = tokio::spawn(self.clone().write_outcomes(written));
        let renewer = tokio::spawn(self.clone().renew());
        let mut lanes = JoinSet::new();
        for kind in JobKind::ALL {
            let (worker, stopped) = (self.clone(), stopped.clone());
            match self.work(kind) {
                Some(Work::Turn(turn)) => lanes.spawn(worker.turn_lane(kind, turn, stopped)),
                Some(Work::Purge) => lanes.spawn(worker.purge_lane(stopped)),
                Some(Work::Deliver(channel)) => {
                    lanes.spawn(worker.deliver_lane(channel, outcomes.clone(), stopped))
                }
                Some(Work::Post(poster)) => lanes.spawn(worker.hook_lane(poster, stopped)),
                None => continue,
            };
        }
        drop(outcomes);
        self.warn_of_strangers().await;
        let mut stop = pin!(stop);
        tokio::select! {
            () = &mut stop => {}
            // A lane ends only when it is told to; one that panicked must not go unnoticed.
            ended = lanes.join_next() => {
                tracing::error!("a lane of the worker ended by itself: {ended:?}");
                stop.await;
            }
        }
        stopping.send_replace(true);
        let drain = Duration::from_millis(self.0.settings.drain_ms);
        let drained = timeout(drain, async {
            while lanes.join_next().await.is_some() {}
            // The lanes are gone, and with them all senders: the recorder ends after the last.
            recorder.await
        });
        if drained.await.is_err() {
            let jobs = self.0.held.all().len();
            tracing::warn!(jobs, "jobs were cut off; they are due again later");
        }
        renewer.abort();
    }

    /// Says which jobs wait for a newer program: this one left them as they are.
    async fn warn_of_strangers(&self) {
        match app::jobs::unknown_kinds(&self.0.app).await {
            Ok(kinds) if kinds.is_empty() => {}
            Ok(kinds) => {
                tracing::warn!(?kinds, "the queue has jobs of kinds that are unknown here")
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "the queue cannot be read");
            }
        }
    }

    /// Does work of a kind that is one transaction, batch after batch.
    async fn turn_lane(self, kind: JobKind, turn: Turn, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let look = self.look(kind, limits::FIRED_AT_ONCE).await;
            let wait_ms = match look {
                (Look::Full, _) => 0,
                (Look::Dry(ms), _) => ms,
            };
            if !look.1.is_empty() {
                let turned = self.turn(turn, &look.1).await;
                self.ended(kind, look.1.len(), turned.failed);
                self.0.woken.notify_waiters();
            }
            rest(&self, &mut stopped, wait_ms, false).await;
        }
    }

    /// Removes recordings whose days are over.
    async fn purge_lane(self, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let (look, jobs) = self.look(JobKind::PurgeRecording, PURGED_AT_ONCE).await;
            for job in &jobs {
                let done = purge::remove(&self.0, job).await;
                let failed = done.err().map(|fault| (1, fault));
                self.ended(JobKind::PurgeRecording, 1, failed.into_iter().collect());
            }
            let wait_ms = match look {
                Look::Full => 0,
                Look::Dry(ms) => ms,
            };
            rest(&self, &mut stopped, wait_ms, false).await;
        }
    }

    /// Makes deliveries over a channel, as many at once as there is room for.
    async fn deliver_lane(
        self,
        channel: Channel,
        outcomes: Outcomes,
        mut stopped: watch::Receiver<bool>,
    ) {
        let kind = JobKind::Deliver(channel);
        let mut running = JoinSet::new();
        while !*stopped.borrow() {
            while let Some(joined) = running.try_join_next() {
                note(joined);
            }
            let look = match self.room(channel, running.len()) {
                0 => Look::Dry(POLL_MS),
                room => {
                    let (look, jobs) = self.look(kind, room).await;
                    self.begin(&mut running, &outcomes, &jobs).await;
                    look
                }
            };
            figures::running(kind, running.len());
            match look {
                Look::Full => {}
                Look::Dry(ms) if running.is_empty() => {
                    rest(&self, &mut stopped, ms, true).await;
                }
                Look::Dry(ms) => {
                    tokio::select! {
                        () = rest(&self, &mut stopped, ms, true) => {}
                        Some(joined) = running.join_next() => note(joined),
                    }
                }
            }
        }
        while let Some(joined) = running.join_next().await {
            note(joined);
        }
    }

    /// How many jobs of a channel may be claimed: what the lane and its carriers have room for, but
    /// a quarter of it at least, so that jobs are claimed in batches. What is only captured takes no
    /// room.
    fn room(&self, channel: Channel, running: usize) -> usize {
        let carriers = &self.0.carriers;
        if !carriers.carry(channel) {
            return limits::SENT_AT_ONCE;
        }
        let most = self.0.settings.concurrency.min(limits::SENT_AT_ONCE);
        let room = most.saturating_sub(running).min(carriers.room(channel));
        let enough = most.min(carriers.slots(channel)).div_ceil(4);
        if room < enough { 0 } else { room }
    }

    /// Begins attempts, each in a task of its own, which hands its outcome on.
    async fn begin(&self, running: &mut JoinSet<()>, outcomes: &Outcomes, jobs: &[Job]) {
        let Some(first) = jobs.first() else { return };
        let kind = first.kind;
        let Done { made, failed } = deliver::begin(self, jobs).await;
        let attempts: Vec<_> = made.into_iter().flatten().collect();
        self.ended(kind, jobs.len() - attempts.len(), failed);
        for attempt in attempts {
            self.0.held.add(&attempt.started.job);
            let (worker, outcomes) = (self.clone(), outcomes.clone());
            running.spawn(async move {
                let made = deliver::send(&worker.0, attempt).await;
                if outcomes.send(made).is_err() {
                    tracing::error!("an outcome came after the recorder had ended");
                }
            });
        }
    }

    /// Writes outcomes down, together what came in together.
    async fn write_outcomes(self, mut written: mpsc::UnboundedReceiver<(Started, Outcome)>) {
        let mut batch = Vec::new();
        while written.recv_many(&mut batch, limits::SENT_AT_ONCE).await > 0 {
            let outcomes = std::mem::take(&mut batch);
            let Done { made, failed } = deliver::record(&self, &outcomes).await;
            for (started, _) in &outcomes {
                self.0.held.remove(started.job.id);
            }
            let Some((first, _)) = outcomes.first() else { continue };
            let kind = first.job.kind;
            let unwritten: usize = failed.iter().map(|(count, _)| count).sum();
            let lost = outcomes.len() - unwritten - made.iter().sum::<usize>();
            figures::jobs(kind, lost, "lost");
            self.ended(kind, outcomes.len() - lost, failed);
            self.0.woken.notify_waiters();
        }
    }

    /// Renews the leases of what is under way, and notes how the carriers do, until it is aborted.
    async fn renew(self) {
        let each = Duration::from_millis(limits::RENEW_MS.unsigned_abs());
        loop {
            self.0.carriers.note_figures(self.0.app.now());
            pause(each).await;
            let jobs = self.0.held.all();
            if let Err(error) = app::jobs::renew(&self.0.app, &jobs).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, jobs = jobs.len(), "leases were not renewed");
            }
        }
    }

    /// Claims up to `room` jobs of a kind if any is due. Looking costs no write, so an idle worker
    /// writes nothing.
    pub(crate) async fn look(&self, kind: JobKind, room: usize) -> (Look, Vec<Job>) {
        match self.claim(kind, room).await {
            Ok((jobs, wait_ms)) => {
                let look = if jobs.len() >= room { Look::Full } else { Look::Dry(wait_ms) };
                (look, jobs)
            }
            Err(error) => {
                figures::claim_failed();
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "the queue cannot be read");
                (Look::Dry(TROUBLE_MS), Vec::new())
            }
        }
    }

    async fn claim(&self, kind: JobKind, room: usize) -> app::Result<(Vec<Job>, u64)> {
        let app = &self.0.app;
        let Some(next) = app::jobs::next_due(app, kind).await? else {
            return Ok((Vec::new(), POLL_MS));
        };
        let late_ms = app.now().ms_since(next);
        if late_ms < 0 {
            return Ok((Vec::new(), late_ms.unsigned_abs().min(POLL_MS)));
        }
        let jobs = app::jobs::claim(app, kind, i64::try_from(room).unwrap_or(i64::MAX)).await?;
        if !jobs.is_empty() {
            figures::late(kind, late_ms);
        }
        Ok((jobs, POLL_MS))
    }

    /// Counts jobs that ended, and logs why some of them failed.
    pub(crate) fn ended(&self, kind: JobKind, count: usize, failed: Vec<(usize, WorkFault)>) {
        let mut done = count;
        for (jobs, fault) in failed {
            done = done.saturating_sub(jobs);
            figures::jobs(kind, jobs, "failed");
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, jobs, kind = kind.as_str(), "jobs failed");
        }
        figures::jobs(kind, done, "done");
    }
}

/// Waits for a time, for work that another lane made (where `wakes`), or for the stop.
pub(crate) async fn rest(
    worker: &Worker,
    stopped: &mut watch::Receiver<bool>,
    ms: u64,
    wakes: bool,
) {
    tokio::select! {
        // An error means that the sender is gone, which is a stop too.
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = worker.0.woken.notified(), if wakes => {}
        () = pause(Duration::from_millis(ms)) => {}
    }
}

/// A panic in one job ends that job only: its lease ends, and it is due again.
pub(crate) fn note(joined: Result<(), JoinError>) {
    if let Err(error) = joined
        && error.is_panic()
    {
        figures::panicked();
        tracing::error!("a job panicked");
    }
}
