//! The desk: what waits for an agent.

use domain::{
    AccountId, DeskItem, DeskItemId, DeskKind, DeskState, Instant, MessageId, NewItem, RunId,
    TenantId, UserId,
};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::rows::{all, change, from_cells, instant, one, word};
use crate::{Error, Link, Result};

macro_rules! select {
    () => {
        "SELECT desk_items.tenant_id, desk_items.id, desk_items.account_id, accounts.name, \
         desk_items.kind, desk_items.message_id, desk_items.run_id, desk_items.subject, \
         desk_items.title, desk_items.detail, desk_items.is_urgent, desk_items.state, \
         desk_items.claimed_by, coalesce(users.name, ''), desk_items.claimed_at, \
         desk_items.done_by, desk_items.done_at, desk_items.outcome, desk_items.ready_at, \
         desk_items.created_at, desk_items.updated_at \
         FROM desk_items \
         JOIN accounts ON accounts.tenant_id = desk_items.tenant_id \
            AND accounts.id = desk_items.account_id \
         LEFT JOIN users ON users.tenant_id = desk_items.tenant_id \
            AND users.id = desk_items.claimed_by \
         WHERE desk_items.tenant_id = "
    };
}

/// The columns of an item's state.
struct StateCells {
    word: String,
    claimed_by: Option<i64>,
    claimed_name: String,
    claimed_at: Option<i64>,
    done_by: Option<i64>,
    done_at: Option<i64>,
    outcome: String,
}

impl StateCells {
    fn state(self) -> Result<DeskState> {
        match (self.word.as_str(), self.claimed_by, self.claimed_at, self.done_at) {
            ("open", ..) => Ok(DeskState::Open),
            ("claimed", Some(by), Some(at), _) => {
                Ok(DeskState::Claimed { by: UserId(by), name: self.claimed_name, at: instant(at) })
            }
            ("done", _, _, Some(at)) => {
                let by = self.done_by.map(UserId);
                Ok(DeskState::Done { by, at: instant(at), outcome: self.outcome })
            }
            _ => Err(Error::Corrupt(self.word)),
        }
    }
}

from_cells!(StateCells, cells => StateCells {
    word: cells.next()?,
    claimed_by: cells.next()?,
    claimed_name: cells.next()?,
    claimed_at: cells.next()?,
    done_by: cells.next()?,
    done_at: cells.next()?,
    outcome: cells.next()?,
});

from_cells!(DeskItem, cells => DeskItem {
    tenant_id: TenantId(cells.next()?),
    id: DeskItemId(cells.next()?),
    account_id: AccountId(cells.next()?),
    account_name: cells.next()?,
    kind: word(cells.next()?, DeskKind::parse)?,
    message_id: cells.next::<Option<i64>>()?.map(MessageId),
    run_id: cells.next::<Option<i64>>()?.map(RunId),
    subject: cells.next()?,
    title: cells.next()?,
    detail: cells.next()?,
    is_urgent: cells.next()?,
    state: StateCells::from_cells(cells)?.state()?,
    ready_at: instant(cells.next()?),
    created_at: instant(cells.next()?),
    updated_at: instant(cells.next()?),
});

/// Adds items. One whose subject is open already only gets the new texts and urgency.
pub async fn raise_all(link: Link<'_>, items: &[(TenantId, NewItem)], at: Instant) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO desk_items (tenant_id, account_id, kind, message_id, run_id, subject, \
             title, detail, is_urgent, state, ready_at, outcome, revision, created_at, \
             updated_at) ",
        );
        sql.push_values(items, |mut row, (tenant, item)| {
            row.push_bind(tenant.0)
                .push_bind(item.account_id.0)
                .push_bind(item.kind.as_str())
                .push_bind(item.message_id.map(|id| id.0))
                .push_bind(item.run_id.map(|id| id.0))
                .push_bind(&item.subject)
                .push_bind(&item.title)
                .push_bind(&item.detail)
                .push_bind(item.is_urgent)
                .push("'open'")
                .push_bind(at.as_ms())
                .push("''")
                .push("1")
                .push_bind(at.as_ms())
                .push_bind(at.as_ms());
        });
        sql.push(
            " ON CONFLICT (tenant_id, kind, subject) WHERE state <> 'done' AND subject <> '' \
             DO UPDATE SET title = excluded.title, detail = excluded.detail, \
             is_urgent = excluded.is_urgent, updated_at = excluded.updated_at, \
             revision = desk_items.revision + 1",
        );
        sql.build().persistent(recurs(items.len())).execute(c).await?;
    });
    Ok(())
}

/// An item.
pub async fn find(link: Link<'_>, tenant: TenantId, id: DeskItemId) -> Result<Option<DeskItem>> {
    const SQL: &str = concat!(select!(), "$1 AND desk_items.id = $2");
    one!(DeskItem, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// What is not done of a tenant, urgent first, then oldest first; at most `limit`.
pub async fn open(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<DeskItem>> {
    const SQL: &str = concat!(
        select!(),
        "$1 AND desk_items.state <> 'done' \
         ORDER BY desk_items.is_urgent DESC, desk_items.ready_at, desk_items.id LIMIT $2"
    );
    all!(DeskItem, link, query(SQL).bind(tenant.0).bind(limit))
}

/// Gives an open item to an agent. False if it is not open: another was first, or it is done.
pub async fn claim(
    link: Link<'_>,
    tenant: TenantId,
    id: DeskItemId,
    by: UserId,
    at: Instant,
) -> Result<bool> {
    const SQL: &str = "UPDATE desk_items SET state = 'claimed', claimed_by = $3, \
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
    id: DeskItemId,
    from: Option<UserId>,
    ready_at: Instant,
    at: Instant,
) -> Result<bool> {
    const SQL: &str = "UPDATE desk_items SET state = 'open', claimed_by = NULL, \
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
    id: DeskItemId,
    by: Option<UserId>,
    outcome: &str,
    at: Instant,
) -> Result<bool> {
    const SQL: &str = "UPDATE desk_items SET state = 'done', done_by = $3, done_at = $5, \
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
    kind: DeskKind,
    outcome: &str,
    at: Instant,
) -> Result<u64> {
    let ended = on!(link, c => {
        let mut sql = QueryBuilder::new("UPDATE desk_items SET state = 'done', done_at = ");
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
        let mut sql = QueryBuilder::new("UPDATE desk_items SET state = 'done', done_at = ");
        sql.push_bind(at.as_ms()).push(", updated_at = ").push_bind(at.as_ms());
        sql.push(", outcome = ").push_bind(outcome);
        sql.push(", revision = revision + 1 WHERE state <> 'done'");
        among_keys!(sql, "tenant_id", "run_id", runs);
        sql.build().persistent(recurs(runs.len())).execute(c).await?.rows_affected()
    });
    Ok(ended)
}
