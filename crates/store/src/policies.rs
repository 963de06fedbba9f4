//! Escalation policies and their levels, and where messages stand on them.

use domain::escalation::{Escalation, Level, Manner, Phase, Policy, Target, Telling};
use domain::{AccountId, Channel, LevelId, MessageId, PolicyId, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::rows::{FromCells, all, change, from_cells, maybe, ms, one, word};
use crate::{Link, Result};

/// A policy without its levels.
struct Bare(Policy);

from_cells!(Bare, cells => Bare(Policy {
    id: PolicyId(cells.next()?),
    account_id: AccountId(cells.next()?),
    name: cells.next()?,
    rounds: cells.next()?,
    ack_expires_ms: cells.next()?,
    levels: Vec::new(),
}));

from_cells!((PolicyId, Level), cells => (PolicyId(cells.next()?), Level {
    id: LevelId(cells.next()?),
    delay_ms: cells.next()?,
    telling: telling(cells.next()?, cells.next()?, cells.next()?)?,
}));

from_cells!((TenantId, Escalation), cells => (TenantId(cells.next()?), Escalation {
    message_id: MessageId(cells.next()?),
    policy_id: PolicyId(cells.next()?),
    position: cells.next()?,
    round: cells.next()?,
    phase: word(cells.next()?, Phase::parse)?,
    tellings: cells.next()?,
    ack_until: maybe(cells.next()?),
}));

/// Targets separated by spaces, channels as well, and the manner.
pub(crate) fn telling(targets: &str, channels: &str, manner: &str) -> Result<Telling> {
    let targets = targets.split_whitespace().map(|text| word(text, Target::parse));
    let channels = channels.split_whitespace().map(|text| word(text, Channel::parse));
    Ok(Telling {
        targets: targets.collect::<Result<_>>()?,
        channels: channels.collect::<Result<_>>()?,
        manner: word(manner, Manner::parse)?,
    })
}

/// The targets of a telling as they are kept.
pub(crate) fn targets(telling: &Telling) -> String {
    let texts: Vec<String> = telling.targets.iter().map(|target| target.as_text()).collect();
    texts.join(" ")
}

/// The channels of a telling as they are kept.
pub(crate) fn channels(telling: &Telling) -> String {
    let words: Vec<&str> = telling.channels.iter().map(|channel| channel.as_str()).collect();
    words.join(" ")
}

/// The policies of some accounts, by name, with their levels.
pub async fn of_accounts(
    mut link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<Policy>> {
    let mut policies: Vec<Policy> = on!(link.again(), c => {
        let mut sql = QueryBuilder::new(
            "SELECT id, account_id, name, rounds, ack_expires_ms FROM escalation_policies \
             WHERE 1 = 1",
        );
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY account_id, name, id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(|row| Bare::from_row(row).map(|bare| bare.0)).collect::<Result<_>>()
    })?;
    if policies.is_empty() {
        return Ok(policies);
    }
    let levels: Vec<(PolicyId, Level)> = on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT policy_id, l.id, delay_ms, targets, channels, manner FROM escalation_levels l \
             JOIN escalation_policies p ON p.tenant_id = l.tenant_id AND p.id = l.policy_id \
             WHERE 1 = 1",
        );
        among_keys!(sql, "p.tenant_id", "p.account_id", accounts);
        sql.push(" ORDER BY policy_id, position, l.id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(<(PolicyId, Level)>::from_row).collect::<Result<_>>()
    })?;
    for (policy, level) in levels {
        let place = policies.iter_mut().find(|known| known.id == policy);
        place.into_iter().for_each(|known| known.levels.push(level.clone()));
    }
    Ok(policies)
}

