//! What surrounds every request: its id, its panics, the form of refusals, security headers.

use std::any::Any;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

use crate::Web;
use crate::refusal::{Refusal, wants_problem};
use crate::spelling::forgiving;

/// The header that names a request in answers and in our log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id that is taken over from a caller, in bytes.
const REQUEST_ID_BYTES: usize = 128;

/// The doors with all that surrounds every request. An address that none of them answers goes to
/// their fallback: [`unknown`], or one of their own.
pub fn surrounded(doors: Router<Web>, web: Web) -> Router {
    let doors = doors
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn(as_it_is))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(web.clone(), surround))
        .with_state(web);
    forgiving(doors)
}

/// Refuses a body that was made smaller: nobody reads one, and its bytes would be said to be
/// faulty JSON. A body that nobody reads, on a GET, may be anything.
async fn as_it_is(request: Request, next: Next) -> Response {
    let coded = |value: &HeaderValue| !value.as_bytes().eq_ignore_ascii_case(b"identity");
    let is_coded = request.headers().get_all(CONTENT_ENCODING).iter().any(coded);
    match is_coded && !matches!(*request.method(), Method::GET | Method::HEAD) {
        true => Refusal::content_coding().into_response(),
        false => next.run(request).await,
    }
}

/// An address that leads nowhere. Version 1 refuses every write, wherever it goes.
pub async fn unknown(method: Method, uri: Uri) -> Refusal {
    let is_v1 = ["/v1/", "/api/v1/"].iter().any(|prefix| uri.path().starts_with(prefix));
    match method {
        Method::GET | Method::HEAD => Refusal::not_found(),
        _ if is_v1 => Refusal::method(Some("GET,HEAD")),
        _ => Refusal::not_found(),
    }
}

/// An address that answers, but not to this method. axum adds `Allow`.
async fn wrong_method() -> Refusal {
    Refusal::method(None)
}

/// The outermost layer: names the request, counts it, writes refusals, adds security headers.
async fn surround(State(web): State<Web>, request: Request, next: Next) -> Response {
    let began_at = web.app.now();
    let id = request_id(request.headers()).unwrap_or_else(|| web.app.entropy().uuid());
    let problem = wants_problem(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);

    let span = tracing::info_span!("request", request_id = id, tenant = tracing::field::Empty);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        response = refusal.render(std::mem::take(response.headers_mut()), problem, &id);
    }
    secure(response.headers_mut(), web.settings.is_https);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }

    let took_ms = web.app.now().ms_since(began_at);
    let status = response.status().as_u16();
    let method = method_name(&method);
    tracing::info!(parent: &span, method, route, status, took_ms, "answered");
    let labels = [
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("liberty_http_requests_total", &labels).increment(1);
    metrics::histogram!("liberty_http_request_seconds", "route" => route.to_owned())
        .record(took_ms as f64 / 1_000.0);
    response
}

/// The id that a caller gave, if it is fit for a header and a log.
fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_sane = (1..=REQUEST_ID_BYTES).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    is_sane.then(|| id.to_owned())
}

/// Method names are made up by callers; a metric must not grow with them.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Adds what is not there: a page that needs more than nothing sets its own policy.
fn secure(headers: &mut HeaderMap, is_https: bool) {
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(X_FRAME_OPTIONS, "DENY");
    add(REFERRER_POLICY, "same-origin");
    add(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    add(CACHE_CONTROL, "private, no-cache");
    if is_https {
        add(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// A handler's panic as a fault. Its text may quote what a caller wrote, so nobody sees it: the
/// server's panic hook logs where it happened.
fn panicked(_text: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::blank_fault().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sane_request_id_is_taken_over() {
        let check = |id: &str, taken: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_bytes(id.as_bytes()).expect("a header"));
            assert_eq!(request_id(&headers).is_some(), taken, "{id}");
        };
        check("0198-abc.DEF_1", true);
        check("", false);
        check("a b", false);
        check("a\tb", false);
        check("ü", false);
        check("{\"x\":1}", false);
        check(&"a".repeat(REQUEST_ID_BYTES), true);
        check(&"a".repeat(REQUEST_ID_BYTES + 1), false);
    }

    #[test]
    fn a_panic_tells_its_caller_nothing() {
        let response = panicked(Box::new("the secret is 7"));
        let refusal = response.extensions().get::<Refusal>().expect("a refusal").clone();
        let rendered = refusal.render(HeaderMap::new(), false, "id-7");
        assert_eq!(rendered.status(), 500);
        assert!(!format!("{response:?}{rendered:?}").contains("secret"));
    }
}
