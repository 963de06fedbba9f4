//! Building a form: its sections and questions as they will be asked, beside a preview.

use app::forms::Bench;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use domain::form::{Item, Section, condition_in_words, humanised};
use domain::{Contact, Field as Question, Form, Invalid};
use web::Web;

use super::edit::{self, item_key, section_key};
use super::{FormPlace, words};
use crate::console::Script;
use crate::console::script::AgentVoice;
use crate::session::{Fields, Frame, Id, PageResult, Posted, SignedIn, page};
use crate::ui::{Field, FieldKind, Place, Shell};

/// `GET /accounts/{id}/form` (`line`, `open`: what a button was pressed on) →
/// `POST /accounts/{id}/form` (`act`: which button). Every button keeps what was typed.
#[derive(Debug, Clone, Template)]
#[template(path = "forms/builder.html")]
pub(crate) struct FormBuilder {
    pub(crate) shell: Shell,
    pub(crate) place: FormPlace,
    /// What is wrong with the form as a whole.
    pub(crate) error: Option<String>,
    /// The sections, in order.
    pub(crate) sections: Vec<SectionCard>,
    /// The form as agents will meet it.
    pub(crate) preview: Script,
}

/// A section in the builder.
#[derive(Debug, Clone)]
pub(crate) struct SectionCard {
    /// Its key: `s0`.
    pub(crate) key: String,
    /// 1 for the first.
    pub(crate) number: usize,
    /// Posted as `s0.title`.
    pub(crate) title: Field,
    /// When it is asked, in words.
    pub(crate) said: String,
    /// The questions of other sections whose answers may open it.
    pub(crate) openers: Vec<Opener>,
    /// What is wrong with that.
    pub(crate) error: Option<String>,
    pub(crate) items: Vec<ItemCard>,
    /// What may be added; posted as `s0.add`.
    pub(crate) add: Field,
    /// Has the cursor's attention when the page opens.
    pub(crate) is_open: bool,
    /// Stands first, stands last.
    pub(crate) ends: (bool, bool),
}

/// A question whose answers may open a section.
#[derive(Debug, Clone)]
pub(crate) struct Opener {
    pub(crate) label: String,
    /// Each answer: what is posted as `s0.when`, what is read, whether it opens the section now.
    pub(crate) answers: Vec<(String, String, bool)>,
}

/// A question or a text in the builder.
#[derive(Debug, Clone)]
pub(crate) struct ItemCard {
    /// Its key: `s0.i2`.
    pub(crate) key: String,
    /// Read aloud, not asked.
    pub(crate) is_prompt: bool,
    /// Its label, or the beginning of its text.
    pub(crate) title: String,
    /// "Phone number, required".
    pub(crate) about: String,
    /// What can be changed.
    pub(crate) fields: Vec<Field>,
    /// The same, only for choices, and only for texts.
    pub(crate) choices: Option<Field>,
    /// Length and pattern.
    pub(crate) rules: Vec<Field>,
    /// The name that it had, posted as `s0.i2.was`.
    pub(crate) was: String,
    /// Shows its fields when the page opens.
    pub(crate) is_open: bool,
    /// Can move up, can move down.
    pub(crate) moves: (bool, bool),
}

/// A form as it stands in the builder, and what is to be said about it.
#[derive(Default)]
pub(crate) struct FormState<'s> {
    pub(crate) sections: &'s [Section],
    pub(crate) contacts: &'s [Contact],
    pub(crate) faults: Invalid,
    pub(crate) error: Option<String>,
    /// The key of what is open when the page is.
    pub(crate) open: &'s str,
}

impl FormBuilder {
    pub(crate) fn draw(frame: Frame, place: FormPlace, state: FormState<'_>) -> Self {
        let FormState { sections, contacts, faults, error, open } = state;
        let mut cards: Vec<SectionCard> =
            (0..sections.len()).map(|i| SectionCard::of(sections, i, open)).collect();
        let others = blame(&mut cards, &faults);
        let error = error.into_iter().chain(others).collect::<Vec<_>>().join(" ");
        let voice = AgentVoice::new(&place.bench.account, &frame.actor.name, frame.now);
        Self {
            shell: frame.shell,
            error: (!error.is_empty()).then_some(error),
            sections: cards,
            preview: preview_of(&place.bench, sections, &voice, contacts),
            place,
        }
    }

    /// The key as part of an id, which stands in addresses.
    pub(crate) fn id(&self, key: &str) -> String {
        key.replace('.', "-")
    }
}

