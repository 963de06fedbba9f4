//! Mail that was captured instead of sent, because no mail server is set up.

use askama::Template;

use crate::ui::{Empty, Moment, Place, Shell, moment};

/// `GET /outbox`.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/outbox.html")]
pub struct Outbox {
    /// The frame.
    pub shell: Shell,
    /// Newest first.
    pub rows: Vec<MailRow>,
    /// The next page's address.
    pub older: Option<String>,
    /// New mail is captured now; else a mail server is set up and this is history.
    pub captures: bool,
}

/// One captured mail.
#[derive(Debug, Clone)]
pub struct MailRow {
    /// Its page.
    pub href: String,
    /// The receiver.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// When it was captured.
    pub at: Moment,
}

impl Outbox {
    /// What stands where there is none.
    #[must_use]
    pub fn empty(&self) -> Empty {
        let text = if self.captures {
            "Take a message and choose a contact with an e-mail address: the mail appears here."
        } else {
            "A mail server is set up, so mail is sent and nothing is captured."
        };
        Empty::new("archive", "No captured mail", text)
    }

    /// Some mail.
    #[must_use]
    pub fn sample() -> Self {
        let row = |id, to: &str, subject: &str, age| MailRow {
            href: format!("/outbox/{id}"),
            to: to.to_owned(),
            subject: subject.to_owned(),
            at: moment(age),
        };
        Self {
            shell: Shell::sample(Place::Outbox),
            rows: vec![
                row(78, "jane@hartwell.example", "Message 939 from Daniel Okafor", "22 min. ago"),
                row(
                    77,
                    "karl@northwind.example",
                    "EMERGENCY: message 936 from Walter Niemann",
                    "3 hr. ago",
                ),
                row(76, "front@maplestreet.example", "Message 935 from Elena Petrova", "yesterday"),
            ],
            older: None,
            captures: true,
        }
    }

    /// None yet.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { rows: Vec::new(), ..Self::sample() }
    }
}
