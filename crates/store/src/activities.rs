//! The activity logs of messages. Rows are added, never changed.

use domain::{Activity, ActivityId, ActivityKind, Event, Instant, MessageId, TenantId, UserId};
use sqlx::query;

use crate::rows::{all, change, from_cells, instant, word};
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
    const SQL: &str = "INSERT INTO activities \
        (tenant_id, message_id, kind, actor_id, actor_name, subject, detail, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(message.0)
            .bind(event.kind.as_str())
            .bind(event.actor_id.map(|id| id.0))
            .bind(&event.actor_name)
            .bind(&event.subject)
            .bind(&event.detail)
            .bind(at.as_ms())
    );
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
