//! The agents' side: find the account of a call, take its message.

mod brief;
mod picker;
mod samples;
pub(crate) mod script;
mod take;

use crate::routes::Routes;

pub use brief::BriefMessage;
pub use picker::{AccountPick, Picker};
pub use script::{Block, Branch, Script, Step, Words};
pub use take::{AccountCard, TakeMessage};

/// The console's addresses.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/console", picker::show)
        .get("/console/accounts/{id}", take::show)
        .post("/console/accounts/{id}/messages", take::save)
}
