//! The latest messages of an account, which stand beside the agent's work.

use app::Actor;
use app::messages::{self, MessageQuery};
use domain::{Account, Message};
use web::Web;

use crate::session::PageError;

/// Messages that stand beside the agent's work.
pub(crate) const BRIEFS: usize = 6;

/// The newest messages of an account.
pub(crate) async fn of_account(
    web: &Web,
    actor: &Actor,
    account: &Account,
) -> Result<Vec<Message>, PageError> {
    let account_numbers = vec![account.number.clone()];
    let query = MessageQuery { account_numbers, ..MessageQuery::default() };
    let filter = messages::filter(&web.app, actor, query).await?;
    Ok(messages::page(&web.app, actor, &filter, None, BRIEFS).await?)
}
