//! Texts that people send to us: STOP, START and HELP are obeyed, everything is kept, and nobody is
//! texted who asked for no more.

use domain::account::phone_digits;
use domain::delivery::Cause;
use domain::opt_out::{self, Word};
use domain::phone::e164;
use domain::user::Right;
use domain::{Channel, Delivery, Instant, Invalid, JobKind, TenantId, limits};
use store::Tx;
use store::jobs::NewJob;
use store::spending::Purse;
pub use store::texts::{InboundText, OptOut};

use crate::audit::Who;
use crate::{Actor, App, Result, acknowledgements, audit};

/// Rows that a list of texts or phones shows at most.
const ROWS: i64 = 500;

/// A text as a carrier hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// The sender: `+` and digits, where it is a phone.
    pub from: String,
    /// Our number that it was sent to.
    pub to: String,
    /// The text.
    pub text: String,
    /// The carrier's id of it, the same when it is handed over twice; `""` where it has none.
    pub reference: String,
}

/// Takes in a text that a carrier hands over for the tenants with one of these subdomains (all, if
/// there is none). It is kept by each tenant that has the line it was sent to; a number that is
/// nobody's line is only obeyed, by all of them: a STOP must never get lost.
///
/// STOP and START change the list of opted-out phones and are confirmed once, HELP is answered; a
/// phone gets few such answers a day. A text of somebody who was told of a message acknowledges it,
/// passes it on or asks back. Any other text is kept and not answered. Answers how many
/// tenants took it in; none if it was handed over before.
#[crate::boxed]
pub async fn receive(
    app: &App,
    carrier: &str,
    subdomains: &[String],
    inbound: &Inbound,
) -> Result<usize> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut taken = 0;
    for tenant in addressees(&mut tx, subdomains, &inbound.to).await? {
        let word = opt_out::word(&inbound.text);
        let phone = e164(&inbound.from).ok();
        let text = InboundText {
            carrier: carrier.to_owned(),
            reference: inbound.reference.clone(),
            sender: inbound.from.clone(),
            recipient: inbound.to.clone(),
            text: bounded(&inbound.text),
            meaning: meaning(word).to_owned(),
            received_at: now,
        };
        let Some(id) = store::texts::receive(tx.link(), tenant, &text).await? else { continue };
        taken += 1;
        match (word, phone) {
            (Some(word), Some(phone)) => obey(app, &mut tx, tenant, word, &phone, &text).await?,
            (None, Some(phone)) => hear(app, &mut tx, (tenant, id), &phone, &text).await?,
            (_, None) => {}
        }
    }
    tx.commit().await?;
    Ok(taken)
}

/// The tenants that a text is for.
async fn addressees(tx: &mut Tx, subdomains: &[String], to: &str) -> Result<Vec<TenantId>> {
    let tenants = store::tenants::list(tx.link()).await?;
    let is_served = |subdomain: &String| subdomains.is_empty() || subdomains.contains(subdomain);
    let served: Vec<TenantId> = tenants
        .iter()
        .filter(|tenant| is_served(&tenant.subdomain))
        .map(|tenant| tenant.id)
        .collect();
    let lines = store::texts::tenants_with_line(tx.link(), &phone_digits(to)).await?;
    let theirs: Vec<TenantId> = served.iter().copied().filter(|id| lines.contains(id)).collect();
    Ok(if theirs.is_empty() { served } else { theirs })
}

/// Does what a word asks for, and answers it where that changed something or tells something.
async fn obey(
    app: &App,
    tx: &mut Tx,
    tenant: TenantId,
    word: Word,
    phone: &str,
    text: &InboundText,
) -> Result<()> {
    let now = text.received_at;
    let (is_news, action) = match word {
        Word::Stop => {
            let word = bounded(text.text.trim());
            let row = OptOut { address: phone.to_owned(), word, opted_out_at: now };
            (store::texts::opt_out(tx.link(), tenant, &row).await?, Some("sms.stop"))
        }
        Word::Start => (store::texts::opt_in(tx.link(), tenant, phone).await?, Some("sms.start")),
        Word::Help => (true, None),
    };
    if let Some(action) = action.filter(|_| is_news) {
        audit::record_by(tx, tenant, Who::Named(phone), action, phone, now).await?;
    }
    if is_news { reply(app, tx, tenant, word, phone, text).await } else { Ok(()) }
}

/// Takes in a text that may be about a message: whoever was told of one acknowledges it, passes it
/// on, or asks back, and hears the answer. Strangers hear nothing.
async fn hear(
    app: &App,
    tx: &mut Tx,
    (tenant, id): (TenantId, i64),
    phone: &str,
    text: &InboundText,
) -> Result<()> {
    let heard = acknowledgements::by_text(app, tx, tenant, phone, &text.text).await?;
    let Some(heard) = heard else { return Ok(()) };
    store::texts::understand(tx.link(), tenant, id, heard.meaning).await?;
    if heard.answer.is_empty() {
        return Ok(());
    }
    let purse = (format!("answers {phone}"), limits::ANSWERS_PER_DAY);
    answer(app, tx, tenant, phone, text, purse, |_| heard.answer).await
}

