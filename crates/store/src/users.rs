//! Users, and the accounts that they belong to.

use domain::{AccountId, TenantId, User, UserId};
use sqlx::query;

use crate::rows::{all, change, insert, one, only, row, select};
use crate::{Link, Result};

row! { user: User, "users"
    reads { id }
    inserts { tenant_id, email, name, username, role, is_disabled, created_at }
}

/// Makes a user; its id is ignored. The address must be new in the tenant.
pub async fn insert(link: Link<'_>, user: &User, password_hash: &str) -> Result<UserId> {
    let id = insert!(link, "users", [user], |user| {
        password_hash = password_hash, ..user
    }, " RETURNING id" => UserId)?;
    only(id)
}

/// The user with this id, disabled or not.
pub async fn find(link: Link<'_>, tenant: TenantId, id: UserId) -> Result<Option<User>> {
    const SQL: &str = select!(User, " WHERE tenant_id = $1 AND id = $2");
    one!(User, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The user with an address in lower case.
pub async fn by_email(link: Link<'_>, tenant: TenantId, email: &str) -> Result<Option<User>> {
    const SQL: &str = select!(User, " WHERE tenant_id = $1 AND email = $2");
    one!(User, link, query(SQL).bind(tenant.0).bind(email))
}

/// A user's password hash.
pub async fn password_hash(link: Link<'_>, tenant: TenantId, id: UserId) -> Result<Option<String>> {
    const SQL: &str = "SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2";
    one!(String, link, query(SQL).bind(tenant.0).bind(id.0))
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
    const SQL: &str = select!(User, " WHERE tenant_id = $1 ORDER BY name, id");
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
    all!(AccountId, link, query(SQL).bind(tenant.0).bind(user.0))
}

/// Who belongs to which account, in a whole tenant.
pub async fn memberships(link: Link<'_>, tenant: TenantId) -> Result<Vec<(UserId, AccountId)>> {
    const SQL: &str = "SELECT user_id, account_id FROM memberships \
        WHERE tenant_id = $1 ORDER BY user_id, account_id";
    all!((UserId, AccountId), link, query(SQL).bind(tenant.0))
}

/// Gives a user another name.
pub async fn rename(link: Link<'_>, tenant: TenantId, id: UserId, name: &str) -> Result<bool> {
    const SQL: &str = "UPDATE users SET name = $3 WHERE tenant_id = $1 AND id = $2";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(name)) > 0)
}
