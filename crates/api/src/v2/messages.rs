//! `/messages` of version 2: list, get, update.

use app::messages::{Filter, Position};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::message::Update;
use domain::{Date, Instant, Invalid, Message, MessageId, Status};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;

use super::message::MessageBody;
use crate::auth::Caller;
use crate::cursor::{List, Place};
use crate::list::{self, Pages, Wrap};
use crate::query::{Asked, Parameters, Query};
use crate::{
    Data, Fields, Id, ListRefusals, Listed, ReadRefusals, WriteRefusals, day, etag, json_object,
};

const STATUS_RULE: &str = "must be pending, held, delivered, failed, acknowledged or closed";

/// What narrows a list of messages.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessageParameters {
    /// Of the account with this number.
    #[param(
        min_length = 1,
        max_length = 500,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
        example = "W0411"
    )]
    account_number: Option<String>,
    /// Taken on this day or later, `MM-DD-YYYY` or `YYYY-MM-DD`, in the account's zone.
    #[param(schema_with = day, example = "01-21-2025")]
    from_date: Option<Date>,
    /// Taken on this day or before.
    #[param(schema_with = day, example = "01-22-2025")]
    to_date: Option<Date>,
    /// In this status.
    #[param(value_type = Option<super::message::StatusWord>, inline)]
    status: Option<Status>,
    /// Read by the customer, or not.
    read: Option<bool>,
    /// Emergencies, or the others.
    is_emergency: Option<bool>,
    /// Changed at this instant or later, ISO 8601 with `Z` or an offset.
    #[param(value_type = Option<String>, format = "date-time")]
    updated_since: Option<Instant>,
    /// Holding this text.
    #[param(value_type = Option<String>, max_length = 500, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    q: String,
}

impl Parameters for MessageParameters {
    fn read(asked: &mut Asked) -> Self {
        let account_number = asked.line("account_number");
        let (from_date, to_date) = asked.period("from_date", "to_date");
        MessageParameters {
            account_number,
            from_date,
            to_date,
            status: asked.word("status", STATUS_RULE, Status::parse),
            read: asked.flag("read"),
            is_emergency: asked.flag("is_emergency"),
            updated_since: asked.instant("updated_since"),
            q: asked.text("q"),
        }
    }
}

impl From<MessageParameters> for app::messages::Query {
    fn from(parameters: MessageParameters) -> Self {
        app::messages::Query {
            account_number: parameters.account_number,
            from: parameters.from_date,
            to: parameters.to_date,
            status: parameters.status,
            read: parameters.read,
            is_emergency: parameters.is_emergency,
            updated_since: parameters.updated_since,
            text: parameters.q,
        }
    }
}

/// How a list is cut into pages.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the OpenAPI document; api::query reads them")]
pub(crate) struct PagingParameters {
    /// Rows of a page. Without it the list holds everything, streamed.
    #[param(minimum = 1, maximum = 1000, example = 50)]
    limit: Option<usize>,
    /// The `next_cursor` of the page before, of the same list and filter.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{38}$")]
    cursor: Option<String>,
}

/// The messages of an actor, in pages.
struct MessagePages {
    web: Web,
    actor: app::Actor,
    filter: Filter,
}

impl Pages for MessagePages {
    type Row = Message;

    async fn next(&mut self, after: Option<Place>, limit: usize) -> app::Result<Vec<Message>> {
        let after = after.map(|place| Position { created_at: place.at, id: MessageId(place.id) });
        app::messages::page(&self.web.app, &self.actor, &self.filter, after, limit).await
    }

    fn place(row: &Message) -> Place {
        Place { at: row.created_at, id: row.id.0 }
    }

    fn write(&self, row: &Message, out: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(out, &MessageBody::from(row))
    }
}

/// List messages
///
/// Whole messages, newest first. Without `limit` all of them, streamed; with it a page.
#[utoipa::path(
    get, path = "/messages", operation_id = "list_messages", tag = "Messages",
    params(MessageParameters, PagingParameters),
    responses(
        (status = 200, description = "The messages", body = Listed<MessageBody>,
         headers(("Link" = String, description = "On a page that is not the last: the next")),
         links(
            ("get" = (operation_id = "get_message",
                      parameters(("id" = "$response.body#/data/0/id")))),
            ("update" = (operation_id = "update_message",
                         parameters(("id" = "$response.body#/data/0/id")))),
            ("put" = (operation_id = "put_message",
                      parameters(("id" = "$response.body#/data/0/id")))),
         )),
        ListRefusals,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    address: WholeAddress,
    query: Query<MessageParameters>,
) -> Result<Response, Refusal> {
    let list = List::new("messages", &caller.actor, &query.canonical);
    let filter = app::messages::filter(&web.app, &caller.actor, query.parameters.into()).await?;
    let pages = MessagePages { web, actor: caller.actor, filter };
    list::answer(pages, list, query.paging, Wrap::Data, &address).await
}

