//! The short codes that people on call reply with by text.

use domain::{ContactId, Instant, MessageId, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::recurs;
use crate::rows::{all, from_cells, instant};
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

/// Gives codes of phones to messages; whatever held one before has lost it. Each is named once.
pub async fn give_all(link: Link<'_>, codes: &[(TenantId, String, Code)]) -> Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO reply_codes (tenant_id, phone, code, message_id, contact_id, name, \
             created_at) ",
        );
        sql.push_values(codes, |mut row, (tenant, phone, code)| {
            row.push_bind(tenant.0)
                .push_bind(phone)
                .push_bind(code.code)
                .push_bind(code.message_id.0)
                .push_bind(code.contact_id.map(|id| id.0))
                .push_bind(&code.name)
                .push_bind(code.created_at.as_ms());
        });
        sql.push(
            " ON CONFLICT (tenant_id, phone, code) DO UPDATE SET \
             message_id = excluded.message_id, contact_id = excluded.contact_id, \
             name = excluded.name, created_at = excluded.created_at",
        );
        sql.build().persistent(recurs(codes.len())).execute(c).await?;
    });
    Ok(())
}
