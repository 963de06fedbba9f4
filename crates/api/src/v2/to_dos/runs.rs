//! `/to-dos/{id}/runs` of version 2: each occurrence that came due, and why it did or did not go out.

use app::to_dos::RunDetail;
use axum::extract::State;
use axum::response::Response;
use domain::ToDoId;
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;

use super::super::delivery::DeliveryBody;
use crate::auth::Caller;
use crate::bodies::answer;
use crate::cursor::{ListKey, RowPosition};
use crate::list::{self, ListShape, Pages};
use crate::query::{Paging, Parameters, Query, QueryReader};
use crate::words::RunState;
use crate::{Id, List, ListRefusals, Utc};

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

/// The runs of a To Do, in pages.
struct RunPages {
    web: Web,
    actor: app::Actor,
    id: ToDoId,
}

impl Pages for RunPages {
    type Row = RunDetail;
    type Body<'a> = RunBody<'a>;

    async fn next(
        &mut self,
        after: Option<RowPosition>,
        limit: usize,
    ) -> app::Result<Vec<RunDetail>> {
        let before = after.map(|place| place.at);
        app::to_dos::runs(&self.web.app, &self.actor, self.id, before, limit).await
    }

    fn position(row: &RunDetail) -> RowPosition {
        RowPosition { at: row.run.due_at, id: row.run.id.0 }
    }

    fn body<'a>(&'a self, row: &'a RunDetail) -> RunBody<'a> {
        RunBody::new(row)
    }
}

/// Nothing narrows a list of runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoParameters;

impl Parameters for NoParameters {
    fn read(_: &mut QueryReader) -> Self {
        NoParameters
    }
}

/// List the runs of a To Do
///
/// Each occurrence that came due, newest first: sent, skipped or failed, with the reason, and with
/// every attempt to send it.
#[utoipa::path(
    get, path = "/{id}/runs", operation_id = "list_runs", tag = "To Dos",
    params(
        ("id" = i64, Path, description = "The To Do's id", minimum = 1),
        Paging,
    ),
    responses(
        (status = 200, description = "The runs", body = List<RunBody>,
         headers(("Link" = String, description = "On a page that is not the last: the next"))),
        ListRefusals,
    ),
)]
pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    address: WholeAddress,
    query: Query<NoParameters>,
) -> Result<Response, Refusal> {
    let list = ListKey::of(&format!("runs of {id}"), &caller.actor, &query.canonical);
    let id = ToDoId(id);
    // Before the cursor is looked at: it could tell that the To Do is there.
    app::to_dos::find(&web.app, &caller.actor, id).await?;
    let pages = RunPages { web, actor: caller.actor, id };
    list::answer(pages, list, query.paging, ListShape::Data, &address).await
}
