//! The audit log: what people changed outside messages, each row chained to the one before it.

use domain::{Instant, TenantId, UserId};
use sqlx::query;

use crate::rows::{all, change, insert, one, row, select};
use crate::{Link, Result};

/// A row of a tenant's audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Who did it; `None` for the command line.
    pub actor_id: Option<UserId>,
    /// That user's name, as it was then.
    pub actor_name: String,
    /// What was done, as `noun.verb`.
    pub action: String,
    /// What it was done to, in words.
    pub subject: String,
    /// When it was done.
    pub at: Instant,
    /// The hash over this row and the hash of the row before it, in hexadecimal digits.
    pub hash: String,
}

row! { entry: AuditEntry, "audit_entries" inserts { actor_id, actor_name, action, subject, at, hash } }

/// The hash of a tenant's last row (`""` before the first). Holds a lock on it until the
/// transaction ends, so that no other row comes in between.
pub async fn lock_head(link: Link<'_>, tenant: TenantId) -> Result<String> {
    const SQL: &str =
        "UPDATE tenants SET audit_head = audit_head WHERE id = $1 RETURNING audit_head";
    Ok(one!(String, link, query(SQL).bind(tenant.0))?.unwrap_or_default())
}

/// Appends a row, and remembers its hash as the tenant's last.
pub async fn append(mut link: Link<'_>, tenant: TenantId, entry: &AuditEntry) -> Result<()> {
    insert!(link.again(), "audit_entries", [entry], |entry| { tenant_id = tenant, ..entry });
    const HEAD: &str = "UPDATE tenants SET audit_head = $2 WHERE id = $1";
    change!(link, query(HEAD).bind(tenant.0).bind(&entry.hash));
    Ok(())
}

/// The hash that a tenant's last row should have.
pub async fn head(link: Link<'_>, tenant: TenantId) -> Result<String> {
    const SQL: &str = "SELECT audit_head FROM tenants WHERE id = $1";
    Ok(one!(String, link, query(SQL).bind(tenant.0))?.unwrap_or_default())
}

/// All rows of a tenant, oldest first.
pub async fn list(link: Link<'_>, tenant: TenantId) -> Result<Vec<AuditEntry>> {
    const SQL: &str = select!(AuditEntry, " WHERE tenant_id = $1 ORDER BY id");
    all!(AuditEntry, link, query(SQL).bind(tenant.0))
}
