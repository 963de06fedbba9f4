//! The list of client accounts.

use askama::Template;

use crate::ui::{Empty, Place, Shell};

/// `GET /accounts` (`q`, `cursor`), for owners and supervisors.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/accounts.html")]
pub struct Accounts {
    /// The frame.
    pub shell: Shell,
    /// What was looked for.
    pub query: String,
    /// By number.
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
    /// How many messages were taken, "148".
    pub messages: String,
}

impl Accounts {
    /// What stands where there is none.
    #[must_use]
    pub fn empty(&self) -> Empty {
        if self.query.is_empty() {
            let text = "An account is a client: its lines, its contacts, and the form that agents \
                        fill in for it.";
            Empty::new("building-2", "No accounts yet", text)
                .with_action("/accounts/new", "Add the first account")
        } else {
            Empty::new("search", "No account fits", "Try a number or a part of the name.")
                .with_action("/accounts", "Show all")
        }
    }

    /// Three accounts.
    #[must_use]
    pub fn sample() -> Self {
        let row = |id, number: &str, name: &str, dids: &str, messages: &str| AccountRow {
            href: format!("/accounts/{id}"),
            number: number.to_owned(),
            name: name.to_owned(),
            dids: dids.to_owned(),
            zone: "America/New_York".to_owned(),
            messages: messages.to_owned(),
        };
        Self {
            shell: Shell::sample(Place::Accounts),
            query: String::new(),
            rows: vec![
                row(1, "1001", "Hartwell & Boone, Attorneys", "(954) 555-0110", "148"),
                row(2, "1002", "Northwind Heating & Air", "(954) 555-0120, (954) 555-0121", "203"),
                row(3, "1003", "Maple Street Dental", "(954) 555-0130", "96"),
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
