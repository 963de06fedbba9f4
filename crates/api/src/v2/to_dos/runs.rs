//! `/to-dos/{id}/runs` of version 2: each occurrence that came due, and why it did or did not go out.

use app::to_dos::RunDetail;
use axum::extract::State;
use axum::response::Response;
use domain::ToDoId;
use serde::Serialize;
use utoipa::ToSchema;
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;

use super::super::delivery::DeliveryBody;
use super::super::messages::PagingParameters;
use crate::auth::Caller;
use crate::cursor::{List, Place};
use crate::list::{self, Pages, Wrap};
use crate::query::{Asked, Parameters, Query};
use crate::{Id, ListRefusals, Listed, Utc};

/// One occurrence of a To Do, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Run)]
pub(super) struct RunBody<'a> {
    /// Its identifier.
    id: i64,
    /// The To Do's id.
    to_do_id: i64,
    /// The occurrence.
    due_at: Utc,
    /// What became of it.
    #[schema(value_type = RunStateWord)]
    state: &'static str,
    /// Why, in a sentence; `""` where the delivery says it.
    reason: &'a str,
    /// When it was written down.
    created_at: Utc,
    /// When nothing more was to be done; null while it is open.
    finished_at: Option<Utc>,
    /// What was sent; null where it was skipped, or had nowhere to go.
    delivery: Option<DeliveryBody<'a>>,
}

/// What became of an occurrence.
#[derive(Debug, ToSchema)]
#[schema(as = RunState, rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the OpenAPI document; the words are domain::RunState's")]
enum RunStateWord {
    Waiting,
    Sending,
    Sent,
    Captured,
    Failed,
    Skipped,
    Cancelled,
}

impl<'a> From<&'a RunDetail> for RunBody<'a> {
    fn from(detail: &'a RunDetail) -> Self {
        let run = &detail.run;
        let delivery = detail.delivery.as_ref();
        RunBody {
            id: run.id.0,
            to_do_id: run.to_do_id.0,
            due_at: Utc(run.due_at),
            state: run.state.as_str(),
            reason: &run.reason,
            created_at: Utc(run.created_at),
            finished_at: run.finished_at.map(Utc),
            delivery: delivery
                .map(|(delivery, attempts)| DeliveryBody::new(delivery, attempts, detail.next_try)),
        }
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

    async fn next(&mut self, after: Option<Place>, limit: usize) -> app::Result<Vec<RunDetail>> {
        let before = after.map(|place| place.at);
        app::to_dos::runs(&self.web.app, &self.actor, self.id, before, limit).await
    }

    fn place(row: &RunDetail) -> Place {
        Place { at: row.run.due_at, id: row.run.id.0 }
    }

    fn write(&self, row: &RunDetail, out: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(out, &RunBody::from(row))
    }
}

/// Nothing narrows a list of runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unnarrowed;

impl Parameters for Unnarrowed {
    fn read(_: &mut Asked) -> Self {
        Unnarrowed
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
        PagingParameters,
    ),
    responses(
        (status = 200, description = "The runs", body = Listed<RunBody>,
         headers(("Link" = String, description = "On a page that is not the last: the next"))),
        ListRefusals,
    ),
    security(("bearer" = [])),
)]
pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    address: WholeAddress,
    query: Query<Unnarrowed>,
) -> Result<Response, Refusal> {
    let list = List::new(&format!("runs of {id}"), &caller.actor, &query.canonical);
    let id = ToDoId(id);
    // Before the cursor is looked at: it could tell that the To Do is there.
    app::to_dos::find(&web.app, &caller.actor, id).await?;
    let pages = RunPages { web, actor: caller.actor, id };
    list::answer(pages, list, query.paging, Wrap::Data, &address).await
}
