//! `POST /hooks/v1/bounces`: the operator's mail server hands in mail that came back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Serialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use web::refusal::Refusal;
use web::{Bounces, ClientAddress, Web};
use wire::email::bounce;
use wire::{Report, Secret};

use crate::{BounceRefusals, Data, Result, bearer, beginning, wrong};

/// Whether mail that came back told something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BounceTaken)]
struct BounceBody {
    /// Whether it told something new about a mail of ours.
    is_news: bool,
}

/// Hand in a mail that came back
///
/// The whole mail as it came to the envelope's sender (RFC 3464). What is no report about a mail of
/// ours is taken as well, and tells nothing. Only the first 1,000,000 bytes are read.
#[utoipa::path(
    post, path = "/hooks/v1/bounces", operation_id = "report_bounce", tag = "Carriers",
    request_body(content = String, content_type = "message/rfc822"),
    responses((status = 200, description = "It is taken in", body = Data<BounceBody>),
        BounceRefusals),
    security(("mail_server" = [])),
)]
pub(super) async fn take(State(web): State<Web>, request: Request) -> Result {
    let (mut parts, body) = request.into_parts();
    let given = bearer(&parts.headers);
    let opens = |bounces: &&Arc<Bounces>| is_token(&bounces.token, given.unwrap_or_default());
    let Some(bounces) = web.bounces.as_ref().filter(opens) else {
        if given.is_none() {
            return Err(Refusal::invalid_token(StatusCode::UNAUTHORIZED));
        }
        let Ok(from) = ClientAddress::from_request_parts(&mut parts, &web).await;
        return Err(wrong(&web, from, StatusCode::UNAUTHORIZED));
    };
    let (mail, _) = beginning(body, bounce::REPORT_MAX_BYTES).await?;
    let mut is_news = false;
    if let Some(Report::Progress { reference, result }) = bounce::parse(&mail) {
        for carrier in &bounces.carriers {
            is_news |= app::deliveries::learn(&web.app, carrier, &reference, &result).await?;
        }
    }
    Ok(Json(Data { data: BounceBody { is_news } }).into_response())
}

/// Whether this is the token, compared in constant time. An empty one opens nothing.
fn is_token(known: &Secret, given: &str) -> bool {
    let known = known.reveal();
    !known.is_empty() && bool::from(known.as_bytes().ct_eq(given.as_bytes()))
}
