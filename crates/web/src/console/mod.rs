//! The agents' side: find the account of a call, take its message.

mod brief;
mod picker;
mod script;
mod take;

use axum::Router;
use axum::routing::{get, post};

use crate::Web;

pub use brief::BriefMessage;
pub use picker::{AccountPick, Picker};
pub use take::{AccountCard, TakeMessage};

/// The console's addresses.
pub fn router() -> Router<Web> {
    Router::new()
        .route("/console", get(picker::show))
        .route("/console/accounts/{id}", get(take::show))
        .route("/console/accounts/{id}/messages", post(take::save))
}
