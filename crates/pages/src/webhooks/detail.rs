//! One webhook: how it does, what it was told, and what one can do with it.

use app::webhooks::{self, Logged, PostFilter, Watched};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::{Account, HookDeliveryId, HookState, Instant, WebhookId, limits};
use web::Web;

use super::words::{WebhookHealth, badge, events, in_words, name, trouble};
use crate::list::{Column, Cursor, List, ListAsk, ListFrame, ListQuery, Listing, PageAsk, utc};
use crate::sample;
use crate::session::{Frame, Id, PageError, SignedIn, page};
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
    pub(crate) standing: WebhookHealth,
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
    /// What stands around them.
    pub(crate) list: ListFrame,
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
    /// What was answered to the last post.
    pub(crate) detail: String,
    /// When the next one is made.
    pub(crate) next: Option<Moment>,
}

/// What a webhook was told, the newest first, or a part of it.
#[derive(Clone, Debug)]
pub(crate) struct HookLog {
    account: Account,
    watched: Watched,
    states: &'static [HookState],
}

impl List for HookLog {
    type Row = Logged;
    const NAMES: &'static [&'static str] = &["only"];
    const FILE: &'static str = "webhook";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Webhook", |list, _| name(&list.watched.webhook)),
        ("Event", |_, it| it.event.kind.as_str().to_owned()),
        ("webhook-id", |_, it| it.event.key.clone()),
        ("Happened (UTC)", |_, it| utc(it.event.at)),
        ("Happened", |list, it| in_words(it.event.at, &list.account)),
        ("State", |_, it| it.delivery.state.as_str().to_owned()),
        ("Posts", |_, it| it.delivery.attempts.to_string()),
        ("What came of the last", |_, it| it.delivery.detail.clone()),
        ("Next post (UTC)", |_, it| {
            utc(it.delivery.next_at.filter(|_| !it.delivery.state.is_final()))
        }),
        ("Ended (UTC)", |_, it| utc(it.delivery.finished_at)),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        let found = webhooks::watched(&ask.web.app, &ask.visitor.actor, WebhookId(ask.of)).await?;
        Ok(Self::asked(found.0, found.1, ask.query))
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Logged>> {
        let PageAsk { app, actor, after, limit } = ask;
        let before = after.and_then(Cursor::of).map(HookDeliveryId);
        let filter = PostFilter { states: self.states.to_vec(), since: None, before };
        webhooks::page(app, actor, self.watched.webhook.id, &filter, limit).await
    }

    fn cursor(logged: &Logged) -> Cursor {
        Cursor::Of(logged.delivery.id.0)
    }

    fn address(&self) -> String {
        format!("/webhooks/{}", self.watched.webhook.id)
    }

    fn export_address(&self) -> String {
        format!("{}/log.csv", self.address())
    }

    fn anchor(&self) -> &'static str {
        "#log"
    }

    fn none_yet(&self) -> Empty {
        let text = "Each event that happens from now on appears here, with what was answered. A \
                    test event shows whether it works.";
        Empty::new("history", "It was told nothing yet", text)
    }

    fn none_fits(&self, query: &ListQuery) -> Empty {
        let (title, text) = match query.of("only") {
            "failed" => ("Nothing failed", "It took every event that it got."),
            _ => ("Nothing waits", "Every event has been dealt with."),
        };
        Empty::new("circle-check", title, text)
    }
}

impl HookLog {
    /// The part that an address asks for.
    fn asked(account: Account, watched: Watched, query: &mut ListQuery) -> Self {
        let states = |only: &str| -> Option<&'static [HookState]> {
            match only {
                "failed" => Some(&[HookState::Failed, HookState::Cancelled]),
                "waiting" => Some(&[HookState::Pending, HookState::Posting]),
                _ => None,
            }
        };
        let states = query.one_of("only", states, "must be one of the list").unwrap_or_default();
        HookLog { account, watched, states }
    }
}

fn since() -> Field {
    Field::new(FieldKind::Date, "since", "Happened on this day or later").required()
}

impl WebhookPage {
    fn draw(mut frame: Frame, listing: &Listing<HookLog>) -> Self {
        let list = listing.frame(&mut frame.shell);
        let (account, now) = (&listing.list.account, frame.now);
        let Watched { webhook, delivered, waiting, failed } = &listing.list.watched;
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
            shell: frame.shell,
            id: webhook.id.to_string(),
            name: name(webhook),
            back: format!("/accounts/{}/webhooks", account.id),
            account: account.name.clone(),
            standing: WebhookHealth::of(webhook),
            disabled: webhook.disabled.map(|(_, why)| why.is_alarming()),
            trouble: trouble(webhook, &failing),
            facts: vec![
                Fact::new("Events", &events(&webhook.kinds)),
                Fact::new("In 30 days", &figures),
                Fact::new("Secret", &secret),
                Fact::new("Made", &in_words(webhook.created_at, account)),
            ],
            only: listing.query.of("only").to_owned(),
            rows: listing.rows.iter().map(|logged| LogRow::of(logged, account, now)).collect(),
            list,
            since: since().value(&yesterday.to_string()),
            url: webhook.url.clone(),
        }
    }

    fn sampled(at: usize, log: Vec<Logged>) -> Self {
        let (mut query, watched) = (ListQuery::default(), sample::watched().swap_remove(at));
        let list = HookLog::asked(sample::account(2), watched, &mut query);
        Self::draw(Frame::sample(Place::Accounts), &Listing::of(list, query, log))
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
    let listing = Listing::<HookLog>::load(&web, &visitor, id, query.as_deref()).await?;
    let frame = visitor.frame(&web, Place::Accounts).await?;
    Ok(page(listing.status(), &WebhookPage::draw(frame, &listing)))
}
