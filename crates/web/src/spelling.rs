//! Second spellings of the API's addresses, as Rails answers them: a slash too many, `.json`.

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use tower::Layer;
use tower::util::MapRequestLayer;

/// What the addresses of programs begin with.
const DOORS: [&str; 5] = ["/api/v1/", "/api/v2/", "/v1/", "/v2/", "/hooks/v1/"];

/// The doors, which then also answer the second spellings. A router chooses by the address, so
/// that this stands around it.
pub(crate) fn forgiving(doors: Router) -> Router {
    let doors = MapRequestLayer::new(|mut request: Request| {
        if let Some(uri) = plain(request.uri()) {
            *request.uri_mut() = uri;
        }
        request
    })
    .layer(doors);
    Router::new().fallback_service(doors)
}

/// The address as we write it; `None` where it is so already, or is none of the API's.
fn plain(uri: &Uri) -> Option<Uri> {
    let names: Vec<&str> = uri.path().split('/').filter(|name| !name.is_empty()).collect();
    let path = format!("/{}", names.join("/"));
    let path = path.strip_suffix(".json").unwrap_or(&path);
    if path == uri.path() || !DOORS.iter().any(|door| path.starts_with(door)) {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(format!("{path}{query}")).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_spellings_become_the_first() {
        let check = |address: &str, plain_address: Option<&str>| {
            let uri: Uri = address.parse().expect("an address");
            assert_eq!(plain(&uri).map(|uri| uri.to_string()).as_deref(), plain_address, "{uri}");
        };
        check("/api/v2/messages.json?limit=2", Some("/api/v2/messages?limit=2"));
        check("/v2/messages/", Some("/v2/messages"));
        check("/v1/messages/7.json", Some("/v1/messages/7"));
        check("/v2/to-dos/7/runs.json/", Some("/v2/to-dos/7/runs"));
        check("//v2//messages", Some("/v2/messages"));
        check("http://one.example/v2/me/", Some("http://one.example/v2/me"));
        check("/v2/messages?q=a/", None);
        check("/v2/messages", None);
        check("/messages/", None);
        check("/api/openapi.json", None);
        check("//elsewhere.example/v2/", None);
    }
}
