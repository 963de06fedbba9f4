//! The audit log: what people changed outside messages, each row chained to the one before it.

use domain::{Instant, TenantId, UserId};
use sqlx::query;

use crate::rows::{all, change, from_cells, instant, one};
use crate::{Link, Result};

/// A row of a tenant's audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who did it; `None` for the command line.
    pub actor_id: Option<UserId>,
    /// That user's name, as it was then.
    pub actor_name: String,
    /// What was done, as `noun.verb`.
    pub action: String,
    /// To what.
    pub subject: String,
    /// When.
    pub at: Instant,
    /// The hash over this row and the hash of the row before it, in hexadecimal digits.
    pub hash: String,
}

from_cells!(Entry, cells => Entry {
    actor_id: cells.next::<Option<i64>>()?.map(UserId),
    actor_name: cells.next()?,
    action: cells.next()?,
    subject: cells.next()?,
    at: instant(cells.next()?),
    hash: cells.next()?,
});

/// The hash of a tenant's last row (`""` before the first). Holds a lock on it until the
/// transaction ends, so that no other row comes in between.
pub async fn lock_head(link: Link<'_>, tenant: TenantId) -> Result<String> {
    const SQL: &str =
        "UPDATE tenants SET audit_head = audit_head WHERE id = $1 RETURNING audit_head";
    Ok(one!((String,), link, query(SQL).bind(tenant.0))?.map(|(head,)| head).unwrap_or_default())
}

/// Appends a row, and remembers its hash as the tenant's last.
pub async fn append(mut link: Link<'_>, tenant: TenantId, entry: &Entry) -> Result<()> {
    const SQL: &str = "INSERT INTO audit_entries \
        (tenant_id, actor_id, actor_name, action, subject, at, hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    change!(
        link.again(),
        query(SQL)
            .bind(tenant.0)
            .bind(entry.actor_id.map(|id| id.0))
            .bind(&entry.actor_name)
            .bind(&entry.action)
            .bind(&entry.subject)
            .bind(entry.at.as_ms())
            .bind(&entry.hash)
    );
    const HEAD: &str = "UPDATE tenants SET audit_head = $2 WHERE id = $1";
    change!(link, query(HEAD).bind(tenant.0).bind(&entry.hash));
    Ok(())
}

/// The hash that a tenant's last row should have.
pub async fn head(link: Link<'_>, tenant: TenantId) -> Result<String> {
    const SQL: &str = "SELECT audit_head FROM tenants WHERE id = $1";
    Ok(one!((String,), link, query(SQL).bind(tenant.0))?.map(|(head,)| head).unwrap_or_default())
}

/// All rows of a tenant, oldest first.
pub async fn list(link: Link<'_>, tenant: TenantId) -> Result<Vec<Entry>> {
    const SQL: &str = "SELECT actor_id, actor_name, action, subject, at, hash \
        FROM audit_entries WHERE tenant_id = $1 ORDER BY id";
    all!(Entry, link, query(SQL).bind(tenant.0))
}
