//! Webhooks of an account: the list, and what all their pages share.

mod act;
mod detail;
mod event;
mod form;
mod secret;
mod words;

use app::webhooks::{self, Watched};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::{Account, AccountId};
use web::{Routes, Web};

use crate::form::editor::{create, edit, new, update};
use crate::list::export;
use crate::sample;
use crate::session::{Id, PageError, SignedIn, page};
use crate::ui::{Empty, Flash, Place, Shell, Tone};

use detail::HookLog;
pub(crate) use detail::WebhookPage;
pub(crate) use event::HookEventPage;
pub(crate) use form::WebhookEditor;
pub(crate) use secret::WebhookSecret;
use words::{WebhookHealth, events, name};

/// The addresses of webhooks.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/accounts/{id}/webhooks", list)
        .get("/accounts/{id}/webhooks/new", new::<WebhookEditor>)
        .post("/accounts/{id}/webhooks", create::<WebhookEditor>)
        .get("/webhooks/{id}", detail::show)
        .get("/webhooks/{id}/log.csv", export::<HookLog>)
        .get("/webhooks/{id}/edit", edit::<WebhookEditor>)
        .post("/webhooks/{id}", update::<WebhookEditor>)
        .post("/webhooks/{id}/secret", secret::rotate)
        .post("/webhooks/{id}/test", act::test)
        .post("/webhooks/{id}/enable", act::enable)
        .post("/webhooks/{id}/disable", act::disable)
        .post("/webhooks/{id}/replay", act::replay_failed)
        .get("/webhooks/events/{id}", event::show)
        .post("/webhooks/events/{id}/replay", act::replay)
        .post("/webhooks/{id}/delete", act::delete)
        .needing(Right::ManageAccounts)
}

/// `GET /accounts/{id}/webhooks`.
#[derive(Debug, Clone, Template)]
#[template(path = "webhooks/list.html")]
pub(crate) struct Webhooks {
    /// The frame.
    pub(crate) shell: Shell,
    /// The account's id, for the addresses.
    pub(crate) account_id: String,
    /// The account's name.
    pub(crate) account: String,
    /// Oldest first.
    pub(crate) rows: Vec<WebhookRow>,
}

/// One webhook.
#[derive(Debug, Clone)]
pub(crate) struct WebhookRow {
    /// Where it is opened.
    pub(crate) href: String,
    /// What it is for, or else its host.
    pub(crate) name: String,
    /// Where events are posted to.
    pub(crate) url: String,
    /// "message.created, to_do.run".
    pub(crate) events: String,
    /// How it does.
    pub(crate) standing: WebhookHealth,
    /// Events that it took, that wait, and that it did not take.
    pub(crate) figures: [i64; 3],
}

/// What is told on every page while a webhook that was disabled by itself is left so.
pub(crate) async fn alarm(web: &Web, visitor: &SignedIn) -> app::Result<Option<Flash>> {
    let alarms = webhooks::alarms(&web.app, &visitor.actor).await?;
    let Some(first) = alarms.first() else { return Ok(None) };
    let text = match alarms.len() {
        1 => format!("The webhook “{}” fails and was disabled.", name(first)),
        several => format!("{several} webhooks fail and were disabled."),
    };
    let href = format!("/webhooks/{}", first.id);
    let alarm = Flash { tone: Tone::Red, text, link: None };
    Ok(Some(alarm.with_link(&href, "See why")))
}

impl Webhooks {
    /// What stands where an account has none.
    pub(crate) fn none_yet(&self) -> Empty {
        let text = "A webhook posts what happens to a program of the account's: a message taken, \
                    delivered, acknowledged or escalated, a recording, a run of a To Do.";
        let href = format!("/accounts/{}/webhooks/new", self.account_id);
        Empty::new("globe", "No webhook yet", text).with_action(&href, "Add a webhook")
    }

    fn of(shell: Shell, account: &Account, watched: Vec<Watched>) -> Self {
        let row = |watched: Watched| {
            let Watched { webhook, delivered, waiting, failed } = watched;
            WebhookRow {
                href: format!("/webhooks/{}", webhook.id),
                name: name(&webhook),
                events: events(&webhook.kinds),
                standing: WebhookHealth::of(&webhook),
                figures: [delivered, waiting, failed],
                url: webhook.url,
            }
        };
        Self {
            shell,
            account_id: account.id.to_string(),
            account: account.name.clone(),
            rows: watched.into_iter().map(row).collect(),
        }
    }

    /// Three webhooks, one of them in trouble.
    pub(crate) fn sample() -> Self {
        Self::of(Shell::sample(Place::Accounts), &sample::account(2), sample::watched())
    }

    /// Before the first one.
    pub(crate) fn sample_empty() -> Self {
        Self::of(Shell::sample(Place::Accounts), &sample::account(2), Vec::new())
    }
}

async fn list(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, watched) = webhooks::list(&web.app, &visitor.actor, AccountId(id)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &Webhooks::of(shell, &account, watched)))
}
