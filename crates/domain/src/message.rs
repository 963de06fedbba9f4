//! A message: what a caller wanted said, and how it was settled.

mod correction;
mod origin;
mod update;

use crate::account::{Contact, phone_digits};
use crate::form::Filled;
use crate::live::LiveCall;
use crate::{
    AccountId, CallId, ContactId, DidId, FormId, Instant, Invalid, MessageId, TenantId, UserId,
    limits,
};

pub use correction::Correction;
pub use origin::Origin;
pub use update::Update;

/// A message as it is kept. Field names are those of the API contract, which documents each.
///
/// The fields stand in the contract's order; `tenant_id`, `form_id` and `revision` are ours.
#[expect(missing_docs, reason = "contract/README.md documents each field once")]
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub tenant_id: TenantId,
    /// The version of the form that it was taken with.
    pub form_id: Option<FormId>,
    /// Grows with every change; what an ETag is made of.
    pub revision: i64,
    pub id: MessageId,
    pub read: bool,
    pub pbx_name: String,
    pub phone_number: String,
    pub extension: String,
    pub caller_id: String,
    pub first_name: String,
    pub last_name: String,
    pub company_name: String,
    pub content: String,
    pub status: Status,
    pub account_id: AccountId,
    pub agent_id: Option<UserId>,
    pub user_id: Option<UserId>,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub ivr: String,
    pub pickup_date: Option<Instant>,
    pub pickup_user_id: Option<UserId>,
    pub contact_id: Option<ContactId>,
    pub delivered_at: Option<Instant>,
    pub delivered_by: Option<UserId>,
    pub delivered_to: Option<String>,
    pub phone: String,
    pub email: String,
    pub call_ref_id: String,
    pub sale_id: Option<i64>,
    pub note: String,
    pub did_id: Option<DidId>,
    pub address: String,
    pub address2: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub how_you_hear_about_us: String,
    pub is_emergency: bool,
    pub alt_phone: String,
    pub positive_data_dip: bool,
    pub answers: Answers,
    pub escalation_level_id: Option<i64>,
    pub next_escalation_at: Option<Instant>,
    pub receiver_name: String,
    pub non_message_type: String,
    pub activities_count: i64,
    pub closing_action_group_id: Option<i64>,
    pub email_subject: String,
    pub escalation_counter: i64,
    pub origin: Option<Origin>,
    pub message_received_date: Option<Instant>,
    pub disposition: Option<String>,
    pub call_id: Option<CallId>,
    pub chat_session_id: Option<i64>,
    pub to_do_task_id: Option<i64>,
    pub from_to_do: bool,
    pub send_at: Option<Instant>,
    /// The stable public id, as 36 characters.
    pub uuid: String,
    pub klass_names: String,
}

/// The answers to a form: name of the field → text as displayed, in the form's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(pub Vec<(String, String)>);

impl Answers {
    /// The answer to one field.
    pub fn of(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(at, _)| at == name).map(|(_, text)| text.as_str())
    }

    /// The answers to the account's own fields: those that no column of the message repeats.
    pub fn custom(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(|(name, _)| !crate::form::is_reserved(name))
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

/// Where a message stands on its way to the person it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Taken; its delivery is under way or there is none to make.
    Pending,
    /// Waits until `send_at`.
    Held,
    /// Handed over at least once; not yet acknowledged.
    Delivered,
    /// Every delivery has failed.
    Failed,
    /// Somebody took charge of it.
    Acknowledged,
    /// Nothing more is to be done.
    Closed,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 6] = [
        Status::Pending,
        Status::Held,
        Status::Delivered,
        Status::Failed,
        Status::Acknowledged,
        Status::Closed,
    ];

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Held => "held",
            Status::Delivered => "delivered",
            Status::Failed => "failed",
            Status::Acknowledged => "acknowledged",
            Status::Closed => "closed",
        }
    }

    /// The status with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether a person has taken charge, so that no delivery may change it any more.
    pub fn is_settled(self) -> bool {
        matches!(self, Status::Acknowledged | Status::Closed)
    }
}

/// Why a call left no message, in the words of `non_message_type`.
pub const NON_MESSAGES: [&str; 9] = [
    "hang_up",
    "wrong_number",
    "solicitor",
    "no_audio",
    "test",
    "fax",
    "robocall",
    "transferred",
    "other",
];

impl Message {
    /// The caller's name, or else its number, as a list shows it.
    pub fn caller(&self) -> String {
        let name = [self.first_name.trim(), self.last_name.trim()];
        let name =
            name.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let others = [&self.company_name, &self.caller_id, &self.phone, &self.phone_number];
        if !name.is_empty() {
            return name;
        }
        others.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
    }

