//! Webhooks: made and changed by people, told what happens, and their log.

mod emit;
mod log;
mod post;

use data_encoding::BASE64;
use domain::user::Right;
use domain::webhook::{CheckedWebhook, DisabledWhy, Guard, WebhookEntry, payload};
use domain::{
    Account, AccountId, HookDeliveryId, HookKind, HookSecret, Instant, Invalid, Webhook, WebhookId,
    limits,
};
use store::Tx;

use crate::{Actor, App, Error, Result, audit};

pub(crate) use emit::{Happened, Subject, emit_with_runs, ran, recorded};
pub use log::{Event, Logged, Watched, alarms, event, list, page, replay, replay_failed, watched};
pub use post::{Posting, Room, record_all, start_all};
pub use store::webhooks::posts::PostFilter;

/// Bytes of a secret: as many as the hash has.
const SECRET_BYTES: usize = 32;

/// A webhook and its secret, which is shown now and never again.
#[derive(Clone, Debug)]
pub struct Secretive {
    /// The webhook.
    pub webhook: Webhook,
    /// Its account.
    pub account: Account,
    /// The secret.
    pub secret: HookSecret,
}

/// An account whose webhooks whoever asks may see and change.
pub(super) async fn managed(
    link: store::Link<'_>,
    actor: &Actor,
    id: AccountId,
) -> Result<Account> {
    actor.require(Right::ManageAccounts)?;
    let account = store::accounts::find(link, actor.tenant_id, id).await?;
    actor.visible(account)
}

fn fresh_secret(app: &App) -> HookSecret {
    HookSecret(format!("whsec_{}", BASE64.encode(&app.entropy.bytes::<SECRET_BYTES>())))
}

/// Makes a webhook for an account.
#[crate::boxed]
pub async fn create(
    app: &App,
    actor: &Actor,
    account: AccountId,
    entry: &WebhookEntry,
    guard: &Guard,
) -> Result<Secretive> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let account = managed(tx.link(), actor, account).await?;
    let checked = entry.checked(guard)?;
    let others = store::webhooks::of_account(tx.link(), actor.tenant_id, account.id).await?;
    if others.len() >= limits::WEBHOOKS_PER_ACCOUNT {
        let rule = "must wait: delete a webhook first, 20 are the most of one account";
        return Err(Invalid::field("url", rule).into());
    }
    let secret = fresh_secret(app);
    let mut webhook = Webhook {
        tenant_id: actor.tenant_id,
        id: WebhookId(0),
        account_id: account.id,
        url: checked.url,
        description: checked.description,
        kinds: checked.kinds,
        secret: secret.clone(),
        old_secret: None,
        failing_since: None,
        disabled: None,
        created_at: now,
        updated_at: now,
    };
    webhook.id = store::webhooks::insert(tx.link(), &webhook).await?;
    record(&mut tx, actor, "webhook.create", &webhook, now).await?;
    tx.commit().await?;
    Ok(Secretive { webhook, account, secret })
}

/// Changes where a webhook leads, what it is for and what it hears. What waits is posted to the
/// new address.
#[crate::boxed]
pub async fn update(
    app: &App,
    actor: &Actor,
    id: WebhookId,
    entry: &WebhookEntry,
    guard: &Guard,
) -> Result<Webhook> {
    let (mut tx, mut webhook, _) = open(app, actor, id).await?;
    let CheckedWebhook { url, description, kinds } = entry.checked(guard)?;
    let now = app.now();
    if url != webhook.url {
        // Another address has not failed yet.
        webhook.failing_since = None;
    }
    webhook = Webhook { url, description, kinds, updated_at: now, ..webhook };
    store::webhooks::update(tx.link(), &webhook).await?;
    record(&mut tx, actor, "webhook.update", &webhook, now).await?;
    tx.commit().await?;
    Ok(webhook)
}

