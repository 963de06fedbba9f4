//! Messages: one row each, read in pages from the newest to the oldest.

use domain::{AccountId, CallId, Instant, Message, MessageId, Status, TenantId, UserId};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, containing, recurs};
use crate::rows::{all, insert, one, only, read, row, select, update};
use crate::{Link, Result};

row! { message: Message, "messages"
    reads { id }
    inserts {
        tenant_id, form_id, pbx_name, phone_number, extension, caller_id, first_name, last_name,
        company_name, content, account_id, agent_id, user_id, created_at, ivr, contact_id, phone,
        email, call_ref_id, sale_id, did_id, address, address2, city, state, zip,
        how_you_hear_about_us, is_emergency, alt_phone, positive_data_dip, answers, receiver_name,
        non_message_type, email_subject, origin, message_received_date, call_id, chat_session_id,
        to_do_task_id, from_to_do, uuid, klass_names,
    }
    updates {
        revision, read, status, updated_at, pickup_date, pickup_user_id, delivered_at,
        delivered_by, delivered_to, note, activities_count, disposition, escalation_level_id,
        next_escalation_at, escalation_counter, closing_action_group_id, send_at,
    }
}

/// Adds a message. An id of 0 is replaced by a new one, any other is kept (an import).
pub async fn insert(link: Link<'_>, message: &Message) -> Result<MessageId> {
    let id = insert!(link, "messages", [message], |message| {
        ?id = Some(message.id).filter(|id| id.0 != 0), ..message
    }, " RETURNING id" => MessageId)?;
    only(id)
}

/// The message with this id.
pub async fn find(link: Link<'_>, tenant: TenantId, id: MessageId) -> Result<Option<Message>> {
    const SQL: &str = select!(Message, " WHERE tenant_id = $1 AND id = $2");
    one!(Message, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// A message that is then changed in the same transaction: nobody else changes it until then.
pub async fn find_to_change(
    link: Link<'_>,
    tenant: TenantId,
    id: MessageId,
) -> Result<Option<Message>> {
    const SQL: &str = select!(Message, " WHERE tenant_id = $1 AND id = $2");
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
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
        let mut sql = QueryBuilder::new(select!(Message, " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "id", ids);
        sql.push(" ORDER BY id").push(lock);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
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
        rows.iter().map(read).collect()
    })
}

/// Writes the columns that can change after a message was taken.
pub async fn update(link: Link<'_>, message: &Message) -> Result<()> {
    update_all(link, &[message]).await
}

/// Writes the columns of messages that can change after they were taken.
pub async fn update_all(link: Link<'_>, messages: &[&Message]) -> Result<()> {
    update!(link, "messages", messages, |message| {
        tenant_id = message.tenant_id, id = message.id,
    } set { ..message });
    Ok(())
}

/// Which messages a list holds. What is `None` or empty does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Of these accounts only.
    pub accounts: Option<Vec<AccountId>>,
    /// Taken at this instant or later.
    pub from: Option<Instant>,
    /// Taken before this instant.
    pub until: Option<Instant>,
    /// Standing in this status.
    pub status: Option<Status>,
    /// Read by the customer, or not.
    pub read: Option<bool>,
    /// Emergencies, or the others.
    pub is_emergency: Option<bool>,
    /// Changed at this instant or later.
    pub updated_since: Option<Instant>,
    /// Carrying this tag; `""` for any.
    pub klass_name: String,
    /// Holding this text in the message, the caller's name, company or numbers.
    pub text: String,
    /// How many of the newest of them are left out.
    pub skip: i64,
}

/// Where a page ended: the last message on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// When that message was taken.
    pub created_at: Instant,
    /// That message's id.
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
        let filter: &MessageFilter = $filter;
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
        if !filter.klass_name.is_empty() {
            $sql.push(" AND lower(', ' || klass_names || ',') LIKE lower(");
            $sql.push_bind(containing(&format!(", {},", filter.klass_name))).push(") ESCAPE '\\'");
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

/// A page of messages, newest first: at most `limit`, those after `after` if given, without those
/// that the filter skips.
pub async fn page(
    link: Link<'_>,
    tenant: TenantId,
    filter: &MessageFilter,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Message>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Message, " WHERE tenant_id = "));
        sql.push_bind(tenant.0);
        narrow!(sql, filter);
        if let Some(after) = after {
            sql.push(" AND (created_at, id) < (").push_bind(after.created_at.as_ms());
            sql.push(", ").push_bind(after.id.0).push(")");
        }
        sql.push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(limit);
        sql.push(" OFFSET ").push_bind(filter.skip);
        sql.build().fetch_all(c).await?.iter().map(read).collect()
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
    const SQL: &str = select!(
        Message,
        " WHERE tenant_id = $1 AND created_at >= $2 AND agent_id = $3 \
         ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    all!(Message, link, query(SQL).bind(tenant.0).bind(since.as_ms()).bind(agent.0).bind(limit))
}

/// The messages that were taken in a call, first to last.
pub async fn of_call(link: Link<'_>, tenant: TenantId, call: CallId) -> Result<Vec<Message>> {
    const SQL: &str =
        select!(Message, " WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at, id");
    all!(Message, link, query(SQL).bind(tenant.0).bind(call.0))
}

/// How many messages a filter lets through.
pub async fn count(link: Link<'_>, tenant: TenantId, filter: &MessageFilter) -> Result<i64> {
    on!(link, c => {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM messages WHERE tenant_id = ");
        sql.push_bind(tenant.0);
        narrow!(sql, filter);
        read(&sql.build().fetch_one(c).await?)
    })
}

/// The message with a stable public id, in lower case.
pub async fn by_uuid(link: Link<'_>, tenant: TenantId, uuid: &str) -> Result<Option<Message>> {
    const SQL: &str = select!(Message, " WHERE tenant_id = $1 AND uuid = $2");
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
        let mut sql = QueryBuilder::new(select!(Message, " WHERE tenant_id = "));
        sql.push_bind(tenant.0).push(" AND account_id = ").push_bind(account.0);
        sql.push(" AND caller_id IN (''");
        for form in forms {
            sql.push(", ").push_bind(form);
        }
        sql.push(") AND caller_id <> '' ORDER BY created_at DESC, id DESC LIMIT ");
        sql.push_bind(limit);
        sql.build().fetch_all(c).await?.iter().map(read).collect()
    })
}