/// A draft as agents would meet it; questions without a name, or with that of another, get one.
fn preview_of(
    bench: &Bench,
    sections: &[Section],
    voice: &AgentVoice,
    contacts: &[Contact],
) -> Script {
    let mut form = Form { sections: sections.to_vec(), ..bench.form.clone() };
    let mut names = std::collections::HashSet::new();
    let items = form.sections.iter_mut().flat_map(|section| &mut section.items);
    for (i, item) in items.enumerate() {
        if let Item::Field(field) = item
            && field.kind.own_name().is_none()
            && (field.name.is_empty() || !names.insert(field.name.clone()))
        {
            field.name = format!("{} {i}", field.name);
        }
    }
    let mut script = Script::of(&form, &std::collections::HashMap::new(), voice, contacts, false);
    script.unfocus();
    script
}

/// Puts each fault beside its control, and opens what it stands in.
pub(crate) fn blame(cards: &mut [SectionCard], faults: &Invalid) -> Vec<String> {
    let mut others = Vec::new();
    for (path, rule) in faults.faults() {
        let control = edit::control(path);
        let found = cards.iter_mut().any(|card| card.blame(&control, rule));
        if !found {
            others.push(format!("The form {rule}."));
        }
    }
    others
}

impl SectionCard {
    pub(crate) fn of(sections: &[Section], i: usize, open: &str) -> Self {
        let (section, key) = (&sections[i], section_key(i));
        let title = Field::new(FieldKind::Text, &format!("{key}.title"), "Title")
            .max_length(200)
            .value(&section.title);
        let title = if open == key { title.focused() } else { title };
        let add = Field::new(FieldKind::Choice, &format!("{key}.add"), "Add to this section");
        let last = section.items.len().saturating_sub(1);
        let item = |(j, item): (usize, &Item)| {
            let mut card = ItemCard::of(item, item_key(i, j), open);
            card.moves = (j > 0 || i > 0, j < last || i + 1 < sections.len());
            card
        };
        let said = match &section.opens_when {
            None => "Always asked".to_owned(),
            Some(condition) => condition_in_words(condition, sections),
        };
        SectionCard {
            number: i + 1,
            title,
            said,
            openers: openers(sections, i),
            error: None,
            items: section.items.iter().enumerate().map(item).collect(),
            add: add.choices(words::additions(sections)),
            is_open: open == key,
            ends: (i == 0, i + 1 == sections.len()),
            key,
        }
    }

    fn blame(&mut self, control: &str, rule: &str) -> bool {
        if control == format!("{}.when", self.key) {
            self.error.get_or_insert_with(|| format!("When it is asked {rule}."));
            return true;
        }
        let items = self.items.iter_mut();
        let mut groups = items.map(|item| {
            let fields = item.fields.iter_mut().chain(&mut item.choices).chain(&mut item.rules);
            (fields.collect::<Vec<_>>(), Some(&mut item.is_open))
        });
        let own = (vec![&mut self.title], None);
        for (fields, is_open) in std::iter::once(own).chain(&mut groups) {
            for field in fields {
                if field.name == control {
                    let said = || format!("{} {rule}.", field.label);
                    if field.error.is_none() {
                        field.error = Some(said());
                    }
                    if let Some(is_open) = is_open {
                        *is_open = true;
                    }
                    return true;
                }
            }
        }
        false
    }
}

/// The questions of other sections whose answers may open a section, and what it waits for now
/// even where nobody asks that any more.
fn openers(sections: &[Section], i: usize) -> Vec<Opener> {
    let mut all: Vec<(&str, String, Vec<String>)> = Vec::new();
    for (_, section) in sections.iter().enumerate().filter(|(at, _)| *at != i) {
        for field in section.fields().filter(|field| !field.name.is_empty()) {
            all.push((&field.name, field.label.clone(), field.kind.opening_answers()));
        }
    }
    all.retain(|(_, _, answers)| !answers.is_empty());
    let now = sections[i].opens_when.as_ref();
    if let Some(condition) = now {
        let at = all.iter().position(|(name, ..)| *name == condition.field);
        let at = at.unwrap_or_else(|| {
            all.push((&condition.field, humanised(&condition.field), Vec::new()));
            all.len() - 1
        });
        for answer in &condition.any_of {
            if !all[at].2.contains(answer) {
                all[at].2.push(answer.clone());
            }
        }
    }
    let is_now = |name: &str, answer: &String| {
        now.is_some_and(|at| at.field == name && at.any_of.contains(answer))
    };
    let opener = |(name, label, answers): (&str, String, Vec<String>)| {
        let tick = |answer: String| {
            let is_ticked = is_now(name, &answer);
            (format!("{name}={answer}"), answer, is_ticked)
        };
        Opener { label, answers: answers.into_iter().map(tick).collect() }
    };
    all.into_iter().map(opener).collect()
}

impl ItemCard {
    fn of(item: &Item, key: String, open: &str) -> Self {
        let is_open = open == key;
        match item {
            Item::Prompt(text) => ItemCard::prompt(text, key, is_open),
            Item::Field(question) => ItemCard::question(question, key, is_open),
        }
    }

