//! To Dos and their schedules.

use domain::delivery::IfUnsure;
use domain::to_do::{Misfire, Overlap, Policy};
use domain::{
    AccountId, Channel, DidId, Instant, Rule, Schedule, ScheduleId, TenantId, Time, ToDo, ToDoId,
    UserId,
};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{FromCells, all, change, from_cells, instant, maybe, ms, one, word};
use crate::{Error, Link, Result};

macro_rules! columns {
    () => {
        "to_dos.tenant_id, to_dos.id, to_dos.account_id, to_dos.phone_id, to_dos.delivery_type, \
         to_dos.instructions, to_dos.contact, to_dos.message_text, to_dos.run_at, \
         to_dos.from_number, to_dos.subject, to_dos.from_email, to_dos.sender_name, \
         to_dos.misfire, to_dos.grace_ms, to_dos.overlap, to_dos.if_unsure, to_dos.paused_at, \
         to_dos.revision, to_dos.created_by, to_dos.created_at, to_dos.updated_at"
    };
}

from_cells!(ToDo, cells => ToDo {
    tenant_id: TenantId(cells.next()?),
    id: ToDoId(cells.next()?),
    account_id: AccountId(cells.next()?),
    phone_id: cells.next::<Option<i64>>()?.map(DidId),
    delivery_type: word(cells.next()?, Channel::parse)?,
    instructions: cells.next()?,
    contact: cells.next()?,
    message_text: cells.next()?,
    run_at: maybe(cells.next()?),
    from: cells.next()?,
    subject: cells.next()?,
    from_email: cells.next()?,
    sender_name: cells.next()?,
    policy: Policy {
        misfire: word(cells.next()?, Misfire::parse)?,
        grace_ms: cells.next()?,
        overlap: word(cells.next()?, Overlap::parse)?,
        if_unsure: word(cells.next()?, IfUnsure::parse)?,
    },
    paused_at: maybe(cells.next()?),
    revision: cells.next()?,
    created_by: cells.next::<Option<i64>>()?.map(UserId),
    created_at: instant(cells.next()?),
    updated_at: instant(cells.next()?),
});

macro_rules! schedule_columns {
    () => {
        "schedules.id, schedules.rule, schedules.times, schedules.starts_at, \
         schedules.previous_at, schedules.next_at, schedules.created_at, schedules.updated_at"
    };
}

/// A To Do with its schedule, and whether one of its runs is being sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The To Do.
    pub to_do: ToDo,
    /// When it recurs; `None` if it goes out once.
    pub schedule: Option<Schedule>,
    /// Whether one of its runs is being sent, or worked by an agent.
    pub is_sending: bool,
}

from_cells!(Standing, cells => Standing {
    to_do: ToDo::from_cells(cells)?,
    is_sending: cells.next()?,
    schedule: match cells.next::<Option<i64>>()? {
        None => None,
        Some(id) => Some(Schedule {
            id: ScheduleId(id),
            rule: rule(cells.next()?)?,
            times: times(cells.next()?)?,
            starts_at: instant(cells.next()?),
            previous: maybe(cells.next()?),
            next: maybe(cells.next()?),
            created_at: instant(cells.next()?),
            updated_at: instant(cells.next()?),
        }),
    },
});

macro_rules! standing {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            ", EXISTS (SELECT 1 FROM runs WHERE runs.tenant_id = to_dos.tenant_id \
               AND runs.to_do_id = to_dos.id AND runs.finished_at IS NULL \
               AND runs.state IN ('sending', 'at_desk')), ",
            schedule_columns!(),
            " FROM to_dos LEFT JOIN schedules ON schedules.tenant_id = to_dos.tenant_id \
              AND schedules.to_do_id = to_dos.id WHERE to_dos.deleted_at IS NULL"
        )
    };
}

/// The rule as it is kept: IceCube's full form, which loses nothing.
fn rule(text: &str) -> Result<Rule> {
    Rule::from_ice_cube(text).map_err(|_| Error::Corrupt(format!("rule {text}")))
}

/// The times as they are kept: minutes of the day, with commas between.
fn times(text: &str) -> Result<Vec<Time>> {
    let minutes = text.split(',').filter(|minute| !minute.is_empty());
    let times = minutes.map(|minute| minute.parse().ok().and_then(Time::from_minute_of_day));
    times.collect::<Option<_>>().ok_or_else(|| Error::Corrupt(format!("times {text}")))
}

