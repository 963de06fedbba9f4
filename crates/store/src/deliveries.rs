//! Deliveries: one row for each thing to be sent.

use domain::delivery::{Cause, State};
use domain::{Delivery, DeliveryId, DigestId, Instant, MessageId, RunId, TenantId};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::cells::OrEmpty;
use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{all, insert, one, only, read, row, select, update};
use crate::{Link, Result};

row! { delivery: Delivery, "deliveries"
    reads { id }
    inserts {
        account_id, telling, contact_id, channel, address, recipient, sender, sender_name, subject,
        body, key, if_unsure, expires_at, created_at;
        message_id = delivery.cause.message(),
        digest_id = delivery.cause.digest(),
        run_id = delivery.cause.run(),
    }
    updates {
        state, attempts, crashes, pinned, carrier, detail, updated_at;
        reach = OrEmpty(delivery.reach),
    }
    with {
        cause: cause(message_id, digest_id, run_id),
        reach: OrEmpty::get(reach),
    }
}

fn cause(message: Option<MessageId>, digest: Option<DigestId>, run: Option<RunId>) -> Cause {
    match (message, digest, run) {
        (Some(id), ..) => Cause::Message(id),
        (None, Some(id), _) => Cause::Digest(id),
        (None, None, Some(id)) => Cause::Run(id),
        (None, None, None) => Cause::Reply,
    }
}

/// Adds a delivery; its id is ignored.
pub async fn insert(link: Link<'_>, tenant: TenantId, delivery: &Delivery) -> Result<DeliveryId> {
    only(insert_all(link, &[(tenant, delivery)]).await?)
}

/// Adds deliveries; their ids are ignored. The new ones come in the same order.
pub async fn insert_all(
    link: Link<'_>,
    deliveries: &[(TenantId, &Delivery)],
) -> Result<Vec<DeliveryId>> {
    let mut ids = insert!(link, "deliveries", deliveries, |(tenant, delivery)| {
        tenant_id = tenant, ..delivery
    }, " RETURNING id" => DeliveryId)?;
    // Ids grow with the order of the values; `RETURNING` does not promise to keep that order.
    ids.sort_unstable();
    Ok(ids)
}

/// The delivery with this id.
pub async fn find(link: Link<'_>, tenant: TenantId, id: DeliveryId) -> Result<Option<Delivery>> {
    const SQL: &str = select!(Delivery, " WHERE tenant_id = $1 AND id = $2");
    one!(Delivery, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// Deliveries that are then changed in the same transaction, each with its tenant.
pub async fn find_all_to_change(
    link: Link<'_>,
    ids: &[(TenantId, DeliveryId)],
) -> Result<Vec<(TenantId, Delivery)>> {
    let lock = for_update(&link);
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!((TenantId, Delivery), " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "id", ids);
        sql.push(" ORDER BY id").push(lock);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// A delivery that is then changed in the same transaction.
pub async fn find_to_change(
    link: Link<'_>,
    tenant: TenantId,
    id: DeliveryId,
) -> Result<Option<Delivery>> {
    const SQL: &str = select!(Delivery, " WHERE tenant_id = $1 AND id = $2");
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    one!(Delivery, link, query(sql).bind(tenant.0).bind(id.0))
}

/// Writes down where deliveries stand.
pub async fn update_all(link: Link<'_>, deliveries: &[(TenantId, &Delivery)]) -> Result<()> {
    update!(link, "deliveries", deliveries, |(tenant, delivery)| {
        tenant_id = tenant, id = delivery.id,
    } set { ..delivery });
    Ok(())
}

/// Sets after which instants no further attempts of deliveries are made.
pub async fn expire_all(
    link: Link<'_>,
    expiries: &[(TenantId, DeliveryId, Instant)],
) -> Result<()> {
    update!(link, "deliveries", expiries, |(tenant, id, at)| {
        tenant_id = tenant, id = id,
    } set { expires_at = at, });
    Ok(())
}

/// Gives a delivery that nobody has tried to send another address, text, channel and time.
pub async fn rewrite(link: Link<'_>, tenant: TenantId, delivery: &Delivery) -> Result<()> {
    update!(link, "deliveries", [delivery], |delivery| {
        tenant_id = tenant, id = delivery.id,
    } set {
        contact_id = delivery.contact_id,
        channel = delivery.channel,
        address = delivery.address,
        recipient = delivery.recipient,
        sender = delivery.sender,
        sender_name = delivery.sender_name,
        subject = delivery.subject,
        body = delivery.body,
        if_unsure = delivery.if_unsure,
        expires_at = delivery.expires_at,
        updated_at = delivery.updated_at,
    });
    Ok(())
}

/// The deliveries of a message, oldest first.
pub async fn of_message(
    link: Link<'_>,
    tenant: TenantId,
    message: MessageId,
) -> Result<Vec<Delivery>> {
    const SQL: &str = select!(Delivery, " WHERE tenant_id = $1 AND message_id = $2 ORDER BY id");
    all!(Delivery, link, query(SQL).bind(tenant.0).bind(message.0))
}

/// Where a delivery of a message stands, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryStanding {
    /// The message that it carries.
    pub message_id: MessageId,
    /// Where its delivery stands.
    pub state: State,
    /// Attempts made so far.
    pub attempts: i64,
}

row! { standing: DeliveryStanding, "deliveries" reads { message_id, state, attempts } }

/// Where all deliveries of some messages stand, by message, oldest first.
pub async fn standing(
    link: Link<'_>,
    tenant: TenantId,
    messages: &[MessageId],
) -> Result<Vec<DeliveryStanding>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(DeliveryStanding, " WHERE tenant_id = "));
        sql.push_bind(tenant.0);
        among!(sql, "message_id", messages);
        sql.push(" ORDER BY message_id, id");
        sql.build().fetch_all(c).await?.iter().map(read).collect()
    })
}

/// What was captured instead of sent, newest first: at most `limit`, those before `before` if any.
pub async fn captured(
    link: Link<'_>,
    tenant: TenantId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    const SQL: &str = select!(
        Delivery,
        " WHERE tenant_id = $1 AND state = 'captured' AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    let before = before.map_or(i64::MAX, |id| id.0);
    all!(Delivery, link, query(SQL).bind(tenant.0).bind(before).bind(limit))
}

/// The deliveries of some runs.
pub async fn of_runs(link: Link<'_>, tenant: TenantId, runs: &[RunId]) -> Result<Vec<Delivery>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Delivery, " WHERE tenant_id = "));
        sql.push_bind(tenant.0);
        among!(sql, "run_id", runs);
        sql.build().fetch_all(c).await?.iter().map(read).collect()
    })
}
