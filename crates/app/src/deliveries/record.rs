//! Writing down what came of attempts.

use std::collections::HashSet;

use domain::delivery::Outcome;
use domain::{ActivityKind, Job, JobId};
use store::references::Early;

use super::write::{Pages, tell};
use super::{Carriers, Owned, Started, learn};
use crate::{App, Result};

/// Writes down what came of an attempt. False if the lease was lost meanwhile: then another worker
/// tells the story.
pub async fn record(
    app: &App,
    started: &Started,
    outcome: &Outcome,
    carriers: &dyn Carriers,
) -> Result<bool> {
    Ok(record_all(app, &[(started, outcome)], carriers).await? == 1)
}

/// Writes down what came of attempts: on the attempts, the deliveries, their runs and messages, and
/// in the queue. Answers how many still counted: whoever lost its lease meanwhile writes nothing.
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
    let mut pages = Pages::default();
    let mut told: Vec<(Owned, ActivityKind)> = Vec::new();
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
        if delivery.cause.message().is_some() {
            told.push(((tenant, delivery.clone()), decision.activity));
        }
        pages.deliveries.push((tenant, delivery));
    }
    let early = pages.write(&mut tx, now).await?;
    for ((tenant, delivery), activity) in &told {
        tell(&mut tx, *tenant, delivery, *activity, now).await?;
    }
    for Early { carrier, id, report } in &early {
        learn::from_report(&mut tx, carrier, id, &learn::read(report), now).await?;
    }
    tx.commit().await?;
    Ok(held.len())
}
