//! What was captured instead of sent, and each of it whole.

mod list;
pub(crate) mod mail;

pub(crate) use list::Outbox;

use domain::user::Right;
use web::Routes;

use crate::list::{export, table};
use crate::sitemap::Place;

/// The addresses of the outbox.
pub(crate) fn routes() -> Routes {
    let below = Routes::new()
        .get("/outbox.csv", export::<Outbox>)
        .get("/outbox/{id}", mail::open)
        .needing(Right::SeeOutbox);
    Place::Outbox.route(table::<Outbox>).merge(below)
}
