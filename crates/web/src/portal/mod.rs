//! The clients' side: read messages, listen to recordings, look after keys, people and accounts.

mod account;
mod account_form;
mod accounts;
mod contact_form;
mod form_builder;
mod form_try;
mod form_versions;
mod key_created;
mod mail;
mod message;
mod messages;
mod on_call;
mod opt_outs;
mod outbox;
pub(crate) mod people;
mod person_form;
mod profile;
mod recording;
mod recordings;
mod sending_form;
mod serve;
mod sign_in;
mod to_do;
mod to_do_form;
mod to_dos;
pub(crate) mod webhooks;
pub mod wishes;

use axum::Router;

use crate::{Routes, Web, acknowledge, console, flash, ui};

pub use account::{AccountPage, ContactRow, FormFieldRow, LineRow};
pub use account_form::AccountForm;
pub use accounts::{AccountRow, Accounts};
pub use form_builder::{FormBuilder, FormPlace, FormState, ItemCard, Opener, SectionCard};
pub use form_try::FormTry;
pub use form_versions::{FormVersions, VersionRow};
pub use key_created::KeyCreated;
pub use mail::Mail;
pub use message::{ActivityLine, Attempt, ContactWay, DeliveryCard, EscalationCard, Message};
pub use messages::{Filters, MessageRow, Messages};
pub use on_call::{
    Calendar, ChangeRow, HolidayRow, Holidays, LinkCreated, LinkRow, OnCall, OnCallRow,
    OverrideRow, Person, RotationForm, RotationPage, ShiftRow,
};
pub use opt_outs::{OptOutRow, OptOuts, TextRow};
pub use outbox::{MailRow, Outbox};
pub use people::{People, PersonRow};
pub use person_form::PersonForm;
pub use profile::{KeyRow, Profile};
pub use recording::Recording;
pub use recordings::{RecordingRow, Recordings};
pub use sign_in::SignIn;
pub use to_do::{RunCard, ToDo};
pub use to_do_form::{Preview, ToDoForm};
pub use to_dos::{ToDoRow, ToDos};
pub use webhooks::{
    AttemptRow, HookEventPage, LogRow, Standing, WebhookForm, WebhookPage, WebhookRow,
    WebhookSecret, Webhooks,
};

/// Every page and form, with the list of them.
#[must_use]
pub fn routes() -> Routes {
    serve::routes()
        .merge(accounts::routes())
        .merge(wishes::routes())
        .merge(people::routes())
        .merge(opt_outs::routes())
        .merge(on_call::routes())
        .merge(webhooks::routes())
        .merge(ui::find_routes())
        .merge(console::routes())
        .merge(acknowledge::routes())
}

/// The router of every page and form.
pub fn router() -> Router<Web> {
    routes().into_router().layer(axum::middleware::from_fn(flash::shown_once))
}
