//! The doors for programs: version 2 and version 1 of the API, its tools over MCP, signed audio,
//! what switches, carriers and mail servers report, and the documents about all of them.
//!
//! Each door parses, asks `app`, and turns its answer or refusal into its own words.

mod audio;
mod auth;
mod bodies;
mod body;
mod callbacks;
mod chapters;
mod cursor;
mod etag;
mod fields;
mod idempotency;
mod list;
mod mcp;
mod openapi;
mod path;
mod postman;
mod query;
mod reference;
mod responses;
mod samples;
mod time;
mod v1;
mod v2;
mod webhooks;
mod words;

// What uses the crate from outside is tested in the same binary as its parts.
#[cfg(test)]
extern crate self as api;
#[cfg(test)]
#[path = "../tests/api/main.rs"]
mod contract;

pub(crate) use auth::{bearer, wrong};
pub(crate) use body::{beginning, bounded, json_object, parse_object};
pub(crate) use path::Id;
pub(crate) use responses::*;
pub(crate) use time::Utc;
pub(crate) use v2::CallBody;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::routing::get;
use handbook::Handbook;
use handbook::reference::Reference;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use web::Web;
use web::refusal::Refusal;

/// What a door answers: a response unless another type is named, or a refusal.
pub(crate) type Result<T = Response, E = Refusal> = std::result::Result<T, E>;

/// Every route of the API, with its second spellings, the documents about them, and the tools.
pub fn router() -> Router<Web> {
    let (routes, document) = documented();
    let tools = mcp::door(&document);
    let openapi = document.to_json().unwrap_or_default();
    let postman = postman::collection(&document).to_string();
    routes
        .nest("/v2", v2::routes().into())
        .nest("/api/v1", v1::routes().into())
        .route(auth::TOOLS, tools)
        .route("/api/openapi.json", get(move || ready_json(openapi.clone())))
        .route("/api/postman.json", get(move || ready_json(postman.clone())))
}

/// The whole OpenAPI document, for those who do not serve it.
pub fn document() -> OpenApi {
    documented().1
}

/// What the pages about the API say of the document.
pub fn reference() -> Reference {
    reference::of(&documented().1)
}

/// The whole documentation: the pages about the API, and the guides.
pub fn handbook() -> Handbook {
    Handbook::of(&reference())
}

/// The routes that the OpenAPI document describes, and the document. A route belongs here, or in
/// the list above of second spellings and of `/mcp`: the isolation test walks the document.
fn documented() -> (Router<Web>, OpenApi) {
    let (routes, document) = OpenApiRouter::with_openapi(openapi::base())
        .nest("/api/v2", v2::routes())
        .nest("/v1", v1::routes())
        .merge(audio::routes())
        .merge(callbacks::routes())
        .split_for_parts();
    (routes, openapi::finished(document))
}

async fn ready_json(text: String) -> impl axum::response::IntoResponse {
    ([(CONTENT_TYPE, "application/json")], text)
}
