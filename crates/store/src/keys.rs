//! Application Keys of users, and machine keys of switches. Only hashes of tokens are kept.

use domain::token::{Key, Switch};
use domain::{Instant, KeyId, SwitchId, TenantId, UserId};
use sqlx::query;

use crate::rows::{all, change, from_cells, instant, maybe, ms, one};
use crate::{Link, Result};

macro_rules! columns {
    () => {
        "id, user_id, name, prefix, created_at, expires_at, last_used_at, last_used_from, revoked_at"
    };
}

from_cells!(Key, cells => Key {
    id: KeyId(cells.next()?),
    user_id: UserId(cells.next()?),
    name: cells.next()?,
    prefix: cells.next()?,
    created_at: instant(cells.next()?),
    expires_at: maybe(cells.next()?),
    last_used_at: maybe(cells.next()?),
    last_used_from: cells.next()?,
    revoked_at: maybe(cells.next()?),
});

from_cells!(Switch, cells => Switch {
    id: SwitchId(cells.next()?),
    name: cells.next()?,
    prefix: cells.next()?,
    created_at: instant(cells.next()?),
});

/// Keeps a new key under the hash of its token; its id is ignored.
pub async fn insert(link: Link<'_>, tenant: TenantId, key: &Key, hash: &str) -> Result<KeyId> {
    const SQL: &str = "INSERT INTO application_keys (tenant_id, user_id, name, prefix, \
        token_hash, created_at, expires_at, last_used_from) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, '') RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(key.user_id.0)
            .bind(&key.name)
            .bind(&key.prefix)
            .bind(hash)
            .bind(key.created_at.as_ms())
            .bind(ms(key.expires_at))
    )?;
    Ok(KeyId(row.map_or(0, |(id,)| id)))
}

/// The key of a token's hash, whether it still works or not.
pub async fn by_hash(link: Link<'_>, tenant: TenantId, hash: &str) -> Result<Option<Key>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM application_keys WHERE tenant_id = $1 AND token_hash = $2"
    );
    one!(Key, link, query(SQL).bind(tenant.0).bind(hash))
}

/// A user's keys that are not revoked, newest first.
pub async fn of_user(link: Link<'_>, tenant: TenantId, user: UserId) -> Result<Vec<Key>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM application_keys \
          WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL ORDER BY id DESC"
    );
    all!(Key, link, query(SQL).bind(tenant.0).bind(user.0))
}

/// A user's key that is not revoked.
pub async fn find(
    link: Link<'_>,
    tenant: TenantId,
    user: UserId,
    id: KeyId,
) -> Result<Option<Key>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM application_keys \
          WHERE tenant_id = $1 AND user_id = $2 AND id = $3 AND revoked_at IS NULL"
    );
    one!(Key, link, query(SQL).bind(tenant.0).bind(user.0).bind(id.0))
}

/// Revokes a key.
pub async fn revoke(link: Link<'_>, tenant: TenantId, id: KeyId, at: Instant) -> Result<()> {
    const SQL: &str =
        "UPDATE application_keys SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(at.as_ms()));
    Ok(())
}

/// Remembers when and from where a key was last used.
pub async fn touch(
    link: Link<'_>,
    tenant: TenantId,
    id: KeyId,
    at: Instant,
    from: &str,
) -> Result<()> {
    const SQL: &str = "UPDATE application_keys SET last_used_at = $3, last_used_from = $4 \
        WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(at.as_ms()).bind(from));
    Ok(())
}

/// Keeps a new switch under the hash of its token; its id is ignored.
pub async fn insert_switch(
    link: Link<'_>,
    tenant: TenantId,
    switch: &Switch,
    hash: &str,
) -> Result<SwitchId> {
    const SQL: &str = "INSERT INTO switches (tenant_id, name, prefix, token_hash, created_at) \
        VALUES ($1, $2, $3, $4, $5) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(&switch.name)
            .bind(&switch.prefix)
            .bind(hash)
            .bind(switch.created_at.as_ms())
    )?;
    Ok(SwitchId(row.map_or(0, |(id,)| id)))
}

/// The switch of a token's hash, unless its key is revoked.
pub async fn switch_by_hash(
    link: Link<'_>,
    tenant: TenantId,
    hash: &str,
) -> Result<Option<Switch>> {
    const SQL: &str = "SELECT id, name, prefix, created_at FROM switches \
        WHERE tenant_id = $1 AND token_hash = $2 AND revoked_at IS NULL";
    one!(Switch, link, query(SQL).bind(tenant.0).bind(hash))
}
