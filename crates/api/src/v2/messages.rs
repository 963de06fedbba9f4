//! `/messages` of version 2: list, get, update.

use app::messages::{MessageFilter, Position};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::message::Update;
use domain::{Date, Instant, Invalid, Message, MessageId, Status};
use serde_json::{Map, Value};
use utoipa::IntoParams;
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;

use super::message::MessageBody;
use crate::auth::Caller;
use crate::bodies::{Clearable, FieldKind, Flag, Optional, Text, body, named};
use crate::cursor::{ListKey, RowPosition};
use crate::fields::Fields;
use crate::list::{self, ListShape, Pages};
use crate::query::{Paging, Parameters, Query, QueryReader};
use crate::words::MessageStatus;
use crate::{Data, Id, List, ListRefusals, ReadRefusals, WriteRefusals, day, etag, json_object};

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
    #[param(value_type = Option<MessageStatus>)]
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
    fn read(query: &mut QueryReader) -> Self {
        let account_number = query.line("account_number");
        let (from_date, to_date) = query.period("from_date", "to_date");
        MessageParameters {
            account_number,
            from_date,
            to_date,
            status: query.word("status", STATUS_RULE, Status::parse),
            read: query.flag("read"),
            is_emergency: query.flag("is_emergency"),
            updated_since: query.instant("updated_since"),
            q: query.text("q"),
        }
    }
}

impl From<MessageParameters> for app::messages::MessageQuery {
    fn from(parameters: MessageParameters) -> Self {
        app::messages::MessageQuery {
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

/// The messages of an actor, in pages.
struct MessagePages {
    web: Web,
    actor: app::Actor,
    filter: MessageFilter,
}

impl Pages for MessagePages {
    type Row = Message;
    type Body<'a> = MessageBody<'a>;

    async fn next(
        &mut self,
        after: Option<RowPosition>,
        limit: usize,
    ) -> app::Result<Vec<Message>> {
        let after = after.map(|place| Position { created_at: place.at, id: MessageId(place.id) });
        app::messages::page(&self.web.app, &self.actor, &self.filter, after, limit).await
    }

    fn position(row: &Message) -> RowPosition {
        RowPosition { at: row.created_at, id: row.id.0 }
    }

    fn body<'a>(&'a self, row: &'a Message) -> MessageBody<'a> {
        MessageBody::new(row)
    }
}

/// List messages
///
/// Whole messages, newest first. Without `limit` all of them, streamed; with it a page.
#[utoipa::path(
    get, path = "/messages", operation_id = "list_messages", tag = "Messages",
    params(MessageParameters, Paging),
    responses(
        (status = 200, description = "The messages", body = List<MessageBody>,
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
)]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    address: WholeAddress,
    query: Query<MessageParameters>,
) -> Result<Response, Refusal> {
    let list = ListKey::of("messages", &caller.actor, &query.canonical);
    let filter = app::messages::filter(&web.app, &caller.actor, query.parameters.into()).await?;
    let pages = MessagePages { web, actor: caller.actor, filter };
    list::answer(pages, list, query.paging, ListShape::Data, &address).await
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
    let body = Json(Data { data: MessageBody::new(message) });
    ([(ETAG, etag::of_message(message))], body).into_response()
}

body! {
    /// What may be changed about a message: what is given is changed. It may also stand under
    /// `"message"`.
    MessageUpdate => Update, unknown: Refused;
    /// The customer has read it, or has not.
    read: Optional<Flag>,
    /// `acknowledged`, `closed`, or the status that it had before to reopen it.
    status: Optional<WantedStatus>,
    /// What became of it, in the customer's words; null clears it.
    disposition: Clearable<Text>,
    /// A note.
    note: Optional<Text>,
    /// True: picked up now, by the token's user. False: put back.
    pickup: Optional<Flag>,
}

/// A status that somebody wants for a message.
struct WantedStatus;

impl FieldKind for WantedStatus {
    type Value = Status;

    fn read(fields: &mut Fields, name: &str) -> Option<Status> {
        fields.take(name, "must be acknowledged, closed, or the status before", |value| {
            Status::parse(value.as_str()?)
        })
    }

    fn schema() -> Value {
        named("MessageStatus")
    }
}

/// Update a message
///
/// Changes what is given, and answers with the whole message. Each change is an activity.
#[utoipa::path(
    method(patch, put), path = "/messages/{id}", operation_id = "update_message", tag = "Messages",
    params(
        ("id" = i64, Path, description = "The message's id", minimum = 1),
        ("If-Match" = Option<String>, Header, description = "The ETag that it must still have"),
    ),
    request_body(content = MessageUpdate, content_type = "application/json"),
    responses(
        (status = 200, description = "The message as it is now", body = Data<MessageBody>,
         headers(("ETag" = String, description = "Names this revision of the message"))),
        WriteRefusals,
    ),
)]
pub(crate) async fn update(
    State(web): State<Web>,
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
        let is_any = wanted == etag::EntityTags::Any;
        revision = (!is_any).then_some(current.revision);
    }
    Ok(answer(&app::messages::update(app, actor, id, &update, revision).await?))
}

/// Reads an update, bare or under `"message"`.
fn update_of(object: Map<String, Value>) -> Result<Update, Invalid> {
    let is_wrapped = object.len() == 1 && object.contains_key("message");
    let unknown = MessageUpdate::UNKNOWN;
    let mut fields = Fields::unwrapped(object, "message", is_wrapped, unknown)?;
    let update = MessageUpdate::take(&mut fields).unwrap_or_default();
    fields.finish().or(update)
}
