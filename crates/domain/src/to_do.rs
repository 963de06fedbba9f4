//! A To Do: something that is to be sent by SMS, e-mail or call, once or again and again.

mod address;
mod due;
mod entry;
mod run;

use recur::{Recurrence, Rule, Time};

use crate::delivery::IfUnsure;
use crate::{
    AccountId, Channel, DidId, Instant, ScheduleId, TenantId, ToDoId, UserId, Zone, limits,
};

pub use address::{Address, resolve};
pub use due::{Due, DueVerdict, Occurrence, due};
pub use entry::{CheckedToDo, ScheduleEntry, Timing, ToDoEntry};
pub use run::{Run, RunState};

/// Something to be sent. Field names are those of the API contract, which documents each.
#[derive(Clone, Debug, PartialEq)]
pub struct ToDo {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// Its identifier.
    pub id: ToDoId,
    /// The account for which it is sent.
    pub account_id: AccountId,
    /// The account's line that it goes out on, if `from` is one.
    pub phone_id: Option<DidId>,
    /// How it goes.
    pub delivery_type: Channel,
    /// What an agent is to do, for a call.
    pub instructions: Option<String>,
    /// Whom it goes to: a phone, an e-mail address, or a name in the account's directory.
    pub contact: String,
    /// The text.
    pub message_text: String,
    /// When it goes out, if only once.
    pub run_at: Option<Instant>,
    /// The phone that it comes from, as digits; `None` takes the account's first line.
    pub from: Option<String>,
    /// The subject of an e-mail.
    pub subject: Option<String>,
    /// The address that an e-mail is from.
    pub from_email: Option<String>,
    /// The name that an e-mail is from.
    pub sender_name: Option<String>,
    /// What happens when it cannot go as planned.
    pub policy: Policy,
    /// Since when nothing is sent any more, until somebody resumes it.
    pub paused_at: Option<Instant>,
    /// Grows with every change; what an ETag is made of.
    pub revision: i64,
    /// Who made it; `None` for the command line.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl ToDo {
    /// What an agent is to do, where an agent works it: a call with instructions is not spoken by
    /// us, somebody makes it.
    pub fn to_work(&self) -> Option<&str> {
        let told = self.instructions.as_deref().map(str::trim).filter(|told| !told.is_empty());
        told.filter(|_| self.delivery_type == Channel::Call)
    }
}

/// When a To Do recurs, and where it stands in that.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Its identifier.
    pub id: ScheduleId,
    /// The rule.
    pub rule: Rule,
    /// The times of day, in the account's zone, as they were asked for.
    pub times: Vec<Time>,
    /// The instant from which it counts: intervals begin here.
    pub starts_at: Instant,
    /// The last occurrence that came due, whether it was sent or skipped.
    pub previous: Option<Instant>,
    /// The next occurrence; `None` when there is none any more, or while it is paused.
    pub next: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl Schedule {
    /// The recurrence in an account's zone.
    pub fn recurrence(&self, zone: &Zone) -> Recurrence {
        Recurrence::new(self.rule.clone(), self.times.clone(), zone.clone(), self.starts_at)
    }
}

/// What happens when a To Do cannot go as planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What is done with an occurrence that nobody ran in time.
    pub misfire: Misfire,
    /// How late it may still run, in milliseconds.
    pub grace_ms: i64,
    /// What is done with an occurrence while the one before it is still being sent.
    pub overlap: Overlap,
    /// What is done when nobody knows whether an attempt went out.
    pub if_unsure: IfUnsure,
}

impl Policy {
    /// What holds where nobody says otherwise.
    pub fn usual(channel: Channel) -> Self {
        Policy {
            misfire: Misfire::RunLate,
            grace_ms: limits::GRACE_MS,
            overlap: Overlap::Skip,
            if_unsure: channel.if_unsure(),
        }
    }
}

/// What is done with an occurrence that nobody ran in time, because no worker was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfire {
    /// The last one missed runs late, within the grace; earlier ones are skipped.
    RunLate,
    /// It is skipped.
    Skip,
}

impl Misfire {
    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Misfire::RunLate => "run_late",
            Misfire::Skip => "skip",
        }
    }

    /// The policy with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Misfire::RunLate, Misfire::Skip].into_iter().find(|policy| policy.as_str() == word)
    }
}

/// What is done with an occurrence while the one before it is still being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// It is skipped.
    Skip,
    /// It is sent as well.
    Send,
}

impl Overlap {
    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Overlap::Skip => "skip",
            Overlap::Send => "send",
        }
    }

    /// The policy with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Overlap::Skip, Overlap::Send].into_iter().find(|policy| policy.as_str() == word)
    }
}
