//! What was captured instead of sent, and each of it whole.

mod list;
mod mail;

pub(crate) use list::Outbox;
pub(crate) use mail::Mail;

use web::Routes;

/// The addresses of the outbox.
pub(crate) fn routes() -> Routes {
    Routes::new().get("/outbox", list::list).get("/outbox/{id}", mail::open)
}
