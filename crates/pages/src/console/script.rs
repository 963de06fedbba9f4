//! An account's form as an agent meets it: drawn from its sections, and read back from what is
//! posted.

use std::collections::HashMap;

use app::messages::MessageEntry;
use askama::{Template, filters::HtmlSafe};
use domain::form::{ADDRESS_PARTS, Item, Piece, Section, Variable, condition_in_words};
use domain::form::{day_greeting, pieces};
use domain::{
    Account, CallId, Contact, ContactId, Did, DidId, FieldKind, Form, FormId, Instant, Invalid,
    Playbook, WorkItemId,
};

use super::send_to;
use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind as Drawn, phone};

/// The name of the column and of our own tick for it.
pub(crate) const EMERGENCY: &str = "is_emergency";

/// The name under which the answer to a field is posted. The prefix keeps an account's own names
/// apart from ours. While a form is still being written, a name may hold what no id on a page may.
pub(crate) fn posted_as(name: &str) -> String {
    format!("answers[{}]", name.replace(char::is_whitespace, "_"))
}

/// A form as an agent goes through it: `{{ script }}` in a template. Without script every section
/// shows, and says when it is asked; with it those that are not asked are hidden.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "console/script.html")]
pub(crate) struct Script {
    pub(crate) sections: Vec<ScriptSection>,
}

impl HtmlSafe for Script {}

/// A section of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScriptSection {
    /// What stands above it, or empty.
    pub(crate) title: String,
    /// When it is asked; none: always.
    pub(crate) branch: Option<SectionBranch>,
    pub(crate) blocks: Vec<ScriptBlock>,
}

/// When a section is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SectionBranch {
    /// The control whose answer decides.
    pub(crate) control: String,
    /// The answers that open it, as a JSON array.
    pub(crate) any_of: String,
    /// The same in a sentence.
    pub(crate) said: String,
    /// It is asked, as far as is answered.
    pub(crate) is_open: bool,
}

/// What follows upon each other in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ScriptBlock {
    /// Read aloud, piece by piece.
    Say(Vec<SpokenPiece>),
    /// Asked, in a grid.
    Ask(Vec<Field>),
    /// Asked together, under one label.
    Group {
        /// What the parts make up.
        label: String,
        /// A word of help.
        hint: String,
        fields: Vec<Field>,
    },
}

/// A piece of what is read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SpokenPiece {
    /// Known when the page was made.
    Known(String),
    /// The caller's name, which follows what is typed; empty until then.
    Caller(String),
}

/// What prompts know besides the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AgentVoice {
    agent: String,
    company: String,
    number: String,
    greeting: &'static str,
    time: String,
}

impl AgentVoice {
    /// The voice of an agent who answers for an account at an instant.
    pub(crate) fn new(account: &Account, agent: &str, now: Instant) -> Self {
        let minute = account.zone.minute_of_day(now);
        let time = domain::Time::from_minute_of_day(minute).map(|time| time.to_string());
        AgentVoice {
            agent: agent.to_owned(),
            company: account.name.clone(),
            number: account.number.clone(),
            greeting: day_greeting(minute),
            time: time.unwrap_or_default(),
        }
    }

    fn words(&self, prompt: &str, caller: &str) -> Vec<SpokenPiece> {
        let known = |text: &str| SpokenPiece::Known(text.to_owned());
        let words = pieces(prompt).into_iter().map(|piece| match piece {
            Piece::Text(text) => known(text),
            Piece::Unknown(name) => SpokenPiece::Known(format!("{{{name}}}")),
            Piece::Variable(Variable::CallerName) => SpokenPiece::Caller(caller.to_owned()),
            Piece::Variable(Variable::AgentName) => known(&self.agent),
            Piece::Variable(Variable::CompanyName) => known(&self.company),
            Piece::Variable(Variable::AccountNumber) => known(&self.number),
            Piece::Variable(Variable::Greeting) => known(self.greeting),
            Piece::Variable(Variable::Time) => known(&self.time),
        });
        words.collect()
    }
}

