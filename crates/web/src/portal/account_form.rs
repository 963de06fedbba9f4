//! Adding an account, or changing one.

use askama::Template;

use crate::ui::{Field, FieldKind, Place, Shell};

/// `GET /accounts/new` → `POST /accounts`; `GET /accounts/{id}/edit` → `POST /accounts/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/account_form.html")]
pub struct AccountForm {
    /// The frame.
    pub shell: Shell,
    /// "Add an account", or "Change Northwind Heating & Air".
    pub title: String,
    /// Where it posts to.
    pub action: String,
    /// Where cancelling leads.
    pub back: String,
    /// `account_number`, `name`, `time_zone`, `dids` (one a line), `greeting`.
    pub fields: Vec<Field>,
}

impl AccountForm {
    /// The form for a new account.
    #[must_use]
    pub fn new(shell: Shell) -> Self {
        Self {
            shell,
            title: "Add an account".to_owned(),
            action: "/accounts".to_owned(),
            back: "/accounts".to_owned(),
            fields: vec![
                Field::new(FieldKind::Text, "account_number", "Account number")
                    .required()
                    .max_length(40)
                    .hint("As your clients and programs know it. It cannot be used twice.")
                    .focused(),
                Field::new(FieldKind::Text, "name", "Name").required().max_length(120),
                Field::new(FieldKind::Text, "time_zone", "Time zone")
                    .required()
                    .value("America/New_York")
                    .hint("An IANA name, such as America/Chicago or Europe/Berlin."),
                Field::new(FieldKind::LongText, "dids", "Lines")
                    .hint("The numbers that callers dial, one a line."),
                Field::new(FieldKind::LongText, "greeting", "Greeting").max_length(500).hint(
                    "Read aloud at the start of each call. {agent} becomes the agent's name.",
                ),
            ],
        }
    }

    /// The empty form.
    #[must_use]
    pub fn sample() -> Self {
        Self::new(Shell::sample(Place::Accounts))
    }

    /// After it was refused.
    #[must_use]
    pub fn sample_error() -> Self {
        let mut page = Self::sample();
        page.fields[0].value = "1002".to_owned();
        page.fields[0].error = Some("Northwind Heating & Air already has this number.".to_owned());
        page.fields[1].value = "Blue Door Realty".to_owned();
        page.fields[2].value = "Florida".to_owned();
        page.fields[2].error =
            Some("“Florida” is not a time zone. Did you mean America/New_York?".to_owned());
        page
    }
}
