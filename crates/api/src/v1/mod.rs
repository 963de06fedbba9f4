//! Version 1 of the API: read-only, two headers for a key, bodies without a wrap.

mod message;
mod messages;

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
}
