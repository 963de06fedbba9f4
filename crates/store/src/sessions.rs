//! Sessions of people who signed in. Only a hash of the cookie is kept.

use domain::{Instant, TenantId, UserId};
use sqlx::query;

use crate::rows::{change, insert, one, row, select};
use crate::{Link, Result};

/// Somebody who signed in, in one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The user who signed in.
    pub user_id: UserId,
    /// What every form of this session must carry.
    pub csrf: String,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used (to the minute).
    pub seen_at: Instant,
    /// From when on it is over, whatever its use.
    pub expires_at: Instant,
}

row! { session: Session, "sessions" inserts { user_id, csrf, created_at, seen_at, expires_at } }

/// Keeps a new session under the hash of its cookie.
pub async fn insert(link: Link<'_>, tenant: TenantId, hash: &str, session: &Session) -> Result<()> {
    insert!(link, "sessions", [session], |session| {
        tenant_id = tenant, token_hash = hash, ..session
    });
    Ok(())
}

/// The session of a cookie's hash.
pub async fn find(link: Link<'_>, tenant: TenantId, hash: &str) -> Result<Option<Session>> {
    const SQL: &str = select!(Session, " WHERE tenant_id = $1 AND token_hash = $2");
    one!(Session, link, query(SQL).bind(tenant.0).bind(hash))
}

/// Remembers when a session was last used.
pub async fn touch(link: Link<'_>, tenant: TenantId, hash: &str, at: Instant) -> Result<()> {
    const SQL: &str = "UPDATE sessions SET seen_at = $3 WHERE tenant_id = $1 AND token_hash = $2";
    change!(link, query(SQL).bind(tenant.0).bind(hash).bind(at.as_ms()));
    Ok(())
}

/// Ends a session: its cookie is worth nothing any more.
pub async fn delete(link: Link<'_>, tenant: TenantId, hash: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM sessions WHERE tenant_id = $1 AND token_hash = $2";
    change!(link, query(SQL).bind(tenant.0).bind(hash));
    Ok(())
}

/// Ends all sessions of a user.
pub async fn delete_of_user(link: Link<'_>, tenant: TenantId, user: UserId) -> Result<()> {
    const SQL: &str = "DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(user.0));
    Ok(())
}

/// Removes sessions that were over by an instant; answers how many.
pub async fn delete_ended(link: Link<'_>, by: Instant) -> Result<u64> {
    const SQL: &str = "DELETE FROM sessions WHERE expires_at <= $1";
    Ok(change!(link, query(SQL).bind(by.as_ms())))
}
