//! Messages: the list with its filters, one message, and what a reader does with it.

pub(crate) mod card;
mod list;
mod message;
mod settle;
pub(crate) mod words;

pub(crate) use card::Clock;
pub(crate) use list::Messages;
pub(crate) use message::{MessageDetail, OpenMessage};

use web::Routes;

use crate::list::export;
use crate::sitemap::Place;

/// The addresses of messages.
pub(crate) fn routes() -> Routes {
    Place::Messages
        .route(list::list)
        .get("/messages.csv", export::<Messages>)
        .get("/messages/{id}", list::open)
        .merge(settle::routes())
}
