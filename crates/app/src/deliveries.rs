//! Deliveries: started by the worker, recorded with their outcomes, captured where there is no
//! carrier; many at once, because a transaction costs more than a row.

mod gate;
mod learn;
mod purses;
mod record;
mod start;
mod tell;
mod write;

use std::collections::HashMap;

use domain::delivery::State;
use domain::user::Right;
use domain::{
    Attempt, Channel, Delivery, DeliveryId, Instant, Job, JobKind, Message, MessageId, Tenant,
    TenantId,
};

use store::Link;

pub use learn::learn;
pub use record::{record, record_all};
pub use start::{start, start_all};
pub use store::deliveries::DeliveryStanding;

use crate::{Actor, App, Error, Result};

/// What the next attempt of a delivery does, as the carriers' keeper says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptPlan {
    /// Asks the carrier of this name.
    Ask(String),
    /// Keeps it instead of sending: the tenant has no carrier for the channel.
    Capture,
    /// Makes no attempt before this instant: its carriers failed lately and are left alone.
    Wait(Instant),
    /// Makes no attempt before this instant: its carrier has enough to do just now.
    Busy(Instant),
    /// Can never be made: only a carrier that is no longer configured may be asked.
    Nowhere,
}

/// What the use cases need to know about carriers, which stand above them.
pub trait Carriers: Sync {
    /// What the next attempt of a tenant's delivery does.
    fn plan(&self, tenant: &Tenant, delivery: &Delivery) -> AttemptPlan;
    /// Whether a carrier sends only once what it gets twice under the same key.
    fn honours_key(&self, carrier: &str) -> bool;
}

/// No carrier at all: everything is captured.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCarriers;

impl Carriers for NoCarriers {
    fn plan(&self, _: &Tenant, _: &Delivery) -> AttemptPlan {
        AttemptPlan::Capture
    }

    fn honours_key(&self, _: &str) -> bool {
        false
    }
}

/// An attempt that was written down and may now be made.
#[derive(Clone, Debug)]
pub struct Started {
    /// The job that it is made for; its fence decides whether the outcome still counts.
    pub job: Job,
    /// The tenant that sends.
    pub tenant: Tenant,
    /// What is to be sent, by the carrier that it names.
    pub delivery: Delivery,
    /// Which attempt this is, from 1.
    pub number: i64,
}

/// When a delivery is tried again; `None` if it is not. It comes from something that whoever asks
/// may see.
#[crate::boxed]
pub async fn next_try(app: &App, actor: &Actor, delivery: &Delivery) -> Result<Option<Instant>> {
    if delivery.state != State::Queued {
        return Ok(None);
    }
    let (kind, id) = (JobKind::Deliver(delivery.channel), delivery.id.0);
    let mut reader = app.db.read().await?;
    Ok(store::jobs::due_at(reader.link(), actor.tenant_id, kind, id).await?)
}

/// What a call says that a carrier has under way, by the carrier's own id of it; `None` if there is
/// no such call.
#[crate::boxed]
pub async fn spoken(app: &App, carrier: &str, reference: &str) -> Result<Option<String>> {
    let mut reader = app.db.read().await?;
    let found = store::references::find(reader.link(), carrier, reference).await?;
    let Some((tenant, id)) = found else { return Ok(None) };
    let delivery = store::deliveries::find(reader.link(), tenant, id).await?;
    let is_its = |it: &Delivery| it.channel == Channel::Call && it.carrier == carrier;
    Ok(delivery.filter(is_its).map(|delivery| delivery.body))
}

/// The attempts of a delivery, first to last. It comes from something that whoever asks may see.
#[crate::boxed]
pub async fn attempts(app: &App, actor: &Actor, delivery: &Delivery) -> Result<Vec<Attempt>> {
    let mut reader = app.db.read().await?;
    Ok(store::attempts::of(reader.link(), actor.tenant_id, delivery.id).await?)
}

/// Deliveries, each with its attempts, first to last.
pub(crate) async fn with_attempts(
    link: Link<'_>,
    tenant: TenantId,
    deliveries: Vec<Delivery>,
) -> Result<Vec<(Delivery, Vec<Attempt>)>> {
    let ids: Vec<DeliveryId> = deliveries.iter().map(|delivery| delivery.id).collect();
    let mut found: HashMap<DeliveryId, Vec<Attempt>> = HashMap::new();
    for (id, attempt) in store::attempts::of_all(link, tenant, &ids).await? {
        found.entry(id).or_default().push(attempt);
    }
    let with = |delivery: Delivery| {
        let attempts = found.remove(&delivery.id).unwrap_or_default();
        (delivery, attempts)
    };
    Ok(deliveries.into_iter().map(with).collect())
}

/// Where all deliveries of some messages stand. The messages are such that whoever asks may see.
#[crate::boxed]
pub async fn standing(
    app: &App,
    actor: &Actor,
    messages: &[Message],
) -> Result<Vec<DeliveryStanding>> {
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let mut reader = app.db.read().await?;
    Ok(store::deliveries::standing(reader.link(), actor.tenant_id, &ids).await?)
}

/// What was captured instead of sent, newest first: at most `limit`, those before `before`.
#[crate::boxed]
pub async fn captured(
    app: &App,
    actor: &Actor,
    before: Option<DeliveryId>,
    limit: usize,
) -> Result<Vec<Delivery>> {
    actor.require(Right::SeeOutbox)?;
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(store::deliveries::captured(reader.link(), actor.tenant_id, before, limit).await?)
}

/// One thing that was captured.
#[crate::boxed]
pub async fn captured_one(app: &App, actor: &Actor, id: DeliveryId) -> Result<Delivery> {
    actor.require(Right::SeeOutbox)?;
    let mut reader = app.db.read().await?;
    let delivery = store::deliveries::find(reader.link(), actor.tenant_id, id).await?;
    delivery.filter(|delivery| delivery.state == State::Captured).ok_or(Error::NotFound)
}

/// A tenant and its delivery.
type OwnedDelivery = (TenantId, Delivery);
