//! To Dos: made, changed, paused and deleted, with the jobs that send them.

mod fire;
mod judge;
mod preview;
mod read;
mod repair;
mod runs;
mod settle;
pub(crate) mod turns;
pub(crate) mod work;

use domain::to_do::{CheckedToDo, Timing, ToDoEntry};
use domain::{Account, Instant, JobKind, Schedule, TenantId, ToDo, ToDoId, Zone, limits};
use store::Tx;
use store::jobs::NewJob;

pub use fire::fire_all;
pub use judge::{faults_of_change, faults_of_new};
pub use preview::{Preview, preview, preview_draft, preview_entry};
pub use read::{ToDoQuery, filter, find, page};
pub use runs::{RunDetail, last_runs, of_run, runs};
pub use store::to_dos::{ScheduledToDo, ToDoFilter};

use self::judge::{SoundEntry, Timetable, judge, unknown_account};
use self::read::visible;
use self::settle::settle;
use crate::idempotency::{self, Once, Repeat};
use crate::{Actor, App, Error, Result, audit};

/// Makes a To Do for the account with a number, with the job that sends it first. A request that
/// may be repeated makes it once, and gets its first answer again.
#[crate::boxed]
pub async fn create(
    app: &App,
    actor: &Actor,
    account_number: &str,
    entry: &ToDoEntry,
    repeat: Option<&Repeat<'_, ScheduledToDo>>,
) -> Result<Once<ScheduledToDo>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if let Some(repeat) = repeat
        && let Some(before) = idempotency::claim(&mut tx, actor, repeat, now).await?
    {
        return Ok(Once::Before(before));
    }
    let number = account_number.trim();
    let account = store::accounts::by_number(tx.link(), actor.tenant_id, number).await?;
    let account = account.filter(|account| actor.sees(account.id));
    let Some(account) = account else {
        return Err(unknown_account(entry.checked(&Zone::utc(), now)).into());
    };
    let made = insert(&mut tx, actor, &account, entry, now).await?;
    if let Some(repeat) = repeat {
        idempotency::keep(&mut tx, actor, repeat, made.to_do.id.0, &made, now).await?;
    }
    tx.commit().await?;
    Ok(Once::New(made))
}

async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    account: &Account,
    entry: &ToDoEntry,
    now: Instant,
) -> Result<ScheduledToDo> {
    let SoundEntry { checked, phone_id, mut schedule } =
        judge(tx.link(), account, entry, Timetable::Changed(None), now).await?;
    let mut to_do = ToDo {
        tenant_id: actor.tenant_id,
        id: ToDoId(0),
        account_id: account.id,
        phone_id,
        delivery_type: checked.delivery_type,
        instructions: None,
        contact: String::new(),
        message_text: String::new(),
        run_at: None,
        from: None,
        subject: None,
        from_email: None,
        sender_name: None,
        policy: checked.policy,
        paused_at: None,
        revision: 1,
        created_by: Some(actor.user_id),
        created_at: now,
        updated_at: now,
    };
    apply(&mut to_do, checked);
    to_do.id = store::to_dos::insert(tx.link(), &to_do).await?;
    if let Some(schedule) = &mut schedule {
        schedule.id =
            store::to_dos::set_schedule(tx.link(), to_do.tenant_id, to_do.id, schedule).await?;
    }
    await_next(tx, &to_do, schedule.as_ref()).await?;
    log(tx, actor, "to_do.create", &to_do, now).await?;
    Ok(ScheduledToDo { to_do, schedule, is_sending: false })
}

/// Changes a To Do: `change` gets it as an entry, in the transaction that writes what it leaves.
/// What is queued and was never tried goes out as it now stands. `revision` is the one that whoever
/// asks last saw, if it matters to them.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ToDoId,
    revision: Option<i64>,
    change: impl FnOnce(&mut ToDoEntry),
) -> Result<ScheduledToDo> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let found = store::to_dos::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let ScheduledToDo { mut to_do, mut schedule, .. } = visible(actor, found)?;
    if revision.is_some_and(|revision| revision != to_do.revision) {
        return Err(Error::Changed);
    }
    let account = store::accounts::find(tx.link(), to_do.tenant_id, to_do.account_id).await?;
    let account = account.ok_or(Error::NotFound)?;
    let before = ToDoEntry::of(&to_do, schedule.as_ref());
    let mut entry = before.clone();
    change(&mut entry);
    if entry == before {
        return find(app, actor, id).await;
    }
    let is_moved = entry.is_moved(&before);
    if is_moved {
        settle(&mut tx, &to_do, schedule.as_mut(), &account.zone, now).await?;
    }
    let moved = if is_moved { Timetable::Changed(schedule) } else { Timetable::Same(schedule) };
    let SoundEntry { checked, phone_id, schedule } =
        judge(tx.link(), &account, &entry, moved, now).await?;
    apply(&mut to_do, checked);
    to_do.phone_id = phone_id;
    to_do.revision += 1;
    to_do.updated_at = now;
    store::to_dos::update(tx.link(), &to_do).await?;
    if is_moved {
        replan(&mut tx, &to_do, schedule.as_ref()).await?;
    }
    repair::rewrite_open(&mut tx, &to_do, &account, now).await?;
    log(&mut tx, actor, "to_do.update", &to_do, now).await?;
    tx.commit().await?;
    find(app, actor, id).await
}

/// Sends nothing more until it is resumed. What is being sent already goes on.
#[crate::boxed]
pub async fn pause(app: &App, actor: &Actor, id: ToDoId) -> Result<ScheduledToDo> {
    turn(app, actor, id, true).await
}

