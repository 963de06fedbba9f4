//! The people who sign in: the list, and the form of one of them.

mod list;
pub(crate) mod person_form;

pub(crate) use list::People;
pub(crate) use list::fits;
pub(crate) use person_form::{PasswordEditor, PersonEditor};

use domain::user::Right;
use web::Routes;

use crate::form::editor::{create, edit, new, update};
use crate::list::{export, table};
use crate::sitemap::Place;

/// The addresses of people.
pub(crate) fn routes() -> Routes {
    let one = Routes::new()
        .get("/people.csv", export::<People>)
        .post("/people", create::<PersonEditor>)
        .get("/people/new", new::<PersonEditor>)
        .get("/people/{id}", edit::<PersonEditor>)
        .post("/people/{id}", update::<PersonEditor>)
        .post("/people/{id}/password", update::<PasswordEditor>)
        .post("/people/{id}/disable", person_form::set_disabled::<true>)
        .post("/people/{id}/enable", person_form::set_disabled::<false>)
        .needing(Right::ManageUsers);
    Place::People.route(table::<People>).merge(one)
}
