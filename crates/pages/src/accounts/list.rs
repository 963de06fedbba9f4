//! The list of client accounts.

use std::collections::HashMap;

use app::accounts;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::{Account, AccountId, Did, limits};
use web::Web;

use crate::session::{PageError, SignedIn, page};
use crate::ui::{Empty, Place, Shell, phone};

/// `GET /accounts` (`q`, `page`), for all but clients.
#[derive(Debug, Clone, Template)]
#[template(path = "accounts/list.html")]
pub(crate) struct Accounts {
    /// The frame.
    pub(crate) shell: Shell,
    /// What was looked for.
    pub(crate) query: String,
    /// By name.
    pub(crate) rows: Vec<AccountRow>,
    /// The next page's address.
    pub(crate) more: Option<String>,
}

/// One account.
#[derive(Debug, Clone)]
pub(crate) struct AccountRow {
    /// Its page.
    pub(crate) href: String,
    /// "1002".
    pub(crate) number: String,
    /// "Northwind Heating & Air".
    pub(crate) name: String,
    /// Its lines as a person reads them, joined by commas.
    pub(crate) dids: String,
    /// "America/New_York".
    pub(crate) zone: String,
}

/// `GET /accounts`.
pub(crate) async fn list(
    visitor: SignedIn,
    State(web): State<Web>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    let query = asked.get("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let found = match query.as_str() {
        "" => accounts::list(&web.app, &visitor.actor).await?,
        text => accounts::search(&web.app, &visitor.actor, text).await?,
    };
    let at = asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize).max(1);
    let before = (at - 1).saturating_mul(limits::PORTAL_ROWS);
    let shown: Vec<&Account> = found.iter().skip(before).take(limits::PORTAL_ROWS).collect();
    let is_more = found.len() > before.saturating_add(limits::PORTAL_ROWS);
    let ids: Vec<AccountId> = shown.iter().map(|account| account.id).collect();
    let lines = accounts::lines(&web.app, &visitor.actor, &ids).await?;
    let drawn = Accounts {
        shell: visitor.shell(&web, Place::Accounts).await?,
        query,
        rows: shown.into_iter().map(|account| AccountRow::of(account, &lines)).collect(),
        more: is_more.then(|| format!("/accounts?page={}", at.saturating_add(1))),
    };
    Ok(page(StatusCode::OK, &drawn))
}

impl AccountRow {
    fn of(account: &Account, lines: &[Did]) -> Self {
        let lines = lines.iter().filter(|did| did.account_id == account.id);
        let lines: Vec<String> = lines.map(|did| phone(&did.number)).collect();
        Self {
            href: format!("/accounts/{}", account.id),
            number: account.number.clone(),
            name: account.name.clone(),
            dids: lines.join(", "),
            zone: account.zone.name().to_owned(),
        }
    }
}

impl Accounts {
    /// What stands where there is none.
    pub(crate) fn empty(&self) -> Empty {
        if !self.query.is_empty() {
            let text = "Try a number, a line, or a part of the name.";
            return Empty::new("search", "No account fits", text)
                .with_action("/accounts", "Show all");
        }
        let text = "An account is a client: its lines, its contacts, and the form that agents \
                    fill in for it.";
        let empty = Empty::new("building-2", "No accounts yet", text);
        match self.shell.manages() {
            true => empty.with_action("/accounts/new", "Add the first account"),
            false => empty,
        }
    }

    /// Three accounts.
    pub(crate) fn sample() -> Self {
        let row = |id, number: &str, name: &str, dids: &str| AccountRow {
            href: format!("/accounts/{id}"),
            number: number.to_owned(),
            name: name.to_owned(),
            dids: dids.to_owned(),
            zone: "America/New_York".to_owned(),
        };
        Self {
            shell: Shell::sample(Place::Accounts),
            query: String::new(),
            rows: vec![
                row(1, "1001", "Hartwell & Boone, Attorneys", "(954) 555-0110"),
                row(3, "1003", "Maple Street Dental", "(954) 555-0130"),
                row(2, "1002", "Northwind Heating & Air", "(954) 555-0120, (954) 555-0121"),
            ],
            more: None,
        }
    }

    /// None yet.
    pub(crate) fn sample_empty() -> Self {
        Self { rows: Vec::new(), ..Self::sample() }
    }
}
