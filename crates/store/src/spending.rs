//! How much was sent: counted in windows of time, by account and channel, and by address.

use domain::{Instant, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::recurs;
use crate::rows::{FromCells, change, from_cells};
use crate::{Link, Result};

/// Something to be counted in a window of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purse {
    /// The tenant.
    pub tenant_id: TenantId,
    /// What is counted, such as `account 7 sms minute`.
    pub name: String,
    /// When the window begins.
    pub window_at: Instant,
}

/// Adds to what was spent and answers the new sums, in the same order. Each purse is named once.
pub async fn spend(link: Link<'_>, purses: &[(Purse, i64)]) -> Result<Vec<i64>> {
    if purses.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, i64, i64)> = on!(link, c => {
        let mut sql = QueryBuilder::new("INSERT INTO spending (tenant_id, purse, window_at, spent) ");
        sql.push_values(purses, |mut row, (purse, amount)| {
            row.push_bind(purse.tenant_id.0)
                .push_bind(&purse.name)
                .push_bind(purse.window_at.as_ms())
                .push_bind(*amount);
        });
        sql.push(
            " ON CONFLICT (tenant_id, purse, window_at) \
             DO UPDATE SET spent = spending.spent + excluded.spent \
             RETURNING tenant_id, purse, window_at, spent",
        );
        let rows = sql.build().persistent(recurs(purses.len())).fetch_all(c).await?;
        rows.iter().map(<(i64, String, i64, i64)>::from_row).collect::<Result<_>>()
    })?;
    let sums: std::collections::HashMap<(i64, &str, i64), i64> = rows
        .iter()
        .map(|(tenant, name, at, spent)| ((*tenant, name.as_str(), *at), *spent))
        .collect();
    let sum = |purse: &Purse| {
        let key = (purse.tenant_id.0, purse.name.as_str(), purse.window_at.as_ms());
        sums.get(&key).copied().unwrap_or(0)
    };
    Ok(purses.iter().map(|(purse, _)| sum(purse)).collect())
}

from_cells!((i64, String, i64, i64), cells => {
    (cells.next()?, cells.next()?, cells.next()?, cells.next()?)
});

/// Forgets windows that began before an instant.
pub async fn forget(link: Link<'_>, before: Instant) -> Result<u64> {
    const SQL: &str = "DELETE FROM spending WHERE window_at < $1";
    Ok(change!(link, query(SQL).bind(before.as_ms())))
}
