//! One event on its way to a webhook: what it says, and every post of it.

use app::webhooks::{self, Event};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::{Account, HookAttempt, HookDeliveryId, HookState, Instant};
use web::Web;

use super::words::{badge, in_words, name};
use crate::sample;
use crate::session::{Id, PageError, SignedIn, page};
use crate::ui::{Fact, Moment, Place, Shell, State as Badge};

/// `GET /webhooks/events/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "webhooks/event.html")]
pub(crate) struct HookEventPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Its id, for the addresses.
    pub(crate) id: String,
    /// "message.created".
    pub(crate) kind: &'static str,
    /// What that means, in a sentence.
    pub(crate) sentence: &'static str,
    /// The webhook's page.
    pub(crate) back: String,
    /// What the webhook is called.
    pub(crate) webhook: String,
    /// Where it stands.
    pub(crate) state: Badge,
    /// Id, instants, and what was answered.
    pub(crate) facts: Vec<Fact>,
    /// The body of every post of it, spread over lines.
    pub(crate) body: String,
    /// Its posts, first to last.
    pub(crate) attempts: Vec<AttemptRow>,
    /// What telling it again is called; empty where that cannot be.
    pub(crate) again: &'static str,
}

/// One post.
#[derive(Debug, Clone)]
pub(crate) struct AttemptRow {
    /// Its number.
    pub(crate) number: i64,
    /// When it was made.
    pub(crate) at: Moment,
    /// "1.2 s", or empty.
    pub(crate) took: String,
    /// What was answered.
    pub(crate) detail: String,
    /// The beginning of what was answered.
    pub(crate) answer: String,
}

impl AttemptRow {
    fn of(attempt: &HookAttempt, account: &Account, now: Instant) -> Self {
        let took = attempt.finished_at.map(|end| end.ms_since(attempt.started_at));
        let detail = match attempt.finished_at {
            Some(_) => attempt.detail.clone(),
            None => "It is being made.".to_owned(),
        };
        AttemptRow {
            number: attempt.number,
            at: Moment::at(attempt.started_at, now, &account.zone),
            took: took.map(|ms| format!("{}.{:03} s", ms / 1_000, ms % 1_000)).unwrap_or_default(),
            detail,
            answer: attempt.answer.trim().to_owned(),
        }
    }
}

/// JSON spread over lines; what is none, as it is.
fn spread(body: &str) -> String {
    serde_json::from_str::<serde_json::Value>(body)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| body.to_owned())
}

impl HookEventPage {
    fn of(shell: Shell, found: Event, now: Instant) -> Self {
        let Event { account, webhook, logged, attempts } = found;
        let (delivery, event) = (&logged.delivery, &logged.event);
        let waits = delivery.next_at.filter(|at| *at > now && !delivery.state.is_final());
        let mut facts = vec![
            Fact::new("webhook-id", &event.key),
            Fact::new("Happened", &in_words(event.at, &account)),
        ];
        if let Some(at) = waits {
            facts.push(Fact::new("Next post", &in_words(at, &account)));
        }
        if !delivery.detail.is_empty() {
            facts.push(Fact::new("Last", &delivery.detail));
        }
        let is_off = webhook.disabled.is_some();
        Self {
            shell,
            id: delivery.id.to_string(),
            kind: event.kind.as_str(),
            sentence: event.kind.sentence(),
            back: format!("/webhooks/{}", webhook.id),
            webhook: name(&webhook),
            state: badge(delivery.state, delivery.attempts),
            facts,
            body: spread(&event.body),
            attempts: attempts.iter().map(|one| AttemptRow::of(one, &account, now)).collect(),
            again: match delivery.state {
                HookState::Posting => "",
                _ if is_off => "",
                HookState::Pending => "Post it now",
                _ => "Tell it again",
            },
        }
    }

    /// One that failed once and was taken then.
    pub(crate) fn sample() -> Self {
        Self::of(Shell::sample(Place::Accounts), sample::event(), sample::now())
    }

    /// One that waits for its first post.
    pub(crate) fn sample_waiting() -> Self {
        let mut event = sample::event();
        event.logged = sample::log().swap_remove(0);
        event.attempts.clear();
        Self::of(Shell::sample(Place::Accounts), event, sample::now())
    }
}

/// `GET /webhooks/events/{id}`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let found = webhooks::event(&web.app, &visitor.actor, HookDeliveryId(id)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &HookEventPage::of(shell, found, web.app.now())))
}
