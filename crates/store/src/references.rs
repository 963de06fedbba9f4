//! A carrier's own ids of what it took, by which its later reports find the delivery.

use domain::{DeliveryId, Instant, TenantId};
use sqlx::query;

use crate::rows::{Row, change, insert, one, row, text};
use crate::{Link, Result};

/// A carrier's id of a delivery, or of one part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarrierReference<'a> {
    /// The carrier's name in the configuration.
    pub carrier: &'a str,
    /// What the carrier calls it.
    pub id: &'a str,
    /// Whose delivery it is.
    pub tenant_id: TenantId,
    /// The delivery that it stands for.
    pub delivery_id: DeliveryId,
}

/// A report that came before we knew the id that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyReport {
    /// The carrier's name in the configuration.
    pub carrier: String,
    /// What the carrier calls what it reports on.
    pub id: String,
    /// The report, in the words that it was kept in.
    pub report: String,
}

row! { early: EarlyReport, "carrier_references"
    inserts { carrier; reference = early.id, early = early.report }
    with { id: reference, report: early }
}

/// Remembers ids, and answers the reports about them that came too early. An id that the carrier
/// used before now stands for the newer delivery.
pub async fn insert_all(
    link: Link<'_>,
    references: &[CarrierReference<'_>],
    at: Instant,
) -> Result<Vec<EarlyReport>> {
    const REPLACED: &str = text!(
        " ON CONFLICT (carrier, reference) DO UPDATE SET tenant_id = excluded.tenant_id, \
          delivery_id = excluded.delivery_id, arrived = excluded.arrived, \
          created_at = excluded.created_at RETURNING ",
        EarlyReport::SELECT
    );
    let rows = insert!(link, "carrier_references", references, |reference| {
        carrier = reference.carrier, reference = reference.id, tenant_id = reference.tenant_id,
        delivery_id = reference.delivery_id, arrived = false, early = "", created_at = at,
    }, REPLACED => EarlyReport)?;
    Ok(rows.into_iter().filter(|early| !early.report.is_empty()).collect())
}

/// Keeps a report about an id that nobody knows yet. A later one takes its place.
pub async fn keep_early(link: Link<'_>, early: &EarlyReport, at: Instant) -> Result<()> {
    insert!(link, "carrier_references", [early], |early| {
        tenant_id = 0, arrived = false, created_at = at, ..early
    }, " ON CONFLICT (carrier, reference) DO UPDATE SET early = excluded.early");
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
    one!((TenantId, DeliveryId), link, query(SQL).bind(carrier).bind(reference))
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
    Ok(one!(i64, link, query(REST).bind(tenant.0).bind(delivery.0))?.unwrap_or(0))
}

/// Forgets ids that are older than an instant.
pub async fn forget(link: Link<'_>, before: Instant) -> Result<u64> {
    const SQL: &str = "DELETE FROM carrier_references WHERE created_at < $1";
    Ok(change!(link, query(SQL).bind(before.as_ms())))
}
