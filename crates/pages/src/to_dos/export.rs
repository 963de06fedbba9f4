//! The list of To Dos as CSV (RFC 4180), streamed, safe to open in a spreadsheet.

use std::collections::HashMap;

use app::to_dos::{self, Filter, Standing};
use app::{App, accounts};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use domain::{Account, AccountId, Instant, Run, ToDoId, limits};
use futures_util::stream;
use web::Web;

use super::list::{NAMES, meaning};
use super::words::{next, sentence};
use crate::csv::{BYTE_ORDER_MARK, file, push_line};
use crate::list::Asked;
use crate::session::{PageError, SignedIn};

/// The first line.
const COLUMNS: [&str; 16] = [
    "To Do",
    "Made (UTC)",
    "Account number",
    "Account",
    "Channel",
    "To",
    "From",
    "Subject",
    "Text",
    "Rule",
    "Time zone",
    "Next (UTC)",
    "Next",
    "Paused since (UTC)",
    "Last time (UTC)",
    "What became of it",
];

/// `GET /to-dos.csv`: the list that the same address without `.csv` shows, all pages of it.
pub(crate) async fn csv(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let accounts = accounts::list(&web.app, &visitor.actor).await?;
    let (meaning, _, faults) = meaning(&Asked::read(query.as_deref(), &NAMES), &accounts);
    faults.or(()).map_err(app::Error::Invalid)?;
    let filter = to_dos::filter(&web.app, &visitor.actor, &meaning).await?;
    let day = visitor.tenant.zone.date(web.app.now());
    let export = Export {
        app: web.app,
        visitor,
        filter,
        accounts: accounts.into_iter().map(|account| (account.id, account)).collect(),
        before: None,
        is_begun: false,
        is_over: false,
    };
    Ok(file("to-dos", day, stream::try_unfold(export, Export::next)))
}

/// A list on its way out, a page in memory at a time.
struct Export {
    app: App,
    visitor: SignedIn,
    filter: Filter,
    accounts: HashMap<AccountId, Account>,
    before: Option<ToDoId>,
    is_begun: bool,
    is_over: bool,
}

impl Export {
    async fn next(mut self) -> app::Result<Option<(Bytes, Self)>> {
        if self.is_over {
            return Ok(None);
        }
        let (actor, limit) = (&self.visitor.actor, limits::STREAMED_ROWS);
        let page = to_dos::page(&self.app, actor, &self.filter, self.before, limit).await?;
        let last = to_dos::last_runs(&self.app, actor, &page).await?;
        let last: HashMap<ToDoId, Run> = last.into_iter().map(|run| (run.to_do_id, run)).collect();
        let mut text = String::new();
        if !self.is_begun {
            text.push_str(BYTE_ORDER_MARK);
            push_line(&mut text, COLUMNS.map(str::to_owned));
        }
        for standing in &page {
            push_line(&mut text, self.cells(standing, last.get(&standing.to_do.id)));
        }
        self.is_begun = true;
        self.is_over = page.len() < limit;
        self.before = page.last().map(|standing| standing.to_do.id);
        Ok(Some((text.into(), self)))
    }

    fn cells(&self, standing: &Standing, last: Option<&Run>) -> [String; 16] {
        let to_do = &standing.to_do;
        let account = self.accounts.get(&to_do.account_id);
        let zone = account.map_or(&self.visitor.tenant.zone, |account| &account.zone);
        let next = next(standing, self.app.now());
        let utc = |at: Option<Instant>| at.map(Instant::rfc3339_ms).unwrap_or_default();
        let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
        let became = last.map(|run| match run.reason.as_str() {
            "" => run.state.as_str().to_owned(),
            reason => format!("{}: {reason}", run.state.as_str()),
        });
        [
            to_do.id.to_string(),
            to_do.created_at.rfc3339_ms(),
            account.map(|account| account.number.clone()).unwrap_or_default(),
            account.map(|account| account.name.clone()).unwrap_or_default(),
            to_do.delivery_type.as_str().to_owned(),
            to_do.contact.clone(),
            maybe(&to_do.from),
            maybe(&to_do.subject),
            to_do.message_text.clone(),
            sentence(standing, zone),
            zone.name().to_owned(),
            utc(next),
            next.map(|at| zone.portal(at).to_string()).unwrap_or_default(),
            utc(to_do.paused_at),
            utc(last.map(|run| run.due_at)),
            became.unwrap_or_default(),
        ]
    }
}
