//! To Dos and their schedules.

use domain::to_do::Policy;
use domain::{
    AccountId, Channel, Instant, Rule, Schedule, ScheduleId, TenantId, Time, ToDo, ToDoId,
};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::cells::{Cells, cells, corrupt, joined, list};
use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{Read, Row, all, change, insert, one, only, read, row, text, update};
use crate::{Link, Result};

row! { to_do: ToDo, "to_dos"
    reads { id }
    inserts { tenant_id, account_id, created_by, created_at }
    updates {
        phone_id, delivery_type, instructions, contact, message_text, run_at, subject, from_email,
        sender_name, paused_at, revision, updated_at;
        from_number = to_do.from,
        misfire = to_do.policy.misfire,
        grace_ms = to_do.policy.grace_ms,
        overlap = to_do.policy.overlap,
        if_unsure = to_do.policy.if_unsure,
    }
    with { from: from_number, policy: Policy { misfire, grace_ms, overlap, if_unsure } }
}

row! { schedule: Schedule, "schedules"
    reads { id }
    inserts { created_at }
    updates {
        rule, times, starts_at, updated_at;
        previous_at = schedule.previous,
        next_at = schedule.next,
    }
    with { previous: previous_at, next: next_at }
}

cells! {
    Rule as text made, rule, |rule| Ok(rule.ice_cube_full());
    Vec<Time> as text made, times, |times| Ok(times_text(times));
}

/// A To Do with its schedule, and whether one of its runs is being sent.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledToDo {
    /// The To Do.
    pub to_do: ToDo,
    /// When it recurs; `None` if it goes out once.
    pub schedule: Option<Schedule>,
    /// Whether one of its runs is being sent, or worked by an agent.
    pub is_sending: bool,
}

impl Read for ScheduledToDo {
    fn read<'r>(cells: &mut impl Cells<'r>) -> Result<Self> {
        let (to_do, is_sending) = Read::read(cells)?;
        let schedule = if cells.is_null()? { None } else { Some(Schedule::read(cells)?) };
        Ok(ScheduledToDo { to_do, schedule, is_sending })
    }
}

macro_rules! standing {
    ($rest:literal) => {
        text!(
            "SELECT ",
            ToDo::SELECT,
            ", EXISTS (SELECT 1 FROM runs WHERE runs.tenant_id = to_dos.tenant_id \
               AND runs.to_do_id = to_dos.id AND runs.finished_at IS NULL \
               AND runs.state IN ('sending', 'at_desk')), ",
            Schedule::SELECT,
            " FROM to_dos LEFT JOIN schedules ON schedules.tenant_id = to_dos.tenant_id \
              AND schedules.to_do_id = to_dos.id WHERE to_dos.deleted_at IS NULL",
            $rest
        )
    };
}

/// The rule as it is kept: IceCube's full form, which loses nothing.
fn rule(text: &str) -> Result<Rule> {
    Rule::from_ice_cube(text).map_err(|_| corrupt("rule", text))
}

/// The times as they are kept: minutes of the day, with commas between.
fn times(text: &str) -> Result<Vec<Time>> {
    list(text, ',', |minute| minute.parse().ok().and_then(Time::from_minute_of_day))
}

fn times_text(times: &[Time]) -> String {
    let minute = |time: &Time| u16::from(time.hour()) * 60 + u16::from(time.minute());
    joined(times.iter().map(|time| minute(time).to_string()), ',')
}

/// Adds a To Do; its id is ignored.
pub async fn insert(link: Link<'_>, to_do: &ToDo) -> Result<ToDoId> {
    only(insert!(link, "to_dos", [to_do], |to_do| { ..to_do }, " RETURNING id" => ToDoId)?)
}

