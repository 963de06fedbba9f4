//! `/to-dos/{id}/runs` of version 2: each occurrence that came due, and why it did or did not go out.

use app::to_dos::RunDetail;
use domain::{ToDoId, limits};

use super::super::delivery::DeliveryBody;
use crate::auth::Caller;
use crate::bodies::answer;
use crate::cursor::RowPosition;
use crate::list::{self, PageRequest, Pages};
use crate::query::{ListQuery, Paging};
use crate::words::RunState;
use crate::{Id, List, ListRefusals, Result, Utc};

answer! {
    /// One occurrence of a To Do, and what became of it.
    #[schema(as = Run)]
    pub(super) struct RunBody<'a>(detail: &'a RunDetail) {
        /// The run's identifier.
        id: i64 = detail.run.id.0,
        /// The To Do's id.
        to_do_id: i64 = detail.run.to_do_id.0,
        /// The instant that the schedule, or `run_at`, named.
        due_at: Utc = Utc(detail.run.due_at),
        /// What became of it.
        state: RunState = RunState(detail.run.state),
        /// Why, in a sentence; `""` where the delivery says it.
        reason: &'a str = &detail.run.reason,
        /// When it was written down.
        created_at: Utc = Utc(detail.run.created_at),
        /// When nothing more was to be done; null while it is open.
        finished_at: Option<Utc> = detail.run.finished_at.map(Utc),
        /// What was sent; null where it was skipped, or had nowhere to go.
        delivery: Option<DeliveryBody<'a>> =
            detail.delivery.as_ref().map(|(delivery, attempts)| {
                DeliveryBody::new(delivery, attempts, detail.next_try)
            }),
    }
}

/// The runs of a To Do.
struct RunPages(ToDoId);

impl Pages for RunPages {
    type Row = RunDetail;
    type Body<'a> = RunBody<'a>;

    async fn next(&mut self, caller: &Caller, page: PageRequest) -> app::Result<Vec<RunDetail>> {
        let (app, actor) = (&caller.web.app, &caller.actor);
        let mut before = page.after.map(|row| row.at);
        let mut skip = usize::try_from(page.skip).unwrap_or_default();
        while skip > 0 {
            let rows = skip.min(limits::STREAMED_ROWS);
            let skipped = app::to_dos::runs(app, actor, self.0, before, rows).await?;
            let Some(last) = skipped.last().filter(|_| skipped.len() == rows) else {
                return Ok(Vec::new());
            };
            before = Some(last.run.due_at);
            skip -= rows;
        }
        app::to_dos::runs(app, actor, self.0, before, page.limit).await
    }

    fn position(row: &RunDetail) -> RowPosition {
        RowPosition { at: row.run.due_at, id: row.run.id.0 }
    }

    fn body<'a>(&'a self, row: &'a RunDetail) -> RunBody<'a> {
        RunBody::new(row)
    }
}

/// List the runs of a To Do
///
/// Each occurrence that came due, newest first: sent, skipped or failed, with the reason, and with
/// every attempt to send it.
#[utoipa::path(
    get, path = "/{id}/runs", operation_id = "list_runs", tag = "To Dos",
    params(Paging),
    responses((status = 200, description = "The runs", body = List<RunBody>), ListRefusals),
)]
pub(super) async fn list(caller: Caller, Id(id): Id, query: ListQuery<()>) -> Result {
    // Before the cursor is looked at: it could tell that the To Do is there.
    app::to_dos::find(&caller.web.app, &caller.actor, ToDoId(id)).await?;
    list::answer(caller, &format!("runs of {id}"), query.cut, RunPages(ToDoId(id))).await
}
