//! The API reference, `/api` and `/api/reference`: what every operation takes and answers.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use web::Web;
use web::origin::Origin;
use web::reference::{ANY_HOST, Reference};

use crate::session::page;

/// `GET /api/reference`, open to everybody.
#[derive(Debug, Template)]
#[template(path = "reference/reference.html")]
pub(crate) struct ReferencePage {
    pub(crate) reference: Reference,
}

/// Shows the reference, with the address of whoever asks in its examples.
pub(crate) async fn show(State(web): State<Web>, Origin(origin): Origin) -> Response {
    let mut reference = Reference::clone(&web.reference);
    for operation in reference.groups.iter_mut().flat_map(|group| &mut group.operations) {
        operation.curl = operation.curl.replace(ANY_HOST, &origin);
    }
    reference.base_url = origin;
    page(StatusCode::OK, &ReferencePage { reference })
}
