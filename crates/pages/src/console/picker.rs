//! Finding the account that is being called, by line, number or name.

use std::collections::HashMap;

use app::{Actor, accounts, messages};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use domain::account::phone_digits;
use domain::{Account, AccountId, Did, Message};
use web::Web;

use super::brief::BRIEFS;
use super::queue::Queue;
use crate::messages::Clock;
use crate::session::{Frame, PageError, PageResult, SignedIn, page};
use crate::sitemap::Place;
use crate::ui::{Empty, Shell, phone};

/// Accounts that are offered at once.
const PICKS: usize = 20;

/// `GET /console` (`q`). Where a search of somebody who pressed Enter finds one account only, it
/// leads there at once.
#[derive(Debug, Clone, Template)]
#[template(path = "console/picker.html")]
pub(crate) struct Picker {
    pub(crate) shell: Shell,
    pub(crate) query: String,
    /// The accounts that fit, best first; without a query the agent's most recent.
    found: Vec<Account>,
    lines: Vec<Did>,
    queue: Queue,
    /// The agent's latest messages.
    recent: Vec<Message>,
    /// The draft that is no longer needed, after a message was saved: its key.
    saved: Option<String>,
    clock: Clock,
}

/// What is found for an agent who looks for an account.
#[derive(Default)]
pub(crate) struct FoundAccounts {
    pub(crate) found: Vec<Account>,
    pub(crate) lines: Vec<Did>,
    pub(crate) query: String,
    /// The agent's latest messages.
    pub(crate) recent: Vec<Message>,
    /// What was just saved: the key of its draft.
    pub(crate) saved: Option<String>,
}

impl Picker {
    /// The page that offers what was found: an account whose number or line was typed in full
    /// stands first.
    pub(crate) fn draw(frame: Frame, queue: Queue, finding: FoundAccounts) -> Self {
        let Frame { shell, zone, now, .. } = frame;
        let FoundAccounts { found, lines, query, recent, saved } = finding;
        let clock = Clock { now, zone };
        let mut page = Picker { shell, query, found, lines, queue, recent, saved, clock };
        let mut found = std::mem::take(&mut page.found);
        let is_named = |account: &Account| account.number.eq_ignore_ascii_case(&page.query);
        found.sort_by_key(|account| !(is_named(account) || page.rings(account).is_some()));
        found.truncate(PICKS);
        Picker { found, ..page }
    }

    /// The line of an account that was typed in full.
    fn rings(&self, account: &Account) -> Option<&Did> {
        let digits = phone_digits(&self.query);
        self.lines.iter().find(|did| did.account_id == account.id && did.number == digits)
    }

    /// The page on which an account's message is taken, opened with the line that was typed.
    fn href(&self, account: &Account) -> String {
        let dialled = self.rings(account).map(|did| format!("?did={}", did.number));
        format!("/console/accounts/{}{}", account.id, dialled.unwrap_or_default())
    }

    fn dids(&self, account: &Account) -> String {
        let dids = self.lines.iter().filter(|did| did.account_id == account.id);
        dids.map(|did| phone(&did.number)).collect::<Vec<_>>().join(", ")
    }

    /// The time on the clock on the wall: `2:14 PM EST`.
    fn time_there(&self, account: &Account) -> String {
        let whole = account.zone.portal(self.clock.now).to_string();
        whole.rsplit(", ").next().unwrap_or_default().to_owned()
    }

    /// What stands where none fits.
    pub(crate) fn empty(&self) -> Empty {
        if self.query.is_empty() {
            let text = "When an owner or supervisor adds an account, it appears here.";
            Empty::new("building-2", "No accounts yet", text)
        } else {
            let text = "Try the last four digits of the line, the account number, or one word of \
                        the name.";
            Empty::new("search", "No account fits", text)
        }
    }
}

/// `GET /console`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Query(asked): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> PageResult {
    let actor = &visitor.actor;
    let query = asked.get("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let found = match query.as_str() {
        "" => recent(&web, actor).await?,
        text => accounts::search(&web.app, actor, text).await?,
    };
    let ids: Vec<AccountId> = found.iter().map(|account| account.id).collect();
    let lines = accounts::lines(&web.app, actor, &ids).await?;
    let is_key = |text: &&String| text.chars().all(|c| c.is_ascii_digit() || c == '-');
    let recent = messages::mine(&web.app, actor, BRIEFS).await?;
    let saved = asked.get("saved").filter(is_key).cloned();
    let finding = FoundAccounts { found, lines, query, recent, saved };
    let frame = visitor.frame(&web, Place::Console).await?;
    let drawn = Picker::draw(frame, Queue::load(&web, &visitor, None).await?, finding);
    if let [only] = &drawn.found[..]
        && !drawn.query.is_empty()
        && !headers.contains_key("hx-request")
    {
        return Ok(Redirect::to(&drawn.href(only)).into_response());
    }
    Ok(page(StatusCode::OK, &drawn))
}

/// The accounts that somebody took messages for today, then the others by name.
async fn recent(web: &Web, actor: &Actor) -> Result<Vec<Account>, PageError> {
    let mine = messages::mine(&web.app, actor, PICKS).await?;
    let order: Vec<AccountId> = mine.iter().map(|message| message.account_id).collect();
    let mut found = accounts::list(&web.app, actor).await?;
    let place = |account: &Account| order.iter().position(|id| *id == account.id);
    found.sort_by_key(|account| place(account).unwrap_or(usize::MAX));
    found.truncate(PICKS);
    Ok(found)
}
