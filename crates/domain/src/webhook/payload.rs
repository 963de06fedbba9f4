//! What a webhook is told of something that happened: its identity and state, at that moment.
//!
//! What the caller said stands in none of it: a receiver that needs it asks the API, with a key.

use crate::to_do::RunState;
use crate::webhook::HookKind;
use crate::{Channel, Instant, Message, Recording, RunId, ToDoId, Webhook};

/// A value in a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Nothing.
    Null,
}

/// The fields of a payload's `data`, in their order.
pub type Facts = Vec<(&'static str, Fact)>;

fn text(text: &str) -> Fact {
    Fact::Text(text.to_owned())
}

fn number(n: Option<i64>) -> Fact {
    n.map_or(Fact::Null, Fact::Number)
}

fn maybe(text: Option<&str>) -> Fact {
    text.map_or(Fact::Null, |text| Fact::Text(text.to_owned()))
}

fn instant(at: Option<Instant>) -> Fact {
    at.map_or(Fact::Null, |at| Fact::Text(at.rfc3339_ms()))
}

/// A run of a To Do that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedRun {
    /// The run.
    pub id: RunId,
    /// Its To Do.
    pub to_do_id: ToDoId,
    /// Over which channel it was to go.
    pub channel: Channel,
    /// The occurrence.
    pub due_at: Instant,
    /// How it went.
    pub state: RunState,
    /// Why, in a sentence, or `""`.
    pub reason: String,
    /// When nothing more was to be done.
    pub finished_at: Option<Instant>,
}

/// What is told of a message. The names are those of version 2 of the API.
pub fn of_message(message: &Message, account_number: &str) -> Facts {
    vec![
        ("id", Fact::Number(message.id.0)),
        ("uuid", text(&message.uuid)),
        ("account_id", Fact::Number(message.account_id.0)),
        ("account_number", text(account_number)),
        ("status", text(message.status.as_str())),
        ("read", Fact::Flag(message.read)),
        ("is_emergency", Fact::Flag(message.is_emergency)),
        ("non_message_type", text(&message.non_message_type)),
        ("disposition", maybe(message.disposition.as_deref())),
        ("agent_id", number(message.agent_id.map(|id| id.0))),
        ("user_id", number(message.user_id.map(|id| id.0))),
        ("contact_id", number(message.contact_id.map(|id| id.0))),
        ("receiver_name", text(&message.receiver_name)),
        ("did_id", number(message.did_id.map(|id| id.0))),
        ("call_id", number(message.call_id.map(|id| id.0))),
        ("delivered_at", instant(message.delivered_at)),
        ("delivered_to", maybe(message.delivered_to.as_deref())),
        ("pickup_date", instant(message.pickup_date)),
        ("pickup_user_id", number(message.pickup_user_id.map(|id| id.0))),
        ("escalation_level_id", number(message.escalation_level_id)),
        ("next_escalation_at", instant(message.next_escalation_at)),
        ("escalation_counter", Fact::Number(message.escalation_counter)),
        ("closing_action_group_id", number(message.closing_action_group_id)),
        ("send_at", instant(message.send_at)),
        ("activities_count", Fact::Number(message.activities_count)),
        ("created_at", instant(Some(message.created_at))),
        ("updated_at", instant(Some(message.updated_at))),
    ]
}

/// What is told of a recording. Its audio is asked for at the API, which gives a signed link.
pub fn of_recording(recording: &Recording) -> Facts {
    let call = &recording.call;
    vec![
        ("id", Fact::Number(recording.id.0)),
        ("call_id", Fact::Number(call.id.0)),
        ("call_sid", text(&call.call_sid)),
        ("account_id", Fact::Number(call.account_id.0)),
        ("account_number", text(&call.account_number)),
        ("did_number", text(&call.did_number)),
        ("from", text(&call.from)),
        ("agent_username", text(&call.agent_username)),
        ("started_at", instant(Some(call.started_at))),
        ("duration_ms", Fact::Number(recording.duration_ms)),
        ("media_type", text(&recording.media_type)),
        ("bytes", Fact::Number(recording.bytes)),
        ("expires_at", instant(Some(recording.expires_at))),
    ]
}

/// What is told of a run of a To Do.
pub fn of_run(run: &EndedRun, account_id: i64, account_number: &str) -> Facts {
    vec![
        ("id", Fact::Number(run.id.0)),
        ("to_do_id", Fact::Number(run.to_do_id.0)),
        ("account_id", Fact::Number(account_id)),
        ("account_number", text(account_number)),
        ("delivery_type", text(run.channel.as_str())),
        ("due_at", instant(Some(run.due_at))),
        ("state", text(run.state.as_str())),
        ("reason", text(&run.reason)),
        ("finished_at", instant(run.finished_at)),
    ]
}

/// What is told to a webhook that somebody tries.
pub fn of_test(webhook: &Webhook, account_number: &str) -> Facts {
    vec![
        ("webhook_id", Fact::Number(webhook.id.0)),
        ("account_id", Fact::Number(webhook.account_id.0)),
        ("account_number", text(account_number)),
        ("message", text(HookKind::Test.sentence())),
    ]
}
