//! A webhook's secret: the only time that it is seen.

use app::webhooks::{self, Secretive};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::WebhookId;
use web::Web;

use crate::form::Answer;
use crate::session::{Id, Posted, SignedIn, page};
use crate::ui::{Place, Shell};

/// The answer to `POST /accounts/{id}/webhooks` and `POST /webhooks/{id}/secret`; never stored.
#[derive(Debug, Template)]
#[template(path = "webhooks/secret.html")]
pub(crate) struct WebhookSecret {
    pub(crate) shell: Shell,
    pub(crate) made: Secretive,
}

impl WebhookSecret {
    /// The page that shows it.
    pub(crate) async fn answer(web: &Web, visitor: &SignedIn, made: Secretive) -> Answer {
        let shell = visitor.shell(web, Place::Accounts).await?;
        Ok(page(StatusCode::OK, &Self { shell, made }))
    }
}

/// `POST /webhooks/{id}/secret`.
pub(crate) async fn rotate(State(web): State<Web>, Id(id): Id, posted: Posted) -> Answer {
    let made = webhooks::rotate(&web.app, &posted.visitor.actor, WebhookId(id)).await?;
    WebhookSecret::answer(&web, &posted.visitor, made).await
}
