//! The people who sign in: the list, and the form of one of them.

mod list;
mod person_form;

pub(crate) use list::People;
pub(crate) use list::fits;
pub(crate) use person_form::PersonForm;

use domain::user::Right;
use web::Routes;

use crate::list::{export, table};
use crate::sitemap::Place;

/// The addresses of people.
pub(crate) fn routes() -> Routes {
    let one = Routes::new()
        .get("/people.csv", export::<People>)
        .post("/people", person_form::create)
        .get("/people/new", person_form::new)
        .get("/people/{id}", person_form::show)
        .post("/people/{id}", person_form::update)
        .post("/people/{id}/password", person_form::change_password)
        .post("/people/{id}/disable", person_form::disable)
        .post("/people/{id}/enable", person_form::enable)
        .needing(Right::ManageUsers);
    Place::People.route(table::<People>).merge(one)
}
