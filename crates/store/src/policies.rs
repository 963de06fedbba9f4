//! Escalation policies and their levels, and where messages stand on them.

use domain::escalation::{Escalation, Level, Policy, Target, Telling};
use domain::{AccountId, Channel, MessageId, PolicyId, TenantId};
use sqlx::{QueryBuilder, query};

use crate::cells::{cells, joined, list};
use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::rows::{
    Joined, Row, all, change, gathered, insert, only, read, row, select, text, update,
};
use crate::{Link, Result};

row! { policy: Policy, "escalation_policies"
    reads { id }
    inserts { account_id }
    updates { name, rounds, ack_expires_ms }
    with { levels: Vec::new() }
}

row! { level: Level, "escalation_levels"
    reads { id }
    updates {
        delay_ms;
        targets = level.telling.targets,
        channels = level.telling.channels,
        manner = level.telling.manner,
    }
    with { telling: Telling { targets, channels, manner } }
}

row! { escalation: Escalation, "escalations"
    inserts { message_id }
    updates { policy_id, position, round, phase, tellings, ack_until }
}

cells! {
    Vec<Target> as text made, targets, |targets| Ok(targets_text(targets));
    Vec<Channel> as text made, channels, |channels| Ok(channels_text(channels));
}

/// Targets separated by spaces.
pub(crate) fn targets(text: &str) -> Result<Vec<Target>> {
    list(text, ' ', Target::parse)
}

pub(crate) fn targets_text(targets: &[Target]) -> String {
    joined(targets.iter().map(|target| target.as_text()), ' ')
}

/// Channels separated by spaces.
pub(crate) fn channels(text: &str) -> Result<Vec<Channel>> {
    list(text, ' ', Channel::parse)
}

pub(crate) fn channels_text(channels: &[Channel]) -> String {
    joined(channels.iter().map(|channel| channel.as_str()), ' ')
}

/// The policies of some accounts, by name, with their levels.
pub async fn of_accounts(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<Policy>> {
    let rows: Vec<(Policy, Joined<Level>)> = on!(link, c => {
        let mut sql = QueryBuilder::new(text!(
            "SELECT ",
            Policy::SELECT,
            ", ",
            Level::SELECT,
            " FROM escalation_policies LEFT JOIN escalation_levels \
             ON escalation_levels.tenant_id = escalation_policies.tenant_id \
             AND policy_id = escalation_policies.id WHERE 1 = 1",
        ));
        among_keys!(sql, "escalation_policies.tenant_id", "account_id", accounts);
        sql.push(" ORDER BY account_id, name, escalation_policies.id, position, ");
        sql.push("escalation_levels.id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(read).collect::<Result<_>>()
    })?;
    let policies = gathered(rows, |policy| policy.id).into_iter();
    Ok(policies.map(|(policy, levels)| Policy { levels, ..policy }).collect())
}

/// Keeps a policy: a new one where its id is 0. Levels keep their ids where they have one; the
/// others are new, and those that are not named any more are removed. Answers its id; `None` if it
/// is gone.
pub async fn keep(
    mut link: Link<'_>,
    tenant: TenantId,
    policy: &Policy,
) -> Result<Option<PolicyId>> {
    let mut id = policy.id;
    if id.0 == 0 {
        id = only(insert!(link.again(), "escalation_policies", [policy], |policy| {
            tenant_id = tenant, ..policy
        }, " RETURNING id" => PolicyId)?)?;
    } else {
        let changed = update!(link.again(), "escalation_policies", [policy], |policy| {
            tenant_id = tenant, account_id = policy.account_id, id = id,
        } set { ..policy });
        if changed == 0 {
            return Ok(None);
        }
    }
    keep_levels(link, tenant, id, &policy.levels).await?;
    Ok(Some(id))
}

async fn keep_levels(
    mut link: Link<'_>,
    tenant: TenantId,
    policy: PolicyId,
    levels: &[Level],
) -> Result<()> {
    on!(link.again(), c => {
        let mut sql = QueryBuilder::new("DELETE FROM escalation_levels WHERE tenant_id = ");
        sql.push_bind(tenant.0).push(" AND policy_id = ").push_bind(policy.0);
        for level in levels.iter().filter(|level| level.id.0 != 0) {
            sql.push(" AND id <> ").push_bind(level.id.0);
        }
        sql.build().persistent(false).execute(c).await?;
    });
    let placed = |is_new: bool| {
        let all = levels.iter().zip(0_i64..);
        all.filter(|(level, _)| (level.id.0 == 0) == is_new).collect::<Vec<_>>()
    };
    insert!(link.again(), "escalation_levels", placed(true), |(level, position)| {
        tenant_id = tenant, policy_id = policy, position = position, ..level
    });
    update!(link, "escalation_levels", placed(false), |(level, position)| {
        tenant_id = tenant, policy_id = policy, id = level.id,
    } set { position = position, ..level });
    Ok(())
}

/// Removes a policy and its levels. False if there was none.
pub async fn delete(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    id: PolicyId,
) -> Result<bool> {
    const SQL: &str =
        "DELETE FROM escalation_policies WHERE tenant_id = $1 AND account_id = $2 AND id = $3";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(account.0).bind(id.0)) > 0)
}

/// Where messages stand on their policies; those without a policy are left out. Whoever changes
/// one has locked its message.
pub async fn escalations(
    link: Link<'_>,
    messages: &[(TenantId, MessageId)],
) -> Result<Vec<(TenantId, Escalation)>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!((TenantId, Escalation), " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "message_id", messages);
        let rows = sql.build().persistent(recurs(messages.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// Where one message stands; `None` if it has no policy.
pub async fn escalation(
    link: Link<'_>,
    tenant: TenantId,
    message: MessageId,
) -> Result<Option<Escalation>> {
    Ok(escalations(link, &[(tenant, message)]).await?.pop().map(|(_, found)| found))
}

/// Keeps where messages stand.
pub async fn keep_escalations(link: Link<'_>, rows: &[(TenantId, Escalation)]) -> Result<()> {
    const REPLACED: &str =
        text!(" ON CONFLICT (tenant_id, message_id) DO UPDATE SET ", Escalation::REPLACED);
    insert!(link, "escalations", rows, |(tenant, escalation)| {
        tenant_id = tenant, ..escalation
    }, REPLACED);
    Ok(())
}

/// The messages that a policy still escalates.
pub async fn climbing(
    link: Link<'_>,
    tenant: TenantId,
    policy: PolicyId,
) -> Result<Vec<MessageId>> {
    const SQL: &str = "SELECT message_id FROM escalations WHERE tenant_id = $1 \
        AND policy_id = $2 AND phase IN ('climbing', 'resuming') ORDER BY message_id";
    all!(MessageId, link, query(SQL).bind(tenant.0).bind(policy.0))
}
