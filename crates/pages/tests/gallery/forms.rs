//! Sample pages of the builder: a heating company's form with a branch, sound and refused.

use app::forms::Bench;
use domain::form::{Condition, Item, Section, check_sections};
use domain::limits::MINUTE_MS;
use domain::{Field as Question, FieldKind as Kind, Form, FormId, Invalid};

use crate::console::Script;
use crate::forms::builder::{FormBuilder, FormState};
use crate::forms::place::FormPlace;
use crate::forms::try_out::FormTry;
use crate::forms::versions::FormVersions;
use crate::session::Frame;
use crate::tests::sample::{SamplePage, account, drawn, lines, now};
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

/// After it was refused.
fn refused() -> FormBuilder {
    let mut sections = sections();
    sections[0].items.push(Item::Prompt("Hello {CALLER}".to_owned()));
    sections[1].items.push(Item::Field(Question::new("", Kind::Select(Vec::new()), true)));
    let mut faults = check_sections(&sections).err().unwrap_or_default();
    faults.add("sections.1.opens_when", "must wait for answers to one question only");
    builder(FormPlace::sample(), &sections, faults, "")
}

/// Tried, before and after it was answered.
fn tried(kept: Option<Vec<(String, Vec<Fact>)>>) -> FormTry {
    FormTry {
        shell: Shell::sample(Place::Accounts),
        place: FormPlace::sample(),
        what: "The draft, as it would be asked.".to_owned(),
        version: String::new(),
        error: None,
        script: Script::sample(),
        kept,
    }
}

/// Three versions of a line's form, or none yet of an account's.
fn versions(is_new: bool) -> FormVersions {
    let (shell, place) = (Shell::sample(Place::Accounts), FormPlace::sample());
    if is_new {
        return FormVersions { shell, place: FormPlace::sample_new(), versions: Vec::new() };
    }
    let older = [version(2, 28, "Jane Hartwell"), version(1, 50, "")];
    let versions = std::iter::once(place.bench.form.clone()).chain(older).collect();
    FormVersions { shell, place, versions }
}

/// Every page about a form.
pub(crate) fn all() -> Vec<SamplePage> {
    let facts = |pairs: &[(&str, &str)]| pairs.iter().map(|(at, it)| Fact::new(at, it)).collect();
    let caller = [("No heat at all?", "Yes"), ("First name", "Maria")];
    let visit = [("Service address", "12 Elm St"), ("ZIP", "33401")];
    let kept = vec![("Caller".to_owned(), facts(&caller)), ("Visit".to_owned(), facts(&visit))];
    let (place, new, none) = (FormPlace::sample(), FormPlace::sample_new(), Invalid::new);
    vec![
        drawn("form-builder", &builder(place, &sections(), none(), "s0.i1")),
        drawn("form-builder-error", &refused()),
        drawn("form-builder-empty", &builder(new, &[Section::default()], none(), "")),
        drawn("form-try", &tried(None)),
        drawn("form-try-kept", &tried(Some(kept))),
        drawn("form-versions", &versions(false)),
        drawn("form-versions-empty", &versions(true)),
    ]
}
