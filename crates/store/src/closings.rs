//! What accounts want done when an agent finishes: closing action groups, wordings and digests.

use domain::closing::{Action, Timing};
use domain::escalation::{Manner, Telling};
use domain::{
    Account, AccountId, ClosingGroup, ClosingGroupId, Did, DigestId, Instant, MessageId, PolicyId,
    TenantId, Wording,
};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, query};

use crate::cells::{cells, joined, list, word};
use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::policies;
use crate::rows::{
    Joined, Row, all, change, gathered, insert, only, read, row, select, text, update,
};
use crate::{Error, Link, Result};

/// An action as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredAction {
    Tell { targets: String, channels: String, manner: String },
    Copy { address: String },
    Escalate { policy: i64 },
}

impl StoredAction {
    fn of(action: &Action) -> Self {
        match action {
            Action::Tell(telling) => StoredAction::Tell {
                targets: policies::targets_text(&telling.targets),
                channels: policies::channels_text(&telling.channels),
                manner: telling.manner.as_str().to_owned(),
            },
            Action::Copy(address) => StoredAction::Copy { address: address.clone() },
            Action::Escalate(policy) => StoredAction::Escalate { policy: policy.0 },
        }
    }

    fn read(self) -> Result<Action> {
        Ok(match self {
            StoredAction::Tell { targets, channels, manner } => Action::Tell(Telling {
                targets: policies::targets(&targets)?,
                channels: policies::channels(&channels)?,
                manner: word(&manner, Manner::parse)?,
            }),
            StoredAction::Copy { address } => Action::Copy(address),
            StoredAction::Escalate { policy } => Action::Escalate(PolicyId(policy)),
        })
    }
}

fn actions(json: &str) -> Result<Vec<Action>> {
    let kept: Vec<StoredAction> = serde_json::from_str(json)
        .map_err(|_| Error::Corrupt("the actions of a closing group".to_owned()))?;
    kept.into_iter().map(StoredAction::read).collect()
}

fn json(actions: &[Action]) -> Result<String> {
    let kept: Vec<StoredAction> = actions.iter().map(StoredAction::of).collect();
    serde_json::to_string(&kept).map_err(|error| Error::Corrupt(error.to_string()))
}

/// `""` is at once; else the minutes of the digests.
fn timing(text: &str) -> Result<Timing> {
    if text.is_empty() {
        return Ok(Timing::AtOnce);
    }
    list(text, ' ', |minute| minute.parse().ok()).map(Timing::Digest)
}

fn timed(timing: &Timing) -> String {
    match timing {
        Timing::AtOnce => String::new(),
        Timing::Digest(minutes) => joined(minutes.iter().map(ToString::to_string), ' '),
    }
}

cells! {
    Vec<Action> as text made, actions, |actions| json(actions);
    Timing as text made, timing, |timing| Ok(timed(timing));
}

row! { group: ClosingGroup, "closing_action_groups"
    reads { id }
    inserts { account_id }
    updates { name, usage, timing, actions }
}

row! { wording: Wording, "wordings" updates { sms, subject, email, call } }

/// The closing action groups of some accounts, by name.
pub async fn of_accounts(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<ClosingGroup>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(ClosingGroup, " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY account_id, name, id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// Keeps a group: a new one where its id is 0. Answers its id; `None` if it is gone.
pub async fn keep(
    link: Link<'_>,
    tenant: TenantId,
    group: &ClosingGroup,
) -> Result<Option<ClosingGroupId>> {
    if group.id.0 == 0 {
        let id = insert!(link, "closing_action_groups", [group], |group| {
            tenant_id = tenant, ..group
        }, " RETURNING id" => ClosingGroupId)?;
        return only(id).map(Some);
    }
    let changed = update!(link, "closing_action_groups", [group], |group| {
        tenant_id = tenant, account_id = group.account_id, id = group.id,
    } set { ..group });
    Ok((changed > 0).then_some(group.id))
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

/// An account with its own words.
type Worded = (Account, Joined<Wording>);

/// Some accounts of any tenant, each with its own words if it has some, and its lines, oldest
/// first.
pub async fn accounts_with_wordings(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<(Account, Option<Wording>, Vec<Did>)>> {
    let rows: Vec<(Worded, Joined<Did>)> = on!(link, c => {
        let mut sql = QueryBuilder::new(text!(
            "SELECT ",
            Account::SELECT,
            ", ",
            Wording::SELECT,
            ", ",
            Did::SELECT,
            " FROM accounts LEFT JOIN wordings ON wordings.tenant_id = accounts.tenant_id \
             AND wordings.account_id = accounts.id \
             LEFT JOIN dids ON dids.tenant_id = accounts.tenant_id \
             AND dids.account_id = accounts.id WHERE 1 = 1",
        ));
        among_keys!(sql, "accounts.tenant_id", "accounts.id", accounts);
        sql.push(" ORDER BY accounts.id, dids.id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(read).collect::<Result<_>>()
    })?;
    let found = gathered(rows, |(account, _)| account.id).into_iter();
    Ok(found.map(|((account, Joined(wording)), lines)| (account, wording, lines)).collect())
}

/// Gives an account its own words.
pub async fn set_wording(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    wording: &Wording,
) -> Result<()> {
    const REPLACED: &str =
        text!(" ON CONFLICT (tenant_id, account_id) DO UPDATE SET ", Wording::REPLACED);
    insert!(link, "wordings", [wording], |wording| {
        tenant_id = tenant, account_id = account, ..wording
    }, REPLACED);
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
    all!(MessageId, link, query(SQL).bind(tenant.0).bind(group.0).bind(now.as_ms()))
}

/// Writes down a digest of messages, and answers its id.
pub async fn insert_digest(
    mut link: Link<'_>,
    tenant: TenantId,
    group: &ClosingGroup,
    messages: &[MessageId],
    now: Instant,
) -> Result<DigestId> {
    let id = only(insert!(link.again(), "digests", [group], |group| {
        tenant_id = tenant, account_id = group.account_id, closing_action_group_id = group.id,
        created_at = now,
    }, " RETURNING id" => DigestId)?)?;
    insert!(link, "digest_messages", messages, |message| {
        tenant_id = tenant, digest_id = id, message_id = message,
    });
    Ok(id)
}

/// The messages of a digest, oldest first.
pub async fn messages_of(
    link: Link<'_>,
    tenant: TenantId,
    digest: DigestId,
) -> Result<Vec<MessageId>> {
    const SQL: &str = "SELECT message_id FROM digest_messages \
        WHERE tenant_id = $1 AND digest_id = $2 ORDER BY message_id";
    all!(MessageId, link, query(SQL).bind(tenant.0).bind(digest.0))
}
