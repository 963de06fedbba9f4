//! A message in full, as an e-mail tells it.

use crate::form::told;
use crate::{Account, Form, Message};

/// Answers that stand above the others in a line of their own, or are no part of the text.
const SHOWN: [&str; 11] = [
    "first_name",
    "last_name",
    "company_name",
    "phone",
    "alt_phone",
    "email",
    "content",
    "note",
    "receiver_name",
    "email_subject",
    "is_emergency",
];

/// A message in full, a line for each thing that was said; `form` is the version that it was taken
/// with.
pub fn details(message: &Message, account: &Account, form: Option<&Form>) -> String {
    let caller = message.caller();
    let from = if caller.is_empty() { "an unknown caller" } else { &caller };
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
    let mut is_titled = false;
    let groups = told(form, &message.answers);
    let is_one = groups.len() == 1;
    for group in groups {
        let is_told = |name: &str, text: &str| !SHOWN.contains(&name) && !text.is_empty();
        let said = group.answers.iter().filter(|(name, _, text)| is_told(name, text));
        let said: Vec<String> = said.map(|(_, label, text)| format!("{label}: {text}\n")).collect();
        let has_title = !is_one && !group.title.is_empty();
        match (said.is_empty(), has_title) {
            (false, true) => text.push_str(&format!("\n{}\n", group.title)),
            (false, false) if is_titled => text.push('\n'),
            _ => {}
        }
        is_titled |= has_title && !said.is_empty();
        text.extend(said);
    }
    text.push_str(&format!(
        "\n{} · account {} · message {}\n",
        account.name, account.number, message.uuid
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Field, FieldKind, Section};
    use crate::{AccountId, Answers, Instant, TenantId, Zone};

    #[test]
    fn answers_stand_under_their_labels_and_sections() {
        let now = Instant::from_ms(0);
        let account = Account {
            tenant_id: TenantId(1),
            id: AccountId(4),
            number: "4110".to_owned(),
            name: "Hart & Lowe".to_owned(),
            zone: Zone::utc(),
            greeting: String::new(),
            facts: String::new(),
            created_at: now,
        };
        let mut form = Form::standard(account.id, now);
        let heat = Field::named("heat", "Is it cold?", FieldKind::Checkbox, false);
        let titled =
            |title: &str, fields| Section { title: title.to_owned(), ..Section::of(fields) };
        form.sections.push(titled("Where", vec![Field::new("At", FieldKind::Address, true)]));
        form.sections.push(titled("Empty", vec![Field::new("Else", FieldKind::Text, true)]));
        form.sections.push(Section::of(vec![heat]));
        let answers = [("first_name", "Jo"), ("address", "1 Main"), ("else", ""), ("heat", "Yes")];
        let answers = answers.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let mut message = Message::blank(TenantId(1), account.id, "u".to_owned(), now);
        (message.first_name, message.content) = ("Jo".to_owned(), "Cold.".to_owned());
        message.answers = Answers(answers.to_vec());
        let body = details(&message, &account, Some(&form));
        assert_eq!(
            body,
            "Cold.\n\nFrom: Jo\nTaken: Jan 1, 1970, 12:00 AM UTC\n\nWhere\nAt: 1 Main\n\n\
             Is it cold?: Yes\n\nHart & Lowe · account 4110 · message u\n"
        );
        let plain = details(&message, &account, None);
        assert!(plain.contains("UTC\nAddress: 1 Main\nHeat: Yes\n\n"), "{plain}");
    }
}
