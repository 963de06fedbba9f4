//! All pages of the documentation as lists: for language models, and for search engines.

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::IntoResponse;
use web::Web;
use web::origin::Origin;

/// `GET /llms.txt`: what there is to read, and how to ask.
pub(super) async fn for_models(
    State(web): State<Web>,
    Origin(origin): Origin,
) -> impl IntoResponse {
    let mut text = format!(
        "# Liberty\n\n> Messages, call recordings and To Dos of a telephone answering service: its \
         API and its guides.\n\nEvery page below is Markdown. Add `?ask=` and a question to any of \
         them to get a direct answer with its sources. The API is described at \
         {origin}/api/openapi.json.\n"
    );
    let mut part = "";
    for document in web.handbook.documents() {
        if document.part != part {
            part = &document.part;
            text.push_str(&format!("\n## {part}\n\n"));
        }
        let (title, path, summary) = (&document.title, document.markdown_path(), &document.summary);
        text.push_str(&format!("- [{title}]({origin}{path}): {summary}\n"));
    }
    text_of(text, "text/plain; charset=utf-8")
}

/// `GET /sitemap.xml`: the addresses of all pages.
pub(super) async fn for_crawlers(
    State(web): State<Web>,
    Origin(origin): Origin,
) -> impl IntoResponse {
    let paths = web.handbook.documents().iter().map(|document| document.path.as_str());
    let urls: String = std::iter::once(handbook::ROOT)
        .chain(paths)
        .map(|path| format!("  <url><loc>{origin}{path}</loc></url>\n"))
        .collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{urls}</urlset>\n"
    );
    text_of(text, "application/xml")
}

/// A text that no browser takes for a page.
pub(super) fn text_of(text: String, kind: &'static str) -> impl IntoResponse + use<> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    (headers, text)
}
