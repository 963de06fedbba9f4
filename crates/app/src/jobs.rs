//! The queue of due work, for the worker.

use domain::{Instant, Job, limits};

use crate::{App, Result};

/// Claims up to `limit` jobs that are due, for one lease each.
pub async fn claim(app: &App, limit: i64) -> Result<Vec<Job>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let jobs = store::jobs::claim(tx.link(), now, now.plus_ms(limits::LEASE_MS), limit).await?;
    tx.commit().await?;
    Ok(jobs)
}

/// When the next job is due; a worker that has nothing to do looks again then, or sooner.
pub async fn next_due(app: &App) -> Result<Option<Instant>> {
    Ok(store::jobs::next_due(app.db.read().await?.link()).await?)
}

/// How many jobs there are, due or not.
pub async fn count(app: &App) -> Result<i64> {
    Ok(store::jobs::count(app.db.read().await?.link()).await?)
}

/// Gives a claimed job up for good: nothing is left to be done.
pub async fn abandon(app: &App, job: &Job) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::jobs::finish(tx.link(), job).await?;
    tx.commit().await?;
    Ok(())
}
