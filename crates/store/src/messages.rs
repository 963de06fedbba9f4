//! Messages: one row each, read in pages from the newest to the oldest.

use domain::{
    AccountId, CallId, ContactId, DidId, FormId, Instant, Message, MessageId, Status, TenantId,
    UserId,
};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::answers;
use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, containing, recurs};
use crate::rows::{FromCells, all, from_cells, instant, maybe, ms, one, word};
use crate::{Link, Result};

/// The columns before and after the id, which a new row is given by the database.
macro_rules! head {
    () => {
        "tenant_id, form_id, revision"
    };
}
macro_rules! rest {
    () => {
        "read, pbx_name, phone_number, extension, caller_id, first_name, last_name, \
         company_name, content, status, account_id, agent_id, user_id, created_at, \
         updated_at, ivr, pickup_date, pickup_user_id, contact_id, delivered_at, \
         delivered_by, delivered_to, phone, email, call_ref_id, sale_id, note, did_id, \
         address, address2, city, state, zip, how_you_hear_about_us, is_emergency, alt_phone, \
         positive_data_dip, answers, escalation_level_id, next_escalation_at, receiver_name, \
         non_message_type, activities_count, closing_action_group_id, email_subject, \
         escalation_counter, origin, message_received_date, disposition, call_id, \
         chat_session_id, to_do_task_id, from_to_do, send_at, uuid, klass_names"
    };
}
macro_rules! select {
    () => {
        concat!("SELECT ", head!(), ", id, ", rest!(), " FROM messages WHERE tenant_id = ")
    };
}

from_cells!(Message, cells => Message {
    tenant_id: TenantId(cells.next()?),
    form_id: cells.next::<Option<i64>>()?.map(FormId),
    revision: cells.next()?,
    id: MessageId(cells.next()?),
    read: cells.next()?,
    pbx_name: cells.next()?,
    phone_number: cells.next()?,
    extension: cells.next()?,
    caller_id: cells.next()?,
    first_name: cells.next()?,
    last_name: cells.next()?,
    company_name: cells.next()?,
    content: cells.next()?,
    status: word(cells.next()?, Status::parse)?,
    account_id: AccountId(cells.next()?),
    agent_id: cells.next::<Option<i64>>()?.map(UserId),
    user_id: cells.next::<Option<i64>>()?.map(UserId),
    created_at: instant(cells.next()?),
    updated_at: instant(cells.next()?),
    ivr: cells.next()?,
    pickup_date: maybe(cells.next()?),
    pickup_user_id: cells.next::<Option<i64>>()?.map(UserId),
    contact_id: cells.next::<Option<i64>>()?.map(ContactId),
    delivered_at: maybe(cells.next()?),
    delivered_by: cells.next::<Option<i64>>()?.map(UserId),
    delivered_to: cells.next()?,
    phone: cells.next()?,
    email: cells.next()?,
    call_ref_id: cells.next()?,
    sale_id: cells.next()?,
    note: cells.next()?,
    did_id: cells.next::<Option<i64>>()?.map(DidId),
    address: cells.next()?,
    address2: cells.next()?,
    city: cells.next()?,
    state: cells.next()?,
    zip: cells.next()?,
    how_you_hear_about_us: cells.next()?,
    is_emergency: cells.next()?,
    alt_phone: cells.next()?,
    positive_data_dip: cells.next()?,
    answers: answers::read(cells.next()?)?,
    escalation_level_id: cells.next()?,
    next_escalation_at: maybe(cells.next()?),
    receiver_name: cells.next()?,
    non_message_type: cells.next()?,
    activities_count: cells.next()?,
    closing_action_group_id: cells.next()?,
    email_subject: cells.next()?,
    escalation_counter: cells.next()?,
    origin: cells.next()?,
    message_received_date: maybe(cells.next()?),
    disposition: cells.next()?,
    call_id: cells.next::<Option<i64>>()?.map(CallId),
    chat_session_id: cells.next()?,
    to_do_task_id: cells.next()?,
    from_to_do: cells.next()?,
    send_at: maybe(cells.next()?),
    uuid: cells.next()?,
    klass_names: cells.next()?,
});

