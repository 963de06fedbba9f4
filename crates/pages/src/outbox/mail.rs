//! One captured mail, text or call, as its receiver would have got it.

use askama::Template;

use crate::ui::{Moment, Place, Shell, moment};

/// `GET /outbox/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "outbox/mail.html")]
pub(crate) struct Mail {
    /// The frame.
    pub(crate) shell: Shell,
    /// What it is headed by: the subject of an e-mail, "Text to (561) 555-0100".
    pub(crate) subject: String,
    /// "mail", "text", "call": what it is called within a sentence.
    pub(crate) thing: &'static str,
    /// The sender.
    pub(crate) from: String,
    /// The receiver.
    pub(crate) to: String,
    /// When it was captured.
    pub(crate) at: Moment,
    /// The plain text; what a call would have spoken.
    pub(crate) body: String,
    /// The message it tells of.
    pub(crate) message: Option<String>,
    /// The To Do that it belongs to.
    pub(crate) to_do: Option<String>,
}

impl Mail {
    /// A mail.
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(Place::Outbox),
            subject: "EMERGENCY: message 936 from Walter Niemann".to_owned(),
            thing: "mail",
            from: "Harbor Answering <messages@harbor.example>".to_owned(),
            to: "Karl Winter <karl@northwind.example>".to_owned(),
            at: moment("3 hr. ago"),
            body: "Walter Niemann, Niemann & Sons Bakery, called at 2:08 PM.\n\nBoiler shows \
                   error E9 and smells faintly of gas near the valve.\n\nCallback: (954) \
                   555-0161\nService address: 4 Mill Road, Coral Springs\nSystem: Oil boiler\n\n\
                   Read and acknowledge: https://harbor.example/messages/936\n"
                .to_owned(),
            message: Some("/messages/936".to_owned()),
            to_do: None,
        }
    }

    /// A call of a To Do.
    pub(crate) fn sample_call() -> Self {
        Self {
            subject: "Call to Jane Hartwell".to_owned(),
            thing: "call",
            from: "(954) 555-0120".to_owned(),
            to: "Jane Hartwell <(561) 555-0100>".to_owned(),
            body: "Good evening. Please check the alarm before you leave.".to_owned(),
            message: None,
            to_do: Some("/to-dos/31".to_owned()),
            ..Self::sample()
        }
    }
}
