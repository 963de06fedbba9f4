//! The work queue: what waits for an agent is raised, claimed by one, and finished.

mod raise;

use domain::to_do::RunState;
use domain::user::Right;
use domain::work_item::{WorkItem, WorkState, check_outcome};
use domain::{AccountId, ActivityKind, Instant, Invalid, TenantId, WorkItemId, limits};
use store::Tx;
use store::runs::RunOutcome;

pub(crate) use raise::{dispatch, raise, raise_all, settle_all};

use crate::ledger::Ledger;
use crate::{Actor, App, Error, Result, acknowledgements, messages};

/// What waits for an agent: urgent first, then oldest first.
#[crate::boxed]
pub async fn queue(app: &App, actor: &Actor) -> Result<Vec<WorkItem>> {
    actor.require(Right::TakeMessages)?;
    let most = i64::try_from(limits::WORK_ITEMS).unwrap_or(i64::MAX);
    let mut reader = app.db.read().await?;
    let items = store::work_items::open(reader.link(), actor.tenant_id, most).await?;
    Ok(items.into_iter().filter(|item| actor.sees(item.account_id)).collect())
}

/// An item, done or not.
#[crate::boxed]
pub async fn find(app: &App, actor: &Actor, id: WorkItemId) -> Result<WorkItem> {
    actor.require(Right::TakeMessages)?;
    let mut reader = app.db.read().await?;
    let item = store::work_items::find(reader.link(), actor.tenant_id, id).await?;
    item.filter(|item| actor.sees(item.account_id)).ok_or(Error::NotFound)
}

/// Whether somebody got what several may have wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// It is theirs, now or since before.
    Won,
    /// It is not: the name of whoever has it.
    Lost(String),
    /// Nobody has it any more: it is done.
    Over,
}

/// Takes an item to work it. Of several agents exactly one wins.
#[crate::boxed]
pub async fn claim(app: &App, actor: &Actor, id: WorkItemId) -> Result<ClaimOutcome> {
    find(app, actor, id).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let tenant = actor.tenant_id;
    if store::work_items::claim(tx.link(), tenant, id, actor.user_id, now).await? {
        tx.commit().await?;
        app.bells.ring(tenant);
        return Ok(ClaimOutcome::Won);
    }
    drop(tx);
    Ok(match find(app, actor, id).await?.state {
        WorkState::Claimed { by, .. } if by == actor.user_id => ClaimOutcome::Won,
        WorkState::Claimed { name, .. } => ClaimOutcome::Lost(name),
        WorkState::Done { .. } => ClaimOutcome::Over,
        // Claimed when we asked, released since: let the agent ask again.
        WorkState::Open => return Err(Error::Changed),
    })
}

/// Puts an item back for others. Whoever manages accounts may also take it from somebody.
#[crate::boxed]
pub async fn release(app: &App, actor: &Actor, id: WorkItemId) -> Result<()> {
    let item = find(app, actor, id).await?;
    let now = app.now();
    put_back(app, actor, &item, item.ready_at.min(now)).await
}

/// Puts an item back until later.
#[crate::boxed]
pub async fn postpone(app: &App, actor: &Actor, id: WorkItemId, until: Instant) -> Result<()> {
    let item = find(app, actor, id).await?;
    put_back(app, actor, &item, until).await
}

async fn put_back(app: &App, actor: &Actor, item: &WorkItem, ready_at: Instant) -> Result<()> {
    let from = match actor.role.may(Right::ManageAccounts) {
        true => None,
        false => Some(actor.user_id),
    };
    let (tenant, id, now) = (actor.tenant_id, item.id, app.now());
    let mut tx = app.db.begin().await?;
    if !store::work_items::release(tx.link(), tenant, id, from, ready_at, now).await? {
        return Err(Error::Changed);
    }
    tx.commit().await?;
    app.bells.ring(tenant);
    Ok(())
}

/// Ends an item with its outcome, in words. Who ends it must have claimed it, unless nobody has. The run
/// of a To Do that it is about was worked.
#[crate::boxed]
pub async fn finish(app: &App, actor: &Actor, id: WorkItemId, outcome: &str) -> Result<WorkItem> {
    end(app, actor, id, outcome, RunState::Worked).await
}

/// Ends an item about which nothing could be done. The run of a To Do that it is about failed.
#[crate::boxed]
pub async fn give_up(app: &App, actor: &Actor, id: WorkItemId, outcome: &str) -> Result<WorkItem> {
    end(app, actor, id, outcome, RunState::Failed).await
}

