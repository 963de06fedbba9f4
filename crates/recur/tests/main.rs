//! Every test of the crate that uses it from outside, in one binary: one to build, one to link.

mod clocks;
mod fuzz;
mod rules;
mod slow;
mod vectors;
mod zones;
