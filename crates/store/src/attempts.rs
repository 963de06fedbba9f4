//! Attempts: one row for each try to send a delivery.

use domain::{Attempt, DeliveryId, Instant, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among, recurs};
use crate::rows::{FromCells, all, from_cells, instant, maybe, ms};
use crate::{Link, Result};

from_cells!(Attempt, cells => Attempt {
    number: cells.next()?,
    carrier: cells.next()?,
    may_double: cells.next()?,
    started_at: instant(cells.next()?),
    finished_at: maybe(cells.next()?),
    outcome: cells.next()?,
    detail: cells.next()?,
});

from_cells!((DeliveryId, Attempt), cells => {
    (DeliveryId(cells.next()?), Attempt::from_cells(cells)?)
});

/// An attempt of a delivery of a tenant.
pub type Row<'a> = (TenantId, DeliveryId, &'a Attempt);

/// Writes down that attempts start, or for those that were captured, that they were made.
pub async fn insert_all(link: Link<'_>, attempts: &[Row<'_>]) -> Result<()> {
    if attempts.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO attempts (tenant_id, delivery_id, number, carrier, may_double, \
             started_at, finished_at, outcome, detail) ",
        );
        sql.push_values(attempts, |mut row, (tenant, id, attempt)| {
            row.push_bind(tenant.0)
                .push_bind(id.0)
                .push_bind(attempt.number)
                .push_bind(&attempt.carrier)
                .push_bind(attempt.may_double)
                .push_bind(attempt.started_at.as_ms())
                .push_bind(ms(attempt.finished_at))
                .push_bind(&attempt.outcome)
                .push_bind(&attempt.detail);
        });
        sql.build().persistent(recurs(attempts.len())).execute(c).await?;
    });
    Ok(())
}

/// Writes down how an attempt of a delivery ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The attempt's number.
    pub number: i64,
    /// When it ended.
    pub at: Instant,
    /// The word for what came of it.
    pub outcome: &'a str,
    /// What the carrier answered, or the reason in a sentence.
    pub detail: &'a str,
}

/// Writes down how attempts ended.
pub async fn finish_all(link: Link<'_>, ended: &[Ended<'_>]) -> Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "UPDATE attempts SET finished_at = v.column4, outcome = v.column5, \
             detail = v.column6 FROM (",
        );
        sql.push_values(ended, |mut row, ended| {
            row.push_bind(ended.tenant_id.0)
                .push_bind(ended.delivery_id.0)
                .push_bind(ended.number)
                .push_bind(ended.at.as_ms())
                .push_bind(ended.outcome)
                .push_bind(ended.detail);
        });
        sql.push(
            ") AS v WHERE attempts.tenant_id = v.column1 \
             AND attempts.delivery_id = v.column2 AND attempts.number = v.column3",
        );
        sql.build().persistent(recurs(ended.len())).execute(c).await?;
    });
    Ok(())
}

/// The attempts of some deliveries, each one's first to last.
pub async fn of_all(
    link: Link<'_>,
    tenant: TenantId,
    ids: &[DeliveryId],
) -> Result<Vec<(DeliveryId, Attempt)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT delivery_id, number, carrier, may_double, started_at, finished_at, outcome, \
             detail FROM attempts WHERE tenant_id = ",
        );
        sql.push_bind(tenant.0);
        among!(sql, "delivery_id", ids);
        sql.push(" ORDER BY delivery_id, number");
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(<(DeliveryId, Attempt)>::from_row).collect()
    })
}

/// The attempts of a delivery, first to last.
pub async fn of(link: Link<'_>, tenant: TenantId, id: DeliveryId) -> Result<Vec<Attempt>> {
    const SQL: &str = "SELECT number, carrier, may_double, started_at, finished_at, outcome, \
        detail FROM attempts WHERE tenant_id = $1 AND delivery_id = $2 ORDER BY number";
    all!(Attempt, link, query(SQL).bind(tenant.0).bind(id.0))
}
