//! One account: its facts, lines, contacts and the form that agents fill in.

use askama::Template;

use crate::ui::{Fact, Field, FieldKind, Place, Shell};

/// `GET /accounts/{id}`; adds with `POST /accounts/{id}/contacts` and `POST /accounts/{id}/fields`.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/account.html")]
pub struct AccountPage {
    /// The frame.
    pub shell: Shell,
    /// Its id, for the addresses.
    pub id: String,
    /// "Northwind Heating & Air".
    pub name: String,
    /// Number, time zone, address, …
    pub facts: Vec<Fact>,
    /// What the agent says first.
    pub greeting: String,
    /// Its lines: the number and what it is for.
    pub dids: Vec<Fact>,
    /// The directory.
    pub contacts: Vec<ContactRow>,
    /// The account's own fields, in the script's order.
    pub fields: Vec<FormFieldRow>,
    /// Posts a contact: `name`, `title`, `email`, `phone`.
    pub new_contact: Vec<Field>,
    /// Posts a field: `label`, `kind`, `choices`, `required`.
    pub new_field: Vec<Field>,
}

/// One person of the directory.
#[derive(Debug, Clone)]
pub struct ContactRow {
    /// "Jane Hartwell".
    pub name: String,
    /// "Partner", or empty.
    pub title: String,
    /// Where mail goes, or empty.
    pub email: String,
    /// Number as a person reads it, or empty.
    pub phone: String,
}

/// One field of the account's form.
#[derive(Debug, Clone)]
pub struct FormFieldRow {
    /// "System".
    pub label: String,
    /// The key in `answers`: `system`.
    pub key: String,
    /// "Text", "Choice: Gas, Oil, Electric".
    pub kind: String,
    /// Must be filled.
    pub required: bool,
}

impl AccountPage {
    /// The empty form of a contact.
    #[must_use]
    pub fn contact_fields() -> Vec<Field> {
        vec![
            Field::new(FieldKind::Text, "name", "Name").required().max_length(120),
            Field::new(FieldKind::Text, "title", "Title").max_length(120),
            Field::new(FieldKind::Email, "email", "E-mail"),
            Field::new(FieldKind::Phone, "phone", "Phone"),
        ]
    }

    /// The empty form of a field.
    #[must_use]
    pub fn field_fields() -> Vec<Field> {
        let kinds = [
            ("text", "One line"),
            ("long_text", "Several lines"),
            ("choice", "A choice"),
            ("phone", "Phone number"),
            ("email", "E-mail"),
            ("date", "Date"),
            ("number", "Number"),
            ("tick", "Yes or no"),
        ];
        vec![
            Field::new(FieldKind::Text, "label", "Question").required().max_length(120),
            Field::choice("kind", "Answer", &kinds),
            Field::new(FieldKind::Text, "choices", "Choices")
                .hint("For a choice: the answers, with commas between them.")
                .wide(),
            Field::new(FieldKind::Tick, "required", "Must be answered"),
        ]
    }

    /// A whole account.
    #[must_use]
    pub fn sample() -> Self {
        let contact = |name: &str, title: &str, email: &str, phone: &str| ContactRow {
            name: name.to_owned(),
            title: title.to_owned(),
            email: email.to_owned(),
            phone: phone.to_owned(),
        };
        let field = |label: &str, key: &str, kind: &str, required| FormFieldRow {
            label: label.to_owned(),
            key: key.to_owned(),
            kind: kind.to_owned(),
            required,
        };
        Self {
            shell: Shell::sample(Place::Accounts),
            id: "2".to_owned(),
            name: "Northwind Heating & Air".to_owned(),
            facts: vec![
                Fact::new("Number", "1002"),
                Fact::new("Time zone", "America/New_York"),
                Fact::new("Messages", "203"),
            ],
            greeting: "Northwind Heating and Air, this is Rosa. Are you without heat right now?"
                .to_owned(),
            dids: vec![
                Fact::new("(954) 555-0120", "Main line"),
                Fact::new("(954) 555-0121", "Emergency line"),
            ],
            contacts: vec![
                contact("Service desk", "", "service@northwind.example", "(954) 555-0177"),
                contact("Karl Winter", "Owner", "karl@northwind.example", "(954) 555-0178"),
            ],
            fields: vec![
                field("Service address", "service_address", "Several lines", true),
                field("System", "system", "Choice: Gas, Oil, Electric, Heat pump", true),
                field("No heat at all?", "no_heat_at_all", "Choice: Yes, No", false),
            ],
            new_contact: Self::contact_fields(),
            new_field: Self::field_fields(),
        }
    }

    /// A new account without contacts or fields.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { dids: Vec::new(), contacts: Vec::new(), fields: Vec::new(), ..Self::sample() }
    }

    /// A contact that was refused.
    #[must_use]
    pub fn sample_error() -> Self {
        let mut page = Self::sample();
        page.new_contact[0].value = "Ann Lee".to_owned();
        page.new_contact[2].value = "ann@".to_owned();
        page.new_contact[2].error = Some("This is not a whole e-mail address.".to_owned());
        page
    }

    /// The form was refused, so it stays open.
    #[must_use]
    pub fn is_wrong(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| field.error.is_some())
    }
}
