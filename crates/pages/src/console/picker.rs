//! Finding the account that is being called, by line, number or name.

use std::collections::HashMap;

use app::{Actor, accounts, messages};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::phone_digits;
use domain::user::Right;
use domain::{Account, AccountId, Did, Instant, Message, Zone};
use web::Web;

use super::brief::{BRIEFS, BriefMessage};
use super::queue::Queue;
use super::take::{draft, queue};
use crate::session::{Frame, PageError, SignedIn, page};
use crate::sitemap::Place;
use crate::ui::{Empty, Shell, phone};

/// Accounts that are offered at once.
const PICKS: usize = 20;

/// `GET /console` (`q`). Where a search of somebody who pressed Enter finds one account only, it
/// leads there at once.
#[derive(Debug, Clone, Template)]
#[template(path = "console/picker.html")]
pub(crate) struct Picker {
    /// The frame.
    pub(crate) shell: Shell,
    /// What was typed.
    pub(crate) query: String,
    /// The accounts that fit, best first; without a query the agent's most recent.
    pub(crate) picks: Vec<AccountPick>,
    /// The queue beside it.
    pub(crate) queue: Queue,
    /// The agent's latest messages.
    pub(crate) recent: Vec<BriefMessage>,
    /// The draft that is no longer needed, after a message was saved: `{user}-{account}`.
    pub(crate) saved_draft: Option<String>,
}

/// An account to choose.
#[derive(Debug, Clone)]
pub(crate) struct AccountPick {
    /// The page on which its message is taken.
    pub(crate) href: String,
    /// "1002".
    pub(crate) number: String,
    /// "Northwind Heating & Air".
    pub(crate) name: String,
    /// Its lines as a person reads them.
    pub(crate) dids: String,
    /// What time it is there: "2:14 PM EST".
    pub(crate) local_time: String,
}

/// What is found for an agent who looks for an account.
pub(crate) struct Finding<'f> {
    /// The accounts.
    pub(crate) found: &'f [Account],
    /// Their lines.
    pub(crate) lines: &'f [Did],
    /// What was typed.
    pub(crate) query: &'f str,
    /// The agent's latest messages.
    pub(crate) recent: Vec<Message>,
    /// What was just saved: the key of its draft.
    pub(crate) saved: Option<&'f str>,
}

impl Picker {
    /// The page that offers what was found.
    pub(crate) fn draw(frame: Frame, queue: Queue, finding: Finding<'_>) -> Self {
        let Frame { shell, actor, zone, now } = frame;
        let mut picks = picks(finding.found, finding.lines, finding.query, now);
        picks.truncate(PICKS);
        Picker {
            shell,
            query: finding.query.to_owned(),
            picks,
            queue,
            recent: BriefMessage::all(&finding.recent, now, &zone),
            saved_draft: finding.saved.map(|key| draft(&actor, key)),
        }
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
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    let actor = &visitor.actor;
    let query = asked.get("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let found = match query.as_str() {
        "" => recent(&web, actor).await?,
        text => accounts::search(&web.app, actor, text).await?,
    };
    let ids: Vec<AccountId> = found.iter().map(|account| account.id).collect();
    let lines = accounts::lines(&web.app, actor, &ids).await?;
    let is_key = |text: &&String| text.chars().all(|c| c.is_ascii_digit() || c == '-');
    let saved = asked.get("saved").filter(is_key);
    let finding = Finding {
        found: &found,
        lines: &lines,
        query: &query,
        recent: messages::mine(&web.app, actor, BRIEFS).await?,
        saved: saved.map(String::as_str),
    };
    let frame = visitor.frame(&web, Place::Console).await?;
    let drawn = Picker::draw(frame, queue(&web, &visitor, None).await?, finding);
    if let [only] = drawn.picks.as_slice()
        && !query.is_empty()
        && !headers.contains_key("hx-request")
    {
        return Ok(Redirect::to(&only.href).into_response());
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

/// The accounts as they are offered: one whose number or line was typed in full stands first, and
/// is opened with that line.
fn picks(found: &[Account], lines: &[Did], query: &str, now: Instant) -> Vec<AccountPick> {
    let digits = phone_digits(query);
    let rings = |account: &Account| {
        lines.iter().find(|did| did.account_id == account.id && did.number == digits)
    };
    let mut found: Vec<&Account> = found.iter().collect();
    let is_named = |account: &Account| account.number.eq_ignore_ascii_case(query);
    found.sort_by_key(|account| !(is_named(account) || rings(account).is_some()));
    let pick = |account: &Account| {
        let dids = lines.iter().filter(|did| did.account_id == account.id);
        let dids: Vec<String> = dids.map(|did| phone(&did.number)).collect();
        let dialled = rings(account).map(|did| format!("?did={}", did.number)).unwrap_or_default();
        AccountPick {
            href: format!("/console/accounts/{}{dialled}", account.id),
            number: account.number.clone(),
            name: account.name.clone(),
            dids: dids.join(", "),
            local_time: time_there(now, &account.zone),
        }
    };
    found.into_iter().map(pick).collect()
}

/// The time on the clock on the wall: `2:14 PM EST`.
fn time_there(now: Instant, zone: &Zone) -> String {
    let whole = zone.portal(now).to_string();
    whole.rsplit(", ").next().unwrap_or_default().to_owned()
}
