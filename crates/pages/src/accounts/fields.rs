//! The fields of the two forms on an account's page: a line, and a person of the directory.

use domain::Contact;

use super::account_form::zones;
use crate::form::Form;
use crate::session::Fields;
use crate::ui::{Field, FieldKind};

/// A line that is added.
pub(crate) fn line(typed: Option<&Fields>) -> Form {
    Form::new([
        Field::new(FieldKind::Phone, "number", "Number").required().max_length(40),
        Field::new(FieldKind::Text, "line_label", "What it is for").at("label").max_length(120),
    ])
    .filled(typed)
}

/// A person who is put in or changed.
pub(crate) fn contact(typed: Option<&Fields>) -> Form {
    Form::new([
        Field::new(FieldKind::Text, "name", "Name").required().max_length(120),
        Field::new(FieldKind::Text, "title", "Title").max_length(120),
        Field::new(FieldKind::Email, "email", "E-mail"),
        Field::new(FieldKind::Phone, "phone", "Phone").max_length(40),
        Field::new(FieldKind::Text, "zone", "Time zone")
            .choices(zones())
            .hint("Where quiet hours are counted. Empty: the account's."),
    ])
    .filled(typed)
}

/// What somebody would have typed to make a person as it is.
pub(crate) fn of_contact(contact: &Contact) -> Fields {
    Fields::of([
        ("name", contact.name.as_str()),
        ("title", &contact.title),
        ("email", &contact.email),
        ("phone", &contact.phone),
        ("zone", contact.zone.as_ref().map_or("", |zone| zone.name())),
    ])
}
