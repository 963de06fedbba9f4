//! To Dos that an agent works: a call with instructions waits in the work queue until somebody ends it.

use domain::to_do::RunState;
use domain::work_item::{NewItem, WorkKind};
use domain::{Instant, Run, RunId, ToDo};
use store::Tx;
use store::runs::RunOutcome;

use super::turns::turn_all;
use crate::{Result, work_queue};

/// Why such a run is not finished.
pub(super) const WAITS: &str = "It waits for an agent.";

/// What waits in the work queue for a run.
pub(super) fn item(to_do: &ToDo, run: RunId) -> NewItem {
    NewItem {
        account_id: to_do.account_id,
        kind: WorkKind::ToDo,
        message_id: None,
        run_id: Some(run),
        subject: format!("run:{run}"),
        title: format!("Call {}", to_do.contact),
        detail: String::new(),
        is_urgent: false,
    }
}

/// Brings what waits in the work queue to what the To Do now says.
pub(super) async fn rewrite(tx: &mut Tx, to_do: &ToDo, now: Instant) -> Result<()> {
    let waiting = waiting(tx, to_do).await?;
    let items = waiting.iter().map(|run| (to_do.tenant_id, item(to_do, run.id)));
    work_queue::raise_all(tx, items.collect(), now).await
}

/// Takes what waits in the work queue back: the To Do is gone.
pub(super) async fn take_back(tx: &mut Tx, to_do: &ToDo, why: &str, now: Instant) -> Result<()> {
    for run in waiting(tx, to_do).await? {
        let (tenant_id, run_id) = (to_do.tenant_id, run.id);
        store::work_items::settle_runs(tx.link(), &[(tenant_id, run_id)], why, now).await?;
        let (state, reason, finished_at) = (RunState::Cancelled, why.to_owned(), Some(now));
        turn_all(tx, &[RunOutcome { tenant_id, run_id, state, reason, finished_at }], now).await?;
    }
    Ok(())
}

/// The runs of a To Do that are in the work queue.
async fn waiting(tx: &mut Tx, to_do: &ToDo) -> Result<Vec<Run>> {
    let open = store::runs::open_of(tx.link(), to_do.tenant_id, to_do.id).await?;
    Ok(open.into_iter().filter(|run| run.state == RunState::AtDesk).collect())
}
