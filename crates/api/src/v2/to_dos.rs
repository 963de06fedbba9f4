//! `/to-dos` of version 2, and its exact alias `/to_dos`: list, create, get, update, delete, pause.

mod answer;
mod input;
mod preview;
mod runs;
mod schedule;
mod write;

use app::to_dos::{ScheduledToDo, ToDoFilter};
use axum::extract::State;
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Channel, ToDoId};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;

use self::answer::{DetailBody, ItemBody, answered, written};
use crate::auth::Caller;
use crate::cursor::{ListKey, RowPosition};
use crate::list::{self, ListShape, Pages};
use crate::query::{Paging, Parameters, Query, QueryReader};
use crate::words::DeliveryType;
use crate::{Data, Id, List, ListRefusals, ReadRefusals, etag};

/// The routes below `/to-dos`.
pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, write::create))
        .routes(routes!(runs::list))
        .layer(list::gzip())
        .routes(routes!(preview::draft))
        .routes(routes!(find, write::update, write::delete))
        .routes(routes!(write::pause))
        .routes(routes!(write::resume))
        .routes(routes!(preview::stored))
}

/// What narrows a list of To Dos.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct ToDoParameters {
    /// Of the account with this number.
    #[param(
        min_length = 1,
        max_length = 500,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
        example = "W0411"
    )]
    account_number: Option<String>,
    /// Going out this way.
    #[param(value_type = Option<DeliveryType>)]
    delivery_type: Option<Channel>,
}

impl Parameters for ToDoParameters {
    fn read(query: &mut QueryReader) -> Self {
        let rule = "must be sms, email or call";
        ToDoParameters {
            account_number: query.line("account_number"),
            delivery_type: query.word("delivery_type", rule, Channel::parse),
        }
    }
}

/// The To Dos of an actor, in pages.
struct ToDoPages {
    web: Web,
    actor: app::Actor,
    filter: ToDoFilter,
}

impl Pages for ToDoPages {
    type Row = ScheduledToDo;
    type Body<'a> = ItemBody<'a>;

    async fn next(
        &mut self,
        after: Option<RowPosition>,
        limit: usize,
    ) -> app::Result<Vec<ScheduledToDo>> {
        let before = after.map(|place| ToDoId(place.id));
        app::to_dos::page(&self.web.app, &self.actor, &self.filter, before, limit).await
    }

    fn position(row: &ScheduledToDo) -> RowPosition {
        RowPosition { at: row.to_do.created_at, id: row.to_do.id.0 }
    }

    fn body<'a>(&'a self, row: &'a ScheduledToDo) -> ItemBody<'a> {
        ItemBody::new(row)
    }
}

/// List To Dos
///
/// Newest first. Without `limit` all of them, streamed; with it a page.
#[utoipa::path(
    get, path = "/", operation_id = "list_to_dos", tag = "To Dos",
    params(ToDoParameters, Paging),
    responses(
        (status = 200, description = "The To Dos", body = List<ItemBody>,
         headers(("Link" = String, description = "On a page that is not the last: the next")),
         links(
            ("get" = (operation_id = "get_to_do",
                      parameters(("id" = "$response.body#/data/0/to_do/id")))),
            ("runs" = (operation_id = "list_runs",
                       parameters(("id" = "$response.body#/data/0/to_do/id")))),
         )),
        ListRefusals,
    ),
)]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    address: WholeAddress,
    query: Query<ToDoParameters>,
) -> Result<Response, Refusal> {
    let list = ListKey::of("to dos", &caller.actor, &query.canonical);
    let wanted = app::to_dos::ToDoQuery {
        account_number: query.parameters.account_number,
        delivery_type: query.parameters.delivery_type,
    };
    let filter = app::to_dos::filter(&web.app, &caller.actor, &wanted).await?;
    let pages = ToDoPages { web, actor: caller.actor, filter };
    list::answer(pages, list, query.paging, ListShape::Data, &address).await
}

/// Get a To Do
///
/// Carries an `ETag`; with `If-None-Match` it is 304 while nothing has changed.
#[utoipa::path(
    get, path = "/{id}", operation_id = "get_to_do", tag = "To Dos",
    params(
        ("id" = i64, Path, description = "The To Do's id", minimum = 1),
        ("If-None-Match" = Option<String>, Header, description = "ETags that are known already"),
    ),
    responses(
        (status = 200, description = "The To Do", body = Data<DetailBody>,
         headers(("ETag" = String, description = "Names this state of the To Do"))),
        (status = 304, description = "It is as If-None-Match knows it"),
        ReadRefusals,
    ),
)]
async fn find(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let standing = app::to_dos::find(&web.app, &caller.actor, ToDoId(id)).await?;
    let (etag, body) = written(&standing)?;
    let known = etag::named(&headers, IF_NONE_MATCH);
    if known.is_some_and(|known| known.holds_weakly(&etag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response());
    }
    Ok(answered(etag, body))
}
