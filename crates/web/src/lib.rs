//! The doors of Liberty: the API in its two versions, the portal, the console, and the callbacks
//! of switches.
//!
//! Every door parses, asks `app`, and turns its answer or refusal into its own words.

pub mod acknowledge;
pub mod api;
pub mod audio;
pub mod console;
pub mod portal;
pub mod reference;
pub mod ui;

mod client;
mod flash;
mod guesses;
mod hooks;
mod hub;
mod origin;
mod passwords;
mod refusal;
mod requests;
mod router;
mod routes;
mod session;
mod state;
mod tenant;

pub use client::ClientAddress;
pub use guesses::{Guesser, Guesses};
pub use hub::Streams;
pub use router::router;
pub use routes::{Route, Routes};
pub use state::{Bounces, Callback, Settings, Web};
