//! Adding a person, or changing one.

use askama::Template;

use crate::ui::{Choice, Field, FieldKind, Place, Shell};

/// `GET /people/new` → `POST /people`; `GET /people/{id}` → `POST /people/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/person_form.html")]
pub struct PersonForm {
    /// The frame.
    pub shell: Shell,
    /// "Add a person", or the person's name.
    pub title: String,
    /// Where it posts to.
    pub action: String,
    /// `name`, `email`, `role`, `password`.
    pub fields: Vec<Field>,
    /// The accounts to tick; posted as repeated `account_id`.
    pub accounts: Vec<Choice>,
    /// Those that are ticked, by value.
    pub chosen: Vec<String>,
    /// What is wrong with the accounts.
    pub accounts_error: Option<String>,
}

impl PersonForm {
    /// The form for somebody new.
    #[must_use]
    pub fn new(shell: Shell, accounts: Vec<Choice>) -> Self {
        let roles = [
            ("client", "Client"),
            ("agent", "Agent"),
            ("supervisor", "Supervisor"),
            ("owner", "Owner"),
        ];
        Self {
            shell,
            title: "Add a person".to_owned(),
            action: "/people".to_owned(),
            fields: vec![
                Field::new(FieldKind::Text, "name", "Name").required().max_length(120).focused(),
                Field::new(FieldKind::Email, "email", "E-mail")
                    .required()
                    .hint("They sign in with it."),
                Field::choice("role", "Role", &roles)
                    .hint("Clients read. Agents take messages. Supervisors look after accounts."),
                Field::new(FieldKind::Password, "password", "First password")
                    .required()
                    .autocomplete("new-password")
                    .hint("At least 12 characters. Hand it over in person or by phone."),
            ],
            accounts,
            chosen: Vec::new(),
            accounts_error: None,
        }
    }

    /// The empty form.
    #[must_use]
    pub fn sample() -> Self {
        let accounts = vec![
            Choice::new("1", "Hartwell & Boone"),
            Choice::new("2", "Northwind Heating & Air"),
            Choice::new("3", "Maple Street Dental"),
        ];
        Self::new(Shell::sample(Place::People), accounts)
    }

    /// After it was refused.
    #[must_use]
    pub fn sample_error() -> Self {
        let mut page = Self::sample();
        page.fields[0].value = "Karl Winter".to_owned();
        page.fields[1].value = "jane@hartwell.example".to_owned();
        page.fields[1].error = Some("Jane Hartwell already signs in with this address.".to_owned());
        page.fields[3].error =
            Some("This password is too short: 12 characters at least.".to_owned());
        page.accounts_error = Some("Choose at least one account for a client.".to_owned());
        page
    }
}
