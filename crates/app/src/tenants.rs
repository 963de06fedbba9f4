//! Tenants: made by whoever runs the installation, found by the host name of a request.

use data_encoding::HEXLOWER;
use domain::{Invalid, Tenant, TenantId, Zone, tenant};

use crate::error::taken;
use crate::{App, Error, Result, audit};

/// Makes a tenant.
#[crate::boxed]
pub async fn create(app: &App, subdomain: &str, name: &str, zone: &str) -> Result<Tenant> {
    tenant::check_subdomain(subdomain)?;
    let mut invalid = Invalid::new();
    invalid.require(!name.trim().is_empty(), "name", "must not be empty");
    domain::user::check_line(&mut invalid, "name", name);
    invalid.require(Zone::named(zone).is_ok(), "zone", "must be an IANA time zone");
    invalid.or(())?;
    let secret: [u8; 32] = app.entropy.bytes();
    let now = app.now();
    let new = store::tenants::NewTenant {
        subdomain,
        name: name.trim(),
        zone,
        link_secret: &HEXLOWER.encode(&secret),
        created_at: now,
    };
    let mut tx = app.db.begin().await?;
    let id = store::tenants::insert(tx.link(), new).await.map_err(taken("subdomain"))?;
    audit::record(&mut tx, id, None, "tenant.create", subdomain, now).await?;
    let tenant = store::tenants::find(tx.link(), id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(tenant)
}

/// The tenant of a subdomain, as it was at most a second ago.
#[crate::boxed]
pub async fn of_subdomain(app: &App, subdomain: &str) -> Result<Tenant> {
    let now = app.now();
    if let Some(tenant) = app.tenants.at(subdomain, now) {
        return Ok(tenant);
    }
    let mut reader = app.db.read().await?;
    let tenant = store::tenants::by_subdomain(reader.link(), subdomain).await?;
    let tenant = tenant.ok_or(Error::NotFound)?;
    app.tenants.keep(subdomain.to_owned(), tenant.clone(), now);
    Ok(tenant)
}

/// All tenants, oldest first.
#[crate::boxed]
pub async fn list(app: &App) -> Result<Vec<Tenant>> {
    Ok(store::tenants::list(app.db.read().await?.link()).await?)
}

/// Sets whether a bad token on v2 is answered with 404 (the older examples) instead of 401.
#[crate::boxed]
pub async fn hide_bad_tokens(app: &App, id: TenantId, hides: bool) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if !store::tenants::hide_bad_tokens(tx.link(), id, hides).await? {
        return Err(Error::NotFound);
    }
    audit::record(&mut tx, id, None, "tenant.hide_bad_tokens", &hides.to_string(), app.now())
        .await?;
    tx.commit().await?;
    app.tenants.forget(|tenant| tenant.id == id);
    Ok(())
}

/// What a tenant's signed links are signed with.
#[crate::boxed]
pub async fn link_secret(app: &App, id: TenantId) -> Result<String> {
    let mut reader = app.db.read().await?;
    store::tenants::link_secret(reader.link(), id).await?.ok_or(Error::NotFound)
}
