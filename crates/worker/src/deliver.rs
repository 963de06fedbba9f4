//! Attempts of deliveries: written down, made, written down again; many at once.

use std::time::Duration;

use app::deliveries::{self, Started};
use domain::delivery::Outcome;
use domain::{Instant, Job};
use wire::pause;

use crate::carriers::Slot;
use crate::halves::{Done, in_halves};
use crate::{WorkFault, Worker, WorkerParts, figures};

/// Pause between two tries to write outcomes down.
const RECORD_PAUSE: Duration = Duration::from_millis(500);
/// Tries to write outcomes down; together they end before a lease does.
const RECORD_TRIES: u32 = 15;

/// An attempt that may now be made, and its place at the carrier.
pub(crate) struct Attempt {
    pub(crate) started: Started,
    _slot: Option<Slot>,
}

/// Writes down that attempts start, and answers those that are to be made. The others were captured
/// or postponed, or there is nothing to do about them any more.
pub(crate) async fn begin(worker: &Worker, jobs: &[Job]) -> Done<Vec<Attempt>> {
    in_halves(jobs.to_vec(), |jobs| {
        let worker = worker.clone();
        async move { begin_all(&worker.0, &jobs).await }
    })
    .await
}

async fn begin_all(parts: &WorkerParts, jobs: &[Job]) -> Result<Vec<Attempt>, WorkFault> {
    let booking = parts.carriers.book(parts.app.now());
    let started = deliveries::start_all(&parts.app, jobs, &booking).await?;
    let attempt = |started: Started| {
        let slot = booking.slot(&started.delivery.carrier);
        Attempt { started, _slot: slot }
    };
    Ok(started.into_iter().map(attempt).collect())
}

/// Makes an attempt, with no transaction open.
pub(crate) async fn send(parts: &WorkerParts, attempt: Attempt) -> (Started, Outcome) {
    let started = attempt.started;
    let begun = parts.app.now();
    let outcome = parts.carriers.send(&started, || parts.app.now()).await;
    let ms = parts.app.now().ms_since(begun);
    figures::send(started.delivery.channel, outcome.as_str(), ms);
    tracing::info!(
        job = started.job.id.0,
        tenant = started.tenant.id.0,
        delivery = started.delivery.id.0,
        carrier = started.delivery.carrier,
        attempt = started.number,
        outcome = outcome.as_str(),
        ms,
        "delivery attempted"
    );
    (started, outcome)
}

/// Writes outcomes down, and answers how many still counted. What went out cannot be called back, so
/// a database that is away for a moment is tried again while the leases last: else it would go out
/// twice.
pub(crate) async fn record(worker: &Worker, outcomes: &[(Started, Outcome)]) -> Done<usize> {
    in_halves(outcomes.to_vec(), |outcomes| {
        let worker = worker.clone();
        async move { record_patiently(&worker.0, &outcomes).await }
    })
    .await
}

async fn record_patiently(
    parts: &WorkerParts,
    outcomes: &[(Started, Outcome)],
) -> Result<usize, WorkFault> {
    let rows: Vec<(&Started, &Outcome)> =
        outcomes.iter().map(|(started, outcome)| (started, outcome)).collect();
    let booking = parts.carriers.book(parts.app.now());
    let mut patience = Patience::new(parts, rows.len());
    loop {
        match deliveries::record_all(&parts.app, &rows, &booking).await {
            Err(error) if patience.waits(parts, &error).await => {}
            other => return Ok(other?),
        }
    }
}

/// Waits for a database that is away while the leases of what happened outside last.
pub(crate) struct Patience {
    begun: Instant,
    outcomes: usize,
    tries: u32,
}

impl Patience {
    /// Begins with the first try to write so many outcomes down.
    pub(crate) fn new(parts: &WorkerParts, outcomes: usize) -> Self {
        Patience { begun: parts.app.now(), outcomes, tries: 1 }
    }

    /// Waits a moment if another try makes sense after this error; false if not.
    pub(crate) async fn waits(&mut self, parts: &WorkerParts, error: &app::Error) -> bool {
        let in_time = parts.app.now().ms_since(self.begun) < domain::limits::LEASE_MS;
        if self.tries >= RECORD_TRIES || !in_time || !is_away(error) {
            return false;
        }
        self.tell(error);
        pause(RECORD_PAUSE).await;
        true
    }

    fn tell(&mut self, error: &app::Error) {
        let error = error as &dyn std::error::Error;
        tracing::warn!(error, outcomes = self.outcomes, tries = self.tries, "outcomes wait");
        self.tries += 1;
    }
}

fn is_away(error: &app::Error) -> bool {
    matches!(error, app::Error::Unavailable(_) | app::Error::Full(_))
}
