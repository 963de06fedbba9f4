//! Worlds and peers for the tests: a moved clock, a seeded application, real servers on loopback.

mod clock;
pub mod postgres;
mod world;

pub use clock::ManualClock;
pub use world::{Tenancy, World};
