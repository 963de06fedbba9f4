//! `/messages` of version 2: list, get, update.

use app::messages::{MessageFilter, MessageQuery, Position};
use axum::Json;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use domain::message::Update;
use domain::{Invalid, Message, MessageId, Status, UserId};
use serde_json::{Map, Value};

use super::message::MessageBody;
use crate::auth::Caller;
use crate::bodies::{
    Clearable, DateTime, FieldKind, Flag, Line, Optional, Text, Whole, body, kinds, one_of,
};
use crate::cursor::RowPosition;
use crate::fields::Fields;
use crate::list::{self, PageRequest, Pages};
use crate::openapi::{IfMatch, IfNoneMatch};
use crate::query::{AccountNumbers, FirstDay, LastDay, ListQuery, Paging, parameters};
use crate::words::MessageStatus;
use crate::{Data, Id, List, ListRefusals, ReadRefusals, Result, WriteRefusals, etag, json_object};

parameters! {
    /// What narrows a list of messages.
    pub(crate) MessageParameters => MessageQuery;
    /// Of the account with this number; of several with `account_number[]`, given once for each.
    account_numbers as "account_number": AccountNumbers = "W0411",
    /// Taken on this day or later, `MM-DD-YYYY` or `YYYY-MM-DD`, in the account's zone.
    from as "from_date": FirstDay = "01-21-2025",
    /// Taken on this day or before.
    to as "to_date": LastDay = "01-22-2025",
    /// In this status.
    status: MessageStatus,
    /// Read by the customer, or not.
    read: Flag,
    /// Emergencies, or the others.
    is_emergency: Flag,
    /// Changed at this instant or later, ISO 8601 with `Z` or an offset.
    updated_since: DateTime,
    /// Carrying this tag of the account's.
    klass_name: Line,
    /// Holding this text.
    text as "q": Line,
}

impl Pages for MessageFilter {
    type Row = Message;
    type Body<'a> = MessageBody<'a>;

    async fn next(&mut self, caller: &Caller, page: PageRequest) -> app::Result<Vec<Message>> {
        self.skip = page.skip;
        let after = page.after.map(|row| Position { created_at: row.at, id: MessageId(row.id) });
        app::messages::page(&caller.web.app, &caller.actor, self, after, page.limit).await
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
    responses((status = 200, description = "The messages", body = List<MessageBody>), ListRefusals),
)]
pub(crate) async fn list(caller: Caller, query: ListQuery<MessageParameters>) -> Result {
    let filter = app::messages::filter(&caller.web.app, &caller.actor, query.parameters).await?;
    list::answer(caller, "messages", query.cut, filter).await
}

/// Get a message
///
/// Carries an `ETag`; with `If-None-Match` it is 304 while nothing has changed.
#[utoipa::path(
    get, path = "/messages/{id}", operation_id = "get_message", tag = "Messages",
    params(IfNoneMatch),
    responses((status = 200, description = "The message", body = Data<MessageBody>), ReadRefusals),
)]
pub(crate) async fn find(caller: Caller, Id(id): Id, headers: HeaderMap) -> Result {
    let message = app::messages::find(&caller.web.app, &caller.actor, MessageId(id)).await?;
    let unchanged = etag::not_modified(&headers, &etag::of_message(&message));
    Ok(unchanged.unwrap_or_else(|| answer(&message)))
}

pub(super) fn answer(message: &Message) -> Response {
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
    /// A further phone number, as it was said.
    phone_number: Optional<Line>,
    /// Its extension.
    extension: Optional<Line>,
    /// The subject of the mail that it came by, or belongs to.
    email_subject: Optional<Line>,
    /// The user of the account that it is for; null for the office.
    user_id: Clearable<UserNumber>,
    /// The sale that it belongs to in the account's own books; null for none.
    sale_id: Clearable<Whole>,
    /// The account's own tags, with commas between.
    klass_names: Optional<Line>,
}

kinds! {
    /// A user's id.
    UserNumber => UserId, {"type": "integer", "format": "int64"}, |fields, name| {
        Whole::read(fields, name).map(UserId)
    };
}

/// A status that somebody wants for a message.
struct WantedStatus;

/// Held and failed are what becomes of a message, never what somebody makes of it.
const WANTED: [Status; 4] =
    [Status::Pending, Status::Delivered, Status::Acknowledged, Status::Closed];

impl FieldKind for WantedStatus {
    type Value = Status;

    fn read(fields: &mut Fields, name: &str) -> Option<Status> {
        fields.take(name, "must be acknowledged, closed, or the status before", |value| {
            let status = Status::parse(value.as_str()?)?;
            Some(status).filter(|status| WANTED.contains(status))
        })
    }

    fn schema() -> Value {
        one_of("", &WANTED.map(Status::as_str))
    }
}

/// Update a message
///
/// Changes what is given, and answers with the whole message. Each change is an activity.
#[utoipa::path(
    method(patch, put), path = "/messages/{id}", operation_id = "update_message", tag = "Messages",
    params(IfMatch),
    request_body(content = MessageUpdate, content_type = "application/json"),
    responses(
        (status = 200, description = "The message as it is now", body = Data<MessageBody>),
        WriteRefusals,
    ),
)]
pub(crate) async fn update(caller: Caller, Id(id): Id, request: Request) -> Result {
    let (app, actor, id) = (&caller.web.app, &caller.actor, MessageId(id));
    let (parts, body) = request.into_parts();
    let update = update_of(json_object(&parts.headers, body).await?)?;
    let revision = etag::expected(&parts.headers, async {
        let current = app::messages::find(app, actor, id).await?;
        Ok((etag::of_message(&current), current.revision))
    });
    let revision = revision.await?;
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
