//! What an answering service is: its nouns, and every decision it takes, as plain values.
//!
//! No clock, no randomness, no database: the caller brings them as arguments. Types here are not
//! serializable; each door has its own wire types.

pub mod account;
pub mod activity;
pub mod call;
pub mod closing;
pub mod delivery;
pub mod escalation;
pub mod form;
pub mod hours;
pub mod ids;
pub mod invalid;
pub mod job;
pub mod limits;
pub mod live;
pub mod mail;
pub mod message;
pub mod on_call;
pub mod opt_out;
pub mod phone;
pub mod playbook;
pub mod reply;
pub mod sending;
pub mod tenant;
pub mod to_do;
pub mod token;
pub mod user;
pub mod way;
pub mod webhook;
pub mod wording;
pub mod work_item;

pub use account::{Account, Contact, Did};
pub use activity::{Activity, ActivityKind, Event};
pub use call::{Call, Cdr, Recording};
pub use closing::ClosingGroup;
pub use delivery::{Attempt, Channel, Delivery};
pub use escalation::{Escalation, Policy};
pub use form::{Field, FieldKind, Form};
pub use hours::Hours;
pub use ids::*;
pub use invalid::Invalid;
pub use job::{Job, JobKind};
pub use live::{LiveCall, LiveState};
pub use message::{Answers, Message, Origin, Status};
pub use on_call::{Roster, Rotation};
pub use playbook::{ContactGroup, Playbook};
pub use recur::{Date, Frequency, Instant, Recurrence, Rule, RuleParts, Time, Until, Zone};
pub use tenant::Tenant;
pub use to_do::{Run, Schedule, ToDo};
pub use user::{Role, User};
pub use way::Way;
pub use webhook::{HookAttempt, HookDelivery, HookEvent, HookKind, HookSecret, HookState, Webhook};
pub use wording::Wording;
pub use work_item::{NewItem, WorkItem, WorkKind, WorkState};

// What uses the crate from outside is tested in the same binary as its parts.
#[cfg(test)]
extern crate self as domain;
#[cfg(test)]
#[path = "../tests/main.rs"]
mod tests;
