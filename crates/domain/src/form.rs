//! The form that an agent fills for an account: its fields, and what a filled one comes to.

use std::collections::HashSet;

use crate::message::{Answers, Message, check_text};
use crate::user::{check_email, check_line};
use crate::{AccountId, FormId, Instant, Invalid, limits};

/// A version of an account's form. A message keeps the version that it was taken with.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Its identifier; `None` for the form of an account that has none of its own.
    pub id: Option<FormId>,
    /// The account that it is for.
    pub account_id: AccountId,
    /// 1 for the first version.
    pub version: i64,
    /// Its fields in the order in which an agent asks.
    pub fields: Vec<Field>,
    /// When this version was made.
    pub created_at: Instant,
}

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What the answer is kept under: the label in lower case, underscored.
    pub name: String,
    /// What the agent reads.
    pub label: String,
    /// What may be answered.
    pub kind: FieldKind,
    /// Whether it must be answered.
    pub is_required: bool,
}

/// What may be answered to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A phone number, as the caller says it.
    Phone,
    /// An e-mail address.
    Email,
    /// `Yes` or nothing.
    Checkbox,
    /// One of these, from a menu.
    Select(Vec<String>),
    /// One of these, all in sight.
    Radio(Vec<String>),
}

impl FieldKind {
    /// The word for it in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::LongText => "long_text",
            FieldKind::Phone => "phone",
            FieldKind::Email => "email",
            FieldKind::Checkbox => "checkbox",
            FieldKind::Select(_) => "select",
            FieldKind::Radio(_) => "radio",
        }
    }

    /// The kind with this word; `options` count where it offers a choice.
    pub fn parse(word: &str, options: Vec<String>) -> Option<Self> {
        Some(match word {
            "text" => FieldKind::Text,
            "long_text" => FieldKind::LongText,
            "phone" => FieldKind::Phone,
            "email" => FieldKind::Email,
            "checkbox" => FieldKind::Checkbox,
            "select" => FieldKind::Select(options),
            "radio" => FieldKind::Radio(options),
            _ => return None,
        })
    }

    /// What it offers to choose from; nothing where the answer is free.
    pub fn options(&self) -> &[String] {
        match self {
            FieldKind::Select(options) | FieldKind::Radio(options) => options,
            _ => &[],
        }
    }
}

/// The text columns of a message that a form may fill, by the field's name.
fn column<'m>(message: &'m mut Message, name: &str) -> Option<&'m mut String> {
    Some(match name {
        "phone_number" => &mut message.phone_number,
        "extension" => &mut message.extension,
        "first_name" => &mut message.first_name,
        "last_name" => &mut message.last_name,
        "company_name" => &mut message.company_name,
        "content" => &mut message.content,
        "phone" => &mut message.phone,
        "alt_phone" => &mut message.alt_phone,
        "email" => &mut message.email,
        "address" => &mut message.address,
        "address2" => &mut message.address2,
        "city" => &mut message.city,
        "state" => &mut message.state,
        "zip" => &mut message.zip,
        "how_you_hear_about_us" => &mut message.how_you_hear_about_us,
        "note" => &mut message.note,
        "email_subject" => &mut message.email_subject,
        _ => return None,
    })
}

/// Names that belong to columns of the message: a field of such a name fills the column, and its
/// answer is repeated in `answers`; it is not a custom field.
const RESERVED: [&str; 19] = [
    "phone_number",
    "extension",
    "first_name",
    "last_name",
    "company_name",
    "content",
    "phone",
    "alt_phone",
    "email",
    "address",
    "address2",
    "city",
    "state",
    "zip",
    "how_you_hear_about_us",
    "note",
    "email_subject",
    "is_emergency",
    "user_id",
];

