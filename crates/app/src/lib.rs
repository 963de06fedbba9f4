//! The use cases of Liberty: each loads, lets `domain` decide, and writes in one transaction.
//!
//! One transaction writes three things: the new state, the activity that explains it, and the
//! jobs that follow. Nothing here awaits anything but the database.

mod actor;
mod app;
mod bells;
mod error;
mod fresh;
mod ledger;
mod links;

pub mod accounts;
pub mod acknowledgements;
pub mod audit;
pub mod calls;
pub mod closings;
pub mod deliveries;
pub mod escalations;
pub mod forms;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod live;
pub mod messages;
pub mod on_call;
pub mod passwords;
pub mod playbooks;
pub mod sending;
pub mod sessions;
pub mod tenants;
pub mod texts;
pub mod to_dos;
pub mod upkeep;
pub mod users;
pub mod webhooks;
pub mod work_queue;

pub use actor::Actor;
pub use app::{App, Clock, Entropy};
pub use bells::Bells;
pub use error::Error;
pub use links::Links;
pub use store::Db;

/// Boxes the future of a use case, so that its body is compiled here, once, and not in each crate
/// that calls it. One with an `impl` argument has no single body, and goes without; so does
/// `webhooks::start_all`, whose alias of a reference the macro does not see through.
pub(crate) use async_recursion::async_recursion as boxed;

/// What a use case answers.
pub type Result<T> = std::result::Result<T, Error>;
