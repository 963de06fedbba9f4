//! On-call rotations, their overrides and holidays, and the links of their calendars.

mod changes;
mod links;

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::on_call::{Holiday, Override, Roster, Rotation, Turn};
use domain::{
    AccountId, Contact, ContactId, Date, HolidayId, Hours, Instant, OverrideId, RotationId,
    TenantId, UserId, Zone, limits,
};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::among_keys;
use crate::rows::{FromCells, all, change, from_cells, instant, maybe, ms, one, word, zone};
use crate::{Error, Link, Result};

pub use changes::{
    changes, delete_holiday, delete_override, end_override, holidays, insert_change,
    insert_holidays, insert_override, people,
};
pub use links::{delete_link, link_by_hash, links, set_link};

macro_rules! columns {
    () => {
        "tenant_id, id, account_id, name, zone, turn, hand_off_minute, starts_on, members, hours, \
         fallback_id, gap_from, gap_until, revision, created_at, updated_at"
    };
}

from_cells!(Rotation, cells => Rotation {
    tenant_id: TenantId(cells.next()?),
    id: RotationId(cells.next()?),
    account_id: AccountId(cells.next()?),
    name: cells.next()?,
    zone: zone(cells.next()?)?,
    turn: word(cells.next()?, Turn::parse)?,
    hand_off_minute: u16::try_from(cells.next::<i64>()?).unwrap_or(0),
    starts_on: date(cells.next()?)?,
    members: members(cells.next()?)?,
    hours: word(cells.next()?, |text| Hours::parse(text).ok())?,
    fallback: cells.next::<Option<i64>>()?.map(ContactId),
    gap: maybe(cells.next()?).zip(maybe(cells.next()?)),
    revision: cells.next()?,
    created_at: instant(cells.next()?),
    updated_at: instant(cells.next()?),
});

/// An override, with its tenant.
struct Change(TenantId, Override);

from_cells!(Change, cells => Change(TenantId(cells.next()?), Override {
    id: OverrideId(cells.next()?),
    rotation_id: RotationId(cells.next()?),
    contact_id: cells.next::<Option<i64>>()?.map(ContactId),
    from: instant(cells.next()?),
    until: instant(cells.next()?),
    reason: cells.next()?,
    created_by: cells.next::<Option<i64>>()?.map(UserId),
    created_at: instant(cells.next()?),
}));

/// A holiday, with its tenant.
struct Day(TenantId, Holiday);

from_cells!(Day, cells => Day(TenantId(cells.next()?), Holiday {
    id: HolidayId(cells.next()?),
    account_id: AccountId(cells.next()?),
    date: date(cells.next()?)?,
    name: cells.next()?,
    contact_id: cells.next::<Option<i64>>()?.map(ContactId),
}));

fn date(text: &str) -> Result<Date> {
    Date::parse(text).map_err(|_| Error::Corrupt(format!("date {text}")))
}

/// The members as they are kept: their ids, with commas between.
fn members(text: &str) -> Result<Vec<ContactId>> {
    let ids = text.split(',').filter(|id| !id.is_empty());
    let ids: Option<Vec<ContactId>> = ids.map(|id| id.parse().ok().map(ContactId)).collect();
    ids.ok_or_else(|| Error::Corrupt(format!("members {text}")))
}

fn members_text(members: &[ContactId]) -> String {
    members.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Adds a rotation; its id is ignored.
pub async fn insert(link: Link<'_>, rotation: &Rotation) -> Result<RotationId> {
    const SQL: &str = "INSERT INTO rotations (tenant_id, account_id, name, zone, turn, \
        hand_off_minute, starts_on, members, hours, fallback_id, gap_from, gap_until, revision, \
        created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(rotation.tenant_id.0)
            .bind(rotation.account_id.0)
            .bind(&rotation.name)
            .bind(rotation.zone.name())
            .bind(rotation.turn.to_string())
            .bind(i64::from(rotation.hand_off_minute))
            .bind(rotation.starts_on.to_string())
            .bind(members_text(&rotation.members))
            .bind(rotation.hours.to_string())
            .bind(rotation.fallback.map(|id| id.0))
            .bind(ms(rotation.gap.map(|gap| gap.0)))
            .bind(ms(rotation.gap.map(|gap| gap.1)))
            .bind(rotation.revision)
            .bind(rotation.created_at.as_ms())
            .bind(rotation.updated_at.as_ms())
    )?;
    Ok(RotationId(row.map_or(0, |(id,)| id)))
}

