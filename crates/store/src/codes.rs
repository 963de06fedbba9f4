//! The short codes that people on call reply with by text.

use domain::{ContactId, Instant, MessageId, TenantId};
use sqlx::query;

use crate::rows::{all, change, from_cells, instant};
use crate::{Link, Result};

/// What a code of a phone stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code: three digits.
    pub code: i64,
    /// The message that it acknowledges.
    pub message_id: MessageId,
    /// The person who was told.
    pub contact_id: Option<ContactId>,
    /// That person's name, as it was then.
    pub name: String,
    /// When it was given.
    pub created_at: Instant,
}

from_cells!(Code, cells => Code {
    code: cells.next()?,
    message_id: MessageId(cells.next()?),
    contact_id: cells.next::<Option<i64>>()?.map(ContactId),
    name: cells.next()?,
    created_at: instant(cells.next()?),
});

/// The codes of a phone (`+` and digits), newest first, at most `limit`.
pub async fn of_phone(
    link: Link<'_>,
    tenant: TenantId,
    phone: &str,
    limit: i64,
) -> Result<Vec<Code>> {
    const SQL: &str = "SELECT code, message_id, contact_id, name, created_at FROM reply_codes \
        WHERE tenant_id = $1 AND phone = $2 ORDER BY created_at DESC, code DESC LIMIT $3";
    all!(Code, link, query(SQL).bind(tenant.0).bind(phone).bind(limit))
}

/// Gives a code of a phone to a message; whatever held it before has lost it.
pub async fn give(link: Link<'_>, tenant: TenantId, phone: &str, code: &Code) -> Result<()> {
    const SQL: &str = "INSERT INTO reply_codes (tenant_id, phone, code, message_id, contact_id, \
        name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (tenant_id, phone, code) DO UPDATE SET message_id = excluded.message_id, \
        contact_id = excluded.contact_id, name = excluded.name, created_at = excluded.created_at";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(phone)
            .bind(code.code)
            .bind(code.message_id.0)
            .bind(code.contact_id.map(|id| id.0))
            .bind(&code.name)
            .bind(code.created_at.as_ms())
    );
    Ok(())
}
