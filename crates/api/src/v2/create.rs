//! `POST /messages` of version 2: a program hands a message in.

use app::messages::{MessageEntry, SavedMessage};
use axum::extract::Request;
use axum::http::StatusCode;
use domain::message::Update;
use domain::{CallId, ClosingGroupId, ContactId, DidId, Instant, Invalid};
use serde_json::Value;

use super::message::MessageBody;
use super::messages::UserNumber;
use crate::auth::Caller;
use crate::bodies::{DateTime, FilledLine, Flag, Line, Required, Text, Whole, body, kinds};
use crate::fields::Fields;
use crate::idempotency::{self, CreateRequest};
use crate::openapi::IdempotencyKey;
use crate::{CreateRefusals, Data, Result};

/// A message as a program hands it in.
pub(crate) struct MessageInput {
    account_number: String,
    did_id: Option<i64>,
    contact_id: Option<i64>,
    call_id: Option<i64>,
    closing_action_group_id: Option<i64>,
    user_id: Option<domain::UserId>,
    sale_id: Option<i64>,
    caller_id: String,
    first_name: String,
    last_name: String,
    company_name: String,
    content: String,
    phone: String,
    alt_phone: String,
    phone_number: String,
    extension: String,
    email: String,
    email_subject: String,
    address: String,
    address2: String,
    city: String,
    state: String,
    zip: String,
    how_you_hear_about_us: String,
    note: String,
    klass_names: String,
    is_emergency: bool,
    non_message_type: String,
    send_at: Option<Instant>,
    message_received_date: Option<Instant>,
    uuid: String,
    answers: Vec<(String, String)>,
}

body! {
    /// A message that a program hands in. What the account's form demands must be there; what it
    /// does not ask is kept in the message's own fields.
    NewMessage => MessageInput, unknown: Refused;
    /// The account that it is for.
    account_number: Required<FilledLine>,
    /// The line that was dialled; its form is the one that counts.
    did_id: Option<Whole>,
    /// Whom it is for, in the account's directory.
    contact_id: Option<Whole>,
    /// The call that it was taken on, while that goes on.
    call_id: Option<Whole>,
    /// What the account wants done with it; what it does as a rule where nothing is given.
    closing_action_group_id: Option<Whole>,
    /// The user of the account that it is for.
    user_id: Option<UserNumber>,
    /// The sale that it belongs to in the account's own books.
    sale_id: Option<Whole>,
    /// The caller's number as the switch gave it.
    caller_id: Line,
    first_name: Line,
    last_name: Line,
    company_name: Line,
    /// The message itself.
    content: Text,
    phone: Line,
    alt_phone: Line,
    phone_number: Line,
    extension: Line,
    email: Line,
    email_subject: Line,
    address: Line,
    address2: Line,
    city: Line,
    state: Line,
    zip: Line,
    how_you_hear_about_us: Line,
    note: Text,
    /// The account's own tags, with commas between.
    klass_names: Line,
    is_emergency: Flag,
    /// Why it is no message (`hang_up`, `wrong_number` and so on); it is filed then.
    non_message_type: Line,
    /// Held until then.
    send_at: Option<DateTime>,
    /// When it came in.
    message_received_date: Option<DateTime>,
    /// A UUID of its sender's: the same one makes no second message.
    uuid: Line,
    /// Answers to the questions of the account's form, by their names.
    answers: AnswersGiven,
}

kinds! {
    /// Texts by the names of the questions.
    AnswersGiven => Vec<(String, String)>,
        {"type": "object", "additionalProperties": {"type": "string"}},
        |fields, name| answers(fields, name);
}

/// Takes out answers: an object of texts.
pub(super) fn answers(fields: &mut Fields, name: &str) -> Option<Vec<(String, String)>> {
    let given = fields.map(name)?;
    let mut answers = Vec::with_capacity(given.len());
    for (question, answer) in given {
        match answer {
            Value::String(text) => answers.push((question, text)),
            _ => fields.add(&format!("{name}.{question}"), "must be a text"),
        }
    }
    Some(answers)
}

impl MessageInput {
    /// The entry that it is, with the account's number.
    fn entry(self, fresh_uuid: String) -> (String, MessageEntry) {
        let columns = [
            ("first_name", self.first_name),
            ("last_name", self.last_name),
            ("company_name", self.company_name),
            ("content", self.content),
            ("phone", self.phone),
            ("alt_phone", self.alt_phone),
            ("phone_number", self.phone_number),
            ("extension", self.extension),
            ("email", self.email),
            ("email_subject", self.email_subject),
            ("address", self.address),
            ("address2", self.address2),
            ("city", self.city),
            ("state", self.state),
            ("zip", self.zip),
            ("how_you_hear_about_us", self.how_you_hear_about_us),
            ("note", self.note),
        ];
        let given = columns.into_iter().filter(|(_, text)| !text.is_empty());
        let mut answers: Vec<_> = given.map(|(name, text)| (name.to_owned(), text)).collect();
        answers.extend(self.answers);
        let entry = MessageEntry {
            uuid: if self.uuid.is_empty() { fresh_uuid } else { self.uuid },
            answers,
            did_id: self.did_id.map(DidId),
            contact_id: self.contact_id.map(ContactId),
            caller_id: self.caller_id,
            is_emergency: self.is_emergency,
            call_id: self.call_id.map(CallId),
            non_message_type: self.non_message_type,
            closing_group_id: self.closing_action_group_id.map(ClosingGroupId),
            send_at: self.send_at,
            received_at: self.message_received_date,
            details: Update {
                user_id: self.user_id.map(Some),
                sale_id: self.sale_id.map(Some),
                klass_names: Some(self.klass_names),
                ..Update::default()
            },
            ..MessageEntry::default()
        };
        (self.account_number, entry)
    }
}

/// Create a message
///
/// It goes the way of a message that an agent takes: the rules of the account's form hold, it is
/// delivered and escalates as the account wants. With an `Idempotency-Key` the same request makes
/// it once, and gets the first answer again for a day.
#[utoipa::path(
    post, path = "/messages", operation_id = "create_message", tag = "Messages",
    params(IdempotencyKey),
    request_body(content = NewMessage, content_type = "application/json"),
    responses(
        (status = 201, description = "It is taken", body = Data<MessageBody>,
         headers(("Idempotent-Replayed" = String, description = "`true`: this is the first answer \
            to this Idempotency-Key again"))),
        CreateRefusals,
    ),
)]
pub(crate) async fn create(caller: Caller, request: Request) -> Result {
    let (app, actor) = (&caller.web.app, &caller.actor);
    let (parts, body) = request.into_parts();
    let create = CreateRequest::read(&parts.headers, body).await?;
    let object = create.object()?;
    let is_wrapped = object.len() == 1 && object.contains_key("message");
    let mut fields = Fields::unwrapped(object, "message", is_wrapped, NewMessage::UNKNOWN)?;
    NewMessage::require(&mut fields);
    let input = NewMessage::take(&mut fields);
    let input = fields.finish().or(input)?;
    let input = input.ok_or_else(|| Invalid::field("body", "cannot be read"))?;
    let (number, entry) = input.entry(app.entropy().uuid());
    let render = |saved: &SavedMessage| {
        let body = Data { data: MessageBody::new(&saved.message) };
        idempotency::json_answer(StatusCode::CREATED, &body)
    };
    let repeat = create.repeat("POST /messages", &render);
    let once = app::messages::post(app, actor, &number, entry, repeat.as_ref()).await?;
    idempotency::respond(once, render)
}
