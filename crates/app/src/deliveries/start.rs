//! Writing down that attempts start, before anything is sent.

use std::collections::HashMap;

use domain::delivery::{Cause, Outcome, State};
use domain::to_do::RunState;
use domain::{ActivityKind, Attempt, Delivery, DeliveryId, Instant, Job, Tenant, TenantId, limits};
use store::Tx;
use store::runs::RunOutcome;

use super::gate::{Gate, GateVerdict};
use super::purses::{self, WantedSend};
use super::tell::{DeliveryNews, tell_all};
use super::write::DeliveryRows;
use super::{AttemptPlan, Carriers, OwnedDelivery, Started};
use crate::{App, Result};

/// Writes down that an attempt starts. `None` if there is nothing to send now: the delivery is
/// finished, captured or has to wait, or another worker has the job.
#[crate::boxed]
pub async fn start(app: &App, job: &Job, carriers: &dyn Carriers) -> Result<Option<Started>> {
    Ok(start_all(app, std::slice::from_ref(job), carriers).await?.pop())
}

/// Writes down that attempts of deliveries start, and answers those that may now be made. What has
/// no carrier is captured here and now; what may not go out yet is postponed.
///
/// An attempt that never got an outcome (its worker died) is closed as unknown first. Whether it
/// went out nobody can tell, so the next one carries the same key.
#[crate::boxed]
pub async fn start_all(app: &App, jobs: &[Job], carriers: &dyn Carriers) -> Result<Vec<Started>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let jobs = store::jobs::hold(tx.link(), jobs).await?;
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<(TenantId, DeliveryId)> =
        jobs.iter().map(|job| (job.tenant_id, DeliveryId(job.subject_id))).collect();
    let rows = store::deliveries::find_all_to_change(tx.link(), &ids).await?;
    let gate = Gate::open(&mut tx, &rows, now).await?;
    let mut found: HashMap<DeliveryId, OwnedDelivery> =
        rows.into_iter().map(|(tenant, row)| (row.id, (tenant, row))).collect();
    let mut starting = Starting {
        app,
        carriers,
        gate,
        now,
        tenants: HashMap::new(),
        pages: DeliveryRows::default(),
        wanting: Vec::new(),
        started: Vec::new(),
        told: Vec::new(),
    };
    for job in &jobs {
        let own = found.remove(&DeliveryId(job.subject_id));
        let own = own.filter(|(tenant, _)| *tenant == job.tenant_id);
        match own.filter(|(_, delivery)| !delivery.state.is_final()) {
            Some((tenant, delivery)) => starting.look(&mut tx, job, tenant, delivery).await?,
            None => starting.pages.finished.push(job.id),
        }
    }
    starting.spend(&mut tx).await?;
    let Starting { pages, started, told, .. } = starting;
    pages.write(&mut tx, now).await?;
    tell_all(app, &mut tx, told, now).await?;
    tx.commit().await?;
    Ok(started)
}

/// A look at many deliveries that are due.
struct Starting<'a> {
    app: &'a App,
    carriers: &'a dyn Carriers,
    gate: Gate,
    now: Instant,
    tenants: HashMap<TenantId, Option<Tenant>>,
    pages: DeliveryRows,
    /// What has a carrier, and goes out unless a limit is reached.
    wanting: Vec<Wanting>,
    started: Vec<Started>,
    /// Deliveries whose messages are to be told, and what the log says.
    told: Vec<DeliveryNews>,
}

/// A delivery that a carrier is to be asked about.
struct Wanting {
    job: Job,
    tenant: Tenant,
    delivery: Delivery,
    carrier: String,
    may_double: bool,
}

