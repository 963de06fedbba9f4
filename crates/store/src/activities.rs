//! The activity logs of messages. Rows are added, never changed.

use domain::{Activity, Event, Instant, MessageId, TenantId};
use sqlx::query;

use crate::rows::{all, insert, row, select};
use crate::{Link, Result};

row! { event: Event, "activities" inserts { kind, actor_id, actor_name, subject, detail } }

row! { activity: Activity, "activities" reads { id, message_id, at } parts { event: Event } }

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
    insert!(link, "activities", rows, |(tenant, message, event)| {
        tenant_id = tenant, message_id = message, at = at, ..event
    });
    Ok(())
}

/// The log of a message, oldest first.
pub async fn of_message(
    link: Link<'_>,
    tenant: TenantId,
    message: MessageId,
) -> Result<Vec<Activity>> {
    const SQL: &str = select!(Activity, " WHERE tenant_id = $1 AND message_id = $2 ORDER BY id");
    all!(Activity, link, query(SQL).bind(tenant.0).bind(message.0))
}
