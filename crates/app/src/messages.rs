//! Messages: taken by agents, read and settled by clients.

use domain::escalation::{Escalation, Policy};
use domain::form::{Filled, humanised};
use domain::message::{NON_MESSAGES, Taking, Update, check_text};
use domain::user::{Right, check_line};
use domain::{
    Account, AccountId, Activity, ActivityKind, Attempt, CallId, ClosingGroupId, Contact,
    ContactId, Date, Delivery, DidId, Form, FormId, Instant, Invalid, Message, MessageId, RunId,
    Status, limits,
};
use store::Tx;

pub use store::messages::{Filter, Position};

use crate::ledger::Ledger;
use crate::{Actor, App, Error, Result, closings, escalations, playbooks};

/// Which messages somebody asks for. What is `None` or empty does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Of the account with this number.
    pub account_number: Option<String>,
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
    /// Holding this text.
    pub text: String,
}

/// The filter that a query comes to for whoever asks.
pub async fn filter(app: &App, actor: &Actor, query: Query) -> Result<Filter> {
    let period = Period { from: query.from, to: query.to };
    let place = place(app, actor, query.account_number.as_deref(), period).await?;
    Ok(Filter {
        accounts: place.accounts,
        from: place.from,
        until: place.until,
        status: query.status,
        read: query.read,
        is_emergency: query.is_emergency,
        updated_since: query.updated_since,
        text: query.text,
    })
}

/// Whole days, both included; one alone is open at its other end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Period {
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
}

/// The accounts that a list is narrowed to, and a period in their zone.
pub(crate) struct Place {
    pub(crate) accounts: Option<Vec<AccountId>>,
    pub(crate) from: Option<Instant>,
    pub(crate) until: Option<Instant>,
}

/// Resolves an account number and days to accounts and instants. A number that nobody has, or
/// that whoever asks may not see, leaves no account.
pub(crate) async fn place(
    app: &App,
    actor: &Actor,
    account_number: Option<&str>,
    period: Period,
) -> Result<Place> {
    let tenant = actor.tenant_id;
    if let (Some(from), Some(to)) = (period.from, period.to)
        && from > to
    {
        return Err(Invalid::field("from_date", "must not be after to_date").into());
    }
    let mut accounts = actor.accounts();
    let mut zone = None;
    if let Some(number) = account_number {
        let mut reader = app.db.read().await?;
        let account = store::accounts::by_number(reader.link(), tenant, number).await?;
        let account = account.filter(|account| actor.sees(account.id));
        accounts = Some(account.iter().map(|account| account.id).collect());
        zone = account.map(|account| account.zone);
    }
    if period.from.is_none() && period.to.is_none() {
        return Ok(Place { accounts, from: None, until: None });
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
    Ok(Place {
        accounts,
        from: period.from.map(|date| zone.day_start(date)),
        until: period.to.map(|date| zone.day_end(date)),
    })
}

/// A page of messages, newest first. The filter comes from [`filter`] for the same actor.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    after: Option<Position>,
    limit: usize,
) -> Result<Vec<Message>> {
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(store::messages::page(reader.link(), actor.tenant_id, filter, after, limit).await?)
}

/// The newest messages that whoever asks took in the last day, at most `limit`.
pub async fn mine(app: &App, actor: &Actor, limit: usize) -> Result<Vec<Message>> {
    actor.require(Right::TakeMessages)?;
    let since = app.now().minus_ms(limits::DAY_MS);
    let (tenant, agent) = (actor.tenant_id, actor.user_id);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut reader = app.db.read().await?;
    Ok(store::messages::taken_by(reader.link(), tenant, agent, since, limit).await?)
}

/// How many messages a filter lets through.
pub async fn count(app: &App, actor: &Actor, filter: &Filter) -> Result<i64> {
    Ok(store::messages::count(app.db.read().await?.link(), actor.tenant_id, filter).await?)
}

/// A message.
pub async fn find(app: &App, actor: &Actor, id: MessageId) -> Result<Message> {
    let mut reader = app.db.read().await?;
    let message = store::messages::find(reader.link(), actor.tenant_id, id).await?;
    message.filter(|message| actor.sees(message.account_id)).ok_or(Error::NotFound)
}

