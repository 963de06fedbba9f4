//! Escalations: taken to their next level when nobody acknowledges, stopped and resumed by what
//! people do, and handed to agents when nobody is left to be told.

use std::collections::HashMap;
use std::sync::Arc;

use domain::user::Right;
use domain::{
    AccountId, ActivityKind, Escalation, Instant, Job, JobId, JobKind, Message, MessageId,
    Playbook, PolicyId, TenantId,
};
use store::Tx;
use store::jobs::NewJob;

use crate::ledger::Ledger;
use crate::{Actor, App, Error, Result, messages, playbooks, work_queue};

/// Takes the turns of escalations whose jobs are due, in one transaction: a further level is told,
/// an acknowledgement expires, or agents have to see to it. Answers how many deliveries there are
/// now to make.
///
/// Messages are locked before their jobs, as by whoever acknowledges one: of an acknowledgement and
/// a turn at the same instant one comes first, and the log says which.
#[crate::boxed]
pub async fn climb_all(app: &App, jobs: &[Job]) -> Result<usize> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let ids: Vec<(TenantId, MessageId)> =
        jobs.iter().map(|job| (job.tenant_id, MessageId(job.subject_id))).collect();
    let found = store::messages::find_all_to_change(tx.link(), &ids).await?;
    let jobs = store::jobs::hold(tx.link(), jobs).await?;
    if jobs.is_empty() {
        return Ok(0);
    }
    let accounts: Vec<(TenantId, AccountId)> =
        found.iter().map(|message| (message.tenant_id, message.account_id)).collect();
    let books = playbooks::read::load(tx.link(), &accounts, now).await?;
    let standing = store::policies::escalations(tx.link(), &ids).await?;
    let mut standing: HashMap<(TenantId, MessageId), Escalation> =
        standing.into_iter().map(|(tenant, it)| ((tenant, it.message_id), it)).collect();
    let mut found: HashMap<(TenantId, MessageId), Message> =
        found.into_iter().map(|message| ((message.tenant_id, message.id), message)).collect();
    let mut ledger = Ledger::new(app, now);
    let (mut finished, mut postponed): (Vec<JobId>, Vec<(JobId, Instant)>) = Default::default();
    for job in &jobs {
        let key = (job.tenant_id, MessageId(job.subject_id));
        let parts = (found.remove(&key), standing.remove(&key));
        let (Some(mut message), Some(mut escalation)) = parts else {
            finished.push(job.id);
            continue;
        };
        let Some(book) = books.get(&message.account_id) else {
            finished.push(job.id);
            continue;
        };
        match turn(&mut ledger, book, &mut escalation, &mut message, now) {
            Some(at) => postponed.push((job.id, at)),
            None => finished.push(job.id),
        }
        message.touch(now);
        ledger.escalations.push((message.tenant_id, escalation));
        ledger.keep(message);
    }
    store::jobs::finish(tx.link(), &finished).await?;
    store::jobs::postpone(tx.link(), &postponed).await?;
    ledger.commit(tx).await
}

/// One turn; answers when its job is due again.
fn turn(
    ledger: &mut Ledger<'_>,
    book: &Arc<Playbook>,
    escalation: &mut Escalation,
    message: &mut Message,
    now: Instant,
) -> Option<Instant> {
    let climb = book.climb(escalation, message, now);
    ledger.perform(message, book, climb.moments);
    if let Some(why) = &climb.exhausted {
        ledger.items.push((message.tenant_id, work_queue::dispatch(message, why)));
    }
    climb.again_at
}

/// Follows a message's new status: stops its escalation or lets it go on, and takes it
/// out of the work queue. The message is locked, and the caller keeps it.
pub(crate) async fn follow(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    message: &mut Message,
    now: Instant,
) -> Result<()> {
    let (tenant, id) = (message.tenant_id, message.id);
    if message.status.is_settled() {
        ledger.settled.push((tenant, id));
    }
    let Some(mut escalation) = store::policies::escalation(tx.link(), tenant, id).await? else {
        return Ok(());
    };
    let account = (tenant, message.account_id);
    let policies = store::policies::of_accounts(tx.link(), &[account]).await?;
    let policy = policies.iter().find(|policy| policy.id == escalation.policy_id);
    if let Some(at) = escalation.follow(message, policy, now) {
        ledger.look_again(message, at);
    }
    ledger.escalations.push((tenant, escalation));
    Ok(())
}

/// Lets the next level be told at once: whoever was told cannot be reached, or passed it on. False
/// if the escalation does not climb. The message is locked, and the caller keeps it.
pub(crate) async fn hurry(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    book: &Playbook,
    message: &mut Message,
    now: Instant,
) -> Result<bool> {
    let (tenant, id) = (message.tenant_id, message.id);
    let Some(escalation) = store::policies::escalation(tx.link(), tenant, id).await? else {
        return Ok(false);
    };
    let policy = book.policy(escalation.policy_id);
    let hurries = escalation.hurry(message, policy, now);
    if hurries {
        ledger.look_again(message, now);
    }
    Ok(hurries)
}

/// Begins a message's escalation again from the first level: an agent asks for it, after nobody
/// was left to be told.
#[crate::boxed]
pub async fn restart(app: &App, actor: &Actor, id: MessageId) -> Result<Message> {
    actor.require(Right::TakeMessages)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut message = messages::find_to_change(&mut tx, actor, id).await?;
    let (tenant, mut ledger) = (message.tenant_id, Ledger::new(app, now));
    let escalation = store::policies::escalation(tx.link(), tenant, id).await?;
    let mut escalation = escalation.ok_or(Error::NotFound)?;
    if message.status.is_settled() {
        return Err(Error::Changed);
    }
    let account = (tenant, message.account_id);
    let policies = store::policies::of_accounts(tx.link(), &[account]).await?;
    let policy = policies.iter().find(|policy| policy.id == escalation.policy_id);
    escalation.restart(&mut message, policy, now);
    let mut event = ActivityKind::Handled.by(actor.user_id, &actor.name);
    "the escalation begins anew.".clone_into(&mut event.detail);
    ledger.log(&mut message, event);
    ledger.look_again(&message, now);
    ledger.settled.push((tenant, id));
    ledger.escalations.push((tenant, escalation));
    message.touch(now);
    ledger.keep(message.clone());
    ledger.commit(tx).await?;
    Ok(message)
}

/// Wakes the escalations that went by a policy that was removed: agents have to see to them. One
/// that was only changed needs nothing: each turn reads it as it then stands.
pub(crate) async fn policy_removed(
    tx: &mut Tx,
    tenant: TenantId,
    policy: PolicyId,
    now: Instant,
) -> Result<()> {
    let climbing = store::policies::climbing(tx.link(), tenant, policy).await?;
    let job = |message: MessageId| NewJob {
        tenant_id: tenant,
        kind: JobKind::Escalate,
        subject_id: message.0,
        due_at: now,
    };
    let jobs: Vec<NewJob> = climbing.into_iter().map(job).collect();
    Ok(store::jobs::set_all(tx.link(), &jobs).await?)
}
