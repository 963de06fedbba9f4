//! The doors for people: the portal of clients, the console of agents, and what supervisors and
//! owners look after.
//!
//! A page is a room: its view, its handler and its template stand side by side.

mod accounts;
mod acknowledge;
mod console;
mod csv;
mod delivery;
mod docs;
mod find;
mod flash;
mod form;
mod forms;
mod frame;
mod list;
mod messages;
mod on_call;
mod opt_outs;
mod outbox;
mod people;
mod profile;
mod recordings;
mod session;
mod sign_in;
mod sitemap;
mod to_dos;
mod ui;
mod webhooks;

// What uses the crate from outside is tested in the same binary as its parts.
#[cfg(test)]
extern crate self as pages;
#[cfg(test)]
#[path = "../tests/main.rs"]
mod tests;

use axum::Router;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use web::{Routes, Web};

use crate::session::page;
use crate::ui::{Lost, assets};

/// Every page and form, with the list of them.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get(assets::ROUTE, assets::serve)
        .merge(docs::routes())
        .merge(sign_in::routes())
        .merge(messages::routes())
        .merge(recordings::routes())
        .merge(to_dos::routes())
        .merge(outbox::routes())
        .merge(profile::routes())
        .merge(accounts::routes())
        .merge(forms::routes())
        .merge(delivery::routes())
        .merge(people::routes())
        .merge(opt_outs::routes())
        .merge(on_call::routes())
        .merge(webhooks::routes())
        .merge(find::routes())
        .merge(console::routes())
        .merge(acknowledge::routes())
}

/// The router of every page and form.
pub fn router() -> Router<Web> {
    routes().into_router().layer(axum::middleware::from_fn(flash::shown_once))
}

/// An address that leads nowhere: a page for a browser, a refusal for a program.
pub async fn unknown(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_api = uri.path().starts_with("/api/") || uri.path().starts_with("/v");
    match accepts.contains("text/html") && !is_api {
        true => page(StatusCode::NOT_FOUND, &Lost::not_found()),
        false => web::unknown(method, uri).await.into_response(),
    }
}
