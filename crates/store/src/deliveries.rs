//! Deliveries and their attempts.

use domain::delivery::State;
use domain::{Attempt, Channel, ContactId, Delivery, DeliveryId, Instant, MessageId, TenantId};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::among;
use crate::rows::{FromCells, all, change, from_cells, instant, maybe, one, word};
use crate::{Link, Result};

macro_rules! columns {
    () => {
        "id, message_id, contact_id, channel, address, recipient, subject, body, state, key, \
         attempts, detail, created_at, updated_at"
    };
}

from_cells!(Delivery, cells => Delivery {
    id: DeliveryId(cells.next()?),
    message_id: MessageId(cells.next()?),
    contact_id: cells.next::<Option<i64>>()?.map(ContactId),
    channel: word(cells.next()?, Channel::parse)?,
    address: cells.next()?,
    recipient: cells.next()?,
    subject: cells.next()?,
    body: cells.next()?,
    state: word(cells.next()?, State::parse)?,
    key: cells.next()?,
    attempts: cells.next()?,
    detail: cells.next()?,
    created_at: instant(cells.next()?),
    updated_at: instant(cells.next()?),
});

from_cells!(Attempt, cells => Attempt {
    number: cells.next()?,
    started_at: instant(cells.next()?),
    finished_at: maybe(cells.next()?),
    outcome: cells.next()?,
    detail: cells.next()?,
});

/// Adds a delivery; its id is ignored.
pub async fn insert(link: Link<'_>, tenant: TenantId, delivery: &Delivery) -> Result<DeliveryId> {
    const SQL: &str = "INSERT INTO deliveries (tenant_id, message_id, contact_id, channel, \
        address, recipient, subject, body, state, key, attempts, detail, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(delivery.message_id.0)
            .bind(delivery.contact_id.map(|id| id.0))
            .bind(delivery.channel.as_str())
            .bind(&delivery.address)
            .bind(&delivery.recipient)
            .bind(&delivery.subject)
            .bind(&delivery.body)
            .bind(delivery.state.as_str())
            .bind(&delivery.key)
            .bind(delivery.attempts)
            .bind(&delivery.detail)
            .bind(delivery.created_at.as_ms())
            .bind(delivery.updated_at.as_ms())
    )?;
    Ok(DeliveryId(row.map_or(0, |(id,)| id)))
}

/// A delivery.
pub async fn find(link: Link<'_>, tenant: TenantId, id: DeliveryId) -> Result<Option<Delivery>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM deliveries WHERE tenant_id = $1 AND id = $2");
    one!(Delivery, link, query(SQL).bind(tenant.0).bind(id.0))
}

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

/// Changes where a delivery stands: its state, attempts, detail and `updated_at`.
pub async fn update(link: Link<'_>, tenant: TenantId, delivery: &Delivery) -> Result<()> {
    const SQL: &str = "UPDATE deliveries \
        SET state = $3, attempts = $4, detail = $5, updated_at = $6 \
        WHERE tenant_id = $1 AND id = $2";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(delivery.id.0)
            .bind(delivery.state.as_str())
            .bind(delivery.attempts)
            .bind(&delivery.detail)
            .bind(delivery.updated_at.as_ms())
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

/// Deliveries in a state, newest first: at most `limit`, those before `before` if given.
pub async fn in_state(
    link: Link<'_>,
    tenant: TenantId,
    state: State,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM deliveries WHERE tenant_id = $1 AND state = $2 AND id < $3 \
          ORDER BY id DESC LIMIT $4"
    );
    let before = before.map_or(i64::MAX, |id| id.0);
    all!(Delivery, link, query(SQL).bind(tenant.0).bind(state.as_str()).bind(before).bind(limit))
}

/// Writes down that an attempt starts.
pub async fn start_attempt(
    link: Link<'_>,
    tenant: TenantId,
    id: DeliveryId,
    number: i64,
    at: Instant,
) -> Result<()> {
    const SQL: &str = "INSERT INTO attempts \
        (tenant_id, delivery_id, number, started_at, outcome, detail) \
        VALUES ($1, $2, $3, $4, '', '')";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(number).bind(at.as_ms()));
    Ok(())
}

/// Writes down how an attempt ended.
pub async fn finish_attempt(
    link: Link<'_>,
    tenant: TenantId,
    id: DeliveryId,
    attempt: &Attempt,
) -> Result<()> {
    const SQL: &str = "UPDATE attempts SET finished_at = $4, outcome = $5, detail = $6 \
        WHERE tenant_id = $1 AND delivery_id = $2 AND number = $3";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(id.0)
            .bind(attempt.number)
            .bind(attempt.finished_at.map(Instant::as_ms))
            .bind(&attempt.outcome)
            .bind(&attempt.detail)
    );
    Ok(())
}

/// The attempts of a delivery, first to last.
pub async fn attempts(link: Link<'_>, tenant: TenantId, id: DeliveryId) -> Result<Vec<Attempt>> {
    const SQL: &str = "SELECT number, started_at, finished_at, outcome, detail FROM attempts \
        WHERE tenant_id = $1 AND delivery_id = $2 ORDER BY number";
    all!(Attempt, link, query(SQL).bind(tenant.0).bind(id.0))
}
