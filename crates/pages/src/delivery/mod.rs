//! What an account wishes about its messages, as supervisors keep it: ways, groups, escalation
//! policies, closing actions, wording; and the simulator that says what would come of it.

mod closing;
mod group;
mod hub;
mod listed;
mod policy;
mod simulator;
mod telling;
pub(crate) mod ways;
mod wording;
pub(crate) mod words;

use domain::user::Right;
use domain::{Invalid, Playbook};
use web::Routes;

use crate::session::Fields;

pub(crate) use closing::ClosingForm;
pub(crate) use group::GroupForm;
pub(crate) use hub::Delivery;
pub(crate) use policy::PolicyForm;
pub(crate) use simulator::Simulator;
pub(crate) use ways::ContactPage;
pub(crate) use wording::WordingForm;

/// The addresses below an account that say what becomes of its messages.
pub(crate) fn routes() -> Routes {
    let read = Routes::new()
        .get("/accounts/{id}/delivery", hub::show)
        .get("/accounts/{id}/simulator", simulator::show);
    let change = Routes::new()
        .post("/accounts/{id}/contacts/{contact}/ways", ways::change)
        .post("/accounts/{id}/groups", group::create)
        .get("/accounts/{id}/groups/new", group::new)
        .get("/accounts/{id}/groups/{group}", group::edit)
        .post("/accounts/{id}/groups/{group}", group::change)
        .post("/accounts/{id}/groups/{group}/remove", group::remove)
        .post("/accounts/{id}/policies", policy::create)
        .get("/accounts/{id}/policies/new", policy::new)
        .get("/accounts/{id}/policies/{policy}", policy::edit)
        .post("/accounts/{id}/policies/{policy}", policy::change)
        .post("/accounts/{id}/policies/{policy}/remove", policy::remove)
        .post("/accounts/{id}/closings", closing::create)
        .get("/accounts/{id}/closings/new", closing::new)
        .get("/accounts/{id}/closings/{closing}", closing::edit)
        .post("/accounts/{id}/closings/{closing}", closing::change)
        .post("/accounts/{id}/closings/{closing}/remove", closing::remove)
        .get("/accounts/{id}/wording", wording::edit)
        .post("/accounts/{id}/wording", wording::change)
        .post("/accounts/{id}/wording/preview", wording::preview)
        .needing(Right::ManageAccounts);
    read.merge(change)
}

/// Whose wishes a page is about.
#[derive(Debug, Clone)]
pub(crate) struct Of {
    /// The account's id.
    pub(crate) account: String,
    /// "Northwind Heating & Air".
    pub(crate) name: String,
}

impl Of {
    fn new(book: &Playbook) -> Self {
        Of { account: book.account.id.to_string(), name: book.account.name.clone() }
    }
}

/// How something is removed: a sheet that asks once, by name.
#[derive(Debug, Clone)]
pub(crate) struct Removal {
    /// Where it posts to.
    pub(crate) action: String,
    /// "Remove “Nights”?".
    pub(crate) title: String,
    /// What comes of it.
    pub(crate) text: String,
    /// "Remove the policy".
    pub(crate) label: String,
}

/// How many entries a form's list has: `{list}.{i}.{field}` is posted for each, from 0.
fn entries(posted: &Fields, list: &str, field: &str, most: usize) -> usize {
    let has = |at: &usize| posted.has(&format!("{list}.{at}.{field}"));
    (0..most).take_while(has).count()
}

/// The faults of reading and of checking a form, together.
fn merged(mut faults: Invalid, checked: Result<(), Invalid>) -> Invalid {
    if let Err(more) = checked {
        more.faults().for_each(|(path, rule)| faults.add(path, rule));
    }
    faults
}