/// Goes on from the next occurrence after now. A To Do that was to go out once while it was paused
/// goes out late, or not, as its policy says.
#[crate::boxed]
pub async fn resume(app: &App, actor: &Actor, id: ToDoId) -> Result<ScheduledToDo> {
    turn(app, actor, id, false).await
}

async fn turn(app: &App, actor: &Actor, id: ToDoId, pauses: bool) -> Result<ScheduledToDo> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let found = store::to_dos::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let ScheduledToDo { mut to_do, mut schedule, .. } = visible(actor, found)?;
    if to_do.paused_at.is_some() == pauses {
        return find(app, actor, id).await;
    }
    let account = store::accounts::find(tx.link(), to_do.tenant_id, to_do.account_id).await?;
    let account = account.ok_or(Error::NotFound)?;
    if pauses && schedule.is_some() {
        settle(&mut tx, &to_do, schedule.as_mut(), &account.zone, now).await?;
    }
    to_do.paused_at = pauses.then_some(now);
    to_do.revision += 1;
    to_do.updated_at = now;
    store::to_dos::update(tx.link(), &to_do).await?;
    if let Some(schedule) = &mut schedule {
        let recurrence = schedule.recurrence(&account.zone);
        schedule.next = if pauses { None } else { recurrence.next(now) };
        schedule.updated_at = now;
    }
    replan(&mut tx, &to_do, schedule.as_ref()).await?;
    log(&mut tx, actor, if pauses { "to_do.pause" } else { "to_do.resume" }, &to_do, now).await?;
    tx.commit().await?;
    find(app, actor, id).await
}

/// Deletes a To Do. What waits to be sent is taken back; its runs stay in the records.
#[crate::boxed]
pub async fn delete(app: &App, actor: &Actor, id: ToDoId) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let found = store::to_dos::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let ScheduledToDo { to_do, .. } = visible(actor, found)?;
    store::to_dos::delete(tx.link(), to_do.tenant_id, id, now).await?;
    store::jobs::remove(tx.link(), to_do.tenant_id, JobKind::Fire, id.0).await?;
    repair::take_back_open(&mut tx, &to_do, "The To Do was deleted.", now).await?;
    log(&mut tx, actor, "to_do.delete", &to_do, now).await?;
    Ok(tx.commit().await?)
}

/// Writes a To Do's schedule, or takes it away, and moves its job.
async fn replan(tx: &mut Tx, to_do: &ToDo, schedule: Option<&Schedule>) -> Result<()> {
    let tenant = to_do.tenant_id;
    match schedule {
        Some(schedule) => {
            let next = schedule.next.filter(|_| to_do.paused_at.is_none());
            let schedule = Schedule { next, ..schedule.clone() };
            store::to_dos::set_schedule(tx.link(), tenant, to_do.id, &schedule).await?;
        }
        None => store::to_dos::remove_schedule(tx.link(), tenant, to_do.id).await?,
    }
    await_next(tx, to_do, schedule).await
}

/// Puts the job of the next occurrence into the queue, or takes it out.
async fn await_next(tx: &mut Tx, to_do: &ToDo, schedule: Option<&Schedule>) -> Result<()> {
    let due_at = match schedule {
        Some(schedule) => schedule.next,
        None => to_do.run_at,
    };
    let (tenant_id, kind, subject_id) = (to_do.tenant_id, JobKind::Fire, to_do.id.0);
    match due_at.filter(|_| to_do.paused_at.is_none()) {
        Some(due_at) => {
            let job = NewJob { tenant_id, kind, subject_id, due_at };
            store::jobs::set(tx.link(), job).await?;
        }
        None => store::jobs::remove(tx.link(), tenant_id, kind, subject_id).await?,
    }
    Ok(())
}

/// Plans the To Dos of an account anew, whose clocks now show other times than in the zone before.
pub(crate) async fn move_zone(
    tx: &mut Tx,
    account: &Account,
    before: &Zone,
    now: Instant,
) -> Result<()> {
    let (tenant, id) = (account.tenant_id, account.id);
    let seen = store::to_dos::recurring_of(tx.link(), tenant, id).await?;
    let ids: Vec<(TenantId, ToDoId)> =
        seen.iter().map(|standing| (tenant, standing.to_do.id)).collect();
    for ids in ids.chunks(limits::FIRED_AT_ONCE) {
        // Read again, locked: one may be firing at this moment.
        let standing = store::to_dos::find_all_to_fire(tx.link(), ids).await?;
        for ScheduledToDo { to_do, schedule, .. } in standing {
            let Some(mut schedule) = schedule else { continue };
            settle(tx, &to_do, Some(&mut schedule), before, now).await?;
            schedule.next = schedule.recurrence(&account.zone).next(now);
            schedule.updated_at = now;
            replan(tx, &to_do, Some(&schedule)).await?;
        }
    }
    Ok(())
}

fn apply(to_do: &mut ToDo, checked: CheckedToDo) {
    to_do.delivery_type = checked.delivery_type;
    to_do.instructions = checked.instructions;
    to_do.contact = checked.contact;
    to_do.message_text = checked.message_text;
    to_do.from = checked.from;
    to_do.subject = checked.subject;
    to_do.from_email = checked.from_email;
    to_do.sender_name = checked.sender_name;
    to_do.policy = checked.policy;
    to_do.run_at = match checked.timing {
        Timing::Once(at) => Some(at),
        Timing::Recurring { .. } => None,
    };
}

async fn log(tx: &mut Tx, actor: &Actor, action: &str, to_do: &ToDo, now: Instant) -> Result<()> {
    let subject = format!("To Do {} of account {}", to_do.id, to_do.account_id);
    audit::record(tx, to_do.tenant_id, Some(actor), action, &subject, now).await
}