/// Binds every column but the id, in the order of `head!()` and `rest!()`.
macro_rules! bind_all {
    ($sql:expr, $message:ident) => {{
        let message = $message;
        query($sql)
            .bind(message.tenant_id.0)
            .bind(message.form_id.map(|id| id.0))
            .bind(message.revision)
            .bind(message.read)
            .bind(&message.pbx_name)
            .bind(&message.phone_number)
            .bind(&message.extension)
            .bind(&message.caller_id)
            .bind(&message.first_name)
            .bind(&message.last_name)
            .bind(&message.company_name)
            .bind(&message.content)
            .bind(message.status.as_str())
            .bind(message.account_id.0)
            .bind(message.agent_id.map(|id| id.0))
            .bind(message.user_id.map(|id| id.0))
            .bind(message.created_at.as_ms())
            .bind(message.updated_at.as_ms())
            .bind(&message.ivr)
            .bind(ms(message.pickup_date))
            .bind(message.pickup_user_id.map(|id| id.0))
            .bind(message.contact_id.map(|id| id.0))
            .bind(ms(message.delivered_at))
            .bind(message.delivered_by.map(|id| id.0))
            .bind(&message.delivered_to)
            .bind(&message.phone)
            .bind(&message.email)
            .bind(&message.call_ref_id)
            .bind(message.sale_id)
            .bind(&message.note)
            .bind(message.did_id.map(|id| id.0))
            .bind(&message.address)
            .bind(&message.address2)
            .bind(&message.city)
            .bind(&message.state)
            .bind(&message.zip)
            .bind(&message.how_you_hear_about_us)
            .bind(message.is_emergency)
            .bind(&message.alt_phone)
            .bind(message.positive_data_dip)
            .bind(answers::write(&message.answers)?)
            .bind(message.escalation_level_id)
            .bind(ms(message.next_escalation_at))
            .bind(&message.receiver_name)
            .bind(&message.non_message_type)
            .bind(message.activities_count)
            .bind(message.closing_action_group_id)
            .bind(&message.email_subject)
            .bind(message.escalation_counter)
            .bind(&message.origin)
            .bind(ms(message.message_received_date))
            .bind(&message.disposition)
            .bind(message.call_id.map(|id| id.0))
            .bind(message.chat_session_id)
            .bind(message.to_do_task_id)
            .bind(message.from_to_do)
            .bind(ms(message.send_at))
            .bind(&message.uuid)
            .bind(&message.klass_names)
    }};
}

macro_rules! values {
    () => {
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, \
         $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, \
         $53, $54, $55, $56, $57, $58, $59"
    };
}

/// Adds a message. An id of 0 is replaced by a new one, any other is kept (an import).
pub async fn insert(link: Link<'_>, message: &Message) -> Result<MessageId> {
    const NEW: &str = concat!(
        "INSERT INTO messages (",
        head!(),
        ", ",
        rest!(),
        ") VALUES (",
        values!(),
        ") RETURNING id"
    );
    const KEPT: &str = concat!(
        "INSERT INTO messages (",
        head!(),
        ", ",
        rest!(),
        ", id) VALUES (",
        values!(),
        ", $60) \
         RETURNING id"
    );
    let row = if message.id.0 == 0 {
        one!((i64,), link, bind_all!(NEW, message))?
    } else {
        one!((i64,), link, bind_all!(KEPT, message).bind(message.id.0))?
    };
    Ok(MessageId(row.map_or(0, |(id,)| id)))
}

