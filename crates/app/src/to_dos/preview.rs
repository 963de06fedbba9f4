//! Previews: a schedule in a sentence, and its next occurrences.

use domain::to_do::{Timing, ToDoEntry};
use domain::{Account, AccountId, Instant, Schedule, ToDoId, Zone, limits};

use super::ScheduledToDo;
use super::judge::unknown_account;
use super::read::find;
use crate::{Actor, App, Error, Result};

/// A schedule as people read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The rule in a sentence; a once-only To Do says when.
    pub sentence: String,
    /// The next occurrences after now.
    pub occurrences: Vec<Instant>,
}

/// The next `count` occurrences of a To Do as it stands. While it is paused, those that would come.
#[crate::boxed]
pub async fn preview(app: &App, actor: &Actor, id: ToDoId, count: usize) -> Result<Preview> {
    let ScheduledToDo { to_do, schedule, .. } = find(app, actor, id).await?;
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
#[crate::boxed]
pub async fn preview_entry(
    app: &App,
    actor: &Actor,
    account: AccountId,
    entry: &ToDoEntry,
    count: usize,
) -> Result<Preview> {
    let mut reader = app.db.read().await?;
    let account = store::accounts::find(reader.link(), actor.tenant_id, account).await?;
    let account = actor.visible(account)?;
    let timing = entry.timed(&account.zone, app.now())?;
    Ok(previewed(&timing, &account, app.now(), count))
}

/// The same, for the account with a number.
#[crate::boxed]
pub async fn preview_draft(
    app: &App,
    actor: &Actor,
    account_number: &str,
    entry: &ToDoEntry,
    count: usize,
) -> Result<Preview> {
    let mut reader = app.db.read().await?;
    let number = account_number.trim();
    let account = store::accounts::by_number(reader.link(), actor.tenant_id, number).await?;
    let account = account.filter(|account| actor.sees(account.id));
    let Some(account) = account else {
        return Err(unknown_account(entry.timed(&Zone::utc(), app.now())).into());
    };
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
