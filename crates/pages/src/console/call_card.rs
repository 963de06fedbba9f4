//! The call that a message is taken on: whether it is open, and whether the account knows the caller.

use app::{Actor, live};
use domain::account::phone_digits;
use domain::live::{LiveCall, LiveState};
use domain::{AccountId, Contact, Message, UserId};
use web::Web;

use super::brief::BRIEFS;
use crate::session::PageError;

/// Whether a call is the reader's, and not over: the form ends it.
pub(crate) fn is_open(call: &LiveCall, reader: UserId) -> bool {
    call.progress.agent_id == Some(reader) && call.progress.state != LiveState::Over
}

/// "Jane Hart, Attorney", where a directory has the caller's number.
pub(crate) fn known_as(contacts: &[Contact], from: &str) -> Option<String> {
    let digits = phone_digits(from);
    // A short number (an extension, say) is no proof.
    let digits = (digits.len() >= 7).then_some(digits)?;
    let contact = contacts.iter().find(|contact| phone_digits(&contact.phone) == digits)?;
    Some(match contact.title.as_str() {
        "" => contact.name.clone(),
        title => format!("{}, {title}", contact.name),
    })
}

/// What a caller left with the account before; `None` where the number says nothing.
pub(crate) async fn earlier(
    web: &Web,
    actor: &Actor,
    account: AccountId,
    from: &str,
) -> Result<Option<Vec<Message>>, PageError> {
    match phone_digits(from).is_empty() {
        true => Ok(None),
        false => Ok(Some(live::history(&web.app, actor, account, from, BRIEFS).await?)),
    }
}
