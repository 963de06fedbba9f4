//! How much was sent: counted in windows of time, by account and channel, and by address.

use std::collections::HashMap;

use domain::{Instant, TenantId};
use sqlx::query;

use crate::rows::{Row, change, insert, row, text};
use crate::{Link, Result};

/// Something to be counted in a window of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purse {
    /// The tenant that spends.
    pub tenant_id: TenantId,
    /// What is counted, such as `account 7 sms minute`.
    pub name: String,
    /// When the window begins.
    pub window_at: Instant,
}

row! { purse: Purse, "spending"
    inserts { tenant_id, window_at; purse = purse.name }
    with { name: purse }
}

/// Adds to what was spent and answers the new sums, in the same order. Each purse is named once.
pub async fn spend(link: Link<'_>, purses: &[(Purse, i64)]) -> Result<Vec<i64>> {
    const SUMS: &str = text!(
        " ON CONFLICT (tenant_id, purse, window_at) \
          DO UPDATE SET spent = spending.spent + excluded.spent RETURNING ",
        Purse::SELECT,
        ", spent"
    );
    let sums = insert!(link, "spending", purses, |(purse, amount)| {
        spent = amount, ..purse
    }, SUMS => (Purse, i64))?;
    let sums: HashMap<Purse, i64> = sums.into_iter().collect();
    Ok(purses.iter().map(|(purse, _)| sums.get(purse).copied().unwrap_or(0)).collect())
}

/// Forgets windows that began before an instant.
pub async fn forget(link: Link<'_>, before: Instant) -> Result<u64> {
    const SQL: &str = "DELETE FROM spending WHERE window_at < $1";
    Ok(change!(link, query(SQL).bind(before.as_ms())))
}
