//! A text message, whatever carrier takes it, and what every carrier's form of it must keep to.

use crate::outcome::{Class, Refused};

/// Most digits of a telephone number (ITU-T E.164, 6).
const NUMBER_DIGITS_MAX: usize = 15;
/// Fewest digits that are a telephone number or a short code.
const NUMBER_DIGITS_MIN: usize = 3;
/// Longest name of a sender (3GPP TS 23.040, 9.1.2.5: eleven septets).
const NAME_CHARS_MAX: usize = 11;

/// A text message to one phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    /// Who it is from: `+` and digits (E.164), a short code (3 to 8 digits), or a sender's name of
    /// up to eleven characters.
    pub from: String,
    /// The phone: `+` and digits (E.164).
    pub to: String,
    /// The text, of any length; carriers cut it into parts, and refuse what is too long for them.
    pub text: String,
    /// The same at every attempt, for carriers that honour it: a UUID.
    pub key: String,
}

/// What a sender is called by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// `+` and digits.
    Number,
    /// A few digits, without `+`.
    ShortCode,
    /// A name.
    Name,
}

/// Refuses a phone number that is not `+` and digits: nothing else may reach a carrier's protocol.
pub(crate) fn check_number(whose: &str, number: &str) -> Result<(), Refused> {
    let digits = number.strip_prefix('+').unwrap_or_default();
    let is_number = (NUMBER_DIGITS_MIN..=NUMBER_DIGITS_MAX).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    if is_number { Ok(()) } else { Err(never(format!("The {whose} is not + and digits."))) }
}

/// Refuses a sender that is neither a number nor a name that telephones show.
pub(crate) fn check_sender(from: &str) -> Result<Sender, Refused> {
    if from.starts_with('+') {
        return check_number("sender's number", from).map(|()| Sender::Number);
    }
    let is_digits = !from.is_empty() && from.bytes().all(|b| b.is_ascii_digit());
    if is_digits && (NUMBER_DIGITS_MIN..=8).contains(&from.len()) {
        return Ok(Sender::ShortCode);
    }
    let is_shown = |b: u8| b.is_ascii_alphanumeric() || b" &-._".contains(&b);
    let has_letter = from.bytes().any(|b| b.is_ascii_alphabetic());
    if has_letter && from.len() <= NAME_CHARS_MAX && from.bytes().all(is_shown) {
        return Ok(Sender::Name);
    }
    Err(never(
        "The sender is neither + and digits, nor a short code, nor a name of up to eleven \
         letters and digits."
            .to_owned(),
    ))
}

/// The text as a phone can show it: line ends become `\n`; tabs and all other control characters,
/// which could end a field early on their way, become spaces.
pub(crate) fn plain_text(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    unix.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

/// It will not be sent, through no fault of the carrier.
pub(crate) fn never(reason: String) -> Refused {
    Refused { class: Class::Never, reason, code: None, retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_plus_and_digits_and_nothing_else() {
        for good in ["+15550001111", "+447700900123", "+123"] {
            assert_eq!(check_number("x", good), Ok(()), "{good}");
        }
        let bad = ["", "+", "+1", "15550001111", "+1 555", "+1555000\n1111", "+1555\0", "+1555;x"];
        for bad in bad.into_iter().chain(["+1234567890123456", "++15550001111", "+١٢٣٤"]) {
            let refused = check_number("recipient's number", bad).expect_err(bad);
            assert_eq!(refused.class, Class::Never);
            assert_eq!(refused.reason, "The recipient's number is not + and digits.");
        }
    }

    #[test]
    fn a_sender_is_a_number_a_short_code_or_a_name() {
        for (good, sender) in [
            ("+15550001111", Sender::Number),
            ("73737", Sender::ShortCode),
            ("Liberty", Sender::Name),
            ("Archer & Co", Sender::Name),
            ("24-7 Desk", Sender::Name),
        ] {
            assert_eq!(check_sender(good), Ok(sender), "{good}");
        }
        for bad in ["", "Liberty\r\n", "a\0b", "Twelve chars", "123456789", "Ünï", "<b>", "+1x"] {
            assert_eq!(check_sender(bad).expect_err(bad).class, Class::Never, "{bad:?}");
        }
    }

    #[test]
    fn control_characters_of_a_text_become_spaces() {
        assert_eq!(plain_text("a\r\nb\rc\0d\te\u{1b}f\u{85}g\u{2028}h"), "a\nb\nc d e f g\nh");
    }
}