/// Changes all of a rotation but its account, its gap, and when it was made.
pub async fn update(link: Link<'_>, rotation: &Rotation) -> Result<()> {
    const SQL: &str = "UPDATE rotations SET name = $3, zone = $4, turn = $5, hand_off_minute = $6, \
        starts_on = $7, members = $8, hours = $9, fallback_id = $10, revision = $11, \
        updated_at = $12 WHERE tenant_id = $1 AND id = $2";
    change!(
        link,
        query(SQL)
            .bind(rotation.tenant_id.0)
            .bind(rotation.id.0)
            .bind(&rotation.name)
            .bind(rotation.zone.name())
            .bind(rotation.turn.to_string())
            .bind(i64::from(rotation.hand_off_minute))
            .bind(rotation.starts_on.to_string())
            .bind(members_text(&rotation.members))
            .bind(rotation.hours.to_string())
            .bind(rotation.fallback.map(|id| id.0))
            .bind(rotation.revision)
            .bind(rotation.updated_at.as_ms())
    );
    Ok(())
}

/// Keeps what a coverage check found: when nobody is on call next.
pub async fn set_gap(
    link: Link<'_>,
    tenant: TenantId,
    id: RotationId,
    gap: Option<(Instant, Instant)>,
) -> Result<()> {
    const SQL: &str =
        "UPDATE rotations SET gap_from = $3, gap_until = $4 WHERE tenant_id = $1 AND id = $2";
    let (from, until) = (ms(gap.map(|gap| gap.0)), ms(gap.map(|gap| gap.1)));
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(from).bind(until));
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
    let rows = all!((i64,), link, query(sql).bind(tenant.0).bind(account.0))?;
    Ok(rows.into_iter().map(|(id,)| RotationId(id)).collect())
}

/// Locks a rotation against other changes until the transaction ends; whether it is there.
pub async fn lock(link: Link<'_>, tenant: TenantId, id: RotationId) -> Result<bool> {
    const SQL: &str =
        "SELECT id FROM rotations WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL";
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    Ok(one!((i64,), link, query(sql).bind(tenant.0).bind(id.0))?.is_some())
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
        let mut sql = QueryBuilder::new(concat!(
            "SELECT ", columns!(), " FROM rotations WHERE deleted_at IS NULL"
        ));
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY name, id");
        let rows = sql.build().persistent(accounts.len() == 1).fetch_all(c).await?;
        rows.iter().map(Rotation::from_row).collect()
    })
}

/// Some rotations of any tenant, each with what changes it, as [`rosters`] has them.
pub async fn rosters_of(
    mut link: Link<'_>,
    ids: &[(TenantId, RotationId)],
    from: Instant,
) -> Result<Vec<(TenantId, Roster)>> {
    let rotations: Vec<Rotation> = on!(link.again(), c => {
        let mut sql = QueryBuilder::new(concat!(
            "SELECT ", columns!(), " FROM rotations WHERE deleted_at IS NULL"
        ));
        among_keys!(sql, "tenant_id", "id", ids);
        let rows = sql.build().persistent(ids.len() == 1).fetch_all(c).await?;
        rows.iter().map(Rotation::from_row).collect::<Result<_>>()
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
    for Change(tenant, over) in overrides(link.again(), &keys, from).await? {
        if let Some(at) = place.get(&(tenant, over.rotation_id)) {
            rosters[*at].overrides.push(over);
        }
    }
    let mut days: HashMap<_, Vec<Holiday>> = HashMap::new();
    for Day(tenant, day) in holidays_from(link, &accounts, from).await? {
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
) -> Result<Vec<Change>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT tenant_id, id, rotation_id, contact_id, from_at, until_at, reason, created_by, \
             created_at FROM rotation_overrides WHERE until_at > ",
        );
        sql.push_bind(from.as_ms());
        among_keys!(sql, "tenant_id", "rotation_id", rotations);
        sql.push(" ORDER BY created_at, id");
        let rows = sql.build().persistent(rotations.len() == 1).fetch_all(c).await?;
        rows.iter().map(Change::from_row).collect()
    })
}

async fn holidays_from(
    link: Link<'_>,
    accounts: &BTreeSet<(TenantId, AccountId)>,
    from: Instant,
) -> Result<Vec<Day>> {
    // No zone is more than a day behind UTC.
    let first = Zone::utc().date(from.minus_ms(limits::DAY_MS)).to_string();
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT tenant_id, id, account_id, date, name, contact_id FROM holidays WHERE date >= ",
        );
        sql.push_bind(&first);
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY date");
        let rows = sql.build().persistent(accounts.len() == 1).fetch_all(c).await?;
        rows.iter().map(Day::from_row).collect()
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
    let found: Vec<(i64, i64, i64)> = on!(link, c => {
        let mut sql =
            QueryBuilder::new("SELECT tenant_id, account_id, id FROM contacts WHERE 1 = 1");
        among_keys!(sql, "tenant_id", "id", &named);
        let rows = sql.build().persistent(false).fetch_all(c).await?;
        rows.iter().map(<(i64, i64, i64)>::from_row).collect::<Result<_>>()
    })?;
    let here: HashSet<(i64, i64, i64)> = found.into_iter().collect();
    for roster in rosters {
        let (tenant, account) = (roster.rotation.tenant_id.0, roster.rotation.account_id.0);
        roster.absent = roster.named();
        roster.absent.retain(|id| !here.contains(&(tenant, account, id.0)));
    }
    Ok(())
}
