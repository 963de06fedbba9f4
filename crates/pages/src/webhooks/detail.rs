//! One webhook: how it does, what it was told, and what one can do with it.

use app::webhooks::{self, Filter, Logged, Watched};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::{Account, HookDeliveryId, HookState, Instant, WebhookId, limits};
use web::Web;

use super::{Standing, badge, events, in_words, name, trouble};
use crate::sample;
use crate::session::{Id, PageError, SignedIn, page};
use crate::ui::{Empty, Fact, Field, FieldKind, Moment, Place, Shell, State as Badge, Tone};

/// `GET /webhooks/{id}` (`only`: `failed` or `waiting`; `before`).
#[derive(Debug, Clone, Template)]
#[template(path = "webhooks/detail.html")]
pub(crate) struct WebhookPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Its id, for the addresses.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) name: String,
    /// Where events are posted to.
    pub(crate) url: String,
    /// The account's page of webhooks.
    pub(crate) back: String,
    /// The account's name.
    pub(crate) account: String,
    /// How it does.
    pub(crate) standing: Standing,
    /// Whether it is disabled, and whether that happened by itself.
    pub(crate) disabled: Option<bool>,
    /// What is wrong or will be.
    pub(crate) trouble: Option<(Tone, String)>,
    /// Events, figures, secret, days.
    pub(crate) facts: Vec<Fact>,
    /// Which part of the log is shown: "", "failed", "waiting".
    pub(crate) only: String,
    /// Newest first.
    pub(crate) rows: Vec<LogRow>,
    /// The next page of the log.
    pub(crate) older: Option<String>,
    /// The newest page, where another one is shown.
    pub(crate) newest: Option<String>,
    /// `since`, from when on what failed is told again.
    pub(crate) since: Field,
}

/// One event of the log.
#[derive(Debug, Clone)]
pub(crate) struct LogRow {
    /// Where it is opened.
    pub(crate) href: String,
    /// "message.created".
    pub(crate) kind: &'static str,
    /// When it happened.
    pub(crate) at: Moment,
    /// Where it stands.
    pub(crate) state: Badge,
    /// Posts made.
    pub(crate) attempts: i64,
    /// What came of the last one.
    pub(crate) detail: String,
    /// When the next one is made.
    pub(crate) next: Option<Moment>,
}

/// What the address of the page asks for.
#[derive(Debug, Default)]
pub(crate) struct AskedLog {
    pub(crate) only: String,
    pub(crate) before: Option<HookDeliveryId>,
}

impl AskedLog {
    pub(crate) fn read(query: Option<&str>) -> Self {
        let mut asked = Self::default();
        for (name, text) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match (&*name, &*text) {
                ("only", "failed" | "waiting") => asked.only = text.into_owned(),
                ("before", text) => asked.before = text.parse().ok().map(HookDeliveryId),
                _ => {}
            }
        }
        asked
    }

    pub(crate) fn filter(&self) -> Filter {
        let states = match self.only.as_str() {
            "failed" => vec![HookState::Failed, HookState::Cancelled],
            "waiting" => vec![HookState::Pending, HookState::Posting],
            _ => Vec::new(),
        };
        Filter { states, since: None, before: self.before }
    }

    fn address(&self, id: WebhookId, before: Option<HookDeliveryId>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.only.is_empty() {
            query.append_pair("only", &self.only);
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        let query = query.finish();
        let gap = if query.is_empty() { "" } else { "?" };
        format!("/webhooks/{id}{gap}{query}#log")
    }
}

fn since() -> Field {
    Field::new(FieldKind::Date, "since", "Happened on this day or later").required()
}

impl WebhookPage {
    /// What stands where the log has nothing to show.
    pub(crate) fn nothing_told(&self) -> Empty {
        match self.only.as_str() {
            "failed" => {
                Empty::new("circle-check", "Nothing failed", "It took every event that it got.")
            }
            "waiting" => {
                Empty::new("circle-check", "Nothing waits", "Every event has been dealt with.")
            }
            _ => {
                let text = "Each event that happens from now on appears here, with what was \
                            answered. A test event shows whether it works.";
                Empty::new("history", "It was told nothing yet", text)
            }
        }
    }

