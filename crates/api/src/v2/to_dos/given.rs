//! What somebody gives about a To Do: read from JSON, and every fault of type or rule told at once.

use domain::Invalid;
use domain::to_do::{Entry, ScheduleEntry};
use serde_json::{Map, Value};
use web::refusal::Refusal;

use super::schedule;
use crate::Fields;

/// A text of an entry.
type Slot = fn(&mut Entry) -> &mut String;

/// The texts of an entry by their keys. `""` and null stand for absence.
const TEXTS: [(&str, Slot); 12] = [
    ("delivery_type", |entry| &mut entry.delivery_type),
    ("contact", |entry| &mut entry.contact),
    ("from", |entry| &mut entry.from),
    ("message_text", |entry| &mut entry.message_text),
    ("subject", |entry| &mut entry.subject),
    ("from_email", |entry| &mut entry.from_email),
    ("sender_name", |entry| &mut entry.sender_name),
    ("instructions", |entry| &mut entry.instructions),
    ("run_at", |entry| &mut entry.run_at),
    ("misfire", |entry| &mut entry.misfire),
    ("overlap", |entry| &mut entry.overlap),
    ("if_unsure", |entry| &mut entry.if_unsure),
];

/// What somebody gives about a To Do, bare or under `"to_do"`. It may be faulty.
#[derive(Debug)]
pub(super) struct Given {
    /// What leads to its fields in a path: `""` or `"to_do."`.
    prefix: &'static str,
    account_number: Option<String>,
    texts: Vec<(Slot, String)>,
    gives_run_at: bool,
    grace_seconds: Option<Option<i64>>,
    schedule: Option<Option<ScheduleEntry>>,
    faults: Invalid,
}

impl Given {
    /// What makes a To Do: `required` are the keys that it must have. Unknown keys are ignored.
    pub(super) fn to_create(
        mut object: Map<String, Value>,
        required: &[&str],
    ) -> Result<Self, Invalid> {
        let is_wrapped = object.get("to_do").is_some_and(Value::is_object)
            || (object.len() == 1 && object.contains_key("to_do"));
        let inner = if is_wrapped { object.shift_remove("to_do") } else { None };
        let mut fields = unwrapped(inner, object)?;
        for name in required {
            fields.null(name);
            fields.require(name);
        }
        let number = fields.line("account_number");
        let mut given = Given::read(&mut fields, Fields::faults);
        given.faults = joined(fields.faults(), given.faults);
        given.account_number = number;
        Ok(given)
    }

    /// What changes a To Do. Unknown keys are faults.
    pub(super) fn to_change(mut object: Map<String, Value>) -> Result<Self, Invalid> {
        let is_wrapped = object.len() == 1 && object.contains_key("to_do");
        let inner = if is_wrapped { object.shift_remove("to_do") } else { None };
        let mut fields = unwrapped(inner, object)?;
        let mut given = Given::read(&mut fields, Fields::finish);
        given.faults = joined(fields.finish(), given.faults);
        Ok(given)
    }

    /// Reads what is known; `end` says what is wrong with the keys of the schedule.
    fn read(fields: &mut Fields, end: fn(Fields) -> Invalid) -> Self {
        let mut faults = Invalid::new();
        let mut texts = Vec::new();
        let mut gives_run_at = false;
        for (name, slot) in TEXTS {
            let text = if fields.null(name) { Some(String::new()) } else { fields.string(name) };
            let Some(text) = text else { continue };
            gives_run_at |= name == "run_at" && !text.trim().is_empty();
            texts.push((slot, text));
        }
        let grace_seconds = if fields.null("grace_seconds") {
            Some(None)
        } else {
            fields.whole("grace_seconds").map(Some)
        };
        let within = if fields.prefix().is_empty() { "schedule." } else { "to_do.schedule." };
        let schedule = match fields.null("schedule") {
            true => Some(None),
            false => fields.object("schedule", within).map(|mut fields| {
                let entry = schedule::read(&mut fields);
                faults = end(fields);
                Some(entry)
            }),
        };
        let prefix = fields.prefix();
        Given { prefix, account_number: None, texts, gives_run_at, grace_seconds, schedule, faults }
    }

    /// The account's number; `None` if there is none, or none that could be looked for.
    pub(super) fn account_number(&self) -> Option<&str> {
        let path = format!("{}account_number", self.prefix);
        self.account_number.as_deref().filter(|_| self.faults.about(&path).is_none())
    }

    /// Puts what is given in the place of what an entry has. It goes out either once or again and
    /// again: a new `run_at` takes the schedule away, and the other way round.
    pub(super) fn change(&self, entry: &mut Entry) {
        for (slot, text) in &self.texts {
            slot(entry).clone_from(text);
        }
        if let Some(grace_seconds) = self.grace_seconds {
            entry.grace_seconds = grace_seconds;
        }
        match &self.schedule {
            Some(schedule) => {
                entry.schedule.clone_from(schedule);
                if schedule.is_some() && !self.gives_run_at {
                    entry.run_at.clear();
                }
            }
            None if self.gives_run_at => entry.schedule = None,
            None => {}
        }
    }

    /// The entry of a new To Do.
    pub(super) fn entry(&self) -> Entry {
        let mut entry = Entry::default();
        self.change(&mut entry);
        entry
    }

    /// Whether something is of the wrong type, missing or unknown; rules are `app`'s to check.
    pub(super) fn is_faulty(&self) -> bool {
        !self.faults.is_empty()
    }

    /// The refusal of all that is wrong: with its types, and by the rules. What only follows from a
    /// wrong type is left out.
    pub(super) fn refused(self, rules: &Invalid) -> Refusal {
        let mut all = self.faults.clone();
        for (path, rule) in rules.faults() {
            let path = format!("{}{path}", self.prefix);
            let follows = self.faults.faults().any(|(fault, _)| {
                explains(
                    fault.strip_prefix(self.prefix).unwrap_or(fault),
                    &path[self.prefix.len()..],
                )
            });
            if !follows {
                all.add(path, rule);
            }
        }
        all.into()
    }

    /// An answer of `app`, its faults by the paths of this body.
    pub(super) fn told(self, error: app::Error) -> Refusal {
        match error {
            app::Error::Invalid(rules) => self.refused(&rules),
            other => other.into(),
        }
    }
}

/// Whether a broken rule at `path` only follows from a fault of type at `fault`.
fn explains(fault: &str, path: &str) -> bool {
    let is_within = path.strip_prefix(fault).is_some_and(|rest| rest.starts_with(['.', '[']));
    path == fault || is_within || (fault == "run_at" && path == "schedule")
}

fn unwrapped(inner: Option<Value>, bare: Map<String, Value>) -> Result<Fields, Invalid> {
    match inner {
        Some(Value::Object(inner)) => Ok(Fields::of("to_do.", inner)),
        Some(_) => Err(Invalid::field("to_do", "must be an object")),
        None => Ok(Fields::of("", bare)),
    }
}

fn joined(mut faults: Invalid, others: Invalid) -> Invalid {
    others.faults().for_each(|(path, rule)| faults.add(path, rule));
    faults
}
