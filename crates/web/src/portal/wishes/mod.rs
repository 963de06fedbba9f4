//! What an account wishes about its messages, as supervisors keep it: ways, groups, escalation
//! policies, closing actions, wording; and the simulator that says what would come of it.

mod closing;
mod group;
mod hub;
mod listed;
mod policy;
mod samples;
mod simulator;
mod telling;
pub(super) mod ways;
mod wording;
pub(super) mod words;

use domain::{Invalid, Playbook};

use crate::Routes;
use crate::session::Fields;

pub use closing::{ActionCard, ClosingForm};
pub use group::GroupForm;
pub use hub::{ClosingRow, Delivery, GroupRow, PersonWays, PolicyRow};
pub use listed::Focus;
pub use policy::{LevelCard, PolicyForm};
pub use simulator::{ForeseenLine, ForeseenMoment, Simulator};
pub use telling::{TargetGroup, TellingFields};
pub use ways::{ContactPage, WayCard};
pub use wording::{WordingForm, WordingPreview};

/// The addresses below an account that say what becomes of its messages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/accounts/{id}/delivery", hub::show)
        .get("/accounts/{id}/simulator", simulator::show)
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
}

/// Whose wishes a page is about.
#[derive(Debug, Clone)]
pub struct Of {
    /// The account's id.
    pub account: String,
    /// "Northwind Heating & Air".
    pub name: String,
}

impl Of {
    fn new(book: &Playbook) -> Self {
        Of { account: book.account.id.to_string(), name: book.account.name.clone() }
    }
}

/// How something is removed: a sheet that asks once, by name.
#[derive(Debug, Clone)]
pub struct Removal {
    /// Where it posts to.
    pub action: String,
    /// "Remove “Nights”?".
    pub title: String,
    /// What comes of it.
    pub text: String,
    /// "Remove the policy".
    pub label: String,
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