impl Script {
    /// A form where nothing is sent: a preview, a try.
    pub(crate) fn of(
        form: &Form,
        answers: &HashMap<String, String>,
        voice: &AgentVoice,
        contacts: &[Contact],
        is_emergency: bool,
    ) -> Self {
        Self::for_agents(form, answers, voice, &send_to::directory(contacts), is_emergency)
    }

    /// A form in its order, filled with these answers; `recipients` as [`send_to::recipients`]
    /// answers them. Where it does not ask whether it is an emergency, a tick of ours does so at
    /// its end.
    pub(crate) fn for_agents(
        form: &Form,
        answers: &HashMap<String, String>,
        voice: &AgentVoice,
        recipients: &[Choice],
        is_emergency: bool,
    ) -> Self {
        let given: Vec<(String, String)> =
            answers.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        let drawing = FormDrawing { answers, voice, recipients, all: &form.sections };
        let open = form.open_sections(&given);
        let steps = form.sections.iter().zip(open);
        let mut sections: Vec<ScriptSection> =
            steps.map(|(section, is_open)| drawing.step(section, is_open)).collect();
        if form.fields().all(|field| field.name != EMERGENCY) {
            let value = if is_emergency { "true" } else { "" };
            let tick = Field::new(Drawn::Tick, EMERGENCY, "Emergency").value(value);
            let blocks = vec![ScriptBlock::Ask(vec![tick])];
            sections.push(ScriptSection { title: String::new(), branch: None, blocks });
        }
        let mut script = Script { sections };
        if let Some(first) = script.fields_mut().next() {
            first.focused = true;
        }
        script
    }

    /// Every control, in order.
    pub(crate) fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        let blocks = self.sections.iter_mut().flat_map(|step| &mut step.blocks);
        blocks.flat_map(|block| match block {
            ScriptBlock::Say(_) => [].iter_mut(),
            ScriptBlock::Ask(fields) | ScriptBlock::Group { fields, .. } => fields.iter_mut(),
        })
    }

    /// Lets no control have the cursor: looking at a form is not filling it.
    pub(crate) fn unfocus(&mut self) {
        self.fields_mut().for_each(|field| field.focused = false);
    }

    /// Whether a field is the one that says that it is urgent: it is drawn to be noticed.
    pub(crate) fn is_urgent(&self, field: &Field) -> bool {
        field.kind == Drawn::Tick && (field.name == EMERGENCY || field.name == posted_as(EMERGENCY))
    }
}

/// What it takes to draw a form.
struct FormDrawing<'d> {
    answers: &'d HashMap<String, String>,
    voice: &'d AgentVoice,
    recipients: &'d [Choice],
    all: &'d [Section],
}

