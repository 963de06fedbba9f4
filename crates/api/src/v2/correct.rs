//! `/messages/{id}/corrections` of version 2, and sending a message once more.

use app::messages::CorrectionEntry;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::message::Correction;
use domain::playbook::Notice;
use domain::{Channel, ContactId, MessageId};
use serde_json::Value;

use super::create::answers;
use super::message::{AnswersBody, MessageBody};
use super::messages::answer;
use crate::auth::Caller;
use crate::bodies::{Clearable, FieldKind, Optional, Whole, answer as written, body, kinds, named};
use crate::fields::Fields;
use crate::openapi::IfMatch;
use crate::words::{DeliveryType, rule_of};
use crate::{Data, Id, ReadRefusals, Result, Utc, WriteRefusals, etag, json_object};

written! {
    /// A correction of a message: what stood there before.
    #[schema(as = Correction)]
    pub(super) struct CorrectionBody<'a>(correction: &'a Correction) {
        /// Which version it replaced: 1 for what was taken down first.
        version: i64 = correction.version,
        /// The fields that it changed, and what stood in them before.
        replaced: AnswersBody<'a> = AnswersBody(&correction.replaced),
        /// Who made it.
        user_id: i64 = correction.user_id.0,
        /// That user's name, as it was then.
        user_name: &'a str = &correction.user_name,
        /// When.
        at: Utc = Utc(correction.at),
    }
}

/// List the corrections of a message
///
/// First to last: each with what it replaced, so that every version can be read.
#[utoipa::path(
    get, path = "/messages/{id}/corrections", operation_id = "list_corrections", tag = "Messages",
    responses((status = 200, description = "Its corrections", body = Data<Vec<CorrectionBody>>),
        ReadRefusals),
)]
pub(crate) async fn list(caller: Caller, Id(id): Id) -> Result {
    let (app, actor) = (&caller.web.app, &caller.actor);
    let all = app::messages::corrections(app, actor, MessageId(id)).await?;
    Ok(Data { data: all.iter().map(CorrectionBody::new).collect::<Vec<_>>() }.into_response())
}

body! {
    /// What is put right: what is not given stays as it is.
    NewCorrection => CorrectionEntry, unknown: Refused;
    /// Answers by the names of the questions, or of the message's own fields.
    answers: AnswersPutRight,
    /// Whom it is for, in the account's directory; null for nobody in particular.
    contact_id: Clearable<ContactNumber>,
}

kinds! {
    /// Texts by the names of the questions.
    AnswersPutRight => Vec<(String, String)>,
        {"type": "object", "additionalProperties": {"type": "string"}},
        |fields, name| answers(fields, name);
    /// A contact's id.
    ContactNumber => ContactId, {"type": "integer", "format": "int64"}, |fields, name| {
        Whole::read(fields, name).map(ContactId)
    };
}

/// Correct a message
///
/// Puts right what was taken down, by the rules of the form that it was taken with, and answers with
/// the whole message. What stood there before is kept, the log says what was corrected, webhooks
/// hear of it. Nothing is sent again by that.
#[utoipa::path(
    post, path = "/messages/{id}/corrections", operation_id = "correct_message", tag = "Messages",
    params(IfMatch),
    request_body(content = NewCorrection, content_type = "application/json"),
    responses(
        (status = 200, description = "The message as it is now", body = Data<MessageBody>),
        WriteRefusals,
    ),
)]
pub(crate) async fn create(caller: Caller, Id(id): Id, request: Request) -> Result {
    let (app, actor, id) = (&caller.web.app, &caller.actor, MessageId(id));
    let (parts, body) = request.into_parts();
    let object = json_object(&parts.headers, body).await?;
    let mut fields = Fields::of(object, NewCorrection::UNKNOWN);
    let entry = NewCorrection::take(&mut fields).unwrap_or_default();
    let entry = fields.finish().or(entry)?;
    let revision = etag::expected(&parts.headers, async {
        let current = app::messages::find(app, actor, id).await?;
        Ok((etag::of_message(&current), current.revision))
    });
    let revision = revision.await?;
    Ok(answer(&app::messages::correct(app, actor, id, &entry, revision).await?))
}

/// To whom a message is sent once more.
#[derive(Default)]
pub(crate) struct Resending {
    contact_id: Option<ContactId>,
    channel: Option<Channel>,
}

body! {
    /// To whom a message is sent once more.
    NewDelivery => Resending, unknown: Refused;
    /// Somebody of the account's directory; whom the message is for where nobody is given.
    contact_id: Option<ContactNumber>,
    /// By this channel only; by the first way that is open where none is given.
    channel: Optional<ChannelWord>,
}

/// The word for a channel.
struct ChannelWord;

impl FieldKind for ChannelWord {
    type Value = Channel;

    fn read(fields: &mut Fields, name: &str) -> Option<Channel> {
        let rule = rule_of(&Channel::ALL.map(Channel::as_str));
        fields.take(name, &rule, |value| Channel::parse(value.as_str()?))
    }

    fn schema() -> Value {
        named("DeliveryType")
    }
}

written! {
    /// Who is told.
    #[schema(as = Notice)]
    pub(super) struct NoticeBody<'a>(notice: &'a Notice) {
        /// The person's name.
        recipient: &'a str = &notice.name,
        channel: DeliveryType = DeliveryType(notice.channel),
        /// The number or mailbox.
        address: &'a str = &notice.address,
    }
}

/// Send a message again
///
/// To whom it is for, or to somebody else of the account's directory. Its status, and whom it is
/// for, stay as they are; its deliveries tell what becomes of it.
#[utoipa::path(
    post, path = "/messages/{id}/deliveries", operation_id = "send_message", tag = "Messages",
    request_body(content = NewDelivery, content_type = "application/json"),
    responses(
        (status = 201, description = "It is queued for these", body = Data<Vec<NoticeBody>>),
        WriteRefusals,
    ),
)]
pub(crate) async fn send_again(caller: Caller, Id(id): Id, request: Request) -> Result {
    let (app, actor, id) = (&caller.web.app, &caller.actor, MessageId(id));
    let (parts, body) = request.into_parts();
    let object = json_object(&parts.headers, body).await?;
    let mut fields = Fields::of(object, NewDelivery::UNKNOWN);
    let to = NewDelivery::take(&mut fields).unwrap_or_default();
    let to = fields.finish().or(to)?;
    let told = app::messages::send_again(app, actor, id, to.contact_id, to.channel).await?;
    let data: Vec<_> = told.iter().map(NoticeBody::new).collect();
    Ok((StatusCode::CREATED, axum::Json(Data { data })).into_response())
}
