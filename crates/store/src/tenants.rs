//! Tenants: one row for each answering service.

use domain::{Instant, Tenant, TenantId};
use sqlx::query;

use crate::rows::{all, change, from_cells, instant, one, zone};
use crate::{Link, Result};

macro_rules! columns {
    () => {
        "id, subdomain, name, zone, hides_bad_tokens, created_at"
    };
}

from_cells!(Tenant, cells => Tenant {
    id: TenantId(cells.next()?),
    subdomain: cells.next()?,
    name: cells.next()?,
    zone: zone(cells.next()?)?,
    hides_bad_tokens: cells.next()?,
    created_at: instant(cells.next()?),
});

/// A tenant that is to be made.
#[derive(Debug)]
pub struct NewTenant<'a> {
    /// The first label of its host name.
    pub subdomain: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// The IANA name of its zone.
    pub zone: &'a str,
    /// What its signed links are signed with.
    pub link_secret: &'a str,
    /// When.
    pub created_at: Instant,
}

/// Makes a tenant.
pub async fn insert(link: Link<'_>, tenant: NewTenant<'_>) -> Result<TenantId> {
    const SQL: &str = "INSERT INTO tenants \
        (subdomain, name, zone, hides_bad_tokens, link_secret, audit_head, created_at) \
        VALUES ($1, $2, $3, $4, $5, '', $6) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.subdomain)
            .bind(tenant.name)
            .bind(tenant.zone)
            .bind(false)
            .bind(tenant.link_secret)
            .bind(tenant.created_at.as_ms())
    )?;
    Ok(TenantId(row.map_or(0, |(id,)| id)))
}

/// The tenant of a subdomain.
pub async fn by_subdomain(link: Link<'_>, subdomain: &str) -> Result<Option<Tenant>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM tenants WHERE subdomain = $1");
    one!(Tenant, link, query(SQL).bind(subdomain))
}

/// A tenant.
pub async fn find(link: Link<'_>, id: TenantId) -> Result<Option<Tenant>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM tenants WHERE id = $1");
    one!(Tenant, link, query(SQL).bind(id.0))
}

/// All tenants, oldest first.
pub async fn list(link: Link<'_>) -> Result<Vec<Tenant>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM tenants ORDER BY id");
    all!(Tenant, link, query(SQL))
}

/// What a tenant's signed links are signed with.
pub async fn link_secret(link: Link<'_>, id: TenantId) -> Result<Option<String>> {
    const SQL: &str = "SELECT link_secret FROM tenants WHERE id = $1";
    Ok(one!((String,), link, query(SQL).bind(id.0))?.map(|(secret,)| secret))
}

/// Sets whether a bad token on v2 is answered with 404 instead of 401.
pub async fn hide_bad_tokens(link: Link<'_>, id: TenantId, hides: bool) -> Result<bool> {
    const SQL: &str = "UPDATE tenants SET hides_bad_tokens = $2 WHERE id = $1";
    Ok(change!(link, query(SQL).bind(id.0).bind(hides)) > 0)
}
