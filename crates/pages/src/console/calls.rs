//! What an agent does with a call: answer it, end it, say why there is no message.

use app::messages::{self, MessageEntry};
use app::work_queue::ClaimOutcome;
use app::{Error, live};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use domain::live::{AgentChoice, LiveState, NON_MESSAGES};
use domain::{AccountId, CallId, Invalid};
use web::Web;

use super::draft::draft_key;
use super::question::Question;
use super::queue::{caller, href};
use super::{script, take};
use crate::session::{Id, PageError, PageResult, Posted};
use crate::ui::Flash;

/// `POST /console/calls/{id}/answer`: whoever is first has it, and sees the account's form at once.
pub(crate) async fn answer(State(web): State<Web>, Id(id): Id, form: Posted) -> PageResult {
    let visitor = form.visitor;
    let id = CallId(id);
    match live::claim(&web.app, &visitor.actor, id).await? {
        ClaimOutcome::Won => {
            let call = live::find(&web.app, &visitor.actor, id).await?;
            Ok(Redirect::to(&href(&call)).into_response())
        }
        ClaimOutcome::Lost(name) => {
            let flash = Flash::warning(&format!("{name} was faster: that call is answered."));
            Ok(visitor.sent_to(&web, "/console", &flash))
        }
        ClaimOutcome::Over => {
            let flash = Flash::warning("The caller hung up before anybody answered.");
            Ok(visitor.sent_to(&web, "/console", &flash))
        }
    }
}

/// `POST /console/calls/{id}/end` (`draft`: `keep` or `discard`): the agent is done with it. Where
/// the form comes along with something written, the agent is asked first; where it does not (the
/// call is ended from another page), a browser that keeps no draft of it says `asked`.
pub(crate) async fn end(State(web): State<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let (id, actor) = (CallId(id), &visitor.actor);
    let call = live::find(&web.app, actor, id).await?;
    if Question::is_due(&fields) {
        let question = Question::ending(id, true);
        return take::ask(&web, &visitor, call.account_id, &fields, question).await;
    }
    let is_unsaved =
        call.progress.saved_at.is_none() && call.progress.agent_id == Some(actor.user_id);
    let is_beside = fields.has("call_id");
    if is_unsaved && call.progress.state != LiveState::Over && !is_beside && !fields.has("asked") {
        return Ok(Redirect::to(&format!("{}&end=ask", href(&call))).into_response());
    }
    live::end(&web.app, actor, id).await?;
    let key = draft_key(call.account_id, Some(id));
    let path = match fields.text("draft") {
        "discard" => format!("/console?saved={key}"),
        _ => "/console".to_owned(),
    };
    let flash = match is_unsaved {
        true => Flash::warning(&format!("{}: ended without a message.", caller(&call.from)))
            .with_link(&href(&call), "Back to it"),
        false => Flash::done("The call is ended."),
    };
    Ok(visitor.sent_to(&web, &path, &flash))
}

/// `POST /console/accounts/{id}/nothing`: there is no message. The call is kept with the reason
/// and with what is written, and nobody is told. Where something is written, the agent is asked
/// first.
pub(crate) async fn nothing(State(web): State<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let account = AccountId(id);
    let kind = fields.text("kind");
    let Some((word, label)) = NON_MESSAGES.into_iter().find(|(word, _)| *word == kind) else {
        app::accounts::find(&web.app, &visitor.actor, account).await?;
        let rule = "must be one of those that are offered";
        return Err(PageError::Refused(Invalid::field("kind", rule).into()));
    };
    if Question::is_due(&fields) {
        let question = Question::noting(account, word, label);
        return take::ask(&web, &visitor, account, &fields, question).await;
    }
    let (contact_id, item_id, is_emergency) = (None, None, false);
    let non_message_type = word.to_owned();
    let typed = script::entry(&fields);
    let entry = MessageEntry { contact_id, item_id, is_emergency, non_message_type, ..typed };
    let taken = match messages::take(&web.app, &visitor.actor, account, entry).await {
        Ok(taken) => taken.message,
        Err(Error::Invalid(faults)) => {
            return take::refused(&web, &visitor, account, &fields, &faults).await;
        }
        Err(error) => return Err(error.into()),
    };
    let path = format!("/console?saved={}", draft_key(account, taken.call_id));
    let flash = Flash::done(&format!("{label}: recorded, and nobody is told."));
    let flash = flash.with_link(&format!("/messages/{}", taken.id), "Open it");
    Ok(visitor.sent_to(&web, &path, &flash))
}

/// `POST /console/state`: what the agent is at. A script needs no page in answer.
pub(crate) async fn state(
    State(web): State<Web>,
    headers: HeaderMap,
    Posted { visitor, fields }: Posted,
) -> PageResult {
    let reason = fields.text("reason").trim();
    let choice = AgentChoice::parse(fields.text("choice"), reason);
    let rule = "must be ready, break or signed_out";
    let choice = choice.ok_or_else(|| PageError::Refused(Invalid::field("choice", rule).into()))?;
    live::choose(&web.app, &visitor.actor, choice).await?;
    if headers.contains_key("hx-request") {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Redirect::to("/console").into_response())
}
