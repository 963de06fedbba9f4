//! One field of a form: label, control, hint, and the error beside it with what was typed.

use askama::{Template, filters::HtmlSafe};

use crate::session::Fields;

/// What one can type or choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A telephone number.
    Phone,
    /// A mail address.
    Email,
    /// A secret.
    Password,
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// A figure.
    Number,
    /// One of [`Field::choices`], from a menu.
    Choice,
    /// One of [`Field::choices`], all in sight.
    Radio,
    /// Yes or no; the value is `true` when it is ticked.
    Tick,
}

impl FieldKind {
    /// The `type` of the input element.
    pub(crate) fn input_type(&self) -> &'static str {
        match self {
            Self::Phone => "tel",
            Self::Email => "email",
            Self::Password => "password",
            Self::Date => "date",
            Self::Time => "time",
            Self::Number => "number",
            Self::Text | Self::LongText | Self::Choice | Self::Radio | Self::Tick => "text",
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
}

impl Choice {
    /// A choice from its two texts.
    pub(crate) fn new(value: &str, label: &str) -> Self {
        Self { value: value.to_owned(), label: label.to_owned() }
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
    /// What one can type.
    pub(crate) kind: FieldKind,
    /// What stands in it now; kept when it was wrong.
    pub(crate) value: String,
    /// Must be filled.
    pub(crate) required: bool,
    /// One sentence beneath, or empty.
    pub(crate) hint: String,
    /// What is wrong with it, in words.
    pub(crate) error: Option<String>,
    /// For [`FieldKind::Choice`] and [`FieldKind::Radio`]; for one line, what is suggested.
    pub(crate) choices: Vec<Choice>,
    /// The browser's hint what it is: `email`, `current-password`, `off`.
    pub(crate) autocomplete: String,
    /// The most characters, or none.
    pub(crate) max_length: Option<u32>,
    /// Takes the whole width of its form.
    pub(crate) wide: bool,
    /// Has the cursor when the page opens.
    pub(crate) focused: bool,
    /// What stands there in grey while it is empty, or empty.
    pub(crate) placeholder: String,
}

impl HtmlSafe for Field {}

/// Buttons that are pressed or not, any number of them: `{{ toggles }}` in a template.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/toggles.html")]
pub(crate) struct Toggles {
    /// The name that is posted for each that is pressed.
    pub(crate) name: String,
    /// What the person reads above them.
    pub(crate) label: String,
    /// Each button: what is posted, what is read, what is said in full.
    pub(crate) choices: Vec<(String, String, String)>,
    /// Those that are pressed.
    pub(crate) chosen: Vec<String>,
    /// One sentence beneath, or empty.
    pub(crate) hint: String,
    /// What is wrong, in words.
    pub(crate) error: Option<String>,
}

impl HtmlSafe for Toggles {}

impl Toggles {
    /// Buttons of which none is pressed.
    pub(crate) fn new(name: &str, label: &str, choices: &[(&str, &str, &str)]) -> Self {
        let owned = |(value, short, full): &(&str, &str, &str)| {
            ((*value).to_owned(), (*short).to_owned(), (*full).to_owned())
        };
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            choices: choices.iter().map(owned).collect(),
            chosen: Vec::new(),
            hint: String::new(),
            error: None,
        }
    }

    /// With a sentence beneath.
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// What is wrong with them, as a sentence that names them.
    pub(crate) fn said(&self) -> Option<String> {
        self.error.as_ref().map(|error| format!("{}: {error}", self.label))
    }

    /// What describes them, for those who listen.
    pub(crate) fn described_by(&self) -> String {
        let error = self.error.as_ref().map(|_| format!("e-{}", self.name));
        let hint = (!self.hint.is_empty()).then(|| format!("h-{}", self.name));
        error.into_iter().chain(hint).collect::<Vec<_>>().join(" ")
    }
}

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
        }
    }

    /// A choice among these values and labels.
    pub(crate) fn choice(name: &str, label: &str, choices: &[(&str, &str)]) -> Self {
        let mut field = Self::new(FieldKind::Choice, name, label);
        field.choices = choices.iter().map(|(value, label)| Choice::new(value, label)).collect();
        field
    }

    /// With these values to choose from, or to be suggested.
    pub(crate) fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// With this value.
    pub(crate) fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    /// With a text that stands there while it is empty.
    pub(crate) fn placeholder(mut self, text: &str) -> Self {
        text.clone_into(&mut self.placeholder);
        self
    }

    /// Must be filled.
    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a sentence beneath.
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// With an error beside it.
    pub(crate) fn error(mut self, error: &str) -> Self {
        self.error = Some(error.to_owned());
        self
    }

    /// With the browser's name of what it is.
    pub(crate) fn autocomplete(mut self, what: &str) -> Self {
        what.clone_into(&mut self.autocomplete);
        self
    }

    /// With a limit of characters.
    pub(crate) fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Over the whole width.
    pub(crate) fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// With the cursor in it.
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

/// Puts what was typed back into a form that was refused. Passwords are typed anew.
pub(crate) fn retype<'f>(fields: impl IntoIterator<Item = &'f mut Field>, posted: &Fields) {
    for field in fields {
        match field.kind {
            FieldKind::Password => {}
            FieldKind::Tick => {
                field.value = if posted.is_ticked(&field.name) { "true" } else { "" }.to_owned();
            }
            _ => posted.text(&field.name).clone_into(&mut field.value),
        }
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
        match fields.iter_mut().find(|field| field.name == name) {
            Some(field) if field.error.is_some() => {}
            Some(field) => field.error = Some(format!("{} {rule}.", field.label)),
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
