//! To Dos: made, changed, paused and deleted, with the jobs that send them.

mod fire;
mod repair;

use domain::to_do::{Checked, Entry, Timing};
use domain::{
    Account, AccountId, Attempt, Channel, Delivery, Did, DidId, Instant, Invalid, JobKind, Run,
    RunId, Schedule, ScheduleId, ToDo, ToDoId, Zone, limits,
};
use store::Tx;
use store::jobs::NewJob;

pub use fire::fire_all;
pub use store::to_dos::{Filter, Standing};

use crate::idempotency::{self, Once, Repeat};
use crate::{Actor, App, Error, Result, audit};

/// Which To Dos somebody asks for. What is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Of the account with this number.
    pub account_number: Option<String>,
    /// Going out this way.
    pub delivery_type: Option<Channel>,
}

/// The filter that a query comes to for whoever asks. An account number that nobody has, or that
/// whoever asks may not see, leaves no account.
pub async fn filter(app: &App, actor: &Actor, query: &Query) -> Result<Filter> {
    let mut accounts = actor.accounts();
    if let Some(number) = &query.account_number {
        let mut reader = app.db.read().await?;
        let account = store::accounts::by_number(reader.link(), actor.tenant_id, number).await?;
        let account = account.filter(|account| actor.sees(account.id));
        accounts = Some(account.iter().map(|account| account.id).collect());
    }
    Ok(Filter { accounts, delivery_type: query.delivery_type })
}

/// A page of To Dos, newest first. The filter comes from [`filter`] for the same actor.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    before: Option<ToDoId>,
    limit: usize,
) -> Result<Vec<Standing>> {
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(store::to_dos::page(reader.link(), actor.tenant_id, filter, before, limit).await?)
}

/// A To Do.
pub async fn find(app: &App, actor: &Actor, id: ToDoId) -> Result<Standing> {
    let mut reader = app.db.read().await?;
    let found = store::to_dos::find(reader.link(), actor.tenant_id, id).await?;
    visible(actor, found)
}

fn visible(actor: &Actor, found: Option<Standing>) -> Result<Standing> {
    found.filter(|found| actor.sees(found.to_do.account_id)).ok_or(Error::NotFound)
}

/// Makes a To Do for the account with a number, with the job that sends it first. A request that
/// may be repeated makes it once, and gets its first answer again.
pub async fn create(
    app: &App,
    actor: &Actor,
    account_number: &str,
    entry: &Entry,
    repeat: Option<&Repeat<'_, Standing>>,
) -> Result<Once<Standing>> {
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
    let Some(account) = account else { return Err(unknown_account(entry, now)) };
    let made = insert(&mut tx, actor, &account, entry, now).await?;
    if let Some(repeat) = repeat {
        idempotency::keep(&mut tx, actor, repeat, made.to_do.id.0, &made, now).await?;
    }
    tx.commit().await?;
    Ok(Once::New(made))
}

/// The refusal of an account number that nobody has, together with all that is wrong besides.
fn unknown_account(entry: &Entry, now: Instant) -> Error {
    let mut invalid =
        Invalid::field("account_number", "must be the number of an account that you may see");
    if let Err(faults) = entry.checked(&Zone::utc(), now) {
        faults.faults().for_each(|(path, rule)| invalid.add(path, rule));
    }
    invalid.into()
}

async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    account: &Account,
    entry: &Entry,
    now: Instant,
) -> Result<Standing> {
    let checked = entry.checked(&account.zone, now)?;
    let phone_id = line(tx, account, checked.from.as_deref()).await?;
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
    let mut schedule = plan(&checked.timing, None, account, now)?;
    apply(&mut to_do, checked);
    to_do.id = store::to_dos::insert(tx.link(), &to_do).await?;
    if let Some(schedule) = &mut schedule {
        schedule.id =
            store::to_dos::set_schedule(tx.link(), to_do.tenant_id, to_do.id, schedule).await?;
    }
    await_next(tx, &to_do, schedule.as_ref()).await?;
    log(tx, actor, "to_do.create", &to_do, now).await?;
    Ok(Standing { to_do, schedule, is_sending: false })
}

/// Changes a To Do: `change` gets it as an entry, in the transaction that writes what it leaves.
/// What is queued and was never tried goes out as it now stands. `revision` is the one that whoever
/// asks last saw, if it matters to them.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ToDoId,
    revision: Option<i64>,
    change: impl FnOnce(&mut Entry),
) -> Result<Standing> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let found = store::to_dos::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let Standing { mut to_do, schedule, .. } = visible(actor, found)?;
    if revision.is_some_and(|revision| revision != to_do.revision) {
        return Err(Error::Changed);
    }
    let account = store::accounts::find(tx.link(), to_do.tenant_id, to_do.account_id).await?;
    let account = account.ok_or(Error::NotFound)?;
    let before = Entry::of(&to_do, schedule.as_ref());
    let mut entry = before.clone();
    change(&mut entry);
    if entry == before {
        return find(app, actor, id).await;
    }
    let checked = entry.checked(&account.zone, now)?;
    let phone_id = line(&mut tx, &account, checked.from.as_deref()).await?;
    let is_moved = entry.schedule != before.schedule || entry.run_at != before.run_at;
    let schedule = match is_moved {
        true => plan(&checked.timing, schedule, &account, now)?,
        false => schedule,
    };
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
pub async fn pause(app: &App, actor: &Actor, id: ToDoId) -> Result<Standing> {
    turn(app, actor, id, true).await
}

