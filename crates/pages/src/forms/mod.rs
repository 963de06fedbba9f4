//! Forms: what agents ask a caller, built, tried and kept in versions by supervisors.

pub(crate) mod builder;
mod change;
mod edit;
pub(crate) mod place;
pub(crate) mod try_out;
pub(crate) mod versions;
mod words;

pub(crate) use place::FormPlace;
pub(crate) use words::kind_in_words;

use domain::user::Right;
use web::Routes;

/// The addresses of forms.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/accounts/{id}/form", builder::show)
        .post("/accounts/{id}/form", change::change)
        .post("/accounts/{id}/form/preview", builder::preview)
        .get("/accounts/{id}/form/try", try_out::show)
        .post("/accounts/{id}/form/try", try_out::check)
        .get("/accounts/{id}/form/versions", versions::list)
        .post("/accounts/{id}/form/restore", versions::restore)
        .post("/accounts/{id}/form/retire", versions::retire)
        .needing(Right::ManageAccounts)
}
