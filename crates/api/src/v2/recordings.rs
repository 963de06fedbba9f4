//! `/call-recordings` of version 2: list and get.

use app::calls::{Position, RecordingFilter};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::{Date, Recording, RecordingId};
use utoipa::IntoParams;
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;
use web::signer::Signer;

use super::recording::RecordingBody;
use crate::auth::Caller;
use crate::cursor::{ListKey, RowPosition};
use crate::list::{self, ListShape, Pages};
use crate::query::{Paging, Parameters, Query, QueryReader};
use crate::{Data, Id, List, ListRefusals, ReadRefusals, day};

/// What narrows a list of recordings.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecordingParameters {
    /// Of the account with this number.
    #[param(min_length = 1, max_length = 500, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    account_number: Option<String>,
    /// Of calls on this day or later, `MM-DD-YYYY` or `YYYY-MM-DD`, in the account's zone.
    #[param(schema_with = day)]
    from_date: Option<Date>,
    /// Of calls on this day or before.
    #[param(schema_with = day)]
    to_date: Option<Date>,
}

impl Parameters for RecordingParameters {
    fn read(query: &mut QueryReader) -> Self {
        let account_number = query.line("account_number");
        let (from_date, to_date) = query.period("from_date", "to_date");
        RecordingParameters { account_number, from_date, to_date }
    }
}

/// The recordings of an actor, in pages.
struct RecordingPages {
    web: Web,
    actor: app::Actor,
    filter: RecordingFilter,
    signer: Signer,
}

impl Pages for RecordingPages {
    type Row = Recording;
    type Body<'a> = RecordingBody<'a>;

    async fn next(
        &mut self,
        after: Option<RowPosition>,
        limit: usize,
    ) -> app::Result<Vec<Recording>> {
        let after = after.map(|place| Position { started_at: place.at, id: RecordingId(place.id) });
        app::calls::page(&self.web.app, &self.actor, &self.filter, after, limit).await
    }

    fn position(row: &Recording) -> RowPosition {
        RowPosition { at: row.call.started_at, id: row.id.0 }
    }

    fn body<'a>(&'a self, row: &'a Recording) -> RecordingBody<'a> {
        RecordingBody::new(row, self.signer.address(row.id))
    }
}

/// List call recordings
///
/// Newest call first. Audio is kept for up to 31 days; what is older is not listed.
#[utoipa::path(
    get, path = "/call-recordings", operation_id = "list_call_recordings",
    tag = "Call recordings",
    params(RecordingParameters, Paging),
    responses(
        (status = 200, description = "The recordings", body = List<RecordingBody>,
         headers(("Link" = String, description = "On a page that is not the last: the next")),
         links(("get" = (operation_id = "get_call_recording",
                         parameters(("id" = "$response.body#/data/0/id")))))),
        ListRefusals,
    ),
)]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    address: WholeAddress,
    query: Query<RecordingParameters>,
) -> Result<Response, Refusal> {
    let list = ListKey::of("call recordings", &caller.actor, &query.canonical);
    let wanted = app::calls::RecordingQuery {
        account_number: query.parameters.account_number,
        from: query.parameters.from_date,
        to: query.parameters.to_date,
    };
    let filter = app::calls::filter(&web.app, &caller.actor, wanted).await?;
    let signer = Signer::of(&web, caller.tenant.id, &address.origin).await?;
    let pages = RecordingPages { web, actor: caller.actor, filter, signer };
    list::answer(pages, list, query.paging, ListShape::Data, &address).await
}

/// Get a call recording
///
/// `recording` plays as it is for ten minutes; get it anew after that.
#[utoipa::path(
    get, path = "/call-recordings/{id}", operation_id = "get_call_recording",
    tag = "Call recordings",
    params(("id" = i64, Path, description = "The recording's id", minimum = 1)),
    responses((status = 200, description = "The recording", body = Data<RecordingBody>),
        ReadRefusals),
)]
pub(crate) async fn find(
    State(web): State<Web>,
    caller: Caller,
    address: WholeAddress,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let recording = app::calls::recording(&web.app, &caller.actor, RecordingId(id)).await?;
    let signer = Signer::of(&web, caller.tenant.id, &address.origin).await?;
    let body = RecordingBody::new(&recording, signer.address(recording.id));
    Ok(Json(Data { data: body }).into_response())
}
