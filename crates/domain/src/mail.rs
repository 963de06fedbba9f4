//! What a message looks like as an e-mail.

use crate::form::humanised;
use crate::{Account, Message};

/// The subject line and the text of a message's e-mail. Neither holds anything that could end a
/// header line: control characters become spaces in the subject.
pub fn compose(message: &Message, account: &Account) -> (String, String) {
    let caller = message.caller();
    let from = if caller.is_empty() { "an unknown caller" } else { &caller };
    let urgent = if message.is_emergency { "EMERGENCY: " } else { "" };
    let subject = match message.email_subject.as_str() {
        "" => format!("{urgent}Message for {} from {from}", account.name),
        given => format!("{urgent}{given}"),
    };
    (one_line(&subject), body(message, account, from))
}

fn body(message: &Message, account: &Account, from: &str) -> String {
    let mut text = format!(
        "{}\n\nFrom: {from}\nTaken: {}\n",
        message.content,
        account.zone.portal(message.created_at)
    );
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("{label}: {value}\n"));
        }
    };
    line("Company", &message.company_name);
    line("Phone", &message.phone);
    line("Other phone", &message.alt_phone);
    line("Caller ID", &message.caller_id);
    line("E-mail", &message.email);
    for (name, value) in message.answers.custom() {
        line(&humanised(name), value);
    }
    text.push_str(&format!(
        "\n{} · account {} · message {}\n",
        account.name, account.number, message.uuid
    ));
    text
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
