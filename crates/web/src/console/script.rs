//! An account's form as an agent meets it: drawn from its fields, and read back from what is posted.

use std::collections::HashMap;

use app::accounts::Desk;
use app::messages::Entry;
use domain::{ContactId, Did, DidId, FieldKind, Form, FormId, Invalid};

use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind as Drawn, phone};

/// The name of the column and of our own tick for it.
pub(super) const EMERGENCY: &str = "is_emergency";

/// The name under which the answer to a field is posted. The prefix keeps an account's own names
/// apart from ours.
pub(super) fn posted_as(name: &str) -> String {
    format!("answers[{name}]")
}

/// The fields of a form in its order, filled with these answers.
pub(super) fn fields(form: &Form, answers: &HashMap<String, String>) -> Vec<Field> {
    let answer = |name: &str| answers.get(name).map_or("", String::as_str);
    let mut fields: Vec<Field> =
        form.fields.iter().map(|field| drawn(field, answer(&field.name))).collect();
    if let Some(first) = fields.first_mut() {
        first.focused = true;
    }
    fields
}

fn drawn(field: &domain::Field, value: &str) -> Field {
    let kind = match field.kind {
        FieldKind::Text => Drawn::Text,
        FieldKind::LongText => Drawn::LongText,
        FieldKind::Phone => Drawn::Phone,
        FieldKind::Email => Drawn::Email,
        FieldKind::Checkbox => Drawn::Tick,
        FieldKind::Select(_) => Drawn::Choice,
        FieldKind::Radio(_) => Drawn::Radio,
    };
    let options = field.kind.options().iter().map(|option| Choice::new(option, option));
    let unanswered = match &field.kind {
        FieldKind::Select(_) => Some(Choice::new("", "Choose")),
        FieldKind::Radio(_) if !field.is_required => Some(Choice::new("", "Not asked")),
        _ => None,
    };
    let value = match field.kind {
        FieldKind::Checkbox if !value.trim().is_empty() => "true",
        _ => value,
    };
    let mut drawn = Field::new(kind, &posted_as(&field.name), &field.label).value(value);
    drawn.choices = unanswered.into_iter().chain(options).collect();
    drawn.required = field.is_required;
    drawn.wide = matches!(kind, Drawn::LongText | Drawn::Radio);
    drawn
}

/// The tick for an emergency that every message may have, where the form does not ask.
pub(super) fn emergency(form: &Form, is_ticked: bool) -> Option<Field> {
    let is_asked = form.fields.iter().any(|field| field.name == EMERGENCY);
    let value = if is_ticked { "true" } else { "" };
    (!is_asked).then(|| Field::new(Drawn::Tick, EMERGENCY, "Emergency").value(value))
}

/// Whether a field is the one that says that it is urgent: it is drawn to be noticed.
pub(super) fn is_urgent(field: &Field) -> bool {
    field.kind == Drawn::Tick && (field.name == EMERGENCY || field.name == posted_as(EMERGENCY))
}

/// What goes with the form: the line that rings, the caller's number, and who is told.
pub(super) fn around(desk: &Desk, did: &str, contact: &str, caller_id: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    if desk.dids.len() > 1 || !did.is_empty() {
        let unknown = Choice::new("", "Not known");
        let lines = desk.dids.iter().map(|did| Choice::new(&did.id.to_string(), &line(did)));
        let choices = std::iter::once(unknown).chain(lines).collect();
        fields.push(Field::new(Drawn::Choice, "did_id", "Line").choices(choices).value(did));
    }
    fields.push(Field::new(Drawn::Phone, "caller_id", "Caller ID").value(caller_id));
    let people = desk.contacts.iter().map(|contact| {
        let title = if contact.title.is_empty() { "" } else { ", " };
        let way = if contact.email.is_empty() { "no e-mail: is not told" } else { "by e-mail" };
        let label = format!("{}{title}{}, {way}", contact.name, contact.title);
        Choice::new(&contact.id.to_string(), &label)
    });
    let nobody = Choice::new("", "Nobody: keep it in the portal");
    let choices = people.chain(std::iter::once(nobody)).collect();
    fields.push(Field::new(Drawn::Choice, "contact_id", "Send to").choices(choices).value(contact));
    fields
}

fn line(did: &Did) -> String {
    let number = phone(&did.number);
    if did.label.is_empty() { number } else { format!("{number}, {}", did.label) }
}

