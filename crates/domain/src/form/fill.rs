//! A filled form: which sections are open, what each answer is worth.

use super::kind::{US_ZIP_RULE, day, is_number, is_us_zip};
use super::{Field, FieldKind, Form, Section, column};
use crate::message::{Answers, Message, check_text};
use crate::user::{check_email, check_line};
use crate::{ContactId, Invalid};

/// The checked answers to a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    answers: Answers,
    /// What was answered to whom the message is for; `None` where the form does not ask.
    recipient: Option<Option<ContactId>>,
}

/// Whether what is required must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    Whole,
    Partly,
}

impl Form {
    /// Checks the answers to this form, each found by its name. Names that the form does not have
    /// are left out: they may come from an older version that an agent still had open. What
    /// stands in a section that is not open is neither required nor kept.
    pub fn fill(&self, given: &[(String, String)]) -> Result<Filled, Invalid> {
        self.fill_as(given, Demand::Whole)
    }

    /// The same, but what is required may be missing: for a call that left no message.
    pub fn fill_partly(&self, given: &[(String, String)]) -> Result<Filled, Invalid> {
        self.fill_as(given, Demand::Partly)
    }

    fn fill_as(&self, given: &[(String, String)], demand: Demand) -> Result<Filled, Invalid> {
        let mut invalid = Invalid::new();
        let mut answers = Vec::new();
        let mut recipient = None;
        for (section, is_open) in self.sections.iter().zip(self.open_sections(given)) {
            for field in section.fields() {
                for name in field.answer_names() {
                    let text = if is_open { found(given, name) } else { "" };
                    let is_required = is_open && demand == Demand::Whole && is_due(field, name);
                    let text = check(field, name, text, is_required, &mut invalid);
                    answers.push((name.to_owned(), text));
                }
                if field.kind == FieldKind::Recipient {
                    recipient = Some(answers.last().and_then(|(_, id)| contact(id)));
                }
            }
        }
        invalid.or(Filled { answers: Answers(answers), recipient })
    }

    /// Which sections are asked after these answers, in the order of the form.
    pub fn open_sections(&self, given: &[(String, String)]) -> Vec<bool> {
        let mut open = vec![None; self.sections.len()];
        (0..self.sections.len()).map(|i| self.is_open(i, given, &mut open)).collect()
    }

    /// Whether a section is open. A section that is asked for while it is being looked at depends
    /// on itself and stays closed.
    fn is_open(&self, i: usize, given: &[(String, String)], open: &mut [Option<bool>]) -> bool {
        if let Some(known) = open[i] {
            return known;
        }
        open[i] = Some(false);
        let is_open = match &self.sections[i].opens_when {
            None => true,
            Some(condition) => {
                let asks = |section: &Section| {
                    section.fields().find(|field| field.name == condition.field).cloned()
                };
                let mut asked = self.sections.iter().map(asks).enumerate();
                match asked.find_map(|(at, field)| Some((at, field?))) {
                    None => false,
                    Some((at, field)) => {
                        let answer = kept(&field, found(given, &field.name));
                        condition.any_of.contains(&answer) && self.is_open(at, given, open)
                    }
                }
            }
        };
        open[i] = Some(is_open);
        is_open
    }

    /// Whom a message is for: what the form's own question says where it has one and its section
    /// is open, else nobody; `around` where the form has none.
    pub fn recipient(
        &self,
        given: &[(String, String)],
        around: Option<ContactId>,
    ) -> Option<ContactId> {
        if !self.asks_recipient() {
            return around;
        }
        let asked =
            self.sections.iter().zip(self.open_sections(given)).find_map(|(section, is)| {
                let field = section.fields().find(|field| field.kind == FieldKind::Recipient)?;
                is.then(|| found(given, &field.name).trim())
            });
        match asked {
            None | Some("") => None,
            // What is no id is one that nobody has: it is refused with the others.
            Some(text) => Some(contact(text).unwrap_or(ContactId(0))),
        }
    }
}

fn found<'g>(given: &'g [(String, String)], name: &str) -> &'g str {
    given.iter().find(|(at, _)| at == name).map_or("", |(_, text)| text)
}

fn contact(text: &str) -> Option<ContactId> {
    text.parse().ok().map(ContactId)
}

/// Whether an answer must be given for its field to count as answered: of an address, where it is.
fn is_due(field: &Field, name: &str) -> bool {
    let is_needed = field.kind != FieldKind::Address || matches!(name, "address" | "city");
    field.is_required && is_needed
}

