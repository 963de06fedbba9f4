//! Sample pages of the builder: a heating company's form with a branch, sound and refused.

use app::forms::Bench;
use domain::form::{Condition, Item, Section, check_sections};
use domain::limits::MINUTE_MS;
use domain::{Field as Question, FieldKind as Kind, Form, FormId, Invalid};

use super::builder::FormState;
use super::{FormBuilder, FormPlace, FormTry, FormVersions};
use crate::console::Script;
use crate::sample::{account, lines, now};
use crate::session::Frame;
use crate::ui::{Fact, Place, Shell};

fn sections() -> Vec<Section> {
    let yes_no = vec!["Yes".to_owned(), "No".to_owned()];
    let say = |text: &str| Item::Prompt(text.to_owned());
    let any_of = vec!["Yes".to_owned()];
    let opens_when = Some(Condition { field: "no_heat_at_all".to_owned(), any_of });
    vec![
        Section {
            title: "Caller".to_owned(),
            opens_when: None,
            items: vec![
                say("{GREETING}, {COMPANY_NAME}, this is {AGENT_NAME}. Is your heat working?"),
                Item::Field(Question::new("No heat at all?", Kind::Radio(yes_no), true)),
                Item::Field(Question::named("phone", "Callback number", Kind::Phone, true)),
            ],
        },
        Section {
            title: "No heat".to_owned(),
            opens_when,
            items: vec![Item::Field(Question::new("Who is there?", Kind::LongText, false))],
        },
    ]
}

/// A version of the form of a line.
fn version(version: i64, days: i64, by: &str) -> Form {
    Form {
        id: Some(FormId(version)),
        version,
        sections: sections(),
        published_by: by.to_owned(),
        ..Form::standard(account(2).id, now().minus_ms(days * 24 * 60 * MINUTE_MS))
    }
}

impl FormPlace {
    /// A line of a heating company, whose form of its own somebody changes.
    fn sample() -> Self {
        let account = account(2);
        let draft = app::forms::FormDraft {
            account_id: account.id,
            did_id: None,
            sections: sections(),
            revision: 3,
            changed_by: "Sam Whitfield".to_owned(),
            changed_at: now().minus_ms(5 * MINUTE_MS),
        };
        let mut lines = lines();
        lines.retain(|did| did.account_id == account.id);
        let line = lines.last().cloned();
        let bench = Bench {
            lines_with_own: line.iter().map(|did| did.id).collect(),
            account,
            lines,
            line,
            form: version(4, 2, "Sam Whitfield"),
            has_own: true,
            draft: Some(draft),
        };
        Self::of(bench, now())
    }

    /// An account for which nothing was published.
    fn sample_new() -> Self {
        let mut place = Self::sample();
        (place.bench.line, place.bench.draft, place.bench.has_own) = (None, None, false);
        place
    }
}

fn builder(place: FormPlace, sections: &[Section], faults: Invalid, open: &str) -> FormBuilder {
    let state = FormState { sections, faults, open, ..FormState::default() };
    FormBuilder::draw(Frame::sample(Place::Accounts), place, state)
}

impl FormBuilder {
    /// Two sections, one question open.
    pub(crate) fn sample() -> Self {
        builder(FormPlace::sample(), &sections(), Invalid::new(), "s0.i1")
    }

    /// After it was refused.
    pub(crate) fn sample_error() -> Self {
        let mut sections = sections();
        sections[0].items.push(Item::Prompt("Hello {CALLER}".to_owned()));
        sections[1].items.push(Item::Field(Question::new("", Kind::Select(Vec::new()), true)));
        let mut faults = check_sections(&sections).err().unwrap_or_default();
        faults.add("sections.1.opens_when", "must wait for answers to one question only");
        builder(FormPlace::sample(), &sections, faults, "")
    }

    /// One empty section and nothing published.
    pub(crate) fn sample_empty() -> Self {
        builder(FormPlace::sample_new(), &[Section::default()], Invalid::new(), "")
    }
}

impl FormTry {
    /// Before anything was answered.
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(Place::Accounts),
            place: FormPlace::sample(),
            what: "The draft, as it would be asked.".to_owned(),
            version: String::new(),
            error: None,
            script: Script::sample(),
            kept: None,
        }
    }

    /// After it was answered.
    pub(crate) fn sample_kept() -> Self {
        let caller = vec![
            Fact::new("No heat at all?", "Yes"),
            Fact::new("First name", "Maria"),
            Fact::new("Callback number", "(954) 555-0142"),
        ];
        let visit = vec![Fact::new("Service address", "12 Elm St"), Fact::new("ZIP", "33401")];
        let kept = vec![("Caller".to_owned(), caller), ("Visit".to_owned(), visit)];
        Self { kept: Some(kept), ..Self::sample() }
    }
}

impl FormVersions {
    /// Three versions of a line's form.
    pub(crate) fn sample() -> Self {
        let (shell, place) = (Shell::sample(Place::Accounts), FormPlace::sample());
        let older = [version(2, 28, "Jane Hartwell"), version(1, 50, "")];
        let versions = std::iter::once(place.bench.form.clone()).chain(older).collect();
        Self { shell, place, versions }
    }

    /// Nothing published yet.
    pub(crate) fn sample_empty() -> Self {
        Self { versions: Vec::new(), place: FormPlace::sample_new(), ..Self::sample() }
    }
}
