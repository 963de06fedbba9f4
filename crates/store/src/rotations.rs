//! On-call rotations, their overrides and holidays, and the links of their calendars.

mod changes;
mod links;

use std::collections::{BTreeSet, HashSet};

use domain::on_call::{Holiday, Override, Roster, Rotation};
use domain::{AccountId, Contact, ContactId, Instant, RotationId, TenantId, Zone, limits};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::cells::Ids;
use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::among_keys;
use crate::rows::{Joined, Row, all, change, insert, one, only, read, row, text, update};
use crate::{Link, Result};

pub use changes::{
    changes, delete_holiday, delete_override, end_override, holidays, insert_change,
    insert_holidays, insert_override, people,
};
pub use links::{delete_link, link_by_hash, links, set_link};

row! { rotation: Rotation, "rotations"
    reads { id }
    inserts {
        tenant_id, account_id, created_at;
        gap_from = rotation.gap.map(|gap| gap.0),
        gap_until = rotation.gap.map(|gap| gap.1),
    }
    updates {
        name, zone, turn, starts_on, hours, revision, updated_at;
        hand_off_minute = i64::from(rotation.hand_off_minute),
        members = Ids::<','>(rotation.members.clone()),
        fallback_id = rotation.fallback,
    }
    with {
        hand_off_minute: <u16 as TryFrom<i64>>::try_from(hand_off_minute).unwrap_or(0),
        members: Ids::<','>::get(members),
        fallback: fallback_id,
        gap: Option::zip(gap_from, gap_until),
    }
}

row! { over: Override, "rotation_overrides"
    reads { id }
    inserts {
        rotation_id, contact_id, reason, created_by, created_at;
        from_at = over.from,
        until_at = over.until,
    }
    with { from: from_at, until: until_at }
}

row! { day: Holiday, "holidays"
    reads { id }
    inserts { account_id, date, name, contact_id }
}

/// Adds a rotation; its id is ignored.
pub async fn insert(link: Link<'_>, rotation: &Rotation) -> Result<RotationId> {
    let id = insert!(link, "rotations", [rotation], |rotation| {
        ..rotation
    }, " RETURNING id" => RotationId)?;
    only(id)
}

/// Changes all of a rotation but its account, its gap, and when it was made.
pub async fn update(link: Link<'_>, rotation: &Rotation) -> Result<()> {
    update!(link, "rotations", [rotation], |rotation| {
        tenant_id = rotation.tenant_id, id = rotation.id,
    } set { ..rotation });
    Ok(())
}

/// Keeps what a coverage check found: when nobody is on call next.
pub async fn set_gap(
    link: Link<'_>,
    tenant: TenantId,
    id: RotationId,
    gap: Option<(Instant, Instant)>,
) -> Result<()> {
    update!(link, "rotations", [gap], |gap| {
        tenant_id = tenant, id = id,
    } set { gap_from = gap.map(|gap| gap.0), gap_until = gap.map(|gap| gap.1), });
    Ok(())
}

/// Hides a rotation for good.
pub async fn delete(link: Link<'_>, tenant: TenantId, id: RotationId, at: Instant) -> Result<()> {
    const SQL: &str = "UPDATE rotations SET deleted_at = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(at.as_ms()));
    Ok(())
}

/// Locks rotations of any tenant against other changes until the transaction ends.
pub async fn lock_all(link: Link<'_>, ids: &[(TenantId, RotationId)]) -> Result<()> {
    let lock = for_update(&link);
    if lock.is_empty() || ids.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new("SELECT id FROM rotations WHERE 1 = 1");
        among_keys!(sql, "tenant_id", "id", ids);
        sql.push(" ORDER BY tenant_id, id").push(lock);
        sql.build().persistent(ids.len() == 1).execute(c).await?;
    });
    Ok(())
}

