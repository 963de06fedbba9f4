//! Messages: the list with its filters, one message, and what a reader does with it.

pub(crate) mod card;
mod export;
mod filters;
mod list;
mod message;
mod settle;
pub(crate) mod words;

pub(crate) use list::{Filters, Messages};
pub(crate) use message::{MessageDetail, OpenMessage};

use web::Routes;

use crate::sitemap::Place;

/// The addresses of messages.
pub(crate) fn routes() -> Routes {
    Place::Messages
        .route(list::list)
        .get("/messages.csv", export::csv)
        .get("/messages/{id}", list::open)
        .merge(settle::routes())
}
