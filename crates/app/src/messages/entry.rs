//! What an agent wrote down, and what may be wrong with it.

use domain::form::Filled;
use domain::message::{NON_MESSAGES, Update, check_text};
use domain::user::check_line;
use domain::{
    CallId, ClosingGroupId, Contact, ContactId, DidId, Form, FormId, Instant, Invalid, Origin,
    Playbook, WorkItemId, limits,
};

/// A message as an agent took it down.
#[derive(Clone, Debug, Default)]
pub struct MessageEntry {
    /// A UUID made when the form was shown: saving twice makes one message.
    pub uuid: String,
    /// The version of the form that the agent saw; `None` for the standard form.
    pub form_id: Option<FormId>,
    /// The answers, by the name of the field.
    pub answers: Vec<(String, String)>,
    /// The line that was dialled.
    pub did_id: Option<DidId>,
    /// The contact that the message is for.
    pub contact_id: Option<ContactId>,
    /// The caller's number, as the switch gave it.
    pub caller_id: String,
    /// Whether it is an emergency, where the account's form does not ask.
    pub is_emergency: bool,
    /// The call that it was taken on, where a switch told of it. One of another account is passed
    /// over.
    pub call_id: Option<CallId>,
    /// What the agent worked, where it was a To Do in the work queue. One of another account,
    /// or that is done, is passed over.
    pub item_id: Option<WorkItemId>,
    /// Why it is no message (`hang_up`, `wrong_number`, …); `""` for a message.
    pub non_message_type: String,
    /// What the account wants done with it; `None` takes what the account does as a rule.
    pub closing_group_id: Option<ClosingGroupId>,
    /// When it is to be let out, where the agent was asked to hold it.
    pub send_at: Option<Instant>,
    /// By what way it came in, where neither a call nor a To Do tells.
    pub origin: Option<Origin>,
    /// When it came in, where no call tells.
    pub received_at: Option<Instant>,
    /// What is told besides the form: of an update only its details count.
    pub details: Update,
}

/// The answers, checked; of what is no message only what is there.
pub(super) fn fill(form: &Form, entry: &MessageEntry) -> std::result::Result<Filled, Invalid> {
    match entry.non_message_type.is_empty() {
        true => form.fill(&entry.answers),
        false => form.fill_partly(&entry.answers),
    }
}

/// Checks an entry against the account's playbook and form: all faults at once. Answers the person
/// that it is for.
pub(super) fn check<'b>(
    entry: &MessageEntry,
    book: &'b Playbook,
    form: &Form,
    now: Instant,
) -> std::result::Result<Option<&'b Contact>, Invalid> {
    let mut invalid = match fill(form, entry) {
        Ok(_) => Invalid::new(),
        Err(invalid) => invalid,
    };
    invalid.require(form.account_id == book.account.id, "form_id", "must be of this account");
    invalid.require(is_uuid(&entry.uuid), "uuid", "must be a UUID");
    let known = |id: DidId| book.lines.iter().any(|did| did.id == id);
    invalid.require(entry.did_id.is_none_or(known), "did_id", "must be a line of this account");
    let contact = entry.contact_id.map(|id| book.contact(id));
    let in_directory = contact.is_none_or(|contact| contact.is_some());
    invalid.require(in_directory, "contact_id", "must be in this account's directory");
    check_line(&mut invalid, "caller_id", &entry.caller_id);
    let kind = entry.non_message_type.as_str();
    let is_kind = kind.is_empty() || NON_MESSAGES.contains(&kind);
    invalid.require(is_kind, "non_message_type", "must be one of the kinds that agents choose");
    let known = |id: ClosingGroupId| book.closings.iter().any(|group| group.id == id);
    let is_ours = !kind.is_empty() || entry.closing_group_id.is_none_or(known);
    invalid.require(is_ours, "closing_group_id", "must be one of this account's closing actions");
    let latest = now.plus_ms(limits::HELD_LONGEST_MS);
    let in_reach = entry.send_at.is_none_or(|at| at > now && at <= latest);
    invalid.require(in_reach, "send_at", "must be after now and within a year");
    let has_come = entry.received_at.is_none_or(|at| at <= now);
    invalid.require(has_come, "message_received_date", "must not be after now");
    entry.details.check_details(&mut invalid);
    for (name, text) in &entry.answers {
        check_text(&mut invalid, name, text);
    }
    invalid.or(contact.flatten())
}

/// Whether a text is a UUID in its usual form (RFC 9562, 4).
fn is_uuid(text: &str) -> bool {
    let dash = |i: usize| matches!(i, 8 | 13 | 18 | 23);
    text.len() == 36
        && text.bytes().enumerate().all(
            |(i, b)| {
                if dash(i) { b == b'-' } else { b.is_ascii_hexdigit() }
            },
        )
}
