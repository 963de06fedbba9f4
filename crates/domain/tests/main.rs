//! Every test of the crate that uses it from outside, in one binary: one to build, one to link.

mod climbing;
mod on_call;
mod simulation;
