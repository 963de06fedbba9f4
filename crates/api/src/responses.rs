//! What the OpenAPI document says about answers: the envelope, and which refusals each route has.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// An answer of version 2.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Data<T> {
    /// What was asked for.
    pub(crate) data: T,
}

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        axum::Json(self).into_response()
    }
}

/// A list; `meta` stands on pages only, that is where a `limit` was given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The rows, newest first.
    pub(crate) data: Vec<T>,
    /// How it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) meta: Option<PageMeta>,
}

/// How a page goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageMeta {
    /// What to give as `cursor` for the next page; null on the last one.
    #[schema(required)]
    pub(crate) next_cursor: Option<String>,
}

type Responses = BTreeMap<String, RefOr<utoipa::openapi::Response>>;

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $statuses:expr;)+) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                $statuses.into_iter().map(|status| (status.to_string(), refusal(status))).collect()
            }
        }
    )+};
}

refusals! {
    /// Refusals of a list of version 2.
    ListRefusals: [401, 403, 404, 422, 429, 500, 503];
    /// Refusals of a reading of one thing in version 2.
    ReadRefusals: [401, 403, 404, 429, 500, 503];
    /// Refusals of a change in version 2.
    WriteRefusals: [400, 401, 403, 404, 412, 413, 415, 422, 429, 500, 503, 507];
    /// Refusals of a create.
    CreateRefusals: [400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503, 507];
    /// Refusals of a question that comes with a body.
    AskRefusals: [400, 401, 403, 404, 413, 415, 422, 429, 500, 503];
    /// Refusals of a change that needs no body.
    TurnRefusals: [401, 403, 404, 412, 429, 500, 503, 507];
    /// Refusals of a list of version 1.
    LegacyListRefusals: [403, 404, 422, 429, 500, 503];
    /// Refusals of a reading of one thing in version 1.
    LegacyReadRefusals: [403, 404, 429, 500, 503];
    /// Refusals of a report of a switch.
    ReportRefusals: [400, 401, 404, 413, 415, 422, 429, 500, 503, 507];
    /// Refusals of a carrier's callback.
    CallbackRefusals: [400, 403, 404, 413, 415, 500, 503, 507];
    /// Refusals of mail that came back.
    BounceRefusals: [400, 401, 429, 500, 503, 507];
    /// Refusals of a signed link.
    LinkRefusals: [404, 410, 416, 500, 503];
}

fn refusal(status: u16) -> RefOr<utoipa::openapi::Response> {
    let schema = |name: &str| RefOr::Ref(Ref::from_schema_name(name));
    let (description, example) = described(status);
    let mut envelope = ContentBuilder::new().schema(Some(schema("Refusal")));
    if let Some(example) = example {
        envelope = envelope.example(Some(example));
    }
    let problem = ContentBuilder::new().schema(Some(schema("Problem"))).build();
    let mut response = ResponseBuilder::new()
        .description(description)
        .content("application/json", envelope.build())
        .content("application/problem+json", problem);
    let header = |kind, text: &str| {
        let schema = ObjectBuilder::new().schema_type(kind).build();
        HeaderBuilder::new().schema(Some(schema)).description(Some(text)).build()
    };
    if matches!(status, 409 | 429 | 503) {
        let text = "Seconds after which to ask again.";
        response = response.header("Retry-After", header(Type::Integer, text));
    }
    if status == 416 {
        let text = "The length of the recording: `bytes */1234`.";
        response = response.header("Content-Range", header(Type::String, text));
    }
    response.build().into()
}

fn described(status: u16) -> (&'static str, Option<Value>) {
    let named = |info: &str, path: &str, rule: &str| json!({"success": false, "info": info, "data": {"errors": {path: [rule]}}});
    let plain = |info: &str| json!({"success": false, "info": info, "data": {}});
    match status {
        400 => (
            "Processing error: the body is not valid JSON, or no JSON object",
            Some(plain("The body must be a JSON object.")),
        ),
        401 => (
            "Missing, wrong, expired or revoked token, or another tenant's (404 where the tenant \
             hides this)",
            Some(plain("Invalid token")),
        ),
        403 => (
            "The key is limited to something else: `info` names the limit. Of a callback: the \
             signature is missing, or not the carrier's",
            Some(plain("This key may only read: it changes nothing.")),
        ),
        404 => (
            "No such thing, or not for whoever asks; in version 1 also a bad token",
            Some(plain("Not found")),
        ),
        409 => (
            "The Idempotency-Key was used for another body; or, with Retry-After, its first \
             request is still under way",
            None,
        ),
        410 => ("The link has expired, or the audio is past its 31 days", None),
        412 => ("It has changed since: If-Match names another ETag", None),
        413 => ("The body is too large", None),
        415 => ("The body is of another media type", None),
        416 => ("The range lies outside the recording", None),
        422 => (
            "Missing or invalid parameter",
            Some(named(
                "limit must be a whole number from 1 to 1000.",
                "limit",
                "must be a whole number from 1 to 1000",
            )),
        ),
        429 => ("Too many wrong tokens from this address; a right one always passes", None),
        500 => (
            "A fault on our side",
            Some(json!({
                "success": false,
                "info": "Something went wrong on our side. The request id names it in our log.",
                "data": {"request_id": "0c6f2f0c-2c1e-4f6e-9d2a-6f1f6b0a7c55"},
            })),
        ),
        503 => ("The database cannot be reached just now", None),
        507 => ("There is no room left to store it; nothing was changed", None),
        _ => ("Refused", None),
    }
}
