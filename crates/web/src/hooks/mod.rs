//! Callbacks of switches: what they report comes in here.

mod calls;
mod report;
mod sound;
mod upload;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Web;

/// The routes below `/hooks`. A body is bounded part by part, as it comes in.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(calls::report))
        .layer(axum::extract::DefaultBodyLimit::disable())
}
