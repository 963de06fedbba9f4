//! The API reference as plain values: `api` fills them from its OpenAPI document, `pages` draws
//! them, and neither knows the other.

/// Stands in for the address of whoever asks, wherever the reference shows one.
pub const ANY_HOST: &str = "https://{subdomain}.{domain}";

/// All that the reference says.
#[derive(Debug, Clone, Default)]
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
    pub responses: Vec<DocumentedAnswer>,
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
pub struct DocumentedAnswer {
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

impl DocumentedAnswer {
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
