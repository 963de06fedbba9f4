//! All doors of one house: programs come in by `api`, people by `pages`.

use std::sync::Arc;

use axum::Router;
use web::Web;

/// Everything that the doors answer. The documentation says what `api` says of itself.
pub(crate) fn router(mut web: Web) -> Router {
    web.handbook = Arc::new(api::handbook());
    let doors = api::router().merge(pages::router()).fallback(pages::unknown);
    web::surrounded(doors, web)
}
