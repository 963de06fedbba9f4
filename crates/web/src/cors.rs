//! Which pages of other origins may ask the API: those that the tenant allows (Fetch, 3.3).

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
    VARY,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::refusal::Refusal;
use crate::{Web, tenant};

/// What the addresses begin with that pages of other origins may ask.
const DOORS: [&str; 5] = ["/api/v1/", "/api/v2/", "/v1/", "/v2/", "/recordings/"];
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const SENT: &str = "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, \
    Range, X-API-EMAIL, X-API-TOKEN, X-Request-Id";
const READ: &str = "Accept-Ranges, Content-Length, Content-Range, Deprecation, ETag, \
    Idempotent-Replayed, Link, Retry-After, X-Request-Id";
/// How long a browser may keep what it was told, in seconds.
const KEPT_S: &str = "600";

/// Answers a page's question whether it may ask, and lets it read what it asked for. A program that
/// is no browser is asked nothing: an origin protects those who look at pages, a key the data.
pub(crate) async fn cors(State(web): State<Web>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let is_ours = DOORS.iter().any(|door| request.uri().path().starts_with(door));
    let Some(origin) = origin.filter(|_| is_ours) else {
        return next.run(request).await;
    };
    let asks_first = request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let (mut parts, body) = request.into_parts();
    let tenant = match tenant::of_request(&mut parts, &web).await {
        Ok(tenant) => tenant,
        Err(_) if !asks_first => return next.run(Request::from_parts(parts, body)).await,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let is_allowed = origin.to_str().is_ok_and(|origin| tenant.allows_origin(origin));
    let mut response = match (asks_first, is_allowed) {
        (false, _) => next.run(Request::from_parts(parts, body)).await,
        (true, true) => StatusCode::NO_CONTENT.into_response(),
        (true, false) => {
            let info = "Pages of this origin may not ask this API: its service allows others only.";
            Refusal::forbidden(info).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if is_allowed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let told: &[_] = match asks_first {
            true => &[
                (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
                (ACCESS_CONTROL_ALLOW_HEADERS, SENT),
                (ACCESS_CONTROL_MAX_AGE, KEPT_S),
            ],
            false => &[(ACCESS_CONTROL_EXPOSE_HEADERS, READ)],
        };
        for (name, value) in told {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
