//! A saved message is put right, or sent once more; what stood there before is kept.

use domain::escalation::{Manner, Target, Telling};
use domain::message::Correction;
use domain::playbook::{Moment, Notice};
use domain::{ActivityKind, Channel, ContactId, Form, Invalid, Message, MessageId};
use store::Tx;

use super::read::find_to_change;
use crate::ledger::Ledger;
use crate::{Actor, App, Error, Result, playbooks};

/// What somebody corrects. What is not given stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorrectionEntry {
    /// Answers, by the name of the question, or of the message's own column.
    pub answers: Vec<(String, String)>,
    /// Whom it is for; `Some(None)`: nobody in particular.
    pub contact_id: Option<Option<ContactId>>,
}

/// Puts right what was taken down, by the form that it was taken with. Each version is kept, the log
/// says what was corrected, and webhooks hear of it. Nothing is sent again by that. `revision` is
/// the one that whoever asks last saw, if it matters to them.
#[crate::boxed]
pub async fn correct(
    app: &App,
    actor: &Actor,
    id: MessageId,
    entry: &CorrectionEntry,
    revision: Option<i64>,
) -> Result<Message> {
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let mut message = find_to_change(&mut tx, actor, id).await?;
    if revision.is_some_and(|revision| revision != message.revision) {
        return Err(Error::Changed);
    }
    let before = message.clone();
    let form = match message.form_id {
        Some(form) => store::forms::find(tx.link(), tenant, form).await?,
        None => None,
    };
    let form = form.unwrap_or_else(|| Form::standard(message.account_id, message.created_at));
    let book = playbooks::read::ground(tx.link(), tenant, message.account_id).await?;
    let book = book.ok_or(Error::NotFound)?;
    put_right(&mut message, &form, entry, &book)?;
    message.positive_data_dip = message.is_known(&book.contacts);
    let mut ledger = Ledger::new(app, now);
    if !keep(&mut tx, &mut ledger, actor, &mut message, &before).await? {
        return Ok(before);
    }
    message.touch(now);
    ledger.keep(message.clone());
    ledger.commit(tx).await?;
    Ok(message)
}

fn put_right(
    message: &mut Message,
    form: &Form,
    entry: &CorrectionEntry,
    book: &domain::Playbook,
) -> std::result::Result<(), Invalid> {
    let mut answers = entry.answers.clone();
    let kept = message
        .answers
        .0
        .iter()
        .filter(|(name, _)| !entry.answers.iter().any(|(given, _)| given == name));
    answers.extend(kept.cloned());
    let given = &answers[..entry.answers.len()];
    let mut invalid = Invalid::new();
    for (name, text) in given {
        let is_known = form.label(name).is_some() || domain::form::COLUMNS.contains(&name.as_str());
        invalid.require(is_known, name, "is not a question of the form that it was taken with");
        domain::message::check_text(&mut invalid, name, text);
    }
    let contact = entry.contact_id.unwrap_or(message.contact_id);
    // The form keeps the name of whoever it is for; a question for that is answered with an id.
    let recipient = form.fields().find(|field| field.kind == domain::FieldKind::Recipient);
    if let Some(field) = recipient {
        answers.retain(|(name, _)| *name != field.name);
        answers.push((field.name.clone(), contact.map(|id| id.to_string()).unwrap_or_default()));
    }
    let filled = match message.non_message_type.is_empty() {
        true => form.fill(&answers),
        false => form.fill_partly(&answers),
    };
    let contact = match contact {
        Some(id) if Some(id) != message.contact_id => {
            let found = book.contact(id);
            let rule = "must be in this account's directory";
            invalid.require(found.is_some(), "contact_id", rule);
            found.map(|contact| (contact.id, contact.name.clone()))
        }
        Some(id) => Some((id, message.receiver_name.clone())),
        None => None,
    };
    match filled {
        Ok(filled) if invalid.is_empty() => {
            message.correct(filled, contact);
            message.fill_columns(form.unasked(&entry.answers));
            Ok(())
        }
        Ok(_) => Err(invalid),
        Err(faults) => {
            faults.faults().for_each(|(path, rule)| invalid.add(path, rule));
            Err(invalid)
        }
    }
}

/// Keeps what a correction replaced, and logs it. False if it changed nothing. The message is
/// locked, and the caller keeps its other columns.
pub(super) async fn keep(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    actor: &Actor,
    message: &mut Message,
    before: &Message,
) -> Result<bool> {
    let replaced = message.replaced(before);
    if replaced.0.is_empty() {
        return Ok(false);
    }
    let (tenant, id) = (message.tenant_id, message.id);
    let versions = store::corrections::of_message(tx.link(), tenant, id).await?;
    let mut event = ActivityKind::Corrected.by(actor.user_id, &actor.name);
    event.detail = replaced.named();
    ledger.log(message, event);
    let correction = Correction {
        version: versions.last().map_or(1, |last| last.version + 1),
        replaced,
        user_id: actor.user_id,
        user_name: actor.name.clone(),
        at: ledger.now(),
    };
    store::corrections::insert(tx.link(), tenant, id, &correction).await?;
    store::corrections::write(tx.link(), message).await?;
    Ok(true)
}

/// The corrections of a message that somebody may see, first to last.
#[crate::boxed]
pub async fn corrections(app: &App, actor: &Actor, id: MessageId) -> Result<Vec<Correction>> {
    super::find(app, actor, id).await?;
    let mut reader = app.db.read().await?;
    Ok(store::corrections::of_message(reader.link(), actor.tenant_id, id).await?)
}

/// Sends a message once more to whom it is for, or to somebody else of its account's directory, by
/// the first way that is open or by the first on one channel. Answers who is told. Its status, and
/// whom it is for, stay as they are.
#[crate::boxed]
pub async fn send_again(
    app: &App,
    actor: &Actor,
    id: MessageId,
    to: Option<ContactId>,
    channel: Option<Channel>,
) -> Result<Vec<Notice>> {
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let mut message = find_to_change(&mut tx, actor, id).await?;
    let book = playbooks::read::of(tx.link(), tenant, message.account_id, now).await?;
    let book = book.ok_or(Error::NotFound)?;
    let known = to.is_none_or(|id| book.contact(id).is_some());
    if !known || to.or(message.contact_id).is_none() {
        let rule = "must be in this account's directory";
        return Err(Invalid::field("contact_id", rule).into());
    }
    let target = to.map_or(Target::Recipient, Target::Contact);
    let channels = channel.into_iter().collect();
    let telling = Telling { targets: vec![target], channels, manner: Manner::First };
    let plan = book.tell(&telling, message.contact_id, now);
    if let (true, Some(why)) = (plan.notices.is_empty(), plan.missing.first()) {
        return Err(Invalid::field("contact_id", format!("cannot be reached: {why}")).into());
    }
    let mut event = ActivityKind::SentAgain.by(actor.user_id, &actor.name);
    let other = to.filter(|to| Some(*to) != message.contact_id).and_then(|to| book.contact(to));
    event.subject = other.map(|contact| contact.name.clone()).unwrap_or_default();
    let mut ledger = Ledger::new(app, now);
    let notices = plan.notices.clone();
    let (event, missing) = (Some(event), plan.missing);
    let moment = Moment { event, notices: plan.notices, missing, telling: 0 };
    ledger.perform(&mut message, &book, vec![moment]);
    message.touch(now);
    ledger.keep(message);
    ledger.commit(tx).await?;
    Ok(notices)
}
