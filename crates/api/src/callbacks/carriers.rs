//! `POST /hooks/v1/carriers/{name}/…`: what carriers report about texts and calls, and what people
//! text back.
//!
//! A callback may come twice, late and out of order, and whoever has seen one can send it again:
//! `app` takes in what is news, and nothing that is known becomes less.

use app::texts::Inbound;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use domain::delivery::Reach;
use web::Web;
use wire::Report;
use wire::rest::{Pressed, pressed, report, twiml};

use super::signed::SignedForm;
use crate::openapi::CarrierSignature;
use crate::{CallbackRefusals, Result};

/// Report how far a text or a call got
///
/// What is no news, and what is about nothing that we know, is 204 as well.
#[utoipa::path(
    post, path = "/hooks/v1/carriers/{name}/status", operation_id = "report_status",
    tag = "Carriers",
    params(("name" = String, Path, description = "The carrier's name"), CarrierSignature),
    request_body(content = SignedForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 204, description = "It is taken in"), CallbackRefusals),
    security(()),
)]
pub(super) async fn status(State(web): State<Web>, signed: SignedForm) -> Result {
    match report(&signed.params) {
        Some(Report::Progress { reference, result }) => {
            let carrier = &signed.callback.carrier;
            app::deliveries::learn(&web.app, carrier, &reference, &result).await?;
        }
        Some(Report::Inbound { .. }) | None => {}
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Hand over a text from somebody
///
/// STOP, START and HELP are obeyed. The answer is TwiML that says nothing: ours goes out by itself.
#[utoipa::path(
    post, path = "/hooks/v1/carriers/{name}/inbound", operation_id = "receive_text",
    tag = "Carriers",
    params(("name" = String, Path, description = "The carrier's name"), CarrierSignature),
    request_body(content = SignedForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is taken in", body = String, content_type = "text/xml"),
        CallbackRefusals,
    ),
    security(()),
)]
pub(super) async fn inbound(State(web): State<Web>, signed: SignedForm) -> Result {
    if let Some(Report::Inbound { from, to, text, reference }) = report(&signed.params) {
        let inbound = Inbound { from, to, text, reference };
        let (carrier, tenants) = (&signed.callback.carrier, &signed.callback.tenants);
        app::texts::receive(&web.app, carrier, tenants, &inbound).await?;
    }
    Ok(xml(twiml::empty()))
}

/// Say which key was pressed in a call
///
/// 1 acknowledges; 9, and any other key, has the text said again. The answer is TwiML.
#[utoipa::path(
    post, path = "/hooks/v1/carriers/{name}/keys", operation_id = "report_key", tag = "Carriers",
    params(("name" = String, Path, description = "The carrier's name"), CarrierSignature),
    request_body(content = SignedForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "What is said next", body = String, content_type = "text/xml"),
        CallbackRefusals,
    ),
    security(()),
)]
pub(super) async fn keys(State(web): State<Web>, signed: SignedForm) -> Result {
    let Some(Pressed { reference, key }) = pressed(&signed.params) else {
        return Ok(xml(twiml::empty()));
    };
    let carrier = &signed.callback.carrier;
    let Some(text) = app::deliveries::spoken(&web.app, carrier, &reference).await? else {
        return Ok(xml(twiml::empty()));
    };
    if key != '1' {
        return Ok(xml(twiml::spoken(&text, Some(&signed.url))));
    }
    let acknowledged = Ok(Reach::Acknowledged);
    app::deliveries::learn(&web.app, carrier, &reference, &acknowledged).await?;
    Ok(xml(twiml::thanks()))
}

fn xml(text: String) -> Response {
    ([(CONTENT_TYPE, "text/xml")], text).into_response()
}
