//! What the portal answers: each file loads what its page shows, or does what its form asks.
//!
//! Pages themselves are the structs beside this folder; they know nothing of requests.

mod asked;
mod detail;
pub(super) mod export;
mod filters;
mod messages;
mod outbox;
mod profile;
mod recordings;
mod settle;
mod sign_in;
mod to_dos;

use crate::Routes;
use crate::ui::assets;

/// Everything that the portal answers by itself.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(assets::ROUTE, assets::serve)
        .get("/", sign_in::start)
        .get("/sign-in", sign_in::show)
        .post("/sign-in", sign_in::enter)
        .post("/sign-out", sign_in::leave)
        .get("/messages", messages::list)
        .get("/messages.csv", export::csv)
        .get("/messages/{id}", messages::open)
        .merge(settle::routes())
        .get("/recordings", recordings::list)
        .get("/recordings/{id}", recordings::open)
        .merge(to_dos::routes())
        .get("/outbox", outbox::list)
        .get("/outbox/{id}", outbox::open)
        .get("/profile", profile::show)
        .post("/profile/keys", profile::create_key)
        .post("/profile/keys/{id}/revoke", profile::revoke_key)
}

/// A sentence from a rule such as `must not be empty`.
pub(super) fn sentence(rule: &str) -> String {
    let mut chars = rule.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let end = if rule.ends_with('.') { "" } else { "." };
    first.chain(chars).chain(end.chars()).collect()
}

/// The text, or another where it is empty.
fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.trim().is_empty() { other } else { text }
}
