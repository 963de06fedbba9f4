//! All doors of one house: which address leads to which, and what surrounds them all.

use axum::Router;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::refusal::Refusal;
use crate::session::page;
use crate::ui::Lost;
use crate::{Web, api, portal, requests};

/// Everything that the doors answer.
pub fn router(web: Web) -> Router {
    Router::new()
        .merge(api::router())
        .merge(portal::router())
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(CatchPanicLayer::custom(requests::panicked))
        .layer(middleware::from_fn_with_state(web.clone(), requests::surround))
        .with_state(web)
}

/// An address that leads nowhere. A browser gets a page; version 1 refuses every write, wherever
/// it goes.
async fn unknown(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_api = uri.path().starts_with("/api/") || uri.path().starts_with("/v");
    if accepts.contains("text/html") && !is_api {
        return page(StatusCode::NOT_FOUND, &Lost::not_found());
    }
    let is_v1 = ["/v1/", "/api/v1/"].iter().any(|prefix| uri.path().starts_with(prefix));
    match method {
        Method::GET | Method::HEAD => Refusal::not_found(),
        _ if is_v1 => Refusal::method(Some("GET,HEAD")),
        _ => Refusal::not_found(),
    }
    .into_response()
}

/// An address that answers, but not to this method. axum adds `Allow`.
async fn wrong_method() -> Refusal {
    Refusal::method(None)
}
