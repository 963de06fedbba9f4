//! Tenants: one row for each answering service.

use domain::{Instant, Tenant, TenantId};
use sqlx::query;

use crate::rows::{Row, all, change, insert, one, only, row, select, text};
use crate::{Link, Result};

row! { tenant: Tenant, "tenants"
    reads { id, subdomain, name, zone, hides_bad_tokens, created_at }
}

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
    /// When it is made.
    pub created_at: Instant,
}

/// Makes a tenant. The subdomain must be new.
pub async fn insert(link: Link<'_>, tenant: NewTenant<'_>) -> Result<TenantId> {
    let id = insert!(link, "tenants", [tenant], |tenant| {
        subdomain = tenant.subdomain, name = tenant.name, zone = tenant.zone,
        hides_bad_tokens = false, link_secret = tenant.link_secret, audit_head = "",
        created_at = tenant.created_at,
    }, " RETURNING id" => TenantId)?;
    only(id)
}

/// The tenant of a subdomain.
pub async fn by_subdomain(link: Link<'_>, subdomain: &str) -> Result<Option<Tenant>> {
    const SQL: &str = select!(Tenant, " WHERE subdomain = $1");
    one!(Tenant, link, query(SQL).bind(subdomain))
}

/// The tenant with this id.
pub async fn find(link: Link<'_>, id: TenantId) -> Result<Option<Tenant>> {
    const SQL: &str = select!(Tenant, " WHERE id = $1");
    one!(Tenant, link, query(SQL).bind(id.0))
}

/// All tenants, oldest first.
pub async fn list(link: Link<'_>) -> Result<Vec<Tenant>> {
    const SQL: &str = select!(Tenant, " ORDER BY id");
    all!(Tenant, link, query(SQL))
}

/// The tenant with this id, and what its signed links are signed with.
pub async fn find_signing(link: Link<'_>, id: TenantId) -> Result<Option<(Tenant, String)>> {
    const SQL: &str =
        text!("SELECT ", Tenant::SELECT, ", tenants.link_secret FROM tenants WHERE id = $1");
    one!((Tenant, String), link, query(SQL).bind(id.0))
}

/// What a tenant's signed links are signed with.
pub async fn link_secret(link: Link<'_>, id: TenantId) -> Result<Option<String>> {
    const SQL: &str = "SELECT link_secret FROM tenants WHERE id = $1";
    one!(String, link, query(SQL).bind(id.0))
}

/// Sets whether a bad token on v2 is answered with 404 instead of 401.
pub async fn hide_bad_tokens(link: Link<'_>, id: TenantId, hides: bool) -> Result<bool> {
    const SQL: &str = "UPDATE tenants SET hides_bad_tokens = $2 WHERE id = $1";
    Ok(change!(link, query(SQL).bind(id.0).bind(hides)) > 0)
}
