//! Sample pages of the builder: a heating company's form with a branch, sound and refused.

use domain::form::{Condition, Item, Section};
use domain::{Field as Question, FieldKind as Kind};

use super::builder::blame;
use super::{FormBuilder, FormPlace, FormState, SectionCard};
use crate::console::Script;
use crate::ui::{Place, Shell, moment};

fn sections() -> Vec<Section> {
    let yes_no = vec!["Yes".to_owned(), "No".to_owned()];
    let ask = |question: Question| Item::Field(question);
    let say = |text: &str| Item::Prompt(text.to_owned());
    let any_of = vec!["Yes".to_owned()];
    let opens_when = Some(Condition { field: "no_heat_at_all".to_owned(), any_of });
    vec![
        Section {
            title: "Caller".to_owned(),
            opens_when: None,
            items: vec![
                say("{GREETING}, {COMPANY_NAME}, this is {AGENT_NAME}. Is your heat working?"),
                ask(Question::new("No heat at all?", Kind::Radio(yes_no), true)),
                ask(Question::named("phone", "Callback number", Kind::Phone, true)),
            ],
        },
        Section {
            title: "No heat".to_owned(),
            opens_when,
            items: vec![ask(Question::new("Who is there?", Kind::LongText, false))],
        },
    ]
}

impl FormPlace {
    /// A line of a heating company.
    pub(crate) fn sample() -> Self {
        let tab = |href: &str, label: &str, is_here| {
            (format!("/accounts/2/form{href}"), label.to_owned(), is_here)
        };
        Self {
            account: "2".to_owned(),
            name: "Northwind Heating & Air".to_owned(),
            line: "5".to_owned(),
            whose: "(954) 555-0121, Emergency line".to_owned(),
            tabs: vec![
                tab("", "The account's", false),
                tab("?line=4", "(954) 555-0120, Main line", false),
                tab("?line=5", "(954) 555-0121, Emergency line (its own)", true),
            ],
        }
    }
}

impl FormState {
    /// A draft above version 4.
    pub(crate) fn sample() -> Self {
        Self {
            in_use: "Version 4 is in use.".to_owned(),
            draft: Some(("Sam Whitfield".to_owned(), moment("5 min. ago"))),
        }
    }
}

impl FormBuilder {
    fn sample_of(sections: &[Section], open: &str) -> Self {
        Self {
            shell: Shell::sample(Place::Accounts),
            place: FormPlace::sample(),
            state: FormState::sample(),
            revision: "3".to_owned(),
            error: None,
            sections: (0..sections.len()).map(|i| SectionCard::of(sections, i, open)).collect(),
            preview: Script::sample(),
        }
    }

    /// Two sections, one question open.
    pub(crate) fn sample() -> Self {
        Self::sample_of(&sections(), "s0.i1")
    }

    /// After it was refused.
    pub(crate) fn sample_error() -> Self {
        let mut sections = sections();
        sections[0].items.push(Item::Prompt("Hello {CALLER}".to_owned()));
        sections[1].items.push(Item::Field(Question::new("", Kind::Select(Vec::new()), true)));
        let mut page = Self::sample_of(&sections, "");
        let faults = domain::form::check_sections(&sections).err();
        let mut faults = faults.unwrap_or_default();
        faults.add("sections.1.opens_when", "must wait for answers to one question only");
        let others = blame(&mut page.sections, &faults);
        page.error = Some(format!("5 things are not right yet. {}", others.join(" ")));
        page
    }

    /// One empty section and nothing published.
    pub(crate) fn sample_empty() -> Self {
        let mut page = Self::sample_of(&[Section::default()], "");
        page.state.in_use = "The standard form is in use until you publish one.".to_owned();
        page.state.draft = None;
        page.preview = Script { sections: Vec::new() };
        page
    }
}
