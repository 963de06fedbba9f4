//! What changes rotations: overrides and holidays, written one by one, and the report of it.

use domain::on_call::{ChangeNote, Holiday, Override};
use domain::{AccountId, Contact, ContactId, HolidayId, Instant, OverrideId, RotationId, TenantId};
use sqlx::{QueryBuilder, query};

use super::Day;
use crate::db::on;
use crate::narrow::among;
use crate::rows::{FromCells, all, change, from_cells, instant, one};
use crate::{Link, Result};

from_cells!(ChangeNote, cells => ChangeNote {
    actor_name: cells.next()?,
    action: cells.next()?,
    what: cells.next()?,
    at: instant(cells.next()?),
});

/// Adds a line to a rotation's report.
pub async fn insert_change(
    link: Link<'_>,
    tenant: TenantId,
    rotation: RotationId,
    note: &ChangeNote,
) -> Result<()> {
    const SQL: &str = "INSERT INTO rotation_changes \
        (tenant_id, rotation_id, actor_name, action, what, at) VALUES ($1, $2, $3, $4, $5, $6)";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(rotation.0)
            .bind(&note.actor_name)
            .bind(&note.action)
            .bind(&note.what)
            .bind(note.at.as_ms())
    );
    Ok(())
}

/// The last lines of a rotation's report, the newest first.
pub async fn changes(
    link: Link<'_>,
    tenant: TenantId,
    rotation: RotationId,
    limit: i64,
) -> Result<Vec<ChangeNote>> {
    const SQL: &str = "SELECT actor_name, action, what, at FROM rotation_changes \
        WHERE tenant_id = $1 AND rotation_id = $2 ORDER BY id DESC LIMIT $3";
    all!(ChangeNote, link, query(SQL).bind(tenant.0).bind(rotation.0).bind(limit))
}

/// Adds an override; its id is ignored.
pub async fn insert_override(
    link: Link<'_>,
    tenant: TenantId,
    over: &Override,
) -> Result<OverrideId> {
    const SQL: &str = "INSERT INTO rotation_overrides (tenant_id, rotation_id, contact_id, \
        from_at, until_at, reason, created_by, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(over.rotation_id.0)
            .bind(over.contact_id.map(|id| id.0))
            .bind(over.from.as_ms())
            .bind(over.until.as_ms())
            .bind(&over.reason)
            .bind(over.created_by.map(|id| id.0))
            .bind(over.created_at.as_ms())
    )?;
    Ok(OverrideId(row.map_or(0, |(id,)| id)))
}

/// Ends an override that has begun.
pub async fn end_override(
    link: Link<'_>,
    tenant: TenantId,
    id: OverrideId,
    at: Instant,
) -> Result<()> {
    const SQL: &str =
        "UPDATE rotation_overrides SET until_at = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(at.as_ms()));
    Ok(())
}

/// Removes an override that has not begun.
pub async fn delete_override(
    link: Link<'_>,
    tenant: TenantId,
    rotation: RotationId,
    id: OverrideId,
) -> Result<()> {
    const SQL: &str = "DELETE FROM rotation_overrides \
        WHERE tenant_id = $1 AND rotation_id = $2 AND id = $3";
    change!(link, query(SQL).bind(tenant.0).bind(rotation.0).bind(id.0));
    Ok(())
}

/// Adds holidays; their ids are ignored. A day that is one already stays as it is.
pub async fn insert_holidays(
    link: Link<'_>,
    tenant: TenantId,
    holidays: &[Holiday],
) -> Result<u64> {
    if holidays.is_empty() {
        return Ok(0);
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO holidays (tenant_id, account_id, date, name, contact_id) ",
        );
        sql.push_values(holidays, |mut row, day| {
            row.push_bind(tenant.0)
                .push_bind(day.account_id.0)
                .push_bind(day.date.to_string())
                .push_bind(&day.name)
                .push_bind(day.contact_id.map(|id| id.0));
        });
        sql.push(" ON CONFLICT (tenant_id, account_id, date) DO NOTHING");
        Ok(sql.build().persistent(false).execute(c).await?.rows_affected())
    })
}

/// The holidays of an account, past ones too, by day.
pub async fn holidays(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<Holiday>> {
    const SQL: &str = "SELECT tenant_id, id, account_id, date, name, contact_id FROM holidays \
        WHERE tenant_id = $1 AND account_id = $2 ORDER BY date";
    let days: Vec<Day> = all!(Day, link, query(SQL).bind(tenant.0).bind(account.0))?;
    Ok(days.into_iter().map(|Day(_, day)| day).collect())
}

/// Removes a holiday of an account.
pub async fn delete_holiday(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    id: HolidayId,
) -> Result<bool> {
    const SQL: &str = "DELETE FROM holidays WHERE tenant_id = $1 AND account_id = $2 AND id = $3";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(account.0).bind(id.0)) > 0)
}

/// These people of a tenant's directories, by name.
pub async fn people(link: Link<'_>, tenant: TenantId, ids: &[ContactId]) -> Result<Vec<Contact>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT id, account_id, name, title, email, phone, zone FROM contacts \
             WHERE tenant_id = ",
        );
        sql.push_bind(tenant.0);
        among!(sql, "id", ids);
        sql.push(" ORDER BY name, id");
        let rows = sql.build().persistent(false).fetch_all(c).await?;
        rows.iter().map(Contact::from_row).collect()
    })
}
