//! The agents' side: find the account of a call, take its message.

mod picker;
mod take;

pub use picker::{AccountPick, Picker};
pub use take::{AccountCard, BriefMessage, TakeMessage};
