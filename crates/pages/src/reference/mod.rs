//! The API reference, `/api` and `/api/reference`: what every operation takes and answers.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use web::Web;
use web::origin::Origin;
use web::reference::{ANY_HOST, Body, Chapter, DocumentedAnswer, Group, Operation, Reference, Row};

use crate::session::page;

/// `GET /api/reference`, open to everybody.
#[derive(Debug, Clone, Template)]
#[template(path = "reference/reference.html")]
pub(crate) struct ReferencePage {
    /// What it says.
    pub(crate) reference: Reference,
}

/// Shows the reference, with the address of whoever asks in its examples.
pub(crate) async fn show(State(web): State<Web>, Origin(origin): Origin) -> Response {
    let mut reference = Reference::clone(&web.reference);
    for operation in reference.groups.iter_mut().flat_map(|group| &mut group.operations) {
        operation.curl = operation.curl.replace(ANY_HOST, &origin);
    }
    reference.base_url = origin;
    page(StatusCode::OK, &ReferencePage { reference })
}

impl ReferencePage {
    /// Three operations.
    pub(crate) fn sample() -> Self {
        Self { reference: sample_reference() }
    }
}

fn sample_reference() -> Reference {
    let group = |title: &str, operations| Group {
        id: title.to_lowercase(),
        title: title.to_owned(),
        description: String::new(),
        operations,
    };
    Reference {
        title: "Liberty API".to_owned(),
        version: "2".to_owned(),
        base_url: "https://harbor.example".to_owned(),
        intro: vec![
            "Read messages, call recordings and To Dos of the accounts that you belong to, as \
                 JSON over HTTPS."
                .to_owned(),
        ],
        chapters: vec![Chapter {
            id: "authentication".to_owned(),
            title: "Authentication".to_owned(),
            paragraphs: vec![
                "Make an Application Key in your profile and send it with each request. A key \
                     sees what its owner may see."
                    .to_owned(),
            ],
            rows: vec![
                Row::key("Authorization", "v2", "Bearer and the key."),
                Row::key("X-API-EMAIL, X-API-TOKEN", "v1", "The owner's e-mail and the key."),
            ],
            example: "Authorization: Bearer lib_…".to_owned(),
        }],
        groups: vec![group("Messages", vec![sample_list(), sample_update()])],
    }
}

fn sample_list() -> Operation {
    Operation {
        id: "list-messages".to_owned(),
        method: "GET".to_owned(),
        path: "/api/v2/messages".to_owned(),
        summary: "List messages".to_owned(),
        description: vec![
            "All messages, newest first. Without limit all of them are streamed; with limit a \
             page and the cursor of the next."
                .to_owned(),
        ],
        parameters: vec![
            Row::parameter("from_date", "query", "date, MM-DD-YYYY", "First day, inclusive."),
            Row::parameter("to_date", "query", "date, MM-DD-YYYY", "Last day, inclusive."),
            Row::parameter("limit", "query", "integer, 1 to 1000", "How many on a page."),
        ],
        request: None,
        responses: vec![
            DocumentedAnswer {
                status: "200".to_owned(),
                description: "The messages.".to_owned(),
                rows: vec![
                    Row::key("data", "array of Message", ""),
                    Row { nested: true, ..Row::key("id", "integer", "Its number.") },
                    Row { nested: true, ..Row::key("read", "boolean", "The customer has read it.") },
                ],
                example: "{\n  \"data\": [\n    {\n      \"id\": 939,\n      \"read\": true\n    }\n  ]\n}"
                    .to_owned(),
            },
            DocumentedAnswer {
                status: "401".to_owned(),
                description: "The key is missing, wrong, expired or revoked.".to_owned(),
                rows: Vec::new(),
                example: String::new(),
            },
        ],
        curl: "curl -H 'Authorization: Bearer lib_…' \\\n  'https://harbor.example/api/v2/messages?limit=50'"
            .to_owned(),
    }
}

fn sample_update() -> Operation {
    Operation {
        id: "update-message".to_owned(),
        method: "PATCH".to_owned(),
        path: "/api/v2/messages/{id}".to_owned(),
        summary: "Update a message".to_owned(),
        description: vec!["Changes what a reader may change. Every change is an activity.".to_owned()],
        parameters: vec![Row {
            required: true,
            ..Row::parameter("id", "path", "integer", "The message's number.")
        }],
        request: Some(Body {
            content_type: "application/json".to_owned(),
            rows: vec![
                Row::key("read", "boolean", "The customer has read it."),
                Row::key("status", "string", "acknowledged, closed, or back."),
            ],
            example: "{\n  \"read\": true\n}".to_owned(),
        }),
        responses: vec![DocumentedAnswer {
            status: "422".to_owned(),
            description: "A key that cannot be changed, named in errors.".to_owned(),
            rows: Vec::new(),
            example: String::new(),
        }],
        curl: "curl -X PATCH -H 'Authorization: Bearer lib_…' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"read\": true}' \\\n  'https://harbor.example/api/v2/messages/939'"
            .to_owned(),
    }
}
