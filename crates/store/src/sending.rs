//! An account's own rules for what is sent in its name.

use domain::sending::{Quiet, QuietPolicy, Rules};
use domain::{AccountId, TenantId, Zone};
use sqlx::{QueryBuilder, query};

use crate::cells::{Cells, OrEmpty, corrupt};
use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::rows::{Read, Row, insert, one, read, row, select, text};
use crate::{Link, Result};

row! { rules: Rules, "sending_rules"
    updates {
        per_minute, per_day;
        quiet_from = rules.quiet.map(|quiet| i64::from(quiet.from_minute)),
        quiet_until = rules.quiet.map(|quiet| i64::from(quiet.until_minute)),
        quiet_policy = OrEmpty(rules.quiet.map(|quiet| quiet.policy)),
    }
    with { quiet: quiet(quiet_from, quiet_until, OrEmpty::get(quiet_policy))? }
}

fn quiet(from: Option<i64>, until: Option<i64>, how: Option<QuietPolicy>) -> Result<Option<Quiet>> {
    let Some((from, until)) = from.zip(until) else { return Ok(None) };
    let minute = |n: i64| u16::try_from(n).map_err(|_| corrupt("minute", &n.to_string()));
    let policy = how.ok_or_else(|| corrupt("quiet_policy", ""))?;
    Ok(Some(Quiet { from_minute: minute(from)?, until_minute: minute(until)?, policy }))
}

/// An account's rules; the usual ones if it has none of its own.
pub async fn rules(link: Link<'_>, tenant: TenantId, account: AccountId) -> Result<Rules> {
    const SQL: &str = select!(Rules, " WHERE tenant_id = $1 AND account_id = $2");
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
    const REPLACED: &str =
        text!(" ON CONFLICT (tenant_id, account_id) DO UPDATE SET ", Rules::REPLACED);
    insert!(link, "sending_rules", [rules], |rules| {
        tenant_id = tenant, account_id = account, ..rules
    }, REPLACED);
    Ok(())
}

/// What it takes to judge a send for an account.
#[derive(Clone, Debug)]
pub struct SendingTerms {
    /// The tenant of the account.
    pub tenant_id: TenantId,
    /// The account in whose name is sent.
    pub account_id: AccountId,
    /// The zone by whose clock the quiet hours go.
    pub zone: Zone,
    /// The account's own rules, or the usual ones.
    pub rules: Rules,
}

impl Read for SendingTerms {
    fn read<'r>(cells: &mut impl Cells<'r>) -> Result<Self> {
        let (tenant_id, account_id, zone) = Read::read(cells)?;
        let rules = if cells.is_null()? { Rules::default() } else { Rules::read(cells)? };
        Ok(SendingTerms { tenant_id, account_id, zone, rules })
    }
}

/// The zones and rules of some accounts, of any tenant.
pub async fn judges(link: Link<'_>, ids: &[(TenantId, AccountId)]) -> Result<Vec<SendingTerms>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(text!(
            "SELECT accounts.tenant_id, accounts.id, accounts.zone, ",
            Rules::SELECT,
            " FROM accounts LEFT JOIN sending_rules \
             ON sending_rules.tenant_id = accounts.tenant_id \
             AND sending_rules.account_id = accounts.id WHERE 1 = 1",
        ));
        among_keys!(sql, "accounts.tenant_id", "accounts.id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}