    fn prompt(text: &str, key: String, is_open: bool) -> Self {
        let mut said = Field::new(FieldKind::LongText, &format!("{key}.prompt"), "What is said")
            .value(text)
            .hint(
                "{GREETING}, {CALLER_NAME}, {AGENT_NAME}, {COMPANY_NAME}, {ACCOUNT_NUMBER} and \
                 {TIME} are filled in.",
            );
        said.focused = is_open;
        let first: String = text.chars().take(80).collect();
        ItemCard {
            key,
            is_prompt: true,
            title: if first.is_empty() { "Nothing yet".to_owned() } else { first },
            about: "Read aloud".to_owned(),
            fields: vec![said],
            choices: None,
            rules: Vec::new(),
            was: String::new(),
            is_open: is_open || text.is_empty(),
            moves: (false, false),
        }
    }

    fn question(question: &Question, key: String, is_open: bool) -> Self {
        let name = |part: &str| format!("{key}.{part}");
        let tick = |is: bool| if is { "true" } else { "" };
        let mut label = Field::new(FieldKind::Text, &name("label"), "Question");
        label = label.max_length(200).required().value(&question.label).wide();
        label.focused = is_open;
        let kind = Field::new(FieldKind::Choice, &name("kind"), "Answer");
        let kept = Field::new(FieldKind::Text, &name("name"), "Name in the API").max_length(200);
        let kept = match question.kind.own_name() {
            Some(_) => kept.hint("This kind of answer has a name of its own."),
            None => kept.hint("Leave it when you only reword the question."),
        };
        let help = Field::new(FieldKind::Text, &name("hint"), "A word of help").max_length(300);
        let must = Field::new(FieldKind::Tick, &name("required"), "Must be answered");
        let choices = Field::new(FieldKind::LongText, &name("options"), "Choices")
            .hint("One answer a line.")
            .value(&question.kind.options().join("\n"));
        let figure = |part: &str, label: &str, chars: Option<u32>| {
            let value = chars.map(|chars| chars.to_string()).unwrap_or_default();
            Field::new(FieldKind::Number, &name(part), label).value(&value)
        };
        let pattern = question.rules.pattern.map_or("", |pattern| pattern.as_str());
        let made_of = Field::new(FieldKind::Choice, &name("pattern"), "Made of");
        let rules = vec![
            figure("min", "Fewest characters", question.rules.min_chars),
            figure("max", "Most characters", question.rules.max_chars),
            made_of.choices(words::patterns()).value(pattern),
        ];
        let must_be = if question.is_required { ", required" } else { "" };
        let fields = vec![
            label,
            kind.choices(words::kinds()).value(question.kind.as_str()),
            kept.value(&question.name),
            help.value(&question.hint),
            must.value(tick(question.is_required)),
        ];
        ItemCard {
            is_prompt: false,
            title: match question.label.as_str() {
                "" => "New question".to_owned(),
                label => label.to_owned(),
            },
            about: format!("{}{must_be}", words::kind_name(&question.kind)),
            fields,
            choices: Some(choices),
            rules,
            was: question.name.clone(),
            is_open: is_open || question.label.is_empty(),
            moves: (false, false),
            key,
        }
    }
}

/// `GET /accounts/{id}/form`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> PageResult {
    let asked = Fields::of_query(query.as_deref());
    let (place, contacts) = FormPlace::load(&web, &visitor, id, asked.text("line")).await?;
    let sections = place.bench.sections().to_vec();
    let open = asked.text("open");
    let state =
        FormState { sections: &sections, contacts: &contacts, open, ..FormState::default() };
    drawn(&web, &visitor, place, state, StatusCode::OK).await
}

/// The builder; what is wrong is counted above the form.
pub(super) async fn drawn(
    web: &Web,
    visitor: &SignedIn,
    place: FormPlace,
    mut state: FormState<'_>,
    status: StatusCode,
) -> PageResult {
    let counted = match state.faults.faults().count() {
        0 => None,
        1 => Some("One thing is not right yet; the draft is kept.".to_owned()),
        many => Some(format!("{many} things are not right yet; the draft is kept.")),
    };
    state.error = state.error.or(counted);
    let frame = visitor.frame(web, Place::Accounts).await?;
    Ok(page(status, &FormBuilder::draw(frame, place, state)))
}

/// `POST /accounts/{id}/form/preview`: the builder with what was typed, of which a browser takes
/// the preview. Nothing is kept.
pub(crate) async fn preview(State(web): State<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let (place, contacts) = FormPlace::load(&web, &visitor, id, fields.text("line")).await?;
    let (sections, contacts) = (&edit::read(&fields).sections[..], &contacts[..]);
    let state = FormState { sections, contacts, ..FormState::default() };
    drawn(&web, &visitor, place, state, StatusCode::OK).await
}
