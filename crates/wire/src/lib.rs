//! Floor 2: tries a send once and tells the outcome.
//!
//! Nothing here retries, waits for a better moment or knows the database. A try ends in
//! [`Accepted`] or in [`Refused`], whose [`Class`] says whether another try could help; what is
//! done about it is decided above.

pub mod email;
mod outcome;
mod pause;
pub mod rest;
mod secret;
pub mod sip;
pub mod smpp;
mod sms;
pub mod speech;
mod tls;
mod voice;
pub mod webhook;

pub use domain::delivery::Reach;
pub use outcome::{Accepted, Class, Outcome, Refused, Report};
pub use pause::{Pause, pause};
pub use secret::Secret;
pub use sms::Sms;
pub use voice::VoiceCall;

// What uses the crate from outside is tested in the same binary as its parts.
#[cfg(test)]
extern crate self as wire;
#[cfg(test)]
#[path = "../tests/main.rs"]
mod tests;