/// Get a message
///
/// Carries an `ETag`; with `If-None-Match` it is 304 while nothing has changed.
#[utoipa::path(
    get, path = "/messages/{id}", operation_id = "get_message", tag = "Messages",
    params(
        ("id" = i64, Path, description = "The message's id", minimum = 1),
        ("If-None-Match" = Option<String>, Header, description = "ETags that are known already"),
    ),
    responses(
        (status = 200, description = "The message", body = Data<MessageBody>,
         headers(("ETag" = String, description = "Names this revision of the message"))),
        (status = 304, description = "It is as If-None-Match knows it"),
        ReadRefusals,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn find(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let message = app::messages::find(&web.app, &caller.actor, MessageId(id)).await?;
    let etag = etag::of_message(&message);
    let known = etag::named(&headers, IF_NONE_MATCH);
    if known.is_some_and(|known| known.holds_weakly(&etag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response());
    }
    Ok(answer(&message))
}

fn answer(message: &Message) -> Response {
    let body = Json(Data { data: MessageBody::from(message) });
    ([(ETAG, etag::of_message(message))], body).into_response()
}

/// What may be changed about a message: what is given is changed. It may also stand under
/// `"message"`.
#[derive(Debug, ToSchema)]
#[schema(as = MessageUpdate)]
#[expect(dead_code, reason = "stands in the OpenAPI document; update_of reads it")]
pub(crate) struct UpdateBody {
    /// The customer has read it, or has not.
    #[schema(required = false, example = true)]
    read: bool,
    /// `acknowledged`, `closed`, or the status that it had before to reopen it.
    #[schema(required = false)]
    status: super::message::StatusWord,
    /// What became of it; null clears it.
    #[schema(nullable, max_length = 20000, pattern = "^[^\\u0000]*$")]
    disposition: Option<String>,
    /// A note.
    #[schema(required = false, max_length = 20000, pattern = "^[^\\u0000]*$")]
    note: String,
    /// True: picked up now, by the token's user. False: put back.
    #[schema(required = false)]
    pickup: bool,
}

/// Update a message
///
/// Changes what is given, and answers with the whole message. Each change is an activity.
#[utoipa::path(
    patch, path = "/messages/{id}", operation_id = "update_message", tag = "Messages",
    params(
        ("id" = i64, Path, description = "The message's id", minimum = 1),
        ("If-Match" = Option<String>, Header, description = "The ETag that it must still have"),
    ),
    request_body(content = UpdateBody, content_type = "application/json"),
    responses(
        (status = 200, description = "The message as it is now", body = Data<MessageBody>,
         headers(("ETag" = String, description = "Names this revision of the message"))),
        WriteRefusals,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn patch(
    State(web): State<Web>,
    caller: Caller,
    id: Id,
    request: Request,
) -> Result<Response, Refusal> {
    change(web, caller, id, request).await
}

/// Update a message, by PUT
///
/// The same as `PATCH`: what is not given stays as it is.
#[utoipa::path(
    put, path = "/messages/{id}", operation_id = "put_message", tag = "Messages",
    params(
        ("id" = i64, Path, description = "The message's id", minimum = 1),
        ("If-Match" = Option<String>, Header, description = "The ETag that it must still have"),
    ),
    request_body(content = UpdateBody, content_type = "application/json"),
    responses(
        (status = 200, description = "The message as it is now", body = Data<MessageBody>,
         headers(("ETag" = String, description = "Names this revision of the message"))),
        WriteRefusals,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn put(
    State(web): State<Web>,
    caller: Caller,
    id: Id,
    request: Request,
) -> Result<Response, Refusal> {
    change(web, caller, id, request).await
}

async fn change(
    web: Web,
    caller: Caller,
    Id(id): Id,
    request: Request,
) -> Result<Response, Refusal> {
    let (app, actor, id) = (&web.app, &caller.actor, MessageId(id));
    let (parts, body) = request.into_parts();
    let update = update_of(json_object(&parts.headers, body).await?)?;
    let mut revision = None;
    if let Some(wanted) = etag::named(&parts.headers, IF_MATCH) {
        let current = app::messages::find(app, actor, id).await?;
        if !wanted.holds(&etag::of_message(&current)) {
            return Err(app::Error::Changed.into());
        }
        let is_any = wanted == etag::Named::Any;
        revision = (!is_any).then_some(current.revision);
    }
    Ok(answer(&app::messages::update(app, actor, id, &update, revision).await?))
}

/// Reads an update, bare or under `"message"`.
fn update_of(mut object: Map<String, Value>) -> Result<Update, Invalid> {
    let is_wrapped = object.len() == 1 && object.contains_key("message");
    let inner = if is_wrapped { object.shift_remove("message") } else { None };
    let mut fields = match inner {
        Some(Value::Object(inner)) => Fields::of("message.", inner),
        Some(_) => return Err(Invalid::field("message", "must be an object")),
        None => Fields::of("", object),
    };
    let update = Update {
        read: fields.flag("read"),
        status: fields.word(
            "status",
            "must be acknowledged, closed, or the status before",
            Status::parse,
        ),
        disposition: fields.text_or_null("disposition"),
        note: fields.text("note"),
        pickup: fields.flag("pickup"),
    };
    fields.finish().or(update)
}
