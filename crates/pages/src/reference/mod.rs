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
#[derive(Debug, Template)]
#[template(path = "reference/reference.html")]
pub(crate) struct ReferencePage {
    reference: Reference,
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
    /// One operation, with all that an operation may have.
    pub(crate) fn sample() -> Self {
        let text = str::to_owned;
        let answer =
            |status: &str, description: &str, rows: Vec<Row>, example: &str| DocumentedAnswer {
                status: text(status),
                description: text(description),
                rows,
                example: text(example),
            };
        let read = || Row::key("read", "boolean", "The customer has read it.");
        let taken = vec![Row::key("data", "Message", ""), Row { nested: true, ..read() }];
        let id = Row::parameter("id", "path", "integer", "The message's number.");
        let update = Operation {
            id: text("update-message"),
            method: text("PATCH"),
            path: text("/api/v2/messages/{id}"),
            summary: text("Update a message"),
            description: vec![text("Changes what a reader may change.")],
            parameters: vec![Row { required: true, ..id }],
            request: Some(Body {
                content_type: text("application/json"),
                rows: vec![read()],
                example: text("{\n  \"read\": true\n}"),
            }),
            responses: vec![
                answer(
                    "200",
                    "The message.",
                    taken,
                    "{\n  \"data\": {\n    \"read\": true\n  }\n}",
                ),
                answer("422", "A key that cannot be changed, named in errors.", Vec::new(), ""),
            ],
            curl: text("curl -X PATCH \\\n  'https://harbor.example/api/v2/messages/939'"),
        };
        let reference = Reference {
            title: text("Liberty API"),
            version: text("2"),
            base_url: text("https://harbor.example"),
            intro: vec![text("Read messages, call recordings and To Dos as JSON over HTTPS.")],
            chapters: vec![Chapter {
                id: text("authentication"),
                title: text("Authentication"),
                paragraphs: vec![text("Send an Application Key with each request.")],
                rows: vec![Row::key("Authorization", "v2", "Bearer and the key.")],
                example: text("Authorization: Bearer lib_…"),
            }],
            groups: vec![Group {
                id: text("messages"),
                title: text("Messages"),
                description: String::new(),
                operations: vec![update],
            }],
        };
        Self { reference }
    }
}