/// Whether a field of this name is the message's own, not the account's.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// The name under which a label's answer is kept: `Meeting preference?` → `meeting_preference`.
pub fn underscored(label: &str) -> String {
    let mut name = String::with_capacity(label.len());
    for c in label.chars() {
        if c.is_alphanumeric() {
            name.extend(c.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

/// A name as a person reads it, where no label is at hand: `meeting_preference` →
/// `Meeting preference`.
pub fn humanised(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

impl Field {
    /// A field whose name follows from its label.
    pub fn new(label: &str, kind: FieldKind, is_required: bool) -> Self {
        Field { name: underscored(label), label: label.to_owned(), kind, is_required }
    }

    /// Checks one answer; `Ok` is what is kept.
    fn check(&self, text: &str, invalid: &mut Invalid) -> String {
        let text = match self.kind {
            FieldKind::LongText => text.trim_end().replace("\r\n", "\n"),
            _ => text.trim().to_owned(),
        };
        if text.is_empty() {
            invalid.require(!self.is_required, &self.name, "must be filled in");
            return text;
        }
        match &self.kind {
            FieldKind::LongText => check_text(invalid, &self.name, &text),
            FieldKind::Text | FieldKind::Phone => check_line(invalid, &self.name, &text),
            FieldKind::Email => {
                if let Err(rule) = check_email(&text) {
                    invalid.add(&self.name, rule);
                }
            }
            FieldKind::Checkbox => return "Yes".to_owned(),
            FieldKind::Select(options) | FieldKind::Radio(options) => {
                invalid.require(options.contains(&text), &self.name, "must be one of the options");
            }
        }
        text
    }
}

impl Form {
    /// The form of an account that has none of its own.
    pub fn standard(account_id: AccountId, now: Instant) -> Self {
        let named = |name: &str, label: &str, kind, is_required| Field {
            name: name.to_owned(),
            label: label.to_owned(),
            kind,
            is_required,
        };
        let fields = vec![
            named("first_name", "First name", FieldKind::Text, true),
            named("last_name", "Last name", FieldKind::Text, false),
            named("company_name", "Company", FieldKind::Text, false),
            named("phone", "Phone", FieldKind::Phone, true),
            named("email", "E-mail", FieldKind::Email, false),
            named("content", "Message", FieldKind::LongText, true),
            named("is_emergency", "Emergency", FieldKind::Checkbox, false),
        ];
        Form { id: None, account_id, version: 1, fields, created_at: now }
    }

    /// Checks the fields of a form that somebody wants to keep.
    pub fn check_fields(fields: &[Field]) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        invalid.require(!fields.is_empty(), "fields", "must have at least one");
        invalid.require(fields.len() <= limits::FORM_FIELDS, "fields", "must be at most 200");
        let mut names = HashSet::new();
        for (i, field) in fields.iter().enumerate() {
            let path = format!("fields.{i}");
            check_line(&mut invalid, &format!("{path}.label"), &field.label);
            invalid.require(!field.name.is_empty(), &format!("{path}.label"), "must have a letter");
            invalid.require(
                names.insert(field.name.as_str()),
                &format!("{path}.label"),
                "must differ from the labels before it",
            );
            let options = field.kind.options();
            let path_of = format!("{path}.options");
            for option in options {
                check_line(&mut invalid, &path_of, option);
            }
            let chooses = matches!(field.kind, FieldKind::Select(_) | FieldKind::Radio(_));
            invalid.require(
                !chooses || (1..=limits::FIELD_OPTIONS).contains(&options.len()),
                &path_of,
                "must be 1 to 200",
            );
        }
        invalid.or(())
    }

    /// Checks the answers to this form, each found by its field's name. Names that the form does
    /// not have are left out: they may come from an older version that an agent still had open.
    pub fn fill(&self, given: &[(String, String)]) -> Result<Filled, Invalid> {
        let mut invalid = Invalid::new();
        let answer = |field: &Field| {
            let text = given.iter().find(|(name, _)| *name == field.name);
            let text = text.map_or("", |(_, text)| text.as_str());
            (field.name.clone(), field.check(text, &mut invalid))
        };
        let answers = Answers(self.fields.iter().map(answer).collect());
        invalid.or(Filled { answers })
    }
}

/// The checked answers to a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    answers: Answers,
}

impl Filled {
    /// Puts the answers into a message: reserved ones into their columns, and all into `answers`.
    pub fn into_columns(self, message: &mut Message) {
        for (name, text) in &self.answers.0 {
            if name == "is_emergency" {
                message.is_emergency = text == "Yes";
            } else if let Some(column) = column(message, name) {
                column.clone_from(text);
            }
        }
        message.answers = self.answers;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TenantId;

    fn form(fields: Vec<Field>) -> Form {
        let created_at = Instant::from_ms(0);
        Form { id: None, account_id: AccountId(4), version: 1, fields, created_at }
    }

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn labels_become_names() {
        let check = |label, name| assert_eq!(underscored(label), name, "{label}");
        check("Meeting preference", "meeting_preference");
        check(" How did you hear about us? ", "how_did_you_hear_about_us");
        check("Größe (m²)", "größe_m²");
        check("??", "");
        assert_eq!(humanised("meeting_preference"), "Meeting preference");
    }

    #[test]
    fn every_reserved_text_has_a_column() {
        let now = Instant::from_ms(0);
        let mut message = Message::blank(TenantId(1), AccountId(1), String::new(), now);
        for name in RESERVED.iter().filter(|name| !["is_emergency", "user_id"].contains(*name)) {
            assert!(column(&mut message, name).is_some(), "{name}");
        }
    }

    #[test]
    fn reserved_answers_fill_columns_and_stand_in_answers() {
        let form = form(vec![
            Field::new("Meeting preference", FieldKind::Radio(vec!["Virtual".into()]), true),
            Field::new("Content", FieldKind::LongText, true),
            Field::new("ZIP", FieldKind::Text, false),
            Field::new("Is emergency", FieldKind::Checkbox, false),
        ]);
        let answers = given(&[
            ("meeting_preference", "Virtual"),
            ("content", "Call me\r\nback\n"),
            ("is_emergency", "on"),
            ("gone", "from an older version"),
        ]);
        let now = Instant::from_ms(0);
        let mut message = Message::blank(TenantId(1), AccountId(4), String::new(), now);
        form.fill(&answers).expect("sound").into_columns(&mut message);
        assert_eq!(message.content, "Call me\nback");
        assert!(message.is_emergency);
        let kept: Vec<_> =
            message.answers.0.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        assert_eq!(
            kept,
            [
                ("meeting_preference", "Virtual"),
                ("content", "Call me\nback"),
                ("zip", ""),
                ("is_emergency", "Yes")
            ]
        );
        assert_eq!(
            message.answers.custom().collect::<Vec<_>>(),
            [("meeting_preference", "Virtual")]
        );
    }

    #[test]
    fn every_bad_answer_is_named_at_once() {
        let form = form(vec![
            Field::new("Name", FieldKind::Text, true),
            Field::new("E-mail", FieldKind::Email, false),
            Field::new("Office", FieldKind::Select(vec!["Boston".into()]), false),
            Field::new("City", FieldKind::Text, false),
        ]);
        let answers = given(&[("e_mail", "nobody"), ("office", "Paris"), ("city", "a\r\nBcc: b")]);
        let invalid = form.fill(&answers).expect_err("bad");
        let paths: Vec<&str> = invalid.faults().map(|(path, _)| path).collect();
        assert_eq!(paths, ["name", "e_mail", "office", "city"]);
    }
}
