//! The list of client accounts.

use std::collections::HashMap;

use app::accounts;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::{Account, AccountId, Did, limits};

use super::{account, account_form, contact_form, form_builder, form_try, form_versions};
use super::{sending_form, wishes};
use crate::session::{SignedIn, Turned, page};
use crate::ui::{Empty, Place, Shell, phone};
use crate::{Routes, Web};

/// `GET /accounts` (`q`, `page`), for all but clients.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/accounts.html")]
pub struct Accounts {
    /// The frame.
    pub shell: Shell,
    /// What was looked for.
    pub query: String,
    /// By name.
    pub rows: Vec<AccountRow>,
    /// The next page's address.
    pub more: Option<String>,
}

/// One account.
#[derive(Debug, Clone)]
pub struct AccountRow {
    /// Its page.
    pub href: String,
    /// "1002".
    pub number: String,
    /// "Northwind Heating & Air".
    pub name: String,
    /// Its lines as a person reads them, joined by commas.
    pub dids: String,
    /// "America/New_York".
    pub zone: String,
}

/// The addresses of accounts, their lines, directories and forms.
#[must_use]
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/accounts", list)
        .post("/accounts", account_form::create)
        .get("/accounts/new", account_form::new)
        .get("/accounts/{id}", account::show)
        .post("/accounts/{id}", account_form::update)
        .get("/accounts/{id}/edit", account_form::edit)
        .get("/accounts/{id}/sending", sending_form::edit)
        .post("/accounts/{id}/sending", sending_form::change)
        .post("/accounts/{id}/lines", account::add_line)
        .post("/accounts/{id}/lines/{line}/remove", account::remove_line)
        .post("/accounts/{id}/contacts", account::add_contact)
        .get("/accounts/{id}/contacts/{contact}", wishes::ways::show)
        .post("/accounts/{id}/contacts/{contact}", contact_form::change)
        .post("/accounts/{id}/contacts/{contact}/remove", contact_form::remove)
        .get("/accounts/{id}/form", form_builder::build)
        .post("/accounts/{id}/form", form_builder::change)
        .post("/accounts/{id}/form/preview", form_builder::preview)
        .get("/accounts/{id}/form/try", form_try::show)
        .post("/accounts/{id}/form/try", form_try::check)
        .get("/accounts/{id}/form/versions", form_versions::list)
        .post("/accounts/{id}/form/restore", form_versions::restore)
        .post("/accounts/{id}/form/retire", form_versions::retire)
}

/// `GET /accounts`.
async fn list(
    visitor: SignedIn,
    State(web): State<Web>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, Turned> {
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
    #[must_use]
    pub fn empty(&self) -> Empty {
        if !self.query.is_empty() {
            let text = "Try a number, a line, or a part of the name.";
            return Empty::new("search", "No account fits", text)
                .with_action("/accounts", "Show all");
        }
        let text = "An account is a client: its lines, its contacts, and the form that agents \
                    fill in for it.";
        let empty = Empty::new("building-2", "No accounts yet", text);
        match self.shell.role.manages() {
            true => empty.with_action("/accounts/new", "Add the first account"),
            false => empty,
        }
    }

    /// Three accounts.
    #[must_use]
    pub fn sample() -> Self {
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
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { rows: Vec::new(), ..Self::sample() }
    }
}
