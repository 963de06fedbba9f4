//! What a To Do sends; what is queued for it is rewritten or taken back when it is changed.

use domain::delivery::{Cause, State};
use domain::phone::e164;
use domain::to_do::{Address, RunState, resolve};
use domain::{
    Account, AccountId, Channel, Delivery, DeliveryId, Did, Instant, JobKind, RunId, TenantId, ToDo,
};
use store::Tx;
use store::jobs::NewJob;
use store::runs::RunOutcome;

use super::turns::turn_all;
use super::work;
use crate::Result;

/// The delivery that carries one occurrence of a To Do. Its cause is the caller's to set.
pub(super) fn letter(
    to_do: &ToDo,
    account: &Account,
    line: Option<&Did>,
    to: Address,
    key: String,
    now: Instant,
) -> Delivery {
    let (id, channel): (AccountId, Channel) = (to_do.account_id, to_do.delivery_type);
    let phone = to_do.from.as_deref().or(line.map(|line| line.number.as_str()));
    let sender = match channel {
        Channel::Email => to_do.from_email.clone(),
        Channel::Sms | Channel::Call => phone.and_then(|phone| e164(phone).ok()),
    };
    Delivery {
        contact_id: to.contact_id,
        recipient: to.recipient,
        sender: sender.unwrap_or_default(),
        sender_name: to_do.sender_name.clone().unwrap_or_default(),
        subject: to_do
            .subject
            .clone()
            .unwrap_or_else(|| format!("A message from {}", account.name)),
        body: to_do.message_text.clone(),
        if_unsure: to_do.policy.if_unsure,
        ..Delivery::queued(id, Cause::Reply, channel, to.address, key, now)
    }
}

/// Brings what is queued and was never tried to what the To Do now says.
pub(super) async fn rewrite_open(
    tx: &mut Tx,
    to_do: &ToDo,
    account: &Account,
    now: Instant,
) -> Result<()> {
    let tenant = to_do.tenant_id;
    work::rewrite(tx, to_do, now).await?;
    let untried = untried(tx, to_do).await?;
    if untried.is_empty() {
        return Ok(());
    }
    let directory = store::accounts::contacts(tx.link(), tenant, account.id).await?;
    let lines = store::accounts::dids(tx.link(), tenant, account.id).await?;
    let line = lines.iter().min_by_key(|line| line.id);
    for before in untried {
        store::jobs::remove(tx.link(), tenant, JobKind::Deliver(before.channel), before.id.0)
            .await?;
        match resolve(&to_do.contact, to_do.delivery_type, &directory) {
            Ok(to) => {
                let letter = letter(to_do, account, line, to, before.key.clone(), now);
                let changed = Delivery { id: before.id, cause: before.cause, ..letter };
                store::deliveries::rewrite(tx.link(), tenant, &changed).await?;
                let kind = JobKind::Deliver(changed.channel);
                let (subject_id, due_at) = (before.id.0, now);
                store::jobs::set(tx.link(), NewJob { tenant_id: tenant, kind, subject_id, due_at })
                    .await?;
            }
            Err(reason) => give_up(tx, to_do, before, RunState::Failed, &reason, now).await?,
        }
    }
    Ok(())
}

/// Takes back what is queued: nothing of it goes out any more. What is being sent at this moment
/// cannot be called back, and its outcome is still written down.
pub(super) async fn take_back_open(
    tx: &mut Tx,
    to_do: &ToDo,
    why: &str,
    now: Instant,
) -> Result<()> {
    work::take_back(tx, to_do, why, now).await?;
    for delivery in open(tx, to_do).await? {
        if delivery.state == State::Sending {
            // This attempt is its last.
            let last = (to_do.tenant_id, delivery.id, now);
            store::deliveries::expire_all(tx.link(), &[last]).await?;
            continue;
        }
        let kind = JobKind::Deliver(delivery.channel);
        store::jobs::remove(tx.link(), to_do.tenant_id, kind, delivery.id.0).await?;
        give_up(tx, to_do, delivery, RunState::Cancelled, why, now).await?;
    }
    Ok(())
}

async fn give_up(
    tx: &mut Tx,
    to_do: &ToDo,
    mut delivery: Delivery,
    state: RunState,
    why: &str,
    now: Instant,
) -> Result<()> {
    let tenant_id = to_do.tenant_id;
    delivery.state = State::Cancelled;
    delivery.detail = why.to_owned();
    delivery.updated_at = now;
    store::deliveries::update_all(tx.link(), &[(tenant_id, &delivery)]).await?;
    if let Cause::Run(run_id) = delivery.cause {
        let reason = why.to_owned();
        let turn = RunOutcome { tenant_id, run_id, state, reason, finished_at: Some(now) };
        turn_all(tx, &[turn], now).await?;
    }
    Ok(())
}

async fn untried(tx: &mut Tx, to_do: &ToDo) -> Result<Vec<Delivery>> {
    let open = open(tx, to_do).await?;
    let is_untried = |row: &Delivery| row.state == State::Queued && row.attempts == 0;
    Ok(open.into_iter().filter(is_untried).collect())
}

/// What is not finished, locked: no attempt begins or ends before this transaction does.
async fn open(tx: &mut Tx, to_do: &ToDo) -> Result<Vec<Delivery>> {
    let tenant = to_do.tenant_id;
    let runs = store::runs::open_of(tx.link(), tenant, to_do.id).await?;
    if runs.is_empty() {
        return Ok(Vec::new());
    }
    let runs: Vec<RunId> = runs.iter().map(|run| run.id).collect();
    let seen = store::deliveries::of_runs(tx.link(), tenant, &runs).await?;
    let ids: Vec<DeliveryId> = seen.iter().map(|delivery| delivery.id).collect();
    store::jobs::lock_deliveries(tx.link(), tenant, &ids).await?;
    let ids: Vec<(TenantId, DeliveryId)> = ids.into_iter().map(|id| (tenant, id)).collect();
    let locked = store::deliveries::find_all_to_change(tx.link(), &ids).await?;
    let is_open = |row: &Delivery| !row.state.is_final();
    Ok(locked.into_iter().map(|(_, row)| row).filter(is_open).collect())
}