/// A message.
pub async fn find(link: Link<'_>, tenant: TenantId, id: MessageId) -> Result<Option<Message>> {
    const SQL: &str = concat!(select!(), "$1 AND id = $2");
    one!(Message, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// A message that is then changed in the same transaction: nobody else changes it until then.
pub async fn find_to_change(
    link: Link<'_>,
    tenant: TenantId,
    id: MessageId,
) -> Result<Option<Message>> {
    let sql = AssertSqlSafe(format!("{}$1 AND id = $2{}", select!(), for_update(&link)));
    one!(Message, link, query(sql).bind(tenant.0).bind(id.0))
}

/// Messages of any tenants that are then changed in the same transaction, locked in the order of
/// their ids.
pub async fn find_all_to_change(
    link: Link<'_>,
    ids: &[(TenantId, MessageId)],
) -> Result<Vec<Message>> {
    let lock = for_update(&link);
    on!(link, c => {
        let mut sql = QueryBuilder::new(concat!(
            "SELECT ", head!(), ", id, ", rest!(), " FROM messages WHERE 1 = 1"
        ));
        among_keys!(sql, "tenant_id", "id", ids);
        sql.push(" ORDER BY id").push(lock);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(Message::from_row).collect()
    })
}

/// Where messages stand, of any tenants: those that somebody acknowledged or closed.
pub async fn settled_among(
    link: Link<'_>,
    ids: &[(TenantId, MessageId)],
) -> Result<Vec<(TenantId, MessageId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT tenant_id, id FROM messages WHERE status IN ('acknowledged', 'closed')",
        );
        among_keys!(sql, "tenant_id", "id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        let row = |row| <(i64, i64)>::from_row(row).map(|(t, id)| (TenantId(t), MessageId(id)));
        rows.iter().map(row).collect()
    })
}

/// Writes the columns that can change after a message was taken.
pub async fn update(link: Link<'_>, message: &Message) -> Result<()> {
    update_all(link, &[message]).await
}

/// Writes the columns of messages that can change after they were taken.
pub async fn update_all(link: Link<'_>, messages: &[&Message]) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "UPDATE messages SET revision = v.column3, read = v.column4, status = v.column5, \
             updated_at = v.column6, pickup_date = v.column7, pickup_user_id = v.column8, \
             delivered_at = v.column9, delivered_by = v.column10, delivered_to = v.column11, \
             note = v.column12, activities_count = v.column13, disposition = v.column14, \
             escalation_level_id = v.column15, next_escalation_at = v.column16, \
             escalation_counter = v.column17, closing_action_group_id = v.column18, \
             send_at = v.column19 FROM (",
        );
        sql.push_values(messages, |mut row, message| {
            row.push_bind(message.tenant_id.0)
                .push_bind(message.id.0)
                .push_bind(message.revision)
                .push_bind(message.read)
                .push_bind(message.status.as_str())
                .push_bind(message.updated_at.as_ms())
                .push_bind(ms(message.pickup_date))
                .push_bind(message.pickup_user_id.map(|id| id.0))
                .push_bind(ms(message.delivered_at))
                .push_bind(message.delivered_by.map(|id| id.0))
                .push_bind(&message.delivered_to)
                .push_bind(&message.note)
                .push_bind(message.activities_count)
                .push_bind(&message.disposition)
                .push_bind(message.escalation_level_id)
                .push_bind(ms(message.next_escalation_at))
                .push_bind(message.escalation_counter)
                .push_bind(message.closing_action_group_id)
                .push_bind(ms(message.send_at));
        });
        sql.push(") AS v WHERE messages.tenant_id = v.column1 AND messages.id = v.column2");
        sql.build().persistent(recurs(messages.len())).execute(c).await?;
    });
    Ok(())
}

/// Which messages a list holds. What is `None` or empty does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these accounts only.
    pub accounts: Option<Vec<AccountId>>,
    /// Taken at this instant or later.
    pub from: Option<Instant>,
    /// Taken before this instant.
    pub until: Option<Instant>,
    /// In this status.
    pub status: Option<Status>,
    /// Read by the customer, or not.
    pub read: Option<bool>,
    /// Emergencies, or the others.
    pub is_emergency: Option<bool>,
    /// Changed at this instant or later.
    pub updated_since: Option<Instant>,
    /// Holding this text in the message, the caller's name, company or numbers.
    pub text: String,
}

/// Where a page ended: the last message on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// When that message was taken.
    pub created_at: Instant,
    /// Its id.
    pub id: MessageId,
}

impl From<&Message> for Position {
    fn from(message: &Message) -> Self {
        Position { created_at: message.created_at, id: message.id }
    }
}

