//! Reading messages: which somebody may see, in lists, and one with all that explains it.

use domain::escalation::{Escalation, Policy};
use domain::user::Right;
use domain::{
    Account, AccountId, Activity, Attempt, Date, Delivery, Form, Instant, Invalid, Message,
    MessageId, Status, limits,
};
use store::Tx;
use store::messages::{MessageFilter, Position};

use crate::{Actor, App, Error, Result, accounts, deliveries};

/// Which messages somebody asks for. What is `None` or empty does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageQuery {
    /// Of the accounts with these numbers; all of them where none is named.
    pub account_numbers: Vec<String>,
    /// Taken on this day or later, in the zone of the account (of the tenant for several).
    pub from: Option<Date>,
    /// Taken on this day or before.
    pub to: Option<Date>,
    /// In this status.
    pub status: Option<Status>,
    /// Read by the customer, or not.
    pub read: Option<bool>,
    /// Emergencies, or the others.
    pub is_emergency: Option<bool>,
    /// Changed at this instant or later.
    pub updated_since: Option<Instant>,
    /// Carrying this tag of the account's; `""` for any.
    pub klass_name: String,
    /// Holding this text.
    pub text: String,
}

/// Turns a query of somebody into a filter.
#[crate::boxed]
pub async fn filter(app: &App, actor: &Actor, query: MessageQuery) -> Result<MessageFilter> {
    let period = Period { from: query.from, to: query.to };
    let scope = list_scope(app, actor, &query.account_numbers, period).await?;
    Ok(MessageFilter {
        accounts: scope.accounts,
        from: scope.from,
        until: scope.until,
        status: query.status,
        read: query.read,
        is_emergency: query.is_emergency,
        updated_since: query.updated_since,
        klass_name: query.klass_name.trim().to_owned(),
        text: query.text,
        skip: 0,
    })
}

/// Whole days, both included; one alone is open at its other end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Period {
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
}

/// The accounts that a list is narrowed to, and a period in their zone.
pub(crate) struct ListScope {
    pub(crate) accounts: Option<Vec<AccountId>>,
    pub(crate) from: Option<Instant>,
    pub(crate) until: Option<Instant>,
}

/// Resolves account numbers and days to accounts and instants. A number that nobody has, or that
/// whoever asks may not see, adds no account.
pub(crate) async fn list_scope(
    app: &App,
    actor: &Actor,
    account_numbers: &[String],
    period: Period,
) -> Result<ListScope> {
    let tenant = actor.tenant_id;
    if let (Some(from), Some(to)) = (period.from, period.to)
        && from > to
    {
        return Err(Invalid::field("from_date", "must not be after to_date").into());
    }
    let mut accounts = actor.accounts();
    let mut zone = None;
    if !account_numbers.is_empty() {
        let named = accounts::numbered(app, actor, account_numbers).await?;
        accounts = Some(named.iter().map(|account| account.id).collect());
        zone = match <[_; 1]>::try_from(named) {
            Ok([only]) => Some(only.zone),
            Err(_) => None,
        };
    }
    if period.from.is_none() && period.to.is_none() {
        return Ok(ListScope { accounts, from: None, until: None });
    }
    let mut reader = app.db.read().await?;
    if let (None, Some([only])) = (&zone, accounts.as_deref()) {
        let account = store::accounts::find(reader.link(), tenant, *only).await?;
        zone = account.map(|account| account.zone);
    }
    let zone = match zone {
        Some(zone) => zone,
        None => {
            let tenant = store::tenants::find(reader.link(), tenant).await?;
            tenant.ok_or(Error::NotFound)?.zone
        }
    };
    Ok(ListScope {
        accounts,
        from: period.from.map(|date| zone.day_start(date)),
        until: period.to.map(|date| zone.day_end(date)),
    })
}

/// A page of messages, newest first. The filter comes from [`filter`] for the same actor.
#[crate::boxed]
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: &MessageFilter,
    after: Option<Position>,
    limit: usize,
) -> Result<Vec<Message>> {
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(store::messages::page(reader.link(), actor.tenant_id, filter, after, limit).await?)
}

/// The newest messages that whoever asks took in the last day, at most `limit`.
#[crate::boxed]
pub async fn mine(app: &App, actor: &Actor, limit: usize) -> Result<Vec<Message>> {
    actor.require(Right::TakeMessages)?;
    let since = app.now().minus_ms(limits::DAY_MS);
    let (tenant, agent) = (actor.tenant_id, actor.user_id);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut reader = app.db.read().await?;
    Ok(store::messages::taken_by(reader.link(), tenant, agent, since, limit).await?)
}

/// How many messages a filter lets through.
#[crate::boxed]
pub async fn count(app: &App, actor: &Actor, filter: &MessageFilter) -> Result<i64> {
    Ok(store::messages::count(app.db.read().await?.link(), actor.tenant_id, filter).await?)
}

/// A message of an account that somebody may see.
#[crate::boxed]
pub async fn find(app: &App, actor: &Actor, id: MessageId) -> Result<Message> {
    let mut reader = app.db.read().await?;
    let message = store::messages::find(reader.link(), actor.tenant_id, id).await?;
    message.filter(|message| actor.sees(message.account_id)).ok_or(Error::NotFound)
}

/// A message with all that explains it.
#[derive(Clone, Debug)]
pub struct MessageHistory {
    /// The message.
    pub message: Message,
    /// Its account.
    pub account: Account,
    /// The version of the form that it was taken with.
    pub form: Option<Form>,
    /// Its activity log, oldest first.
    pub activities: Vec<Activity>,
    /// Its deliveries, oldest first, each with its attempts.
    pub deliveries: Vec<(Delivery, Vec<Attempt>)>,
    /// Where it stands on its escalation policy; `None` if it goes by none.
    pub escalation: Option<Escalation>,
    /// That policy as it now is; `None` if it is gone, too.
    pub policy: Option<Policy>,
}

/// A message with all that explains it.
#[crate::boxed]
pub async fn detail(app: &App, actor: &Actor, id: MessageId) -> Result<MessageHistory> {
    let message = find(app, actor, id).await?;
    let tenant = actor.tenant_id;
    let mut reader = app.db.read().await?;
    let account = store::accounts::find(reader.link(), tenant, message.account_id).await?;
    let form = match message.form_id {
        Some(form) => store::forms::find(reader.link(), tenant, form).await?,
        None => None,
    };
    let activities = store::activities::of_message(reader.link(), tenant, id).await?;
    let deliveries = store::deliveries::of_message(reader.link(), tenant, id).await?;
    let deliveries = deliveries::with_attempts(reader.link(), tenant, deliveries).await?;
    let account = account.ok_or(Error::NotFound)?;
    let escalation = store::policies::escalation(reader.link(), tenant, id).await?;
    let mut policy = None;
    if let Some(standing) = &escalation {
        let all = store::policies::of_accounts(reader.link(), &[(tenant, account.id)]).await?;
        policy = all.into_iter().find(|policy| policy.id == standing.policy_id);
    }
    Ok(MessageHistory { message, account, form, activities, deliveries, escalation, policy })
}

/// A message that whoever asks may see and is about to change: it is locked.
pub(crate) async fn find_to_change(tx: &mut Tx, actor: &Actor, id: MessageId) -> Result<Message> {
    let message = store::messages::find_to_change(tx.link(), actor.tenant_id, id).await?;
    message.filter(|message| actor.sees(message.account_id)).ok_or(Error::NotFound)
}
