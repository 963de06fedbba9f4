//! What somebody gives about a To Do: read from JSON, and every fault of type or rule told at once.

use domain::to_do::{ScheduleEntry, ToDoEntry};
use domain::{Invalid, limits};
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use web::refusal::Refusal;

use super::schedule::NewSchedule;
use crate::bodies::{
    AnyText, Clearable, Field, FieldKind, Line, Required, Schemas, Whole, WholeBetween, add_field,
    named, object, schema_of,
};
use crate::fields::{Fields, UnknownFields};

/// A text of an entry.
type EntryText = fn(&mut ToDoEntry) -> &mut String;

/// The texts of an entry by their keys, with the least and most letters that they may have, and
/// what they mean. `""` and null stand for absence. The rules are those of `domain`.
const TEXTS: [(&str, EntryText, [usize; 2], &str); 12] = [
    ("delivery_type", |entry| &mut entry.delivery_type, [1, 5], "How it goes."),
    (
        "contact",
        |entry| &mut entry.contact,
        [1, LINE],
        "Whom it goes to: a phone, an e-mail address, or a name in the account's directory. The \
         channel's address is found when it is sent; what leads nowhere fails that run.",
    ),
    ("from", |entry| &mut entry.from, [0, LINE], "The phone that it comes from; kept as digits."),
    ("message_text", |entry| &mut entry.message_text, [1, TEXT], "The text."),
    ("subject", |entry| &mut entry.subject, [0, LINE], "The subject of an e-mail."),
    ("from_email", |entry| &mut entry.from_email, [0, 254], "The address that an e-mail is from."),
    ("sender_name", |entry| &mut entry.sender_name, [0, LINE], "The name that an e-mail is from."),
    (
        "instructions",
        |entry| &mut entry.instructions,
        [0, TEXT],
        "What an agent is to do, for a call.",
    ),
    (
        "run_at",
        |entry| &mut entry.run_at,
        [0, LINE],
        "When it goes out, if only once: ISO 8601 with `Z` or an offset, not in the past.",
    ),
    (
        "misfire",
        |entry| &mut entry.misfire,
        [0, LINE],
        "Of an occurrence that nobody ran in time: `run_late` (the default; within the grace) or \
         `skip`.",
    ),
    (
        "overlap",
        |entry| &mut entry.overlap,
        [0, LINE],
        "Of an occurrence while the one before is still being sent: `skip` (the default) or \
         `send`.",
    ),
    (
        "if_unsure",
        |entry| &mut entry.if_unsure,
        [0, LINE],
        "When nobody knows whether an attempt went out: `repeat` (the default of `sms` and \
         `email`) or `stop` (the default of `call`).",
    ),
];

/// The words of the texts that are one of two.
const WORDS: [(&str, [&str; 2]); 3] = [
    ("misfire", ["run_late", "skip"]),
    ("overlap", ["skip", "send"]),
    ("if_unsure", ["repeat", "stop"]),
];

const LINE: usize = limits::LINE_BYTES;
const TEXT: usize = limits::TO_DO_TEXT_BYTES;
const GRACE_SECONDS: usize = (limits::GRACE_LONGEST_MS / limits::SECOND_MS) as usize;

/// The keys without which nothing is made.
pub(super) const REQUIRED: [&str; 4] =
    ["account_number", "delivery_type", "contact", "message_text"];

/// The body of a create.
pub(super) struct NewToDo;

/// The body of a change.
pub(super) struct ToDoUpdate;

impl PartialSchema for NewToDo {
    fn schema() -> RefOr<Schema> {
        let mut body = entry_schema(
            "A To Do to be made: with a `schedule`, or with `run_at` for one that goes out once. \
             It may also stand under `\"to_do\"`. Keys that are not known are ignored.",
        );
        add_field::<Required<Line>>(&mut body, "account_number", "The account's number.");
        body["required"] = json!(REQUIRED);
        schema_of(body)
    }
}

impl PartialSchema for ToDoUpdate {
    fn schema() -> RefOr<Schema> {
        let mut body = entry_schema(
            "What may be changed about a To Do: what is given is changed; null clears, or brings \
             the default back. `schedule` replaces the whole schedule and takes `run_at` away; \
             `run_at` takes the schedule away. It may also stand under `\"to_do\"`.",
        );
        body["additionalProperties"] = false.into();
        schema_of(body)
    }
}

