//! Messages: taken by agents, read and settled by clients.

use domain::delivery::Cause;
use domain::message::{Taking, Update, check_text};
use domain::user::{Right, check_email, check_line};
use domain::{
    Account, AccountId, Activity, ActivityKind, Attempt, CallId, Channel, ClosingGroupId, Contact,
    ContactId, Date, Delivery, DidId, Event, Form, FormId, Instant, Invalid, JobKind, Message,
    MessageId, RunId, Status, limits, mail,
};
use store::Tx;
use store::jobs::NewJob;

pub use store::messages::{Filter, Position};

use crate::{Actor, App, Error, Result};

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
    Ok(Detail { message, account, form, activities, deliveries })
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
    let message = store::messages::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let mut message =
        message.filter(|message| actor.sees(message.account_id)).ok_or(Error::NotFound)?;
    if revision.is_some_and(|revision| revision != message.revision) {
        return Err(Error::Changed);
    }
    let done = message.update(update, actor.user_id, now)?;
    if done.is_empty() {
        return Ok(message);
    }
    for kind in done {
        let mut event = kind.by(actor.user_id, &actor.name);
        if kind == ActivityKind::Disposed {
            event.detail = message.disposition.clone().unwrap_or_default();
        }
        log(&mut tx, &mut message, &event, now).await?;
    }
    store::messages::update(tx.link(), &message).await?;
    tx.commit().await?;
    Ok(message)
}

/// Adds an event to a message's log and counts it. The caller writes the message.
pub(crate) async fn log(
    tx: &mut Tx,
    message: &mut Message,
    event: &Event,
    at: Instant,
) -> Result<()> {
    store::activities::insert(tx.link(), message.tenant_id, message.id, event, at).await?;
    message.activities_count += 1;
    crate::webhooks::activity(tx, message, event.kind, at).await
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
    /// The contact that the message is for, who is told by e-mail.
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

/// Takes a message: the message, its activities, an e-mail delivery to the contact and the job
/// that sends it, in one transaction. A contact without an address gets none.
pub async fn take(app: &App, actor: &Actor, account: AccountId, entry: Entry) -> Result<Message> {
    actor.require(Right::TakeMessages)?;
    let desk = crate::accounts::desk(app, actor, account).await?;
    let form = match entry.form_id {
        Some(id) => crate::accounts::form(app, actor, id).await?,
        None => Form::standard(account, desk.account.created_at),
    };
    let contact = check(&entry, &desk, &form)?;
    let now = app.now();
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
    let mut message = Message::taken(taking, form.fill(&entry.answers)?, now);
    let mut tx = app.db.begin().await?;
    message.id = match store::messages::insert(tx.link(), &message).await {
        Ok(id) => id,
        Err(store::Error::Taken(_)) => {
            drop(tx);
            return taken_before(app, actor, &message).await;
        }
        Err(error) => return Err(error.into()),
    };
    let event = ActivityKind::Taken.by(actor.user_id, &actor.name);
    log(&mut tx, &mut message, &event, now).await?;
    if let Some(contact) = contact.filter(|contact| !contact.email.is_empty()) {
        queue_email(app, &mut tx, &mut message, &desk.account, contact, now).await?;
    }
    store::messages::update(tx.link(), &message).await?;
    tx.commit().await?;
    Ok(message)
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
) -> Result<Option<&'d Contact>> {
    let mut invalid = match form.fill(&entry.answers) {
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

/// Writes an e-mail delivery, its activity and its job.
async fn queue_email(
    app: &App,
    tx: &mut Tx,
    message: &mut Message,
    account: &Account,
    contact: &Contact,
    now: Instant,
) -> Result<()> {
    debug_assert!(check_email(&contact.email).is_ok());
    let (subject, body) = mail::compose(message, account);
    let (cause, address) = (Cause::Message(message.id), contact.email.clone());
    let key = app.entropy.uuid();
    let delivery = Delivery {
        contact_id: Some(contact.id),
        recipient: contact.name.clone(),
        subject,
        body,
        ..Delivery::queued(account.id, cause, Channel::Email, address, key, now)
    };
    let tenant = message.tenant_id;
    let id = store::deliveries::insert(tx.link(), tenant, &delivery).await?;
    let event = ActivityKind::Queued.by_system(&contact.email, "");
    log(tx, message, &event, now).await?;
    let kind = JobKind::Deliver(Channel::Email);
    let job = NewJob { tenant_id: tenant, kind, subject_id: id.0, due_at: now };
    store::jobs::set(tx.link(), job).await?;
    Ok(())
}
