//! Every test of the crate that uses it from outside, in one binary: one to build, one to link.

mod climbing;
mod entries;
mod on_call;
mod playbook;
mod simulation;