/// The line that is chosen before anybody chose: the one that was dialled, else the only one.
pub(super) fn first_line(desk: &Desk, dialled: &str) -> Option<DidId> {
    let digits = domain::account::phone_digits(dialled);
    let rings = desk.dids.iter().find(|did| did.number == digits);
    let only = (desk.dids.len() == 1).then(|| &desk.dids[0]);
    rings.or(only).map(|did| did.id)
}

/// The answers that a form brought, by the name of the field.
pub(super) fn answers(posted: &Fields) -> Vec<(String, String)> {
    let name = |at: &str| Some(at.strip_prefix("answers[")?.strip_suffix(']')?.to_owned());
    posted.pairs().iter().filter_map(|(at, text)| Some((name(at)?, text.clone()))).collect()
}

/// What was posted, as the application takes it. An id that is none becomes one that nobody has,
/// so that it is refused beside its field.
pub(super) fn entry(posted: &Fields) -> Entry {
    let id = |name: &str| match posted.text(name) {
        "" => None,
        text => Some(text.parse().unwrap_or(0)),
    };
    Entry {
        uuid: posted.text("once").to_owned(),
        form_id: id("form_id").map(FormId),
        answers: answers(posted),
        did_id: id("did_id").map(DidId),
        contact_id: id("contact_id").map(ContactId),
        caller_id: posted.text("caller_id").to_owned(),
        is_emergency: posted.is_ticked(EMERGENCY),
        ..Entry::default()
    }
}

/// The name of the control that shows a fault: an answer of the form, or one of ours.
pub(super) fn control(form: &Form, path: &str) -> String {
    match form.fields.iter().any(|field| field.name == path) {
        true => posted_as(path),
        false => path.to_owned(),
    }
}

/// What stands above a form that was refused.
pub(super) fn summary(faults: &Invalid, others: &[String]) -> String {
    let mut paths: Vec<&str> = faults.faults().map(|(path, _)| path).collect();
    paths.dedup();
    let count = match paths.len() {
        1 => "One thing is".to_owned(),
        many => format!("{many} things are"),
    };
    let mut text = format!("{count} not right yet. Nothing you typed is lost.");
    for other in others {
        text.push(' ');
        text.push_str(other);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AccountId, Instant};

    fn form(fields: Vec<domain::Field>) -> Form {
        let created_at = Instant::from_ms(0);
        Form { id: None, account_id: AccountId(4), version: 1, fields, created_at }
    }

    #[test]
    fn every_kind_of_field_is_drawn_in_the_order_of_the_form() {
        let options = || vec!["Gas".to_owned(), "Oil".to_owned()];
        let cases = [
            (FieldKind::Text, Drawn::Text, 0),
            (FieldKind::LongText, Drawn::LongText, 0),
            (FieldKind::Phone, Drawn::Phone, 0),
            (FieldKind::Email, Drawn::Email, 0),
            (FieldKind::Checkbox, Drawn::Tick, 0),
            (FieldKind::Select(options()), Drawn::Choice, 3),
            (FieldKind::Radio(options()), Drawn::Radio, 3),
        ];
        let label = |i: usize| format!("Question {i}");
        let kept = cases.iter().enumerate();
        let kept = kept.map(|(i, case)| domain::Field::new(&label(i), case.0.clone(), i == 0));
        let drawn = fields(&form(kept.collect()), &HashMap::new());
        for (i, ((kind, expected, choices), field)) in cases.iter().zip(&drawn).enumerate() {
            assert_eq!((field.kind, field.choices.len()), (*expected, *choices), "{kind:?}");
            assert_eq!(field.name, format!("answers[question_{i}]"));
            assert_eq!((field.required, field.focused), (i == 0, i == 0), "{kind:?}");
        }
        let radio = domain::Field::new("Fuel", FieldKind::Radio(options()), true);
        assert_eq!(super::drawn(&radio, "").choices.len(), 2, "a required one is answered");
    }

    #[test]
    fn a_field_of_the_account_never_meets_a_control_of_ours() {
        let form = form(vec![domain::Field::new("Contact ID", FieldKind::Text, false)]);
        assert_eq!(fields(&form, &HashMap::new())[0].name, "answers[contact_id]");
        assert_eq!(control(&form, "contact_id"), "answers[contact_id]");
        assert_eq!(control(&form, "did_id"), "did_id");
    }
}
