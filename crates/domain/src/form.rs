//! The form that an agent follows for an account: sections, what is read aloud, what is asked.

mod check;
mod fill;
mod kind;
mod prompt;
mod told;

use crate::message::Message;
use crate::{AccountId, DidId, FormId, Instant};

pub use check::check_sections;
pub use fill::Filled;
pub use kind::{ADDRESS_PARTS, FieldKind, Pattern, Rules};
pub use prompt::{Piece, Variable, day_greeting, pieces, spoken};
pub use told::{SectionAnswers, told};

/// A version of the form of an account, or of one of its lines. A message keeps the version that
/// it was taken with.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Its identifier; `None` for the form of an account that has none of its own.
    pub id: Option<FormId>,
    /// The account that it is for.
    pub account_id: AccountId,
    /// The line that it is for; `None`: every line of the account that has no form of its own.
    pub did_id: Option<DidId>,
    /// 1 for the account's first version; all forms of an account are numbered together.
    pub version: i64,
    /// Its sections in the order in which an agent goes through them.
    pub sections: Vec<Section>,
    /// When this version was made.
    pub created_at: Instant,
    /// The name of whoever published it, `""` where nobody knows.
    pub published_by: String,
}

/// A part of a form that is asked as a whole, always or only after certain answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// What stands above it; `""` for none.
    pub title: String,
    /// When it is asked; `None`: always.
    pub opens_when: Option<Condition>,
    /// What is said and asked, in this order.
    pub items: Vec<Item>,
}

/// When a section is asked: after one of these answers to a question of another section that is
/// itself asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The name of the question.
    pub field: String,
    /// The answers that open the section; `Yes` for a tick.
    pub any_of: Vec<String>,
}

/// One line of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// What the agent reads aloud; may hold variables such as `{CALLER_NAME}`.
    Prompt(String),
    /// What the agent asks.
    Field(Field),
}

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What the answer is kept under: at first the label in lower case, underscored.
    pub name: String,
    /// What the agent reads.
    pub label: String,
    /// A word of help beneath it, or `""`.
    pub hint: String,
    /// What may be answered.
    pub kind: FieldKind,
    /// Whether it must be answered where its section is asked.
    pub is_required: bool,
    /// How the text of an answer must look.
    pub rules: Rules,
}

/// The text columns of a message that a form may fill, by the name of the answer.
pub(crate) fn column<'m>(message: &'m mut Message, name: &str) -> Option<&'m mut String> {
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

/// Names that belong to columns of the message: an answer of such a name fills the column, and is
/// repeated in `answers`; it is not a custom field.
const RESERVED: [&str; 20] = [
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
    "receiver_name",
    "user_id",
];

/// Those of them that are the text columns.
pub const COLUMNS: [&str; 17] = [
    "first_name",
    "last_name",
    "company_name",
    "phone",
    "alt_phone",
    "phone_number",
    "extension",
    "email",
    "email_subject",
    "content",
    "address",
    "address2",
    "city",
    "state",
    "zip",
    "how_you_hear_about_us",
    "note",
];

/// Whether an answer of this name is the message's own, not the account's.
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
    /// A field whose name follows from its label, unless its kind has a name of its own.
    pub fn new(label: &str, kind: FieldKind, is_required: bool) -> Self {
        let name = kind.own_name().map_or_else(|| underscored(label), str::to_owned);
        Field::named(&name, label, kind, is_required)
    }

    /// A field whose name is its own and does not follow from its label.
    pub fn named(name: &str, label: &str, kind: FieldKind, is_required: bool) -> Self {
        Field {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            kind,
            is_required,
            rules: Rules::default(),
        }
    }

    /// The names under which its answers are kept: one, but for an address.
    pub fn answer_names(&self) -> Vec<&str> {
        match self.kind {
            FieldKind::Address => ADDRESS_PARTS.map(|(name, _)| name).to_vec(),
            _ => vec![&self.name],
        }
    }

    /// What an answer of it is called; `None` if it has no answer of that name.
    pub fn label_of(&self, name: &str) -> Option<String> {
        match self.kind {
            FieldKind::Address => {
                let (_, part) = ADDRESS_PARTS.iter().find(|(part, _)| *part == name)?;
                Some(if name == "address" { self.label.clone() } else { (*part).to_owned() })
            }
            _ => (self.name == name).then(|| self.label.clone()),
        }
    }
}

impl Section {
    /// A section without a title that is always asked, of questions only.
    pub fn of(fields: Vec<Field>) -> Self {
        Section { items: fields.into_iter().map(Item::Field).collect(), ..Section::default() }
    }

