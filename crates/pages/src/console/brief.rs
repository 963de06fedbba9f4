//! A message in two lines, for the lists beside the agent's work.

use app::Actor;
use app::messages::{self, MessageQuery};
use domain::{Account, Instant, Message, Zone};
use web::Web;

use crate::messages::words::{caller, first_line, state};
use crate::session::PageError;
use crate::ui::{Moment, State};

/// Messages that stand beside the agent's work.
pub(crate) const BRIEFS: usize = 6;

/// A message in two lines.
#[derive(Debug, Clone)]
pub(crate) struct BriefMessage {
    /// Its page.
    pub(crate) href: String,
    /// The caller.
    pub(crate) who: String,
    /// The first line of what was said.
    pub(crate) line: String,
    /// When.
    pub(crate) at: Moment,
    /// Where it stands.
    pub(crate) state: State,
}

impl BriefMessage {
    /// A message as it is read at `now` in a zone.
    pub(crate) fn of(message: &Message, now: Instant, zone: &Zone) -> Self {
        Self {
            href: format!("/messages/{}", message.id),
            who: caller(message),
            line: first_line(&message.content).to_owned(),
            at: Moment::at(message.created_at, now, zone),
            state: state(message.status, std::iter::empty()),
        }
    }

    /// Several of them.
    pub(crate) fn all(messages: &[Message], now: Instant, zone: &Zone) -> Vec<Self> {
        messages.iter().map(|message| Self::of(message, now, zone)).collect()
    }
}

/// The newest messages of an account.
pub(crate) async fn of_account(
    web: &Web,
    actor: &Actor,
    account: &Account,
) -> Result<Vec<Message>, PageError> {
    let account_number = Some(account.number.clone());
    let query = MessageQuery { account_number, ..MessageQuery::default() };
    let filter = messages::filter(&web.app, actor, query).await?;
    Ok(messages::page(&web.app, actor, &filter, None, BRIEFS).await?)
}
