//! A message as version 2 writes it: the contract's keys in the contract's order.

use domain::{Answers, Message};
use serde::{Serialize, Serializer};

use crate::Utc;
use crate::bodies::{answer, described};
use crate::words::{MessageOrigin, MessageStatus};

answer! {
    /// A message that an agent took. Texts that nobody gave are `""`; ids and instants are null.
    #[schema(as = Message)]
    pub(crate) struct MessageBody<'a>(message: &'a Message) {
        /// The message's identifier.
        id: i64 = message.id.0,
        /// Whether the customer has read it.
        read: bool = message.read,
        /// The switch that it came through.
        pbx_name: &'a str = &message.pbx_name,
        /// As taken in the form, not normalised.
        phone_number: &'a str = &message.phone_number,
        /// As taken in the form.
        extension: &'a str = &message.extension,
        /// The caller's number as the switch gave it.
        caller_id: &'a str = &message.caller_id,
        first_name: &'a str = &message.first_name,
        last_name: &'a str = &message.last_name,
        company_name: &'a str = &message.company_name,
        /// The message itself.
        content: &'a str = &message.content,
        /// `delivered` is handed over, not yet acknowledged.
        status: MessageStatus = MessageStatus(message.status),
        /// The account that it was taken for.
        account_id: i64 = message.account_id.0,
        /// The agent who took it.
        agent_id: Option<i64> = message.agent_id.map(|id| id.0),
        /// The user of the account that it is for; null for the office.
        user_id: Option<i64> = message.user_id.map(|id| id.0),
        /// When it was taken.
        created_at: Utc = Utc(message.created_at),
        /// When it last changed.
        updated_at: Utc = Utc(message.updated_at),
        /// The menu choice.
        ivr: &'a str = &message.ivr,
        /// When it was picked up in the portal.
        pickup_date: Option<Utc> = message.pickup_date.map(Utc),
        /// By whom it was picked up.
        pickup_user_id: Option<i64> = message.pickup_user_id.map(|id| id.0),
        /// The directory contact that it is for.
        contact_id: Option<i64> = message.contact_id.map(|id| id.0),
        /// Its last delivery.
        delivered_at: Option<Utc> = message.delivered_at.map(Utc),
        /// The agent who delivered it, null for the system.
        delivered_by: Option<i64> = message.delivered_by.map(|id| id.0),
        /// The address of its last delivery.
        delivered_to: Option<&'a str> = message.delivered_to.as_deref(),
        /// As taken in the form, not normalised.
        phone: &'a str = &message.phone,
        /// As taken in the form.
        email: &'a str = &message.email,
        /// The switch's reference.
        call_ref_id: &'a str = &message.call_ref_id,
        sale_id: Option<i64> = message.sale_id,
        /// A note of the customer's.
        note: &'a str = &message.note,
        /// The line that was called.
        did_id: Option<i64> = message.did_id.map(|id| id.0),
        address: &'a str = &message.address,
        address2: &'a str = &message.address2,
        city: &'a str = &message.city,
        state: &'a str = &message.state,
        zip: &'a str = &message.zip,
        how_you_hear_about_us: &'a str = &message.how_you_hear_about_us,
        is_emergency: bool = message.is_emergency,
        alt_phone: &'a str = &message.alt_phone,
        /// Whether the caller was found in the account's directory.
        positive_data_dip: bool = message.positive_data_dip,
        /// The form's fields: underscored label to text as displayed.
        answers: AnswersBody<'a> = AnswersBody(&message.answers),
        /// Its current level of escalation.
        escalation_level_id: Option<i64> = message.escalation_level_id,
        /// When the next level is due.
        next_escalation_at: Option<Utc> = message.next_escalation_at.map(Utc),
        /// The name of the contact.
        receiver_name: &'a str = &message.receiver_name,
        /// Why it is no message (a hang-up, a wrong number); `""` for a message.
        non_message_type: &'a str = &message.non_message_type,
        /// Rows in its activity log.
        activities_count: i64 = message.activities_count,
        /// What the account wants done when the agent finishes.
        closing_action_group_id: Option<i64> = message.closing_action_group_id,
        email_subject: &'a str = &message.email_subject,
        /// Steps of escalation taken.
        escalation_counter: i64 = message.escalation_counter,
        /// By what way it came in; null where nobody knows.
        origin: Option<MessageOrigin> = message.origin.map(MessageOrigin),
        /// When the call came in that it was taken on, or what its sender gave.
        message_received_date: Option<Utc> = message.message_received_date.map(Utc),
        /// What became of it, in the customer's words.
        disposition: Option<&'a str> = message.disposition.as_deref(),
        /// The call that it was taken on.
        call_id: Option<i64> = message.call_id.map(|id| id.0),
        chat_session_id: Option<i64> = message.chat_session_id,
        /// The To Do that it was taken for.
        to_do_task_id: Option<i64> = message.to_do_task_id,
        /// Whether it was taken while an agent worked a To Do.
        from_to_do: bool = message.from_to_do,
        /// When it is sent, if it is held.
        send_at: Option<Utc> = message.send_at.map(Utc),
        /// The stable public id.
        #[schema(format = "uuid")]
        uuid: &'a str = &message.uuid,
        klass_names: &'a str = &message.klass_names,
    }
}

/// What the caller answered, as one object in the form's order.
#[derive(Debug)]
pub(crate) struct AnswersBody<'a>(pub(super) &'a Answers);

described!(AnswersBody<'_>, "Answers", {
    "type": "object", "additionalProperties": {"type": "string"},
    "description": "The form's fields: underscored label to text as displayed.",
});

impl Serialize for AnswersBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.0.iter().map(|(name, text)| (name, text)))
    }
}
