//! A To Do as version 2 writes it: the contract's keys in the contract's order.

use app::to_dos::ScheduledToDo;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use domain::to_do::Policy;
use domain::{Instant, Rule, Schedule, ToDo, limits};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use web::refusal::Refusal;

use crate::bodies::{answer, described};
use crate::words::DeliveryType;
use crate::{Data, Utc, etag};

answer! {
    /// A To Do and when it recurs.
    #[schema(as = ToDoItem)]
    pub(crate) struct ItemBody<'a>(standing: &'a ScheduledToDo) {
        /// The To Do.
        to_do: ToDoBody<'a> = ToDoBody::new(&standing.to_do, standing.is_sending),
        /// When it recurs; null if it goes out once.
        schedule: Option<ScheduleBody<'a>> =
            standing.schedule.as_ref().map(|schedule| ScheduleBody::new(schedule, &standing.to_do)),
    }
}

answer! {
    /// A To Do, when it recurs, and what happens when it cannot go as planned.
    #[schema(as = ToDoDetail)]
    pub(crate) struct DetailBody<'a>(standing: &'a ScheduledToDo) {
        /// The To Do.
        to_do: ToDoBody<'a> = ToDoBody::new(&standing.to_do, standing.is_sending),
        /// When it recurs; null if it goes out once.
        schedule: Option<ScheduleBody<'a>> =
            standing.schedule.as_ref().map(|schedule| ScheduleBody::new(schedule, &standing.to_do)),
        /// What happens when it cannot go as planned.
        policy: PolicyBody = PolicyBody::new(&standing.to_do.policy, standing.to_do.paused_at),
    }
}

answer! {
    /// Something that is to be sent.
    #[schema(as = ToDo)]
    struct ToDoBody<'a>(to_do: &'a ToDo, is_sending: bool) {
        /// The To Do's identifier.
        id: i64 = to_do.id.0,
        /// The account's line that it goes out on; null where `from` is none of them.
        phone_id: Option<i64> = to_do.phone_id.map(|id| id.0),
        /// How it goes.
        delivery_type: DeliveryType = DeliveryType(to_do.delivery_type),
        /// What an agent is to do, for a call.
        instructions: Option<&'a str> = to_do.instructions.as_deref(),
        /// Whom it goes to: a phone, an e-mail address, or a name in the account's directory.
        contact: &'a str = &to_do.contact,
        /// When it was made.
        created_at: Utc = Utc(to_do.created_at),
        /// When it last changed.
        updated_at: Utc = Utc(to_do.updated_at),
        /// The text that is sent, spoken, or told to the agent.
        message_text: &'a str = &to_do.message_text,
        /// Always null; the schedule has the times.
        times: Option<Vec<String>> = None,
        /// Whether one of its runs is being sent.
        is_sending: bool = is_sending,
        /// When it goes out, if only once.
        run_at: Option<Utc> = to_do.run_at.map(Utc),
        /// The phone that it comes from, as digits; null for the account's first line.
        from: Option<&'a str> = to_do.from.as_deref(),
        /// The subject of an e-mail.
        subject: Option<&'a str> = to_do.subject.as_deref(),
        /// The address that an e-mail is from.
        from_email: Option<&'a str> = to_do.from_email.as_deref(),
        /// Always null.
        sendgrid_authenticated_domain_id: Option<i64> = None,
        /// The name that an e-mail is from.
        sender_name: Option<&'a str> = to_do.sender_name.as_deref(),
    }
}

answer! {
    /// When a To Do recurs.
    #[schema(as = Schedule)]
    struct ScheduleBody<'a>(schedule: &'a Schedule, to_do: &ToDo) {
        /// The schedule's identifier.
        id: i64 = schedule.id.0,
        /// The To Do's id.
        schedulable_id: i64 = to_do.id.0,
        /// Always `ToDo`.
        schedulable_type: &'static str = "ToDo",
        /// The rule in IceCube's form.
        rule: RuleJson<'a> = RuleJson(&schedule.rule),
        /// Times of day in the account's zone.
        times: Vec<String> = schedule.times.iter().map(ToString::to_string).collect(),
        /// The last occurrence that came due, sent or skipped.
        previous_occurrence: Option<Utc> = schedule.previous.map(Utc),
        /// The next occurrence; null when there is none any more, or while it is paused.
        next_occurrence: Option<Utc> = schedule.next.map(Utc),
        /// When it was made.
        created_at: Utc = Utc(schedule.created_at),
        /// When it last changed.
        updated_at: Utc = Utc(schedule.updated_at),
    }
}

/// A rule in IceCube's form, as `recur` writes it.
#[derive(Debug)]
struct RuleJson<'a>(&'a Rule);

described!(RuleJson<'_>, "ScheduleRule", {
    "type": "object", "description": "A rule in IceCube's form.",
    "properties": {
        "rule_type": {"type": "string", "description": "`IceCube::WeeklyRule` and the like."},
        "interval": {
            "type": "integer", "format": "int64", "description": "Every how many of them.",
        },
        "validations": {
            "type": "object",
            "description": "Which days, months and times; days are 0 (Sunday) to 6.",
        },
    },
    "required": ["rule_type", "interval", "validations"],
});

impl Serialize for RuleJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.ice_cube()).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

answer! {
    /// What happens when a To Do cannot go as planned.
    #[schema(as = ToDoPolicy)]
    struct PolicyBody(policy: &Policy, paused_at: Option<Instant>) {
        /// Of an occurrence that nobody ran in time: `run_late` or `skip`.
        misfire: &'static str = policy.misfire.as_str(),
        /// How late it may still run.
        grace_seconds: i64 = policy.grace_ms / limits::SECOND_MS,
        /// Of an occurrence while the one before is still being sent: `skip` or `send`.
        overlap: &'static str = policy.overlap.as_str(),
        /// When nobody knows whether an attempt went out: `repeat` or `stop`.
        if_unsure: &'static str = policy.if_unsure.as_str(),
        /// Since when it is paused; null while it is not.
        paused_at: Option<Utc> = paused_at.map(Utc),
    }
}

/// A To Do as it is answered, and its ETag.
pub(super) fn written(standing: &ScheduledToDo) -> Result<(String, Vec<u8>), Refusal> {
    let body = serde_json::to_vec(&Data { data: DetailBody::new(standing) });
    let body = body.map_err(|error| Refusal::fault(&error))?;
    let to_do = &standing.to_do;
    Ok((etag::of_body(to_do.id.0, to_do.revision, &body), body))
}

pub(super) fn answered(etag: String, body: Vec<u8>) -> Response {
    ([(ETAG, etag), (CONTENT_TYPE, "application/json".to_owned())], body).into_response()
}