/// Keeps a policy: a new one where its id is 0. Levels keep their ids where they have one; the
/// others are new, and those that are not named any more are removed. Answers its id; `None` if it
/// is gone.
pub async fn keep(
    mut link: Link<'_>,
    tenant: TenantId,
    policy: &Policy,
) -> Result<Option<PolicyId>> {
    const NEW: &str = "INSERT INTO escalation_policies (tenant_id, account_id, name, rounds, \
        ack_expires_ms) VALUES ($1, $2, $3, $4, $5) RETURNING id";
    const KEPT: &str = "UPDATE escalation_policies SET name = $3, rounds = $4, \
        ack_expires_ms = $5 WHERE tenant_id = $1 AND account_id = $2 AND id = $6 RETURNING id";
    macro_rules! bound {
        ($sql:expr) => {
            query($sql)
                .bind(tenant.0)
                .bind(policy.account_id.0)
                .bind(&policy.name)
                .bind(policy.rounds)
                .bind(policy.ack_expires_ms)
        };
    }
    let row = match policy.id.0 {
        0 => one!((i64,), link.again(), bound!(NEW))?,
        id => one!((i64,), link.again(), bound!(KEPT).bind(id))?,
    };
    let Some((id,)) = row else { return Ok(None) };
    keep_levels(link, tenant, PolicyId(id), &policy.levels).await?;
    Ok(Some(PolicyId(id)))
}

async fn keep_levels(
    mut link: Link<'_>,
    tenant: TenantId,
    policy: PolicyId,
    levels: &[Level],
) -> Result<()> {
    const NEW: &str = "INSERT INTO escalation_levels (tenant_id, policy_id, position, delay_ms, \
        targets, channels, manner) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const KEPT: &str = "UPDATE escalation_levels SET position = $3, delay_ms = $4, targets = $5, \
        channels = $6, manner = $7 WHERE tenant_id = $1 AND policy_id = $2 AND id = $8";
    on!(link.again(), c => {
        let mut sql = QueryBuilder::new("DELETE FROM escalation_levels WHERE tenant_id = ");
        sql.push_bind(tenant.0).push(" AND policy_id = ").push_bind(policy.0);
        for level in levels.iter().filter(|level| level.id.0 != 0) {
            sql.push(" AND id <> ").push_bind(level.id.0);
        }
        sql.build().persistent(false).execute(c).await?;
    });
    for (position, level) in levels.iter().enumerate() {
        macro_rules! bound {
            ($sql:expr) => {
                query($sql)
                    .bind(tenant.0)
                    .bind(policy.0)
                    .bind(i64::try_from(position).unwrap_or(i64::MAX))
                    .bind(level.delay_ms)
                    .bind(targets(&level.telling))
                    .bind(channels(&level.telling))
                    .bind(level.telling.manner.as_str())
            };
        }
        match level.id.0 {
            0 => change!(link.again(), bound!(NEW)),
            id => change!(link.again(), bound!(KEPT).bind(id)),
        };
    }
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
        let mut sql = QueryBuilder::new(
            "SELECT tenant_id, message_id, policy_id, position, round, phase, tellings, ack_until \
             FROM escalations WHERE 1 = 1",
        );
        among_keys!(sql, "tenant_id", "message_id", messages);
        let rows = sql.build().persistent(recurs(messages.len())).fetch_all(c).await?;
        rows.iter().map(<(TenantId, Escalation)>::from_row).collect()
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
    if rows.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO escalations (tenant_id, message_id, policy_id, position, round, phase, \
             tellings, ack_until) ",
        );
        sql.push_values(rows, |mut row, (tenant, escalation)| {
            row.push_bind(tenant.0)
                .push_bind(escalation.message_id.0)
                .push_bind(escalation.policy_id.0)
                .push_bind(escalation.position)
                .push_bind(escalation.round)
                .push_bind(escalation.phase.as_str())
                .push_bind(escalation.tellings)
                .push_bind(ms(escalation.ack_until));
        });
        sql.push(
            " ON CONFLICT (tenant_id, message_id) DO UPDATE SET policy_id = excluded.policy_id, \
             position = excluded.position, round = excluded.round, phase = excluded.phase, \
             tellings = excluded.tellings, ack_until = excluded.ack_until",
        );
        sql.build().persistent(recurs(rows.len())).execute(c).await?;
    });
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
    let rows = all!((i64,), link, query(SQL).bind(tenant.0).bind(policy.0))?;
    Ok(rows.into_iter().map(|(id,)| MessageId(id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn a_telling_is_kept_in_words() {
        let kept = telling("recipient rotation:2", "sms call", "all").expect("sound");
        assert_eq!(targets(&kept), "recipient rotation:2");
        assert_eq!(channels(&kept), "sms call");
        assert!(matches!(telling("nobody:1", "", "first"), Err(Error::Corrupt(_))));
    }
}
