//! A statement of the published documents, in our own words: which section says it, the request
//! that shows it, and what must be found.

use domain::Date;
use serde_json::Value;

use super::likeness::differences;
use super::{Answer, Demo, version_1, version_2};

/// One statement.
pub(super) struct Statement {
    /// Document and section.
    pub(super) source: &'static str,
    pub(super) says: &'static str,
    /// Method and path. `{message}` and `{recording}` are ids, `{day}` is a day with messages.
    pub(super) asks: String,
    pub(super) by: Who,
    pub(super) sends: &'static str,
    pub(super) finds: fn(&Answer, &Demo),
}

/// Who asks.
#[derive(Clone, Copy)]
pub(super) enum Who {
    /// A client with an Application Key.
    Key,
    Nobody,
    WrongKey,
    /// Somebody with a key of another tenant.
    ForeignKey,
    /// The same, on the subdomain of that tenant.
    Neighbour,
    /// A client of version 1.
    V1,
    V1WrongToken,
}

impl Statement {
    pub(super) fn new(source: &'static str, says: &'static str, asks: &str) -> Self {
        Statement { source, says, asks: asks.to_owned(), by: Who::Key, sends: "", finds: |_, _| {} }
    }

    pub(super) fn by(self, by: Who) -> Self {
        Statement { by, ..self }
    }

    pub(super) fn sends(self, sends: &'static str) -> Self {
        Statement { sends, ..self }
    }

    pub(super) fn finds(self, finds: fn(&Answer, &Demo)) -> Self {
        Statement { finds, ..self }
    }
}

/// The bodies that the documents print.
pub(super) const MESSAGE: &str = include_str!("../../../../api/tests/golden/message.json");
pub(super) const RECORDINGS: &str =
    include_str!("../../../../api/tests/golden/call_recordings.json");
pub(super) const TO_DO: &str = include_str!("../../../../api/tests/golden/to_do.json");
pub(super) const NEW_TO_DO: &str =
    include_str!("../../../../api/tests/golden/to_do_create_request.json");
pub(super) const V1_KEYS: &str =
    include_str!("../../../../api/tests/golden/v1_message_fields.json");
pub(super) const INVALID_TOKEN: &str =
    include_str!("../../../../api/tests/golden/invalid_token.json");

/// The pages of the documents, below `/docs/api-reference/user-portal-apis/`.
pub(super) const PAGES: [&str; 11] = [
    "api-reference",
    "messages",
    "messages/list-messages",
    "messages/get-a-message",
    "messages/update-a-message",
    "call-recordings",
    "call-recordings/list-call-recordings",
    "call-recordings/get-a-call-recording",
    "to-dos",
    "to-dos/list-to-dos",
    "to-dos/create-a-to-do",
];

pub(super) fn golden(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

pub(super) fn month_day_year(day: Date) -> String {
    let text = day.to_string();
    let [year, month, day] = [&text[..4], &text[5..7], &text[8..]];
    format!("{month}-{day}-{year}")
}

/// All of them.
pub(super) fn statements() -> Vec<Statement> {
    let mut all = version_2::statements();
    all.extend(version_1::statements());
    all
}

#[track_caller]
pub(super) fn ok(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
}

/// Each of these is as the sample.
#[track_caller]
pub(super) fn all_like(sample: &Value, rows: &[Value]) {
    assert!(!rows.is_empty(), "nothing to compare");
    let found: Vec<_> = rows.iter().flat_map(|row| differences(sample, row)).take(9).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[track_caller]
pub(super) fn is_invalid_token(answer: &Answer, status: u16) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.json, golden(INVALID_TOKEN));
}

/// The status, and a body in which an integration finds what was wrong.
#[track_caller]
pub(super) fn is_refused(answer: &Answer, status: u16, field: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.json["success"], false);
    let info = answer.json["info"].as_str().expect("a sentence");
    assert!(info.contains(field), "{info}");
}
