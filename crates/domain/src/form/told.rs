//! Answers as a reader sees them: under the labels and in the sections of their own form.

use super::{Form, humanised};
use crate::Answers;

/// The answers of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionAnswers<'a> {
    /// What stands above them; `""` for none.
    pub title: &'a str,
    /// Name, label and text of each, in order. Some may be empty.
    pub answers: Vec<(&'a str, String, &'a str)>,
}

/// Every answer once, grouped by the sections of the version that it was given to. What that
/// version does not know stands last, under its name. Sections without answers are left out.
pub fn told<'a>(form: Option<&'a Form>, answers: &'a Answers) -> Vec<SectionAnswers<'a>> {
    let mut left: Vec<(&str, &str)> =
        answers.0.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut all = Vec::new();
    for section in form.iter().flat_map(|form| &form.sections) {
        let mut told = SectionAnswers { title: &section.title, answers: Vec::new() };
        left.retain(|(name, text)| {
            let label = section.fields().find_map(|field| field.label_of(name));
            let is_here = label.is_some();
            told.answers.extend(label.map(|label| (*name, label, *text)));
            !is_here
        });
        all.push(told);
    }
    let unknown = left.into_iter().map(|(name, text)| (name, humanised(name), text));
    all.push(SectionAnswers { title: "", answers: unknown.collect() });
    all.retain(|told| !told.answers.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Field, FieldKind, Section};
    use crate::{AccountId, Instant};

    #[test]
    fn answers_stand_in_their_sections_under_their_labels() {
        let mut form = Form::standard(AccountId(1), Instant::from_ms(0));
        let street = Field::new("Where it is", FieldKind::Address, true);
        let heat = Field::named("no_heat", "Is it cold?", FieldKind::Checkbox, false);
        form.sections = vec![Section::of(vec![heat]), Section::of(vec![street])];
        form.sections[1].title = "Service".to_owned();
        let answers = [("zip", "33401"), ("gone_by", "x"), ("no_heat", "Yes"), ("address", "1 A")];
        let answers = answers.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let answers = Answers(answers.to_vec());
        let all = told(Some(&form), &answers);
        let shown = |told: &SectionAnswers<'_>| {
            let pairs = told.answers.iter().map(|(_, label, text)| format!("{label}={text}"));
            format!("[{}] {}", told.title, pairs.collect::<Vec<_>>().join(", "))
        };
        let lines: Vec<String> = all.iter().map(shown).collect();
        let service = "[Service] ZIP=33401, Where it is=1 A";
        assert_eq!(lines, ["[] Is it cold?=Yes", service, "[] Gone by=x"]);
        assert_eq!(told(None, &answers).len(), 1);
        assert_eq!(told(None, &Answers::default()), []);
    }
}
