//! Writing down what came of attempts, and what carriers report later.

use std::collections::HashSet;

use domain::delivery::{Learned, Outcome, Reach};
use domain::{ActivityKind, Job, JobId, JobKind};
use store::jobs::NewJob;

use super::write::{Pages, tell};
use super::{Carriers, Owned, Started};
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
    pages.write(&mut tx, now).await?;
    for ((tenant, delivery), activity) in &told {
        tell(&mut tx, *tenant, delivery, *activity, now).await?;
    }
    tx.commit().await?;
    Ok(held.len())
}

/// Takes in what a carrier reports about something that it took before, by its own id of it. False
/// if that is nothing new, or about nothing that we know: reports come late, twice and out of order.
pub async fn learn(
    app: &App,
    carrier: &str,
    reference: &str,
    report: &std::result::Result<Reach, String>,
) -> Result<bool> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let Some((tenant, id)) = store::references::find(tx.link(), carrier, reference).await? else {
        return Ok(false);
    };
    let delivery = store::deliveries::find_to_change(tx.link(), tenant, id).await?;
    let Some(mut delivery) = delivery.filter(|delivery| delivery.carrier == carrier) else {
        return Ok(false);
    };
    let mut pages = Pages::default();
    let activity = match delivery.learn(report, now) {
        Learned::Nothing => return Ok(false),
        Learned::Reached => ActivityKind::Reached,
        Learned::Failed => {
            let why = delivery.detail.clone();
            pages.fail(tenant, &mut delivery, why, now);
            ActivityKind::Failed
        }
        Learned::Again(due_at) => {
            let (kind, subject_id) = (JobKind::Deliver(delivery.channel), delivery.id.0);
            let job = NewJob { tenant_id: tenant, kind, subject_id, due_at };
            store::jobs::set(tx.link(), job).await?;
            pages.reopen(tenant, &delivery);
            ActivityKind::Retrying
        }
    };
    pages.deliveries.push((tenant, delivery.clone()));
    pages.write(&mut tx, now).await?;
    tell(&mut tx, tenant, &delivery, activity, now).await?;
    tx.commit().await?;
    Ok(true)
}
