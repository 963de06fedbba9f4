//! A webhook's secret: the only time that it is seen.

use app::webhooks::{self, Secretive};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::{HookSecret, WebhookId};
use web::Web;

use super::words::{in_words, name};
use crate::session::{Id, PageError, Posted, SignedIn, page};
use crate::ui::{Place, Shell};

/// The answer to `POST /accounts/{id}/webhooks` and `POST /webhooks/{id}/secret`; never stored.
#[derive(Debug, Clone, Template)]
#[template(path = "webhooks/secret.html")]
pub(crate) struct WebhookSecret {
    pub(crate) shell: Shell,
    /// Where the webhook is.
    pub(crate) href: String,
    /// What it is called.
    pub(crate) name: String,
    /// The secret.
    pub(crate) secret: HookSecret,
    /// Until when the old one signs too, if there was one.
    pub(crate) old_until: Option<String>,
}

impl WebhookSecret {
    /// The page that shows it.
    pub(crate) async fn answer(
        web: &Web,
        visitor: &SignedIn,
        made: Secretive,
    ) -> Result<Response, PageError> {
        let old = made.webhook.old_secret.as_ref();
        let view = Self {
            shell: visitor.shell(web, Place::Accounts).await?,
            href: format!("/webhooks/{}", made.webhook.id),
            name: name(&made.webhook),
            old_until: old.map(|(_, until)| in_words(*until, &made.account)),
            secret: made.secret,
        };
        Ok(page(StatusCode::OK, &view))
    }

    /// A new webhook's.
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(Place::Accounts),
            href: "/webhooks/1".to_owned(),
            name: "Case manager".to_owned(),
            secret: HookSecret("whsec_sample00000000000000000000000000000000000000=".to_owned()),
            old_until: None,
        }
    }

    /// One that takes over from another.
    pub(crate) fn sample_rotated() -> Self {
        Self { old_until: Some("March 4, 2026, 2:14 PM EST".to_owned()), ..Self::sample() }
    }
}

/// `POST /webhooks/{id}/secret`.
pub(crate) async fn rotate(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let made = webhooks::rotate(&web.app, &visitor.actor, WebhookId(id)).await?;
    WebhookSecret::answer(&web, &visitor, made).await
}
