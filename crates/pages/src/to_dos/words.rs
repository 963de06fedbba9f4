//! What pages say of a To Do: what it is called, when it goes out, and when next.

use app::Error;
use app::to_dos::ScheduledToDo;
use domain::{Account, Channel, Instant, ToDo, Zone};

use crate::messages::words::first_line;

/// When a To Do goes out, in a sentence.
pub(crate) fn sentence(standing: &ScheduledToDo, zone: &Zone) -> String {
    match (&standing.schedule, standing.to_do.run_at) {
        (Some(schedule), _) => schedule.recurrence(zone).sentence(),
        (None, Some(at)) => format!("Once, {}", in_full(at, zone)),
        (None, None) => "Never".to_owned(),
    }
}

/// When it goes out next.
pub(crate) fn next(standing: &ScheduledToDo, now: Instant) -> Option<Instant> {
    if standing.to_do.paused_at.is_some() {
        return None;
    }
    match &standing.schedule {
        Some(schedule) => schedule.next,
        None => standing.to_do.run_at.filter(|at| *at > now),
    }
}

/// `Sat, Nov 30, 2024, 9:00 AM EST`.
pub(crate) fn in_full(at: Instant, zone: &Zone) -> String {
    format!("{}, {}", zone.date(at).weekday(), zone.portal(at))
}

/// What a To Do is called: an e-mail's subject, else the first line of its text.
pub(crate) fn title(to_do: &ToDo) -> &str {
    let subject = to_do.subject.as_deref().filter(|_| to_do.delivery_type == Channel::Email);
    subject.unwrap_or_else(|| first_line(&to_do.message_text))
}

/// The same, shortened.
pub(crate) fn name(to_do: &ToDo) -> String {
    const LONGEST: usize = 60;
    let line = title(to_do).trim_end_matches('.');
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line.to_owned(),
    }
}

/// The account of a To Do, among those that somebody may see.
pub(crate) fn account_of(accounts: &[Account], standing: &ScheduledToDo) -> Result<Account, Error> {
    let account = accounts.iter().find(|account| account.id == standing.to_do.account_id);
    account.cloned().ok_or(Error::NotFound)
}
