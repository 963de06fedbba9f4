//! What changes rotations: overrides and holidays, written one by one, and the report of it.

use domain::on_call::{ChangeNote, Holiday, Override};
use domain::{AccountId, Contact, ContactId, HolidayId, Instant, OverrideId, RotationId, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::among;
use crate::rows::{all, change, insert, only, read, row, select};
use crate::{Link, Result};

row! { note: ChangeNote, "rotation_changes" inserts { actor_name, action, what, at } }

/// Adds a line to a rotation's report.
pub async fn insert_change(
    link: Link<'_>,
    tenant: TenantId,
    rotation: RotationId,
    note: &ChangeNote,
) -> Result<()> {
    insert!(link, "rotation_changes", [note], |note| {
        tenant_id = tenant, rotation_id = rotation, ..note
    });
    Ok(())
}

/// The last lines of a rotation's report, the newest first.
pub async fn changes(
    link: Link<'_>,
    tenant: TenantId,
    rotation: RotationId,
    limit: i64,
) -> Result<Vec<ChangeNote>> {
    const SQL: &str =
        select!(ChangeNote, " WHERE tenant_id = $1 AND rotation_id = $2 ORDER BY id DESC LIMIT $3");
    all!(ChangeNote, link, query(SQL).bind(tenant.0).bind(rotation.0).bind(limit))
}

/// Adds an override; its id is ignored.
pub async fn insert_override(
    link: Link<'_>,
    tenant: TenantId,
    over: &Override,
) -> Result<OverrideId> {
    let id = insert!(link, "rotation_overrides", [over], |over| {
        tenant_id = tenant, ..over
    }, " RETURNING id" => OverrideId)?;
    only(id)
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
    Ok(insert!(link, "holidays", holidays, |day| {
        tenant_id = tenant, ..day
    }, " ON CONFLICT (tenant_id, account_id, date) DO NOTHING"))
}

/// The holidays of an account, past ones too, by day.
pub async fn holidays(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<Holiday>> {
    const SQL: &str = select!(Holiday, " WHERE tenant_id = $1 AND account_id = $2 ORDER BY date");
    all!(Holiday, link, query(SQL).bind(tenant.0).bind(account.0))
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
        let mut sql = QueryBuilder::new(select!(Contact, " WHERE tenant_id = "));
        sql.push_bind(tenant.0);
        among!(sql, "id", ids);
        sql.push(" ORDER BY name, id");
        let rows = sql.build().persistent(false).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}
