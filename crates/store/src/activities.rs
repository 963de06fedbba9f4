//! The activity logs of messages. Rows are added, never changed.

use domain::{Activity, ActivityId, ActivityKind, Event, Instant, MessageId, TenantId, UserId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::recurs;
use crate::rows::{all, from_cells, instant, word};
use crate::{Link, Result};

from_cells!(Activity, cells => Activity {
    id: ActivityId(cells.next()?),
    message_id: MessageId(cells.next()?),
    event: Event {
        kind: word(cells.next()?, ActivityKind::parse)?,
        actor_id: cells.next::<Option<i64>>()?.map(UserId),
        actor_name: cells.next()?,
        subject: cells.next()?,
        detail: cells.next()?,
    },
    at: instant(cells.next()?),
});

/// Adds a row. The caller counts it in the message's `activities_count`, in the same transaction.
pub async fn insert(
    link: Link<'_>,
    tenant: TenantId,
    message: MessageId,
    event: &Event,
    at: Instant,
) -> Result<()> {
    insert_all(link, &[(tenant, message, event.clone())], at).await
}

/// Adds rows, in their order. The caller counts each in its message's `activities_count`, in the
/// same transaction.
pub async fn insert_all(
    link: Link<'_>,
    rows: &[(TenantId, MessageId, Event)],
    at: Instant,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO activities \
             (tenant_id, message_id, kind, actor_id, actor_name, subject, detail, at) ",
        );
        sql.push_values(rows, |mut row, (tenant, message, event)| {
            row.push_bind(tenant.0)
                .push_bind(message.0)
                .push_bind(event.kind.as_str())
                .push_bind(event.actor_id.map(|id| id.0))
                .push_bind(&event.actor_name)
                .push_bind(&event.subject)
                .push_bind(&event.detail)
                .push_bind(at.as_ms());
        });
        sql.build().persistent(recurs(rows.len())).execute(c).await?;
    });
    Ok(())
}

/// The log of a message, oldest first.
pub async fn of_message(
    link: Link<'_>,
    tenant: TenantId,
    message: MessageId,
) -> Result<Vec<Activity>> {
    const SQL: &str = "SELECT id, message_id, kind, actor_id, actor_name, subject, detail, at \
        FROM activities WHERE tenant_id = $1 AND message_id = $2 ORDER BY id";
    all!(Activity, link, query(SQL).bind(tenant.0).bind(message.0))
}
