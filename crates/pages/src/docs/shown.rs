//! A page of the documentation as people read it.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use handbook::reference::{ANY_HOST, ANY_KEY};
use handbook::{Document, Handbook, Piece, QUESTION_MAX, ROOT, START};
use web::Web;
use web::origin::Origin;

use super::asked::{asked, is_too_long};
use crate::session::{PageError, SignedIn, page};

/// A page of the documentation, or its contents.
#[derive(Debug, Template)]
#[template(path = "docs/docs.html")]
pub(crate) struct DocsPage {
    pub(crate) title: String,
    pub(crate) path: String,
    /// The page's Markdown; empty for the contents, which have none.
    pub(crate) markdown_path: String,
    /// The parts of the contents, each with its pages' addresses and titles.
    pub(crate) contents: Vec<(String, Vec<(String, String)>)>,
    /// What was asked.
    pub(crate) question: String,
    /// What it is answered, drawn.
    pub(crate) answer: Option<Vec<Piece>>,
    /// Why it is not answered.
    pub(crate) refusal: String,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) is_signed_in: bool,
}

/// What stands in the pages for their reader's own.
#[derive(Debug, Default)]
struct Own {
    origin: String,
    /// What a key of whoever reads begins with.
    key: Option<String>,
}

impl Own {
    fn put_into(&self, markdown: &str) -> String {
        let text = markdown.replace(ANY_HOST, &self.origin);
        match &self.key {
            Some(prefix) => text.replace(ANY_KEY, &format!("{prefix}…")),
            None => text,
        }
    }
}

/// `GET /docs`: the contents.
pub(super) async fn contents(
    State(web): State<Web>,
    Origin(origin): Origin,
    RawQuery(query): RawQuery,
    visitor: Result<SignedIn, PageError>,
) -> Response {
    show(&web, ROOT, origin, query.as_deref(), visitor.ok()).await
}

/// The page at an address, above it what it answers to a question.
pub(super) async fn show(
    web: &Web,
    path: &str,
    origin: String,
    query: Option<&str>,
    visitor: Option<SignedIn>,
) -> Response {
    let document = web.handbook.document(path);
    if document.is_none() && path != ROOT {
        return PageError::from(app::Error::NotFound).into_response();
    }
    let key = match &visitor {
        Some(visitor) => match app::keys::list(&web.app, &visitor.actor).await {
            Ok(keys) => keys.into_iter().find(|key| key.works_at(web.app.now())),
            Err(error) => return PageError::from(error).into_response(),
        },
        None => None,
    };
    let own = Own { origin, key: key.map(|key| key.prefix) };
    let question = asked(query).unwrap_or_default();
    let status = match is_too_long(&question) {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let mut view = DocsPage::of(&web.handbook, path, document, &own);
    view.ask(&web.handbook, question, &own);
    view.is_signed_in = visitor.is_some();
    page(status, &view)
}

impl DocsPage {
    fn of(handbook: &Handbook, path: &str, document: Option<&Document>, own: &Own) -> Self {
        let markdown = match document {
            Some(document) => document.markdown.clone(),
            None => contents_of(handbook),
        };
        Self {
            title: document.map_or("Documentation", |document| &document.title).to_owned(),
            path: path.to_owned(),
            markdown_path: document.map(Document::markdown_path).unwrap_or_default(),
            contents: parts_of(handbook),
            question: String::new(),
            answer: None,
            refusal: String::new(),
            pieces: handbook::draw(&own.put_into(&markdown)),
            is_signed_in: false,
        }
    }

    fn ask(&mut self, handbook: &Handbook, question: String, own: &Own) {
        if is_too_long(&question) {
            self.refusal = format!("A question may have at most {QUESTION_MAX} characters.");
        } else if !question.is_empty() {
            let answer = handbook.answer(&question, Some(&self.path)).to_string();
            self.answer = Some(handbook::draw(&own.put_into(&answer)));
        }
        self.question = question;
    }
}

fn parts_of(handbook: &Handbook) -> Vec<(String, Vec<(String, String)>)> {
    let mut parts: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for Document { path, title, part, .. } in handbook.documents() {
        let entry = (path.clone(), title.split(':').next().unwrap_or(title).to_owned());
        match parts.last_mut() {
            Some((known, entries)) if known == part => entries.push(entry),
            _ => parts.push((part.clone(), vec![entry])),
        }
    }
    parts
}

/// What the documentation has, for who comes to it: its guides first, then the API.
fn contents_of(handbook: &Handbook) -> String {
    let mut text = "Ask a question in your own words, in English or Spanish, or begin here.\n\n\
        ## Guides\n\n"
        .to_owned();
    for document in handbook.documents().iter().filter(|document| document.part == "Guides") {
        let (title, path, summary) = (&document.title, document.markdown_path(), &document.summary);
        text.push_str(&format!("* [{title}]({path}): {summary}\n"));
    }
    text.push_str(&format!(
        "\n## API\n\n* [API reference]({START}.md): addresses, authentication, errors, and all \
         endpoints\n* [Postman collection](/api/postman.json) and [OpenAPI document](/api/openapi.json)\n"
    ));
    text
}
