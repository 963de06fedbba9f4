//! The list of messages as CSV (RFC 4180), streamed, safe to open in a spreadsheet.

use std::collections::HashMap;

use app::messages::{self, Filter, Position};
use app::{App, accounts};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use domain::form::humanised;
use domain::{Account, AccountId, Message, limits};
use futures_util::stream;
use web::Web;

use super::filters;
use crate::csv::{BYTE_ORDER_MARK, file, push_line};
use crate::messages::words::receiver;
use crate::session::{PageError, SignedIn};

/// The first line.
const COLUMNS: [&str; 20] = [
    "Message",
    "Taken (UTC)",
    "Taken",
    "Account number",
    "Account",
    "For",
    "First name",
    "Last name",
    "Company",
    "Phone",
    "Other phone",
    "Caller ID",
    "E-mail",
    "Said",
    "Details",
    "Emergency",
    "Status",
    "Read",
    "Note",
    "Disposition",
];

/// `GET /messages.csv`: the list that the same address without `.csv` shows, all pages of it.
pub(crate) async fn csv(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let accounts = accounts::list(&web.app, &visitor.actor).await?;
    let (meaning, faults) = filters::meaning(&filters::read(query.as_deref()), &accounts);
    faults.or(()).map_err(app::Error::Invalid)?;
    let filter = messages::filter(&web.app, &visitor.actor, meaning.query).await?;
    let day = visitor.tenant.zone.date(web.app.now());
    let export = Export {
        app: web.app,
        visitor,
        filter,
        accounts: accounts.into_iter().map(|account| (account.id, account)).collect(),
        after: None,
        is_begun: false,
        is_over: false,
    };
    Ok(file("messages", day, stream::try_unfold(export, Export::next)))
}

/// A list on its way out, a page in memory at a time.
struct Export {
    app: App,
    visitor: SignedIn,
    filter: Filter,
    accounts: HashMap<AccountId, Account>,
    after: Option<Position>,
    is_begun: bool,
    is_over: bool,
}

impl Export {
    /// The next piece of the file.
    async fn next(mut self) -> app::Result<Option<(Bytes, Self)>> {
        if self.is_over {
            return Ok(None);
        }
        let (actor, limit) = (&self.visitor.actor, limits::PAGE_ROWS);
        let page = messages::page(&self.app, actor, &self.filter, self.after, limit).await?;
        let mut text = String::new();
        if !self.is_begun {
            text.push_str(BYTE_ORDER_MARK);
            push_line(&mut text, COLUMNS.map(str::to_owned));
        }
        for message in &page {
            push_line(&mut text, self.cells(message));
        }
        self.is_begun = true;
        self.is_over = page.len() < limit;
        self.after = page.last().map(Position::from);
        Ok(Some((text.into(), self)))
    }

    fn cells(&self, message: &Message) -> [String; 20] {
        let account = self.accounts.get(&message.account_id);
        let zone = account.map_or(&self.visitor.tenant.zone, |account| &account.zone);
        let yes = |holds: bool| if holds { "Yes" } else { "No" }.to_owned();
        let custom = message.answers.custom().filter(|(_, text)| !text.is_empty());
        let details: Vec<String> =
            custom.map(|(name, text)| format!("{}: {text}", humanised(name))).collect();
        [
            message.id.to_string(),
            message.created_at.rfc3339_ms(),
            zone.portal(message.created_at).to_string(),
            account.map(|account| account.number.clone()).unwrap_or_default(),
            account.map(|account| account.name.clone()).unwrap_or_default(),
            receiver(message).to_owned(),
            message.first_name.clone(),
            message.last_name.clone(),
            message.company_name.clone(),
            message.phone.clone(),
            message.alt_phone.clone(),
            message.caller_id.clone(),
            message.email.clone(),
            message.content.clone(),
            details.join("\n"),
            yes(message.is_emergency),
            message.status.as_str().to_owned(),
            yes(message.read),
            message.note.clone(),
            message.disposition.clone().unwrap_or_default(),
        ]
    }
}
