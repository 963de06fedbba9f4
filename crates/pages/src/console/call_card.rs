//! The call that a message is taken on: who calls, whether the account knows them, since when.

use app::live;
use domain::account::phone_digits;
use domain::live::{LiveCall, LiveState, NON_MESSAGES};
use domain::{Contact, Instant, UserId, Zone};
use web::Web;

use super::BriefMessage;
use super::brief::BRIEFS;
use super::queue::{CallRow, caller};
use crate::session::{PageError, SignedIn};

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

/// Earlier messages of a caller.
#[derive(Debug, Clone)]
pub(crate) struct Earlier {
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
        now: Instant,
        zone: &Zone,
    ) -> Self {
        let progress = &call.progress;
        CallCard {
            is_open: progress.agent_id == Some(reader) && progress.state != LiveState::Over,
            row: CallRow::of(call, now, zone),
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

/// What a caller left with the account before.
pub(crate) async fn earlier(
    web: &Web,
    visitor: &SignedIn,
    account: &domain::Account,
    from: &str,
) -> Result<Option<Earlier>, PageError> {
    if phone_digits(from).is_empty() {
        return Ok(None);
    }
    let found = live::history(&web.app, &visitor.actor, account.id, from, BRIEFS).await?;
    let now = web.app.now();
    let brief = |message: &domain::Message| BriefMessage::of(message, now, &account.zone);
    Ok(Some(Earlier { from: caller(from), messages: found.iter().map(brief).collect() }))
}