/// The rotations of an account, locked as by [`lock_all`].
pub async fn lock_of_account(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<RotationId>> {
    const SQL: &str = "SELECT id FROM rotations \
        WHERE tenant_id = $1 AND account_id = $2 AND deleted_at IS NULL ORDER BY id";
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    all!(RotationId, link, query(sql).bind(tenant.0).bind(account.0))
}

/// Locks a rotation against other changes until the transaction ends; whether it is there.
pub async fn lock(link: Link<'_>, tenant: TenantId, id: RotationId) -> Result<bool> {
    const SQL: &str =
        "SELECT id FROM rotations WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL";
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    Ok(one!(RotationId, link, query(sql).bind(tenant.0).bind(id.0))?.is_some())
}

/// The rotations of some accounts of any tenant, by name, each with what changes it: overrides
/// that end after `from`, and holidays from the day before it. Two statements, however many.
pub async fn rosters(
    mut link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
    from: Instant,
) -> Result<Vec<(TenantId, Roster)>> {
    let found = with_changes(link.again(), Whose::Accounts(accounts), from).await?;
    told_absent(link, found).await
}

/// The rotations of one account, as [`rosters`] has them, where its directory is known already.
pub async fn rosters_among(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    people: &[Contact],
    from: Instant,
) -> Result<Vec<Roster>> {
    let mut rosters = with_changes(link, Whose::Accounts(&[(tenant, account)]), from).await?;
    for roster in &mut rosters {
        roster.absent = roster.named();
        roster.absent.retain(|id| people.iter().all(|person| person.id != *id));
    }
    Ok(rosters)
}

/// Which rotations are read.
enum Whose<'a> {
    Accounts(&'a [(TenantId, AccountId)]),
    Rotations(&'a [(TenantId, RotationId)]),
}

/// Rotations by name, each with its overrides that end after `from`, oldest first, and its
/// account's holidays by day.
async fn with_changes(link: Link<'_>, whose: Whose<'_>, from: Instant) -> Result<Vec<Roster>> {
    // No zone is more than a day behind UTC.
    let first = Zone::utc().date(from.minus_ms(limits::DAY_MS)).to_string();
    let rows: Vec<(Rotation, Joined<Override>, Joined<Holiday>)> = on!(link, c => {
        let mut sql = QueryBuilder::new(text!(
            "SELECT ",
            Rotation::SELECT,
            ", ",
            Override::SELECT,
            ", ",
            Holiday::SELECT,
            " FROM rotations LEFT JOIN rotation_overrides \
             ON rotation_overrides.tenant_id = rotations.tenant_id \
             AND rotation_id = rotations.id AND until_at > ",
        ));
        sql.push_bind(from.as_ms());
        sql.push(
            " LEFT JOIN holidays ON holidays.tenant_id = rotations.tenant_id \
             AND holidays.account_id = rotations.account_id AND date >= ",
        );
        sql.push_bind(&first).push(" WHERE deleted_at IS NULL");
        let count = match whose {
            Whose::Accounts(ids) => {
                among_keys!(sql, "rotations.tenant_id", "rotations.account_id", ids);
                ids.len()
            }
            Whose::Rotations(ids) => {
                among_keys!(sql, "rotations.tenant_id", "rotations.id", ids);
                ids.len()
            }
        };
        sql.push(" ORDER BY rotations.name, rotations.id, rotation_overrides.created_at, ");
        sql.push("rotation_overrides.id, date");
        let rows = sql.build().persistent(count == 1).fetch_all(c).await?;
        rows.iter().map(read).collect::<Result<_>>()
    })?;
    Ok(rosters_in(rows))
}

/// Each rotation once: every override stands beside every holiday.
fn rosters_in(rows: Vec<(Rotation, Joined<Override>, Joined<Holiday>)>) -> Vec<Roster> {
    let mut rosters: Vec<Roster> = Vec::new();
    for (rotation, Joined(over), Joined(day)) in rows {
        let same = rosters.pop_if(|last| last.rotation.id == rotation.id);
        let mut roster = same.unwrap_or_else(|| Roster::of(rotation));
        let is_new = |over: &Override| roster.overrides.last().is_none_or(|it| it.id != over.id);
        let over = over.filter(is_new);
        roster.overrides.extend(over);
        if let Some(day) = day
            && !roster.holidays.contains(&day)
        {
            roster.holidays.push(day);
        }
        rosters.push(roster);
    }
    rosters
}

/// Some rotations of any tenant, each with what changes it, as [`rosters`] has them.
pub async fn rosters_of(
    mut link: Link<'_>,
    ids: &[(TenantId, RotationId)],
    from: Instant,
) -> Result<Vec<(TenantId, Roster)>> {
    let found = with_changes(link.again(), Whose::Rotations(ids), from).await?;
    told_absent(link, found).await
}

/// A rotation with what changes it, as [`rosters`] has it.
pub async fn roster(
    link: Link<'_>,
    tenant: TenantId,
    id: RotationId,
    from: Instant,
) -> Result<Option<Roster>> {
    let mut found = rosters_of(link, &[(tenant, id)], from).await?;
    Ok(found.pop().map(|(_, roster)| roster))
}

/// Rotations, each with its tenant and with who is absent.
async fn told_absent(link: Link<'_>, mut rosters: Vec<Roster>) -> Result<Vec<(TenantId, Roster)>> {
    note_absent(link, &mut rosters).await?;
    Ok(rosters.into_iter().map(|roster| (roster.rotation.tenant_id, roster)).collect())
}

/// Notes who is named and no longer stands in the directory of the account.
async fn note_absent(link: Link<'_>, rosters: &mut [Roster]) -> Result<()> {
    let named: BTreeSet<(TenantId, ContactId)> = rosters
        .iter()
        .flat_map(|roster| roster.named().into_iter().map(|id| (roster.rotation.tenant_id, id)))
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let here: HashSet<(TenantId, AccountId, ContactId)> = on!(link, c => {
        let mut sql =
            QueryBuilder::new("SELECT tenant_id, account_id, id FROM contacts WHERE 1 = 1");
        among_keys!(sql, "tenant_id", "id", &named);
        let rows = sql.build().persistent(false).fetch_all(c).await?;
        rows.iter().map(read).collect::<Result<_>>()
    })?;
    for roster in rosters {
        let (tenant, account) = (roster.rotation.tenant_id, roster.rotation.account_id);
        roster.absent = roster.named();
        roster.absent.retain(|id| !here.contains(&(tenant, account, *id)));
    }
    Ok(())
}
