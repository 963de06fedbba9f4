//! Which pages in browsers may call the API: those of the origins that the tenant allows.

use std::time::Duration;

use axum::http::header::{
    ACCEPT, ACCEPT_RANGES, AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    HeaderName, IF_MATCH, IF_NONE_MATCH, LINK, LOCATION, ORIGIN, RANGE, RETRY_AFTER,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use domain::limits;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{Web, tenant};

const fn named(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

/// Answers what a browser asks before a call (Fetch standard, 3.2), and lets the page read the
/// answer. It surrounds every door, so that also a refusal may be read; a browser sends no cookie
/// with such a call, so the portal shows it nothing but its sign-in page.
pub(crate) fn layer(web: &Web) -> CorsLayer {
    let web = web.clone();
    let admitted = move |origin: HeaderValue, parts: &Parts| {
        let host = tenant::host(parts);
        async move {
            let Ok(origin) = origin.to_str() else { return false };
            tenant::of_host(&host, &web).await.is_ok_and(|tenant| tenant.admits(origin))
        }
    };
    let read = [
        ACCEPT,
        AUTHORIZATION,
        CONTENT_TYPE,
        IF_MATCH,
        IF_NONE_MATCH,
        RANGE,
        named("idempotency-key"),
        named("mcp-method"),
        named("mcp-name"),
        named("mcp-protocol-version"),
        named("x-api-email"),
        named("x-api-token"),
    ];
    CorsLayer::new()
        .allow_origin(AllowOrigin::async_predicate(admitted))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(read)
        .expose_headers([
            ACCEPT_RANGES,
            CONTENT_LENGTH,
            CONTENT_RANGE,
            ETAG,
            LINK,
            LOCATION,
            RETRY_AFTER,
            named("deprecation"),
            named("idempotent-replayed"),
            named("x-request-id"),
        ])
        .max_age(Duration::from_millis(limits::PREFLIGHT_MS))
        .vary([ORIGIN])
}