/// An answer as it is kept.
fn kept(field: &Field, text: &str) -> String {
    let text = if field.kind.is_long() {
        text.trim_end().replace("\r\n", "\n")
    } else {
        text.trim().to_owned()
    };
    match field.kind {
        _ if text.is_empty() => text,
        FieldKind::Checkbox | FieldKind::Emergency => "Yes".to_owned(),
        FieldKind::Date => day(&text).unwrap_or(text),
        _ => text,
    }
}

/// Checks one answer; what comes back is what is kept.
fn check(
    field: &Field,
    name: &str,
    text: &str,
    is_required: bool,
    invalid: &mut Invalid,
) -> String {
    let text = kept(field, text);
    if text.is_empty() {
        invalid.require(!is_required, name, "must be filled in");
        return text;
    }
    match &field.kind {
        FieldKind::LongText | FieldKind::Details => check_text(invalid, name, &text),
        FieldKind::Checkbox | FieldKind::Emergency => {}
        FieldKind::Select(options) | FieldKind::Radio(options) => {
            invalid.require(options.contains(&text), name, "must be one of the options");
        }
        FieldKind::Email => {
            if let Err(rule) = check_email(&text) {
                invalid.add(name, rule);
            }
        }
        FieldKind::Date => {
            invalid.require(day(&text).is_some(), name, "must be a day like 2025-01-21");
        }
        FieldKind::Number => {
            invalid.require(is_number(&text), name, "must be a number like 12 or 12.50");
        }
        FieldKind::Recipient => {
            invalid.require(contact(&text).is_some(), name, "must be in this account's directory");
        }
        FieldKind::Address if name == "zip" => {
            invalid.require(is_us_zip(&text), name, US_ZIP_RULE);
        }
        FieldKind::Text | FieldKind::Phone | FieldKind::Referer(_) | FieldKind::Address => {
            check_line(invalid, name, &text);
        }
    }
    if field.kind.has_rules() {
        field.rules.check(invalid, name, &text);
    }
    text
}

impl Filled {
    /// Puts the answers into a message: reserved ones into their columns, and all into `answers`.
    ///
    /// The message must know already whom it is for (`contact_id`, `receiver_name`, by
    /// [`Form::recipient`]); the answer to that question is the person's name.
    pub fn into_columns(mut self, message: &mut Message) {
        if self.recipient == Some(None) {
            message.contact_id = None;
            message.receiver_name.clear();
        }
        for (name, text) in &mut self.answers.0 {
            if name == "is_emergency" {
                message.is_emergency = text == "Yes";
            } else if name == "receiver_name" && self.recipient.is_some() {
                text.clone_from(&message.receiver_name);
            } else if let Some(column) = column(message, name) {
                column.clone_from(text);
            }
        }
        message.answers = self.answers;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Condition, Pattern, Rules};
    use crate::{AccountId, Instant, TenantId};

    fn form(sections: Vec<Section>) -> Form {
        Form { sections, ..Form::standard(AccountId(4), Instant::from_ms(0)) }
    }

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn options(list: &[&str]) -> Vec<String> {
        list.iter().map(|option| (*option).to_owned()).collect()
    }

    fn when(field: &str, any_of: &[&str], fields: Vec<Field>) -> Section {
        let condition = Condition { field: field.to_owned(), any_of: options(any_of) };
        Section { opens_when: Some(condition), ..Section::of(fields) }
    }

    fn message() -> Message {
        let now = Instant::from_ms(0);
        Message::blank(TenantId(1), AccountId(4), String::new(), now)
    }

    fn paths(form: &Form, answers: &[(&str, &str)]) -> Vec<String> {
        let invalid = form.fill(&given(answers)).err().unwrap_or_default();
        invalid.faults().map(|(path, _)| path.to_owned()).collect()
    }

    /// Case → Criminal opens "arrest"; arrested there opens "court".
    fn law() -> Form {
        let case = FieldKind::Select(options(&["Family", "Criminal"]));
        form(vec![
            Section::of(vec![Field::new("Case", case, true)]),
            when(
                "case",
                &["Criminal"],
                vec![
                    Field::new("Arrested", FieldKind::Checkbox, false),
                    Field::new("Charge", FieldKind::Text, true),
                ],
            ),
            when("arrested", &["Yes"], vec![Field::new("Court", FieldKind::Date, true)]),
        ])
    }

