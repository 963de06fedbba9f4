//! The documentation, `/docs`: pages for people, the same as Markdown for programs, and answers to
//! questions about it. Open to everybody.

mod asked;
mod listing;
mod shown;

#[cfg(test)]
pub(crate) use shown::DocsPage;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Invalid;
use handbook::{QUESTION_MAX, ROOT, START};
use web::origin::Origin;
use web::refusal::Refusal;
use web::{Routes, Web};

use self::asked::{asked, is_too_long};
use self::listing::text_of;
use crate::session::{PageError, SignedIn};
use crate::sitemap::Place;

/// The addresses of the documentation, and those at which the reference stood before.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(Place::Docs.route(shown::contents))
        .get("/docs/{*path}", document)
        .get("/api", reference)
        .get("/api/reference", reference)
        .get("/llms.txt", listing::for_models)
        .get("/sitemap.xml", listing::for_crawlers)
}

async fn reference() -> Redirect {
    Redirect::permanent(START)
}

async fn document(
    Path(path): Path<String>,
    State(web): State<Web>,
    Origin(origin): Origin,
    RawQuery(query): RawQuery,
    visitor: Result<SignedIn, PageError>,
) -> Response {
    let path = format!("{ROOT}/{path}");
    match path.strip_suffix(".md") {
        Some(path) => markdown(&web, path, &origin, query.as_deref()).into_response(),
        None => shown::show(&web, &path, origin, query.as_deref(), visitor.ok()).await,
    }
}

/// A page as Markdown; with `?ask=`, what it and the others answer.
fn markdown(
    web: &Web,
    path: &str,
    origin: &str,
    query: Option<&str>,
) -> Result<impl IntoResponse + use<>, Refusal> {
    let document = web.handbook.document(path).ok_or_else(Refusal::not_found)?;
    let text = match asked(query) {
        Some(question) if is_too_long(&question) => {
            let rule = format!("must have at most {QUESTION_MAX} characters");
            return Err(Invalid::field("ask", rule).into());
        }
        Some(question) => web.handbook.answer(&question, Some(path)).to_string(),
        None => document.markdown.clone(),
    };
    Ok(text_of(text.replace(handbook::reference::ANY_HOST, origin), "text/markdown; charset=utf-8"))
}