    /// Its questions.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.items.iter().filter_map(|item| match item {
            Item::Field(field) => Some(field),
            Item::Prompt(_) => None,
        })
    }
}

impl Form {
    /// The form of an account that has none of its own.
    pub fn standard(account_id: AccountId, now: Instant) -> Self {
        let fields = vec![
            Field::named("first_name", "First name", FieldKind::Text, true),
            Field::named("last_name", "Last name", FieldKind::Text, false),
            Field::named("company_name", "Company", FieldKind::Text, false),
            Field::named("phone", "Phone", FieldKind::Phone, true),
            Field::named("email", "E-mail", FieldKind::Email, false),
            Field::named("content", "Message", FieldKind::LongText, true),
            Field::named("is_emergency", "Emergency", FieldKind::Emergency, false),
        ];
        Form {
            id: None,
            account_id,
            did_id: None,
            version: 1,
            sections: vec![Section::of(fields)],
            created_at: now,
            published_by: String::new(),
        }
    }

    /// Every question, in the form's order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(Section::fields)
    }

    /// What an answer is called in this form.
    pub fn label(&self, name: &str) -> Option<String> {
        self.fields().find_map(|field| field.label_of(name))
    }

    /// Of these answers those whose names this form does not have.
    pub fn unasked<'g>(
        &self,
        given: &'g [(String, String)],
    ) -> impl Iterator<Item = &'g (String, String)> {
        given.iter().filter(|(name, _)| self.label(name).is_none())
    }

    /// Whether the form asks whom the message is for.
    pub fn asks_recipient(&self) -> bool {
        self.fields().any(|field| field.kind == FieldKind::Recipient)
    }
}

/// When a section of these is asked, in a sentence: `Only when “Case” is Family or Other.`
pub fn condition_in_words(condition: &Condition, sections: &[Section]) -> String {
    let mut fields = sections.iter().flat_map(Section::fields);
    let field = fields.find(|field| field.name == condition.field);
    let label = field.map_or_else(|| humanised(&condition.field), |field| field.label.clone());
    if field.is_some_and(|field| field.kind.is_tick()) {
        return format!("Only when “{label}” is ticked.");
    }
    let (last, others) = match condition.any_of.split_last() {
        Some(split) => split,
        None => return format!("Only after an answer to “{label}”."),
    };
    match others {
        [] => format!("Only when “{label}” is {last}."),
        others => format!("Only when “{label}” is {} or {last}.", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TenantId;

    #[test]
    fn labels_become_names() {
        let check = |label, name| assert_eq!(underscored(label), name, "{label}");
        check("Meeting preference", "meeting_preference");
        check(" How did you hear about us? ", "how_did_you_hear_about_us");
        check("Größe (m²)", "größe_m²");
        check("??", "");
        assert_eq!(humanised("meeting_preference"), "Meeting preference");
        assert_eq!(Field::new("Who sent you?", FieldKind::Referer(vec![]), false).name, HEARD);
    }

    const HEARD: &str = "how_you_hear_about_us";

    #[test]
    fn every_reserved_text_has_a_column() {
        let now = Instant::from_ms(0);
        let mut message = Message::blank(TenantId(1), AccountId(1), String::new(), now);
        let others = ["is_emergency", "user_id", "receiver_name"];
        for name in RESERVED.iter().filter(|name| !others.contains(name)) {
            assert!(column(&mut message, name).is_some(), "{name}");
        }
        for (name, _) in ADDRESS_PARTS {
            assert!(is_reserved(name), "{name}");
        }
        let columns: std::collections::BTreeSet<&str> = COLUMNS.into();
        let reserved = RESERVED.into_iter().filter(|name| !others.contains(name));
        assert_eq!(columns, reserved.collect());
    }

    #[test]
    fn conditions_are_said_in_words() {
        let options = vec!["Family".to_owned(), "Other".to_owned(), "Tax".to_owned()];
        let sections = [Section::of(vec![
            Field::new("Case", FieldKind::Select(options.clone()), true),
            Field::new("Cold", FieldKind::Checkbox, false),
        ])];
        let check = |field: &str, any_of: &[&str], said: &str| {
            let any_of = any_of.iter().map(|option| (*option).to_owned()).collect();
            let condition = Condition { field: field.to_owned(), any_of };
            assert_eq!(condition_in_words(&condition, &sections), said);
        };
        check("case", &["Tax"], "Only when “Case” is Tax.");
        check("case", &["Tax", "Other", "Family"], "Only when “Case” is Tax, Other or Family.");
        check("cold", &["Yes"], "Only when “Cold” is ticked.");
        check("gone_by", &[], "Only after an answer to “Gone by”.");
    }
}
