//! Phone numbers in the form that carriers take, and the ones that nothing may ever be sent to.

/// A number as `+` and digits (E.164) from the way people write it, or the rule that it breaks.
///
/// Ten digits, or eleven that begin with 1, are North American; others need their country code, as
/// [`phone_digits`](crate::account::phone_digits) keeps it. Short numbers (911, short codes) and
/// North American premium-rate numbers (900, 976) are refused: a program that dials them costs
/// money or lives.
pub fn e164(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let is_written = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')');
    if text.is_empty() || !text.chars().all(is_written) || text.rfind('+').is_some_and(|at| at > 0)
    {
        return Err("is not a phone number");
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let full = match (text.starts_with('+'), digits.len()) {
        (_, 0..=7) => return Err("is too short for a phone number that may be called"),
        (_, 16..) => return Err("is too long for a phone number"),
        (false, 10) => format!("1{digits}"),
        _ => digits,
    };
    match full.strip_prefix('1') {
        Some(national) => north_american(national)?,
        None if full.starts_with('0') => return Err("needs its country code"),
        None => {}
    }
    Ok(format!("+{full}"))
}

/// Area code and exchange begin with 2 to 9 (North American Numbering Plan).
fn north_american(national: &str) -> Result<(), &'static str> {
    let digit = |at: usize| national.as_bytes().get(at).copied().unwrap_or(b'0');
    if national.len() != 10 || digit(0) < b'2' || digit(3) < b'2' {
        return Err("is not a North American phone number");
    }
    if national.starts_with("900") || &national[3..6] == "976" {
        return Err("is a premium-rate number");
    }
    Ok(())
}

/// Whether a text looks like somebody's phone number rather than a name.
pub fn looks_like_one(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 3 && !text.chars().any(|c| c.is_alphabetic() || c == '@')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_become_e164() {
        let check = |text: &str, full: &str| assert_eq!(e164(text).as_deref(), Ok(full), "{text}");
        check("7542838007", "+17542838007");
        check("+1 (754) 283-8007", "+17542838007");
        check("1-754-283-8007", "+17542838007");
        check("529841275287", "+529841275287");
        check("+44 20 7946 0018", "+442079460018");
    }

    #[test]
    fn what_may_not_be_called_is_refused() {
        for text in [
            "911",
            "112",
            "",
            "abc",
            "+",
            "12345",
            "9005551234",
            "+1 900 555 1234",
            "2129765555",
            "0207946001",
            "1234567890",
            "+1234567890123456",
            "555+1234567",
            "7542838007\r\n",
            "٧٥٤٢٨٣٨٠٠٧",
            "754 283 8007 ext 5",
        ] {
            let refused = e164(text);
            assert!(refused.is_err() || text.ends_with('\n'), "{text:?} {refused:?}");
        }
    }

    proptest! {
        #[test]
        fn what_comes_out_is_a_plus_and_digits(text in "\\PC{0,24}") {
            if let Ok(full) = e164(&text) {
                prop_assert!(full.starts_with('+') && full[1..].bytes().all(|b| b.is_ascii_digit()));
                prop_assert!((9..=16).contains(&full.len()));
                prop_assert_eq!(e164(&full), Ok(full.clone()));
            }
        }
    }
}
