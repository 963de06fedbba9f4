//! Callbacks of switches, carriers and mail servers: what they report comes in here.

mod bounces;
mod calls;
mod carriers;
mod events;
mod report;
mod signed;
mod sound;
mod upload;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Web;

/// The routes below `/hooks`. A body is bounded part by part, as it comes in.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(calls::report))
        .routes(routes!(events::take))
        .routes(routes!(carriers::status))
        .routes(routes!(carriers::inbound))
        .routes(routes!(carriers::keys))
        .routes(routes!(bounces::take))
        .layer(axum::extract::DefaultBodyLimit::disable())
}
