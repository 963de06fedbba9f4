//! The agents' side: calls and what waits as it happens, the account's form, the message.

mod brief;
mod call_card;
mod calls;
mod draft;
pub(crate) mod floor;
pub(crate) mod items;
pub(crate) mod picker;
pub(crate) mod question;
pub(crate) mod queue;
mod saved;
pub(crate) mod script;
mod send_to;
mod stream;
pub(crate) mod take;

use domain::user::Right;
use web::Routes;

use crate::sitemap::Place;

pub(crate) use script::Script;

/// The console's addresses.
pub(crate) fn routes() -> Routes {
    let agents = Routes::new()
        .get("/console/events", stream::events)
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
        .needing(Right::TakeMessages);
    Place::Console.route(picker::show).merge(Place::Floor.route(floor::show)).merge(agents)
}
