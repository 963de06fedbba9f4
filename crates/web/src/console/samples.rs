//! Sample pages of the console: a heating company's form, empty and refused, and the picker.

use super::script::posted_as;
use super::{AccountCard, AccountPick, BriefMessage, NonMessage, Picker, Queue, TakeMessage};
use crate::ui::{Choice, Fact, Field, FieldKind, Flash, Place, Role, Shell};

pub(super) fn agent() -> Shell {
    let user_name = "Rosa Delgado".to_owned();
    Shell { role: Role::Agent, user_name, ..Shell::sample(Place::Console) }
}

fn script() -> Vec<Field> {
    let systems = [("", "Choose"), ("Gas", "Gas"), ("Oil", "Oil"), ("Heat pump", "Heat pump")];
    let yes_no = ["Yes", "No"].map(|text| Choice::new(text, text)).to_vec();
    let named = |name: &str| posted_as(name);
    vec![
        Field::new(FieldKind::Radio, &named("no_heat_at_all"), "No heat at all?")
            .required()
            .choices(yes_no)
            .wide()
            .focused(),
        Field::new(FieldKind::Text, &named("first_name"), "First name").required(),
        Field::new(FieldKind::Text, &named("last_name"), "Last name"),
        Field::new(FieldKind::Phone, &named("phone"), "Callback number").required(),
        Field::new(FieldKind::Email, &named("email"), "E-mail"),
        Field::new(FieldKind::LongText, &named("service_address"), "Service address").required(),
        Field::choice(&named("system"), "System", &systems).required(),
        Field::new(FieldKind::LongText, &named("content"), "Message").required(),
        Field::new(FieldKind::Tick, &named("is_emergency"), "Emergency"),
    ]
}

impl TakeMessage {
    /// An empty form.
    #[must_use]
    pub fn sample() -> Self {
        let lines = [("1", "(954) 555-0120, Main line"), ("2", "(954) 555-0121, Emergency line")];
        let contacts = [
            ("12", "Service desk, by e-mail"),
            ("13", "Karl Winter, Owner, by e-mail"),
            ("", "Nobody: keep it in the portal"),
        ];
        Self {
            shell: agent(),
            greeting: "Northwind Heating and Air, this is Rosa. Are you without heat right now?"
                .to_owned(),
            account: AccountCard {
                id: "2".to_owned(),
                name: "Northwind Heating & Air".to_owned(),
                facts: vec![
                    Fact::new("Number", "1002"),
                    Fact::new("Time there", "Mar 3, 2026, 2:14 PM EST"),
                    Fact::new("Lines", "(954) 555-0120 Main line\n(954) 555-0121 Emergency line"),
                ],
                notes: "Never quote prices.\nA smell of gas is an emergency: ask them to leave \
                        the house first."
                    .to_owned(),
                recent: BriefMessage::samples(),
            },
            fields: script(),
            around: vec![
                Field::choice("did_id", "Line", &lines).value("1"),
                Field::new(FieldKind::Phone, "caller_id", "Caller ID").value("(954) 555-0142"),
                Field::choice("contact_id", "Send to", &contacts).value("12"),
            ],
            form_id: "7".to_owned(),
            only_line: None,
            error: None,
            draft: "3-2".to_owned(),
            answered: false,
            once: "0b0e8f4e-sample".to_owned(),
            carried: Vec::new(),
            queue: Queue::sample(),
            call: None,
            earlier: None,
            works: None,
            nothing: NonMessage::all(),
        }
    }

    /// After it was refused, with what was typed.
    #[must_use]
    pub fn sample_error() -> Self {
        let mut page = Self::sample();
        page.answered = true;
        page.error = Some("2 things are not right yet. Nothing you typed is lost.".to_owned());
        for field in &mut page.fields {
            field.focused = false;
            match field.label.as_str() {
                "No heat at all?" => field.value = "Yes".to_owned(),
                "First name" => field.value = "Maria".to_owned(),
                "Callback number" => {
                    field.error = Some("Callback number must be filled in.".to_owned());
                    field.focused = true;
                }
                "System" => field.error = Some("System must be filled in.".to_owned()),
                "Message" => {
                    field.value = "No heat since last night, two small children.".to_owned();
                }
                "Emergency" => field.value = "true".to_owned(),
                _ => {}
            }
        }
        page
    }
}

impl Picker {
    /// Three accounts.
    #[must_use]
    pub fn sample() -> Self {
        let pick = |id, number: &str, name: &str, dids: &str| AccountPick {
            href: format!("/console/accounts/{id}"),
            number: number.to_owned(),
            name: name.to_owned(),
            dids: dids.to_owned(),
            local_time: "2:14 PM EST".to_owned(),
        };
        Self {
            shell: agent(),
            query: String::new(),
            picks: vec![
                pick(2, "1002", "Northwind Heating & Air", "(954) 555-0120, (954) 555-0121"),
                pick(1, "1001", "Hartwell & Boone, Attorneys", "(954) 555-0110"),
                pick(3, "1003", "Maple Street Dental", "(954) 555-0130"),
            ],
            queue: Queue::sample(),
            recent: BriefMessage::samples(),
            saved_draft: None,
        }
    }

    /// Nothing fits.
    #[must_use]
    pub fn sample_empty() -> Self {
        let (picks, recent) = (Vec::new(), Vec::new());
        let queue = Queue::sample_quiet();
        Self { query: "5550199".to_owned(), queue, picks, recent, ..Self::sample() }
    }

    /// Right after a message was saved.
    #[must_use]
    pub fn sample_saved() -> Self {
        let mut page = Self::sample();
        let flash = Flash::done("Message 941 saved, e-mail to Service desk queued.");
        page.shell.flash = Some(flash.with_link("/messages/941", "Open it"));
        page.saved_draft = Some("3-2".to_owned());
        page
    }
}
