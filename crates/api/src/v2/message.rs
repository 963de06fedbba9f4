//! A message as version 2 writes it: the contract's keys in the contract's order.

use domain::{Answers, Message};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::Utc;

/// A message that an agent took. Texts that nobody gave are `""`; ids and instants are null.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub(crate) struct MessageBody<'a> {
    /// Its identifier.
    id: i64,
    /// Whether the customer has read it.
    read: bool,
    /// The switch that it came through.
    pbx_name: &'a str,
    /// As taken in the form, not normalised.
    phone_number: &'a str,
    /// As taken in the form.
    extension: &'a str,
    /// The caller's number as the switch gave it.
    caller_id: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    company_name: &'a str,
    /// The message itself.
    content: &'a str,
    /// `delivered` is handed over, not yet acknowledged.
    #[schema(value_type = StatusWord)]
    status: &'static str,
    /// The account that it was taken for.
    account_id: i64,
    /// The agent who took it.
    agent_id: Option<i64>,
    /// The user of the account that it is for; null for the office.
    user_id: Option<i64>,
    /// When it was taken.
    created_at: Utc,
    /// When it last changed.
    updated_at: Utc,
    /// The menu choice.
    ivr: &'a str,
    /// When it was picked up in the portal.
    pickup_date: Option<Utc>,
    /// By whom it was picked up.
    pickup_user_id: Option<i64>,
    /// The directory contact that it is for.
    contact_id: Option<i64>,
    /// Its last delivery.
    delivered_at: Option<Utc>,
    /// The agent who delivered it, null for the system.
    delivered_by: Option<i64>,
    /// The address of its last delivery.
    delivered_to: Option<&'a str>,
    /// As taken in the form, not normalised.
    phone: &'a str,
    /// As taken in the form.
    email: &'a str,
    /// The switch's reference.
    call_ref_id: &'a str,
    sale_id: Option<i64>,
    /// A note of the customer's.
    note: &'a str,
    /// The line that was called.
    did_id: Option<i64>,
    address: &'a str,
    address2: &'a str,
    city: &'a str,
    state: &'a str,
    zip: &'a str,
    how_you_hear_about_us: &'a str,
    is_emergency: bool,
    alt_phone: &'a str,
    /// Whether the caller was found in the account's directory.
    positive_data_dip: bool,
    /// The form's fields: underscored label to text as displayed.
    #[schema(value_type = BTreeMap<String, String>)]
    answers: AnswersBody<'a>,
    /// Its current level of escalation.
    escalation_level_id: Option<i64>,
    /// When the next level is due.
    next_escalation_at: Option<Utc>,
    /// The name of the contact.
    receiver_name: &'a str,
    /// Why it is no message (a hang-up, a wrong number); `""` for a message.
    non_message_type: &'a str,
    /// Rows in its activity log.
    activities_count: i64,
    /// What the account wants done when the agent finishes.
    closing_action_group_id: Option<i64>,
    email_subject: &'a str,
    /// Steps of escalation taken.
    escalation_counter: i64,
    origin: Option<&'a str>,
    message_received_date: Option<Utc>,
    /// What became of it, in the customer's words.
    disposition: Option<&'a str>,
    /// The call that it was taken on.
    call_id: Option<i64>,
    chat_session_id: Option<i64>,
    /// The To Do that it was taken for.
    to_do_task_id: Option<i64>,
    /// Whether it was taken while an agent worked a To Do.
    from_to_do: bool,
    /// When it is sent, if it is held.
    send_at: Option<Utc>,
    /// The stable public id.
    #[schema(format = "uuid")]
    uuid: &'a str,
    klass_names: &'a str,
}

/// Where a message stands.
#[derive(Debug, ToSchema)]
#[schema(as = MessageStatus, rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the OpenAPI document; the words are domain::Status's")]
pub(crate) enum StatusWord {
    Pending,
    Held,
    Delivered,
    Failed,
    Acknowledged,
    Closed,
}

/// Answers as one object, in the form's order.
#[derive(Debug)]
pub(crate) struct AnswersBody<'a>(&'a Answers);

impl Serialize for AnswersBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs = &self.0.0;
        let mut map = serializer.serialize_map(Some(pairs.len()))?;
        for (name, text) in pairs {
            map.serialize_entry(name, text)?;
        }
        map.end()
    }
}

impl<'a> From<&'a Message> for MessageBody<'a> {
    fn from(message: &'a Message) -> Self {
        MessageBody {
            id: message.id.0,
            read: message.read,
            pbx_name: &message.pbx_name,
            phone_number: &message.phone_number,
            extension: &message.extension,
            caller_id: &message.caller_id,
            first_name: &message.first_name,
            last_name: &message.last_name,
            company_name: &message.company_name,
            content: &message.content,
            status: message.status.as_str(),
            account_id: message.account_id.0,
            agent_id: message.agent_id.map(|id| id.0),
            user_id: message.user_id.map(|id| id.0),
            created_at: Utc(message.created_at),
            updated_at: Utc(message.updated_at),
            ivr: &message.ivr,
            pickup_date: message.pickup_date.map(Utc),
            pickup_user_id: message.pickup_user_id.map(|id| id.0),
            contact_id: message.contact_id.map(|id| id.0),
            delivered_at: message.delivered_at.map(Utc),
            delivered_by: message.delivered_by.map(|id| id.0),
            delivered_to: message.delivered_to.as_deref(),
            phone: &message.phone,
            email: &message.email,
            call_ref_id: &message.call_ref_id,
            sale_id: message.sale_id,
            note: &message.note,
            did_id: message.did_id.map(|id| id.0),
            address: &message.address,
            address2: &message.address2,
            city: &message.city,
            state: &message.state,
            zip: &message.zip,
            how_you_hear_about_us: &message.how_you_hear_about_us,
            is_emergency: message.is_emergency,
            alt_phone: &message.alt_phone,
            positive_data_dip: message.positive_data_dip,
            answers: AnswersBody(&message.answers),
            escalation_level_id: message.escalation_level_id,
            next_escalation_at: message.next_escalation_at.map(Utc),
            receiver_name: &message.receiver_name,
            non_message_type: &message.non_message_type,
            activities_count: message.activities_count,
            closing_action_group_id: message.closing_action_group_id,
            email_subject: &message.email_subject,
            escalation_counter: message.escalation_counter,
            origin: message.origin.as_deref(),
            message_received_date: message.message_received_date.map(Utc),
            disposition: message.disposition.as_deref(),
            call_id: message.call_id.map(|id| id.0),
            chat_session_id: message.chat_session_id,
            to_do_task_id: message.to_do_task_id,
            from_to_do: message.from_to_do,
            send_at: message.send_at.map(Utc),
            uuid: &message.uuid,
            klass_names: &message.klass_names,
        }
    }
}