/// Goes on from the next occurrence after now. A To Do that was to go out once while it was paused
/// goes out late, or not, as its policy says.
pub async fn resume(app: &App, actor: &Actor, id: ToDoId) -> Result<Standing> {
    turn(app, actor, id, false).await
}

async fn turn(app: &App, actor: &Actor, id: ToDoId, pauses: bool) -> Result<Standing> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let found = store::to_dos::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let Standing { mut to_do, mut schedule, .. } = visible(actor, found)?;
    if to_do.paused_at.is_some() == pauses {
        return find(app, actor, id).await;
    }
    let account = store::accounts::find(tx.link(), to_do.tenant_id, to_do.account_id).await?;
    let account = account.ok_or(Error::NotFound)?;
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
pub async fn delete(app: &App, actor: &Actor, id: ToDoId) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let found = store::to_dos::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let Standing { to_do, .. } = visible(actor, found)?;
    store::to_dos::delete(tx.link(), to_do.tenant_id, id, now).await?;
    store::jobs::remove(tx.link(), to_do.tenant_id, JobKind::Fire, id.0).await?;
    repair::take_back_open(&mut tx, &to_do, "The To Do was deleted.", now).await?;
    log(&mut tx, actor, "to_do.delete", &to_do, now).await?;
    Ok(tx.commit().await?)
}

/// A run with what was sent and tried for it.
#[derive(Clone, Debug)]
pub struct RunDetail {
    /// The run.
    pub run: Run,
    /// What was sent, with its attempts; `None` where it was skipped or had nowhere to go.
    pub delivery: Option<(Delivery, Vec<Attempt>)>,
    /// When the next attempt is made.
    pub next_try: Option<Instant>,
}

/// The runs of a To Do, newest occurrence first: at most `limit`, those before `before`.
pub async fn runs(
    app: &App,
    actor: &Actor,
    id: ToDoId,
    before: Option<Instant>,
    limit: usize,
) -> Result<Vec<RunDetail>> {
    let tenant = find(app, actor, id).await?.to_do.tenant_id;
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let runs = store::runs::of_to_do(reader.link(), tenant, id, before, limit).await?;
    let ids: Vec<RunId> = runs.iter().map(|run| run.id).collect();
    let mut deliveries = store::deliveries::of_runs(reader.link(), tenant, &ids).await?;
    let mut details = Vec::new();
    for run in runs {
        let at = deliveries.iter().position(|delivery| delivery.cause.run() == Some(run.id));
        let mut detail = RunDetail { run, delivery: None, next_try: None };
        if let Some(delivery) = at.map(|at| deliveries.swap_remove(at)) {
            let kind = JobKind::Deliver(delivery.channel);
            let attempts = store::attempts::of(reader.link(), tenant, delivery.id).await?;
            if !delivery.state.is_final() {
                detail.next_try =
                    store::jobs::due_at(reader.link(), tenant, kind, delivery.id.0).await?;
            }
            detail.delivery = Some((delivery, attempts));
        }
        details.push(detail);
    }
    Ok(details)
}

/// The last run of each of some To Dos, which are such that whoever asks may see. Those that never
/// ran are missing.
pub async fn last_runs(app: &App, actor: &Actor, to_dos: &[Standing]) -> Result<Vec<Run>> {
    let ids: Vec<ToDoId> = to_dos.iter().map(|standing| standing.to_do.id).collect();
    let mut reader = app.db.read().await?;
    Ok(store::runs::last_of(reader.link(), actor.tenant_id, &ids).await?)
}

/// The To Do that a run belongs to, unless it was deleted.
pub async fn of_run(app: &App, actor: &Actor, id: RunId) -> Result<Standing> {
    let mut reader = app.db.read().await?;
    let run = store::runs::find(reader.link(), actor.tenant_id, id).await?;
    let run = run.ok_or(Error::NotFound)?;
    let found = store::to_dos::find(reader.link(), actor.tenant_id, run.to_do_id).await?;
    visible(actor, found)
}

/// What a schedule comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The rule in a sentence; a once-only To Do says when.
    pub sentence: String,
    /// The next occurrences after now.
    pub occurrences: Vec<Instant>,
}

