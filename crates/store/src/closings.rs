//! What accounts want done when an agent finishes: closing action groups, wordings and digests.

use domain::closing::{Action, Timing, Usage};
use domain::escalation::Telling;
use domain::{
    AccountId, ClosingGroup, ClosingGroupId, DigestId, Instant, MessageId, PolicyId, TenantId,
    Wording,
};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::policies;
use crate::rows::{FromCells, all, change, from_cells, one, word};
use crate::{Error, Link, Result};

/// An action as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    Tell { targets: String, channels: String, manner: String },
    Copy { address: String },
    Escalate { policy: i64 },
}

impl Kept {
    fn of(action: &Action) -> Self {
        match action {
            Action::Tell(telling) => Kept::Tell {
                targets: policies::targets(telling),
                channels: policies::channels(telling),
                manner: telling.manner.as_str().to_owned(),
            },
            Action::Copy(address) => Kept::Copy { address: address.clone() },
            Action::Escalate(policy) => Kept::Escalate { policy: policy.0 },
        }
    }

    fn read(self) -> Result<Action> {
        Ok(match self {
            Kept::Tell { targets, channels, manner } => {
                let telling: Telling = policies::telling(&targets, &channels, &manner)?;
                Action::Tell(telling)
            }
            Kept::Copy { address } => Action::Copy(address),
            Kept::Escalate { policy } => Action::Escalate(PolicyId(policy)),
        })
    }
}

fn actions(json: &str) -> Result<Vec<Action>> {
    let kept: Vec<Kept> = serde_json::from_str(json)
        .map_err(|_| Error::Corrupt("the actions of a closing group".to_owned()))?;
    kept.into_iter().map(Kept::read).collect()
}

fn json(actions: &[Action]) -> Result<String> {
    let kept: Vec<Kept> = actions.iter().map(Kept::of).collect();
    serde_json::to_string(&kept).map_err(|error| Error::Corrupt(error.to_string()))
}

/// `""` is at once; else the minutes of the digests.
fn timing(text: &str) -> Result<Timing> {
    if text.is_empty() {
        return Ok(Timing::AtOnce);
    }
    let minute = |part: &str| part.parse().map_err(|_| Error::Corrupt(text.to_owned()));
    Ok(Timing::Digest(text.split_whitespace().map(minute).collect::<Result<_>>()?))
}

fn timed(timing: &Timing) -> String {
    match timing {
        Timing::AtOnce => String::new(),
        Timing::Digest(minutes) => {
            let texts: Vec<String> = minutes.iter().map(ToString::to_string).collect();
            texts.join(" ")
        }
    }
}

from_cells!(ClosingGroup, cells => ClosingGroup {
    id: ClosingGroupId(cells.next()?),
    account_id: AccountId(cells.next()?),
    name: cells.next()?,
    usage: word(cells.next()?, Usage::parse)?,
    timing: timing(cells.next()?)?,
    actions: actions(cells.next()?)?,
});

from_cells!((AccountId, Wording), cells => (AccountId(cells.next()?), Wording {
    sms: cells.next()?,
    subject: cells.next()?,
    email: cells.next()?,
    call: cells.next()?,
}));

/// The closing action groups of some accounts, by name.
pub async fn of_accounts(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<ClosingGroup>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT id, account_id, name, usage, timing, actions FROM closing_action_groups \
             WHERE 1 = 1",
        );
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY account_id, name, id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(ClosingGroup::from_row).collect()
    })
}

/// Keeps a group: a new one where its id is 0. Answers its id; `None` if it is gone.
pub async fn keep(
    link: Link<'_>,
    tenant: TenantId,
    group: &ClosingGroup,
) -> Result<Option<ClosingGroupId>> {
    const NEW: &str = "INSERT INTO closing_action_groups (tenant_id, account_id, name, usage, \
        timing, actions) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    const KEPT: &str = "UPDATE closing_action_groups SET name = $3, usage = $4, timing = $5, \
        actions = $6 WHERE tenant_id = $1 AND account_id = $2 AND id = $7 RETURNING id";
    let actions = json(&group.actions)?;
    macro_rules! bound {
        ($sql:expr) => {
            query($sql)
                .bind(tenant.0)
                .bind(group.account_id.0)
                .bind(&group.name)
                .bind(group.usage.as_str())
                .bind(timed(&group.timing))
                .bind(&actions)
        };
    }
    let row = match group.id.0 {
        0 => one!((i64,), link, bound!(NEW))?,
        id => one!((i64,), link, bound!(KEPT).bind(id))?,
    };
    Ok(row.map(|(id,)| ClosingGroupId(id)))
}

