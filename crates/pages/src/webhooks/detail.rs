//! One webhook: how it does, what it was told, and what one can do with it.

use app::webhooks::{self, Logged, PostFilter, Watched};
use askama::Template;
use axum::extract::{RawQuery, State};
use domain::{
    Account, HookDelivery, HookDeliveryId, HookState, Instant, Webhook, WebhookId, limits,
};
use web::Web;

use super::words::{events, in_words, name};
use crate::form::Answer;
use crate::list::{Column, Cursor, List, ListAsk, ListFrame, ListQuery, Listing, PageAsk, utc};
use crate::session::{Frame, Id, SignedIn, page};
use crate::ui::{Empty, Fact, Field, FieldKind, Moment, Place, Shell};

/// `GET /webhooks/{id}` (`only`: `failed` or `waiting`; `before`).
#[derive(Debug, Template)]
#[template(path = "webhooks/detail.html")]
pub(crate) struct WebhookPage {
    shell: Shell,
    now: Instant,
    /// What stands around the log.
    list: ListFrame,
    log: Listing<HookLog>,
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
        ("Last result", |_, it| it.delivery.detail.clone()),
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
    pub(crate) fn asked(account: Account, watched: Watched, query: &mut ListQuery) -> Self {
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

impl WebhookPage {
    pub(crate) fn draw(mut frame: Frame, log: Listing<HookLog>) -> Self {
        let list = log.frame(&mut frame.shell);
        Self { shell: frame.shell, now: frame.now, list, log }
    }

    fn account(&self) -> &Account {
        &self.log.list.account
    }

    fn webhook(&self) -> &Webhook {
        &self.log.list.watched.webhook
    }

    /// Whether it is disabled, and whether that happened by itself.
    fn disabled(&self) -> Option<bool> {
        self.webhook().disabled.map(|(_, why)| why.is_alarming())
    }

    fn facts(&self) -> [Fact; 4] {
        let Watched { webhook, delivered, waiting, failed } = &self.log.list.watched;
        let figures = format!("{delivered} taken, {waiting} waiting, {failed} not taken");
        let secret = match &webhook.old_secret {
            Some((_, until)) if self.now < *until => {
                let until = in_words(*until, self.account());
                format!("Two sign at present; the old one until {until}.")
            }
            _ => "Shown once, when it was made.".to_owned(),
        };
        [
            Fact::new("Events", &events(&webhook.kinds)),
            Fact::new("In 30 days", &figures),
            Fact::new("Secret", &secret),
            Fact::new("Made", &in_words(webhook.created_at, self.account())),
        ]
    }

    fn moment(&self, at: &Instant) -> Moment {
        Moment::at(*at, self.now, &self.account().zone)
    }

    /// From when on what failed is told again.
    fn since(&self) -> Field {
        let yesterday = self.account().zone.date(self.now.minus_ms(limits::DAY_MS));
        Field::new(FieldKind::Date, "since", "Happened on this day or later")
            .required()
            .value(&yesterday.to_string())
    }
}

/// When the next post is made, of what waits for one.
pub(super) fn next_post(delivery: &HookDelivery, now: &Instant) -> Option<Instant> {
    delivery.next_at.filter(|at| at > now && !delivery.state.is_final())
}

/// `GET /webhooks/{id}`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> Answer {
    let log = Listing::<HookLog>::load(&web, &visitor, id, query.as_deref()).await?;
    let frame = visitor.frame(&web, Place::Accounts).await?;
    Ok(page(log.status(), &WebhookPage::draw(frame, log)))
}
