//! Acknowledging by those who were told: with a key in the call, a text, or a click in the e-mail.
//! In the portal and over the API it is a change of the message's status.

use domain::delivery::{Cause, Reach};
use domain::reply::{self, Reply};
use domain::work_item::{NewItem, WorkKind};
use domain::{
    Account, ActivityKind, Delivery, Event, Instant, Message, MessageId, Status, TenantId,
};
use store::Tx;
use store::codes::ReplyCode;

use crate::ledger::Ledger;
use crate::{App, Error, Result, escalations, links, playbooks};

/// Codes of one phone that a text without a code may mean.
const CODES_READ: i64 = 900;

/// Writes down that somebody who was told acknowledged a message. False if somebody took charge of
/// it before. The message is locked, and the caller keeps it.
pub(crate) async fn by_name(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    message: &mut Message,
    name: &str,
    how: &str,
    now: Instant,
) -> Result<bool> {
    if message.status.is_settled() {
        return Ok(false);
    }
    message.status = Status::Acknowledged;
    ledger.log(message, said(ActivityKind::Acknowledged, name, "", how));
    escalations::follow(tx, ledger, message, now).await?;
    Ok(true)
}

/// An event that somebody caused who is no user.
fn said(kind: ActivityKind, name: &str, subject: &str, detail: &str) -> Event {
    Event { actor_name: name.to_owned(), ..kind.by_system(subject, detail) }
}

/// What the link of an e-mail leads to.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The message.
    pub message: Message,
    /// Its account.
    pub account: Account,
    /// The delivery whose link it is.
    pub delivery: Delivery,
    /// Whether the link can still acknowledge.
    pub state: LinkState,
}

/// Whether a link can still acknowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It can.
    Open,
    /// It was used.
    Used,
    /// Somebody took charge otherwise.
    Settled,
    /// It is too old.
    Expired,
}

/// What a link leads to. Looking changes nothing: mail servers look at links before people do.
#[crate::boxed]
pub async fn linked(app: &App, tenant: TenantId, token: &str) -> Result<Linked> {
    let mut reader = app.db.read().await?;
    let (message, delivery) = find(reader.link(), tenant, token).await?;
    let account = store::accounts::find(reader.link(), tenant, message.account_id).await?;
    let account = account.ok_or(Error::NotFound)?;
    let state = state(&message, &delivery, app.now());
    Ok(Linked { message, account, delivery, state })
}

async fn find(
    mut link: store::Link<'_>,
    tenant: TenantId,
    token: &str,
) -> Result<(Message, Delivery)> {
    let secret = store::tenants::link_secret(link.again(), tenant).await?.ok_or(Error::NotFound)?;
    let (id, key) = links::read(&secret, tenant, token).ok_or(Error::NotFound)?;
    let message = store::messages::find(link.again(), tenant, id).await?;
    let deliveries = store::deliveries::of_message(link, tenant, id).await?;
    let delivery = deliveries.into_iter().find(|delivery| delivery.key == key);
    message.zip(delivery).ok_or(Error::NotFound)
}

fn state(message: &Message, delivery: &Delivery, now: Instant) -> LinkState {
    match () {
        () if delivery.reach == Some(Reach::Acknowledged) => LinkState::Used,
        () if message.status.is_settled() => LinkState::Settled,
        () if !links::is_fresh(delivery, now) => LinkState::Expired,
        () => LinkState::Open,
    }
}

/// Acknowledges a message by the link of an e-mail, once.
#[crate::boxed]
pub async fn by_link(app: &App, tenant: TenantId, token: &str) -> Result<Linked> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (seen, delivery) = find(tx.link(), tenant, token).await?;
    // In the order in which the worker locks: the delivery, then its message.
    let locked = store::deliveries::find_to_change(tx.link(), tenant, delivery.id).await?;
    let mut delivery = locked.ok_or(Error::NotFound)?;
    let message = store::messages::find_to_change(tx.link(), tenant, seen.id).await?;
    let mut message = message.ok_or(Error::NotFound)?;
    let account = store::accounts::find(tx.link(), tenant, message.account_id).await?;
    let account = account.ok_or(Error::NotFound)?;
    let state = state(&message, &delivery, now);
    if state == LinkState::Open {
        let mut ledger = Ledger::new(app, now);
        let name = delivery.recipient.clone();
        by_name(&mut tx, &mut ledger, &mut message, &name, "by e-mail", now).await?;
        message.touch(now);
        ledger.keep(message.clone());
        ledger.write(&mut tx).await?;
        delivery.reach = Some(Reach::Acknowledged);
        delivery.updated_at = now;
        store::deliveries::update_all(tx.link(), &[(tenant, &delivery)]).await?;
        tx.commit().await?;
    }
    Ok(Linked { message, account, delivery, state })
}

/// What we make of a text from somebody who was told of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextAnswer {
    /// The word that it is kept with.
    pub(crate) meaning: &'static str,
    /// What is answered; `""` for nothing.
    pub(crate) answer: String,
}

