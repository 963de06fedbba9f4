//! What one does with a webhook: try it, switch it, delete it, tell it again.

use app::webhooks;
use app::{Error, Result};
use axum::extract::State;
use axum::response::Response;
use domain::user::Right;
use domain::{Date, HookDeliveryId, WebhookId};
use web::Web;

use super::words::name;
use crate::session::{Id, PageError, Posted, SignedIn};
use crate::ui::{Flash, Tone};

/// Sends on to a page, which says what was done, or in red why not.
fn sent(
    web: &Web,
    visitor: &SignedIn,
    path: &str,
    done: Result<String>,
) -> std::result::Result<Response, PageError> {
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
pub(crate) async fn test(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> std::result::Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let queued = webhooks::test(&web.app, &visitor.actor, WebhookId(id)).await;
    let path = match &queued {
        Ok(event) => format!("/webhooks/events/{event}"),
        Err(_) => format!("/webhooks/{id}"),
    };
    let done = queued.map(|_| "A test event is on its way. What is answered appears here.".into());
    sent(&web, &visitor, &path, done)
}

/// `POST /webhooks/{id}/enable`.
pub(crate) async fn enable(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> std::result::Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let done = webhooks::enable(&web.app, &visitor.actor, WebhookId(id), true).await;
    let done =
        done.map(|webhook| format!("“{}” is on: events go to it from now on.", name(&webhook)));
    sent(&web, &visitor, &format!("/webhooks/{id}"), done)
}

/// `POST /webhooks/{id}/disable`.
pub(crate) async fn disable(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> std::result::Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let done = webhooks::enable(&web.app, &visitor.actor, WebhookId(id), false).await;
    let done = done.map(|webhook| format!("“{}” is switched off.", name(&webhook)));
    sent(&web, &visitor, &format!("/webhooks/{id}"), done)
}

/// `POST /webhooks/{id}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> std::result::Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let webhook = webhooks::delete(&web.app, &visitor.actor, WebhookId(id)).await?;
    let text = format!("“{}” is deleted. Nothing goes to it any more.", name(&webhook));
    let path = format!("/accounts/{}/webhooks", webhook.account_id);
    Ok(visitor.sent_to(&web, &path, &Flash::done(&text)))
}

/// `POST /webhooks/{id}/replay` (`since`, a day in the account's zone).
pub(crate) async fn replay_failed(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> std::result::Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let id = WebhookId(id);
    let (account, _) = webhooks::watched(&web.app, &visitor.actor, id).await?;
    let done = match Date::parse(fields.text("since").trim()) {
        Ok(day) => {
            let since = account.zone.day_start(day);
            webhooks::replay_failed(&web.app, &visitor.actor, id, since).await
        }
        Err(_) => Err(domain::Invalid::field("day", "must be one of the calendar").into()),
    };
    let done = done.map(|count| match count {
        0 => "Nothing has failed since then.".to_owned(),
        1 => "One event is told again.".to_owned(),
        many => format!("{many} events are told again."),
    });
    sent(&web, &visitor, &format!("/webhooks/{id}"), done)
}

/// `POST /webhooks/events/{id}/replay`.
pub(crate) async fn replay(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> std::result::Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let done = webhooks::replay(&web.app, &visitor.actor, HookDeliveryId(id)).await;
    let done = done.map(|()| "It is told again. What is answered appears here.".to_owned());
    sent(&web, &visitor, &format!("/webhooks/events/{id}"), done)
}