impl FormDrawing<'_> {
    fn answer(&self, name: &str) -> &str {
        self.answers.get(name).map_or("", String::as_str)
    }

    fn caller(&self) -> String {
        let name = ["first_name", "last_name"].map(|part| self.answer(part).trim());
        name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn step(&self, section: &Section, is_open: bool) -> ScriptSection {
        let branch = section.opens_when.as_ref().map(|condition| SectionBranch {
            control: posted_as(&condition.field),
            any_of: serde_json::json!(condition.any_of).to_string(),
            said: condition_in_words(condition, self.all),
            is_open,
        });
        let mut blocks: Vec<ScriptBlock> = Vec::new();
        for item in &section.items {
            match item {
                Item::Prompt(text) => {
                    blocks.push(ScriptBlock::Say(self.voice.words(text, &self.caller())));
                }
                Item::Field(field) if field.kind == FieldKind::Address => {
                    blocks.push(self.address(field));
                }
                Item::Field(field) => match blocks.last_mut() {
                    Some(ScriptBlock::Ask(fields)) => fields.push(self.field(field)),
                    _ => blocks.push(ScriptBlock::Ask(vec![self.field(field)])),
                },
            }
        }
        ScriptSection { title: section.title.clone(), branch, blocks }
    }

    fn address(&self, field: &domain::Field) -> ScriptBlock {
        let part = |(name, label): (&str, &str)| {
            let mut part = Field::new(Drawn::Text, &posted_as(name), label);
            part.required = field.is_required && matches!(name, "address" | "city");
            part.value(self.answer(name))
        };
        let fields = ADDRESS_PARTS.into_iter().map(part).collect();
        ScriptBlock::Group { label: field.label.clone(), hint: field.hint.clone(), fields }
    }

    fn field(&self, field: &domain::Field) -> Field {
        let kind = match field.kind {
            FieldKind::LongText | FieldKind::Details => Drawn::LongText,
            FieldKind::Phone => Drawn::Phone,
            FieldKind::Email => Drawn::Email,
            FieldKind::Date => Drawn::Date,
            FieldKind::Checkbox | FieldKind::Emergency => Drawn::Tick,
            FieldKind::Select(_) | FieldKind::Recipient => Drawn::Choice,
            FieldKind::Radio(_) => Drawn::Radio,
            FieldKind::Text | FieldKind::Number | FieldKind::Address | FieldKind::Referer(_) => {
                Drawn::Text
            }
        };
        let options = field.kind.options().iter().map(|option| Choice::new(option, option));
        let unanswered = match &field.kind {
            FieldKind::Select(_) => Some("Choose"),
            FieldKind::Recipient if field.is_required => Some("Choose"),
            FieldKind::Radio(_) if !field.is_required => Some("Not asked"),
            _ => None,
        };
        let unanswered = unanswered.map(|label| Choice::new("", label));
        let people = match field.kind {
            FieldKind::Recipient => {
                // Nobody stands first where that is an answer, and not at all where it is none.
                let is_person = |choice: &&Choice| !choice.value.is_empty();
                let nobody =
                    self.recipients.iter().filter(|it| !is_person(it) && !field.is_required);
                nobody.chain(self.recipients.iter().filter(is_person)).cloned().collect()
            }
            _ => Vec::new(),
        };
        let value = match self.answer(&field.name) {
            text if field.kind.is_tick() && !text.trim().is_empty() => "true",
            text => text,
        };
        let mut drawn = Field::new(kind, &posted_as(&field.name), &field.label);
        drawn = drawn.value(value).hint(&field.hint);
        drawn.choices = unanswered.into_iter().chain(options).chain(people).collect();
        drawn.required = field.is_required;
        drawn.wide = matches!(kind, Drawn::LongText | Drawn::Radio);
        drawn.max_length = field.rules.max_chars;
        drawn
    }
}

/// What goes with the form: the line that rings, the caller's number, and who is told where the
/// form does not ask.
pub(crate) fn around(
    book: &Playbook,
    form: &Form,
    did: &str,
    recipients: Vec<Choice>,
    contact: &str,
    caller_id: &str,
) -> Vec<Field> {
    let mut fields = Vec::new();
    if book.lines.len() > 1 || !did.is_empty() {
        let unknown = Choice::new("", "Not known");
        let lines = book.lines_by_number().into_iter();
        let lines = lines.map(|did| Choice::new(&did.id.to_string(), &line(did)));
        let choices: Vec<_> = std::iter::once(unknown).chain(lines).collect();
        fields.push(Field::new(Drawn::Choice, "did_id", "Line").choices(choices).value(did));
    }
    fields.push(Field::new(Drawn::Phone, "caller_id", "Caller ID").value(caller_id));
    if !form.asks_recipient() {
        let contacts = Field::new(Drawn::Choice, "contact_id", "Send to").choices(recipients);
        fields.push(contacts.value(contact).wide());
    }
    fields
}