    #[test]
    fn sections_open_by_answers_also_nested_ones() {
        let check = |answers: &[(&str, &str)], open: [bool; 3]| {
            assert_eq!(law().open_sections(&given(answers)), open, "{answers:?}");
        };
        check(&[], [true, false, false]);
        check(&[("case", "Family")], [true, false, false]);
        check(&[("case", " Criminal ")], [true, true, false]);
        check(&[("case", "Criminal"), ("arrested", "on")], [true, true, true]);
        // What stands in a closed section opens nothing.
        check(&[("case", "Family"), ("arrested", "on")], [true, false, false]);
        check(&[("arrested", "on")], [true, false, false]);
        let mut circle = law();
        circle.sections[0].opens_when =
            Some(Condition { field: "arrested".to_owned(), any_of: options(&["Yes"]) });
        let all = given(&[("case", "Criminal"), ("arrested", "on")]);
        assert_eq!(circle.open_sections(&all), [false; 3], "a circle stays closed");
    }

    #[test]
    fn a_closed_section_is_neither_required_nor_kept() {
        let answers = [("case", "Family"), ("charge", "a\nb"), ("court", "soon")];
        let mut message = message();
        law().fill(&given(&answers)).expect("sound").into_columns(&mut message);
        let kept = given(&[("case", "Family"), ("arrested", ""), ("charge", ""), ("court", "")]);
        assert_eq!(message.answers.0, kept);
        assert_eq!(paths(&law(), &[("case", "Criminal")]), ["charge"]);
        let arrested = [("case", "Criminal"), ("charge", "x"), ("arrested", "on")];
        assert_eq!(paths(&law(), &arrested), ["court"]);
        let partly = law().fill_partly(&given(&arrested)).expect("what is there is sound");
        assert_eq!(partly.answers.of("charge"), Some("x"));
        let wrong = [&arrested[..], &[("court", "soon")]].concat();
        assert!(law().fill_partly(&given(&wrong)).is_err(), "what is there must be right");
    }

    #[test]
    fn reserved_answers_fill_columns_and_stand_in_answers() {
        let form = form(vec![Section::of(vec![
            Field::new("Meeting preference", FieldKind::Radio(options(&["Virtual"])), true),
            Field::new("Content", FieldKind::LongText, true),
            Field::new("Where", FieldKind::Address, true),
            Field::new("Urgent", FieldKind::Emergency, false),
            Field::new("Heard of us", FieldKind::Referer(options(&["Radio"])), false),
        ])]);
        let answers = given(&[
            ("meeting_preference", "Virtual"),
            ("content", "Call me\r\nback\n"),
            ("address", "1 Main St"),
            ("city", "Boston"),
            ("zip", "02108"),
            ("is_emergency", "on"),
            ("how_you_hear_about_us", "A friend"),
            ("gone", "from an older version"),
        ]);
        let mut message = message();
        form.fill(&answers).expect("sound").into_columns(&mut message);
        assert_eq!(message.content, "Call me\nback");
        assert!(message.is_emergency);
        assert_eq!((message.address.as_str(), message.zip.as_str()), ("1 Main St", "02108"));
        assert_eq!(message.how_you_hear_about_us, "A friend");
        let kept = given(&[
            ("meeting_preference", "Virtual"),
            ("content", "Call me\nback"),
            ("address", "1 Main St"),
            ("address2", ""),
            ("city", "Boston"),
            ("state", ""),
            ("zip", "02108"),
            ("is_emergency", "Yes"),
            ("how_you_hear_about_us", "A friend"),
        ]);
        assert_eq!(message.answers.0, kept);
        let custom: Vec<_> = message.answers.custom().collect();
        assert_eq!(custom, [("meeting_preference", "Virtual")]);
    }

    #[test]
    fn the_recipient_is_whom_the_form_says() {
        let person = Field::new("Who is it for?", FieldKind::Recipient, false);
        let form = form(vec![
            Section::of(vec![Field::new("Known", FieldKind::Checkbox, false)]),
            when("known", &["Yes"], vec![person]),
        ]);
        let check = |answers: &[(&str, &str)], contact: Option<i64>| {
            let found = form.recipient(&given(answers), Some(ContactId(9)));
            assert_eq!(found, contact.map(ContactId), "{answers:?}");
        };
        check(&[("known", "on"), ("receiver_name", "5")], Some(5));
        check(&[("known", "on"), ("receiver_name", "Jane")], Some(0));
        check(&[("known", "on"), ("receiver_name", "")], None);
        check(&[("receiver_name", "5")], None);
        let standard = Form::standard(AccountId(4), Instant::from_ms(0));
        assert_eq!(standard.recipient(&[], Some(ContactId(9))), Some(ContactId(9)));

        let answers = given(&[("known", "on"), ("receiver_name", "5")]);
        let mut message = message();
        (message.contact_id, message.receiver_name) = (Some(ContactId(5)), "Jane".to_owned());
        form.fill(&answers).expect("sound").into_columns(&mut message);
        assert_eq!(message.answers.of("receiver_name"), Some("Jane"));
        form.fill(&answers[1..]).expect("sound").into_columns(&mut message);
        assert_eq!((message.contact_id, message.receiver_name.as_str()), (None, ""));
        assert_eq!(message.answers.of("receiver_name"), Some(""));
    }

