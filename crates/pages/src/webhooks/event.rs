//! One event on its way to a webhook: what it says, and every post of it.

use app::webhooks::{self, Event};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{HookAttempt, HookDelivery, HookDeliveryId, HookState, Instant};
use web::Web;

use super::words::in_words;
use crate::form::Answer;
use crate::session::{Id, SignedIn, page};
use crate::ui::{Fact, Moment, Place, Shell};

/// `GET /webhooks/events/{id}`.
#[derive(Debug, Template)]
#[template(path = "webhooks/event.html")]
pub(crate) struct HookEventPage {
    pub(crate) shell: Shell,
    pub(crate) now: Instant,
    pub(crate) found: Event,
}

/// JSON spread over lines; what is none, as it is.
fn spread(body: &str) -> String {
    serde_json::from_str::<serde_json::Value>(body)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| body.to_owned())
}

impl HookEventPage {
    fn delivery(&self) -> &HookDelivery {
        &self.found.logged.delivery
    }

    fn facts(&self) -> Vec<Fact> {
        let (delivery, event) = (self.delivery(), &self.found.logged.event);
        let next = super::detail::next_post(delivery, &self.now);
        let happened = in_words(event.at, &self.found.account);
        let next = next.map(|at| Fact::new("Next post", &in_words(at, &self.found.account)));
        let last = Some(&delivery.detail).filter(|detail| !detail.is_empty());
        [Fact::new("webhook-id", &event.key), Fact::new("Happened", &happened)]
            .into_iter()
            .chain(next)
            .chain(last.map(|detail| Fact::new("Last", detail)))
            .collect()
    }

    fn moment(&self, at: &Instant) -> Moment {
        Moment::at(*at, self.now, &self.found.account.zone)
    }

    /// How long a post took: "1.200 s", or empty.
    fn took(&self, post: &HookAttempt) -> String {
        let took = post.finished_at.map(|end| end.ms_since(post.started_at));
        took.map(|ms| format!("{}.{:03} s", ms / 1_000, ms % 1_000)).unwrap_or_default()
    }

    /// What telling it again is called; empty where that cannot be.
    fn again(&self) -> &'static str {
        match self.delivery().state {
            _ if self.found.webhook.disabled.is_some() => "",
            HookState::Posting => "",
            HookState::Pending => "Post it now",
            _ => "Tell it again",
        }
    }
}

/// `GET /webhooks/events/{id}`.
pub(crate) async fn show(visitor: SignedIn, State(web): State<Web>, Id(id): Id) -> Answer {
    let found = webhooks::event(&web.app, &visitor.actor, HookDeliveryId(id)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &HookEventPage { shell, now: web.app.now(), found }))
}
