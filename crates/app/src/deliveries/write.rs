//! The rows that a look at many deliveries changes, collected and then written together.

use std::collections::BTreeMap;

use domain::delivery::{Cause, Decision, Outcome, State};
use domain::to_do::RunState;
use domain::{Attempt, Delivery, DeliveryId, Instant, JobId, TenantId, delivery};
use store::Tx;
use store::references::{CarrierReference, EarlyReport};
use store::runs::RunOutcome;

use super::OwnedDelivery;
use crate::Result;
use crate::to_dos::turns::turn_all;

/// What is to be written in one transaction.
#[derive(Debug, Default)]
pub(super) struct DeliveryRows {
    /// Attempts that start, or that are made already.
    pub(super) attempts: Vec<(TenantId, DeliveryId, Attempt)>,
    /// Attempts that ended.
    pub(super) ended: Vec<AttemptEnd>,
    /// Deliveries as they now stand.
    pub(super) deliveries: Vec<OwnedDelivery>,
    /// How runs have gone on or ended.
    pub(super) turns: Vec<RunOutcome>,
    /// What the carriers' ids of what they took stand for. One that lies may give an id twice.
    pub(super) references: BTreeMap<(String, String), (TenantId, DeliveryId)>,
    /// When deliveries are given up, where that changes.
    pub(super) expiries: Vec<(TenantId, DeliveryId, Instant)>,
    /// Jobs that are done.
    pub(super) finished: Vec<JobId>,
    /// Jobs that are due again.
    pub(super) postponed: Vec<(JobId, Instant)>,
}

/// An attempt that ended.
#[derive(Debug)]
pub(super) struct AttemptEnd {
    pub(super) tenant_id: TenantId,
    pub(super) delivery_id: DeliveryId,
    pub(super) number: i64,
    pub(super) at: Instant,
    pub(super) outcome: Outcome,
}

impl DeliveryRows {
    /// Writes down the outcome of a delivery's last attempt, and answers what follows. The delivery is
    /// changed; the caller hands it to `deliveries` when it is done with it.
    pub(super) fn close(
        &mut self,
        tenant: TenantId,
        delivery: &mut Delivery,
        outcome: &Outcome,
        honours_key: bool,
        now: Instant,
        jitter: u64,
    ) -> Decision {
        let decision = delivery::decide(delivery, outcome, honours_key, now, jitter);
        self.ended.push(AttemptEnd {
            tenant_id: tenant,
            delivery_id: delivery.id,
            number: delivery.attempts,
            at: now,
            outcome: outcome.clone(),
        });
        delivery.state = decision.state;
        delivery.updated_at = now;
        delivery.detail = match decision.because {
            None => outcome.detail().to_owned(),
            Some(because) => format!("{} {because}", outcome.detail()),
        };
        match outcome {
            Outcome::Sent { reach, references, .. } => {
                delivery.reach = delivery.reach.max(Some(*reach));
                for reference in references {
                    let name = (delivery.carrier.clone(), reference.clone());
                    self.references.insert(name, (tenant, delivery.id));
                }
            }
            Outcome::Unknown(_) if delivery.pinned.is_empty() => {
                delivery.pinned.clone_from(&delivery.carrier);
            }
            _ => {}
        }
        self.turn(tenant, delivery, now);
        decision
    }

    /// Gives a delivery up, for a reason in a sentence.
    pub(super) fn fail(
        &mut self,
        tenant: TenantId,
        delivery: &mut Delivery,
        why: String,
        now: Instant,
    ) {
        delivery.state = State::Failed;
        delivery.detail = why;
        delivery.updated_at = now;
        self.turn(tenant, delivery, now);
    }

    /// Writes down that a delivery's run, if it belongs to one, is being sent again.
    pub(super) fn reopen(&mut self, tenant_id: TenantId, delivery: &Delivery) {
        if let Cause::Run(run_id) = delivery.cause {
            let (state, reason) = (RunState::Sending, delivery.detail.clone());
            self.turns.push(RunOutcome { tenant_id, run_id, state, reason, finished_at: None });
        }
    }

    /// Writes down what a delivery's state makes of its run, if it belongs to one and is final.
    fn turn(&mut self, tenant: TenantId, delivery: &Delivery, now: Instant) {
        let Cause::Run(run_id) = delivery.cause else { return };
        if !delivery.state.is_final() {
            return;
        }
        let reason = match delivery.state {
            State::Failed | State::Cancelled => delivery.detail.clone(),
            _ => String::new(),
        };
        let state = RunState::of(delivery.state);
        self.turns.push(RunOutcome {
            tenant_id: tenant,
            run_id,
            state,
            reason,
            finished_at: Some(now),
        });
    }

    /// Writes all of it, and answers the reports that came before we knew what they were about.
    pub(super) async fn write(self, tx: &mut Tx, now: Instant) -> Result<Vec<EarlyReport>> {
        let attempts: Vec<store::attempts::AttemptRow<'_>> =
            self.attempts.iter().map(|(tenant, id, attempt)| (*tenant, *id, attempt)).collect();
        let ended: Vec<store::attempts::AttemptEnd<'_>> =
            self.ended.iter().map(AttemptEnd::row).collect();
        let deliveries: Vec<(TenantId, &Delivery)> =
            self.deliveries.iter().map(|(tenant, delivery)| (*tenant, delivery)).collect();
        let references: Vec<CarrierReference<'_>> = self
            .references
            .iter()
            .map(|((carrier, id), (tenant, delivery))| CarrierReference {
                carrier,
                id,
                tenant_id: *tenant,
                delivery_id: *delivery,
            })
            .collect();
        // Ends come first: a crashed attempt ends before the one that follows it starts.
        store::attempts::finish_all(tx.link(), &ended).await?;
        store::attempts::insert_all(tx.link(), &attempts).await?;
        store::deliveries::update_all(tx.link(), &deliveries).await?;
        store::deliveries::expire_all(tx.link(), &self.expiries).await?;
        turn_all(tx, &self.turns, now).await?;
        let early = store::references::insert_all(tx.link(), &references, now).await?;
        store::jobs::finish(tx.link(), &self.finished).await?;
        store::jobs::postpone(tx.link(), &self.postponed).await?;
        Ok(early)
    }
}

impl AttemptEnd {
    fn row(&self) -> store::attempts::AttemptEnd<'_> {
        store::attempts::AttemptEnd {
            tenant_id: self.tenant_id,
            delivery_id: self.delivery_id,
            number: self.number,
            at: self.at,
            outcome: self.outcome.as_str(),
            detail: self.outcome.detail(),
        }
    }
}
