//! Worlds and peers for the tests: a moved clock, a seeded application, real servers on loopback.

mod clock;
mod world;

pub mod postgres;
pub mod smtp;

pub use clock::ManualClock;
pub use world::{BEGINS, PASSWORD, Tenancy, World};
