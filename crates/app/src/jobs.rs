//! The queue of due work, for the worker.

use domain::{Instant, Job, JobId, JobKind, limits};

use crate::{App, Result};

/// Claims up to `limit` jobs of a kind that are due, for one lease each.
#[crate::boxed]
pub async fn claim(app: &App, kind: JobKind, limit: i64) -> Result<Vec<Job>> {
    let now = app.now();
    let until = now.plus_ms(limits::LEASE_MS);
    let mut tx = app.db.begin().await?;
    let jobs = store::jobs::claim(tx.link(), kind, now, until, limit).await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Holds claimed jobs for another lease from now. What was lost meanwhile stays lost.
#[crate::boxed]
pub async fn renew(app: &App, jobs: &[Job]) -> Result<()> {
    let until = app.now().plus_ms(limits::LEASE_MS);
    let mut tx = app.db.begin().await?;
    let held = store::jobs::hold(tx.link(), jobs).await?;
    store::jobs::renew(tx.link(), &held, until).await?;
    Ok(tx.commit().await?)
}

/// When the next job of a kind is due; a worker that has nothing to do looks again then, or sooner.
#[crate::boxed]
pub async fn next_due(app: &App, kind: JobKind) -> Result<Option<Instant>> {
    Ok(store::jobs::next_due(app.db.read().await?.link(), kind).await?)
}

/// How many jobs there are, due or not.
#[crate::boxed]
pub async fn count(app: &App) -> Result<i64> {
    Ok(store::jobs::count(app.db.read().await?.link()).await?)
}

/// The words of the kinds in the queue that this program does not know. Jobs of such a kind are never
/// claimed: they wait for the newer program that put them there.
#[crate::boxed]
pub async fn unknown_kinds(app: &App) -> Result<Vec<String>> {
    Ok(store::jobs::unknown_kinds(app.db.read().await?.link()).await?)
}

/// Gives a claimed job up for good: nothing is left to be done.
#[crate::boxed]
pub async fn abandon(app: &App, job: &Job) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let held = store::jobs::hold(tx.link(), std::slice::from_ref(job)).await?;
    let ids: Vec<JobId> = held.iter().map(|job| job.id).collect();
    store::jobs::finish(tx.link(), &ids).await?;
    tx.commit().await?;
    Ok(())
}
