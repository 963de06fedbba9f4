//! The list of messages as CSV (RFC 4180), streamed, safe to open in a spreadsheet.

use std::collections::HashMap;

use app::messages::{self, Filter, Position};
use app::{App, accounts};
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::form::humanised;
use domain::{Account, AccountId, Date, Message, limits};
use futures_util::{Stream, TryStreamExt, stream};

use super::filters;
use super::messages::receiver;
use crate::Web;
use crate::session::{SignedIn, Turned};

/// What spreadsheets need to see that a text is UTF-8.
pub(in crate::portal) const BYTE_ORDER_MARK: &str = "\u{feff}";

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
pub(super) async fn csv(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Turned> {
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

/// A file called by what it holds and the day, on its way out piece by piece. An error breaks it off,
/// so that a file that is not whole is not taken for one.
pub(in crate::portal) fn file(
    name: &str,
    day: Date,
    pieces: impl Stream<Item = app::Result<Bytes>> + Send + 'static,
) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-{day}.csv\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let pieces = pieces.inspect_err(|error| tracing::error!(%error, "an export broke off"));
    (headers, Body::from_stream(pieces)).into_response()
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

/// Appends a line as RFC 4180 wants it: cells with a comma, a quote or a line break in quotes,
/// quotes doubled, CR LF at the end.
pub(in crate::portal) fn push_line<const N: usize>(text: &mut String, cells: [String; N]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        let cell = harmless(cell);
        if cell.contains([',', '"', '\r', '\n']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

/// A cell that no spreadsheet takes for a formula: what could begin one gets an apostrophe in
/// front (OWASP ASVS 5, 1.2.10; the wide forms too, which spreadsheets read alike).
fn harmless(cell: &str) -> String {
    const BEGINNINGS: [char; 11] =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}'];
    let begins = cell.starts_with(BEGINNINGS) || cell.starts_with('\u{ff20}');
    if begins { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut text = String::new();
        let cells = ["plain", "a,b", "say \"hi\"", "two\nlines", "", "ü"];
        push_line(&mut text, cells.map(str::to_owned));
        assert_eq!(text, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,ü\r\n");
    }

    #[test]
    fn no_cell_begins_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＠a"]
        {
            assert_eq!(harmless(bad), format!("'{bad}"));
        }
        for good in ["", "a=1", "(954) 555-0142", "'=1", " =1"] {
            assert_eq!(harmless(good), good);
        }
    }
}
