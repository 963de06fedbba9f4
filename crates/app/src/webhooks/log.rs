//! The log of webhooks: what was told, every post of it, and telling it again.

use std::collections::HashMap;

use domain::user::Right;
use domain::{
    Account, AccountId, HookAttempt, HookDelivery, HookDeliveryId, HookEvent, HookState, Instant,
    Invalid, JobKind, TenantId, Webhook, WebhookId, limits,
};
use store::Tx;
use store::jobs::NewJob;
use store::webhooks::posts::{OwnedDelivery, PostFilter};

use super::{managed, open, record};
use crate::{Actor, App, Error, Result};

/// A webhook with how it does.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The webhook.
    pub webhook: Webhook,
    /// Events that it took, in the days that are kept.
    pub delivered: i64,
    /// Events that wait for an attempt, or are being posted.
    pub waiting: i64,
    /// Events that it did not take.
    pub failed: i64,
}

/// The webhooks of an account, oldest first.
#[crate::boxed]
pub async fn list(app: &App, actor: &Actor, account: AccountId) -> Result<(Account, Vec<Watched>)> {
    let mut reader = app.db.read().await?;
    let account = managed(reader.link(), actor, account).await?;
    let tenant = actor.tenant_id;
    let webhooks = store::webhooks::of_account(reader.link(), tenant, account.id).await?;
    let watched = watch(reader.link(), tenant, webhooks).await?;
    Ok((account, watched))
}

/// A webhook with how it does, and its account.
#[crate::boxed]
pub async fn watched(app: &App, actor: &Actor, id: WebhookId) -> Result<(Account, Watched)> {
    actor.require(Right::ManageAccounts)?;
    let mut reader = app.db.read().await?;
    let webhook = store::webhooks::find(reader.link(), actor.tenant_id, id).await?;
    let webhook = webhook.ok_or(Error::NotFound)?;
    let account = managed(reader.link(), actor, webhook.account_id).await?;
    let watched = watch(reader.link(), actor.tenant_id, vec![webhook]).await?;
    Ok((account, watched.into_iter().next().ok_or(Error::NotFound)?))
}

async fn watch(
    link: store::Link<'_>,
    tenant: TenantId,
    webhooks: Vec<Webhook>,
) -> Result<Vec<Watched>> {
    let ids: Vec<WebhookId> = webhooks.iter().map(|webhook| webhook.id).collect();
    let mut counted: HashMap<(WebhookId, HookState), i64> = HashMap::new();
    for (id, state, count) in store::webhooks::posts::counts(link, tenant, &ids).await? {
        counted.insert((id, state), count);
    }
    let watched = |webhook: Webhook| {
        let count = |states: &[HookState]| {
            states.iter().filter_map(|state| counted.get(&(webhook.id, *state))).sum()
        };
        Watched {
            delivered: count(&[HookState::Delivered]),
            waiting: count(&[HookState::Pending, HookState::Posting]),
            failed: count(&[HookState::Failed, HookState::Cancelled]),
            webhook,
        }
    };
    Ok(webhooks.into_iter().map(watched).collect())
}

/// The webhooks that were disabled by themselves, of the accounts that whoever asks looks after.
#[crate::boxed]
pub async fn alarms(app: &App, actor: &Actor) -> Result<Vec<Webhook>> {
    if !actor.role.may(Right::ManageAccounts) {
        return Ok(Vec::new());
    }
    let mut reader = app.db.read().await?;
    let accounts = actor.accounts();
    Ok(store::webhooks::alarming(reader.link(), actor.tenant_id, accounts.as_deref()).await?)
}

/// An event on its way to a webhook, and what it says.
#[derive(Clone, Debug)]
pub struct Logged {
    /// The delivery: where it stands, and when it is tried again.
    pub delivery: HookDelivery,
    /// The event.
    pub event: HookEvent,
}

/// A page of a webhook's log, newest first.
#[crate::boxed]
pub async fn page(
    app: &App,
    actor: &Actor,
    id: WebhookId,
    filter: &PostFilter,
    limit: usize,
) -> Result<Vec<Logged>> {
    let (_, watched) = watched(app, actor, id).await?;
    let tenant = watched.webhook.tenant_id;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut reader = app.db.read().await?;
    let rows = store::webhooks::posts::page(reader.link(), tenant, id, filter, limit).await?;
    let ids: Vec<_> = rows.iter().map(|row| (tenant, row.event_id)).collect();
    let events = store::webhooks::posts::events(reader.link(), &ids).await?;
    let mut events: HashMap<_, _> = events.into_iter().map(|event| (event.id, event)).collect();
    let logged = |delivery: HookDelivery| {
        let event = events.remove(&delivery.event_id)?;
        Some(Logged { delivery, event })
    };
    Ok(rows.into_iter().filter_map(logged).collect())
}

