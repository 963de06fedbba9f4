//! On-call rotations, their overrides and holidays, and the links of their calendars.

mod changes;
mod links;

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::on_call::{Holiday, Override, Roster, Rotation};
use domain::{AccountId, Contact, ContactId, Instant, RotationId, TenantId, Zone, limits};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::cells::Ids;
use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::among_keys;
use crate::rows::{all, change, insert, one, only, read, row, select, update};
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
/// that end after `from`, and holidays from the day before it. Six statements, however many.
pub async fn rosters(
    mut link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
    from: Instant,
) -> Result<Vec<(TenantId, Roster)>> {
    let rotations = of_accounts(link.again(), accounts).await?;
    all_told(link, rotations, from).await
}

/// The rotations of one account, as [`rosters`] has them, where its directory is known already.
pub async fn rosters_among(
    mut link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    people: &[Contact],
    from: Instant,
) -> Result<Vec<Roster>> {
    let rotations = of_accounts(link.again(), &[(tenant, account)]).await?;
    let mut rosters = with_changes(link, rotations, from).await?;
    for roster in &mut rosters {
        roster.absent = roster.named();
        roster.absent.retain(|id| people.iter().all(|person| person.id != *id));
    }
    Ok(rosters)
}

async fn of_accounts(link: Link<'_>, accounts: &[(TenantId, AccountId)]) -> Result<Vec<Rotation>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Rotation, " WHERE deleted_at IS NULL"));
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY name, id");
        let rows = sql.build().persistent(accounts.len() == 1).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// Some rotations of any tenant, each with what changes it, as [`rosters`] has them.
pub async fn rosters_of(
    mut link: Link<'_>,
    ids: &[(TenantId, RotationId)],
    from: Instant,
) -> Result<Vec<(TenantId, Roster)>> {
    let rotations: Vec<Rotation> = on!(link.again(), c => {
        let mut sql = QueryBuilder::new(select!(Rotation, " WHERE deleted_at IS NULL"));
        among_keys!(sql, "tenant_id", "id", ids);
        let rows = sql.build().persistent(ids.len() == 1).fetch_all(c).await?;
        rows.iter().map(read).collect::<Result<_>>()
    })?;
    all_told(link, rotations, from).await
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

/// Rotations with what changes them and who is absent.
async fn all_told(
    mut link: Link<'_>,
    rotations: Vec<Rotation>,
    from: Instant,
) -> Result<Vec<(TenantId, Roster)>> {
    let mut rosters = with_changes(link.again(), rotations, from).await?;
    note_absent(link, &mut rosters).await?;
    Ok(rosters.into_iter().map(|roster| (roster.rotation.tenant_id, roster)).collect())
}

async fn with_changes(
    mut link: Link<'_>,
    rotations: Vec<Rotation>,
    from: Instant,
) -> Result<Vec<Roster>> {
    if rotations.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = rotations.iter().map(|it| (it.tenant_id, it.id)).collect();
    let accounts: BTreeSet<_> = rotations.iter().map(|it| (it.tenant_id, it.account_id)).collect();
    let mut rosters: Vec<Roster> = rotations.into_iter().map(Roster::of).collect();
    let place: HashMap<_, _> = keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
    for (tenant, over) in overrides(link.again(), &keys, from).await? {
        if let Some(at) = place.get(&(tenant, over.rotation_id)) {
            rosters[*at].overrides.push(over);
        }
    }
    let mut days: HashMap<_, Vec<Holiday>> = HashMap::new();
    for (tenant, day) in holidays_from(link, &accounts, from).await? {
        days.entry((tenant, day.account_id)).or_default().push(day);
    }
    for roster in &mut rosters {
        let key = (roster.rotation.tenant_id, roster.rotation.account_id);
        roster.holidays = days.get(&key).cloned().unwrap_or_default();
    }
    Ok(rosters)
}

async fn overrides(
    link: Link<'_>,
    rotations: &[(TenantId, RotationId)],
    from: Instant,
) -> Result<Vec<(TenantId, Override)>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!((TenantId, Override), " WHERE until_at > "));
        sql.push_bind(from.as_ms());
        among_keys!(sql, "tenant_id", "rotation_id", rotations);
        sql.push(" ORDER BY created_at, id");
        let rows = sql.build().persistent(rotations.len() == 1).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

async fn holidays_from(
    link: Link<'_>,
    accounts: &BTreeSet<(TenantId, AccountId)>,
    from: Instant,
) -> Result<Vec<(TenantId, Holiday)>> {
    // No zone is more than a day behind UTC.
    let first = Zone::utc().date(from.minus_ms(limits::DAY_MS)).to_string();
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!((TenantId, Holiday), " WHERE date >= "));
        sql.push_bind(&first);
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY date");
        let rows = sql.build().persistent(accounts.len() == 1).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
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
