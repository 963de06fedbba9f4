//! A form, declared once as its fields: drawn empty, filled, or with what was typed and each fault
//! beside its field; what no field shows stands on top.

pub(crate) mod editor;
mod listed;

use std::fmt;

use askama::{Template, filters::HtmlSafe};
use domain::Invalid;

use crate::session::Fields;
use crate::ui::{Field, blame};

pub(crate) use editor::{Answer, Ask, Editor, FormPage, Preview};
pub(crate) use listed::{ListFocus, StepButtons};

/// A form, or one entry of the list of a form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    /// Its own fields.
    pub(crate) fields: Vec<Field>,
    /// What its fields' names begin with: `levels.0.`, empty for a whole form.
    prefix: String,
    /// The entries of its list.
    pub(crate) entries: Vec<Form>,
    /// What is wrong, where no field shows it.
    error: Option<String>,
    /// It was changed and is not kept yet.
    pub(crate) is_unsaved: bool,
    /// Where in its list the cursor stands.
    pub(crate) focus: ListFocus,
}

impl Form {
    /// A form of these fields, as it opens.
    pub(crate) fn new(fields: impl IntoIterator<Item = Field>) -> Self {
        Self { fields: fields.into_iter().collect(), ..Self::default() }
    }

    /// With the entries of a list that were typed, at most `most` and one more.
    pub(crate) fn with_entries(
        mut self,
        list: &str,
        most: usize,
        typed: &Fields,
        fields: impl Fn(&Fields) -> Vec<Field>,
    ) -> Self {
        let entry = |(at, typed): (usize, &Fields)| {
            let prefix = format!("{list}.{at}.");
            let fields = fields(typed).into_iter().map(|field| field.within(&prefix)).collect();
            Form { fields, prefix, ..Form::default() }
        };
        self.entries = typed.entries(list, most).iter().enumerate().map(entry).collect();
        self
    }

    /// With what was typed, or would be to make what is there; as declared where there is nothing.
    pub(crate) fn filled(mut self, typed: Option<&Fields>) -> Self {
        if let Some(typed) = typed {
            self.each().for_each(|field| field.retype(typed));
        }
        self
    }

    /// Every field, those of entries among them.
    fn each(&mut self) -> impl Iterator<Item = &mut Field> {
        self.fields.iter_mut().chain(self.entries.iter_mut().flat_map(|entry| &mut entry.fields))
    }

    /// Puts each fault beside its field, and what is about none of them on top.
    pub(crate) fn blame(&mut self, faults: &Invalid) {
        let whole = |path: &str| path.split('[').next().unwrap_or_default().to_owned();
        let others = blame(self.each(), faults, whole);
        self.error = (!others.is_empty()).then(|| others.join(" "));
    }

    /// Leaves the cursor where it is.
    pub(crate) fn unfocus(&mut self) {
        self.each().for_each(|field| field.focused = false);
    }

    /// All that is said to be wrong with it.
    pub(crate) fn said(&self) -> Vec<String> {
        let fields = self.fields.iter().chain(self.entries.iter().flat_map(|it| &it.fields));
        self.error.iter().cloned().chain(fields.filter_map(Field::error_in_full)).collect()
    }

    /// Whether anything is said to be wrong with it.
    pub(crate) fn is_wrong(&self) -> bool {
        !self.said().is_empty()
    }

    /// A field by its name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        let name = |field: &&Field| field.name.strip_prefix(&self.prefix) == Some(name);
        self.fields.iter().find(name)
    }

    /// What stands in a field, `""` if there is none.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.field(name).map_or("", |field| &field.value)
    }

    /// The fields of these names, drawn: `{{ form.drawn("name zone") }}`.
    pub(crate) fn drawn(&self, names: &str) -> DrawnFields<'_> {
        DrawnFields(names.split(' ').filter_map(|name| self.field(name)).collect())
    }

    /// All fields, drawn.
    pub(crate) fn all(&self) -> DrawnFields<'_> {
        DrawnFields(self.fields.iter().collect())
    }

    /// What no field shows, drawn.
    pub(crate) fn top(&self) -> FormFault<'_> {
        FormFault { error: self.error.as_deref() }
    }

    /// The buttons of an entry of its list, which keeps at least `least`.
    pub(crate) fn steps(&self, at: &usize, noun: &'static str, least: usize) -> StepButtons {
        StepButtons { at: *at, count: self.entries.len(), least, noun, focus: self.focus }
    }
}

/// Some fields of a form, one after the other.
#[derive(Debug)]
pub(crate) struct DrawnFields<'f>(Vec<&'f Field>);

impl HtmlSafe for DrawnFields<'_> {}

impl fmt::Display for DrawnFields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|field| field.fmt(f))
    }
}

/// What is wrong with a form, where no field shows it.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(error) = error %}<p class="note red" role="alert">{{ crate::ui::icon("circle-alert") }}<span>{{ error }}</span></p>{% endif %}"#
)]
pub(crate) struct FormFault<'f> {
    error: Option<&'f str>,
}

impl HtmlSafe for FormFault<'_> {}
