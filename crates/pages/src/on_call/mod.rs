//! On-call: who is on call now and next for each rotation, and what leads on from there.

mod calendar;
pub(crate) mod form;
pub(crate) mod holidays;
mod ics;
pub(crate) mod links;
mod list;
mod overrides;
pub(crate) mod rotation;
pub(crate) mod words;
mod write;

use web::Routes;

use crate::form::editor::{create, edit, new, preview, preview_new, update};
use crate::list::{export, table};
use crate::ui::Place;

pub(crate) use holidays::{FederalEditor, HolidayEditor};
pub(crate) use list::OnCall;
pub(crate) use overrides::OverrideEditor;
pub(crate) use write::RotationEditor;

/// The addresses of on-call.
pub(crate) fn routes() -> Routes {
    Place::OnCall
        .route(table::<OnCall>)
        .get("/on-call.csv", export::<OnCall>)
        .get("/on-call/new", new::<RotationEditor>)
        .post("/on-call", create::<RotationEditor>)
        .post("/on-call/preview", preview_new::<RotationEditor>)
        .get("/on-call/{id}", edit::<OverrideEditor>)
        .get("/on-call/{id}/edit", edit::<RotationEditor>)
        .post("/on-call/{id}", update::<RotationEditor>)
        .post("/on-call/{id}/preview", preview::<RotationEditor>)
        .post("/on-call/{id}/overrides", update::<OverrideEditor>)
        .post("/on-call/{id}/overrides/{of_it}/withdraw", overrides::withdraw)
        .post("/on-call/{id}/take", overrides::take)
        .post("/on-call/{id}/calendar", links::make)
        .post("/on-call/{id}/calendar/revoke", links::revoke)
        .get("/on-call/calendar/{token}", links::feed)
        .get("/on-call/holidays/{id}", edit::<HolidayEditor>)
        .post("/on-call/holidays/{id}", update::<HolidayEditor>)
        .post("/on-call/holidays/{id}/federal", update::<FederalEditor>)
        .post("/on-call/holidays/{id}/{of_it}/remove", holidays::remove)
        .post("/on-call/{id}/delete", write::delete)
}
