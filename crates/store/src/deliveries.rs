//! Deliveries: one row for each thing to be sent.

use domain::delivery::{Cause, IfUnsure, Reach, State};
use domain::{
    AccountId, Channel, ContactId, Delivery, DeliveryId, DigestId, Instant, MessageId, RunId,
    TenantId,
};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{FromCells, all, change, from_cells, instant, one, word};
use crate::{Link, Result};

macro_rules! columns {
    () => {
        "id, account_id, message_id, digest_id, run_id, telling, contact_id, channel, address, recipient, sender, \
         sender_name, subject, body, state, reach, key, attempts, crashes, pinned, carrier, \
         if_unsure, detail, expires_at, created_at, updated_at"
    };
}

from_cells!(Delivery, cells => Delivery {
    id: DeliveryId(cells.next()?),
    account_id: AccountId(cells.next()?),
    cause: cause(cells.next()?, cells.next()?, cells.next()?),
    telling: cells.next()?,
    contact_id: cells.next::<Option<i64>>()?.map(ContactId),
    channel: word(cells.next()?, Channel::parse)?,
    address: cells.next()?,
    recipient: cells.next()?,
    sender: cells.next()?,
    sender_name: cells.next()?,
    subject: cells.next()?,
    body: cells.next()?,
    state: word(cells.next()?, State::parse)?,
    reach: match cells.next()? {
        "" => None,
        text => Some(word(text, Reach::parse)?),
    },
    key: cells.next()?,
    attempts: cells.next()?,
    crashes: cells.next()?,
    pinned: cells.next()?,
    carrier: cells.next()?,
    if_unsure: word(cells.next()?, IfUnsure::parse)?,
    detail: cells.next()?,
    expires_at: instant(cells.next()?),
    created_at: instant(cells.next()?),
    updated_at: instant(cells.next()?),
});

fn cause(message: Option<i64>, digest: Option<i64>, run: Option<i64>) -> Cause {
    match (message, digest, run) {
        (Some(id), ..) => Cause::Message(MessageId(id)),
        (None, Some(id), _) => Cause::Digest(DigestId(id)),
        (None, None, Some(id)) => Cause::Run(RunId(id)),
        (None, None, None) => Cause::Reply,
    }
}

/// Adds a delivery; its id is ignored.
pub async fn insert(link: Link<'_>, tenant: TenantId, delivery: &Delivery) -> Result<DeliveryId> {
    let ids = insert_all(link, &[(tenant, delivery)]).await?;
    Ok(ids.first().copied().unwrap_or(DeliveryId(0)))
}

/// Adds deliveries; their ids are ignored. The new ones come in the same order.
pub async fn insert_all(
    link: Link<'_>,
    deliveries: &[(TenantId, &Delivery)],
) -> Result<Vec<DeliveryId>> {
    if deliveries.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<(i64,)> = on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO deliveries (tenant_id, account_id, message_id, digest_id, run_id, \
             telling, contact_id, channel, address, recipient, sender, sender_name, subject, body, state, reach, key, \
             attempts, crashes, pinned, carrier, if_unsure, detail, expires_at, created_at, \
             updated_at) ",
        );
        sql.push_values(deliveries, |mut row, (tenant, delivery)| {
            row.push_bind(tenant.0)
                .push_bind(delivery.account_id.0)
                .push_bind(delivery.cause.message().map(|id| id.0))
                .push_bind(delivery.cause.digest().map(|id| id.0))
                .push_bind(delivery.cause.run().map(|id| id.0))
                .push_bind(delivery.telling)
                .push_bind(delivery.contact_id.map(|id| id.0))
                .push_bind(delivery.channel.as_str())
                .push_bind(&delivery.address)
                .push_bind(&delivery.recipient)
                .push_bind(&delivery.sender)
                .push_bind(&delivery.sender_name)
                .push_bind(&delivery.subject)
                .push_bind(&delivery.body)
                .push_bind(delivery.state.as_str())
                .push_bind(delivery.reach.map_or("", Reach::as_str))
                .push_bind(&delivery.key)
                .push_bind(delivery.attempts)
                .push_bind(delivery.crashes)
                .push_bind(&delivery.pinned)
                .push_bind(&delivery.carrier)
                .push_bind(delivery.if_unsure.as_str())
                .push_bind(&delivery.detail)
                .push_bind(delivery.expires_at.as_ms())
                .push_bind(delivery.created_at.as_ms())
                .push_bind(delivery.updated_at.as_ms());
        });
        sql.push(" RETURNING id");
        let rows = sql.build().persistent(recurs(deliveries.len())).fetch_all(c).await?;
        rows.iter().map(<(i64,)>::from_row).collect::<Result<_>>()
    })?;
    // Ids grow with the order of the values; `RETURNING` does not promise to keep that order.
    ids.sort_unstable();
    Ok(ids.into_iter().map(|(id,)| DeliveryId(id)).collect())
}

