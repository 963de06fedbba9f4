//! Attempts: one row for each try to send a delivery.

use domain::{Attempt, DeliveryId, Instant, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among, recurs};
use crate::rows::{Row, all, insert, read, row, select, text, update};
use crate::{Link, Result};

row! { attempt: Attempt, "attempts"
    inserts { number, carrier, may_double, started_at }
    updates { finished_at, outcome, detail }
}

/// An attempt with its delivery and that one's tenant.
pub type AttemptRow<'a> = (TenantId, DeliveryId, &'a Attempt);

/// Writes down that attempts start, or for those that were captured, that they were made.
pub async fn insert_all(link: Link<'_>, attempts: &[AttemptRow<'_>]) -> Result<()> {
    insert!(link, "attempts", attempts, |(tenant, delivery, attempt)| {
        tenant_id = tenant, delivery_id = delivery, ..attempt
    });
    Ok(())
}

/// How an attempt of a delivery ended.
#[derive(Clone, Copy, Debug)]
pub struct AttemptEnd<'a> {
    /// The tenant of the delivery.
    pub tenant_id: TenantId,
    /// The delivery that was attempted.
    pub delivery_id: DeliveryId,
    /// The number of the attempt, from 1.
    pub number: i64,
    /// When it ended.
    pub at: Instant,
    /// The word for how it ended.
    pub outcome: &'a str,
    /// What the carrier answered, or the reason in a sentence.
    pub detail: &'a str,
}

/// Writes down how attempts ended.
pub async fn finish_all(link: Link<'_>, ended: &[AttemptEnd<'_>]) -> Result<()> {
    update!(link, "attempts", ended, |ended| {
        tenant_id = ended.tenant_id, delivery_id = ended.delivery_id, number = ended.number,
    } set { finished_at = ended.at, outcome = ended.outcome, detail = ended.detail, });
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
        let mut sql = QueryBuilder::new(text!(
            "SELECT delivery_id, ",
            Attempt::SELECT,
            " FROM attempts WHERE tenant_id = "
        ));
        sql.push_bind(tenant.0);
        among!(sql, "delivery_id", ids);
        sql.push(" ORDER BY delivery_id, number");
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// The attempts of a delivery, first to last.
pub async fn of(link: Link<'_>, tenant: TenantId, id: DeliveryId) -> Result<Vec<Attempt>> {
    const SQL: &str =
        select!(Attempt, " WHERE tenant_id = $1 AND delivery_id = $2 ORDER BY number");
    all!(Attempt, link, query(SQL).bind(tenant.0).bind(id.0))
}
