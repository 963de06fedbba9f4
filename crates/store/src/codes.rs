//! The short codes that people on call reply with by text.

use domain::{ContactId, Instant, MessageId, TenantId};
use sqlx::query;

use crate::rows::{Row, all, insert, row, select, text};
use crate::{Link, Result};

/// What a code of a phone stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyCode {
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

row! { code: ReplyCode, "reply_codes"
    inserts { code }
    updates { message_id, contact_id, name, created_at }
}

/// The codes of a phone (`+` and digits), newest first, at most `limit`.
pub async fn of_phone(
    link: Link<'_>,
    tenant: TenantId,
    phone: &str,
    limit: i64,
) -> Result<Vec<ReplyCode>> {
    const SQL: &str = select!(
        ReplyCode,
        " WHERE tenant_id = $1 AND phone = $2 ORDER BY created_at DESC, code DESC LIMIT $3"
    );
    all!(ReplyCode, link, query(SQL).bind(tenant.0).bind(phone).bind(limit))
}

/// Gives codes of phones to messages; whatever held one before has lost it. Each is named once.
pub async fn give_all(link: Link<'_>, codes: &[(TenantId, String, ReplyCode)]) -> Result<()> {
    const REPLACED: &str =
        text!(" ON CONFLICT (tenant_id, phone, code) DO UPDATE SET ", ReplyCode::REPLACED);
    insert!(link, "reply_codes", codes, |(tenant, phone, code)| {
        tenant_id = tenant, phone = phone, ..code
    }, REPLACED);
    Ok(())
}