fn line(did: &Did) -> String {
    let number = phone(&did.number);
    if did.label.is_empty() { number } else { format!("{number}, {}", did.label) }
}

/// The line that is chosen before anybody chose: the one that was dialled, else the only one.
pub(crate) fn first_line(book: &Playbook, dialled: &str) -> Option<DidId> {
    let digits = domain::account::phone_digits(dialled);
    let rings = book.lines.iter().find(|did| did.number == digits);
    let only = (book.lines.len() == 1).then(|| &book.lines[0]);
    rings.or(only).map(|did| did.id)
}

/// The answers that a form brought, by the name of the field.
pub(crate) fn answers(posted: &Fields) -> Vec<(String, String)> {
    let name = |at: &str| Some(at.strip_prefix("answers[")?.strip_suffix(']')?.to_owned());
    posted.pairs().iter().filter_map(|(at, text)| Some((name(at)?, text.clone()))).collect()
}

/// What was posted, as the application takes it. An id that is none becomes one that nobody has,
/// so that it is refused beside its field.
pub(crate) fn entry(posted: &Fields) -> MessageEntry {
    let id = |name: &str| match posted.text(name) {
        "" => None,
        text => Some(text.parse().unwrap_or(0)),
    };
    MessageEntry {
        uuid: posted.text("once").to_owned(),
        form_id: id("form_id").map(FormId),
        answers: answers(posted),
        did_id: id("did_id").map(DidId),
        contact_id: id("contact_id").map(ContactId),
        caller_id: posted.text("caller_id").to_owned(),
        is_emergency: posted.is_ticked(EMERGENCY),
        call_id: posted.text("call_id").parse().ok().map(CallId),
        item_id: posted.text("item_id").parse().ok().map(WorkItemId),
        ..MessageEntry::default()
    }
}

/// The name of the control that shows a fault: an answer of the form, or one of ours.
pub(crate) fn control(form: &Form, path: &str) -> String {
    if path == "contact_id" && form.asks_recipient() {
        return posted_as("receiver_name");
    }
    match form.label(path) {
        Some(_) => posted_as(path),
        None => path.to_owned(),
    }
}

