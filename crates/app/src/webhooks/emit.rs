//! Telling webhooks what happens, in the transaction that makes it happen.
//!
//! An account without webhooks costs one look at an index for each transaction that could tell
//! something, and writes nothing.

use std::collections::{BTreeSet, HashMap};

use data_encoding::BASE32_NOPAD;
use domain::webhook::payload::{self, Facts};
use domain::{
    AccountId, HookDelivery, HookDeliveryId, HookEvent, HookEventId, HookKind, HookState, Instant,
    JobKind, Message, Recording, RunId, TenantId,
};
use sha2::{Digest, Sha256};
use store::Tx;
use store::jobs::NewJob;
use store::webhooks::posts::OwnedDelivery;
use store::webhooks::{Listener, OwnedRun};

use crate::Result;

/// Something that happened, which webhooks may want to hear.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happened<'a> {
    /// What.
    pub(crate) kind: HookKind,
    /// To what: its state is told as it is now.
    pub(crate) subject: Subject<'a>,
    /// When.
    pub(crate) at: Instant,
}

/// What something happened to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// A message.
    Message(&'a Message),
    /// A recording.
    Recording(&'a Recording),
    /// A run of a To Do.
    Run(&'a OwnedRun),
}

impl Subject<'_> {
    fn account(&self) -> (TenantId, AccountId) {
        match self {
            Subject::Message(message) => (message.tenant_id, message.account_id),
            Subject::Recording(recording) => (recording.call.tenant_id, recording.call.account_id),
            Subject::Run((tenant, account, _)) => (*tenant, *account),
        }
    }

    fn id(&self) -> i64 {
        match self {
            Subject::Message(message) => message.id.0,
            Subject::Recording(recording) => recording.id.0,
            Subject::Run((_, _, run)) => run.id.0,
        }
    }

    fn facts(&self, account_number: &str) -> Facts {
        match self {
            Subject::Message(message) => payload::of_message(message, account_number),
            Subject::Recording(recording) => payload::of_recording(recording),
            Subject::Run((_, account, run)) => payload::of_run(run, account.0, account_number),
        }
    }
}

/// Tells webhooks that a recording can be played.
pub(crate) async fn recorded(tx: &mut Tx, recording: &Recording, at: Instant) -> Result<()> {
    let kind = HookKind::RecordingAvailable;
    emit(tx, &[Happened { kind, subject: Subject::Recording(recording), at }]).await
}

/// Tells webhooks about those of some runs that have ended, after that was written down.
pub(crate) async fn ran(tx: &mut Tx, runs: &[(TenantId, RunId)], at: Instant) -> Result<()> {
    let kind = HookKind::ToDoRun;
    let tenants: BTreeSet<TenantId> = runs.iter().map(|(tenant, _)| *tenant).collect();
    if tenants.is_empty() {
        return Ok(());
    }
    let tenants: Vec<TenantId> = tenants.into_iter().collect();
    let listening = store::webhooks::listening_tenants(tx.link(), &tenants, kind).await?;
    let of_listening = |(tenant, _): &&(TenantId, RunId)| listening.contains(tenant);
    let mut heard: Vec<(TenantId, RunId)> = runs.iter().filter(of_listening).copied().collect();
    heard.sort_unstable();
    heard.dedup();
    if heard.is_empty() {
        return Ok(());
    }
    let ended = store::webhooks::ended_runs(tx.link(), &heard).await?;
    let happened: Vec<Happened<'_>> =
        ended.iter().map(|run| Happened { kind, subject: Subject::Run(run), at }).collect();
    emit(tx, &happened).await
}

/// Tells webhooks of several things at once.
async fn emit(tx: &mut Tx, happened: &[Happened<'_>]) -> Result<()> {
    let accounts = happened.iter().map(|happened| happened.subject.account()).collect();
    let listeners = listeners(tx, accounts).await?;
    tell(tx, &listeners, happened).await
}

/// Tells webhooks of what happened to messages, and of the runs that ended with it, after that was
/// written down: one look for who listens to their accounts.
pub(crate) async fn emit_with_runs(
    tx: &mut Tx,
    mut happened: Vec<Happened<'_>>,
    ended: &[(TenantId, AccountId, RunId)],
    at: Instant,
) -> Result<()> {
    let accounts = happened.iter().map(|happened| happened.subject.account());
    let accounts = accounts.chain(ended.iter().map(|(tenant, account, _)| (*tenant, *account)));
    let listeners = listeners(tx, accounts.collect()).await?;
    let heard =
        ended.iter().filter(|(tenant, account, _)| listeners.contains_key(&(*tenant, *account)));
    let heard: Vec<(TenantId, RunId)> = heard.map(|(tenant, _, run)| (*tenant, *run)).collect();
    let ended = match heard.is_empty() {
        true => Vec::new(),
        false => store::webhooks::ended_runs(tx.link(), &heard).await?,
    };
    let run = |run| Happened { kind: HookKind::ToDoRun, subject: Subject::Run(run), at };
    happened.extend(ended.iter().map(run));
    tell(tx, &listeners, &happened).await
}

/// Who listens to which account.
type Listeners = HashMap<(TenantId, AccountId), Vec<Listener>>;

async fn listeners(tx: &mut Tx, accounts: BTreeSet<(TenantId, AccountId)>) -> Result<Listeners> {
    let mut listeners = Listeners::new();
    if accounts.is_empty() {
        return Ok(listeners);
    }
    let accounts: Vec<(TenantId, AccountId)> = accounts.into_iter().collect();
    for listener in store::webhooks::listeners(tx.link(), &accounts).await? {
        let account = (listener.tenant_id, listener.account_id);
        listeners.entry(account).or_default().push(listener);
    }
    Ok(listeners)
}

/// Writes the events, what goes to which webhook, and the jobs that post it.
async fn tell(tx: &mut Tx, listeners: &Listeners, happened: &[Happened<'_>]) -> Result<()> {
    let mut events = Vec::new();
    let mut heard_by = Vec::new();
    for happened in happened {
        let Some(listeners) = listeners.get(&happened.subject.account()) else { continue };
        let hears = |listener: &&Listener| listener.kinds.contains(&happened.kind);
        let hearing: Vec<&Listener> = listeners.iter().filter(hears).collect();
        let Some(first) = hearing.first() else { continue };
        let facts = happened.subject.facts(&first.account_number);
        let id = happened.subject.id();
        let event = event(first.account_id, happened.kind, id, &facts, happened.at)?;
        events.push((first.tenant_id, event));
        heard_by.push(hearing.iter().map(|listener| listener.webhook_id).collect::<Vec<_>>());
    }
    let ids = store::webhooks::posts::insert_events(tx.link(), &events).await?;
    let deliveries: Vec<OwnedDelivery> = ids
        .iter()
        .zip(&events)
        .zip(&heard_by)
        .flat_map(|((id, (tenant, event)), webhooks)| {
            webhooks.iter().map(move |webhook| (*tenant, delivery(*webhook, *id, event)))
        })
        .collect();
    queue(tx, &deliveries).await?;
    Ok(())
}

/// Writes deliveries and the jobs that post them.
pub(super) async fn queue(
    tx: &mut Tx,
    deliveries: &[OwnedDelivery],
) -> Result<Vec<HookDeliveryId>> {
    let ids = store::webhooks::posts::insert_all(tx.link(), deliveries).await?;
    let job = |((tenant_id, delivery), id): (&OwnedDelivery, &HookDeliveryId)| NewJob {
        tenant_id: *tenant_id,
        kind: JobKind::Hook,
        subject_id: id.0,
        due_at: delivery.created_at,
    };
    let jobs: Vec<NewJob> = deliveries.iter().zip(&ids).map(job).collect();
    store::jobs::set_all(tx.link(), &jobs).await?;
    Ok(ids)
}

/// An event whose `webhook-id` is made from what it says: random enough to be the only one of its
/// name anywhere, and the same if the transaction is repeated.
pub(super) fn event(
    account_id: AccountId,
    kind: HookKind,
    subject_id: i64,
    facts: &Facts,
    at: Instant,
) -> Result<HookEvent> {
    let body = store::webhooks::posts::body(kind, at, facts)?;
    let hash = Sha256::digest(format!("{account_id} {subject_id} {body}"));
    let key = format!("evt_{}", BASE32_NOPAD.encode(&hash[..20]));
    Ok(HookEvent { id: HookEventId(0), account_id, kind, subject_id, key, body, at })
}

/// A delivery of an event that waits for its first attempt.
pub(super) fn delivery(
    webhook_id: domain::WebhookId,
    event_id: HookEventId,
    event: &HookEvent,
) -> HookDelivery {
    HookDelivery {
        id: HookDeliveryId(0),
        webhook_id,
        event_id,
        kind: event.kind,
        subject_id: event.subject_id,
        state: HookState::Pending,
        attempts: 0,
        tries: 0,
        detail: String::new(),
        next_at: Some(event.at),
        created_at: event.at,
        finished_at: None,
    }
}