/// Changes all of a To Do but who made it, when, and for which account.
pub async fn update(link: Link<'_>, to_do: &ToDo) -> Result<()> {
    update!(link, "to_dos", [to_do], |to_do| {
        tenant_id = to_do.tenant_id, id = to_do.id,
    } set { ..to_do });
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
    const REPLACED: &str = text!(
        " ON CONFLICT (tenant_id, to_do_id) DO UPDATE SET ",
        Schedule::REPLACED,
        " RETURNING id"
    );
    only(insert!(link, "schedules", [schedule], |schedule| {
        tenant_id = tenant, to_do_id = to_do, ..schedule
    }, REPLACED => ScheduleId)?)
}

/// Takes a To Do's schedule away.
pub async fn remove_schedule(link: Link<'_>, tenant: TenantId, to_do: ToDoId) -> Result<()> {
    const SQL: &str = "DELETE FROM schedules WHERE tenant_id = $1 AND to_do_id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(to_do.0));
    Ok(())
}

/// Where a schedule stands after some of its occurrences came due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleAdvance {
    /// The tenant of the To Do.
    pub tenant_id: TenantId,
    /// The To Do whose schedule it is.
    pub to_do_id: ToDoId,
    /// The last occurrence that came due.
    pub previous: Instant,
    /// The next one; `None` after the last.
    pub next: Option<Instant>,
}

/// Writes down where schedules stand after occurrences came due.
pub async fn advance_all(link: Link<'_>, advances: &[ScheduleAdvance]) -> Result<()> {
    update!(link, "schedules", advances, |advance| {
        tenant_id = advance.tenant_id, to_do_id = advance.to_do_id,
    } set { previous_at = advance.previous, next_at = advance.next, });
    Ok(())
}

/// The To Do with this id, unless it was deleted.
pub async fn find(link: Link<'_>, tenant: TenantId, id: ToDoId) -> Result<Option<ScheduledToDo>> {
    const SQL: &str = standing!(" AND to_dos.tenant_id = $1 AND to_dos.id = $2");
    one!(ScheduledToDo, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// A To Do that is then changed in the same transaction. Locks it against other changes.
pub async fn find_to_change(
    mut link: Link<'_>,
    tenant: TenantId,
    id: ToDoId,
) -> Result<Option<ScheduledToDo>> {
    const SQL: &str = "SELECT id FROM to_dos WHERE tenant_id = $1 AND id = $2";
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    one!(ToDoId, link.again(), query(sql).bind(tenant.0).bind(id.0))?;
    find(link, tenant, id).await
}

/// To Dos of any tenant that are then fired in the same transaction, deleted ones left out. Locks
/// each against other changes.
pub async fn find_all_to_fire(
    mut link: Link<'_>,
    ids: &[(TenantId, ToDoId)],
) -> Result<Vec<ScheduledToDo>> {
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
        let mut sql = QueryBuilder::new(standing!(""));
        among_keys!(sql, "to_dos.tenant_id", "to_dos.id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// Which To Dos somebody asks for. What is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToDoFilter {
    /// Of these accounts; `None` for all of the tenant.
    pub accounts: Option<Vec<AccountId>>,
    /// Going out this way.
    pub delivery_type: Option<Channel>,
    /// How many of the newest of them are left out.
    pub skip: i64,
}

/// A page of To Dos, newest first: at most `limit`, those before `before` if given.
pub async fn page(
    link: Link<'_>,
    tenant: TenantId,
    filter: &ToDoFilter,
    before: Option<ToDoId>,
    limit: i64,
) -> Result<Vec<ScheduledToDo>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(standing!(" AND to_dos.tenant_id = "));
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
        sql.push(" OFFSET ").push_bind(filter.skip);
        sql.build().fetch_all(c).await?.iter().map(read).collect()
    })
}

/// The recurring To Dos of an account.
pub async fn recurring_of(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<ScheduledToDo>> {
    const SQL: &str = standing!(
        " AND to_dos.tenant_id = $1 AND to_dos.account_id = $2 AND schedules.id IS NOT NULL"
    );
    all!(ScheduledToDo, link, query(SQL).bind(tenant.0).bind(account.0))
}
