//! What webhooks are told: events, the delivery of each to a webhook, and every post of it.

use domain::webhook::payload::{Fact, Facts};
use domain::{
    HookAttempt, HookDelivery, HookDeliveryId, HookEvent, HookEventId, HookKind, HookState,
    Instant, TenantId, WebhookId,
};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{all, change, insert, one, read, row, select, update};
use crate::{Error, Link, Result};

struct Data<'a>(&'a Facts);

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, fact) in self.0 {
            match fact {
                Fact::Text(text) => map.serialize_entry(name, text)?,
                Fact::Number(n) => map.serialize_entry(name, n)?,
                Fact::Flag(flag) => map.serialize_entry(name, flag)?,
                Fact::Null => map.serialize_entry(name, &())?,
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

/// The body that tells of something: `{"type": …, "timestamp": …, "data": {…}}`.
pub fn body(kind: HookKind, at: Instant, data: &Facts) -> Result<String> {
    let payload = Payload { r#type: kind.as_str(), timestamp: at.rfc3339_ms(), data: Data(data) };
    serde_json::to_string(&payload).map_err(|error| Error::Corrupt(error.to_string()))
}

row! { event: HookEvent, "hook_events"
    reads { id }
    inserts { account_id, kind, subject_id, key, body; created_at = event.at }
    with { at: created_at }
}

/// Adds events; their ids are ignored. The new ones come in the same order.
pub async fn insert_events(
    link: Link<'_>,
    events: &[(TenantId, HookEvent)],
) -> Result<Vec<HookEventId>> {
    let mut ids = insert!(link, "hook_events", events, |(tenant, event)| {
        tenant_id = tenant, ..event
    }, " RETURNING id" => HookEventId)?;
    // Ids grow with the order of the values; `RETURNING` does not promise to keep that order.
    ids.sort_unstable();
    Ok(ids)
}

/// Some events of any tenant.
pub async fn events(link: Link<'_>, ids: &[(TenantId, HookEventId)]) -> Result<Vec<HookEvent>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(HookEvent, " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

row! { delivery: HookDelivery, "hook_deliveries"
    reads { id }
    inserts { webhook_id, event_id, kind, subject_id, created_at }
    updates { state, attempts, tries, detail, next_at, finished_at }
}

/// A delivery with the tenant that it belongs to.
pub type OwnedDelivery = (TenantId, HookDelivery);

/// Adds deliveries; their ids are ignored. The new ones come in the same order.
pub async fn insert_all(
    link: Link<'_>,
    deliveries: &[OwnedDelivery],
) -> Result<Vec<HookDeliveryId>> {
    let mut ids = insert!(link, "hook_deliveries", deliveries, |(tenant, delivery)| {
        tenant_id = tenant, topic = delivery.kind.topic(), ..delivery
    }, " RETURNING id" => HookDeliveryId)?;
    ids.sort_unstable();
    Ok(ids)
}

/// Changes where deliveries stand.
pub async fn update_all(link: Link<'_>, deliveries: &[OwnedDelivery]) -> Result<()> {
    update!(link, "hook_deliveries", deliveries, |(tenant, delivery)| {
        tenant_id = tenant, id = delivery.id,
    } set { ..delivery });
    Ok(())
}

/// Deliveries of any tenant that are then changed in the same transaction.
pub async fn find_all_to_change(
    link: Link<'_>,
    ids: &[(TenantId, HookDeliveryId)],
) -> Result<Vec<OwnedDelivery>> {
    let lock = for_update(&link);
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!((TenantId, HookDelivery), " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "id", ids);
        sql.push(" ORDER BY id").push(lock);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// Which of some deliveries have an earlier one of the same subject to the same webhook before
/// them that is not finished, and when the last of those is tried next.
pub async fn blocked(
    link: Link<'_>,
    ids: &[(TenantId, HookDeliveryId)],
) -> Result<Vec<(HookDeliveryId, Option<Instant>)>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT later.id, max(earlier.next_at) FROM hook_deliveries AS later \
             JOIN hook_deliveries AS earlier ON earlier.tenant_id = later.tenant_id \
             AND earlier.webhook_id = later.webhook_id AND earlier.topic = later.topic \
             AND earlier.subject_id = later.subject_id AND earlier.id < later.id \
             AND earlier.finished_at IS NULL WHERE 1 = 1",
        );
        among_keys!(sql, "later.tenant_id", "later.id", ids);
        sql.push(" GROUP BY later.id");
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// The deliveries that waited for some others of the same subject to the same webhook: those not
/// finished that come next after them.
pub async fn next_after(
    link: Link<'_>,
    ids: &[(TenantId, HookDeliveryId)],
) -> Result<Vec<(TenantId, HookDeliveryId)>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT earlier.tenant_id, min(later.id) FROM hook_deliveries AS earlier \
             JOIN hook_deliveries AS later ON later.tenant_id = earlier.tenant_id \
             AND later.webhook_id = earlier.webhook_id AND later.topic = earlier.topic \
             AND later.subject_id = earlier.subject_id AND later.id > earlier.id \
             AND later.state = 'pending' AND later.tries = 0 WHERE 1 = 1",
        );
        among_keys!(sql, "earlier.tenant_id", "earlier.id", ids);
        sql.push(" GROUP BY earlier.tenant_id, earlier.id");
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// The delivery with this id, if it is not forgotten yet.
pub async fn find(
    link: Link<'_>,
    tenant: TenantId,
    id: HookDeliveryId,
) -> Result<Option<HookDelivery>> {
    const SQL: &str = select!(HookDelivery, " WHERE tenant_id = $1 AND id = $2");
    one!(HookDelivery, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// Which deliveries of a webhook somebody asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostFilter {
    /// In one of these states; all for none.
    pub states: Vec<HookState>,
    /// Of events at this instant or later.
    pub since: Option<Instant>,
    /// Those before this one.
    pub before: Option<HookDeliveryId>,
}

/// The log of a webhook, newest first, at most `limit`.
pub async fn page(
    link: Link<'_>,
    tenant: TenantId,
    webhook: WebhookId,
    filter: &PostFilter,
    limit: i64,
) -> Result<Vec<HookDelivery>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(HookDelivery, " WHERE tenant_id = "));
        sql.push_bind(tenant.0).push(" AND webhook_id = ").push_bind(webhook.0);
        if !filter.states.is_empty() {
            sql.push(" AND state IN (");
            let mut list = sql.separated(", ");
            for state in &filter.states {
                list.push_bind(state.as_str());
            }
            sql.push(")");
        }
        if let Some(since) = filter.since {
            sql.push(" AND created_at >= ").push_bind(since.as_ms());
        }
        if let Some(before) = filter.before {
            sql.push(" AND id < ").push_bind(before.0);
        }
        sql.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
        let rows = sql.build().persistent(false).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// How many deliveries of some webhooks are in which state.
pub async fn counts(
    link: Link<'_>,
    tenant: TenantId,
    webhooks: &[WebhookId],
) -> Result<Vec<(WebhookId, HookState, i64)>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT webhook_id, state, count(*) FROM hook_deliveries WHERE tenant_id = ",
        );
        sql.push_bind(tenant.0);
        among!(sql, "webhook_id", webhooks);
        sql.push(" GROUP BY webhook_id, state");
        let rows = sql.build().persistent(false).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// Ends all deliveries of a webhook that wait, for a reason in a sentence.
pub async fn cancel_waiting(
    link: Link<'_>,
    tenant: TenantId,
    webhook: WebhookId,
    why: &str,
    at: Instant,
) -> Result<u64> {
    const SQL: &str = "UPDATE hook_deliveries SET state = 'cancelled', detail = $3, \
        next_at = NULL, finished_at = $4 \
        WHERE tenant_id = $1 AND webhook_id = $2 AND finished_at IS NULL AND state = 'pending'";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(webhook.0).bind(why).bind(at.as_ms())))
}

row! { attempt: HookAttempt, "hook_attempts"
    inserts { number, started_at }
    updates { finished_at, status, detail, answer }
}

/// An attempt of a delivery of a tenant.
pub type AttemptRow = (TenantId, HookDeliveryId, HookAttempt);

/// Writes down that attempts start.
pub async fn insert_attempts(link: Link<'_>, attempts: &[AttemptRow]) -> Result<()> {
    insert!(link, "hook_attempts", attempts, |(tenant, delivery, attempt)| {
        tenant_id = tenant, delivery_id = delivery, ..attempt
    });
    Ok(())
}

/// Writes down how attempts ended.
pub async fn finish_attempts(link: Link<'_>, attempts: &[AttemptRow]) -> Result<()> {
    update!(link, "hook_attempts", attempts, |(tenant, delivery, attempt)| {
        tenant_id = tenant, delivery_id = delivery, number = attempt.number,
    } set { ..attempt });
    Ok(())
}

/// The attempts of a delivery, first to last.
pub async fn attempts(
    link: Link<'_>,
    tenant: TenantId,
    id: HookDeliveryId,
) -> Result<Vec<HookAttempt>> {
    const SQL: &str =
        select!(HookAttempt, " WHERE tenant_id = $1 AND delivery_id = $2 ORDER BY number");
    all!(HookAttempt, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// Forgets attempts, deliveries and events that are older than an instant, at most `limit` of each;
/// answers how many rows those were.
pub async fn forget(mut link: Link<'_>, before: Instant, limit: i64) -> Result<u64> {
    const TABLES: [(&str, &str, &str); 3] = [
        ("hook_attempts", "tenant_id, delivery_id, number", "started_at"),
        ("hook_deliveries", "tenant_id, id", "created_at"),
        ("hook_events", "tenant_id, id", "created_at"),
    ];
    let mut gone = 0;
    for (table, key, age) in TABLES {
        let sql = AssertSqlSafe(format!(
            "DELETE FROM {table} WHERE ({key}) IN \
             (SELECT {key} FROM {table} WHERE {age} < $1 ORDER BY {age} LIMIT $2)"
        ));
        gone += change!(link.again(), query(sql).bind(before.as_ms()).bind(limit));
    }
    Ok(gone)
}