/// The next `count` occurrences of a To Do as it stands. While it is paused, those that would come.
pub async fn preview(app: &App, actor: &Actor, id: ToDoId, count: usize) -> Result<Preview> {
    let Standing { to_do, schedule, .. } = find(app, actor, id).await?;
    let mut reader = app.db.read().await?;
    let account = store::accounts::find(reader.link(), to_do.tenant_id, to_do.account_id).await?;
    let account = account.ok_or(Error::NotFound)?;
    let timing = match (schedule, to_do.run_at) {
        (Some(Schedule { rule, times, starts_at, .. }), _) => {
            Timing::Recurring { rule, times, starts_at }
        }
        (None, run_at) => Timing::Once(run_at.unwrap_or(to_do.created_at)),
    };
    Ok(previewed(&timing, &account, app.now(), count))
}

/// The next `count` occurrences of a To Do that somebody is about to make for an account.
pub async fn preview_entry(
    app: &App,
    actor: &Actor,
    account: AccountId,
    entry: &Entry,
    count: usize,
) -> Result<Preview> {
    let mut reader = app.db.read().await?;
    let account = store::accounts::find(reader.link(), actor.tenant_id, account).await?;
    let account = actor.visible(account)?;
    let timing = entry.timed(&account.zone, app.now())?;
    Ok(previewed(&timing, &account, app.now(), count))
}

fn previewed(timing: &Timing, account: &Account, now: Instant, count: usize) -> Preview {
    let count = count.min(limits::PREVIEW_ROWS);
    match timing {
        Timing::Once(at) => Preview {
            sentence: format!("Once, {}", account.zone.portal(*at)),
            occurrences: Some(*at).filter(|at| *at > now).into_iter().take(count).collect(),
        },
        Timing::Recurring { rule, times, starts_at } => {
            let (rule, times, zone) = (rule.clone(), times.clone(), account.zone.clone());
            let recurrence = domain::Recurrence::new(rule, times, zone, *starts_at);
            Preview {
                sentence: recurrence.sentence(),
                occurrences: recurrence.occurrences(now).take(count).collect(),
            }
        }
    }
}

/// Plans a To Do's schedule: `None` if it goes out once. An occurrence must lie ahead.
fn plan(
    timing: &Timing,
    before: Option<Schedule>,
    account: &Account,
    now: Instant,
) -> Result<Option<Schedule>> {
    match timing {
        Timing::Once(at) => {
            let is_past = now.ms_since(*at) > limits::PUNCTUAL_MS;
            match is_past {
                true => Err(Invalid::field("run_at", "must not be in the past").into()),
                false => Ok(None),
            }
        }
        Timing::Recurring { rule, times, starts_at } => {
            let mut schedule = Schedule {
                id: before.as_ref().map_or(ScheduleId(0), |before| before.id),
                rule: rule.clone(),
                times: times.clone(),
                starts_at: *starts_at,
                previous: before.as_ref().and_then(|before| before.previous),
                next: None,
                created_at: before.as_ref().map_or(now, |before| before.created_at),
                updated_at: now,
            };
            schedule.next = schedule.recurrence(&account.zone).next(now);
            match schedule.next {
                Some(_) => Ok(Some(schedule)),
                None => {
                    let rule = "must have an occurrence in the future";
                    Err(Invalid::field("schedule", rule).into())
                }
            }
        }
    }
}

/// Writes a To Do's schedule, or takes it away, and moves its job.
async fn replan(tx: &mut Tx, to_do: &ToDo, schedule: Option<&Schedule>) -> Result<()> {
    let tenant = to_do.tenant_id;
    match schedule {
        Some(schedule) if to_do.paused_at.is_some() => {
            let paused = Schedule { next: None, ..schedule.clone() };
            store::to_dos::set_schedule(tx.link(), tenant, to_do.id, &paused).await?;
        }
        Some(schedule) => {
            store::to_dos::set_schedule(tx.link(), tenant, to_do.id, schedule).await?;
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

/// Plans the To Dos of an account anew, whose clocks now show other times.
pub(crate) async fn move_zone(tx: &mut Tx, account: &Account, now: Instant) -> Result<()> {
    let (tenant, id) = (account.tenant_id, account.id);
    for Standing { to_do, schedule, .. } in
        store::to_dos::recurring_of(tx.link(), tenant, id).await?
    {
        let Some(mut schedule) = schedule else { continue };
        schedule.next = schedule.recurrence(&account.zone).next(now);
        schedule.updated_at = now;
        replan(tx, &to_do, Some(&schedule)).await?;
    }
    Ok(())
}

/// The account's line with a number. A line of another account is refused: nobody sends in the
/// name of somebody else.
async fn line(tx: &mut Tx, account: &Account, digits: Option<&str>) -> Result<Option<DidId>> {
    let Some(digits) = digits else { return Ok(None) };
    let did = store::accounts::did_by_number(tx.link(), account.tenant_id, digits).await?;
    match did {
        Some(Did { account_id, .. }) if account_id != account.id => {
            Err(Invalid::field("from", "must not be a line of another account").into())
        }
        did => Ok(did.map(|did| did.id)),
    }
}

fn apply(to_do: &mut ToDo, checked: Checked) {
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