/// Queues the answer to a word. A stranger gets few of them a day: enough for a person, too few for
/// two machines that answer each other.
async fn reply(
    app: &App,
    tx: &mut Tx,
    tenant: TenantId,
    word: Word,
    phone: &str,
    text: &InboundText,
) -> Result<()> {
    let purse = (format!("replies {phone}"), limits::REPLIES_PER_DAY);
    let body = |account: &str| opt_out::confirmation(word, account);
    answer(app, tx, tenant, phone, text, purse, body).await
}

/// Queues an answer to a text, from the line that it was sent to, unless that phone has had as many
/// today as it may. The words are made from the name of the line's account.
async fn answer(
    app: &App,
    tx: &mut Tx,
    tenant: TenantId,
    phone: &str,
    text: &InboundText,
    (purse, most): (String, i64),
    body: impl FnOnce(&str) -> String,
) -> Result<()> {
    let now = text.received_at;
    let line = phone_digits(&text.recipient);
    let Some(did) = store::accounts::did_by_number(tx.link(), tenant, &line).await? else {
        return Ok(());
    };
    let window_at = Instant::from_ms(now.as_ms().div_euclid(limits::DAY_MS) * limits::DAY_MS);
    let purse = Purse { tenant_id: tenant, name: purse, window_at };
    let sums = store::spending::spend(tx.link(), &[(purse, 1)]).await?;
    if sums.first().is_none_or(|sum| *sum > most) {
        return Ok(());
    }
    let account = store::accounts::find(tx.link(), tenant, did.account_id).await?;
    let name = account.map(|account| account.name).unwrap_or_default();
    let (address, key) = (phone.to_owned(), app.entropy.uuid());
    let kind = Channel::Sms;
    let delivery = Delivery {
        sender: e164(&text.recipient).unwrap_or_default(),
        body: body(&name),
        ..Delivery::queued(did.account_id, Cause::Reply, kind, address, key, now)
    };
    let id = store::deliveries::insert(tx.link(), tenant, &delivery).await?;
    let (kind, subject_id) = (JobKind::Deliver(kind), id.0);
    let job = NewJob { tenant_id: tenant, kind, subject_id, due_at: now };
    Ok(store::jobs::set(tx.link(), job).await?)
}

fn meaning(word: Option<Word>) -> &'static str {
    match word {
        Some(Word::Stop) => "stop",
        Some(Word::Start) => "start",
        Some(Word::Help) => "help",
        None => "text",
    }
}

/// A text of somebody else's, as much of it as is kept.
fn bounded(text: &str) -> String {
    let most = limits::TEXT_BYTES / 4;
    text.chars().filter(|c| *c != '\0').take(most).collect()
}

/// All phones that asked for no more texts, newest first.
#[crate::boxed]
pub async fn opt_outs(app: &App, actor: &Actor) -> Result<Vec<OptOut>> {
    actor.require(Right::ManageAccounts)?;
    let mut reader = app.db.read().await?;
    Ok(store::texts::opt_outs(reader.link(), actor.tenant_id, i64::MAX).await?)
}

/// Puts a phone on the list, for somebody who asked by other means.
#[crate::boxed]
pub async fn opt_out(app: &App, actor: &Actor, phone: &str) -> Result<()> {
    actor.require(Right::ManageAccounts)?;
    let address = e164(phone).map_err(|rule| Invalid::field("phone", rule))?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let row = OptOut { address: address.clone(), word: String::new(), opted_out_at: now };
    if store::texts::opt_out(tx.link(), tenant, &row).await? {
        audit::record(&mut tx, tenant, Some(actor), "sms.opt_out", &address, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes a phone off the list. Its owner should have asked for that.
#[crate::boxed]
pub async fn opt_in(app: &App, actor: &Actor, phone: &str) -> Result<()> {
    actor.require(Right::ManageAccounts)?;
    let address = e164(phone).map_err(|rule| Invalid::field("phone", rule))?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    if store::texts::opt_in(tx.link(), tenant, &address).await? {
        audit::record(&mut tx, tenant, Some(actor), "sms.opt_in", &address, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Whether a phone (`+` and digits) asked for no more texts of a tenant's.
#[crate::boxed]
pub async fn has_opted_out(app: &App, tenant: TenantId, phone: &str) -> Result<bool> {
    let mut reader = app.db.read().await?;
    let found = store::texts::opted_out_among(reader.link(), &[(tenant, phone)]).await?;
    Ok(!found.is_empty())
}

/// The texts that came in, newest first, at most `limit`.
#[crate::boxed]
pub async fn received(app: &App, actor: &Actor, limit: usize) -> Result<Vec<InboundText>> {
    actor.require(Right::ManageAccounts)?;
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(ROWS).min(ROWS);
    Ok(store::texts::received(reader.link(), actor.tenant_id, limit).await?)
}
