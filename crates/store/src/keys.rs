//! Application Keys of users, and machine keys of switches. Only hashes of tokens are kept.

use domain::token::{Key, Switch};
use domain::{Instant, KeyId, SwitchId, TenantId, UserId};
use sqlx::query;

use crate::rows::{all, change, insert, one, only, row, select};
use crate::{Link, Result};

row! { key: Key, "application_keys"
    reads { id, last_used_at, revoked_at }
    inserts { user_id, name, prefix, created_at, expires_at, last_used_from, limits }
}

row! { switch: Switch, "switches"
    reads { id }
    inserts { name, prefix, created_at }
}

/// Keeps a new key under the hash of its token; its id is ignored.
pub async fn insert(link: Link<'_>, tenant: TenantId, key: &Key, hash: &str) -> Result<KeyId> {
    let id = insert!(link, "application_keys", [key], |key| {
        tenant_id = tenant, token_hash = hash, ..key
    }, " RETURNING id" => KeyId)?;
    only(id)
}

/// The key of a token's hash, whether it still works or not.
pub async fn by_hash(link: Link<'_>, tenant: TenantId, hash: &str) -> Result<Option<Key>> {
    const SQL: &str = select!(Key, " WHERE tenant_id = $1 AND token_hash = $2");
    one!(Key, link, query(SQL).bind(tenant.0).bind(hash))
}

/// A user's keys that are not revoked, newest first.
pub async fn of_user(link: Link<'_>, tenant: TenantId, user: UserId) -> Result<Vec<Key>> {
    const SQL: &str = select!(
        Key,
        " WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL ORDER BY id DESC"
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
    const SQL: &str =
        select!(Key, " WHERE tenant_id = $1 AND user_id = $2 AND id = $3 AND revoked_at IS NULL");
    one!(Key, link, query(SQL).bind(tenant.0).bind(user.0).bind(id.0))
}

/// Revokes a key: it opens nothing any more.
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
    let id = insert!(link, "switches", [switch], |switch| {
        tenant_id = tenant, token_hash = hash, ..switch
    }, " RETURNING id" => SwitchId)?;
    only(id)
}

/// The switch of a token's hash, unless its key is revoked.
pub async fn switch_by_hash(
    link: Link<'_>,
    tenant: TenantId,
    hash: &str,
) -> Result<Option<Switch>> {
    const SQL: &str =
        select!(Switch, " WHERE tenant_id = $1 AND token_hash = $2 AND revoked_at IS NULL");
    one!(Switch, link, query(SQL).bind(tenant.0).bind(hash))
}
