//! A message in two lines, for the lists beside the agent's work.

use app::Actor;
use domain::{Account, Instant, Message, Zone};
use web::Web;

use crate::messages::words::state;
use crate::session::PageError;
use crate::ui::{Moment, State, moment};

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
        let who = message.caller();
        Self {
            href: format!("/messages/{}", message.id),
            who: if who.is_empty() { "Unknown caller".to_owned() } else { who },
            line: message.content.lines().next().unwrap_or_default().to_owned(),
            at: Moment::at(message.created_at, now, zone),
            state: state(message.status, std::iter::empty()),
        }
    }

    /// What an agent took today, newest first.
    pub(crate) async fn mine(
        web: &Web,
        actor: &Actor,
        zone: &Zone,
    ) -> Result<Vec<Self>, PageError> {
        let mine = app::messages::mine(&web.app, actor, BRIEFS).await?;
        let now = web.app.now();
        Ok(mine.iter().map(|message| Self::of(message, now, zone)).collect())
    }

    /// The newest of an account.
    pub(crate) async fn of_account(
        web: &Web,
        actor: &Actor,
        account: &Account,
    ) -> Result<Vec<Self>, PageError> {
        let account_number = Some(account.number.clone());
        let query = app::messages::Query { account_number, ..app::messages::Query::default() };
        let filter = app::messages::filter(&web.app, actor, query).await?;
        let page = app::messages::page(&web.app, actor, &filter, None, BRIEFS).await?;
        let now = web.app.now();
        Ok(page.iter().map(|message| Self::of(message, now, &account.zone)).collect())
    }

    /// Four messages.
    pub(crate) fn samples() -> Vec<Self> {
        let brief = |id, who: &str, line: &str, age, state| Self {
            href: format!("/messages/{id}"),
            who: who.to_owned(),
            line: line.to_owned(),
            at: moment(age),
            state,
        };
        let hearing = "Needs to move Thursday's deposition";
        vec![
            brief(940, "Maria Lopez", "No heat since last night", "4 min. ago", State::Delivered),
            brief(939, "Daniel Okafor", hearing, "22 min. ago", State::Pending),
            brief(936, "Walter Niemann", "Boiler shows error E9", "3 hr. ago", State::Failed),
            brief(933, "Grace Kim", "Annual maintenance next week", "yesterday", State::Closed),
        ]
    }
}
