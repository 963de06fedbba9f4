//! A carrier's own ids of what it took, by which its later reports find the delivery.

use domain::{DeliveryId, Instant, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::rows::{change, one};
use crate::{Link, Result};

/// A carrier's id of a delivery.
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

/// Remembers ids. One that the carrier used before now stands for the newer delivery.
pub async fn insert_all(link: Link<'_>, references: &[Reference<'_>], at: Instant) -> Result<()> {
    if references.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO carrier_references \
             (carrier, reference, tenant_id, delivery_id, created_at) ",
        );
        sql.push_values(references, |mut row, reference| {
            row.push_bind(reference.carrier)
                .push_bind(reference.id)
                .push_bind(reference.tenant_id.0)
                .push_bind(reference.delivery_id.0)
                .push_bind(at.as_ms());
        });
        sql.push(
            " ON CONFLICT (carrier, reference) DO UPDATE SET tenant_id = excluded.tenant_id, \
             delivery_id = excluded.delivery_id, created_at = excluded.created_at",
        );
        sql.build().persistent(references.len() == 1).execute(c).await?;
    });
    Ok(())
}

/// The delivery that a carrier's id stands for.
pub async fn find(
    link: Link<'_>,
    carrier: &str,
    reference: &str,
) -> Result<Option<(TenantId, DeliveryId)>> {
    const SQL: &str = "SELECT tenant_id, delivery_id FROM carrier_references \
        WHERE carrier = $1 AND reference = $2";
    let row = one!((i64, i64), link, query(SQL).bind(carrier).bind(reference))?;
    Ok(row.map(|(tenant, id)| (TenantId(tenant), DeliveryId(id))))
}

/// Forgets ids that are older than an instant.
pub async fn forget(link: Link<'_>, before: Instant) -> Result<u64> {
    const SQL: &str = "DELETE FROM carrier_references WHERE created_at < $1";
    Ok(change!(link, query(SQL).bind(before.as_ms())))
}