fn times_text(times: &[Time]) -> String {
    let minute = |time: &Time| u16::from(time.hour()) * 60 + u16::from(time.minute());
    times.iter().map(|time| minute(time).to_string()).collect::<Vec<_>>().join(",")
}

/// Adds a To Do; its id is ignored.
pub async fn insert(link: Link<'_>, to_do: &ToDo) -> Result<ToDoId> {
    const SQL: &str = "INSERT INTO to_dos (tenant_id, account_id, phone_id, delivery_type, \
        instructions, contact, message_text, run_at, from_number, subject, from_email, \
        sender_name, misfire, grace_ms, overlap, if_unsure, paused_at, revision, created_by, \
        created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
        $14, $15, $16, $17, $18, $19, $20, $21) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(to_do.tenant_id.0)
            .bind(to_do.account_id.0)
            .bind(to_do.phone_id.map(|id| id.0))
            .bind(to_do.delivery_type.as_str())
            .bind(&to_do.instructions)
            .bind(&to_do.contact)
            .bind(&to_do.message_text)
            .bind(ms(to_do.run_at))
            .bind(&to_do.from)
            .bind(&to_do.subject)
            .bind(&to_do.from_email)
            .bind(&to_do.sender_name)
            .bind(to_do.policy.misfire.as_str())
            .bind(to_do.policy.grace_ms)
            .bind(to_do.policy.overlap.as_str())
            .bind(to_do.policy.if_unsure.as_str())
            .bind(ms(to_do.paused_at))
            .bind(to_do.revision)
            .bind(to_do.created_by.map(|id| id.0))
            .bind(to_do.created_at.as_ms())
            .bind(to_do.updated_at.as_ms())
    )?;
    Ok(ToDoId(row.map_or(0, |(id,)| id)))
}

/// Changes all of a To Do but who made it, when, and for which account.
pub async fn update(link: Link<'_>, to_do: &ToDo) -> Result<()> {
    const SQL: &str = "UPDATE to_dos SET phone_id = $3, delivery_type = $4, instructions = $5, \
        contact = $6, message_text = $7, run_at = $8, from_number = $9, subject = $10, \
        from_email = $11, sender_name = $12, misfire = $13, grace_ms = $14, overlap = $15, \
        if_unsure = $16, paused_at = $17, revision = $18, updated_at = $19 \
        WHERE tenant_id = $1 AND id = $2";
    change!(
        link,
        query(SQL)
            .bind(to_do.tenant_id.0)
            .bind(to_do.id.0)
            .bind(to_do.phone_id.map(|id| id.0))
            .bind(to_do.delivery_type.as_str())
            .bind(&to_do.instructions)
            .bind(&to_do.contact)
            .bind(&to_do.message_text)
            .bind(ms(to_do.run_at))
            .bind(&to_do.from)
            .bind(&to_do.subject)
            .bind(&to_do.from_email)
            .bind(&to_do.sender_name)
            .bind(to_do.policy.misfire.as_str())
            .bind(to_do.policy.grace_ms)
            .bind(to_do.policy.overlap.as_str())
            .bind(to_do.policy.if_unsure.as_str())
            .bind(ms(to_do.paused_at))
            .bind(to_do.revision)
            .bind(to_do.updated_at.as_ms())
    );
    Ok(())
}

/// Hides a To Do for good. Its runs stay.
pub async fn delete(link: Link<'_>, tenant: TenantId, id: ToDoId, at: Instant) -> Result<()> {
    const SQL: &str = "UPDATE to_dos SET deleted_at = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(at.as_ms()));
    Ok(())
}

/// Gives a To Do its schedule, or another one. Its id is ignored; a schedule that is there already
/// keeps its own.
pub async fn set_schedule(
    link: Link<'_>,
    tenant: TenantId,
    to_do: ToDoId,
    schedule: &Schedule,
) -> Result<ScheduleId> {
    const SQL: &str = "INSERT INTO schedules (tenant_id, to_do_id, rule, times, starts_at, \
        previous_at, next_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (tenant_id, to_do_id) DO UPDATE SET rule = excluded.rule, \
        times = excluded.times, starts_at = excluded.starts_at, \
        previous_at = excluded.previous_at, next_at = excluded.next_at, \
        updated_at = excluded.updated_at RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(to_do.0)
            .bind(schedule.rule.ice_cube_full())
            .bind(times_text(&schedule.times))
            .bind(schedule.starts_at.as_ms())
            .bind(ms(schedule.previous))
            .bind(ms(schedule.next))
            .bind(schedule.created_at.as_ms())
            .bind(schedule.updated_at.as_ms())
    )?;
    Ok(ScheduleId(row.map_or(0, |(id,)| id)))
}

