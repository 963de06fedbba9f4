//! `/to-dos` of version 2, and its exact alias `/to_dos`: list, create, get, update, delete, pause.

mod answer;
mod input;
mod preview;
mod runs;
mod schedule;
mod write;

use app::to_dos::{ScheduledToDo, ToDoFilter, ToDoQuery};
use axum::http::HeaderMap;
use domain::ToDoId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Web;

use self::answer::{DetailBody, ItemBody, answered, written};
use crate::auth::Caller;
use crate::cursor::RowPosition;
use crate::list::{self, PageRequest, Pages};
use crate::openapi::IfNoneMatch;
use crate::query::{AccountNumbers, ListQuery, Paging, parameters};
use crate::words::DeliveryType;
use crate::{Data, Id, List, ListRefusals, ReadRefusals, Result, etag};

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

parameters! {
    /// What narrows a list of To Dos.
    ToDoParameters => ToDoQuery;
    /// Of the account with this number; of several with `account_number[]`, given once for each.
    account_numbers as "account_number": AccountNumbers = "W0411",
    /// Going out this way.
    delivery_type: DeliveryType,
}

impl Pages for ToDoFilter {
    type Row = ScheduledToDo;
    type Body<'a> = ItemBody<'a>;

    async fn next(
        &mut self,
        caller: &Caller,
        page: PageRequest,
    ) -> app::Result<Vec<ScheduledToDo>> {
        self.skip = page.skip;
        let before = page.after.map(|row| ToDoId(row.id));
        app::to_dos::page(&caller.web.app, &caller.actor, self, before, page.limit).await
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
    responses((status = 200, description = "The To Dos", body = List<ItemBody>), ListRefusals),
)]
async fn list(caller: Caller, query: ListQuery<ToDoParameters>) -> Result {
    let filter = app::to_dos::filter(&caller.web.app, &caller.actor, &query.parameters).await?;
    list::answer(caller, "to dos", query.cut, filter).await
}

/// Get a To Do
///
/// Carries an `ETag`; with `If-None-Match` it is 304 while nothing has changed.
#[utoipa::path(
    get, path = "/{id}", operation_id = "get_to_do", tag = "To Dos",
    params(IfNoneMatch),
    responses((status = 200, description = "The To Do", body = Data<DetailBody>), ReadRefusals),
)]
async fn find(caller: Caller, Id(id): Id, headers: HeaderMap) -> Result {
    let standing = app::to_dos::find(&caller.web.app, &caller.actor, ToDoId(id)).await?;
    let (etag, body) = written(&standing)?;
    let unchanged = etag::not_modified(&headers, &etag);
    Ok(unchanged.unwrap_or_else(|| answered(etag, body)))
}
