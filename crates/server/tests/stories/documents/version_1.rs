//! What the page about version 1 says.

use serde_json::{Value, json};

use super::statements::{Statement, V1_KEYS, Who, golden, is_invalid_token, ok};
use super::{Answer, Demo};

/// All of them, in the order of the page.
pub(super) fn statements() -> Vec<Statement> {
    let said = |source, says, asks: &str| Statement::new(source, says, asks).by(Who::V1);
    let whole = |answer: &Answer, _: &Demo| {
        ok(answer);
        assert!(!answer.rows().is_empty());
        answer.rows().iter().for_each(is_v1_message);
    };
    vec![
        said("v1, Get all messages", "all of them, bare", "GET /v1/messages").finds(whole),
        said(
            "v1, Get all messages in a date range",
            "from and to as MM-DD-YYYY",
            "GET /v1/messages?from_date={day}&to_date={day}&account_number=W0411",
        )
        .finds(|answer, demo| {
            ok(answer);
            assert!(!answer.rows().is_empty());
            for row in answer.rows() {
                is_v1_message(row);
                let taken = row["created_at"].as_str().expect("a text");
                assert_eq!(taken[..10].replace('/', "-"), demo.day, "{taken}");
            }
        }),
        said(
            "v1, Get a single message",
            "one, bare, with the 19 keys in their order",
            "GET /v1/messages/{message}",
        )
        .finds(|answer, demo| {
            ok(answer);
            is_v1_message(&answer.json);
            assert_eq!(answer.json["message_id"], demo.told["message_id"]);
        }),
        said(
            "v1, Messages",
            "custom fields, each also under its own flat name",
            "GET /v1/messages",
        )
        .finds(|answer, _| {
            let table = "content_with_additional_details_table";
            let mut flat = 0;
            for row in answer.rows() {
                for (label, text) in row[table].as_object().expect("a table") {
                    assert_eq!(&row[format!("{table}__{label}")], text, "{label}");
                    flat += 1;
                }
            }
            assert!(flat > 100, "{flat} custom fields");
        }),
        said("v1, API Documentation", "it is read-only", "POST /v1/messages")
            .sends("{}")
            .finds(|answer, _| assert_eq!(answer.status, 405)),
        said("v1, API Documentation", "it is read-only", "PATCH /v1/messages/{message}")
            .sends(r#"{"read": true}"#)
            .finds(|answer, _| assert_eq!(answer.status, 405)),
        said("v1, API Documentation", "it is stateless", "GET /v1/messages/{message}")
            .finds(|answer, _| assert_eq!(answer.header("set-cookie"), "")),
        said("v1, 404 Not Found", "an invalid token is 404 with this body", "GET /v1/messages")
            .by(Who::V1WrongToken)
            .finds(|answer, _| is_invalid_token(answer, 404)),
        said("v1, 404 Not Found", "and so is none", "GET /v1/messages/{message}")
            .by(Who::Nobody)
            .finds(|answer, _| is_invalid_token(answer, 404)),
        said("v1, Run in Postman", "there is a collection to run", "GET /api/postman.json").finds(
            |answer, _| {
                ok(answer);
                assert!(answer.json["info"]["schema"].to_string().contains("/collection/v2.1"));
                assert!(answer.text.contains("/v1/messages"));
            },
        ),
    ]
}

/// The keys of the documents in their order, then one for each custom field.
#[track_caller]
fn is_v1_message(row: &Value) {
    let keys: Vec<_> = row.as_object().expect("an object").keys().collect();
    let wanted = golden(V1_KEYS);
    let wanted = wanted.as_array().expect("keys");
    assert_eq!(json!(keys[..wanted.len()]), json!(wanted));
    let table = row["content_with_additional_details_table"].as_object().expect("a table");
    assert_eq!(keys.len() - wanted.len(), table.len());
}
