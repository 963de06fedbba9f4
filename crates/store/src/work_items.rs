//! The work queue: what waits for an agent.

use domain::{
    Instant, MessageId, NewItem, RunId, TenantId, UserId, WorkItem, WorkItemId, WorkKind, WorkState,
};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::rows::{Row, all, change, insert, one, row, select, text};
use crate::{Error, Link, Result};

row! { item: WorkItem, "work_items", "work_items \
    JOIN accounts ON accounts.tenant_id = work_items.tenant_id \
        AND accounts.id = work_items.account_id \
    LEFT JOIN users ON users.tenant_id = work_items.tenant_id AND users.id = work_items.claimed_by"
    reads {
        tenant_id, id, account_id, account_name: "accounts.name", kind, message_id, run_id, subject,
        title, detail, is_urgent, ready_at, created_at, updated_at;
        state, claimed_by, name: "coalesce(users.name, '')", claimed_at, done_by, done_at, outcome
    }
    with {
        state: item_state(
            state, Option::zip(claimed_by, claimed_at), name, done_by, done_at, outcome,
        )?,
    }
}

row! { item: NewItem, "work_items"
    inserts { account_id, kind, message_id, run_id, subject }
    updates { title, detail, is_urgent }
}

fn item_state(
    word: String,
    claimed: Option<(UserId, Instant)>,
    name: String,
    done_by: Option<UserId>,
    done_at: Option<Instant>,
    outcome: String,
) -> Result<WorkState> {
    match (word.as_str(), claimed, done_at) {
        ("open", ..) => Ok(WorkState::Open),
        ("claimed", Some((by, at)), _) => Ok(WorkState::Claimed { by, name, at }),
        ("done", _, Some(at)) => Ok(WorkState::Done { by: done_by, at, outcome }),
        _ => Err(Error::Corrupt(word)),
    }
}

/// Adds items. One whose subject is open already only gets the new texts and urgency.
pub async fn raise_all(link: Link<'_>, items: &[(TenantId, NewItem)], at: Instant) -> Result<()> {
    const REPLACED: &str = text!(
        " ON CONFLICT (tenant_id, kind, subject) WHERE state <> 'done' AND subject <> '' \
          DO UPDATE SET updated_at = excluded.updated_at, revision = work_items.revision + 1, ",
        NewItem::REPLACED
    );
    insert!(link, "work_items", items, |(tenant, item)| {
        tenant_id = tenant, state = "open", ready_at = at, outcome = "", revision = 1,
        created_at = at, updated_at = at, ..item
    }, REPLACED);
    Ok(())
}

/// The item with this id, done or not.
pub async fn find(link: Link<'_>, tenant: TenantId, id: WorkItemId) -> Result<Option<WorkItem>> {
    const SQL: &str = select!(WorkItem, " WHERE work_items.tenant_id = $1 AND work_items.id = $2");
    one!(WorkItem, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// What is not done of a tenant, urgent first, then oldest first; at most `limit`.
pub async fn open(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<WorkItem>> {
    const SQL: &str = select!(
        WorkItem,
        " WHERE work_items.tenant_id = $1 AND work_items.state <> 'done' \
         ORDER BY work_items.is_urgent DESC, work_items.ready_at, work_items.id LIMIT $2"
    );
    all!(WorkItem, link, query(SQL).bind(tenant.0).bind(limit))
}

/// Gives an open item to an agent. False if it is not open: another was first, or it is done.
pub async fn claim(
    link: Link<'_>,
    tenant: TenantId,
    id: WorkItemId,
    by: UserId,
    at: Instant,
) -> Result<bool> {
    const SQL: &str = "UPDATE work_items SET state = 'claimed', claimed_by = $3, \
        claimed_at = $4, updated_at = $4, revision = revision + 1 \
        WHERE tenant_id = $1 AND id = $2 AND state = 'open'";
    let won = change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(by.0).bind(at.as_ms()));
    Ok(won > 0)
}

/// Puts a claimed item back, to be worked from `ready_at` on. False if it is not this agent's;
/// `None` takes it from whoever has it.
pub async fn release(
    link: Link<'_>,
    tenant: TenantId,
    id: WorkItemId,
    from: Option<UserId>,
    ready_at: Instant,
    at: Instant,
) -> Result<bool> {
    const SQL: &str = "UPDATE work_items SET state = 'open', claimed_by = NULL, \
        claimed_at = NULL, ready_at = $4, updated_at = $5, revision = revision + 1 \
        WHERE tenant_id = $1 AND id = $2 AND state = 'claimed' AND claimed_by = coalesce($3, \
        claimed_by)";
    let from = from.map(|id| id.0);
    let freed = change!(
        link,
        query(SQL).bind(tenant.0).bind(id.0).bind(from).bind(ready_at.as_ms()).bind(at.as_ms())
    );
    Ok(freed > 0)
}

/// Ends an item that is not done. False if it is.
pub async fn finish(
    link: Link<'_>,
    tenant: TenantId,
    id: WorkItemId,
    by: Option<UserId>,
    outcome: &str,
    at: Instant,
) -> Result<bool> {
    const SQL: &str = "UPDATE work_items SET state = 'done', done_by = $3, done_at = $5, \
        outcome = $4, updated_at = $5, revision = revision + 1 \
        WHERE tenant_id = $1 AND id = $2 AND state <> 'done'";
    let by = by.map(|id| id.0);
    let ended =
        change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(by).bind(outcome).bind(at.as_ms()));
    Ok(ended > 0)
}

/// Ends what is open about messages, of one kind.
pub async fn settle_all(
    link: Link<'_>,
    messages: &[(TenantId, MessageId)],
    kind: WorkKind,
    outcome: &str,
    at: Instant,
) -> Result<u64> {
    let ended = on!(link, c => {
        let mut sql = QueryBuilder::new("UPDATE work_items SET state = 'done', done_at = ");
        sql.push_bind(at.as_ms()).push(", updated_at = ").push_bind(at.as_ms());
        sql.push(", outcome = ").push_bind(outcome);
        sql.push(", revision = revision + 1 WHERE state <> 'done' AND kind = ");
        sql.push_bind(kind.as_str());
        among_keys!(sql, "tenant_id", "message_id", messages);
        sql.build().persistent(recurs(messages.len())).execute(c).await?.rows_affected()
    });
    Ok(ended)
}

/// Ends what is open about runs of To Dos.
pub async fn settle_runs(
    link: Link<'_>,
    runs: &[(TenantId, RunId)],
    outcome: &str,
    at: Instant,
) -> Result<u64> {
    let ended = on!(link, c => {
        let mut sql = QueryBuilder::new("UPDATE work_items SET state = 'done', done_at = ");
        sql.push_bind(at.as_ms()).push(", updated_at = ").push_bind(at.as_ms());
        sql.push(", outcome = ").push_bind(outcome);
        sql.push(", revision = revision + 1 WHERE state <> 'done'");
        among_keys!(sql, "tenant_id", "run_id", runs);
        sql.build().persistent(recurs(runs.len())).execute(c).await?.rows_affected()
    });
    Ok(ended)
}
