//! Occurrences that are due already when their To Do is changed or paused: their skip is written down.

use domain::to_do::RunState;
use domain::{Instant, Run, RunId, Schedule, TenantId, ToDo, Zone, limits};
use store::Tx;

use crate::Result;

/// The most occurrences that are written down one by one: a week of every minute.
const SETTLED: usize = 10_080;

/// Writes down what came due and was not dealt with before somebody moved or paused the To Do. An
/// occurrence that has its run already keeps it.
pub(super) async fn settle(
    tx: &mut Tx,
    to_do: &ToDo,
    schedule: Option<&mut Schedule>,
    zone: &Zone,
    now: Instant,
) -> Result<()> {
    let due = match &schedule {
        Some(schedule) => missed(schedule, zone, now),
        None => to_do.run_at.filter(|at| *at <= now).into_iter().collect(),
    };
    let runs: Vec<(TenantId, Run)> =
        due.iter().map(|at| (to_do.tenant_id, skipped(to_do, *at, now))).collect();
    for runs in runs.chunks(limits::RUNS_AT_ONCE) {
        let rows: Vec<(TenantId, &Run)> = runs.iter().map(|(tenant, run)| (*tenant, run)).collect();
        let made = store::runs::insert_all(tx.link(), &rows).await?;
        let ids: Vec<_> = made.iter().map(|(_, _, id)| (to_do.tenant_id, *id)).collect();
        crate::webhooks::ran(tx, &ids, now).await?;
    }
    if let (Some(schedule), Some(last)) = (schedule, due.last()) {
        schedule.previous = Some(*last);
    }
    Ok(())
}

fn missed(schedule: &Schedule, zone: &Zone, now: Instant) -> Vec<Instant> {
    let recurrence = schedule.recurrence(zone);
    let due = std::iter::successors(schedule.next, |at| recurrence.next(*at));
    due.take_while(|at| *at <= now).take(SETTLED).collect()
}

fn skipped(to_do: &ToDo, at: Instant, now: Instant) -> Run {
    Run {
        id: RunId(0),
        to_do_id: to_do.id,
        due_at: at,
        state: RunState::Skipped,
        reason: "The To Do was changed or paused before it was sent.".to_owned(),
        created_at: now,
        finished_at: Some(now),
    }
}
