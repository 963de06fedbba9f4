//! The API: version 2, version 1, signed audio, the ingest of calls, and the documents about them.

pub(crate) mod auth;
mod body;
mod chapters;
mod cursor;
pub(crate) mod etag;
pub(crate) mod idempotency;
mod list;
mod openapi;
mod path;
mod postman;
pub(crate) mod query;
mod reference;
mod responses;
mod time;
mod v1;
mod v2;
mod webhooks;

pub(crate) use auth::{bearer, wrong};
pub(crate) use body::{Fields, beginning, bounded, json_object, parse_object};
pub use openapi::document;
pub(crate) use path::Id;
pub use reference::page;
pub(crate) use responses::*;
pub(crate) use time::{Utc, day};
pub(crate) use v2::CallBody;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{Web, audio, hooks};

/// Every route of the API, with its second spellings, and the documents about them.
pub fn router() -> Router<Web> {
    let (routes, document) = documented();
    let openapi = document.to_json().unwrap_or_default();
    let postman = postman::collection(&document).to_string();
    let page = reference::page(&document);
    let same_page = page.clone();
    routes
        .nest("/v2", v2::routes().into())
        .nest("/api/v1", v1::routes().into())
        .route("/api", get(move |web, origin| reference::show(web, origin, same_page.clone())))
        .route("/api/reference", get(move |web, origin| reference::show(web, origin, page.clone())))
        .route("/api/openapi.json", get(move || ready_json(openapi.clone())))
        .route("/api/postman.json", get(move || ready_json(postman.clone())))
}

/// The routes that the OpenAPI document describes, and the document. A route belongs here, or in
/// the list of second spellings above: the isolation test walks the document.
fn documented() -> (Router<Web>, OpenApi) {
    let (routes, document) = OpenApiRouter::with_openapi(openapi::base())
        .nest("/api/v2", v2::routes())
        .nest("/v1", v1::routes())
        .merge(audio::routes())
        .merge(hooks::routes())
        .split_for_parts();
    (routes, openapi::finished(document))
}

async fn ready_json(text: String) -> impl axum::response::IntoResponse {
    ([(CONTENT_TYPE, "application/json")], text)
}
