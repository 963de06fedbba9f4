//! All tests of the crate and of the house, in one binary: one to build, one to link.

mod clock;
mod config;
mod databases;
mod floors;
mod logging;
mod stories;
