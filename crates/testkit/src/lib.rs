//! Worlds and peers for the tests: a moved clock, a seeded application, real servers on loopback.

mod clock;
mod cut;
mod world;

pub mod postgres;
pub mod smtp;

pub use clock::ManualClock;
pub use cut::{Cut, CutProxy};
pub use world::{BEGINS, PASSWORD, Tenancy, World, seeded};
