//! Sample pages of the console: a heating company's form, empty and refused, and the picker.

use super::script::posted_as;
use super::{AccountCard, AccountPick, Block, Branch, BriefMessage, NonMessage, OnCallNow, Picker};
use super::{Queue, Script, Step, TakeMessage, Words};
use crate::ui::{Choice, Fact, Field, FieldKind, Flash, Place, Role, Shell};

pub(crate) fn agent() -> Shell {
    let user_name = "Rosa Delgado".to_owned();
    Shell { role: Role::Agent, user_name, ..Shell::sample(Place::Console) }
}

fn step(title: &str, blocks: Vec<Block>) -> Step {
    Step { title: title.to_owned(), branch: None, blocks }
}

fn say(words: &str) -> Block {
    Block::Say(vec![Words::Known(words.to_owned())])
}

impl Script {
    /// A heating company's: what is said, an address, and a branch for cold houses.
    pub(crate) fn sample() -> Self {
        let systems = [("", "Choose"), ("Gas", "Gas"), ("Oil", "Oil"), ("Heat pump", "Heat pump")];
        let yes_no = ["Yes", "No"].map(|text| Choice::new(text, text)).to_vec();
        let text = |name: &str, label: &str| Field::new(FieldKind::Text, &posted_as(name), label);
        let mut cold = step(
            "No heat",
            vec![
                say("I am sorry to hear that. Is anybody in the house old, ill or very young?"),
                Block::Ask(vec![text("who_is_cold", "Who is there?"), text("since", "Cold since")]),
            ],
        );
        cold.branch = Some(Branch {
            control: posted_as("no_heat_at_all"),
            any_of: "[\"Yes\"]".to_owned(),
            said: "Only when “No heat at all?” is Yes.".to_owned(),
            is_open: true,
        });
        let heat = Field::new(FieldKind::Radio, &posted_as("no_heat_at_all"), "No heat at all?");
        let caller = vec![
            heat.required().choices(yes_no).wide().focused(),
            text("first_name", "First name").required(),
            text("last_name", "Last name"),
            Field::new(FieldKind::Phone, &posted_as("phone"), "Callback number").required(),
            Field::new(FieldKind::Email, &posted_as("email"), "E-mail"),
        ];
        let parts = vec![
            text("address", "Street").required(),
            text("address2", "Street, second line"),
            text("city", "City").required(),
            text("state", "State"),
            text("zip", "ZIP"),
        ];
        let content = Field::new(FieldKind::LongText, &posted_as("content"), "Message");
        let rest = vec![
            Field::choice(&posted_as("system"), "System", &systems).required(),
            content.required(),
            Field::new(FieldKind::Tick, &posted_as("is_emergency"), "Emergency"),
        ];
        let (label, hint) = ("Service address".to_owned(), String::new());
        let mut told = vec![Words::Known("Thank you, ".to_owned())];
        told.push(Words::Caller(String::new()));
        told.push(Words::Known(". Where is the house?".to_owned()));
        let sections = vec![
            step("Caller", vec![Block::Ask(caller)]),
            cold,
            step(
                "Visit",
                vec![
                    Block::Say(told),
                    Block::Group { label, hint, fields: parts },
                    Block::Ask(rest),
                ],
            ),
        ];
        Script { sections }
    }
}

impl TakeMessage {
    /// An empty form.
    pub(crate) fn sample() -> Self {
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
            on_call: vec![
                OnCallNow {
                    rotation: "Night technicians".to_owned(),
                    name: "Karl Winter".to_owned(),
                    is_off: false,
                    phone: "(954) 555-0131".to_owned(),
                    until: "until Mar 4, 2026, 8:00 AM EST".to_owned(),
                },
                OnCallNow {
                    rotation: "Weekend dispatch".to_owned(),
                    name: String::new(),
                    is_off: false,
                    phone: String::new(),
                    until: "until Mar 7, 2026, 8:00 AM EST".to_owned(),
                },
            ],
            script: Script::sample(),
            around: vec![
                Field::choice("did_id", "Line", &lines).value("1"),
                Field::new(FieldKind::Phone, "caller_id", "Caller ID").value("(954) 555-0142"),
                Field::choice("contact_id", "Send to", &contacts).value("12"),
            ],
            form_id: "7".to_owned(),
            only_line: None,
            question: None,
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
    pub(crate) fn sample_error() -> Self {
        let mut page = Self::sample();
        page.answered = true;
        page.error = Some("2 things are not right yet. Nothing you typed is lost.".to_owned());
        for field in page.script.fields_mut() {
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
    pub(crate) fn sample() -> Self {
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
    pub(crate) fn sample_empty() -> Self {
        let (picks, recent) = (Vec::new(), Vec::new());
        let queue = Queue::sample_quiet();
        Self { query: "5550199".to_owned(), queue, picks, recent, ..Self::sample() }
    }

    /// Right after a message was saved.
    pub(crate) fn sample_saved() -> Self {
        let mut page = Self::sample();
        let flash = Flash::done("Saved. Texting Karl Winter (on call). Next step 2:44 PM.");
        page.shell.flash = Some(flash.with_link("/messages/941", "Open it"));
        page.saved_draft = Some("3-2".to_owned());
        page
    }
}
