//! A carrier's own ids of what it took, by which its later reports find the delivery.

use domain::{DeliveryId, Instant, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::recurs;
use crate::rows::{FromCells, change, from_cells, one};
use crate::{Link, Result};

/// A carrier's id of a delivery, or of one part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The carrier's name in the configuration.
    pub carrier: &'a str,
    /// Its id.
    pub id: &'a str,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The delivery.
    pub delivery_id: DeliveryId,
}

/// A report that came before we knew the id that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Early {
    /// The carrier's name.
    pub carrier: String,
    /// Its id.
    pub id: String,
    /// The report, in the words that it was kept in.
    pub report: String,
}

from_cells!(Early, cells => Early {
    carrier: cells.next()?,
    id: cells.next()?,
    report: cells.next()?,
});

/// Remembers ids, and answers the reports about them that came too early. An id that the carrier
/// used before now stands for the newer delivery.
pub async fn insert_all(
    link: Link<'_>,
    references: &[Reference<'_>],
    at: Instant,
) -> Result<Vec<Early>> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Early> = on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO carrier_references \
             (carrier, reference, tenant_id, delivery_id, arrived, early, created_at) ",
        );
        sql.push_values(references, |mut row, reference| {
            row.push_bind(reference.carrier)
                .push_bind(reference.id)
                .push_bind(reference.tenant_id.0)
                .push_bind(reference.delivery_id.0)
                .push("FALSE")
                .push("''")
                .push_bind(at.as_ms());
        });
        sql.push(
            " ON CONFLICT (carrier, reference) DO UPDATE SET tenant_id = excluded.tenant_id, \
             delivery_id = excluded.delivery_id, arrived = excluded.arrived, \
             created_at = excluded.created_at RETURNING carrier, reference, early",
        );
        let rows = sql.build().persistent(recurs(references.len())).fetch_all(c).await?;
        rows.iter().map(Early::from_row).collect::<Result<_>>()
    })?;
    Ok(rows.into_iter().filter(|early| !early.report.is_empty()).collect())
}

/// Keeps a report about an id that nobody knows yet. A later one takes its place.
pub async fn keep_early(link: Link<'_>, early: &Early, at: Instant) -> Result<()> {
    const SQL: &str = "INSERT INTO carrier_references \
        (carrier, reference, tenant_id, delivery_id, arrived, early, created_at) \
        VALUES ($1, $2, 0, NULL, FALSE, $3, $4) \
        ON CONFLICT (carrier, reference) DO UPDATE SET early = excluded.early";
    let ms = at.as_ms();
    change!(link, query(SQL).bind(&early.carrier).bind(&early.id).bind(&early.report).bind(ms));
    Ok(())
}

/// The delivery that a carrier's id stands for.
pub async fn find(
    link: Link<'_>,
    carrier: &str,
    reference: &str,
) -> Result<Option<(TenantId, DeliveryId)>> {
    const SQL: &str = "SELECT tenant_id, delivery_id FROM carrier_references \
        WHERE carrier = $1 AND reference = $2 AND delivery_id IS NOT NULL";
    let row = one!((i64, i64), link, query(SQL).bind(carrier).bind(reference))?;
    Ok(row.map(|(tenant, id)| (TenantId(tenant), DeliveryId(id))))
}

/// Notes that one part has arrived, and answers how many parts of its delivery have not.
pub async fn arrive(
    mut link: Link<'_>,
    carrier: &str,
    reference: &str,
    (tenant, delivery): (TenantId, DeliveryId),
) -> Result<i64> {
    const SQL: &str =
        "UPDATE carrier_references SET arrived = TRUE WHERE carrier = $1 AND reference = $2";
    change!(link.again(), query(SQL).bind(carrier).bind(reference));
    const REST: &str = "SELECT count(*) FROM carrier_references \
        WHERE tenant_id = $1 AND delivery_id = $2 AND NOT arrived";
    let row = one!((i64,), link, query(REST).bind(tenant.0).bind(delivery.0))?;
    Ok(row.map_or(0, |(n,)| n))
}

/// Forgets ids that are older than an instant.
pub async fn forget(link: Link<'_>, before: Instant) -> Result<u64> {
    const SQL: &str = "DELETE FROM carrier_references WHERE created_at < $1";
    Ok(change!(link, query(SQL).bind(before.as_ms())))
}