impl ToSchema for NewToDo {
    fn schemas(schemas: &mut Schemas) {
        <NewSchedule as FieldKind>::schemas(schemas);
    }
}

impl ToSchema for ToDoUpdate {}

/// What both bodies hold.
fn entry_schema(text: &str) -> Value {
    let mut body = object(text);
    for (name, _, [least, most], text) in TEXTS {
        let kind = if least == 0 { json!(["string", "null"]) } else { json!("string") };
        body["properties"][name] =
            json!({"type": kind, "minLength": least, "maxLength": most, "description": text});
    }
    body["properties"]["delivery_type"] = named("DeliveryType");
    // "" stands for absence, as null does.
    for (name, words) in WORDS {
        let property = &mut body["properties"][name];
        *property = json!({
            "type": ["string", "null"], "enum": [words[0], words[1], "", null],
            "description": property["description"],
        });
    }
    let text = "How late it may still run; 3600 if nobody says otherwise.";
    add_field::<Option<WholeBetween<0, GRACE_SECONDS>>>(&mut body, "grace_seconds", text);
    add_field::<Option<NewSchedule>>(&mut body, "schedule", "When it recurs.");
    body
}

/// What somebody gives about a To Do, bare or under `"to_do"`. It may be faulty.
#[derive(Debug)]
pub(super) struct ToDoInput {
    /// What leads to its fields in a path: `""` or `"to_do."`.
    prefix: String,
    account_number: Option<String>,
    texts: Vec<(EntryText, String)>,
    gives_run_at: bool,
    grace_seconds: Option<Option<i64>>,
    schedule: Option<Option<ScheduleEntry>>,
    faults: Invalid,
}

impl ToDoInput {
    /// What makes a To Do: `required` are the keys that it must have. Unknown keys are ignored.
    pub(super) fn to_create(
        object: Map<String, Value>,
        required: &[&str],
    ) -> Result<Self, Invalid> {
        let is_wrapped = object.get("to_do").is_some_and(Value::is_object) || is_alone(&object);
        let mut fields = Fields::unwrapped(object, "to_do", is_wrapped, UnknownFields::Ignored)?;
        required.iter().for_each(|name| fields.require(name));
        let account_number = Line::read(&mut fields, "account_number");
        Ok(ToDoInput { account_number, ..Self::read(fields) })
    }

    /// What changes a To Do. Unknown keys are faults.
    pub(super) fn to_change(object: Map<String, Value>) -> Result<Self, Invalid> {
        let is_wrapped = is_alone(&object);
        Ok(Self::read(Fields::unwrapped(object, "to_do", is_wrapped, UnknownFields::Refused)?))
    }

    fn read(mut fields: Fields) -> Self {
        let mut texts = Vec::new();
        let mut gives_run_at = false;
        for (name, slot, ..) in TEXTS {
            let Some(text) = Clearable::<AnyText>::take(&mut fields, name).flatten() else {
                continue;
            };
            let text = text.unwrap_or_default();
            gives_run_at |= name == "run_at" && !text.trim().is_empty();
            texts.push((slot, text));
        }
        ToDoInput {
            prefix: fields.prefix().to_owned(),
            account_number: None,
            texts,
            gives_run_at,
            grace_seconds: Clearable::<Whole>::take(&mut fields, "grace_seconds").flatten(),
            schedule: Clearable::<NewSchedule>::take(&mut fields, "schedule").flatten(),
            faults: fields.finish(),
        }
    }

    /// The account's number; `None` if there is none, or none that could be looked for.
    pub(super) fn account_number(&self) -> Option<&str> {
        let path = format!("{}account_number", self.prefix);
        self.account_number.as_deref().filter(|_| self.faults.about(&path).is_none())
    }

    /// Puts what is given in the place of what an entry has. It goes out either once or again and
    /// again: a new `run_at` takes the schedule away, and the other way round.
    pub(super) fn change(&self, entry: &mut ToDoEntry) {
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
    pub(super) fn entry(&self) -> ToDoEntry {
        let mut entry = ToDoEntry::default();
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
                    fault.strip_prefix(&self.prefix).unwrap_or(fault),
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
    pub(super) fn refusal(self, error: app::Error) -> Refusal {
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

/// Whether `"to_do"` is all that there is.
fn is_alone(object: &Map<String, Value>) -> bool {
    object.len() == 1 && object.contains_key("to_do")
}
