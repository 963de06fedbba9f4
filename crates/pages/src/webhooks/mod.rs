//! Webhooks of an account: the list, one of them, an event, their form; and the alarm about them.

mod act;
pub(crate) mod detail;
pub(crate) mod event;
mod form;
mod list;
pub(crate) mod secret;
mod words;

use domain::user::Right;
use web::{Routes, Web};

use crate::form::editor::{create, edit, new, update};
use crate::list::{export, table};
use crate::session::SignedIn;
use crate::ui::{Flash, Tone};

use detail::HookLog;
pub(crate) use form::WebhookEditor;
pub(crate) use list::Webhooks;

/// The addresses of webhooks.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/accounts/{id}/webhooks", table::<Webhooks>)
        .get("/accounts/{id}/webhooks.csv", export::<Webhooks>)
        .get("/accounts/{id}/webhooks/new", new::<WebhookEditor>)
        .post("/accounts/{id}/webhooks", create::<WebhookEditor>)
        .get("/webhooks/{id}", detail::show)
        .get("/webhooks/{id}/log.csv", export::<HookLog>)
        .get("/webhooks/{id}/edit", edit::<WebhookEditor>)
        .post("/webhooks/{id}", update::<WebhookEditor>)
        .post("/webhooks/{id}/secret", secret::rotate)
        .post("/webhooks/{id}/test", act::test)
        .post("/webhooks/{id}/enable", act::switch::<true>)
        .post("/webhooks/{id}/disable", act::switch::<false>)
        .post("/webhooks/{id}/replay", act::replay_failed)
        .get("/webhooks/events/{id}", event::show)
        .post("/webhooks/events/{id}/replay", act::replay)
        .post("/webhooks/{id}/delete", act::delete)
        .needing(Right::ManageAccounts)
}

/// What is told on every page while a webhook that was disabled by itself is left so.
pub(crate) async fn alarm(web: &Web, visitor: &SignedIn) -> app::Result<Option<Flash>> {
    let alarms = app::webhooks::alarms(&web.app, &visitor.actor).await?;
    let Some(first) = alarms.first() else { return Ok(None) };
    let text = match alarms.len() {
        1 => format!("The webhook “{}” fails and was disabled.", words::name(first)),
        several => format!("{several} webhooks fail and were disabled."),
    };
    let alarm = Flash { tone: Tone::Red, text, link: None };
    Ok(Some(alarm.with_link(&format!("/webhooks/{}", first.id), "See why")))
}
