//! Worlds and peers for the tests: a moved clock, a seeded application, real servers on loopback.

mod clock;
mod cut;
mod node;
mod rows;
mod world;

pub mod carriers;
pub mod golden;
pub mod postgres;
pub mod sip;
pub mod sms_http;
pub mod smsc;
pub mod smtp;
pub mod sound;
pub mod webhooks;

pub use clock::ManualClock;
pub use cut::{Cut, CutProxy};
pub use rows::AtWork;
pub use world::{BEGINS, PASSWORD, Tenancy, World, seeded};
