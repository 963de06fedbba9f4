//! What every door of Liberty holds: who asks, of which tenant, from where, how often they guessed
//! wrong, what a refusal looks like, and what surrounds every request.
//!
//! The doors themselves, `api` and `pages`, stand on it and do not know each other.

pub mod origin;
pub mod passwords;
pub mod reference;
pub mod refusal;
pub mod signer;
pub mod tenant;

mod client;
mod guesses;
mod hub;
mod requests;
mod routes;
mod spelling;
mod state;

pub use client::ClientAddress;
pub use guesses::{Guesser, Guesses};
pub use hub::{LiveView, StreamSeat, Streams};
pub use refusal::Refusal;
pub use requests::{surrounded, unknown};
pub use routes::{Needs, Route, Routes};
pub use state::{Bounces, Callback, ServedChannel, Settings, Web};
