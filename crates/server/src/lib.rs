//! Floor 6: configuration, wiring, the command line. Only here are the clock, the randomness and
//! the environment real.

mod carriers;
pub mod cli;
pub mod clock;
pub mod config;
mod demo;
mod doors;
mod failure;
mod figures;
mod house;
pub mod logging;
mod probes;
mod serve;
mod system;

pub use failure::Failure;
