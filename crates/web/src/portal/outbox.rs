//! What was captured instead of sent, because no carrier is set up for it.

use askama::Template;

use crate::ui::{Empty, Icon, Moment, Place, Shell, icon, moment};

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
    /// New mail is captured now; else a mail server is set up and captured mail is history.
    pub captures: bool,
}

/// One thing that was captured.
#[derive(Debug, Clone)]
pub struct MailRow {
    /// Its page.
    pub href: String,
    /// `SMS`, `E-mail`, `Call`.
    pub channel: &'static str,
    /// The channel's icon.
    pub icon: &'static str,
    /// The receiver.
    pub to: String,
    /// The subject of an e-mail, else how the text begins.
    pub subject: String,
    /// When it was captured.
    pub at: Moment,
}

impl MailRow {
    /// The channel's drawn icon.
    #[must_use]
    pub fn drawn(&self) -> Icon {
        icon(self.icon)
    }
}

impl Outbox {
    /// What stands where there is none.
    #[must_use]
    pub fn empty(&self) -> Empty {
        let text = if self.captures {
            "Take a message for a contact with an e-mail address, or make a To Do: what would have \
             been sent appears here."
        } else {
            "Mail is sent. A text or a call appears here while no carrier is set up for it."
        };
        Empty::new("archive", "Nothing captured", text)
    }

    /// Some of each channel.
    #[must_use]
    pub fn sample() -> Self {
        let row = |id, to: &str, subject: &str, age| MailRow {
            href: format!("/outbox/{id}"),
            channel: if to.starts_with('(') { "SMS" } else { "E-mail" },
            icon: if to.starts_with('(') { "message-square" } else { "mail" },
            to: to.to_owned(),
            subject: subject.to_owned(),
            at: moment(age),
        };
        Self {
            shell: Shell::sample(Place::Outbox),
            rows: vec![
                row(79, "(561) 555-0100", "Check the escrow account.", "5 min. ago"),
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
