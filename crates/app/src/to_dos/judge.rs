//! What is wrong with a To Do that somebody wants to make or change: all of it at once.

use domain::account::phone_digits;
use domain::phone::e164;
use domain::to_do::{CheckedToDo, Timing, ToDoEntry};
use domain::{
    Account, Channel, Did, DidId, Instant, Invalid, Schedule, ScheduleId, ToDoId, Zone, limits,
};
use store::Link;

use super::ScheduledToDo;
use super::read::visible;
use crate::{Actor, App, Error, Result};

/// Whether a To Do goes out at other times than before, and the schedule that it had.
pub(super) enum Timetable {
    /// It does, or it is new.
    Changed(Option<Schedule>),
    /// It keeps its schedule.
    Same(Option<Schedule>),
}

/// An entry that was found sound, with all that it takes to write it.
pub(super) struct SoundEntry {
    pub(super) checked: CheckedToDo,
    pub(super) phone_id: Option<DidId>,
    pub(super) schedule: Option<Schedule>,
}

/// Checks an entry for an account: its fields, the line that it goes out on, and its next
/// occurrence.
pub(super) async fn judge(
    link: Link<'_>,
    account: &Account,
    entry: &ToDoEntry,
    moved: Timetable,
    now: Instant,
) -> Result<SoundEntry> {
    let mut invalid = Invalid::new();
    let phone_id = kept(&mut invalid, line(link, account, entry).await)?;
    let checked = kept(&mut invalid, entry.checked(&account.zone, now).map_err(Error::from))?;
    let schedule = match moved {
        Timetable::Same(schedule) => Some(schedule),
        Timetable::Changed(before) => match entry.timed(&account.zone, now) {
            Ok(timing) => kept(&mut invalid, plan(&timing, before, account, now))?,
            Err(_) => None, // Told by the check above.
        },
    };
    match (checked, schedule) {
        (Some(checked), Some(schedule)) if invalid.is_empty() => {
            Ok(SoundEntry { checked, phone_id: phone_id.flatten(), schedule })
        }
        _ => Err(invalid.into()),
    }
}

/// What a check answers; its faults are added to the others, and anything worse ends the matter.
fn kept<T>(invalid: &mut Invalid, answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::Invalid(faults)) => {
            add(invalid, &faults);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

fn add(invalid: &mut Invalid, faults: &Invalid) {
    faults.faults().for_each(|(path, rule)| invalid.add(path, rule));
}

/// What is wrong with an entry for the account with a number. Without a number nothing is said
/// about the account.
#[crate::boxed]
pub async fn faults_of_new(
    app: &App,
    actor: &Actor,
    account_number: Option<&str>,
    entry: &ToDoEntry,
) -> Result<Invalid> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let Some(number) = account_number else {
        return Ok(entry.checked(&Zone::utc(), now).err().unwrap_or_default());
    };
    let account = store::accounts::by_number(reader.link(), actor.tenant_id, number.trim()).await?;
    match account.filter(|account| actor.sees(account.id)) {
        Some(account) => {
            faults(judge(reader.link(), &account, entry, Timetable::Changed(None), now).await)
        }
        None => Ok(unknown_account(entry.checked(&Zone::utc(), now))),
    }
}

/// What would be wrong with a To Do that is changed like this.
pub async fn faults_of_change(
    app: &App,
    actor: &Actor,
    id: ToDoId,
    change: impl FnOnce(&mut ToDoEntry),
) -> Result<Invalid> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let found = store::to_dos::find(reader.link(), actor.tenant_id, id).await?;
    let ScheduledToDo { to_do, schedule, .. } = visible(actor, found)?;
    let account = store::accounts::find(reader.link(), to_do.tenant_id, to_do.account_id).await?;
    let account = account.ok_or(Error::NotFound)?;
    let before = ToDoEntry::of(&to_do, schedule.as_ref());
    let mut entry = before.clone();
    change(&mut entry);
    let moved = if entry.is_moved(&before) {
        Timetable::Changed(schedule)
    } else {
        Timetable::Same(schedule)
    };
    faults(judge(reader.link(), &account, &entry, moved, now).await)
}

fn faults(judged: Result<SoundEntry>) -> Result<Invalid> {
    match judged {
        Ok(_) => Ok(Invalid::new()),
        Err(Error::Invalid(faults)) => Ok(faults),
        Err(other) => Err(other),
    }
}

/// The faults of an account number that nobody has, together with those of the entry.
pub(super) fn unknown_account<T>(checked: std::result::Result<T, Invalid>) -> Invalid {
    let mut invalid =
        Invalid::field("account_number", "must be the number of an account that you may see");
    if let Err(faults) = checked {
        add(&mut invalid, &faults);
    }
    invalid
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

/// The account's line that a To Do goes out on: the one with its number, or the first one where it
/// names none and is sent by phone. A line of another account is refused: nobody sends in the name
/// of somebody else.
async fn line(link: Link<'_>, account: &Account, entry: &ToDoEntry) -> Result<Option<DidId>> {
    let from = entry.from.as_str();
    let is_by_phone = Channel::parse(&entry.delivery_type) != Some(Channel::Email);
    if from.trim().is_empty() && is_by_phone {
        let key = (account.tenant_id, account.id);
        let lines = store::accounts::lines_of_any_tenant(link, &[key]).await?;
        return Ok(lines.first().map(|did| did.id));
    }
    if e164(from).is_err() {
        return Ok(None); // Absent, or refused by the entry's own check.
    }
    let digits = phone_digits(from.trim());
    let did = store::accounts::did_by_number(link, account.tenant_id, &digits).await?;
    match did {
        Some(Did { account_id, .. }) if account_id != account.id => {
            Err(Invalid::field("from", "must not be a line of another account").into())
        }
        did => Ok(did.map(|did| did.id)),
    }
}
