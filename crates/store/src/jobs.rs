//! The queue of due work. A claim moves a job's due time to the end of the lease, so a job whose
//! worker died is due again by itself.

use domain::{Instant, Job, JobId, JobKind, TenantId};
use sqlx::{AssertSqlSafe, query};

use crate::dialect::skip_locked;
use crate::rows::{all, change, from_cells, instant, one, word};
use crate::{Link, Result};

from_cells!(Job, cells => Job {
    id: JobId(cells.next()?),
    tenant_id: TenantId(cells.next()?),
    kind: word(cells.next()?, JobKind::parse)?,
    subject_id: cells.next()?,
    due_at: instant(cells.next()?),
    fence: cells.next()?,
});

/// Adds a job.
pub async fn insert(
    link: Link<'_>,
    tenant: TenantId,
    kind: JobKind,
    subject_id: i64,
    due_at: Instant,
) -> Result<()> {
    const SQL: &str = "INSERT INTO jobs (tenant_id, kind, subject_id, due_at, fence) \
        VALUES ($1, $2, $3, $4, 0)";
    change!(
        link,
        query(SQL).bind(tenant.0).bind(kind.as_str()).bind(subject_id).bind(due_at.as_ms())
    );
    Ok(())
}

/// Claims up to `limit` jobs that are due at `now`, for a lease that ends at `until`.
pub async fn claim(link: Link<'_>, now: Instant, until: Instant, limit: i64) -> Result<Vec<Job>> {
    let sql = format!(
        "UPDATE jobs SET due_at = $1, fence = fence + 1 WHERE id IN \
         (SELECT id FROM jobs WHERE due_at <= $2 ORDER BY due_at LIMIT $3{}) \
         RETURNING id, tenant_id, kind, subject_id, due_at, fence",
        skip_locked(&link)
    );
    let sql = AssertSqlSafe(sql);
    all!(Job, link, query(sql).bind(until.as_ms()).bind(now.as_ms()).bind(limit))
}

/// Makes a claimed job due again at an instant. False if the claim is no longer the caller's.
pub async fn postpone(link: Link<'_>, job: &Job, due_at: Instant) -> Result<bool> {
    const SQL: &str = "UPDATE jobs SET due_at = $3 WHERE id = $1 AND fence = $2";
    Ok(change!(link, query(SQL).bind(job.id.0).bind(job.fence).bind(due_at.as_ms())) > 0)
}

/// Removes a claimed job. False if the claim is no longer the caller's.
pub async fn finish(link: Link<'_>, job: &Job) -> Result<bool> {
    const SQL: &str = "DELETE FROM jobs WHERE id = $1 AND fence = $2";
    Ok(change!(link, query(SQL).bind(job.id.0).bind(job.fence)) > 0)
}

/// Whether a claim is still the caller's; holds a lock on the job until the transaction ends.
pub async fn hold(link: Link<'_>, job: &Job) -> Result<bool> {
    const SQL: &str = "UPDATE jobs SET fence = fence WHERE id = $1 AND fence = $2";
    Ok(change!(link, query(SQL).bind(job.id.0).bind(job.fence)) > 0)
}

/// How many jobs there are, due or not.
pub async fn count(link: Link<'_>) -> Result<i64> {
    Ok(one!((i64,), link, query("SELECT count(*) FROM jobs"))?.map_or(0, |(n,)| n))
}

/// When the next job is due.
pub async fn next_due(link: Link<'_>) -> Result<Option<Instant>> {
    let row = one!((i64,), link, query("SELECT due_at FROM jobs ORDER BY due_at LIMIT 1"))?;
    Ok(row.map(|(at,)| instant(at)))
}

/// When the job of a kind about a subject is due; `None` if there is none.
pub async fn due_at(
    link: Link<'_>,
    tenant: TenantId,
    kind: JobKind,
    subject_id: i64,
) -> Result<Option<Instant>> {
    const SQL: &str = "SELECT due_at FROM jobs \
        WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3 ORDER BY due_at LIMIT 1";
    let row = one!((i64,), link, query(SQL).bind(tenant.0).bind(kind.as_str()).bind(subject_id))?;
    Ok(row.map(|(at,)| instant(at)))
}