    /// Whether its caller stands in this directory: by the number that called, or that was said.
    pub fn is_known(&self, directory: &[Contact]) -> bool {
        let said = [&self.caller_id, &self.phone, &self.phone_number];
        let phones: Vec<String> =
            said.into_iter().map(|text| phone_digits(text)).filter(|text| text.len() > 6).collect();
        directory.iter().any(|contact| phones.contains(&phone_digits(&contact.phone)))
    }

    /// The status that it has when nobody has taken charge of it.
    pub fn status_unsettled(&self) -> Status {
        if self.delivered_at.is_some() { Status::Delivered } else { Status::Pending }
    }

    /// Takes over what the switch told of the call that it was taken on.
    pub fn comes_by(&mut self, call: &LiveCall) {
        self.origin = Some(Origin::Call);
        self.call_id = Some(call.id);
        self.pbx_name.clone_from(&call.switch_name);
        self.call_ref_id.clone_from(&call.call_sid);
        self.ivr.clone_from(&call.menu_choice);
        self.message_received_date = Some(call.progress.rang_at);
        self.did_id = self.did_id.or(call.did_id);
        if self.caller_id.is_empty() {
            self.caller_id.clone_from(&call.from);
        }
    }

    /// Marks it as changed at `now`.
    pub fn touch(&mut self, now: Instant) {
        self.revision += 1;
        self.updated_at = now;
    }
}

/// Checks a text of several lines: its length, and that it holds no NUL (PostgreSQL stores none).
pub fn check_text(invalid: &mut Invalid, path: &str, text: &str) {
    invalid.require(text.len() <= limits::TEXT_BYTES, path, "must have at most 20,000 bytes");
    invalid.require(!text.contains('\0'), path, "must not hold NUL characters");
}

/// What a new message is made from, besides the filled form.
#[derive(Clone, Debug)]
pub struct Taking {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The account that was called.
    pub account_id: AccountId,
    /// The agent who takes it.
    pub agent_id: Option<UserId>,
    /// The line that was dialled, if known.
    pub did_id: Option<DidId>,
    /// The contact that it is for, and that person's name.
    pub contact: Option<(ContactId, String)>,
    /// The caller's number as the switch gave it.
    pub caller_id: String,
    /// The form's version.
    pub form_id: Option<FormId>,
    /// A new stable public id.
    pub uuid: String,
    /// Whether the agent called it an emergency, whatever the form asks.
    pub is_emergency: bool,
}

impl Message {
    /// A new message, taken at `now`. Its id is given by the store.
    pub fn taken(taking: Taking, filled: Filled, now: Instant) -> Message {
        let (contact_id, receiver_name) = match taking.contact {
            Some((id, name)) => (Some(id), name),
            None => (None, String::new()),
        };
        let mut message = Message {
            agent_id: taking.agent_id,
            did_id: taking.did_id,
            contact_id,
            receiver_name,
            caller_id: taking.caller_id,
            form_id: taking.form_id,
            ..Message::blank(taking.tenant_id, taking.account_id, taking.uuid, now)
        };
        filled.into_columns(&mut message);
        message.is_emergency |= taking.is_emergency;
        message
    }

    /// A message with nothing in it but what every message has.
    pub fn blank(
        tenant_id: TenantId,
        account_id: AccountId,
        uuid: String,
        now: Instant,
    ) -> Message {
        Message {
            tenant_id,
            form_id: None,
            revision: 1,
            id: MessageId(0),
            read: false,
            pbx_name: String::new(),
            phone_number: String::new(),
            extension: String::new(),
            caller_id: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            company_name: String::new(),
            content: String::new(),
            status: Status::Pending,
            account_id,
            agent_id: None,
            user_id: None,
            created_at: now,
            updated_at: now,
            ivr: String::new(),
            pickup_date: None,
            pickup_user_id: None,
            contact_id: None,
            delivered_at: None,
            delivered_by: None,
            delivered_to: None,
            phone: String::new(),
            email: String::new(),
            call_ref_id: String::new(),
            sale_id: None,
            note: String::new(),
            did_id: None,
            address: String::new(),
            address2: String::new(),
            city: String::new(),
            state: String::new(),
            zip: String::new(),
            how_you_hear_about_us: String::new(),
            is_emergency: false,
            alt_phone: String::new(),
            positive_data_dip: false,
            answers: Answers::default(),
            escalation_level_id: None,
            next_escalation_at: None,
            receiver_name: String::new(),
            non_message_type: String::new(),
            activities_count: 0,
            closing_action_group_id: None,
            email_subject: String::new(),
            escalation_counter: 0,
            origin: None,
            message_received_date: None,
            disposition: None,
            call_id: None,
            chat_session_id: None,
            to_do_task_id: None,
            from_to_do: false,
            send_at: None,
            uuid,
            klass_names: String::new(),
        }
    }
}