/// A message with all that explains it.
#[derive(Clone, Debug)]
pub struct Detail {
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
pub async fn detail(app: &App, actor: &Actor, id: MessageId) -> Result<Detail> {
    let message = find(app, actor, id).await?;
    let tenant = actor.tenant_id;
    let mut reader = app.db.read().await?;
    let account = store::accounts::find(reader.link(), tenant, message.account_id).await?;
    let form = match message.form_id {
        Some(form) => store::forms::find(reader.link(), tenant, form).await?,
        None => None,
    };
    let activities = store::activities::of_message(reader.link(), tenant, id).await?;
    let mut deliveries = Vec::new();
    for delivery in store::deliveries::of_message(reader.link(), tenant, id).await? {
        let attempts = store::attempts::of(reader.link(), tenant, delivery.id).await?;
        deliveries.push((delivery, attempts));
    }
    let account = account.ok_or(Error::NotFound)?;
    let escalation = store::policies::escalation(reader.link(), tenant, id).await?;
    let mut policy = None;
    if let Some(standing) = &escalation {
        let all = store::policies::of_accounts(reader.link(), &[(tenant, account.id)]).await?;
        policy = all.into_iter().find(|policy| policy.id == standing.policy_id);
    }
    Ok(Detail { message, account, form, activities, deliveries, escalation, policy })
}

/// Changes a message. `revision` is the one that whoever asks last saw, if it matters to them.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: MessageId,
    update: &Update,
    revision: Option<i64>,
) -> Result<Message> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut message = find_to_change(&mut tx, actor, id).await?;
    if revision.is_some_and(|revision| revision != message.revision) {
        return Err(Error::Changed);
    }
    let before = message.status;
    let done = message.update(update, actor.user_id, now)?;
    if done.is_empty() {
        return Ok(message);
    }
    let mut ledger = Ledger::new(app, now);
    for kind in done {
        let mut event = kind.by(actor.user_id, &actor.name);
        if kind == ActivityKind::Disposed {
            event.detail = message.disposition.clone().unwrap_or_default();
        }
        ledger.log(&mut message, event);
    }
    if message.status != before {
        escalations::follow(&mut tx, &mut ledger, &mut message, now).await?;
    }
    ledger.keep(message.clone());
    ledger.commit(tx).await?;
    Ok(message)
}

/// A message that whoever asks may see and is about to change: it is locked.
pub(crate) async fn find_to_change(tx: &mut Tx, actor: &Actor, id: MessageId) -> Result<Message> {
    let message = store::messages::find_to_change(tx.link(), actor.tenant_id, id).await?;
    message.filter(|message| actor.sees(message.account_id)).ok_or(Error::NotFound)
}

/// A message as an agent took it down.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// A UUID made when the form was shown: saving twice makes one message.
    pub uuid: String,
    /// The version of the form that the agent saw; `None` for the standard form.
    pub form_id: Option<FormId>,
    /// The answers, by the name of the field.
    pub answers: Vec<(String, String)>,
    /// The line that was dialled.
    pub did_id: Option<DidId>,
    /// The contact that the message is for.
    pub contact_id: Option<ContactId>,
    /// The caller's number, as the switch gave it.
    pub caller_id: String,
    /// Whether it is an emergency, where the account's form does not ask.
    pub is_emergency: bool,
    /// The call that it was taken on, where the switch reported it.
    pub call_id: Option<CallId>,
    /// The occurrence of a To Do that the agent worked, if it was taken on one.
    pub run_id: Option<RunId>,
    /// Why it is no message (`hang_up`, `wrong_number`, …); `""` for a message.
    pub non_message_type: String,
    /// What the account wants done with it; `None` takes what the account does as a rule.
    pub closing_group_id: Option<ClosingGroupId>,
    /// When it is to be let out, where the agent was asked to hold it.
    pub send_at: Option<Instant>,
}

