//! The names under which an agent's browser keeps what is written and not saved.

use app::Actor;
use domain::{AccountId, CallId};

/// The name of somebody's draft.
pub(crate) fn draft(actor: &Actor, key: &str) -> String {
    format!("{}-{key}", actor.user_id)
}

/// What tells a draft from the agent's others: each call of an account has its own.
pub(crate) fn draft_key(account: AccountId, call: Option<CallId>) -> String {
    match call {
        Some(call) => format!("{account}-{call}"),
        None => account.to_string(),
    }
}
