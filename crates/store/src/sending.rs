//! An account's own rules for what is sent in its name.

use domain::sending::{Quiet, QuietPolicy, Rules};
use domain::{AccountId, TenantId, Zone};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::rows::{FromCells, change, from_cells, one, word, zone};
use crate::{Error, Link, Result};

from_cells!(Rules, cells => Rules {
    quiet: quiet(cells.next()?, cells.next()?, cells.next()?)?,
    per_minute: cells.next()?,
    per_day: cells.next()?,
});

fn quiet(from: Option<i64>, until: Option<i64>, policy: &str) -> Result<Option<Quiet>> {
    let (Some(from), Some(until)) = (from, until) else {
        return Ok(None);
    };
    let minute = |n: i64| u16::try_from(n).map_err(|_| Error::Corrupt(format!("minute {n}")));
    let policy = word(policy, QuietPolicy::parse)?;
    Ok(Some(Quiet { from_minute: minute(from)?, until_minute: minute(until)?, policy }))
}

/// An account's rules; the usual ones if it has none of its own.
pub async fn rules(link: Link<'_>, tenant: TenantId, account: AccountId) -> Result<Rules> {
    const SQL: &str = "SELECT quiet_from, quiet_until, quiet_policy, per_minute, per_day \
        FROM sending_rules WHERE tenant_id = $1 AND account_id = $2";
    let rules = one!(Rules, link, query(SQL).bind(tenant.0).bind(account.0))?;
    Ok(rules.unwrap_or_default())
}

/// Gives an account rules of its own.
pub async fn set_rules(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    rules: &Rules,
) -> Result<()> {
    const SQL: &str = "INSERT INTO sending_rules (tenant_id, account_id, quiet_from, quiet_until, \
        quiet_policy, per_minute, per_day) VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (tenant_id, account_id) DO UPDATE SET quiet_from = excluded.quiet_from, \
        quiet_until = excluded.quiet_until, quiet_policy = excluded.quiet_policy, \
        per_minute = excluded.per_minute, per_day = excluded.per_day";
    let quiet = rules.quiet;
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(account.0)
            .bind(quiet.map(|quiet| i64::from(quiet.from_minute)))
            .bind(quiet.map(|quiet| i64::from(quiet.until_minute)))
            .bind(quiet.map_or("", |quiet| quiet.policy.as_str()))
            .bind(rules.per_minute)
            .bind(rules.per_day)
    );
    Ok(())
}

/// What it takes to judge a send for an account.
#[derive(Clone, Debug)]
pub struct Judge {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The account.
    pub account_id: AccountId,
    /// The account's zone.
    pub zone: Zone,
    /// The account's rules.
    pub rules: Rules,
}

from_cells!(Judge, cells => Judge {
    tenant_id: TenantId(cells.next()?),
    account_id: AccountId(cells.next()?),
    zone: zone(cells.next()?)?,
    rules: match cells.next::<Option<i64>>()? {
        None => Rules::default(),
        Some(per_minute) => Rules {
            per_minute,
            per_day: cells.next()?,
            quiet: quiet(cells.next()?, cells.next()?, cells.next()?)?,
        },
    },
});

/// The zones and rules of some accounts, of any tenant.
pub async fn judges(link: Link<'_>, ids: &[(TenantId, AccountId)]) -> Result<Vec<Judge>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT accounts.tenant_id, accounts.id, accounts.zone, per_minute, per_day, \
             quiet_from, quiet_until, quiet_policy FROM accounts LEFT JOIN sending_rules \
             ON sending_rules.tenant_id = accounts.tenant_id \
             AND sending_rules.account_id = accounts.id WHERE 1 = 1",
        );
        among_keys!(sql, "accounts.tenant_id", "accounts.id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(Judge::from_row).collect()
    })
}
