//! One captured mail, as its receiver would have got it.

use askama::Template;

use crate::ui::{Moment, Place, Shell, moment};

/// `GET /outbox/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/mail.html")]
pub struct Mail {
    /// The frame.
    pub shell: Shell,
    /// The subject.
    pub subject: String,
    /// The sender.
    pub from: String,
    /// The receiver.
    pub to: String,
    /// When it was captured.
    pub at: Moment,
    /// The plain text.
    pub body: String,
    /// The message it tells of.
    pub message: Option<String>,
}

impl Mail {
    /// A mail.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Place::Outbox),
            subject: "EMERGENCY: message 936 from Walter Niemann".to_owned(),
            from: "Harbor Answering <messages@harbor.example>".to_owned(),
            to: "Karl Winter <karl@northwind.example>".to_owned(),
            at: moment("3 hr. ago"),
            body: "Walter Niemann, Niemann & Sons Bakery, called at 2:08 PM.\n\nBoiler shows \
                   error E9 and smells faintly of gas near the valve.\n\nCallback: (954) \
                   555-0161\nService address: 4 Mill Road, Coral Springs\nSystem: Oil boiler\n\n\
                   Read and acknowledge: https://harbor.example/messages/936\n"
                .to_owned(),
            message: Some("/messages/936".to_owned()),
        }
    }
}
