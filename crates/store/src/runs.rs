//! Runs: one row for each occurrence of a To Do that came due.

use domain::to_do::RunState;
use domain::{Instant, Run, RunId, TenantId, ToDoId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{FromCells, all, from_cells, instant, maybe, ms, one, word};
use crate::{Link, Result};

macro_rules! columns {
    () => {
        "id, to_do_id, due_at, state, reason, created_at, finished_at"
    };
}

from_cells!(Run, cells => Run {
    id: RunId(cells.next()?),
    to_do_id: ToDoId(cells.next()?),
    due_at: instant(cells.next()?),
    state: word(cells.next()?, RunState::parse)?,
    reason: cells.next()?,
    created_at: instant(cells.next()?),
    finished_at: maybe(cells.next()?),
});

/// Adds runs; their ids are ignored. Answers the ids of the new ones by To Do and occurrence: an
/// occurrence that has its run already gets no second one, and is missing in the answer.
pub async fn insert_all(
    link: Link<'_>,
    runs: &[(TenantId, &Run)],
) -> Result<Vec<(ToDoId, Instant, RunId)>> {
    if runs.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, i64, i64)> = on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO runs (tenant_id, to_do_id, due_at, state, reason, created_at, \
             finished_at) ",
        );
        sql.push_values(runs, |mut row, (tenant, run)| {
            row.push_bind(tenant.0)
                .push_bind(run.to_do_id.0)
                .push_bind(run.due_at.as_ms())
                .push_bind(run.state.as_str())
                .push_bind(&run.reason)
                .push_bind(run.created_at.as_ms())
                .push_bind(ms(run.finished_at));
        });
        sql.push(
            " ON CONFLICT (tenant_id, to_do_id, due_at) DO NOTHING \
             RETURNING to_do_id, due_at, id",
        );
        let rows = sql.build().persistent(recurs(runs.len())).fetch_all(c).await?;
        rows.iter().map(<(i64, i64, i64)>::from_row).collect::<Result<_>>()
    })?;
    let ids = |(to_do, at, id)| (ToDoId(to_do), instant(at), RunId(id));
    Ok(rows.into_iter().map(ids).collect())
}

from_cells!((i64, i64, i64), cells => (cells.next()?, cells.next()?, cells.next()?));

/// What a run has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The run.
    pub run_id: RunId,
    /// What became of it.
    pub state: RunState,
    /// Why, in a sentence, or `""`.
    pub reason: String,
    /// When nothing more was to be done; `None` while something is.
    pub finished_at: Option<Instant>,
}

/// Writes down what runs have come to.
pub async fn turn_all(link: Link<'_>, turns: &[Turn]) -> Result<()> {
    if turns.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "UPDATE runs SET state = v.column3, reason = v.column4, finished_at = v.column5 FROM (",
        );
        sql.push_values(turns, |mut row, turn| {
            row.push_bind(turn.tenant_id.0)
                .push_bind(turn.run_id.0)
                .push_bind(turn.state.as_str())
                .push_bind(&turn.reason)
                .push_bind(ms(turn.finished_at));
        });
        sql.push(") AS v WHERE runs.tenant_id = v.column1 AND runs.id = v.column2");
        sql.build().persistent(recurs(turns.len())).execute(c).await?;
    });
    Ok(())
}

/// A run.
pub async fn find(link: Link<'_>, tenant: TenantId, id: RunId) -> Result<Option<Run>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM runs WHERE tenant_id = $1 AND id = $2");
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
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM runs WHERE tenant_id = $1 AND to_do_id = $2 AND due_at < $3 \
          ORDER BY due_at DESC LIMIT $4"
    );
    let before = before.map_or(i64::MAX, Instant::as_ms);
    all!(Run, link, query(SQL).bind(tenant.0).bind(to_do.0).bind(before).bind(limit))
}

/// The last run of each of some To Dos of a tenant; those that never ran are missing.
pub async fn last_of(link: Link<'_>, tenant: TenantId, ids: &[ToDoId]) -> Result<Vec<Run>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE due_at = (SELECT max(due_at) FROM runs AS others \
              WHERE others.tenant_id = runs.tenant_id AND others.to_do_id = runs.to_do_id) \
              AND tenant_id = ",
        ));
        sql.push_bind(tenant.0);
        among!(sql, "to_do_id", ids);
        sql.build().persistent(false).fetch_all(c).await?.iter().map(Run::from_row).collect()
    })
}

/// The runs of a To Do with which something is still to be done, oldest first.
pub async fn open_of(link: Link<'_>, tenant: TenantId, to_do: ToDoId) -> Result<Vec<Run>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM runs WHERE tenant_id = $1 AND to_do_id = $2 AND finished_at IS NULL ORDER BY id"
    );
    all!(Run, link, query(SQL).bind(tenant.0).bind(to_do.0))
}

/// Which of some To Dos, of any tenant, have a run with which something is still to be done.
pub async fn open_among(link: Link<'_>, ids: &[(TenantId, ToDoId)]) -> Result<Vec<ToDoId>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new("SELECT to_do_id FROM runs WHERE finished_at IS NULL");
        among_keys!(sql, "tenant_id", "to_do_id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(|row| <(i64,)>::from_row(row).map(|(id,)| ToDoId(id))).collect()
    })
}

/// How many runs a tenant has.
pub async fn count(link: Link<'_>, tenant: TenantId) -> Result<i64> {
    const SQL: &str = "SELECT count(*) FROM runs WHERE tenant_id = $1";
    Ok(one!((i64,), link, query(SQL).bind(tenant.0))?.map_or(0, |(n,)| n))
}
