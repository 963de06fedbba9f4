//! Version 1 of the API: read-only, two headers for a key, bodies without a wrap.

mod message;
mod messages;

use axum::http::{HeaderName, HeaderValue};
use axum::middleware::map_response;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Web;

use crate::list;

/// The routes below `/v1` and `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(messages::list))
        .layer(list::gzip())
        .routes(routes!(messages::find))
        .layer(map_response(deprecated))
}

/// Since when version 2 is to be used instead (RFC 9745): December 1, 2026. There is no `Sunset`
/// (RFC 8594): version 1 stays.
const DEPRECATED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("deprecation"), HeaderValue::from_static("@1796083200"));

async fn deprecated(mut response: Response) -> Response {
    let (name, value) = DEPRECATED;
    response.headers_mut().insert(name, value);
    response
}
