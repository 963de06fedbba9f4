//! Every test of the crate that uses it from outside, in one binary: one to build, one to link.

mod cut_connections;
mod cut_escalations;
mod cut_to_dos;
mod cut_webhooks;
mod delivering;
mod forms;
mod idempotency;
mod keys;
mod live;
mod on_call;
mod people;
mod saves;
mod stories;
mod to_dos;