    fn of(
        shell: Shell,
        account: &Account,
        watched: Watched,
        asked: &AskedLog,
        mut log: Vec<Logged>,
        now: Instant,
    ) -> Self {
        let Watched { webhook, delivered, waiting, failed } = watched;
        let has_more = log.len() > limits::PORTAL_ROWS;
        log.truncate(limits::PORTAL_ROWS);
        let last = log.last().filter(|_| has_more).map(|logged| logged.delivery.id);
        let failing = webhook.failing_since.map(|at| in_words(at, account)).unwrap_or_default();
        let figures = format!("{delivered} taken, {waiting} waiting, {failed} not taken");
        let secret = match &webhook.old_secret {
            Some((_, until)) if now < *until => {
                format!("Two sign at present; the old one until {}.", in_words(*until, account))
            }
            _ => "Shown once, when it was made.".to_owned(),
        };
        let yesterday = account.zone.date(now.minus_ms(limits::DAY_MS));
        Self {
            shell,
            id: webhook.id.to_string(),
            name: name(&webhook),
            back: format!("/accounts/{}/webhooks", account.id),
            account: account.name.clone(),
            standing: Standing::of(&webhook),
            disabled: webhook.disabled.map(|(_, why)| why.is_alarming()),
            trouble: trouble(&webhook, &failing),
            facts: vec![
                Fact::new("Events", &events(&webhook.kinds)),
                Fact::new("In 30 days", &figures),
                Fact::new("Secret", &secret),
                Fact::new("Made", &in_words(webhook.created_at, account)),
            ],
            only: asked.only.clone(),
            rows: log.iter().map(|logged| LogRow::of(logged, account, now)).collect(),
            older: last.map(|last| asked.address(webhook.id, Some(last))),
            newest: asked.before.map(|_| asked.address(webhook.id, None)),
            since: since().value(&yesterday.to_string()),
            url: webhook.url,
        }
    }

    fn sampled(at: usize, log: Vec<Logged>) -> Self {
        let (shell, watched) = (Shell::sample(Place::Accounts), sample::watched().swap_remove(at));
        let (account, asked) = (sample::account(2), AskedLog::default());
        Self::of(shell, &account, watched, &asked, log, sample::now())
    }

    /// One that works.
    pub(crate) fn sample() -> Self {
        Self::sampled(0, sample::log())
    }

    /// A new one.
    pub(crate) fn sample_empty() -> Self {
        Self::sampled(0, Vec::new())
    }

    /// One that was disabled by itself.
    pub(crate) fn sample_disabled() -> Self {
        Self::sampled(1, sample::log())
    }
}

impl LogRow {
    fn of(logged: &Logged, account: &Account, now: Instant) -> Self {
        let delivery = &logged.delivery;
        let waits = delivery.next_at.filter(|at| *at > now && !delivery.state.is_final());
        LogRow {
            href: format!("/webhooks/events/{}", delivery.id),
            kind: delivery.kind.as_str(),
            at: Moment::at(logged.event.at, now, &account.zone),
            state: badge(delivery.state, delivery.attempts),
            attempts: delivery.attempts,
            detail: delivery.detail.clone(),
            next: waits.map(|at| Moment::at(at, now, &account.zone)),
        }
    }
}

/// `GET /webhooks/{id}`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (app, actor, id) = (&web.app, &visitor.actor, WebhookId(id));
    let (account, watched) = webhooks::watched(app, actor, id).await?;
    let asked = AskedLog::read(query.as_deref());
    let log = webhooks::page(app, actor, id, &asked.filter(), limits::PORTAL_ROWS + 1).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let view = WebhookPage::of(shell, &account, watched, &asked, log, app.now());
    Ok(page(StatusCode::OK, &view))
}
