//! What one does with a webhook: try it, switch it, delete it, tell it again.

use app::{Error, webhooks};
use axum::extract::State;
use domain::{Date, HookDeliveryId, Invalid, WebhookId};
use web::Web;

use super::words::name;
use crate::form::Answer;
use crate::session::{Id, Posted, SignedIn};
use crate::ui::{Flash, Tone};

/// Sends on to a page, which says what was done, or in red why not.
fn sent(web: &Web, visitor: &SignedIn, path: &str, done: app::Result<String>) -> Answer {
    let flash = match done {
        Ok(text) => Flash::done(&text),
        Err(Error::Invalid(faults)) => {
            let sentences: Vec<String> =
                faults.faults().map(|(what, rule)| format!("The {what} {rule}.")).collect();
            Flash { tone: Tone::Red, text: sentences.join(" "), link: None }
        }
        Err(error) => return Err(error.into()),
    };
    Ok(visitor.sent_to(web, path, &flash))
}

/// `POST /webhooks/{id}/test`.
pub(crate) async fn test(State(web): State<Web>, Id(id): Id, posted: Posted) -> Answer {
    let queued = webhooks::test(&web.app, &posted.visitor.actor, WebhookId(id)).await;
    let path = match &queued {
        Ok(event) => format!("/webhooks/events/{event}"),
        Err(_) => format!("/webhooks/{id}"),
    };
    let done = queued.map(|_| "A test event is on its way. What is answered appears here.".into());
    sent(&web, &posted.visitor, &path, done)
}

/// `POST /webhooks/{id}/enable` and `…/disable`.
pub(crate) async fn switch<const IS_ON: bool>(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Answer {
    let done = webhooks::enable(&web.app, &visitor.actor, WebhookId(id), IS_ON).await;
    let is = if IS_ON { "on: events go to it from now on" } else { "switched off" };
    let done = done.map(|webhook| format!("“{}” is {is}.", name(&webhook)));
    sent(&web, &visitor, &format!("/webhooks/{id}"), done)
}

/// `POST /webhooks/{id}/delete`.
pub(crate) async fn delete(State(web): State<Web>, Id(id): Id, posted: Posted) -> Answer {
    let webhook = webhooks::delete(&web.app, &posted.visitor.actor, WebhookId(id)).await?;
    let text = format!("“{}” is deleted. Nothing goes to it any more.", name(&webhook));
    Ok(posted.visitor.done(&web, &format!("/accounts/{}/webhooks", webhook.account_id), &text))
}

/// `POST /webhooks/{id}/replay` (`since`, a day in the account's zone).
pub(crate) async fn replay_failed(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Answer {
    let (app, actor) = (&web.app, &visitor.actor);
    let (account, _) = webhooks::watched(app, actor, WebhookId(id)).await?;
    let done = match Date::parse(fields.text("since").trim()) {
        Ok(day) => {
            let since = account.zone.day_start(day);
            webhooks::replay_failed(app, actor, WebhookId(id), since).await
        }
        Err(_) => Err(Invalid::field("day", "must be one of the calendar").into()),
    };
    let done = done.map(|count| match count {
        0 => "Nothing has failed since then.".to_owned(),
        1 => "One event is told again.".to_owned(),
        many => format!("{many} events are told again."),
    });
    sent(&web, &visitor, &format!("/webhooks/{id}"), done)
}

/// `POST /webhooks/events/{id}/replay`.
pub(crate) async fn replay(State(web): State<Web>, Id(id): Id, posted: Posted) -> Answer {
    let done = webhooks::replay(&web.app, &posted.visitor.actor, HookDeliveryId(id)).await;
    let done = done.map(|()| "It is told again. What is answered appears here.".to_owned());
    sent(&web, &posted.visitor, &format!("/webhooks/events/{id}"), done)
}
