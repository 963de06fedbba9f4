//! Users, and the accounts that they belong to.

use domain::{AccountId, Role, TenantId, User, UserId};
use sqlx::query;

use crate::rows::{all, change, from_cells, instant, one, word};
use crate::{Link, Result};

macro_rules! columns {
    () => {
        "tenant_id, id, email, name, username, role, is_disabled, created_at"
    };
}

from_cells!(User, cells => User {
    tenant_id: TenantId(cells.next()?),
    id: UserId(cells.next()?),
    email: cells.next()?,
    name: cells.next()?,
    username: cells.next()?,
    role: word(cells.next()?, Role::parse)?,
    is_disabled: cells.next()?,
    created_at: instant(cells.next()?),
});

/// Makes a user; its id is ignored. The address must be new in the tenant.
pub async fn insert(link: Link<'_>, user: &User, password_hash: &str) -> Result<UserId> {
    const SQL: &str = "INSERT INTO users \
        (tenant_id, email, name, username, role, is_disabled, created_at, password_hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(user.tenant_id.0)
            .bind(&user.email)
            .bind(&user.name)
            .bind(&user.username)
            .bind(user.role.as_str())
            .bind(user.is_disabled)
            .bind(user.created_at.as_ms())
            .bind(password_hash)
    )?;
    Ok(UserId(row.map_or(0, |(id,)| id)))
}

/// A user.
pub async fn find(link: Link<'_>, tenant: TenantId, id: UserId) -> Result<Option<User>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM users WHERE tenant_id = $1 AND id = $2");
    one!(User, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The user with an address in lower case.
pub async fn by_email(link: Link<'_>, tenant: TenantId, email: &str) -> Result<Option<User>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM users WHERE tenant_id = $1 AND email = $2");
    one!(User, link, query(SQL).bind(tenant.0).bind(email))
}

/// A user's password hash.
pub async fn password_hash(link: Link<'_>, tenant: TenantId, id: UserId) -> Result<Option<String>> {
    const SQL: &str = "SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2";
    Ok(one!((String,), link, query(SQL).bind(tenant.0).bind(id.0))?.map(|(hash,)| hash))
}

/// Replaces a user's password hash.
pub async fn set_password_hash(
    link: Link<'_>,
    tenant: TenantId,
    id: UserId,
    hash: &str,
) -> Result<bool> {
    const SQL: &str = "UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(hash)) > 0)
}

/// Lets a user sign in, or no longer.
pub async fn set_disabled(
    link: Link<'_>,
    tenant: TenantId,
    id: UserId,
    is_disabled: bool,
) -> Result<bool> {
    const SQL: &str = "UPDATE users SET is_disabled = $3 WHERE tenant_id = $1 AND id = $2";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(is_disabled)) > 0)
}

/// All users of a tenant, by name.
pub async fn list(link: Link<'_>, tenant: TenantId) -> Result<Vec<User>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM users WHERE tenant_id = $1 ORDER BY name, id");
    all!(User, link, query(SQL).bind(tenant.0))
}

/// Makes a user a member of an account. It may be one already.
pub async fn join(
    link: Link<'_>,
    tenant: TenantId,
    user: UserId,
    account: AccountId,
) -> Result<()> {
    const SQL: &str = "INSERT INTO memberships (tenant_id, user_id, account_id) \
        VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    change!(link, query(SQL).bind(tenant.0).bind(user.0).bind(account.0));
    Ok(())
}

/// Ends a user's membership of an account.
pub async fn leave(
    link: Link<'_>,
    tenant: TenantId,
    user: UserId,
    account: AccountId,
) -> Result<bool> {
    const SQL: &str =
        "DELETE FROM memberships WHERE tenant_id = $1 AND user_id = $2 AND account_id = $3";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(user.0).bind(account.0)) > 0)
}

/// The accounts that a user belongs to.
pub async fn accounts_of(link: Link<'_>, tenant: TenantId, user: UserId) -> Result<Vec<AccountId>> {
    const SQL: &str = "SELECT account_id FROM memberships \
        WHERE tenant_id = $1 AND user_id = $2 ORDER BY account_id";
    let rows = all!((i64,), link, query(SQL).bind(tenant.0).bind(user.0))?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Who belongs to which account, in a whole tenant.
pub async fn memberships(link: Link<'_>, tenant: TenantId) -> Result<Vec<(UserId, AccountId)>> {
    const SQL: &str = "SELECT user_id, account_id FROM memberships \
        WHERE tenant_id = $1 ORDER BY user_id, account_id";
    let rows = all!((i64, i64), link, query(SQL).bind(tenant.0))?;
    Ok(rows.into_iter().map(|(user, account)| (UserId(user), AccountId(account))).collect())
}

/// Gives a user another name.
pub async fn rename(link: Link<'_>, tenant: TenantId, id: UserId, name: &str) -> Result<bool> {
    const SQL: &str = "UPDATE users SET name = $3 WHERE tenant_id = $1 AND id = $2";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(name)) > 0)
}
