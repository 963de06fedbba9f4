//! One field of a form: label, control, hint, and the error beside it with what was typed.

use askama::{Template, filters::HtmlSafe};

use super::words::sentence;
use crate::session::Fields;

/// What one can type or choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    LongText,
    Phone,
    Email,
    Password,
    Date,
    Time,
    Number,
    /// One of [`Field::choices`], from a menu.
    Choice,
    /// One of [`Field::choices`], all in sight.
    Radio,
    /// Yes or no; the value is `true` when it is ticked.
    Tick,
    /// Any number of [`Field::choices`], in a list that scrolls, under the titles of their groups.
    Ticks,
    /// Any number of [`Field::choices`], as buttons in a row.
    Toggles,
    /// Any number of [`Field::choices`], each posted under its own value as its name.
    Switches,
    /// Nothing that a person sees: a revision, an identifier.
    Hidden,
}

impl FieldKind {
    pub(crate) fn input_type(&self) -> &'static str {
        match self {
            Self::Phone => "tel",
            Self::Email => "email",
            Self::Password => "password",
            Self::Date => "date",
            Self::Time => "time",
            Self::Number => "number",
            Self::Hidden => "hidden",
            _ => "text",
        }
    }
}

/// One of the values to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What is posted.
    pub(crate) value: String,
    /// What is read.
    pub(crate) label: String,
    /// What is said in full, where the label is short.
    pub(crate) full: String,
    /// The title that it stands under.
    pub(crate) group: &'static str,
}

impl Choice {
    /// A choice from its two texts.
    pub(crate) fn new(value: &str, label: &str) -> Self {
        let (value, label) = (value.to_owned(), label.to_owned());
        Self { value, label, full: String::new(), group: "" }
    }

    /// The choices of a list, from their two texts.
    pub(crate) fn all(choices: &[(&str, &str)]) -> Vec<Self> {
        choices.iter().map(|(value, label)| Self::new(value, label)).collect()
    }

    /// The same with more to say than its label.
    pub(crate) fn full(self, full: &str) -> Self {
        Self { full: full.to_owned(), ..self }
    }

    /// The same under a title.
    pub(crate) fn under(self, group: &'static str) -> Self {
        Self { group, ..self }
    }
}

impl From<&domain::Contact> for Choice {
    fn from(contact: &domain::Contact) -> Self {
        Self::new(&contact.id.to_string(), &contact.name)
    }
}

/// A field that draws itself: `{{ field }}` in a template.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/field.html")]
pub(crate) struct Field {
    /// The name that is posted, unique on the page. The control's id is `f-` and this name.
    pub(crate) name: String,
    /// What the person reads above it.
    pub(crate) label: String,
    pub(crate) kind: FieldKind,
    /// What stands in it now; kept when it was wrong.
    pub(crate) value: String,
    pub(crate) required: bool,
    /// One sentence beneath, or empty.
    pub(crate) hint: String,
    /// What is wrong with it, in words.
    pub(crate) error: Option<String>,
    /// For [`FieldKind::Choice`] and [`FieldKind::Radio`]; for one line, what is suggested.
    pub(crate) choices: Vec<Choice>,
    /// The browser's hint what it is: `email`, `current-password`, `off`.
    pub(crate) autocomplete: String,
    pub(crate) max_length: Option<u32>,
    pub(crate) wide: bool,
    pub(crate) focused: bool,
    /// What stands there in grey while it is empty, or empty.
    pub(crate) placeholder: String,
    /// Where any number is chosen: those that are.
    pub(crate) chosen: Vec<String>,
    /// Paths of faults that are about it, besides its name.
    paths: Vec<String>,
    /// What a fault's sentence begins with; none where the rule alone is a sentence.
    subject: Option<&'static str>,
    /// Rules, by what they begin with, that are said in other words.
    phrases: &'static [(&'static str, &'static str)],
}

impl HtmlSafe for Field {}