/// Takes a To Do's schedule away.
pub async fn remove_schedule(link: Link<'_>, tenant: TenantId, to_do: ToDoId) -> Result<()> {
    const SQL: &str = "DELETE FROM schedules WHERE tenant_id = $1 AND to_do_id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(to_do.0));
    Ok(())
}

/// Where a schedule stands after some of its occurrences came due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The To Do.
    pub to_do_id: ToDoId,
    /// The last occurrence that came due.
    pub previous: Instant,
    /// The next one.
    pub next: Option<Instant>,
}

/// Moves schedules on.
pub async fn advance_all(link: Link<'_>, advances: &[Advance]) -> Result<()> {
    if advances.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "UPDATE schedules SET previous_at = v.column3, next_at = v.column4 FROM (",
        );
        sql.push_values(advances, |mut row, advance| {
            row.push_bind(advance.tenant_id.0)
                .push_bind(advance.to_do_id.0)
                .push_bind(advance.previous.as_ms())
                .push_bind(ms(advance.next));
        });
        sql.push(") AS v WHERE schedules.tenant_id = v.column1 AND schedules.to_do_id = v.column2");
        sql.build().persistent(recurs(advances.len())).execute(c).await?;
    });
    Ok(())
}

/// A To Do.
pub async fn find(link: Link<'_>, tenant: TenantId, id: ToDoId) -> Result<Option<Standing>> {
    const SQL: &str = concat!(standing!(), " AND to_dos.tenant_id = $1 AND to_dos.id = $2");
    one!(Standing, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// A To Do that is then changed in the same transaction. Locks it against other changes.
pub async fn find_to_change(
    mut link: Link<'_>,
    tenant: TenantId,
    id: ToDoId,
) -> Result<Option<Standing>> {
    const SQL: &str = "SELECT 1, id FROM to_dos WHERE tenant_id = $1 AND id = $2";
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    one!((i32, i64), link.again(), query(sql).bind(tenant.0).bind(id.0))?;
    find(link, tenant, id).await
}

from_cells!((i32, i64), cells => (cells.next()?, cells.next()?));

/// To Dos of any tenant that are then fired in the same transaction, deleted ones left out. Locks
/// each against other changes.
pub async fn find_all_to_fire(
    mut link: Link<'_>,
    ids: &[(TenantId, ToDoId)],
) -> Result<Vec<Standing>> {
    let lock = for_update(&link);
    on!(link.again(), c => {
        let mut sql = QueryBuilder::new("SELECT id FROM to_dos WHERE 1 = 1");
        among_keys!(sql, "tenant_id", "id", ids);
        sql.push(" ORDER BY id").push(lock);
        if !lock.is_empty() {
            sql.build().persistent(recurs(ids.len())).execute(c).await?;
        }
    });
    on!(link, c => {
        let mut sql = QueryBuilder::new(standing!());
        among_keys!(sql, "to_dos.tenant_id", "to_dos.id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(Standing::from_row).collect()
    })
}

/// Which To Dos somebody asks for. What is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these accounts; `None` for all of the tenant.
    pub accounts: Option<Vec<AccountId>>,
    /// Going out this way.
    pub delivery_type: Option<Channel>,
}

/// A page of To Dos, newest first: at most `limit`, those before `before` if given.
pub async fn page(
    link: Link<'_>,
    tenant: TenantId,
    filter: &Filter,
    before: Option<ToDoId>,
    limit: i64,
) -> Result<Vec<Standing>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(concat!(standing!(), " AND to_dos.tenant_id = "));
        sql.push_bind(tenant.0);
        if let Some(accounts) = &filter.accounts {
            among!(sql, "to_dos.account_id", &accounts[..]);
        }
        if let Some(channel) = filter.delivery_type {
            sql.push(" AND to_dos.delivery_type = ").push_bind(channel.as_str());
        }
        if let Some(before) = before {
            sql.push(" AND to_dos.id < ").push_bind(before.0);
        }
        sql.push(" ORDER BY to_dos.id DESC LIMIT ").push_bind(limit);
        sql.build().fetch_all(c).await?.iter().map(Standing::from_row).collect()
    })
}

/// The recurring To Dos of an account.
pub async fn recurring_of(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<Standing>> {
    const SQL: &str = concat!(
        standing!(),
        " AND to_dos.tenant_id = $1 AND to_dos.account_id = $2 AND schedules.id IS NOT NULL"
    );
    all!(Standing, link, query(SQL).bind(tenant.0).bind(account.0))
}