/// Takes in a text of a phone (`+` and digits), in the caller's transaction. `None` if that phone
/// was never told of a message.
pub(crate) async fn by_text(
    app: &App,
    tx: &mut Tx,
    tenant: TenantId,
    phone: &str,
    text: &str,
) -> Result<Option<TextAnswer>> {
    let codes = store::codes::of_phone(tx.link(), tenant, phone, CODES_READ).await?;
    if codes.is_empty() {
        return Ok(None);
    }
    let reply = reply::read(text);
    let (Reply::Acknowledge(given) | Reply::PassOn(given) | Reply::Words { code: given, .. }) =
        &reply;
    let meant = match meant(tx, tenant, &codes, given.as_deref()).await? {
        Ok(meant) => meant,
        // A question is about something, even where it does not say about which.
        Err(_) if matches!(reply, Reply::Words { .. }) => codes[0].clone(),
        Err(answer) => return Ok(Some(TextAnswer { meaning: "unclear", answer })),
    };
    let message = store::messages::find_to_change(tx.link(), tenant, meant.message_id).await?;
    let mut message = message.ok_or(Error::NotFound)?;
    let mut ledger = Ledger::new(app, app.now());
    let heard = hear(tx, &mut ledger, &mut message, &meant, reply, app.now()).await?;
    message.touch(app.now());
    ledger.keep(message);
    ledger.write(tx).await?;
    Ok(Some(heard))
}

/// The code that is meant: the one given, or the only one whose message is still open.
async fn meant(
    tx: &mut Tx,
    tenant: TenantId,
    codes: &[ReplyCode],
    given: Option<&str>,
) -> Result<std::result::Result<ReplyCode, String>> {
    if let Some(given) = given {
        let found = codes.iter().find(|code| code.code.to_string() == given);
        let unknown = || format!("{given} is not a code that we sent to this phone.");
        return Ok(found.cloned().ok_or_else(unknown));
    }
    let ids: Vec<(TenantId, MessageId)> =
        codes.iter().map(|code| (tenant, code.message_id)).collect();
    let settled = store::messages::settled_among(tx.link(), &ids).await?;
    let is_open = |code: &&ReplyCode| !settled.contains(&(tenant, code.message_id));
    let mut open: Vec<&ReplyCode> = codes.iter().filter(is_open).collect();
    // One message may have been told to this phone more than once.
    open.dedup_by_key(|code| code.message_id);
    Ok(match open.as_slice() {
        [] => Err("Nothing waits for you: all messages are in hand.".to_owned()),
        [only] => Ok((*only).clone()),
        several => {
            let list: Vec<String> =
                several.iter().take(5).map(|code| code.code.to_string()).collect();
            Err(format!("Several messages wait for you. Reply with a code: {}.", list.join(", ")))
        }
    })
}

async fn hear(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    message: &mut Message,
    code: &ReplyCode,
    reply: Reply,
    now: Instant,
) -> Result<TextAnswer> {
    let (name, caller) = (code.name.as_str(), message.caller());
    match reply {
        Reply::Acknowledge(_) => {
            let is_new = by_name(tx, ledger, message, name, "by text", now).await?;
            let answer = match is_new {
                true => format!("Acknowledged: message from {caller} ({}).", code.code),
                false => format!("The message from {caller} is in hand already."),
            };
            Ok(TextAnswer { meaning: "acknowledge", answer })
        }
        Reply::PassOn(_) => {
            let account = message.account_id;
            let book = playbooks::read::of(tx.link(), message.tenant_id, account, now).await?;
            let goes_on = match &book {
                Some(book) if !message.status.is_settled() => {
                    escalations::hurry(tx, ledger, book, message, now).await?
                }
                _ => false,
            };
            let answer = if message.status.is_settled() {
                format!("The message from {caller} is in hand already.")
            } else if goes_on {
                ledger.log(message, said(ActivityKind::PassedOn, name, "", "by text"));
                "Passed on: the next one is told now.".to_owned()
            } else {
                let words = "I cannot take it.";
                ledger.log(message, said(ActivityKind::Replied, name, "by text", words));
                ask(ledger, message, name, words);
                "Passed on to the answering service.".to_owned()
            };
            Ok(TextAnswer { meaning: "pass_on", answer })
        }
        Reply::Words { text, .. } => {
            ledger.log(message, said(ActivityKind::Replied, name, "by text", &text));
            ask(ledger, message, name, &text);
            Ok(TextAnswer { meaning: "question", answer: String::new() })
        }
    }
}

/// Puts what somebody said into the work queue.
fn ask(ledger: &mut Ledger<'_>, message: &Message, name: &str, text: &str) {
    let item = NewItem {
        account_id: message.account_id,
        kind: WorkKind::Question,
        message_id: Some(message.id),
        run_id: None,
        subject: String::new(),
        title: format!("{name} replied about the message from {}", message.caller()),
        detail: text.to_owned(),
        is_urgent: message.is_emergency,
    };
    ledger.items.push((message.tenant_id, item));
}

/// Whether a delivery was acknowledged where it arrived: with a key in the call.
pub(crate) fn was_pressed(delivery: &Delivery) -> bool {
    matches!(delivery.cause, Cause::Message(_)) && delivery.reach == Some(Reach::Acknowledged)
}
