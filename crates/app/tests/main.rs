//! Every test of the crate in one binary: one to build, one to link.

mod corrected;
mod cut_connections;
mod cut_escalations;
mod cut_to_dos;
mod cut_webhooks;
mod delivering;
mod forms;
// Nobody outside sees it: it is built in here with its tests, so that the library needs no second
// binary for them.
#[path = "../src/fresh.rs"]
mod fresh;
mod idempotency;
mod keys;
mod live;
mod on_call;
mod people;
mod saves;
mod stories;
mod to_dos;
mod worked;