/// Takes a message: the message, its activities, what the account wishes done with it, and the jobs
/// that follow, in one transaction. What is no message (a hang-up, a wrong number) is kept, closed,
/// and nobody is told.
pub async fn take(
    app: &App,
    actor: &Actor,
    account: AccountId,
    mut entry: Entry,
) -> Result<Message> {
    actor.require(Right::TakeMessages)?;
    let desk = crate::accounts::desk(app, actor, account).await?;
    let form = match entry.form_id {
        Some(id) => crate::forms::form(app, actor, id).await?,
        None => Form::standard(account, desk.account.created_at),
    };
    entry.contact_id = form.recipient(&entry.answers, entry.contact_id);
    let now = app.now();
    let contact = check(&entry, &desk, &form, now)?;
    let taking = Taking {
        tenant_id: actor.tenant_id,
        account_id: account,
        agent_id: actor.user_id,
        did_id: entry.did_id,
        contact: contact.map(|contact| (contact.id, contact.name.clone())),
        caller_id: entry.caller_id.trim().to_owned(),
        form_id: form.id,
        uuid: entry.uuid.to_lowercase(),
        is_emergency: entry.is_emergency,
    };
    let mut message = Message::taken(taking, fill(&form, &entry)?, now);
    message.call_id = entry.call_id;
    message.send_at = entry.send_at;
    message.non_message_type.clone_from(&entry.non_message_type);
    message.from_to_do = entry.run_id.is_some();
    message.to_do_task_id = entry.run_id.map(|id| id.0);
    message.positive_data_dip = message.is_known(&desk.contacts);
    let mut tx = app.db.begin().await?;
    message.id = match store::messages::insert(tx.link(), &message).await {
        Ok(id) => id,
        Err(store::Error::Taken(_)) => {
            drop(tx);
            return taken_before(app, actor, &message).await;
        }
        Err(error) => return Err(error.into()),
    };
    let mut ledger = Ledger::new(app, now);
    ledger.log(&mut message, ActivityKind::Taken.by(actor.user_id, &actor.name));
    if entry.non_message_type.is_empty() {
        let book = playbooks::of(tx.link(), actor.tenant_id, account, now).await?;
        let book = book.ok_or(Error::NotFound)?;
        let chosen = entry.closing_group_id;
        if chosen.is_some_and(|id| book.closings.iter().all(|group| group.id != id)) {
            let rule = "must be one of this account's closing actions";
            return Err(Invalid::field("closing_group_id", rule).into());
        }
        closings::finish(&mut ledger, &book, &mut message, entry.closing_group_id, now);
    } else {
        message.status = Status::Closed;
        let mut event = ActivityKind::NotMessage.by(actor.user_id, &actor.name);
        event.detail = humanised(&entry.non_message_type).to_lowercase();
        ledger.log(&mut message, event);
    }
    ledger.keep(message.clone());
    ledger.commit(tx).await?;
    Ok(message)
}

/// The answers, checked; of what is no message only what is there.
fn fill(form: &Form, entry: &Entry) -> std::result::Result<Filled, Invalid> {
    match entry.non_message_type.is_empty() {
        true => form.fill(&entry.answers),
        false => form.fill_partly(&entry.answers),
    }
}

/// The message that the same form made when it was saved the first time.
async fn taken_before(app: &App, actor: &Actor, message: &Message) -> Result<Message> {
    let mut reader = app.db.read().await?;
    let before = store::messages::by_uuid(reader.link(), actor.tenant_id, &message.uuid).await?;
    before.filter(|before| before.account_id == message.account_id).ok_or(Error::Changed)
}

/// Checks an entry against the account's desk and form: all faults at once.
fn check<'d>(
    entry: &Entry,
    desk: &'d crate::accounts::Desk,
    form: &Form,
    now: Instant,
) -> Result<Option<&'d Contact>> {
    let mut invalid = match fill(form, entry) {
        Ok(_) => Invalid::new(),
        Err(invalid) => invalid,
    };
    invalid.require(form.account_id == desk.account.id, "form_id", "must be of this account");
    invalid.require(is_uuid(&entry.uuid), "uuid", "must be a UUID");
    let known = |id: DidId| desk.dids.iter().any(|did| did.id == id);
    invalid.require(entry.did_id.is_none_or(known), "did_id", "must be a line of this account");
    let contact = entry.contact_id.map(|id| desk.contacts.iter().find(|contact| contact.id == id));
    let in_directory = contact.is_none_or(|contact| contact.is_some());
    invalid.require(in_directory, "contact_id", "must be in this account's directory");
    check_line(&mut invalid, "caller_id", &entry.caller_id);
    let kind = entry.non_message_type.as_str();
    let is_kind = kind.is_empty() || NON_MESSAGES.contains(&kind);
    invalid.require(is_kind, "non_message_type", "must be one of the kinds that agents choose");
    let latest = now.plus_ms(limits::HELD_LONGEST_MS);
    let in_reach = entry.send_at.is_none_or(|at| at > now && at <= latest);
    invalid.require(in_reach, "send_at", "must be after now and within a year");
    for (name, text) in &entry.answers {
        check_text(&mut invalid, name, text);
    }
    invalid.or(contact.flatten()).map_err(Error::Invalid)
}

/// Whether a text is a UUID in its usual form (RFC 9562, 4).
fn is_uuid(text: &str) -> bool {
    let dash = |i: usize| matches!(i, 8 | 13 | 18 | 23);
    text.len() == 36
        && text.bytes().enumerate().all(
            |(i, b)| {
                if dash(i) { b == b'-' } else { b.is_ascii_hexdigit() }
            },
        )
}
