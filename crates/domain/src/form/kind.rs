//! The kinds of answers that a form may ask for, and how the text of one must look.

use crate::{Date, Invalid, limits};

/// What may be answered to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// Several lines of details that go with the message.
    Details,
    /// A phone number, as the caller says it.
    Phone,
    /// An e-mail address.
    Email,
    /// A day, kept as `YYYY-MM-DD`.
    Date,
    /// A figure, such as `-3` or `12.50`.
    Number,
    /// `Yes` or nothing.
    Checkbox,
    /// One of these, from a menu.
    Select(Vec<String>),
    /// One of these, all in sight.
    Radio(Vec<String>),
    /// Street, second line, city, state and US ZIP: five answers.
    Address,
    /// Whom the message is for: a contact of the account's directory.
    Recipient,
    /// Whether the message is an emergency: `Yes` or nothing.
    Emergency,
    /// Where the caller heard of the account; these are suggested.
    Referer(Vec<String>),
}

/// The answers that an address is made of: their names, and what they are called.
pub const ADDRESS_PARTS: [(&str, &str); 5] = [
    ("address", "Street"),
    ("address2", "Street, second line"),
    ("city", "City"),
    ("state", "State"),
    ("zip", "ZIP"),
];

impl FieldKind {
    /// The word of every kind, in the order in which people are offered them.
    pub const WORDS: [&'static str; 14] = [
        "text",
        "long_text",
        "details",
        "phone",
        "email",
        "date",
        "number",
        "select",
        "radio",
        "checkbox",
        "address",
        "recipient",
        "emergency",
        "referer",
    ];

    /// The word for it in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::LongText => "long_text",
            FieldKind::Details => "details",
            FieldKind::Phone => "phone",
            FieldKind::Email => "email",
            FieldKind::Date => "date",
            FieldKind::Number => "number",
            FieldKind::Checkbox => "checkbox",
            FieldKind::Select(_) => "select",
            FieldKind::Radio(_) => "radio",
            FieldKind::Address => "address",
            FieldKind::Recipient => "recipient",
            FieldKind::Emergency => "emergency",
            FieldKind::Referer(_) => "referer",
        }
    }

    /// The kind with this word; `options` count where it offers a choice.
    pub fn parse(word: &str, options: Vec<String>) -> Option<Self> {
        Some(match word {
            "text" => FieldKind::Text,
            "long_text" => FieldKind::LongText,
            "details" => FieldKind::Details,
            "phone" => FieldKind::Phone,
            "email" => FieldKind::Email,
            "date" => FieldKind::Date,
            "number" => FieldKind::Number,
            "checkbox" => FieldKind::Checkbox,
            "select" => FieldKind::Select(options),
            "radio" => FieldKind::Radio(options),
            "address" => FieldKind::Address,
            "recipient" => FieldKind::Recipient,
            "emergency" => FieldKind::Emergency,
            "referer" => FieldKind::Referer(options),
            _ => return None,
        })
    }

    /// What it offers to choose from, or suggests; nothing where the answer is free.
    pub fn options(&self) -> &[String] {
        match self {
            FieldKind::Select(options)
            | FieldKind::Radio(options)
            | FieldKind::Referer(options) => options,
            _ => &[],
        }
    }

    /// Whether an answer must be one of the options.
    pub fn is_choice(&self) -> bool {
        matches!(self, FieldKind::Select(_) | FieldKind::Radio(_))
    }

    /// Whether the answer is `Yes` or nothing.
    pub fn is_tick(&self) -> bool {
        matches!(self, FieldKind::Checkbox | FieldKind::Emergency)
    }

    /// Whether an answer may have several lines.
    pub fn is_long(&self) -> bool {
        matches!(self, FieldKind::LongText | FieldKind::Details)
    }

    /// Whether the text of an answer may be held to [`Rules`].
    pub fn has_rules(&self) -> bool {
        self.is_long() || matches!(self, FieldKind::Text | FieldKind::Phone | FieldKind::Number)
    }

    /// The name of a kind that fills certain columns of the message, whatever its label.
    pub fn own_name(&self) -> Option<&'static str> {
        match self {
            FieldKind::Address => Some("address"),
            FieldKind::Recipient => Some("receiver_name"),
            FieldKind::Emergency => Some("is_emergency"),
            FieldKind::Referer(_) => Some("how_you_hear_about_us"),
            _ => None,
        }
    }

    /// The answers that may open another section; nothing where none may.
    pub fn opening_answers(&self) -> Vec<String> {
        match self {
            FieldKind::Select(options) | FieldKind::Radio(options) => options.clone(),
            FieldKind::Checkbox | FieldKind::Emergency => vec!["Yes".to_owned()],
            _ => Vec::new(),
        }
    }
}

/// How the text of an answer must look, where it is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The fewest characters.
    pub min_chars: Option<u32>,
    /// The most characters.
    pub max_chars: Option<u32>,
    /// What it is made of.
    pub pattern: Option<Pattern>,
}

