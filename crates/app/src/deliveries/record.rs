//! Writing down the outcomes of attempts.

use std::collections::HashSet;

use domain::delivery::Outcome;
use domain::{Job, JobId};
use store::references::EarlyReport;

use super::tell::{DeliveryNews, tell_all};
use super::write::DeliveryRows;
use super::{Carriers, Started, learn};
use crate::{App, Result};

/// Writes down the outcome of an attempt. False if the lease was lost meanwhile: then another worker
/// tells the story.
#[crate::boxed]
pub async fn record(
    app: &App,
    started: &Started,
    outcome: &Outcome,
    carriers: &dyn Carriers,
) -> Result<bool> {
    Ok(record_all(app, &[(started, outcome)], carriers).await? == 1)
}

/// Writes down the outcomes of attempts: on the attempts, the deliveries, their runs and messages, and
/// in the queue. Answers how many still counted: whoever lost its lease meanwhile writes nothing.
#[crate::boxed]
pub async fn record_all(
    app: &App,
    outcomes: &[(&Started, &Outcome)],
    carriers: &dyn Carriers,
) -> Result<usize> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let jobs: Vec<Job> = outcomes.iter().map(|(started, _)| started.job.clone()).collect();
    let held = store::jobs::hold(tx.link(), &jobs).await?;
    let ids: HashSet<JobId> = held.iter().map(|job| job.id).collect();
    let is_held = |started: &Started| ids.contains(&started.job.id);
    let mut pages = DeliveryRows::default();
    let mut told: Vec<DeliveryNews> = Vec::new();
    for (started, outcome) in outcomes.iter().filter(|(started, _)| is_held(started)) {
        let tenant = started.tenant.id;
        let mut delivery = started.delivery.clone();
        let honours = carriers.honours_key(&delivery.carrier);
        let jitter = app.entropy.number();
        let decision = pages.close(tenant, &mut delivery, outcome, honours, now, jitter);
        match decision.again_at {
            Some(at) => pages.postponed.push((started.job.id, at)),
            None => pages.finished.push(started.job.id),
        }
        told.push(DeliveryNews { tenant, delivery: delivery.clone(), activity: decision.activity });
        pages.deliveries.push((tenant, delivery));
    }
    let early = pages.write(&mut tx, now).await?;
    tell_all(app, &mut tx, told, now).await?;
    for EarlyReport { carrier, id, report } in &early {
        learn::from_report(app, &mut tx, carrier, id, &learn::read(report), now).await?;
    }
    tx.commit().await?;
    Ok(held.len())
}
