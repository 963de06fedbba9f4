//! Finding the account that is being called, by line, number or name.

use askama::Template;

use super::take::{BriefMessage, sample_recent};
use crate::ui::{Empty, Flash, Place, Role, Shell};

/// `GET /console` (`q`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/picker.html")]
pub struct Picker {
    /// The frame.
    pub shell: Shell,
    /// What was typed.
    pub query: String,
    /// The accounts that fit, best first; without a query the agent's most recent.
    pub picks: Vec<AccountPick>,
    /// The agent's latest messages.
    pub recent: Vec<BriefMessage>,
    /// The draft that is no longer needed, after a message was saved: `{user}-{account}`.
    pub saved_draft: Option<String>,
}

/// An account to choose.
#[derive(Debug, Clone)]
pub struct AccountPick {
    /// The page on which its message is taken.
    pub href: String,
    /// "1002".
    pub number: String,
    /// "Northwind Heating & Air".
    pub name: String,
    /// Its lines as a person reads them.
    pub dids: String,
    /// What time it is there: "2:14 PM".
    pub local_time: String,
}

impl Picker {
    /// What stands where none fits.
    #[must_use]
    pub fn empty(&self) -> Empty {
        if self.query.is_empty() {
            let text = "When an owner or supervisor adds an account, it appears here.";
            Empty::new("building-2", "No accounts yet", text)
        } else {
            let text = "Try the last four digits of the line, the account number, or one word of \
                        the name.";
            Empty::new("search", "No account fits", text)
        }
    }

    /// Three accounts.
    #[must_use]
    pub fn sample() -> Self {
        let pick = |id, number: &str, name: &str, dids: &str| AccountPick {
            href: format!("/console/accounts/{id}"),
            number: number.to_owned(),
            name: name.to_owned(),
            dids: dids.to_owned(),
            local_time: "2:14 PM".to_owned(),
        };
        Self {
            shell: Shell {
                role: Role::Agent,
                user_name: "Rosa Delgado".to_owned(),
                ..Shell::sample(Place::Console)
            },
            query: String::new(),
            picks: vec![
                pick(2, "1002", "Northwind Heating & Air", "(954) 555-0120, (954) 555-0121"),
                pick(1, "1001", "Hartwell & Boone, Attorneys", "(954) 555-0110"),
                pick(3, "1003", "Maple Street Dental", "(954) 555-0130"),
            ],
            recent: sample_recent(),
            saved_draft: None,
        }
    }

    /// Nothing fits.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self {
            query: "5550199".to_owned(),
            picks: Vec::new(),
            recent: Vec::new(),
            ..Self::sample()
        }
    }

    /// Right after a message was saved.
    #[must_use]
    pub fn sample_saved() -> Self {
        let mut page = Self::sample();
        let flash = Flash::done("Message 941 saved, e-mail to Service desk queued.");
        page.shell.flash = Some(flash.with_link("/messages/941", "Open it"));
        page.saved_draft = Some("3-2".to_owned());
        page
    }
}
