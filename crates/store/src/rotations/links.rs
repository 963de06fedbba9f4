//! The links under which calendar programs read a rotation's shifts, or a person's.

use domain::on_call::{CalendarLink, Subject};
use domain::{AccountId, ContactId, RotationId, TenantId};
use sqlx::query;

use crate::rows::{Row, all, change, insert, one, row, select, text};
use crate::{Error, Link, Result};

row! { link: CalendarLink, "calendar_links"
    updates {
        account_id, prefix, created_by, created_at;
        kind = words(link.subject).0,
        subject_id = words(link.subject).1,
    }
    with { subject: subject(kind, subject_id)? }
}

fn subject(kind: String, id: i64) -> Result<Subject> {
    match kind.as_str() {
        "rotation" => Ok(Subject::Rotation(RotationId(id))),
        "contact" => Ok(Subject::Contact(ContactId(id))),
        _ => Err(Error::Corrupt(kind)),
    }
}

fn words(subject: Subject) -> (&'static str, i64) {
    match subject {
        Subject::Rotation(id) => ("rotation", id.0),
        Subject::Contact(id) => ("contact", id.0),
    }
}

/// Keeps a link under the hash of its token. The one that its subject had works no more.
pub async fn set_link(
    link: Link<'_>,
    tenant: TenantId,
    calendar: &CalendarLink,
    hash: &str,
) -> Result<()> {
    const REPLACED: &str = text!(
        " ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE \
          SET token_hash = excluded.token_hash, ",
        CalendarLink::REPLACED
    );
    insert!(link, "calendar_links", [calendar], |calendar| {
        tenant_id = tenant, token_hash = hash, ..calendar
    }, REPLACED);
    Ok(())
}

/// Takes the link of a subject away; whether there was one.
pub async fn delete_link(link: Link<'_>, tenant: TenantId, subject: Subject) -> Result<bool> {
    const SQL: &str =
        "DELETE FROM calendar_links WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3";
    let (kind, id) = words(subject);
    Ok(change!(link, query(SQL).bind(tenant.0).bind(kind).bind(id)) > 0)
}

/// The link of a token's hash.
pub async fn link_by_hash(
    link: Link<'_>,
    tenant: TenantId,
    hash: &str,
) -> Result<Option<CalendarLink>> {
    const SQL: &str = select!(CalendarLink, " WHERE tenant_id = $1 AND token_hash = $2");
    one!(CalendarLink, link, query(SQL).bind(tenant.0).bind(hash))
}

/// The links of an account.
pub async fn links(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<CalendarLink>> {
    const SQL: &str = select!(
        CalendarLink,
        " WHERE tenant_id = $1 AND account_id = $2 ORDER BY kind, subject_id"
    );
    all!(CalendarLink, link, query(SQL).bind(tenant.0).bind(account.0))
}