/// An event on its way to a webhook, with all that explains it.
#[derive(Clone, Debug)]
pub struct Event {
    /// The account.
    pub account: Account,
    /// The webhook.
    pub webhook: Webhook,
    /// The event and where it stands.
    pub logged: Logged,
    /// Its posts, first to last.
    pub attempts: Vec<HookAttempt>,
}

/// An event on its way to a webhook.
#[crate::boxed]
pub async fn event(app: &App, actor: &Actor, id: HookDeliveryId) -> Result<Event> {
    actor.require(Right::ManageAccounts)?;
    let tenant = actor.tenant_id;
    let mut reader = app.db.read().await?;
    let delivery = store::webhooks::posts::find(reader.link(), tenant, id).await?;
    let delivery = delivery.ok_or(Error::NotFound)?;
    let webhook = store::webhooks::find(reader.link(), tenant, delivery.webhook_id).await?;
    let webhook = webhook.ok_or(Error::NotFound)?;
    let account = managed(reader.link(), actor, webhook.account_id).await?;
    let events =
        store::webhooks::posts::events(reader.link(), &[(tenant, delivery.event_id)]).await?;
    let event = events.into_iter().next().ok_or(Error::NotFound)?;
    let attempts = store::webhooks::posts::attempts(reader.link(), tenant, id).await?;
    Ok(Event { account, webhook, logged: Logged { delivery, event }, attempts })
}

/// Tells an event again, under its old `webhook-id`, or now what waits for its next attempt.
#[crate::boxed]
pub async fn replay(app: &App, actor: &Actor, id: HookDeliveryId) -> Result<()> {
    let webhook = event(app, actor, id).await?.webhook.id;
    let (mut tx, webhook, _) = open(app, actor, webhook).await?;
    require_enabled(&webhook)?;
    let tenant = webhook.tenant_id;
    let begun = begin_anew(&mut tx, tenant, &[id], app.now()).await?;
    if begun == 0 {
        return Err(Invalid::field("event", "must not be under way at this moment").into());
    }
    record(&mut tx, actor, "webhook.replay", &webhook, app.now()).await?;
    Ok(tx.commit().await?)
}

/// Tells all events again that failed or were cancelled and happened at an instant or later; answers
/// how many. At most [`limits::HOOK_REPLAYS`], the newest.
#[crate::boxed]
pub async fn replay_failed(
    app: &App,
    actor: &Actor,
    webhook: WebhookId,
    since: Instant,
) -> Result<usize> {
    let (mut tx, webhook, _) = open(app, actor, webhook).await?;
    require_enabled(&webhook)?;
    let tenant = webhook.tenant_id;
    let filter = PostFilter {
        states: vec![HookState::Failed, HookState::Cancelled],
        since: Some(since),
        before: None,
    };
    let limit = i64::try_from(limits::HOOK_REPLAYS).unwrap_or(i64::MAX);
    let rows = store::webhooks::posts::page(tx.link(), tenant, webhook.id, &filter, limit).await?;
    let mut ids: Vec<HookDeliveryId> = rows.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    let mut begun = 0;
    for ids in ids.chunks(limits::SENT_AT_ONCE) {
        begun += begin_anew(&mut tx, tenant, ids, app.now()).await?;
    }
    record(&mut tx, actor, "webhook.replay", &webhook, app.now()).await?;
    tx.commit().await?;
    Ok(begun)
}

fn require_enabled(webhook: &Webhook) -> Result<()> {
    if webhook.disabled.is_some() {
        return Err(Invalid::field("webhook", "must be enabled first").into());
    }
    Ok(())
}

/// Begins deliveries anew that are not being posted at this moment.
async fn begin_anew(
    tx: &mut Tx,
    tenant: TenantId,
    ids: &[HookDeliveryId],
    now: Instant,
) -> Result<usize> {
    let ids: Vec<(TenantId, HookDeliveryId)> = ids.iter().map(|id| (tenant, *id)).collect();
    let mut rows = store::webhooks::posts::find_all_to_change(tx.link(), &ids).await?;
    rows.retain(|(_, delivery)| delivery.state != HookState::Posting);
    for (_, delivery) in &mut rows {
        delivery.state = HookState::Pending;
        delivery.tries = 0;
        delivery.next_at = Some(now);
        delivery.finished_at = None;
    }
    store::webhooks::posts::update_all(tx.link(), &rows).await?;
    let job = |(tenant_id, delivery): &OwnedDelivery| NewJob {
        tenant_id: *tenant_id,
        kind: JobKind::Hook,
        subject_id: delivery.id.0,
        due_at: now,
    };
    let jobs: Vec<NewJob> = rows.iter().map(job).collect();
    store::jobs::set_all(tx.link(), &jobs).await?;
    Ok(rows.len())
}
