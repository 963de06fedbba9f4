//! How whoever asks reached us: what links in an answer begin with.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::Uri;
use axum::http::request::Parts;

use crate::{Web, tenant};

/// Scheme and host of a request, as its sender wrote the host; `""` where that is not fit to be
/// repeated, so that links are relative.
#[derive(Clone, Debug)]
pub struct Origin(pub String);

impl FromRequestParts<Web> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(Origin(of_host(&tenant::host(parts), web)))
    }
}

/// Scheme and host for a host name with its port.
pub fn of_host(host: &str, web: &Web) -> String {
    let is_fit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
    match !host.is_empty() && host.bytes().all(is_fit) {
        true => format!("{}://{host}", web.settings.scheme()),
        false => String::new(),
    }
}

/// The whole address of a request as its sender wrote it, before a nested router cut its
/// beginning off.
#[derive(Clone, Debug)]
pub struct WholeAddress {
    /// Scheme and host; `""` where that is not fit to be repeated.
    pub origin: String,
    /// Path and query.
    pub uri: Uri,
}

impl FromRequestParts<Web> for WholeAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let uri = parts.extensions.get::<OriginalUri>().map(|uri| uri.0.clone());
        let uri = uri.unwrap_or_else(|| parts.uri.clone());
        Ok(WholeAddress { origin: of_host(&tenant::host(parts), web), uri })
    }
}