/// Gives a webhook a new secret. The one before signs too for a day; one before that ends now.
#[crate::boxed]
pub async fn rotate(app: &App, actor: &Actor, id: WebhookId) -> Result<Secretive> {
    let (mut tx, mut webhook, account) = open(app, actor, id).await?;
    let now = app.now();
    let secret = fresh_secret(app);
    let old = std::mem::replace(&mut webhook.secret, secret.clone());
    webhook.old_secret = Some((old, now.plus_ms(limits::HOOK_OLD_SECRET_MS)));
    webhook.updated_at = now;
    store::webhooks::update(tx.link(), &webhook).await?;
    record(&mut tx, actor, "webhook.rotate", &webhook, now).await?;
    tx.commit().await?;
    Ok(Secretive { webhook, account, secret })
}

/// Switches a webhook off, or on again. While it is off its account's events are not kept for it,
/// and what waits for it is cancelled. One that was disabled by itself is no alarm any more when
/// somebody leaves it off.
#[crate::boxed]
pub async fn enable(app: &App, actor: &Actor, id: WebhookId, is_on: bool) -> Result<Webhook> {
    let (mut tx, mut webhook, _) = open(app, actor, id).await?;
    let is_so = match webhook.disabled {
        None => is_on,
        Some((_, why)) => !is_on && !why.is_alarming(),
    };
    if is_so {
        return Ok(webhook);
    }
    let now = app.now();
    webhook.failing_since = None;
    webhook.disabled = (!is_on).then_some((now, DisabledWhy::Asked));
    webhook.updated_at = now;
    store::webhooks::update(tx.link(), &webhook).await?;
    if !is_on {
        let why = "The webhook was disabled first.";
        store::webhooks::posts::cancel_waiting(tx.link(), webhook.tenant_id, id, why, now).await?;
    }
    let action = if is_on { "webhook.enable" } else { "webhook.disable" };
    record(&mut tx, actor, action, &webhook, now).await?;
    tx.commit().await?;
    Ok(webhook)
}

/// Deletes a webhook; nothing of it goes out any more.
#[crate::boxed]
pub async fn delete(app: &App, actor: &Actor, id: WebhookId) -> Result<Webhook> {
    let (mut tx, webhook, _) = open(app, actor, id).await?;
    let now = app.now();
    store::webhooks::delete(tx.link(), webhook.tenant_id, id, now).await?;
    let why = "The webhook was deleted first.";
    store::webhooks::posts::cancel_waiting(tx.link(), webhook.tenant_id, id, why, now).await?;
    record(&mut tx, actor, "webhook.delete", &webhook, now).await?;
    tx.commit().await?;
    Ok(webhook)
}

/// Queues an event that only says that somebody tries the webhook. A disabled one gets none.
#[crate::boxed]
pub async fn test(app: &App, actor: &Actor, id: WebhookId) -> Result<HookDeliveryId> {
    let (mut tx, webhook, account) = open(app, actor, id).await?;
    if webhook.disabled.is_some() {
        return Err(Invalid::field("webhook", "must be enabled first").into());
    }
    let now = app.now();
    let facts = payload::of_test(&webhook, &account.number);
    let event = emit::event(account.id, HookKind::Test, webhook.id.0, &facts, now)?;
    let row = [(webhook.tenant_id, event)];
    let ids = store::webhooks::posts::insert_events(tx.link(), &row).await?;
    let [(tenant, event)] = row;
    let mut deliveries: Vec<store::webhooks::posts::OwnedDelivery> = Vec::new();
    deliveries.extend(ids.iter().map(|at| (tenant, emit::delivery(webhook.id, *at, &event))));
    let queued = emit::queue(&mut tx, &deliveries).await?;
    record(&mut tx, actor, "webhook.test", &webhook, now).await?;
    tx.commit().await?;
    queued.first().copied().ok_or(Error::NotFound)
}

/// A webhook that whoever asks may change, locked, and its account.
pub(super) async fn open(
    app: &App,
    actor: &Actor,
    id: WebhookId,
) -> Result<(Tx, Webhook, Account)> {
    actor.require(Right::ManageAccounts)?;
    let mut tx = app.db.begin().await?;
    let found = store::webhooks::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let webhook = found.ok_or(Error::NotFound)?;
    let account = managed(tx.link(), actor, webhook.account_id).await?;
    Ok((tx, webhook, account))
}

pub(super) async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    webhook: &Webhook,
    at: Instant,
) -> Result<()> {
    audit::record(tx, actor.tenant_id, Some(actor), action, &webhook.url, at).await
}
