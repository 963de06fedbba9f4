//! What people call the kinds of answers, and the questions that every account may ask.

use domain::form::{Pattern, Section};
use domain::{Field as Question, FieldKind as Kind};

use crate::ui::Choice;

/// The kinds of answers, as people call them.
const KINDS: [(&str, &str); 14] = [
    ("text", "One line"),
    ("long_text", "Several lines"),
    ("details", "Details, several lines"),
    ("phone", "Phone number"),
    ("email", "E-mail"),
    ("date", "A day"),
    ("number", "A number"),
    ("select", "A choice from a menu"),
    ("radio", "A choice, all in sight"),
    ("checkbox", "A tick: yes or nothing"),
    ("address", "An address with ZIP"),
    ("recipient", "Whom the message is for"),
    ("emergency", "Whether it is an emergency"),
    ("referer", "How they heard of the account"),
];

/// What a text may be made of, as people call it.
const PATTERNS: [(&str, &str); 6] = [
    ("digits", "Digits only"),
    ("alphanumeric", "Letters and digits only"),
    ("us_phone", "A US phone number"),
    ("us_zip", "A US ZIP code"),
    ("amount", "An amount of money"),
    ("time", "A time of day"),
];

/// Questions that fill columns of the message which every account has.
const STANDARD: [(&str, &str, &str); 14] = [
    ("first_name", "First name", "text"),
    ("last_name", "Last name", "text"),
    ("company_name", "Company", "text"),
    ("phone", "Phone", "phone"),
    ("extension", "Extension", "text"),
    ("alt_phone", "Other phone", "phone"),
    ("phone_number", "Phone number", "phone"),
    ("email", "E-mail", "email"),
    ("content", "Message", "long_text"),
    ("is_emergency", "Emergency", "emergency"),
    ("receiver_name", "Who is it for?", "recipient"),
    ("address", "Address", "address"),
    ("how_you_hear_about_us", "How did you hear about us?", "referer"),
    ("email_subject", "Subject of the e-mail", "text"),
];

/// What people call a kind.
pub(crate) fn kind_name(kind: &Kind) -> &'static str {
    let word = kind.as_str();
    KINDS.iter().find(|(at, _)| *at == word).map_or(word, |(_, name)| name)
}

/// What people call a kind of answer, with what there is to choose from.
pub(crate) fn kind_in_words(kind: &Kind) -> String {
    let name = kind_name(kind);
    match kind.options() {
        [] => name.to_owned(),
        options => format!("{name}: {}", options.join(", ")),
    }
}

/// The kinds to choose from.
pub(crate) fn kinds() -> Vec<Choice> {
    KINDS.iter().map(|(word, name)| Choice::new(word, name)).collect()
}

/// The patterns to choose from; the first is none.
pub(crate) fn patterns() -> Vec<Choice> {
    let known = Pattern::ALL.iter().map(|pattern| {
        let word = pattern.as_str();
        let name = PATTERNS.iter().find(|(at, _)| *at == word).map_or(word, |(_, name)| name);
        Choice::new(word, name)
    });
    std::iter::once(Choice::new("", "Anything")).chain(known).collect()
}

/// What may be added to a section of this form.
pub(crate) fn additions(sections: &[Section]) -> Vec<Choice> {
    let asked: Vec<&str> =
        sections.iter().flat_map(Section::fields).flat_map(Question::answer_names).collect();
    let standard = STANDARD.iter().filter(|(name, ..)| !asked.contains(name));
    let standard = standard
        .map(|(name, label, _)| Choice::new(&format!("standard:{name}"), &format!("“{label}”")));
    let own = KINDS.iter().filter(|(word, _)| {
        let own_name = Kind::parse(word, Vec::new()).and_then(|kind| kind.own_name());
        own_name.is_none()
    });
    let own = own.map(|(word, name)| Choice::new(&format!("kind:{word}"), &format!("Own: {name}")));
    let prompt = Choice::new("prompt", "Text to read aloud");
    std::iter::once(prompt).chain(standard).chain(own).collect()
}

/// The question that is added under such a value; `None` for what is no question.
pub(crate) fn added(value: &str) -> Option<Question> {
    let (what, word) = value.split_once(':')?;
    match what {
        "standard" => {
            let (name, label, kind) = STANDARD.iter().find(|(name, ..)| *name == word)?;
            Some(Question::named(name, label, Kind::parse(kind, Vec::new())?, false))
        }
        "kind" => Some(Question::new("", Kind::parse(word, Vec::new())?, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_question_fills_a_column() {
        for (name, ..) in STANDARD {
            assert!(domain::form::is_reserved(name), "{name}");
            let question = added(&format!("standard:{name}")).expect("a question");
            assert!(question.kind.own_name().is_none_or(|own| own == name), "{name}");
        }
    }

    #[test]
    fn every_kind_and_pattern_has_a_word() {
        for (word, name) in KINDS {
            let kind = Kind::parse(word, Vec::new()).expect("a kind");
            assert_eq!(kind_in_words(&kind), name);
        }
        assert_eq!(KINDS.map(|(word, _)| word), Kind::WORDS);
        assert_eq!(PATTERNS.map(|(word, _)| word), Pattern::ALL.map(Pattern::as_str));
        let options = vec!["Gas".to_owned(), "Oil".to_owned()];
        assert_eq!(kind_in_words(&Kind::Select(options)), "A choice from a menu: Gas, Oil");
    }

    #[test]
    fn what_is_asked_already_is_not_offered_again() {
        let values = |sections: &[Section]| {
            additions(sections).into_iter().map(|choice| choice.value).collect::<Vec<_>>()
        };
        let all = values(&[]);
        assert_eq!(all[0], "prompt");
        for value in &all[1..] {
            assert!(added(value).is_some(), "{value}");
        }
        let address = added("standard:address").expect("a question");
        let left = values(&[Section::of(vec![address])]);
        assert_eq!(left.len(), all.len() - 1);
        assert!(!left.contains(&"standard:address".to_owned()));
    }
}
