//! The agents' side: calls and what waits as it happens, the account's form, the message.

mod brief;
mod call_card;
mod calls;
mod floor;
mod items;
mod live_samples;
mod picker;
mod question;
mod queue;
mod samples;
mod saved;
pub(crate) mod script;
mod stream;
mod take;
mod wishes;

use web::Routes;

pub(crate) use brief::BriefMessage;
pub(crate) use call_card::{CallCard, Earlier, NonMessage};
pub(crate) use floor::{AgentRow, Floor, FloorView};
pub(crate) use items::{AboutMessage, AboutToDo, ItemPage, SentLine};
pub(crate) use picker::{AccountPick, Picker};
pub(crate) use queue::{CallRow, ItemGroup, ItemRow, Queue, StateBox, Timer};
pub(crate) use script::{Block, Branch, Script, Step, Words};
pub(crate) use take::{AccountCard, TakeMessage};
pub(crate) use wishes::OnCallNow;

/// The console's addresses.
pub(crate) fn routes() -> Routes {
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
