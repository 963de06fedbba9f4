//! The clients' side: read messages, listen to recordings, look after keys, people and accounts.

mod account;
mod account_form;
mod accounts;
mod key_created;
mod mail;
mod message;
mod messages;
mod outbox;
mod people;
mod person_form;
mod profile;
mod recording;
mod recordings;
mod serve;
mod sign_in;

use axum::Router;

use crate::{Routes, Web, flash};

pub use account::{AccountPage, ContactRow, FormFieldRow};
pub use account_form::AccountForm;
pub use accounts::{AccountRow, Accounts};
pub use key_created::KeyCreated;
pub use mail::Mail;
pub use message::{ActivityLine, Attempt, ContactWay, DeliveryCard, Message};
pub use messages::{Filters, MessageRow, Messages};
pub use outbox::{MailRow, Outbox};
pub use people::{People, PersonRow};
pub use person_form::PersonForm;
pub use profile::{KeyRow, Profile};
pub use recording::Recording;
pub use recordings::{RecordingRow, Recordings};
pub use sign_in::SignIn;

/// Everything that the portal answers, with the list of it.
#[must_use]
pub fn routes() -> Routes {
    serve::routes()
    // The routes of people, accounts and find are merged here.
}

/// The portal's router.
pub fn router() -> Router<Web> {
    // The console's router is merged here, inside the layer.
    routes().into_router().layer(axum::middleware::from_fn(flash::shown_once))
}
