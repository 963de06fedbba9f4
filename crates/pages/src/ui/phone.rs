//! Telephone numbers and addresses as people read them, and as links that call or write.

use std::fmt::Write as _;

/// A number as a person reads it: `(954) 555-0142`. What is not a plain North American number
/// stays as it was said.
pub(crate) fn phone(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || "+-.() ".contains(c));
    match north_american(text).filter(|_| is_plain) {
        Some(digits) => format!("({}) {}-{}", &digits[..3], &digits[3..6], &digits[6..]),
        None => text.trim().to_owned(),
    }
}

/// A link that calls a number; `None` where the text holds none. What stands behind the first
/// letter is an extension, which no link can dial.
pub(crate) fn tel(text: &str) -> Option<String> {
    let text = text.split(char::is_alphabetic).next().unwrap_or_default();
    if let Some(digits) = north_american(text) {
        return Some(format!("tel:+1{digits}"));
    }
    let plus = if text.trim_start().starts_with('+') { "+" } else { "" };
    let digits = digits(text);
    (3..=15).contains(&digits.len()).then(|| format!("tel:{plus}{digits}"))
}

/// The ten digits of a North American number.
fn north_american(text: &str) -> Option<String> {
    let digits = digits(text);
    match digits.len() {
        10 if !text.trim_start().starts_with('+') => Some(digits),
        11 => digits.strip_prefix('1').map(str::to_owned),
        _ => None,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A link that writes to an address. Nothing in the address can add another receiver or header
/// (RFC 6068, 2).
pub(crate) fn mailto(address: &str) -> String {
    let mut href = String::from("mailto:");
    for byte in address.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' | b'+' => {
                href.push(char::from(byte));
            }
            _ => {
                let _ = write!(href, "%{byte:02X}");
            }
        }
    }
    href
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well_and_call() {
        let check = |text: &str, shown: &str, href: Option<&str>| {
            assert_eq!((phone(text).as_str(), tel(text).as_deref()), (shown, href), "{text}");
        };
        check("9545550142", "(954) 555-0142", Some("tel:+19545550142"));
        check("+1 954 555 0142", "(954) 555-0142", Some("tel:+19545550142"));
        check("+52 984 555 0110", "+52 984 555 0110", Some("tel:+529845550110"));
        check("+49 1234567 8", "+49 1234567 8", Some("tel:+4912345678"));
        check("954-555-0142 ext. 7", "954-555-0142 ext. 7", Some("tel:+19545550142"));
        check("anonymous", "anonymous", None);
        check("911", "911", Some("tel:911"));
        check("", "", None);
    }

    #[test]
    fn a_mail_link_has_one_receiver() {
        assert_eq!(mailto("jane.doe+calls@law.example"), "mailto:jane.doe+calls@law.example");
        assert_eq!(mailto("a?bcc=b&c=d%40@e.example"), "mailto:a%3Fbcc%3Db%26c%3Dd%2540@e.example");
    }
}
