//! First answers to creates, kept under the key that their sender gave.

use domain::{Instant, TenantId, UserId};
use sqlx::query;

use crate::rows::{change, insert, one, row, select};
use crate::{Link, Result, dialect};

/// A key that a sender gave, with whose it is and for which route: the key of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPlace<'a> {
    /// The tenant of the user.
    pub tenant: TenantId,
    /// The user who sent it.
    pub user: UserId,
    /// What was asked for: the method and the route, such as `POST /to-dos`.
    pub route: &'a str,
    /// The key, as its sender chose it.
    pub key: &'a str,
}

/// What was answered to the first request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstAnswer {
    /// What tells the body of the request from another one: a hash in hexadecimal digits.
    pub body_hash: String,
    /// The status of the answer.
    pub status: i64,
    /// The body of the answer.
    pub answer: String,
    /// The id of what was created.
    pub subject_id: i64,
    /// When it was given.
    pub created_at: Instant,
}

row! { kept: FirstAnswer, "idempotency_keys"
    inserts { body_hash, status, answer, subject_id, created_at }
}

/// Holds a place until the transaction ends; `false` if another transaction holds it just now.
/// Never waits. A place that is held needs no row.
pub async fn hold(link: Link<'_>, place: KeyPlace<'_>) -> Result<bool> {
    let KeyPlace { tenant, user, route, key } = place;
    // No route has a line end, so that no two places have the same name.
    dialect::try_lock(link, &format!("idempotency/{tenant}/{user}/{route}\n{key}")).await
}

/// What was answered to a key.
pub async fn find(link: Link<'_>, place: KeyPlace<'_>) -> Result<Option<FirstAnswer>> {
    const SQL: &str =
        select!(FirstAnswer, " WHERE tenant_id = $1 AND user_id = $2 AND route = $3 AND key = $4");
    let KeyPlace { tenant, user, route, key } = place;
    one!(FirstAnswer, link, query(SQL).bind(tenant.0).bind(user.0).bind(route).bind(key))
}

/// Keeps an answer. A place that has one already is [`crate::Error::Taken`].
pub async fn insert(link: Link<'_>, place: KeyPlace<'_>, kept: &FirstAnswer) -> Result<()> {
    insert!(link, "idempotency_keys", [kept], |kept| {
        tenant_id = place.tenant, user_id = place.user, route = place.route, key = place.key, ..kept
    });
    Ok(())
}

/// Forgets what was answered to a key.
pub async fn delete(link: Link<'_>, place: KeyPlace<'_>) -> Result<()> {
    const SQL: &str = "DELETE FROM idempotency_keys \
        WHERE tenant_id = $1 AND user_id = $2 AND route = $3 AND key = $4";
    let KeyPlace { tenant, user, route, key } = place;
    change!(link, query(SQL).bind(tenant.0).bind(user.0).bind(route).bind(key));
    Ok(())
}

/// Removes up to `limit` answers of an instant or earlier, the oldest first; answers how many.
pub async fn purge(link: Link<'_>, by: Instant, limit: i64) -> Result<u64> {
    const SQL: &str = "DELETE FROM idempotency_keys \
        WHERE (tenant_id, user_id, route, key) IN (\
            SELECT tenant_id, user_id, route, key FROM idempotency_keys \
            WHERE created_at <= $1 ORDER BY created_at LIMIT $2)";
    Ok(change!(link, query(SQL).bind(by.as_ms()).bind(limit)))
}
