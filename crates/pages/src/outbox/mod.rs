//! What was captured instead of sent, and each of it whole.

mod list;
mod mail;

pub(crate) use list::Outbox;
pub(crate) use mail::Mail;

use web::Routes;

use crate::list::{export, table};

/// The addresses of the outbox.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/outbox", table::<Outbox>)
        .get("/outbox.csv", export::<Outbox>)
        .get("/outbox/{id}", mail::open)
}