/// What a text may have to be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Digits only.
    Digits,
    /// Letters and digits only.
    Alphanumeric,
    /// A North American phone number: ten digits, or eleven that begin with 1.
    UsPhone,
    /// A US ZIP code: `33401` or `33401-1234`.
    UsZip,
    /// An amount of money: `149` or `149.50`, with or without a dollar sign.
    Amount,
    /// A time of day: `9:30 AM` or `14:05`.
    TimeOfDay,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Pattern; 6] = [
        Pattern::Digits,
        Pattern::Alphanumeric,
        Pattern::UsPhone,
        Pattern::UsZip,
        Pattern::Amount,
        Pattern::TimeOfDay,
    ];

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Pattern::Digits => "digits",
            Pattern::Alphanumeric => "alphanumeric",
            Pattern::UsPhone => "us_phone",
            Pattern::UsZip => "us_zip",
            Pattern::Amount => "amount",
            Pattern::TimeOfDay => "time",
        }
    }

    /// The pattern with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pattern| pattern.as_str() == word)
    }

    /// What breaking it is told as.
    pub fn rule(self) -> &'static str {
        match self {
            Pattern::Digits => "must be digits only",
            Pattern::Alphanumeric => "must be letters and digits only",
            Pattern::UsPhone => "must be a US phone number of ten digits",
            Pattern::UsZip => US_ZIP_RULE,
            Pattern::Amount => "must be an amount like 149 or 149.50",
            Pattern::TimeOfDay => "must be a time of day like 9:30 AM",
        }
    }

    /// Whether a text is made so.
    pub fn holds(self, text: &str) -> bool {
        match self {
            Pattern::Digits => text.bytes().all(|b| b.is_ascii_digit()),
            Pattern::Alphanumeric => text.chars().all(char::is_alphanumeric),
            Pattern::UsPhone => {
                let written = |c: char| c.is_ascii_digit() || "+-. ()".contains(c);
                text.chars().all(written) && crate::account::phone_digits(text).len() == 10
            }
            Pattern::UsZip => is_us_zip(text),
            Pattern::Amount => {
                let figure = text.strip_prefix('$').unwrap_or(text).replace(',', "");
                !figure.starts_with('-') && is_number(&figure)
            }
            Pattern::TimeOfDay => crate::Time::parse(text).is_some(),
        }
    }
}

/// What a ZIP that is none is told as.
pub(super) const US_ZIP_RULE: &str = "must be a US ZIP code like 33401 or 33401-1234";

/// Whether a text is a US ZIP code, with or without its last four digits.
pub(super) fn is_us_zip(text: &str) -> bool {
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        None => digits(text, 5),
        Some((zip, more)) => digits(zip, 5) && digits(more, 4),
    }
}

/// Whether a text is a figure: a sign, digits, and perhaps a point with digits after it.
pub(super) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        None => digits(text),
        Some((whole, part)) => digits(whole) && digits(part),
    }
}

/// A day as it is kept, from `YYYY-MM-DD` or `MM/DD/YYYY`.
pub(super) fn day(text: &str) -> Option<String> {
    let date = Date::parse(&text.replace('/', "-")).ok()?;
    Some(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
}

impl Rules {
    /// Whether nothing is demanded.
    pub fn is_empty(&self) -> bool {
        *self == Rules::default()
    }

    /// Checks a filled answer.
    pub(super) fn check(&self, invalid: &mut Invalid, path: &str, text: &str) {
        let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        if let Some(least) = self.min_chars.filter(|least| chars < *least) {
            invalid.add(path, format!("must have at least {}", characters(least)));
        }
        if let Some(most) = self.max_chars.filter(|most| chars > *most) {
            invalid.add(path, format!("must have at most {}", characters(most)));
        }
        if let Some(pattern) = self.pattern.filter(|pattern| !pattern.holds(text)) {
            invalid.add(path, pattern.rule());
        }
    }

    /// Checks the rules themselves.
    pub(super) fn check_sound(&self, invalid: &mut Invalid, path: &str) {
        let most = u32::try_from(limits::TEXT_BYTES).unwrap_or(u32::MAX);
        let of_text = |at: Option<u32>| at.is_none_or(|chars| (1..=most).contains(&chars));
        let within = "must be 1 to 20,000 characters";
        invalid.require(of_text(self.min_chars), &format!("{path}.min"), within);
        invalid.require(of_text(self.max_chars), &format!("{path}.max"), within);
        if let (Some(least), Some(most)) = (self.min_chars, self.max_chars) {
            let rule = "must not be less than the fewest";
            invalid.require(least <= most, &format!("{path}.max"), rule);
        }
    }
}

fn characters(count: u32) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_word() {
        for word in FieldKind::WORDS {
            let kind = FieldKind::parse(word, vec!["a".to_owned()]).expect(word);
            assert_eq!(kind.as_str(), word);
        }
        assert_eq!(FieldKind::parse("colour", Vec::new()), None);
    }

    #[test]
    fn patterns_hold() {
        let check = |pattern: Pattern, good: &[&str], bad: &[&str]| {
            assert_eq!(Pattern::parse(pattern.as_str()), Some(pattern));
            for text in good {
                assert!(pattern.holds(text), "{pattern:?} {text}");
            }
            for text in bad {
                assert!(!pattern.holds(text), "{pattern:?} {text}");
            }
        };
        check(Pattern::Digits, &["0", "0815"], &["1.5", "a", "٣", "-1"]);
        check(Pattern::Alphanumeric, &["A1b", "Größe"], &["a b", "a-1"]);
        check(
            Pattern::UsPhone,
            &["(561) 555-0100", "+1 561.555.0100"],
            &["555-0100", "56155501oo"],
        );
        check(Pattern::UsZip, &["33401", "33401-1234"], &["3340", "334011", "33401-", "ABCDE"]);
        check(Pattern::Amount, &["149", "$1,149.50"], &["-1", "$", "1.", "ten"]);
        check(Pattern::TimeOfDay, &["9:30 AM", "14:05"], &["25:00", "noon"]);
    }

    #[test]
    fn figures_and_days() {
        for good in ["0", "-3", "12.50"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "-", "1e3", "1.", ".5", "1,5", "--1"] {
            assert!(!is_number(bad), "{bad}");
        }
        assert_eq!(day("2025-01-21").as_deref(), Some("2025-01-21"));
        assert_eq!(day("01/21/2025").as_deref(), Some("2025-01-21"));
        assert_eq!(day("02-30-2025"), None);
    }
}
