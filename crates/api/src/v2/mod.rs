//! Version 2 of the API: messages, call recordings, To Dos, on-call, and who one is.

mod activities;
mod correct;
mod create;
mod deliveries;
mod delivery;
mod me;
mod message;
mod messages;
mod on_call;
mod recording;
mod recordings;
mod to_dos;

pub(crate) use messages::MessageParameters;
pub(crate) use recording::CallBody;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Web;

use crate::list;

/// The routes below `/api/v2` and `/v2`.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(messages::list, create::create))
        .routes(routes!(recordings::list))
        .layer(list::gzip())
        .routes(routes!(messages::find, messages::update))
        .routes(routes!(activities::list))
        .routes(routes!(deliveries::list, correct::send_again))
        .routes(routes!(correct::list, correct::create))
        .routes(routes!(recordings::find))
        .routes(routes!(me::find))
        .routes(routes!(on_call::list))
        .routes(routes!(on_call::shifts))
        .nest("/to-dos", to_dos::routes())
        // The examples of the original documents spell it so: a second spelling, not documented.
        .nest("/to_dos", axum::Router::from(to_dos::routes()).into())
}
