//! A To Do as version 2 writes it: the contract's keys in the contract's order.

use app::to_dos::Standing;
use domain::to_do::Policy;
use domain::{Instant, Rule, Schedule, ToDo, limits};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::Utc;

/// A To Do and when it recurs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ToDoItem)]
pub(crate) struct ItemBody<'a> {
    /// The To Do.
    to_do: ToDoBody<'a>,
    /// When it recurs; null if it goes out once.
    schedule: Option<ScheduleBody<'a>>,
}

/// A To Do, when it recurs, and what happens when it cannot go as planned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ToDoDetail)]
pub(crate) struct DetailBody<'a> {
    /// The To Do.
    to_do: ToDoBody<'a>,
    /// When it recurs; null if it goes out once.
    schedule: Option<ScheduleBody<'a>>,
    /// What happens when it cannot go as planned.
    policy: PolicyBody,
}

/// Something that is to be sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ToDo)]
struct ToDoBody<'a> {
    /// Its identifier.
    id: i64,
    /// The account's line that it goes out on; null where `from` is none of them.
    phone_id: Option<i64>,
    /// How it goes.
    #[schema(value_type = DeliveryTypeWord)]
    delivery_type: &'static str,
    /// What an agent is to do, for a call.
    instructions: Option<&'a str>,
    /// Whom it goes to: a phone, an e-mail address, or a name in the account's directory.
    contact: &'a str,
    /// When it was made.
    created_at: Utc,
    /// When it last changed.
    updated_at: Utc,
    /// The text.
    message_text: &'a str,
    /// Always null; the schedule has the times.
    times: Option<Vec<String>>,
    /// Whether one of its runs is being sent.
    is_sending: bool,
    /// When it goes out, if only once.
    run_at: Option<Utc>,
    /// The phone that it comes from, as digits; null for the account's first line.
    from: Option<&'a str>,
    /// The subject of an e-mail.
    subject: Option<&'a str>,
    /// The address that an e-mail is from.
    from_email: Option<&'a str>,
    /// Always null.
    sendgrid_authenticated_domain_id: Option<i64>,
    /// The name that an e-mail is from.
    sender_name: Option<&'a str>,
}

/// When a To Do recurs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Schedule)]
struct ScheduleBody<'a> {
    /// Its identifier.
    id: i64,
    /// The To Do's id.
    schedulable_id: i64,
    /// Always `ToDo`.
    schedulable_type: &'static str,
    /// The rule in IceCube's form.
    #[schema(value_type = RuleBody)]
    rule: RuleJson<'a>,
    /// Times of day in the account's zone.
    times: Vec<String>,
    /// The last occurrence that came due, sent or skipped.
    previous_occurrence: Option<Utc>,
    /// The next occurrence; null when there is none any more, or while it is paused.
    next_occurrence: Option<Utc>,
    /// When it was made.
    created_at: Utc,
    /// When it last changed.
    updated_at: Utc,
}

/// A rule in IceCube's form.
#[derive(Debug, ToSchema)]
#[schema(as = ScheduleRule)]
#[expect(dead_code, reason = "stands in the OpenAPI document; recur writes it")]
struct RuleBody {
    /// `IceCube::WeeklyRule` and the like.
    rule_type: String,
    /// Every how many of them.
    interval: i64,
    /// Which days, months and times; days are 0 (Sunday) to 6.
    #[schema(value_type = Object)]
    validations: Value,
}

/// A rule as `recur` writes it.
#[derive(Debug)]
struct RuleJson<'a>(&'a Rule);

impl Serialize for RuleJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.ice_cube()).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// What happens when a To Do cannot go as planned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ToDoPolicy)]
struct PolicyBody {
    /// Of an occurrence that nobody ran in time: `run_late` or `skip`.
    misfire: &'static str,
    /// How late it may still run.
    grace_seconds: i64,
    /// Of an occurrence while the one before is still being sent: `skip` or `send`.
    overlap: &'static str,
    /// When nobody knows whether an attempt went out: `repeat` or `stop`.
    if_unsure: &'static str,
    /// Since when it is paused; null while it is not.
    paused_at: Option<Utc>,
}

/// How something is sent.
#[derive(Debug, ToSchema)]
#[schema(as = DeliveryType, rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the OpenAPI document; the words are domain::Channel's")]
pub(crate) enum DeliveryTypeWord {
    Sms,
    Email,
    Call,
}

impl<'a> From<&'a Standing> for ItemBody<'a> {
    fn from(standing: &'a Standing) -> Self {
        let to_do = ToDoBody::new(&standing.to_do, standing.is_sending);
        let schedule = standing.schedule.as_ref();
        ItemBody {
            to_do,
            schedule: schedule.map(|schedule| ScheduleBody::new(schedule, &standing.to_do)),
        }
    }
}

impl<'a> From<&'a Standing> for DetailBody<'a> {
    fn from(standing: &'a Standing) -> Self {
        let ItemBody { to_do, schedule } = ItemBody::from(standing);
        let policy = PolicyBody::new(&standing.to_do.policy, standing.to_do.paused_at);
        DetailBody { to_do, schedule, policy }
    }
}

impl<'a> ToDoBody<'a> {
    fn new(to_do: &'a ToDo, is_sending: bool) -> Self {
        ToDoBody {
            id: to_do.id.0,
            phone_id: to_do.phone_id.map(|id| id.0),
            delivery_type: to_do.delivery_type.as_str(),
            instructions: to_do.instructions.as_deref(),
            contact: &to_do.contact,
            created_at: Utc(to_do.created_at),
            updated_at: Utc(to_do.updated_at),
            message_text: &to_do.message_text,
            times: None,
            is_sending,
            run_at: to_do.run_at.map(Utc),
            from: to_do.from.as_deref(),
            subject: to_do.subject.as_deref(),
            from_email: to_do.from_email.as_deref(),
            sendgrid_authenticated_domain_id: None,
            sender_name: to_do.sender_name.as_deref(),
        }
    }
}

impl<'a> ScheduleBody<'a> {
    fn new(schedule: &'a Schedule, to_do: &ToDo) -> Self {
        ScheduleBody {
            id: schedule.id.0,
            schedulable_id: to_do.id.0,
            schedulable_type: "ToDo",
            rule: RuleJson(&schedule.rule),
            times: schedule.times.iter().map(ToString::to_string).collect(),
            previous_occurrence: schedule.previous.map(Utc),
            next_occurrence: schedule.next.map(Utc),
            created_at: Utc(schedule.created_at),
            updated_at: Utc(schedule.updated_at),
        }
    }
}

impl PolicyBody {
    fn new(policy: &Policy, paused_at: Option<Instant>) -> Self {
        PolicyBody {
            misfire: policy.misfire.as_str(),
            grace_seconds: policy.grace_ms / limits::SECOND_MS,
            overlap: policy.overlap.as_str(),
            if_unsure: policy.if_unsure.as_str(),
            paused_at: paused_at.map(Utc),
        }
    }
}
