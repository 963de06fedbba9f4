//! Deliveries: started by the worker, recorded with what came of them, captured where there is no
//! carrier.

use domain::delivery::{Decision, Outcome, State};
use domain::user::Right;
use domain::{
    Attempt, Delivery, DeliveryId, Instant, Job, JobKind, Message, MessageId, Status, Tenant,
    TenantId, delivery,
};
use store::Tx;

pub use store::deliveries::Standing;

use crate::{Actor, App, Error, Result, messages};

/// An attempt that was written down and may now be made.
#[derive(Clone, Debug)]
pub struct Started {
    /// The job that it is made for; its fence decides whether the outcome still counts.
    pub job: Job,
    /// The tenant that sends.
    pub tenant: Tenant,
    /// What is to be sent.
    pub delivery: Delivery,
    /// Which attempt this is, from 1.
    pub number: i64,
}

/// Writes down that an attempt starts, before anything is sent. `None` if there is nothing to do
/// any more: the delivery is finished, or another worker has the job.
///
/// An attempt that never got an outcome (its worker died) is closed as unknown first. Whether it
/// went out nobody can tell, so this one carries the same key.
pub async fn start(app: &App, job: &Job) -> Result<Option<Started>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if !store::jobs::hold(tx.link(), job).await? {
        return Ok(None);
    }
    let id = DeliveryId(job.subject_id);
    let delivery = store::deliveries::find_to_change(tx.link(), job.tenant_id, id).await?;
    let tenant = store::tenants::find(tx.link(), job.tenant_id).await?;
    let (Some(mut delivery), Some(tenant)) = (delivery, tenant) else {
        store::jobs::finish(tx.link(), job).await?;
        tx.commit().await?;
        return Ok(None);
    };
    if delivery.state == State::Sending {
        let outcome = Outcome::Unknown("the server stopped before an answer came.".to_owned());
        close(&mut tx, job.tenant_id, &mut delivery, &outcome, now, 0).await?;
    }
    if delivery.state.is_final() {
        store::jobs::finish(tx.link(), job).await?;
        tx.commit().await?;
        return Ok(None);
    }
    delivery.state = State::Sending;
    delivery.attempts += 1;
    delivery.updated_at = now;
    let number = delivery.attempts;
    store::deliveries::start_attempt(tx.link(), job.tenant_id, id, number, now).await?;
    store::deliveries::update(tx.link(), job.tenant_id, &delivery).await?;
    tx.commit().await?;
    Ok(Some(Started { job: job.clone(), tenant, delivery, number }))
}

/// Writes down what came of an attempt: on the attempt, the delivery, the message and its log, and
/// in the queue. False if the lease was lost meanwhile: then another worker tells the story.
pub async fn record(app: &App, started: &Started, outcome: &Outcome) -> Result<bool> {
    let (job, now) = (&started.job, app.now());
    let mut tx = app.db.begin().await?;
    if !store::jobs::hold(tx.link(), job).await? {
        return Ok(false);
    }
    let mut delivery = started.delivery.clone();
    let jitter = app.entropy.number();
    let decision = close(&mut tx, job.tenant_id, &mut delivery, outcome, now, jitter).await?;
    match decision.again_at {
        Some(at) => store::jobs::postpone(tx.link(), job, at).await?,
        None => store::jobs::finish(tx.link(), job).await?,
    };
    tx.commit().await?;
    Ok(true)
}

/// Closes the attempt under way with an outcome, and writes what follows from it.
async fn close(
    tx: &mut Tx,
    tenant: TenantId,
    delivery: &mut Delivery,
    outcome: &Outcome,
    now: Instant,
    jitter: u64,
) -> Result<Decision> {
    let decision = delivery::decide(outcome, delivery.attempts, now, jitter);
    let attempt = Attempt {
        number: delivery.attempts,
        started_at: now,
        finished_at: Some(now),
        outcome: outcome.as_str().to_owned(),
        detail: outcome.detail().to_owned(),
    };
    store::deliveries::finish_attempt(tx.link(), tenant, delivery.id, &attempt).await?;
    delivery.state = decision.state;
    delivery.detail = outcome.detail().to_owned();
    delivery.updated_at = now;
    store::deliveries::update(tx.link(), tenant, delivery).await?;

    let message = delivery.message_id;
    let message = store::messages::find_to_change(tx.link(), tenant, message).await?;
    let mut message = message.ok_or(Error::NotFound)?;
    let event = decision.activity.by_system(&delivery.address, outcome.detail());
    messages::log(tx, &mut message, &event, now).await?;
    let others = store::deliveries::of_message(tx.link(), tenant, message.id).await?;
    tell(&mut message, delivery, &others, now);
    message.touch(now);
    store::messages::update(tx.link(), &message).await?;
    Ok(decision)
}

/// Brings a message to what its deliveries say. What a person has settled stays settled, and what
/// was only captured is not delivered.
fn tell(message: &mut Message, delivery: &Delivery, all: &[Delivery], now: Instant) {
    match delivery.state {
        State::Sent => {
            message.delivered_at = Some(now);
            message.delivered_by = message.agent_id;
            message.delivered_to = Some(delivery.address.clone());
            if !message.status.is_settled() {
                message.status = Status::Delivered;
            }
        }
        State::Failed => {
            let hopeless = all.iter().all(|other| other.state == State::Failed);
            if message.status == Status::Pending && hopeless {
                message.status = Status::Failed;
            }
        }
        State::Queued | State::Sending | State::Captured => {}
    }
}

/// When a delivery is tried again; `None` if it is not. It comes from a message that whoever asks
/// may see.
pub async fn next_try(app: &App, actor: &Actor, delivery: &Delivery) -> Result<Option<Instant>> {
    if delivery.state != State::Queued {
        return Ok(None);
    }
    let (tenant, id) = (actor.tenant_id, delivery.id.0);
    let mut reader = app.db.read().await?;
    Ok(store::jobs::due_at(reader.link(), tenant, JobKind::Deliver, id).await?)
}

/// Where all deliveries of some messages stand. The messages are such that whoever asks may see.
pub async fn standing(app: &App, actor: &Actor, messages: &[Message]) -> Result<Vec<Standing>> {
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let mut reader = app.db.read().await?;
    Ok(store::deliveries::standing(reader.link(), actor.tenant_id, &ids).await?)
}

/// What was captured instead of sent, newest first: at most `limit`, those before `before`.
pub async fn captured(
    app: &App,
    actor: &Actor,
    before: Option<DeliveryId>,
    limit: usize,
) -> Result<Vec<Delivery>> {
    actor.require(Right::SeeOutbox)?;
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let tenant = actor.tenant_id;
    let state = State::Captured;
    Ok(store::deliveries::in_state(reader.link(), tenant, state, before, limit).await?)
}

/// One thing that was captured.
pub async fn captured_one(app: &App, actor: &Actor, id: DeliveryId) -> Result<Delivery> {
    actor.require(Right::SeeOutbox)?;
    let mut reader = app.db.read().await?;
    let delivery = store::deliveries::find(reader.link(), actor.tenant_id, id).await?;
    delivery.filter(|delivery| delivery.state == State::Captured).ok_or(Error::NotFound)
}
