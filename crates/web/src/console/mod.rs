//! The agents' side: calls and what waits as it happens, the account's form, the message.

mod brief;
mod call_card;
mod calls;
mod floor;
mod items;
mod live_samples;
mod picker;
mod queue;
mod samples;
pub(crate) mod script;
mod stream;
mod take;
mod wishes;

use crate::routes::Routes;

pub use brief::BriefMessage;
pub use call_card::{CallCard, Earlier, NonMessage};
pub use floor::{AgentRow, Floor, FloorView};
pub use items::{AboutMessage, AboutToDo, ItemPage, Tried};
pub use picker::{AccountPick, Picker};
pub use queue::{CallRow, ItemGroup, ItemRow, Queue, StateBox, Timer};
pub use script::{Block, Branch, Script, Step, Words};
pub use take::{AccountCard, TakeMessage};
pub use wishes::OnCallNow;

/// The console's addresses.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/console", picker::show)
        .get("/console/events", stream::events)
        .get("/console/floor", floor::show)
        .post("/console/state", calls::state)
        .post("/console/calls/{id}/answer", calls::answer)
        .post("/console/calls/{id}/end", calls::end)
        .get("/console/items/{id}", items::show)
        .post("/console/items/{id}/claim", items::claim)
        .post("/console/items/{id}/release", items::release)
        .post("/console/items/{id}/again", items::again)
        .post("/console/items/{id}/reached", items::reached)
        .post("/console/items/{id}/note", items::note)
        .post("/console/items/{id}/done", items::done)
        .get("/console/accounts/{id}", take::show)
        .post("/console/accounts/{id}/messages", take::save)
        .post("/console/accounts/{id}/nothing", calls::nothing)
}
