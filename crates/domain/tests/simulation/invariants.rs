//! What holds after every step of a history, and at its end.

use domain::delivery::{Reach, State};
use domain::{Channel, limits};

use super::model::{Model, Row, Work};

/// Steps of a history in which things go wrong.
const ROUGH_STEPS: usize = 80;
/// Steps after that within which everything must end.
const CALM_STEPS: usize = 3_000;

/// Lives through a history. Panics with the seed where something does not hold.
pub(crate) fn live(seed: u64) -> Told {
    let mut model = Model::new(seed);
    let mut before = Vec::new();
    for _ in 0..ROUGH_STEPS {
        model.step();
        check(&model, &before, seed);
        before.clone_from(&model.rows);
    }
    model.is_rough = false;
    for _ in 0..CALM_STEPS {
        if is_over(&model) {
            break;
        }
        model.step();
        check(&model, &before, seed);
        before.clone_from(&model.rows);
    }
    assert!(is_over(&model), "seed {seed}: it does not end");
    Told::of(&model)
}

/// What histories came to, together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) occurrences: usize,
    pub(crate) sends: usize,
    pub(crate) attempts: usize,
    /// Deliveries that arrived more than once, each of which says so.
    pub(crate) doubled: usize,
}

impl Told {
    fn of(model: &Model) -> Self {
        Told {
            occurrences: model.runs.len(),
            sends: model.rows.len(),
            attempts: model.rows.iter().map(|row| row.attempts.len()).sum(),
            doubled: model.rows.iter().filter(|row| is_doubled(row)).count(),
        }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Told {
            occurrences: self.occurrences + other.occurrences,
            sends: self.sends + other.sends,
            attempts: self.attempts + other.attempts,
            doubled: self.doubled + other.doubled,
        }
    }
}

/// A call that came to nothing is made again on purpose; that is no double.
fn is_doubled(row: &Row) -> bool {
    row.arrived > 1 && row.delivery.channel != Channel::Call
}

fn is_over(model: &Model) -> bool {
    let is_done = |row: &Row| row.job.is_none() && row.delivery.state.is_final();
    model.fire.is_none()
        && model.rows.iter().all(is_done)
        && model.workers.iter().all(Option::is_none)
}

fn check(model: &Model, before: &[Row], seed: u64) {
    check_runs(model, seed);
    check_leases(model, seed);
    for (i, row) in model.rows.iter().enumerate() {
        check_row(row, seed);
        if let Some(old) = before.get(i) {
            check_change(old, row, seed);
        }
    }
}

/// Each occurrence up to the next one has its run, none was fired before it was due, and those that
/// run are not lost.
fn check_runs(model: &Model, seed: u64) {
    let mut due_at = model.first;
    for run in &model.runs {
        assert_eq!(run.due_at, due_at, "seed {seed}: each occurrence has one run");
        assert!(run.fired_at >= run.due_at, "seed {seed}: fired before it was due");
        due_at += model.every_ms;
    }
    let next = Some(due_at).filter(|due_at| *due_at <= model.last);
    assert_eq!(model.next, next, "seed {seed}: no occurrence is left out");
    assert_eq!(model.fire.is_some(), next.is_some(), "seed {seed}: and it has a job");
    let carried = model.runs.iter().filter(|run| run.row.is_some()).count();
    assert_eq!(carried, model.rows.len(), "seed {seed}: each that runs has one delivery");
}

/// At most one worker's claim on a job still counts, and a lease is no longer than a lease.
fn check_leases(model: &Model, seed: u64) {
    for (i, row) in model.rows.iter().enumerate() {
        let Some(job) = row.job else { continue };
        let holds = |work: &&Work| match work {
            Work::Fire(_) => false,
            Work::Start(row, held) | Work::Send(row, held, _) | Work::Record(row, held, ..) => {
                *row == i && held.fence == job.fence
            }
        };
        let holders = model.workers.iter().flatten().filter(holds).count();
        assert!(holders <= 1, "seed {seed}: {holders} workers hold a job");
    }
}

fn check_row(row: &Row, seed: u64) {
    let Row { delivery, job, attempts, .. } = row;
    assert_eq!(job.is_some(), !delivery.state.is_final(), "seed {seed}: lost, {row:?}");
    assert_eq!(delivery.attempts, attempts.len() as i64, "seed {seed}: {row:?}");
    assert!(delivery.attempts <= delivery.channel.attempts(), "seed {seed}: {row:?}");
    let open = attempts.iter().filter(|attempt| attempt.outcome.is_empty()).count();
    assert_eq!(open, usize::from(delivery.state == State::Sending), "seed {seed}: {row:?}");
    let mut unsure = None;
    for attempt in attempts {
        let carrier = attempt.carrier.as_str();
        assert!(unsure.is_none_or(|pinned| pinned == carrier), "seed {seed}: handed on, {row:?}");
        let is_blind = carrier != "two";
        let flag = unsure.is_some() && is_blind;
        assert_eq!(attempt.may_double, flag, "seed {seed}: a double is flagged, {row:?}");
        if attempt.outcome == "unknown" {
            unsure = Some(carrier);
        }
    }
    if delivery.channel != Channel::Call {
        // A call that was reported as not answered is made again on purpose.
        let flagged = attempts.iter().filter(|attempt| attempt.may_double).count();
        assert!(row.arrived <= 1 + flagged, "seed {seed}: a double without a flag, {row:?}");
    }
}

/// What is known never becomes less, and the end is the end, but for a call that came to nothing.
fn check_change(old: &Row, new: &Row, seed: u64) {
    assert_eq!(old.delivery.key, new.delivery.key, "seed {seed}: the key is constant");
    assert!(old.attempts.len() <= new.attempts.len(), "seed {seed}: attempts are kept");
    let kept = old.attempts.iter().zip(&new.attempts);
    for (old, new) in kept {
        let is_same = old.carrier == new.carrier && old.may_double == new.may_double;
        let is_written = old.outcome.is_empty() || old.outcome == new.outcome;
        assert!(is_same && is_written, "seed {seed}: an attempt changed: {old:?} {new:?}");
    }
    let is_undone = old.delivery.state == State::Sent
        && old.delivery.reach <= Some(Reach::Carrier)
        && new.delivery.state != State::Sent;
    if is_undone {
        let to_queue = new.delivery.state == State::Queued;
        assert!(!to_queue || new.delivery.channel == Channel::Call, "seed {seed}: {new:?}");
        return;
    }
    assert!(old.delivery.reach <= new.delivery.reach, "seed {seed}: reach became less");
    if old.delivery.state.is_final() {
        assert_eq!(old.delivery.state, new.delivery.state, "seed {seed}: the end is the end");
    }
    let late_ms = limits::LEASE_MS;
    assert!(new.job.is_none_or(|job| job.due_at >= -late_ms), "seed {seed}: {new:?}");
}
