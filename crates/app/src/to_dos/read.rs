//! Reading To Dos: which somebody may see, one and in lists.

use domain::{Channel, ToDoId};
use store::to_dos::{ScheduledToDo, ToDoFilter};

use crate::{Actor, App, Error, Result, accounts};

/// Which To Dos somebody asks for. What is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToDoQuery {
    /// Of the accounts with these numbers; all of them where none is named.
    pub account_numbers: Vec<String>,
    /// Going out this way.
    pub delivery_type: Option<Channel>,
}

/// Turns a query of somebody into a filter. An account number that nobody has, or that whoever
/// asks may not see, adds no account.
#[crate::boxed]
pub async fn filter(app: &App, actor: &Actor, query: &ToDoQuery) -> Result<ToDoFilter> {
    let mut accounts = actor.accounts();
    if !query.account_numbers.is_empty() {
        let named = accounts::numbered(app, actor, &query.account_numbers).await?;
        accounts = Some(named.iter().map(|account| account.id).collect());
    }
    Ok(ToDoFilter { accounts, delivery_type: query.delivery_type, skip: 0 })
}

/// A page of To Dos, newest first. The filter comes from [`filter`] for the same actor.
#[crate::boxed]
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: &ToDoFilter,
    before: Option<ToDoId>,
    limit: usize,
) -> Result<Vec<ScheduledToDo>> {
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(store::to_dos::page(reader.link(), actor.tenant_id, filter, before, limit).await?)
}

/// A To Do.
#[crate::boxed]
pub async fn find(app: &App, actor: &Actor, id: ToDoId) -> Result<ScheduledToDo> {
    let mut reader = app.db.read().await?;
    let found = store::to_dos::find(reader.link(), actor.tenant_id, id).await?;
    visible(actor, found)
}

pub(super) fn visible(actor: &Actor, found: Option<ScheduledToDo>) -> Result<ScheduledToDo> {
    found.filter(|found| actor.sees(found.to_do.account_id)).ok_or(Error::NotFound)
}