/// What stands above a form that was refused.
pub(crate) fn summary(faults: &Invalid, others: &[String]) -> String {
    let mut paths: Vec<&str> = faults.faults().map(|(path, _)| path).collect();
    paths.dedup();
    let count = match paths.len() {
        1 => "One thing is".to_owned(),
        many => format!("{many} things are"),
    };
    let mut text = format!("{count} not right yet. Nothing you typed is lost.");
    for other in others {
        text.push(' ');
        text.push_str(other);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::form::Condition;
    use domain::{AccountId, TenantId, Zone};

    fn form(sections: Vec<Section>) -> Form {
        Form { sections, ..Form::standard(AccountId(4), Instant::from_ms(0)) }
    }

    fn account() -> Account {
        Account {
            tenant_id: TenantId(1),
            id: AccountId(4),
            number: "4110".to_owned(),
            name: "Hart & Lowe".to_owned(),
            zone: Zone::named("America/New_York").unwrap(),
            greeting: String::new(),
            facts: String::new(),
            created_at: Instant::from_ms(0),
        }
    }

    fn drawn(form: &Form, answers: &[(&str, &str)]) -> Script {
        let now = Instant::parse("2025-01-21T22:08:20Z").unwrap();
        let voice = AgentVoice::new(&account(), "Ann", now);
        let answers = answers.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let contact = Contact {
            id: ContactId(7),
            account_id: AccountId(4),
            name: "Jane".to_owned(),
            title: "Attorney".to_owned(),
            email: "jane@law.example".to_owned(),
            phone: String::new(),
            zone: None,
        };
        Script::of(form, &answers.collect(), &voice, &[contact], false)
    }

    #[test]
    fn every_kind_of_field_is_drawn_in_the_order_of_the_form() {
        let cases = [
            ("text", Drawn::Text, 0),
            ("long_text", Drawn::LongText, 0),
            ("details", Drawn::LongText, 0),
            ("phone", Drawn::Phone, 0),
            ("email", Drawn::Email, 0),
            ("date", Drawn::Date, 0),
            ("number", Drawn::Text, 0),
            ("checkbox", Drawn::Tick, 0),
            ("select", Drawn::Choice, 3),
            ("radio", Drawn::Radio, 3),
            ("recipient", Drawn::Choice, 2),
            ("emergency", Drawn::Tick, 0),
            ("referer", Drawn::Text, 2),
        ];
        let options = || vec!["Gas".to_owned(), "Oil".to_owned()];
        let kind = |word: &str| FieldKind::parse(word, options()).unwrap();
        let kept = cases.iter().enumerate().map(|(i, (word, ..))| {
            domain::Field::new(&format!("Question {i}"), kind(word), i == 0)
        });
        let mut script = drawn(&form(vec![Section::of(kept.collect())]), &[]);
        let fields: Vec<Field> = script.fields_mut().map(|field| field.clone()).collect();
        assert_eq!(fields.len(), cases.len(), "the form asks whether it is an emergency itself");
        for (i, ((word, expected, choices), field)) in cases.iter().zip(&fields).enumerate() {
            assert_eq!((field.kind, field.choices.len()), (*expected, *choices), "{word}");
            let own = kind(word).own_name().map_or(format!("question_{i}"), str::to_owned);
            assert_eq!(field.name, posted_as(&own));
            assert_eq!((field.required, field.focused), (i == 0, i == 0), "{word}");
        }
        let radio = domain::Field::new("Fuel", FieldKind::Radio(options()), true);
        let mut script = drawn(&form(vec![Section::of(vec![radio])]), &[]);
        let first = script.fields_mut().next().unwrap();
        assert_eq!(first.choices.len(), 2, "a required one is answered");
    }

    #[test]
    fn a_field_of_the_account_never_meets_a_control_of_ours() {
        let field = domain::Field::new("Contact ID", FieldKind::Text, false);
        let form = form(vec![Section::of(vec![field])]);
        let mut script = drawn(&form, &[]);
        assert_eq!(script.fields_mut().next().unwrap().name, "answers[contact_id]");
        assert_eq!(control(&form, "contact_id"), "answers[contact_id]");
        assert_eq!(control(&form, "did_id"), "did_id");
    }

    #[test]
    fn prompts_are_filled_and_branches_say_when_they_are_asked() {
        let cold = domain::Field::new("Cold?", FieldKind::Checkbox, false);
        let any_of = vec!["Yes".to_owned()];
        let opens_when = Some(Condition { field: "cold".to_owned(), any_of });
        let prompt = "{GREETING}, {CALLER_NAME}. {AGENT_NAME} of {COMPANY_NAME}, {TIME}, {X}";
        let items = vec![
            Item::Prompt(prompt.to_owned()),
            Item::Field(domain::Field::new("Where", FieldKind::Address, true)),
        ];
        let branch = Section { title: "No heat".to_owned(), opens_when, items };
        let form = form(vec![Section::of(vec![cold]), branch]);
        let script = drawn(&form, &[("first_name", " Maria "), ("last_name", "Lopez")]);
        let html = script.render().unwrap();
        let said = "Good evening, <span data-caller>Maria Lopez</span>. Ann of Hart &#38; Lowe, \
                    5:08 PM, {X}";
        assert!(html.contains(said), "{html}");
        assert!(html.contains("Only when “Cold?” is ticked."), "{html}");
        assert!(html.contains("data-any=\"[&#34;Yes&#34;]\"") && !html.contains("data-open"));
        let html = drawn(&form, &[("cold", "true")]).render().unwrap();
        assert!(html.contains("data-open") && html.contains("class=\"blank\">caller’s name<"));
    }
}
