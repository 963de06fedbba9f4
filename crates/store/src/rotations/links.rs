//! The links under which calendar programs read a rotation's shifts, or a person's.

use domain::on_call::{CalendarLink, Subject};
use domain::{AccountId, ContactId, RotationId, TenantId, UserId};
use sqlx::query;

use crate::rows::{all, change, from_cells, instant, one};
use crate::{Error, Link, Result};

macro_rules! columns {
    () => {
        "account_id, kind, subject_id, prefix, created_by, created_at"
    };
}

from_cells!(CalendarLink, cells => CalendarLink {
    account_id: AccountId(cells.next()?),
    subject: subject(cells.next()?, cells.next()?)?,
    prefix: cells.next()?,
    created_by: cells.next::<Option<i64>>()?.map(UserId),
    created_at: instant(cells.next()?),
});

fn subject(kind: &str, id: i64) -> Result<Subject> {
    match kind {
        "rotation" => Ok(Subject::Rotation(RotationId(id))),
        "contact" => Ok(Subject::Contact(ContactId(id))),
        other => Err(Error::Corrupt(other.to_owned())),
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
    const SQL: &str = "INSERT INTO calendar_links (tenant_id, account_id, kind, subject_id, \
        token_hash, prefix, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET account_id = excluded.account_id, \
        token_hash = excluded.token_hash, prefix = excluded.prefix, \
        created_by = excluded.created_by, created_at = excluded.created_at";
    let (kind, id) = words(calendar.subject);
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(calendar.account_id.0)
            .bind(kind)
            .bind(id)
            .bind(hash)
            .bind(&calendar.prefix)
            .bind(calendar.created_by.map(|id| id.0))
            .bind(calendar.created_at.as_ms())
    );
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
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM calendar_links WHERE tenant_id = $1 AND token_hash = $2"
    );
    one!(CalendarLink, link, query(SQL).bind(tenant.0).bind(hash))
}

/// The links of an account.
pub async fn links(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<CalendarLink>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM calendar_links WHERE tenant_id = $1 AND account_id = $2 ORDER BY kind, subject_id"
    );
    all!(CalendarLink, link, query(SQL).bind(tenant.0).bind(account.0))
}