/// Appends a filter to a statement that already names the tenant.
macro_rules! narrow {
    ($sql:ident, $filter:expr) => {{
        let filter: &Filter = $filter;
        if let Some(accounts) = &filter.accounts {
            among!($sql, "account_id", accounts.as_slice());
        }
        if let Some(from) = filter.from {
            $sql.push(" AND created_at >= ").push_bind(from.as_ms());
        }
        if let Some(until) = filter.until {
            $sql.push(" AND created_at < ").push_bind(until.as_ms());
        }
        if let Some(status) = filter.status {
            $sql.push(" AND status = ").push_bind(status.as_str());
        }
        if let Some(read) = filter.read {
            $sql.push(" AND read = ").push_bind(read);
        }
        if let Some(is_emergency) = filter.is_emergency {
            $sql.push(" AND is_emergency = ").push_bind(is_emergency);
        }
        if let Some(since) = filter.updated_since {
            $sql.push(" AND updated_at >= ").push_bind(since.as_ms());
        }
        if !filter.text.is_empty() {
            let pattern = containing(&filter.text);
            $sql.push(" AND (");
            for (i, column) in SEARCHED.iter().enumerate() {
                $sql.push(if i == 0 { "lower(" } else { " OR lower(" });
                $sql.push(*column).push(") LIKE lower(").push_bind(pattern.clone());
                $sql.push(") ESCAPE '\\'");
            }
            $sql.push(")");
        }
    }};
}

/// The columns that a text is looked for in.
const SEARCHED: [&str; 8] = [
    "content",
    "first_name || ' ' || last_name",
    "company_name",
    "caller_id",
    "phone",
    "phone_number",
    "email",
    "receiver_name",
];

/// A page of messages, newest first: at most `limit`, those after `after` if given.
pub async fn page(
    link: Link<'_>,
    tenant: TenantId,
    filter: &Filter,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Message>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!());
        sql.push_bind(tenant.0);
        narrow!(sql, filter);
        if let Some(after) = after {
            sql.push(" AND (created_at, id) < (").push_bind(after.created_at.as_ms());
            sql.push(", ").push_bind(after.id.0).push(")");
        }
        sql.push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(limit);
        sql.build().fetch_all(c).await?.iter().map(Message::from_row).collect()
    })
}

/// The messages that an agent took at `since` or later, newest first, at most `limit`.
pub async fn taken_by(
    link: Link<'_>,
    tenant: TenantId,
    agent: UserId,
    since: Instant,
    limit: i64,
) -> Result<Vec<Message>> {
    const SQL: &str = concat!(
        select!(),
        "$1 AND created_at >= $2 AND agent_id = $3 ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    all!(Message, link, query(SQL).bind(tenant.0).bind(since.as_ms()).bind(agent.0).bind(limit))
}

/// The messages that were taken in a call, first to last.
pub async fn of_call(link: Link<'_>, tenant: TenantId, call: CallId) -> Result<Vec<Message>> {
    const SQL: &str = concat!(select!(), "$1 AND call_id = $2 ORDER BY created_at, id");
    all!(Message, link, query(SQL).bind(tenant.0).bind(call.0))
}

/// How many messages a filter lets through.
pub async fn count(link: Link<'_>, tenant: TenantId, filter: &Filter) -> Result<i64> {
    let row = on!(link, c => {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM messages WHERE tenant_id = ");
        sql.push_bind(tenant.0);
        narrow!(sql, filter);
        let row = sql.build().fetch_one(c).await?;
        <(i64,)>::from_row(&row)
    })?;
    Ok(row.0)
}

/// The message with a stable public id, in lower case.
pub async fn by_uuid(link: Link<'_>, tenant: TenantId, uuid: &str) -> Result<Option<Message>> {
    const SQL: &str = concat!(select!(), "$1 AND uuid = $2");
    one!(Message, link, query(SQL).bind(tenant.0).bind(uuid))
}

/// The newest messages of an account from a caller, by the forms that its number may have; at most
/// `limit`.
pub async fn of_caller(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    forms: &[String],
    limit: i64,
) -> Result<Vec<Message>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!());
        sql.push_bind(tenant.0).push(" AND account_id = ").push_bind(account.0);
        sql.push(" AND caller_id IN (''");
        for form in forms {
            sql.push(", ").push_bind(form);
        }
        sql.push(") AND caller_id <> '' ORDER BY created_at DESC, id DESC LIMIT ");
        sql.push_bind(limit);
        sql.build().fetch_all(c).await?.iter().map(Message::from_row).collect()
    })
}