    #[test]
    fn every_bad_answer_is_named_at_once() {
        let mut id = Field::new("Member", FieldKind::Text, false);
        id.rules = Rules { min_chars: Some(4), max_chars: Some(6), pattern: Some(Pattern::Digits) };
        let form = form(vec![Section::of(vec![
            Field::new("Name", FieldKind::Text, true),
            Field::new("E-mail", FieldKind::Email, false),
            Field::new("Office", FieldKind::Select(options(&["Boston"])), false),
            Field::named("company_name", "Company", FieldKind::Text, false),
            Field::new("Address", FieldKind::Address, true),
            Field::new("Born", FieldKind::Date, false),
            Field::new("Sum", FieldKind::Number, false),
            Field::new("For", FieldKind::Recipient, false),
            id,
        ])]);
        let answers = [
            ("e_mail", "nobody"),
            ("office", "Paris"),
            ("company_name", "a\r\nBcc: b"),
            ("address", "1 Main"),
            ("zip", "0210"),
            ("born", "02/30/2000"),
            ("sum", "a lot"),
            ("receiver_name", "Jane"),
            ("member", "a"),
        ];
        let expected = [
            "name",
            "e_mail",
            "office",
            "company_name",
            "city",
            "zip",
            "born",
            "sum",
            "receiver_name",
            "member",
            "member",
        ];
        assert_eq!(paths(&form, &answers), expected);
    }

    mod whatever_is_posted {
        use proptest::prelude::*;

        use super::*;

        const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

        /// A section that asks one choice and one line, perhaps after an answer to any choice.
        fn section(at: usize) -> impl Strategy<Value = Section> {
            let condition = proptest::option::weighted(
                0.8,
                (0..NAMES.len(), proptest::sample::subsequence(vec!["1", "2", "3"], 1..3)),
            );
            (condition, any::<bool>()).prop_map(move |(condition, is_required)| {
                let choice = FieldKind::Select(options(&["1", "2", "3"]));
                let line = format!("{} line", NAMES[at]);
                let fields = vec![
                    Field::new(NAMES[at], choice, is_required),
                    Field::new(&line, FieldKind::Text, is_required),
                ];
                let opens_when = condition.map(|(field, any_of)| Condition {
                    field: NAMES[field].to_owned(),
                    any_of: options(&any_of),
                });
                Section { opens_when, ..Section::of(fields) }
            })
        }

        fn posted() -> impl Strategy<Value = Vec<(String, String)>> {
            let name = proptest::sample::select(vec![
                "a", "b", "c", "d", "e", "f", "a_line", "b_line", "c_line", "d_line", "x",
            ]);
            let text = proptest::sample::select(vec!["1", "2", "3", "", " 1 ", "other"]);
            proptest::collection::vec((name, text), 0..16).prop_map(|pairs| given(&pairs))
        }

        proptest! {
            #[test]
            fn only_open_sections_are_kept(
                sections in (0..NAMES.len()).map(section).collect::<Vec<_>>(),
                posted in posted(),
            ) {
                let form = form(sections);
                let mut sound = posted.clone();
                sound.retain(|(name, text)| name.len() > 1 || text != "other");
                let filled = form.fill_partly(&sound).expect("only sound answers are left");
                let answers = filled.answers;
                for section in &form.sections {
                    let mut names = section.fields().flat_map(Field::answer_names);
                    let is_empty = names.all(|name| answers.of(name) == Some(""));
                    let is_open = section.opens_when.as_ref().is_none_or(|condition| {
                        let answer = answers.of(&condition.field).unwrap_or_default();
                        condition.any_of.iter().any(|known| known == answer)
                    });
                    prop_assert!(is_open || is_empty, "{section:?}");
                }
                let names = form.fields().flat_map(Field::answer_names).collect::<Vec<_>>();
                let kept = answers.0.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
                prop_assert_eq!(names, kept, "each name once, in the order of the form");
                // Whatever is kept opens the same sections again.
                prop_assert_eq!(form.open_sections(&sound), form.open_sections(&answers.0));
                // And never more is demanded than of what is open.
                if let Err(invalid) = form.fill(&sound) {
                    let open = form.open_sections(&sound);
                    for (path, _) in invalid.faults() {
                        let at = form.sections.iter().position(|section| {
                            section.fields().any(|field| field.name == path)
                        });
                        prop_assert!(at.is_some_and(|at| open[at]), "{}", path);
                    }
                }
            }
        }
    }
}
