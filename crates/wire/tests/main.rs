//! Every test of the crate that uses it from outside, in one binary: one to build, one to link.

mod email;
mod rest;
mod sip;
mod smpp;
mod webhook;
