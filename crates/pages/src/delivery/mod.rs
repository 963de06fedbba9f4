//! What is done with an account's messages, as supervisors keep it: ways, groups, escalation
//! policies, closing actions, wording; and the simulator that says who would be told.

mod closing;
mod group;
pub(crate) mod hub;
mod part;
mod policy;
pub(crate) mod simulator;
mod telling;
pub(crate) mod ways;
mod wording;
pub(crate) mod words;

use domain::ContactGroup;
use domain::closing::ClosingGroup;
use domain::escalation::Policy;
use domain::user::Right;
use web::Routes;

use crate::form::editor::{create, edit, new, preview, update};

pub(crate) use ways::{ContactPage, WaysEditor};
pub(crate) use wording::WordingEditor;

/// The addresses below an account that say what is done with its messages.
pub(crate) fn routes() -> Routes {
    let read = Routes::new()
        .get("/accounts/{id}/delivery", hub::show)
        .get("/accounts/{id}/simulator", simulator::show);
    let change = Routes::new()
        .post("/accounts/{id}/contacts/{contact}/ways", update::<WaysEditor>)
        .post("/accounts/{id}/groups", create::<ContactGroup>)
        .get("/accounts/{id}/groups/new", new::<ContactGroup>)
        .get("/accounts/{id}/groups/{group}", edit::<ContactGroup>)
        .post("/accounts/{id}/groups/{group}", update::<ContactGroup>)
        .post("/accounts/{id}/groups/{group}/remove", part::remove::<ContactGroup>)
        .post("/accounts/{id}/policies", create::<Policy>)
        .get("/accounts/{id}/policies/new", new::<Policy>)
        .get("/accounts/{id}/policies/{policy}", edit::<Policy>)
        .post("/accounts/{id}/policies/{policy}", update::<Policy>)
        .post("/accounts/{id}/policies/{policy}/remove", part::remove::<Policy>)
        .post("/accounts/{id}/closings", create::<ClosingGroup>)
        .get("/accounts/{id}/closings/new", new::<ClosingGroup>)
        .get("/accounts/{id}/closings/{closing}", edit::<ClosingGroup>)
        .post("/accounts/{id}/closings/{closing}", update::<ClosingGroup>)
        .post("/accounts/{id}/closings/{closing}/remove", part::remove::<ClosingGroup>)
        .get("/accounts/{id}/wording", edit::<WordingEditor>)
        .post("/accounts/{id}/wording", update::<WordingEditor>)
        .post("/accounts/{id}/wording/preview", preview::<WordingEditor>)
        .needing(Right::ManageAccounts);
    read.merge(change)
}
