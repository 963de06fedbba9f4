//! Rows in, rows out: the tables of Liberty on SQLite and on PostgreSQL, with one SQL text.
//!
//! Nothing here decides anything: no permission, no clock, no rule of the business. Functions
//! take a [`Link`], so the caller chooses what stands in one transaction.

mod answers;
mod cells;
mod db;
mod dialect;
mod error;
mod migrations;
mod narrow;
mod rows;

pub mod accounts;
pub mod activities;
pub mod attempts;
pub mod audit;
pub mod calls;
pub mod closings;
pub mod codes;
pub mod corrections;
pub mod deliveries;
pub mod forms;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod live;
pub mod messages;
pub mod policies;
pub mod references;
pub mod rotations;
pub mod runs;
pub mod sending;
pub mod sessions;
pub mod spending;
pub mod tenants;
pub mod texts;
pub mod to_dos;
pub mod users;
pub mod ways;
pub mod webhooks;
pub mod work_items;

// What uses the crate from outside is tested in the same binary as its parts.
#[cfg(test)]
extern crate self as store;
#[cfg(test)]
#[path = "../tests/conformance/main.rs"]
mod conformance;

pub use db::{Db, Link, Reader, Tx};
pub use error::Error;

/// What a function of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;