/// A delivery.
pub async fn find(link: Link<'_>, tenant: TenantId, id: DeliveryId) -> Result<Option<Delivery>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM deliveries WHERE tenant_id = $1 AND id = $2");
    one!(Delivery, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// Deliveries that are then changed in the same transaction, each with its tenant.
pub async fn find_all_to_change(
    link: Link<'_>,
    ids: &[(TenantId, DeliveryId)],
) -> Result<Vec<(TenantId, Delivery)>> {
    let lock = for_update(&link);
    on!(link, c => {
        let mut sql =
            QueryBuilder::new(concat!("SELECT tenant_id, ", columns!(), " FROM deliveries WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "id", ids);
        sql.push(" ORDER BY id").push(lock);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(<(TenantId, Delivery)>::from_row).collect()
    })
}

from_cells!((TenantId, Delivery), cells => (TenantId(cells.next()?), Delivery::from_cells(cells)?));

/// A delivery that is then changed in the same transaction.
pub async fn find_to_change(
    link: Link<'_>,
    tenant: TenantId,
    id: DeliveryId,
) -> Result<Option<Delivery>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM deliveries WHERE tenant_id = $1 AND id = $2");
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    one!(Delivery, link, query(sql).bind(tenant.0).bind(id.0))
}

/// Changes where deliveries stand: state, reach, attempts, crashes, carriers, detail and `updated_at`.
pub async fn update_all(link: Link<'_>, deliveries: &[(TenantId, &Delivery)]) -> Result<()> {
    if deliveries.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "UPDATE deliveries SET state = v.column3, reach = v.column4, attempts = v.column5, \
             crashes = v.column6, pinned = v.column7, carrier = v.column8, detail = v.column9, \
             updated_at = v.column10 FROM (",
        );
        sql.push_values(deliveries, |mut row, (tenant, delivery)| {
            row.push_bind(tenant.0)
                .push_bind(delivery.id.0)
                .push_bind(delivery.state.as_str())
                .push_bind(delivery.reach.map_or("", Reach::as_str))
                .push_bind(delivery.attempts)
                .push_bind(delivery.crashes)
                .push_bind(&delivery.pinned)
                .push_bind(&delivery.carrier)
                .push_bind(&delivery.detail)
                .push_bind(delivery.updated_at.as_ms());
        });
        sql.push(") AS v WHERE deliveries.tenant_id = v.column1 AND deliveries.id = v.column2");
        sql.build().persistent(recurs(deliveries.len())).execute(c).await?;
    });
    Ok(())
}

/// Sets after which instants no further attempts of deliveries are made.
pub async fn expire_all(
    link: Link<'_>,
    expiries: &[(TenantId, DeliveryId, Instant)],
) -> Result<()> {
    if expiries.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new("UPDATE deliveries SET expires_at = v.column3 FROM (");
        sql.push_values(expiries, |mut row, (tenant, id, at)| {
            row.push_bind(tenant.0).push_bind(id.0).push_bind(at.as_ms());
        });
        sql.push(") AS v WHERE deliveries.tenant_id = v.column1 AND deliveries.id = v.column2");
        sql.build().persistent(recurs(expiries.len())).execute(c).await?;
    });
    Ok(())
}

/// Gives a delivery that nobody has tried to send another address, text, channel and time.
pub async fn rewrite(link: Link<'_>, tenant: TenantId, delivery: &Delivery) -> Result<()> {
    const SQL: &str = "UPDATE deliveries SET contact_id = $3, address = $4, recipient = $5, \
        sender = $6, sender_name = $7, subject = $8, body = $9, updated_at = $10, channel = $11, \
        if_unsure = $12, expires_at = $13 WHERE tenant_id = $1 AND id = $2";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(delivery.id.0)
            .bind(delivery.contact_id.map(|id| id.0))
            .bind(&delivery.address)
            .bind(&delivery.recipient)
            .bind(&delivery.sender)
            .bind(&delivery.sender_name)
            .bind(&delivery.subject)
            .bind(&delivery.body)
            .bind(delivery.updated_at.as_ms())
            .bind(delivery.channel.as_str())
            .bind(delivery.if_unsure.as_str())
            .bind(delivery.expires_at.as_ms())
    );
    Ok(())
}

/// The deliveries of a message, oldest first.
pub async fn of_message(
    link: Link<'_>,
    tenant: TenantId,
    message: MessageId,
) -> Result<Vec<Delivery>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM deliveries WHERE tenant_id = $1 AND message_id = $2 ORDER BY id"
    );
    all!(Delivery, link, query(SQL).bind(tenant.0).bind(message.0))
}

/// Where a delivery of a message stands, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The message.
    pub message_id: MessageId,
    /// Where its delivery stands.
    pub state: State,
    /// Attempts made so far.
    pub attempts: i64,
}

from_cells!(Standing, cells => Standing {
    message_id: MessageId(cells.next()?),
    state: word(cells.next()?, State::parse)?,
    attempts: cells.next()?,
});

/// Where all deliveries of some messages stand, by message, oldest first.
pub async fn standing(
    link: Link<'_>,
    tenant: TenantId,
    messages: &[MessageId],
) -> Result<Vec<Standing>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT message_id, state, attempts FROM deliveries WHERE tenant_id = ",
        );
        sql.push_bind(tenant.0);
        among!(sql, "message_id", messages);
        sql.push(" ORDER BY message_id, id");
        sql.build().fetch_all(c).await?.iter().map(Standing::from_row).collect()
    })
}

/// What was captured instead of sent, newest first: at most `limit`, those before `before` if given.
pub async fn captured(
    link: Link<'_>,
    tenant: TenantId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM deliveries WHERE tenant_id = $1 AND state = 'captured' AND id < $2 \
          ORDER BY id DESC LIMIT $3"
    );
    let before = before.map_or(i64::MAX, |id| id.0);
    all!(Delivery, link, query(SQL).bind(tenant.0).bind(before).bind(limit))
}

/// The deliveries of some runs.
pub async fn of_runs(link: Link<'_>, tenant: TenantId, runs: &[RunId]) -> Result<Vec<Delivery>> {
    on!(link, c => {
        let mut sql =
            QueryBuilder::new(concat!("SELECT ", columns!(), " FROM deliveries WHERE tenant_id = "));
        sql.push_bind(tenant.0);
        among!(sql, "run_id", runs);
        sql.build().fetch_all(c).await?.iter().map(Delivery::from_row).collect()
    })
}
