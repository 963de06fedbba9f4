//! Recordings of calls: the list, and one of them to listen to.

mod list;
mod recording;

pub(crate) use list::Recordings;
pub(crate) use recording::RecordingPage;

use web::Routes;

/// The addresses of recordings.
pub(crate) fn routes() -> Routes {
    Routes::new().get("/recordings", list::list).get("/recordings/{id}", recording::open)
}
