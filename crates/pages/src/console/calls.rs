//! What an agent does with a call: answer it, end it, say that it came to no message.

use app::desk::Claimed;
use app::live;
use app::messages::{self, Entry};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::live::{AgentChoice, NON_MESSAGES};
use domain::user::Right;
use domain::{AccountId, CallId, DidId, Invalid};
use web::Web;

use super::queue::caller;
use crate::session::{Id, PageError, Posted};
use crate::ui::{Flash, Tone};

/// `POST /console/calls/{id}/answer`: whoever is first has it, and sees the account's form at once.
pub(crate) async fn answer(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    let id = CallId(id);
    match live::claim(&web.app, &visitor.actor, id).await? {
        Claimed::Won => {
            let call = live::find(&web.app, &visitor.actor, id).await?;
            let path = format!("/console/accounts/{}?call={id}", call.account_id);
            let flash = Flash::done(&format!("You have the call from {}.", caller(&call.from)));
            Ok(visitor.sent_to(&web, &path, &flash))
        }
        Claimed::Lost(name) => {
            let flash = warned(&format!("{name} was faster: that call is answered."));
            Ok(visitor.sent_to(&web, "/console", &flash))
        }
        Claimed::Over => {
            let flash = warned("The caller hung up before anybody answered.");
            Ok(visitor.sent_to(&web, "/console", &flash))
        }
    }
}

/// Something that one should know, though nothing is wrong.
pub(crate) fn warned(text: &str) -> Flash {
    Flash { tone: Tone::Amber, ..Flash::done(text) }
}

/// `POST /console/calls/{id}/end`: the agent is done with it.
pub(crate) async fn end(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    live::end(&web.app, &visitor.actor, CallId(id)).await?;
    Ok(visitor.sent_to(&web, "/console", &Flash::done("The call is off your desk.")))
}

/// `POST /console/accounts/{id}/nothing`: the call came to no message. It is kept with the reason,
/// and nobody is told.
pub(crate) async fn nothing(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    let account = AccountId(id);
    let kind = fields.text("kind");
    let Some((word, label)) = NON_MESSAGES.into_iter().find(|(word, _)| *word == kind) else {
        app::accounts::find(&web.app, &visitor.actor, account).await?;
        let rule = "must be one of those that are offered";
        return Err(PageError::Refused(Invalid::field("kind", rule).into()));
    };
    let entry = Entry {
        uuid: fields.text("once").to_owned(),
        did_id: fields.text("did_id").parse().ok().map(DidId),
        caller_id: fields.text("caller_id").to_owned(),
        call_id: fields.text("call_id").parse().ok().map(CallId),
        non_message_type: word.to_owned(),
        ..Entry::default()
    };
    let taken = messages::take(&web.app, &visitor.actor, account, entry).await?.message;
    let path = format!("/console?saved={}", super::take::draft_key(account, taken.call_id));
    let flash = Flash::done(&format!("{label}: recorded, and nobody is told."));
    let flash = flash.with_link(&format!("/messages/{}", taken.id), "Open it");
    Ok(visitor.sent_to(&web, &path, &flash))
}

/// `POST /console/state`: what the agent is at. A script needs no page in answer.
pub(crate) async fn state(
    State(web): State<Web>,
    headers: HeaderMap,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let reason = fields.text("reason").trim();
    visitor.require(Right::TakeMessages)?;
    let choice = AgentChoice::parse(fields.text("choice"), reason);
    let rule = "must be ready, break or signed_out";
    let choice = choice.ok_or_else(|| PageError::Refused(Invalid::field("choice", rule).into()))?;
    let said = match &choice {
        AgentChoice::Ready => "You are ready for calls.",
        AgentChoice::Break(_) => "You are on a break. Calls go to the others.",
        AgentChoice::SignedOut => "You are not at work. Calls go to the others.",
    };
    live::choose(&web.app, &visitor.actor, choice).await?;
    if headers.contains_key("hx-request") {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(visitor.sent_to(&web, "/console", &Flash::done(said)))
}