impl Field {
    /// An empty, optional field.
    pub(crate) fn new(kind: FieldKind, name: &str, label: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            kind,
            value: String::new(),
            required: false,
            hint: String::new(),
            error: None,
            choices: Vec::new(),
            autocomplete: "off".to_owned(),
            max_length: None,
            wide: kind == FieldKind::LongText,
            focused: false,
            placeholder: String::new(),
            chosen: Vec::new(),
            paths: Vec::new(),
            subject: Some(""),
            phrases: &[],
        }
    }

    /// What goes along with a form unseen.
    pub(crate) fn hidden(name: &str) -> Self {
        Self::new(FieldKind::Hidden, name, name)
    }

    /// A choice among these values and labels.
    pub(crate) fn choice(name: &str, label: &str, choices: &[(&str, &str)]) -> Self {
        Self::new(FieldKind::Choice, name, label).choices(Choice::all(choices))
    }

    /// One of these values and labels, all in sight.
    pub(crate) fn radio(name: &str, label: &str, choices: &[(&str, &str)]) -> Self {
        Self::new(FieldKind::Radio, name, label).choices(Choice::all(choices))
    }

    /// With these values to choose from, or to be suggested, after those that it has.
    pub(crate) fn choices<C: Into<Choice>>(mut self, more: impl IntoIterator<Item = C>) -> Self {
        self.choices.extend(more.into_iter().map(Into::into));
        self
    }

    /// Is blamed for the faults at this path too.
    pub(crate) fn at(mut self, path: &str) -> Self {
        self.paths.push(path.to_owned());
        self
    }

    /// Says faults with this before the rule instead of its label; `None`: the rule alone.
    pub(crate) fn subject(mut self, subject: Option<&'static str>) -> Self {
        self.subject = subject;
        self
    }

    /// Says rules that begin like these in these words.
    pub(crate) fn phrases(mut self, phrases: &'static [(&'static str, &'static str)]) -> Self {
        self.phrases = phrases;
        self
    }

    /// The same field of an entry of a list, whose names begin with `prefix`.
    pub(crate) fn within(mut self, prefix: &str) -> Self {
        for name in self.paths.iter_mut().chain([&mut self.name]) {
            name.insert_str(0, prefix);
        }
        self
    }

    /// Puts in what was typed. Passwords are typed anew.
    pub(crate) fn retype(&mut self, typed: &Fields) {
        let all = typed.all(&self.name).map(str::to_owned);
        match self.kind {
            FieldKind::Password => {}
            FieldKind::Tick => self.value = typed.tick(&self.name).to_owned(),
            FieldKind::Ticks | FieldKind::Toggles => self.chosen = all.collect(),
            FieldKind::Switches => {
                let values = self.choices.iter().map(|choice| &choice.value);
                self.chosen = values.filter(|name| typed.is_ticked(name)).cloned().collect();
            }
            _ => typed.text(&self.name).clone_into(&mut self.value),
        }
    }

    /// Whether a fault at this path is about it, and it can show that.
    fn is_about(&self, path: &str) -> bool {
        self.kind != FieldKind::Hidden
            && (self.name == path || self.paths.iter().any(|at| at == path))
    }

    /// A broken rule as a sentence about it.
    fn said(&self, rule: &str) -> String {
        let phrase = self.phrases.iter().find(|(begin, _)| rule.starts_with(begin));
        match (phrase, self.subject) {
            (Some((_, phrase)), _) => (*phrase).to_owned(),
            (None, None) => sentence(rule),
            (None, Some("")) => format!("{} {rule}.", self.label),
            (None, Some(subject)) => format!("{subject} {rule}."),
        }
    }

    /// Its error as a sentence that names it.
    pub(crate) fn error_in_full(&self) -> Option<String> {
        let error = self.error.as_ref()?;
        let is_named = self.subject.is_some();
        Some(if is_named { error.clone() } else { format!("{}: {error}", self.label) })
    }

    fn is_chosen(&self, value: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == value)
    }

    /// Its choices, by the titles that they stand under.
    fn groups(&self) -> impl Iterator<Item = &[Choice]> {
        self.choices.chunk_by(|one, other| one.group == other.group)
    }

    pub(crate) fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    /// With a text that stands there while it is empty.
    pub(crate) fn placeholder(mut self, text: &str) -> Self {
        text.clone_into(&mut self.placeholder);
        self
    }

    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    pub(crate) fn error(mut self, error: &str) -> Self {
        self.error = Some(error.to_owned());
        self
    }

    pub(crate) fn autocomplete(mut self, what: &str) -> Self {
        what.clone_into(&mut self.autocomplete);
        self
    }

    pub(crate) fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    pub(crate) fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    pub(crate) fn focused(mut self) -> Self {
        self.focused = true;
        self
    }

    /// What describes the control, for those who listen.
    pub(crate) fn described_by(&self) -> String {
        let error = self.error.as_ref().map(|_| format!("e-{}", self.name));
        let hint = (!self.hint.is_empty()).then(|| format!("h-{}", self.name));
        error.into_iter().chain(hint).collect::<Vec<_>>().join(" ")
    }
}

/// Puts each fault beside its field, as a sentence that begins with the field's label. Answers the
/// sentences about what no field shows.
pub(crate) fn blame<'f>(
    fields: impl IntoIterator<Item = &'f mut Field>,
    faults: &domain::Invalid,
    name_of: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut fields: Vec<&mut Field> = fields.into_iter().collect();
    let mut others = Vec::new();
    for (path, rule) in faults.faults() {
        let name = name_of(path);
        match fields.iter_mut().find(|field| field.is_about(&name)) {
            Some(field) if field.error.is_some() => {}
            Some(field) => field.error = Some(field.said(rule)),
            None => others.push(format!("“{path}” {rule}.")),
        }
    }
    for field in &mut fields {
        field.focused = false;
    }
    if let Some(first) = fields.into_iter().find(|field| field.error.is_some()) {
        first.focused = true;
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_stand_beside_their_fields_and_none_is_lost() {
        let mut fields = [
            Field::new(FieldKind::Text, "name", "Name").focused(),
            Field::new(FieldKind::Phone, "phone", "Phone"),
        ];
        let mut faults = domain::Invalid::field("phone", "must be filled in");
        faults.add("phone", "must be a number");
        faults.add("uuid", "must be a UUID");
        let others = blame(&mut fields, &faults, str::to_owned);
        assert_eq!(fields[1].error.as_deref(), Some("Phone must be filled in."));
        assert_eq!((fields[0].focused, fields[1].focused), (false, true));
        assert_eq!(others, ["“uuid” must be a UUID."]);
    }
}