/// Somebody was reached by phone about a message: it is acknowledged in that person's name, its log
/// says who saw to it, and the item is done. `who` is the person's name.
#[crate::boxed]
pub async fn reached(app: &App, actor: &Actor, id: WorkItemId, who: &str) -> Result<WorkItem> {
    let item = find(app, actor, id).await?;
    let who = who.trim();
    if who.is_empty() {
        return Err(Invalid::field("who", "must name who was reached").into());
    }
    let outcome = check_outcome(&format!("Reached {who} by phone."))?;
    may_end(&item, actor)?;
    let (by, now) = (Some(actor.user_id), app.now());
    let mut tx = app.db.begin().await?;
    let message = match item.message_id {
        Some(id) => Some(messages::find_to_change(&mut tx, actor, id).await?),
        None => None,
    };
    if !store::work_items::finish(tx.link(), actor.tenant_id, id, by, &outcome, now).await? {
        return Err(Error::Changed);
    }
    if let Some(mut message) = message {
        let mut ledger = Ledger::new(app, now);
        let mut event = ActivityKind::Handled.by(actor.user_id, &actor.name);
        event.detail.clone_from(&outcome);
        ledger.log(&mut message, event);
        let how = "by phone";
        acknowledgements::by_name(&mut tx, &mut ledger, &mut message, who, how, now).await?;
        message.touch(now);
        ledger.keep(message);
        ledger.write(&mut tx).await?;
    }
    tx.commit().await?;
    app.bells.ring(actor.tenant_id);
    find(app, actor, id).await
}

/// Who ends an item must have claimed it, unless nobody has, or manages accounts.
fn may_end(item: &WorkItem, actor: &Actor) -> Result<()> {
    let theirs = item.state == WorkState::Open || item.is_claimed_by(actor.user_id);
    if theirs || actor.role.may(Right::ManageAccounts) { Ok(()) } else { Err(Error::Changed) }
}

async fn end(
    app: &App,
    actor: &Actor,
    id: WorkItemId,
    outcome: &str,
    state: RunState,
) -> Result<WorkItem> {
    let item = find(app, actor, id).await?;
    let outcome = check_outcome(outcome)?;
    may_end(&item, actor)?;
    let mut tx = app.db.begin().await?;
    let mut ledger = Ledger::new(app, app.now());
    if !close(&mut tx, &mut ledger, actor, &item, &outcome, state, app.now()).await? {
        return Err(Error::Changed);
    }
    ledger.commit(tx).await?;
    find(app, actor, id).await
}

/// Ends an item, and the run that it is about. False if it is done already.
async fn close(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    actor: &Actor,
    item: &WorkItem,
    outcome: &str,
    state: RunState,
    now: Instant,
) -> Result<bool> {
    let (tenant_id, by) = (actor.tenant_id, Some(actor.user_id));
    if !store::work_items::finish(tx.link(), tenant_id, item.id, by, outcome, now).await? {
        return Ok(false);
    }
    ledger.rings(tenant_id);
    if let Some(run_id) = item.run_id {
        let (reason, finished_at) = (format!("{}: {outcome}", actor.name), Some(now));
        let ended = RunOutcome { tenant_id, run_id, state, reason, finished_at };
        store::runs::turn_all(tx.link(), &[ended]).await?;
        ledger.ended.push((tenant_id, item.account_id, run_id));
    }
    Ok(true)
}

/// An item that is not done and is about a To Do of an account.
pub(crate) async fn to_do_of_account(
    tx: &mut Tx,
    tenant: TenantId,
    account: AccountId,
    id: Option<WorkItemId>,
) -> Result<Option<WorkItem>> {
    let Some(id) = id else { return Ok(None) };
    let item = store::work_items::find(tx.link(), tenant, id).await?;
    let fits = |item: &WorkItem| item.account_id == account && item.run_id.is_some();
    Ok(item.filter(|item| fits(item) && item.is_open()))
}

/// Ends an item that was worked, in the caller's transaction. One that somebody else has, or has
/// ended, stays as it is.
pub(crate) async fn worked(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    actor: &Actor,
    item: &WorkItem,
    outcome: &str,
    now: Instant,
) -> Result<()> {
    if may_end(item, actor).is_ok() {
        close(tx, ledger, actor, item, outcome, RunState::Worked, now).await?;
    }
    Ok(())
}
