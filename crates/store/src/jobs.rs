//! The queue of due work. A claim moves a job's due time to the end of the lease, so a job whose
//! worker died is due again by itself.

use std::collections::HashSet;

use domain::{Channel, DeliveryId, Instant, Job, JobId, JobKind, TenantId};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::db::on;
use crate::dialect::{for_update, skip_locked};
use crate::narrow::{among, recurs};
use crate::rows::{Row, all, change, insert, one, read, row, update};
use crate::{Link, Result};

row! { job: Job, "jobs" reads { id, tenant_id, kind, subject_id, due_at, fence } }

/// A job that is not in the queue yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// What is to be done.
    pub kind: JobKind,
    /// The id of what it is to be done to.
    pub subject_id: i64,
    /// When it is due.
    pub due_at: Instant,
}

row! { job: NewJob, "jobs" inserts { tenant_id, kind, subject_id, due_at } }

/// Adds a job, or moves the one that the subject has: a claim on that one is lost.
pub async fn set(link: Link<'_>, job: NewJob) -> Result<()> {
    set_all(link, &[job]).await
}

/// Adds jobs, or moves those that their subjects have: claims on those are lost.
pub async fn set_all(link: Link<'_>, jobs: &[NewJob]) -> Result<()> {
    insert!(link, "jobs", jobs, |job| {
        fence = 0, ..job
    }, " ON CONFLICT (tenant_id, kind, subject_id) \
        DO UPDATE SET due_at = excluded.due_at, fence = jobs.fence + 1");
    Ok(())
}

/// Takes the job of a kind about a subject out of the queue, whoever has claimed it.
pub async fn remove(
    link: Link<'_>,
    tenant: TenantId,
    kind: JobKind,
    subject_id: i64,
) -> Result<()> {
    const SQL: &str = "DELETE FROM jobs WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3";
    change!(link, query(SQL).bind(tenant.0).bind(kind.as_str()).bind(subject_id));
    Ok(())
}

/// Locks the jobs of some deliveries until the transaction ends, whoever has claimed them. Wherever
/// both are locked, jobs come before their deliveries: so no two wait for each other.
pub async fn lock_deliveries(
    link: Link<'_>,
    tenant: TenantId,
    deliveries: &[DeliveryId],
) -> Result<()> {
    let lock = for_update(&link);
    if lock.is_empty() || deliveries.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new("SELECT id FROM jobs WHERE tenant_id = ");
        sql.push_bind(tenant.0).push(" AND kind IN (");
        let mut kinds = sql.separated(", ");
        for channel in Channel::ALL {
            kinds.push_bind(JobKind::Deliver(channel).as_str());
        }
        sql.push(")");
        among!(sql, "subject_id", deliveries);
        sql.push(" ORDER BY id").push(lock);
        sql.build().execute(c).await?;
    });
    Ok(())
}

/// Claims up to `limit` jobs of a kind that are due at `now`, for a lease that ends at `until`.
pub async fn claim(
    link: Link<'_>,
    kind: JobKind,
    now: Instant,
    until: Instant,
    limit: i64,
) -> Result<Vec<Job>> {
    let sql = format!(
        "UPDATE jobs SET due_at = $1, fence = fence + 1 WHERE id IN \
         (SELECT id FROM jobs WHERE kind = $2 AND due_at <= $3 ORDER BY due_at LIMIT $4{}) \
         RETURNING {}",
        skip_locked(&link),
        Job::SELECT
    );
    let sql = AssertSqlSafe(sql);
    let (kind, until_ms, now_ms) = (kind.as_str(), until.as_ms(), now.as_ms());
    all!(Job, link, query(sql).bind(until_ms).bind(kind).bind(now_ms).bind(limit))
}

/// Those of the jobs whose claim is still the caller's; holds a lock on each until the transaction
/// ends.
pub async fn hold(link: Link<'_>, jobs: &[Job]) -> Result<Vec<Job>> {
    let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
    let lock = for_update(&link);
    let held: HashSet<(JobId, i64)> = on!(link, c => {
        let mut sql = QueryBuilder::new("SELECT id, fence FROM jobs WHERE 1 = 1");
        among!(sql, "id", &ids[..]);
        sql.push(" ORDER BY id").push(lock);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect::<Result<_>>()
    })?;
    Ok(jobs.iter().filter(|job| held.contains(&(job.id, job.fence))).cloned().collect())
}

/// Makes held jobs due again, each at its instant. The claims on them end: whoever still renews one
/// does not move it any more.
pub async fn postpone(link: Link<'_>, jobs: &[(JobId, Instant)]) -> Result<()> {
    update!(link, "jobs", jobs, |(id, at)| {
        id = id,
    } set { due_at = at, }, "fence = jobs.fence + 1");
    Ok(())
}

/// Removes held jobs: their work is done.
pub async fn finish(link: Link<'_>, ids: &[JobId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new("DELETE FROM jobs WHERE 1 = 1");
        among!(sql, "id", ids);
        sql.build().persistent(recurs(ids.len())).execute(c).await?;
    });
    Ok(())
}

/// Moves the end of the leases of jobs whose claims are still the caller's.
pub async fn renew(link: Link<'_>, jobs: &[Job], until: Instant) -> Result<()> {
    update!(link, "jobs", jobs, |job| {
        id = job.id, fence = job.fence,
    } set { due_at = until, });
    Ok(())
}

/// How many jobs there are, due or not.
pub async fn count(link: Link<'_>) -> Result<i64> {
    Ok(one!(i64, link, query("SELECT count(*) FROM jobs"))?.unwrap_or(0))
}

/// The words of the kinds in the queue that this program does not know.
pub async fn unknown_kinds(link: Link<'_>) -> Result<Vec<String>> {
    let words = all!(String, link, query("SELECT DISTINCT kind FROM jobs ORDER BY kind"))?;
    Ok(words.into_iter().filter(|word| JobKind::parse(word).is_none()).collect())
}

/// When the next job of a kind is due.
pub async fn next_due(link: Link<'_>, kind: JobKind) -> Result<Option<Instant>> {
    const SQL: &str = "SELECT due_at FROM jobs WHERE kind = $1 ORDER BY due_at LIMIT 1";
    one!(Instant, link, query(SQL).bind(kind.as_str()))
}

/// When the job of a kind about a subject is due; `None` if there is none.
pub async fn due_at(
    link: Link<'_>,
    tenant: TenantId,
    kind: JobKind,
    subject_id: i64,
) -> Result<Option<Instant>> {
    const SQL: &str = "SELECT due_at FROM jobs \
        WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3";
    one!(Instant, link, query(SQL).bind(tenant.0).bind(kind.as_str()).bind(subject_id))
}
