//! The API reference as plain values, which `api` fills from its OpenAPI document.

/// Stands in for the address of whoever asks, wherever a page shows one.
pub const ANY_HOST: &str = "https://{subdomain}.{domain}";

/// Stands in for the key of whoever asks, wherever an example shows one.
pub const ANY_KEY: &str = "{AUTH_TOKEN}";

/// All that the reference says.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    /// The document's version.
    pub version: String,
    /// What the first page says, as Markdown below its title.
    pub introduction: String,
    /// What stands on the first page besides: addresses, refusals, lists, our readings of silences.
    pub chapters: Vec<Chapter>,
    /// Operations by resource.
    pub groups: Vec<Group>,
}

/// Prose with an optional list.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// "Answers and errors".
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// What its rows are: "status code".
    pub of: &'static str,
    /// Its rows: a term and what it means.
    pub rows: Vec<Row>,
    /// A code block, or empty.
    pub example: String,
}

/// Operations on one resource.
#[derive(Debug, Clone)]
pub struct Group {
    /// The folder of its page: "user-portal-apis".
    pub folder: String,
    /// "Messages".
    pub title: String,
    /// A sentence, or empty.
    pub description: String,
    /// What its page says before its operations, as Markdown; or empty.
    pub prose: String,
    /// It is for the equipment, not for programs of clients.
    pub is_aside: bool,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its id in the document.
    pub id: String,
    /// "GET".
    pub method: String,
    /// Another method that does the same, or empty.
    pub also: String,
    /// "/api/v2/messages/{id}".
    pub path: String,
    /// "Get a message".
    pub summary: String,
    /// A paragraph, or empty.
    pub description: String,
    /// What its page says besides, as Markdown; or empty.
    pub prose: String,
    /// Path, query and header parameters.
    pub parameters: Vec<Row>,
    /// What is sent.
    pub request: Option<Body>,
    /// What comes back, by status.
    pub responses: Vec<DocumentedAnswer>,
    /// A request that works, in several languages.
    pub samples: Vec<Sample>,
}

/// A request in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// "bash", "python", "javascript", "ruby".
    pub language: &'static str,
    /// The program.
    pub code: String,
}

/// A row of a parameter or schema table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The name: "id", or "cdr.talk_sec" for a key within a key.
    pub name: String,
    /// "string", "integer or null, 1 to 1000", "array of Message"; or empty.
    pub kind: String,
    /// "path", "query", "header"; empty for a key of a body.
    pub place: String,
    /// Must be given.
    pub required: bool,
    /// What it means.
    pub description: String,
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
    /// Its keys.
    pub rows: Vec<Row>,
    /// Pretty JSON, or empty.
    pub example: String,
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
