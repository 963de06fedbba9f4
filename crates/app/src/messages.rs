//! Messages: taken by agents, read and settled by clients.

mod read;

use domain::form::{Filled, humanised};
use domain::message::{NON_MESSAGES, Taking, Update, check_text};
use domain::user::{Right, check_line};
use domain::{
    AccountId, ActivityKind, CallId, ClosingGroupId, Contact, ContactId, DidId, Form, FormId,
    Instant, Invalid, Message, MessageId, RunId, Status, limits,
};
pub use read::{Detail, Query, count, detail, filter, find, mine, page};
pub(crate) use read::{Period, find_to_change, list_scope};
pub use store::messages::{Filter, Position};

use crate::ledger::Ledger;
use crate::{Actor, App, Error, Result, closings, escalations, playbooks};

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