impl Starting<'_> {
    async fn look(
        &mut self,
        tx: &mut Tx,
        job: &Job,
        id: TenantId,
        mut delivery: Delivery,
    ) -> Result<()> {
        let now = self.now;
        let Some(tenant) = self.tenant(tx, id).await? else {
            self.pages.finished.push(job.id);
            return Ok(());
        };
        let mut may_double = !delivery.pinned.is_empty();
        let was_sending = delivery.state == State::Sending;
        if was_sending {
            may_double = true;
            self.close_crashed(id, &mut delivery);
            if delivery.state.is_final() {
                self.done(job, id, delivery);
                return Ok(());
            }
        }
        if now > delivery.expires_at {
            self.pages.fail(id, &mut delivery, "Its time is over.".to_owned(), now);
            let activity = ActivityKind::Failed;
            self.told.push(DeliveryNews { tenant: id, delivery: delivery.clone(), activity });
            self.done(job, id, delivery);
            return Ok(());
        }
        match self.gate.judge(tx, id, &delivery).await? {
            GateVerdict::Go => {}
            GateVerdict::Stop(state, why) => {
                self.stop(job, id, delivery, state, why);
                return Ok(());
            }
            GateVerdict::Wait(at, why) => {
                // Its time to be tried begins when it may go out.
                delivery.expires_at = at.plus_ms(delivery.channel.life_ms());
                self.pages.expiries.push((id, delivery.id, delivery.expires_at));
                self.wait(job, id, delivery, at, why);
                return Ok(());
            }
        }
        match self.carriers.plan(&tenant, &delivery) {
            AttemptPlan::Ask(carrier) => {
                may_double &= !self.carriers.honours_key(&carrier);
                let job = job.clone();
                self.wanting.push(Wanting { job, tenant, delivery, carrier, may_double });
            }
            AttemptPlan::Capture => self.capture(job, id, delivery),
            AttemptPlan::Wait(at) => {
                let why = "It waits for its carrier to work again.".to_owned();
                self.wait(job, id, delivery, at, why);
            }
            AttemptPlan::Busy(at) => {
                if was_sending {
                    self.pages.deliveries.push((id, delivery));
                }
                self.pages.postponed.push((job.id, at));
            }
            AttemptPlan::Nowhere => {
                let why = format!(
                    "It may have gone out through the carrier {}, which is no longer configured.",
                    delivery.pinned
                );
                self.stop(job, id, delivery, RunState::Failed, why);
            }
        }
        Ok(())
    }

    /// Ends the attempt of a worker that died: nobody knows its outcome.
    fn close_crashed(&mut self, tenant: TenantId, delivery: &mut Delivery) {
        delivery.crashes += 1;
        let honours = self.carriers.honours_key(&delivery.carrier);
        let outcome = Outcome::Unknown("The server stopped before an answer came.".to_owned());
        let decision = self.pages.close(tenant, delivery, &outcome, honours, self.now, 0);
        self.told.push(DeliveryNews {
            tenant,
            delivery: delivery.clone(),
            activity: decision.activity,
        });
    }

    /// Begins what no limit holds back.
    async fn spend(&mut self, tx: &mut Tx) -> Result<()> {
        let wanting = std::mem::take(&mut self.wanting);
        let sends = wanting.iter().map(|wanting| WantedSend {
            tenant_id: wanting.tenant.id,
            rules: self.gate.rules(wanting.delivery.account_id),
            delivery: &wanting.delivery,
        });
        let sends: Vec<WantedSend<'_>> = sends.collect();
        let verdicts = purses::spend(tx, &sends, self.now).await?;
        for (wanting, verdict) in wanting.into_iter().zip(verdicts) {
            match verdict {
                None => self.begin(wanting),
                Some((at, why)) => {
                    let Wanting { job, tenant, delivery, .. } = wanting;
                    self.wait(&job, tenant.id, delivery, at, why);
                }
            }
        }
        Ok(())
    }

    /// Writes an attempt down that is then made.
    fn begin(&mut self, wanting: Wanting) {
        let Wanting { job, tenant, mut delivery, carrier, may_double } = wanting;
        if let (Cause::Run(run_id), false) = (delivery.cause, delivery.detail.is_empty()) {
            // It waited, and its run said so.
            let (state, reason) = (RunState::Sending, String::new());
            let turn =
                RunOutcome { tenant_id: tenant.id, run_id, state, reason, finished_at: None };
            self.pages.turns.push(turn);
        }
        delivery.state = State::Sending;
        delivery.attempts += 1;
        delivery.carrier = carrier;
        delivery.updated_at = self.now;
        let attempt = self.attempt(&delivery, may_double);
        self.pages.attempts.push((tenant.id, delivery.id, attempt));
        self.pages.deliveries.push((tenant.id, delivery.clone()));
        let number = delivery.attempts;
        self.started.push(Started { job, tenant, delivery, number });
    }

    /// Keeps a delivery instead of sending it: the attempt begins and ends at once.
    fn capture(&mut self, job: &Job, tenant: TenantId, mut delivery: Delivery) {
        delivery.attempts += 1;
        delivery.carrier.clear();
        let mut attempt = self.attempt(&delivery, false);
        let outcome = Outcome::Captured;
        let decision = self.pages.close(tenant, &mut delivery, &outcome, false, self.now, 0);
        // The attempt is written once, as it ended.
        self.pages.ended.pop();
        attempt.finished_at = Some(self.now);
        attempt.outcome = outcome.as_str().to_owned();
        self.pages.attempts.push((tenant, delivery.id, attempt));
        self.told.push(DeliveryNews {
            tenant,
            delivery: delivery.clone(),
            activity: decision.activity,
        });
        self.done(job, tenant, delivery);
    }

    fn attempt(&self, delivery: &Delivery, may_double: bool) -> Attempt {
        Attempt {
            number: delivery.attempts,
            carrier: delivery.carrier.clone(),
            may_double,
            started_at: self.now,
            finished_at: None,
            outcome: String::new(),
            detail: String::new(),
        }
    }

    fn stop(
        &mut self,
        job: &Job,
        tenant: TenantId,
        mut delivery: Delivery,
        state: RunState,
        why: String,
    ) {
        self.pages.fail(tenant, &mut delivery, why, self.now);
        let mut activity = ActivityKind::Failed;
        if state == RunState::Skipped {
            activity = ActivityKind::Withdrawn;
            delivery.state = State::Cancelled;
            if let Some(turn) =
                self.pages.turns.last_mut().filter(|_| delivery.cause.run().is_some())
            {
                turn.state = state;
            }
        }
        self.told.push(DeliveryNews { tenant, delivery: delivery.clone(), activity });
        self.done(job, tenant, delivery);
    }

    /// Postpones an attempt, and says why on the delivery and its run. A moment later than asked,
    /// each another one, so that what waited together does not come back all at once.
    fn wait(
        &mut self,
        job: &Job,
        tenant: TenantId,
        mut delivery: Delivery,
        at: Instant,
        why: String,
    ) {
        let spread = self.app.entropy.number() % limits::SECOND_MS.unsigned_abs();
        let at = at.plus_ms(i64::try_from(spread).unwrap_or(0));
        if at > delivery.expires_at {
            let why = format!("{why} Then its time would be over.");
            return self.stop(job, tenant, delivery, RunState::Failed, why);
        }
        if delivery.detail != why || delivery.state != State::Queued {
            if let Cause::Run(run_id) = delivery.cause {
                let (state, reason) = (RunState::Waiting, why.clone());
                let turn =
                    RunOutcome { tenant_id: tenant, run_id, state, reason, finished_at: None };
                self.pages.turns.push(turn);
            }
            delivery.state = State::Queued;
            delivery.detail = why;
            delivery.updated_at = self.now;
            self.pages.deliveries.push((tenant, delivery));
        }
        self.pages.postponed.push((job.id, at));
    }

    fn done(&mut self, job: &Job, tenant: TenantId, delivery: Delivery) {
        self.pages.deliveries.push((tenant, delivery));
        self.pages.finished.push(job.id);
    }

    async fn tenant(&mut self, tx: &mut Tx, id: TenantId) -> Result<Option<Tenant>> {
        if let Some(known) = self.tenants.get(&id) {
            return Ok(known.clone());
        }
        let tenant = store::tenants::find(tx.link(), id).await?;
        self.tenants.insert(id, tenant.clone());
        Ok(tenant)
    }
}
