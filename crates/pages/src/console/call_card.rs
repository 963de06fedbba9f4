//! The call that a message is taken on: who calls, whether the account knows them, since when.

use app::{Actor, live};
use domain::account::phone_digits;
use domain::live::{LiveCall, LiveState, NON_MESSAGES};
use domain::{AccountId, Contact, Message, UserId};
use web::Web;

use super::brief::BRIEFS;
use super::brief::BriefMessage;
use super::queue::CallRow;
use super::saved::SpokenClock;
use crate::session::PageError;

/// The call beside a form.
#[derive(Debug, Clone)]
pub(crate) struct CallCard {
    /// The call as the queue shows it, with its timer.
    pub(crate) row: CallRow,
    /// "Jane Hart, Attorney", where the account's directory has the caller's number.
    pub(crate) known_as: Option<String>,
    /// It is the reader's, and not over: the form ends it.
    pub(crate) is_open: bool,
}

/// What a caller left with the account before.
#[derive(Debug, Clone)]
pub(crate) struct EarlierMessages {
    /// The caller's number as a person reads it.
    pub(crate) from: String,
    /// The messages, newest first.
    pub(crate) messages: Vec<BriefMessage>,
}

/// Why a call came to no message: one key each.
#[derive(Debug, Clone)]
pub(crate) struct NonMessage {
    /// What is posted.
    pub(crate) word: &'static str,
    /// "Wrong number".
    pub(crate) label: &'static str,
    /// The number of its key.
    pub(crate) key: usize,
}

impl NonMessage {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        let numbered = NON_MESSAGES.into_iter().zip(1..);
        numbered.map(|((word, label), key)| NonMessage { word, label, key }).collect()
    }
}

impl CallCard {
    pub(crate) fn of(
        call: &LiveCall,
        reader: UserId,
        contacts: &[Contact],
        clock: &SpokenClock<'_>,
    ) -> Self {
        let progress = &call.progress;
        CallCard {
            is_open: progress.agent_id == Some(reader) && progress.state != LiveState::Over,
            row: CallRow::of(call, clock.now, clock.zone),
            known_as: known(contacts, &call.from).map(|contact| match contact.title.as_str() {
                "" => contact.name.clone(),
                title => format!("{}, {title}", contact.name),
            }),
        }
    }
}

/// The person of a directory whose phone a caller has.
pub(crate) fn known<'c>(contacts: &'c [Contact], from: &str) -> Option<&'c Contact> {
    let digits = phone_digits(from);
    // A short number (an extension, say) is no proof.
    let digits = (digits.len() >= 7).then_some(digits)?;
    contacts.iter().find(|contact| phone_digits(&contact.phone) == digits)
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
