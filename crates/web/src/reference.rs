//! The API reference: operations drawn from plain view-models, which the OpenAPI document fills.

use askama::Template;

/// `GET /api/reference`, open to everybody.
#[derive(Debug, Clone, Template)]
#[template(path = "reference.html")]
pub struct Reference {
    /// "Liberty API".
    pub title: String,
    /// The document's version.
    pub version: String,
    /// The address before each path: `https://harbor.example`.
    pub base_url: String,
    /// Paragraphs at the top.
    pub intro: Vec<String>,
    /// What stands before the operations: authentication, errors, lists, our readings of silences.
    pub chapters: Vec<Chapter>,
    /// Operations by resource.
    pub groups: Vec<Group>,
}

/// Prose with an optional list.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// The anchor.
    pub id: String,
    /// "Authentication".
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// Its rows: a term and what it means.
    pub rows: Vec<Row>,
    /// A code block, or empty.
    pub example: String,
}

/// Operations on one resource.
#[derive(Debug, Clone)]
pub struct Group {
    /// The anchor.
    pub id: String,
    /// "Messages".
    pub title: String,
    /// A sentence, or empty.
    pub description: String,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The anchor: the operation's id.
    pub id: String,
    /// "GET".
    pub method: String,
    /// "/api/v2/messages/{id}".
    pub path: String,
    /// "Get a message".
    pub summary: String,
    /// Its paragraphs.
    pub description: Vec<String>,
    /// Path, query and header parameters.
    pub parameters: Vec<Row>,
    /// What is sent.
    pub request: Option<Body>,
    /// What comes back, by status.
    pub responses: Vec<Answer>,
    /// A command that works.
    pub curl: String,
}

/// A row of a parameter or schema table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The name, or for a nested key the last part of it.
    pub name: String,
    /// "string", "integer or null", "array of Message"; or empty.
    pub kind: String,
    /// "path", "query", "header"; empty for a key of a body.
    pub place: String,
    /// Must be given.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// It stands inside the row before it.
    pub nested: bool,
}

/// A body that is sent.
#[derive(Debug, Clone)]
pub struct Body {
    /// "application/json".
    pub content_type: String,
    /// Its keys.
    pub rows: Vec<Row>,
    /// Pretty JSON, or empty.
    pub example: String,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Answer {
    /// "200".
    pub status: String,
    /// "The message."
    pub description: String,
    /// Its keys; empty where another operation tells them.
    pub rows: Vec<Row>,
    /// Pretty JSON, or empty.
    pub example: String,
}

impl Operation {
    /// The class of its method in the style sheet.
    #[must_use]
    pub fn verb_class(&self) -> &'static str {
        match self.method.as_str() {
            "GET" | "HEAD" => "read",
            "DELETE" => "delete",
            _ => "write",
        }
    }
}

impl Answer {
    /// How loud its status is.
    #[must_use]
    pub fn tone(&self) -> &'static str {
        match self.status.as_bytes().first() {
            Some(b'2') => "green",
            Some(b'4') => "amber",
            Some(b'5') => "red",
            _ => "plain",
        }
    }
}

impl Row {
    /// A key of a body.
    #[must_use]
    pub fn key(name: &str, kind: &str, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            description: description.to_owned(),
            ..Self::default()
        }
    }

    /// A parameter.
    #[must_use]
    pub fn parameter(name: &str, place: &str, kind: &str, description: &str) -> Self {
        Self { place: place.to_owned(), ..Self::key(name, kind, description) }
    }
}

impl Reference {
    /// Three operations.
    #[must_use]
    pub fn sample() -> Self {
        let group = |title: &str, operations| Group {
            id: title.to_lowercase(),
            title: title.to_owned(),
            description: String::new(),
            operations,
        };
        Self {
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
            Answer {
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
            Answer {
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
        responses: vec![Answer {
            status: "422".to_owned(),
            description: "A key that cannot be changed, named in errors.".to_owned(),
            rows: Vec::new(),
            example: String::new(),
        }],
        curl: "curl -X PATCH -H 'Authorization: Bearer lib_…' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"read\": true}' \\\n  'https://harbor.example/api/v2/messages/939'"
            .to_owned(),
    }
}
