//! Recordings of calls: the list, and one of them to listen to.

mod list;
pub(crate) mod recording;

pub(crate) use list::Recordings;

use web::Routes;

use crate::list::{export, table};
use crate::sitemap::Place;

/// The addresses of recordings.
pub(crate) fn routes() -> Routes {
    Place::Recordings
        .route(table::<Recordings>)
        .get("/recordings.csv", export::<Recordings>)
        .get("/recordings/{id}", recording::open)
}
