//! How a To Do's occurrences went, with all that explains it.

use domain::{Attempt, Delivery, Instant, JobKind, Run, RunId, ToDoId};

use super::ScheduledToDo;
use super::read::{find, visible};
use crate::deliveries::with_attempts;
use crate::{Actor, App, Error, Result};

/// A run with what was sent and tried for it.
#[derive(Clone, Debug)]
pub struct RunDetail {
    /// The run.
    pub run: Run,
    /// What was sent, with its attempts; `None` where it was skipped or had nowhere to go.
    pub delivery: Option<(Delivery, Vec<Attempt>)>,
    /// When the next attempt is made.
    pub next_try: Option<Instant>,
}

/// The runs of a To Do, newest occurrence first: at most `limit`, those before `before`.
#[crate::boxed]
pub async fn runs(
    app: &App,
    actor: &Actor,
    id: ToDoId,
    before: Option<Instant>,
    limit: usize,
) -> Result<Vec<RunDetail>> {
    let tenant = find(app, actor, id).await?.to_do.tenant_id;
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let runs = store::runs::of_to_do(reader.link(), tenant, id, before, limit).await?;
    let ids: Vec<RunId> = runs.iter().map(|run| run.id).collect();
    let deliveries = store::deliveries::of_runs(reader.link(), tenant, &ids).await?;
    let mut deliveries = with_attempts(reader.link(), tenant, deliveries).await?;
    let mut details = Vec::new();
    for run in runs {
        let at = deliveries.iter().position(|(delivery, _)| delivery.cause.run() == Some(run.id));
        let mut detail = RunDetail { run, delivery: None, next_try: None };
        if let Some((delivery, attempts)) = at.map(|at| deliveries.swap_remove(at)) {
            let kind = JobKind::Deliver(delivery.channel);
            if !delivery.state.is_final() {
                detail.next_try =
                    store::jobs::due_at(reader.link(), tenant, kind, delivery.id.0).await?;
            }
            detail.delivery = Some((delivery, attempts));
        }
        details.push(detail);
    }
    Ok(details)
}

/// The last run of each of some To Dos, which are such that whoever asks may see. Those that never
/// ran are missing.
#[crate::boxed]
pub async fn last_runs(app: &App, actor: &Actor, to_dos: &[ScheduledToDo]) -> Result<Vec<Run>> {
    let ids: Vec<ToDoId> = to_dos.iter().map(|standing| standing.to_do.id).collect();
    let mut reader = app.db.read().await?;
    Ok(store::runs::last_of(reader.link(), actor.tenant_id, &ids).await?)
}

/// The To Do that a run belongs to, unless it was deleted.
#[crate::boxed]
pub async fn of_run(app: &App, actor: &Actor, id: RunId) -> Result<ScheduledToDo> {
    let mut reader = app.db.read().await?;
    let run = store::runs::find(reader.link(), actor.tenant_id, id).await?;
    let run = run.ok_or(Error::NotFound)?;
    let found = store::to_dos::find(reader.link(), actor.tenant_id, run.to_do_id).await?;
    visible(actor, found)
}
