//! Taking a message: one transaction keeps it, ends what it was taken on, and queues what follows.

use std::sync::Arc;

use domain::closing::choose;
use domain::form::humanised;
use domain::message::Taking;
use domain::user::Right;
use domain::{
    AccountId, ActivityKind, Contact, Form, FormId, Instant, Invalid, Message, Origin, Status,
    UserId,
};
use store::Tx;

use super::entry::{MessageEntry, check, fill};
use crate::closings::Consequence;
use crate::idempotency::Repeat;
use crate::ledger::Ledger;
use crate::{Actor, App, Error, Result, closings, idempotency, live, playbooks, work_queue};

/// A message that was saved, and what was queued with it.
#[derive(Clone, Debug)]
pub struct SavedMessage {
    /// The message as it now stands.
    pub message: Message,
    /// What is done with it.
    pub consequence: Consequence,
}

/// Takes a message. One transaction writes the message, its activities, what the account wants done
/// with it and the jobs that follow, notes on the call that its agent saved, and ends the To Do that
/// the agent worked: all of it or nothing. A call or a To Do that somebody else has by now stays
/// with them. What is no message (a hang-up, a wrong number) is kept, closed, and nobody is told.
#[crate::boxed]
pub async fn take(
    app: &App,
    actor: &Actor,
    account: AccountId,
    entry: MessageEntry,
) -> Result<SavedMessage> {
    actor.require(Right::TakeMessages)?;
    let mut tx = app.db.begin().await?;
    let form = form(&mut tx, actor, entry.form_id).await?;
    save(app, actor, tx, account, form, entry, None).await
}

/// Saves what was taken by a form (`None`: the standard one), in a transaction that it ends. What
/// may be repeated is kept for that.
pub(super) async fn save(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    account: AccountId,
    form: Option<Form>,
    mut entry: MessageEntry,
    repeat: Option<&Repeat<'_, SavedMessage>>,
) -> Result<SavedMessage> {
    let (tenant, now) = (actor.tenant_id, app.now());
    let book = playbooks::read::ground(tx.link(), tenant, account).await?;
    let mut book = book.filter(|book| actor.sees(book.account.id)).ok_or(Error::NotFound)?;
    let form = form.unwrap_or_else(|| Form::standard(account, book.account.created_at));
    entry.contact_id = form.recipient(&entry.answers, entry.contact_id);
    let contact = check(&entry, &book, &form, now)?;
    check_user(&mut tx, actor, account, entry.details.user_id.flatten()).await?;
    let call = live::of_account(&mut tx, tenant, account, entry.call_id).await?;
    let item = work_queue::to_do_of_account(&mut tx, tenant, account, entry.item_id).await?;
    let mut message = draft(actor, account, &form, &entry, contact, now)?;
    if let Some(call) = &call {
        message.comes_by(call);
    }
    let run = item.as_ref().and_then(|item| item.run_id);
    message.from_to_do = run.is_some();
    message.to_do_task_id = run.map(|id| id.0);
    message.origin = run.map(|_| Origin::ToDo).or(message.origin);
    message.positive_data_dip = message.is_known(&book.contacts);
    let mut ledger = Ledger::new(app, now);
    ledger.knows(form);
    ledger.log(&mut message, ActivityKind::Taken.by(actor.user_id, &actor.name));
    let consequence = if entry.non_message_type.is_empty() {
        let group = choose(&book.closings, entry.closing_group_id, message.is_emergency).cloned();
        let actions = group.as_ref().map_or(&[][..], |group| &group.actions);
        playbooks::read::complete(tx.link(), &mut book, actions, now).await?;
        closings::finish(&mut ledger, &Arc::new(book), &mut message, group.as_ref(), now)
    } else {
        file(&mut ledger, actor, &mut message)
    };
    match ledger.insert(&mut tx, &mut message).await {
        Err(store::Error::Taken(_)) => {
            drop(tx);
            return taken_before(app, actor, &message).await;
        }
        inserted => inserted?,
    }
    if let Some(call) = call
        && live::save(&mut tx, actor, call, now).await?
    {
        ledger.rings(tenant);
    }
    if let Some(item) = item {
        let outcome = format!("Took message {}.", message.id);
        work_queue::worked(&mut tx, &mut ledger, actor, &item, &outcome, now).await?;
    }
    let saved = SavedMessage { message, consequence };
    if let Some(repeat) = repeat {
        idempotency::keep(&mut tx, actor, repeat, saved.message.id.0, &saved, now).await?;
    }
    ledger.commit(tx).await?;
    Ok(saved)
}

/// The message as its entry says it.
fn draft(
    actor: &Actor,
    account: AccountId,
    form: &Form,
    entry: &MessageEntry,
    contact: Option<&Contact>,
    now: Instant,
) -> Result<Message> {
    let taking = Taking {
        tenant_id: actor.tenant_id,
        account_id: account,
        agent_id: actor.role.may(Right::TakeMessages).then_some(actor.user_id),
        did_id: entry.did_id,
        contact: contact.map(|contact| (contact.id, contact.name.clone())),
        caller_id: entry.caller_id.trim().to_owned(),
        form_id: form.id,
        uuid: entry.uuid.to_lowercase(),
        is_emergency: entry.is_emergency,
    };
    let mut message = Message::taken(taking, fill(form, entry)?, now);
    if entry.origin.is_some() {
        // An agent may still have an older form open; a program says what it means.
        message.fill_columns(form.unasked(&entry.answers));
    }
    message.note_details(&entry.details);
    message.origin = entry.origin;
    message.message_received_date = entry.received_at;
    message.send_at = entry.send_at;
    message.non_message_type.clone_from(&entry.non_message_type);
    Ok(message)
}

/// Files what is no message: it is closed, and nobody is told.
fn file(ledger: &mut Ledger<'_>, actor: &Actor, message: &mut Message) -> Consequence {
    message.status = Status::Closed;
    let mut event = ActivityKind::NotMessage.by(actor.user_id, &actor.name);
    event.detail = humanised(&message.non_message_type).to_lowercase();
    ledger.log(message, event);
    Consequence::Filed
}

/// Refuses a user whom a message cannot be for: one who does not see its account.
pub(super) async fn check_user(
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    id: Option<UserId>,
) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let tenant = actor.tenant_id;
    let sees = match store::users::find(tx.link(), tenant, id).await? {
        Some(user) if user.role.may(Right::SeeAllAccounts) => true,
        Some(_) => store::users::accounts_of(tx.link(), tenant, id).await?.contains(&account),
        None => false,
    };
    match sees {
        true => Ok(()),
        false => Err(Invalid::field("user_id", "must be a user who sees this account").into()),
    }
}

/// The version of a form that an agent saw; `None` for the standard one.
async fn form(tx: &mut Tx, actor: &Actor, id: Option<FormId>) -> Result<Option<Form>> {
    let Some(id) = id else { return Ok(None) };
    let form = store::forms::find(tx.link(), actor.tenant_id, id).await?;
    Ok(Some(form.filter(|form| actor.sees(form.account_id)).ok_or(Error::NotFound)?))
}

/// The message that the same form made when it was saved the first time.
async fn taken_before(app: &App, actor: &Actor, message: &Message) -> Result<SavedMessage> {
    let mut reader = app.db.read().await?;
    let before = store::messages::by_uuid(reader.link(), actor.tenant_id, &message.uuid).await?;
    let before = before.filter(|before| before.account_id == message.account_id);
    let message = before.ok_or(Error::Changed)?;
    Ok(SavedMessage { message, consequence: Consequence::SavedBefore })
}
