//! The log of a webhook as CSV (RFC 4180), streamed, safe to open in a spreadsheet.

use app::App;
use app::webhooks::{self, Filter, Logged};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use domain::user::Right;
use domain::{Account, WebhookId, limits};
use futures_util::stream;
use web::Web;

use super::detail::AskedLog;
use super::name;
use crate::csv::{BYTE_ORDER_MARK, file, push_line};
use crate::session::{Id, PageError, SignedIn};

/// The first line.
const COLUMNS: [&str; 10] = [
    "Webhook",
    "Event",
    "webhook-id",
    "Happened (UTC)",
    "Happened",
    "State",
    "Posts",
    "What came of the last",
    "Next post (UTC)",
    "Ended (UTC)",
];

/// `GET /webhooks/{id}/log.csv` (`only`): the log, all pages of it.
pub(crate) async fn csv(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let id = WebhookId(id);
    let (account, watched) = webhooks::watched(&web.app, &visitor.actor, id).await?;
    let filter = Filter { before: None, ..AskedLog::read(query.as_deref()).filter() };
    let day = account.zone.date(web.app.now());
    let export = Export {
        app: web.app,
        visitor,
        id,
        name: name(&watched.webhook),
        account,
        filter,
        is_begun: false,
        is_over: false,
    };
    Ok(file("webhook", day, stream::try_unfold(export, Export::next)))
}

/// A log on its way out, a page in memory at a time.
struct Export {
    app: App,
    visitor: SignedIn,
    id: WebhookId,
    name: String,
    account: Account,
    filter: Filter,
    is_begun: bool,
    is_over: bool,
}

impl Export {
    async fn next(mut self) -> app::Result<Option<(Bytes, Self)>> {
        if self.is_over {
            return Ok(None);
        }
        let (actor, limit) = (&self.visitor.actor, limits::STREAMED_ROWS);
        let page = webhooks::page(&self.app, actor, self.id, &self.filter, limit).await?;
        let mut text = String::new();
        if !self.is_begun {
            text.push_str(BYTE_ORDER_MARK);
            push_line(&mut text, COLUMNS.map(str::to_owned));
        }
        for logged in &page {
            push_line(&mut text, self.cells(logged));
        }
        self.is_begun = true;
        self.is_over = page.len() < limit;
        self.filter.before = page.last().map(|logged| logged.delivery.id);
        Ok(Some((text.into(), self)))
    }

    fn cells(&self, logged: &Logged) -> [String; 10] {
        let Logged { delivery, event } = logged;
        let utc = |at: Option<domain::Instant>| at.map(|at| at.rfc3339_ms()).unwrap_or_default();
        [
            self.name.clone(),
            event.kind.as_str().to_owned(),
            event.key.clone(),
            event.at.rfc3339_ms(),
            self.account.zone.portal(event.at).to_string(),
            delivery.state.as_str().to_owned(),
            delivery.attempts.to_string(),
            delivery.detail.clone(),
            utc(delivery.next_at.filter(|_| !delivery.state.is_final())),
            utc(delivery.finished_at),
        ]
    }
}
