//! What is asked before an agent leaves something that is written and not saved.

use domain::{AccountId, CallId};

use super::script;
use crate::session::Fields;

/// A question above the form. What was typed stays in the form, and goes with each answer.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// What is asked: "End the call? What is written is not saved."
    pub(crate) title: &'static str,
    /// What becomes of what is written.
    pub(crate) text: String,
    /// The ways on, besides writing on and saving.
    pub(crate) ways: Vec<WayOn>,
}

/// A button that sends the form elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct WayOn {
    pub(crate) path: String,
    pub(crate) name: &'static str,
    pub(crate) value: &'static str,
    /// "Discard and end".
    pub(crate) label: String,
}

impl Question {
    /// Whether it is to be asked: something is written, and nobody was asked yet, nor said what
    /// becomes of the draft.
    pub(crate) fn is_due(posted: &Fields) -> bool {
        let is_written = script::answers(posted).iter().any(|(_, text)| !text.trim().is_empty());
        is_written && !posted.has("asked") && !posted.has("draft")
    }

    /// Before a call is ended: beside its form, or from another page, where nobody knows whether
    /// something is written.
    pub(crate) fn ending(call: CallId, is_written: bool) -> Self {
        let way = |value, label: &str| WayOn {
            path: format!("/console/calls/{call}/end"),
            name: "draft",
            value,
            label: label.to_owned(),
        };
        Question {
            title: match is_written {
                true => "End the call? What is written is not saved.",
                false => "End the call? No message of it is saved.",
            },
            text: "Save it, or note an outcome under “No message?”. A draft that is kept waits \
                   with the call under “Ended without a message”."
                .to_owned(),
            ways: vec![way("keep", "End, keep the draft"), way("discard", "Discard and end")],
        }
    }

    /// Before a call is recorded as no message.
    pub(crate) fn noting(account: AccountId, word: &'static str, label: &str) -> Self {
        let way = WayOn {
            path: format!("/console/accounts/{account}/nothing"),
            name: "kind",
            value: word,
            label: format!("Record “{label}”"),
        };
        Question {
            title: "No message? Something is written.",
            text: format!(
                "Save it as a message, or record “{label}”: then nobody is told, and what is \
                 written is kept with it."
            ),
            ways: vec![way],
        }
    }
}