/// Removes a group. False if there was none.
pub async fn delete(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    id: ClosingGroupId,
) -> Result<bool> {
    const SQL: &str =
        "DELETE FROM closing_action_groups WHERE tenant_id = $1 AND account_id = $2 AND id = $3";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(account.0).bind(id.0)) > 0)
}

/// The own words of some accounts; one without any is left out.
pub async fn wordings(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<(AccountId, Wording)>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT account_id, sms, subject, email, call FROM wordings WHERE 1 = 1",
        );
        among_keys!(sql, "tenant_id", "account_id", accounts);
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(<(AccountId, Wording)>::from_row).collect()
    })
}

/// Gives an account its own words.
pub async fn set_wording(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    wording: &Wording,
) -> Result<()> {
    const SQL: &str = "INSERT INTO wordings (tenant_id, account_id, sms, subject, email, call) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, account_id) DO UPDATE SET \
        sms = excluded.sms, subject = excluded.subject, email = excluded.email, \
        call = excluded.call";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(account.0)
            .bind(&wording.sms)
            .bind(&wording.subject)
            .bind(&wording.email)
            .bind(&wording.call)
    );
    Ok(())
}

/// The messages that a group holds for its digest and whose time has come, oldest first; they are
/// then changed in the same transaction.
pub async fn held_for(
    link: Link<'_>,
    tenant: TenantId,
    group: ClosingGroupId,
    now: Instant,
) -> Result<Vec<MessageId>> {
    const SQL: &str = "SELECT id FROM messages WHERE tenant_id = $1 \
        AND closing_action_group_id = $2 AND status = 'held' AND send_at <= $3 ORDER BY id";
    let rows = all!((i64,), link, query(SQL).bind(tenant.0).bind(group.0).bind(now.as_ms()))?;
    Ok(rows.into_iter().map(|(id,)| MessageId(id)).collect())
}

/// Writes down a digest of messages, and answers its id.
pub async fn insert_digest(
    mut link: Link<'_>,
    tenant: TenantId,
    group: &ClosingGroup,
    messages: &[MessageId],
    now: Instant,
) -> Result<DigestId> {
    const SQL: &str = "INSERT INTO digests (tenant_id, account_id, closing_action_group_id, \
        created_at) VALUES ($1, $2, $3, $4) RETURNING id";
    let row = one!(
        (i64,),
        link.again(),
        query(SQL).bind(tenant.0).bind(group.account_id.0).bind(group.id.0).bind(now.as_ms())
    )?;
    let id = row.map_or(0, |(id,)| id);
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO digest_messages (tenant_id, digest_id, message_id) ",
        );
        sql.push_values(messages, |mut row, message| {
            row.push_bind(tenant.0).push_bind(id).push_bind(message.0);
        });
        sql.build().persistent(false).execute(c).await?;
    });
    Ok(DigestId(id))
}

/// The messages of a digest, oldest first.
pub async fn messages_of(
    link: Link<'_>,
    tenant: TenantId,
    digest: DigestId,
) -> Result<Vec<MessageId>> {
    const SQL: &str = "SELECT message_id FROM digest_messages \
        WHERE tenant_id = $1 AND digest_id = $2 ORDER BY message_id";
    let rows = all!((i64,), link, query(SQL).bind(tenant.0).bind(digest.0))?;
    Ok(rows.into_iter().map(|(id,)| MessageId(id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_and_hours_read_back() {
        let tell = policies::telling("recipient", "", "first").expect("sound");
        let all = [
            Action::Tell(tell),
            Action::Copy("office@law.example".to_owned()),
            Action::Escalate(PolicyId(7)),
        ];
        assert_eq!(actions(&json(&all).expect("text")).expect("actions"), all);
        for kept in [Timing::AtOnce, Timing::Digest(vec![720, 1_020])] {
            assert_eq!(timing(&timed(&kept)).expect("timing"), kept);
        }
        assert!(actions("{").is_err());
        assert!(timing("noon").is_err());
    }
}
