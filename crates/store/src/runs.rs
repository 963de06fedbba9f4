//! Runs: one row for each occurrence of a To Do that came due.

use domain::to_do::RunState;
use domain::{Instant, Run, RunId, TenantId, ToDoId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{all, insert, one, read, row, select, update};
use crate::{Link, Result};

row! { run: Run, "runs"
    reads { id }
    inserts { to_do_id, due_at, created_at }
    updates { state, reason, finished_at }
}

/// Adds runs; their ids are ignored. Answers the ids of the new ones by To Do and occurrence: an
/// occurrence that has its run already gets no second one, and is missing in the answer.
pub async fn insert_all(
    link: Link<'_>,
    runs: &[(TenantId, &Run)],
) -> Result<Vec<(ToDoId, Instant, RunId)>> {
    insert!(link, "runs", runs, |(tenant, run)| {
        tenant_id = tenant, ..run
    }, " ON CONFLICT (tenant_id, to_do_id, due_at) DO NOTHING RETURNING to_do_id, due_at, id"
        => (ToDoId, Instant, RunId))
}

/// Where a run stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOutcome {
    /// The tenant of the run.
    pub tenant_id: TenantId,
    /// The run that is changed.
    pub run_id: RunId,
    /// The state that it has now.
    pub state: RunState,
    /// Why, in a sentence, or `""`.
    pub reason: String,
    /// When nothing more was to be done; `None` while something is.
    pub finished_at: Option<Instant>,
}

/// Writes down where runs stand.
pub async fn turn_all(link: Link<'_>, turns: &[RunOutcome]) -> Result<()> {
    update!(link, "runs", turns, |turn| {
        tenant_id = turn.tenant_id, id = turn.run_id,
    } set { state = turn.state, reason = turn.reason, finished_at = turn.finished_at, });
    Ok(())
}

/// The run with this id.
pub async fn find(link: Link<'_>, tenant: TenantId, id: RunId) -> Result<Option<Run>> {
    const SQL: &str = select!(Run, " WHERE tenant_id = $1 AND id = $2");
    one!(Run, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The runs of a To Do, newest occurrence first: at most `limit`, those before `before` if given.
pub async fn of_to_do(
    link: Link<'_>,
    tenant: TenantId,
    to_do: ToDoId,
    before: Option<Instant>,
    limit: i64,
) -> Result<Vec<Run>> {
    const SQL: &str = select!(
        Run,
        " WHERE tenant_id = $1 AND to_do_id = $2 AND due_at < $3 \
          ORDER BY due_at DESC LIMIT $4"
    );
    let before = before.map_or(i64::MAX, Instant::as_ms);
    all!(Run, link, query(SQL).bind(tenant.0).bind(to_do.0).bind(before).bind(limit))
}

/// The last run of each of some To Dos of a tenant; those that never ran are missing.
pub async fn last_of(link: Link<'_>, tenant: TenantId, ids: &[ToDoId]) -> Result<Vec<Run>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(
            Run,
            " WHERE due_at = (SELECT max(due_at) FROM runs AS others \
              WHERE others.tenant_id = runs.tenant_id AND others.to_do_id = runs.to_do_id) \
              AND tenant_id = ",
        ));
        sql.push_bind(tenant.0);
        among!(sql, "to_do_id", ids);
        sql.build().persistent(false).fetch_all(c).await?.iter().map(read).collect()
    })
}

/// The runs of a To Do with which something is still to be done, oldest first.
pub async fn open_of(link: Link<'_>, tenant: TenantId, to_do: ToDoId) -> Result<Vec<Run>> {
    const SQL: &str =
        select!(Run, " WHERE tenant_id = $1 AND to_do_id = $2 AND finished_at IS NULL ORDER BY id");
    all!(Run, link, query(SQL).bind(tenant.0).bind(to_do.0))
}

/// Which of some To Dos, of any tenant, have a run with which something is still to be done.
pub async fn open_among(link: Link<'_>, ids: &[(TenantId, ToDoId)]) -> Result<Vec<ToDoId>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new("SELECT to_do_id FROM runs WHERE finished_at IS NULL");
        among_keys!(sql, "tenant_id", "to_do_id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// How many runs a tenant has.
pub async fn count(link: Link<'_>, tenant: TenantId) -> Result<i64> {
    const SQL: &str = "SELECT count(*) FROM runs WHERE tenant_id = $1";
    Ok(one!(i64, link, query(SQL).bind(tenant.0))?.unwrap_or(0))
}
