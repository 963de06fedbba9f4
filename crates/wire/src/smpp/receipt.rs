//! Delivery receipts: which message, and what became of it (SMPP 3.4, 5.2.28 and Appendix B).

use super::alphabet;
use super::arrival::Arrival;
use crate::outcome::quote;
use domain::delivery::Reach;

/// Bits of `esm_class` that say "receipt" and "news on the way" (SMPP 3.4, 5.2.12).
const RECEIPT: u8 = 0x04;
const NOTIFICATION: u8 = 0x20;

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The id as the receipt spells it.
    pub(super) id: String,
    pub(super) result: Result<Reach, String>,
}

/// Whether the arrival is a receipt and nobody's text. The marks are the carrier's, not the text:
/// anybody can write "id:1 stat:DELIVRD".
pub(super) fn is_one(arrival: &Arrival) -> bool {
    arrival.esm_class & (RECEIPT | NOTIFICATION) != 0
        || (arrival.receipted_message_id.is_some() && arrival.message_state.is_some())
}

/// Reads it; the parameters go before the text. Nothing where it names no message or no state.
pub(super) fn read(arrival: &Arrival) -> Option<Receipt> {
    let text = alphabet::decode(arrival.data_coding, &arrival.octets);
    let id = arrival.receipted_message_id.clone().or_else(|| field(&text, "id:").map(quote))?;
    let by_number = arrival.message_state.and_then(word_of);
    let word = by_number.or_else(|| field(&text, "stat:"))?.to_ascii_uppercase();
    let error = field(&text, "err:").filter(|code| code.bytes().any(|b| b != b'0'));
    Some(Receipt { id, result: result(&word, error) })
}

/// The word of Appendix B for a `message_state` (SMPP 3.4, 5.2.28).
fn word_of(state: u8) -> Option<&'static str> {
    let words =
        ["ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD"];
    words.get(usize::from(state).checked_sub(1)?).copied()
}

/// How far it got. What is not an end, or not known, is still with the carrier.
fn result(word: &str, error: Option<&str>) -> Result<Reach, String> {
    let reason = match word {
        "DELIVRD" => return Ok(Reach::Handset),
        "EXPIRED" => "The phone could not be reached in time",
        "DELETED" => "The carrier deleted the message",
        "UNDELIV" => "The message could not be delivered",
        "REJECTD" => "The carrier rejected the message",
        _ => return Ok(Reach::Carrier),
    };
    let code = error.map(|code| format!(", error {}", quote(code))).unwrap_or_default();
    Err(format!("{reason} ({word}{code})."))
}

/// The word behind `name`, which begins the text or follows a space, up to the quoted message.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let is_name = |at: &usize| lower[..*at].ends_with(|c: char| c.is_whitespace()) || *at == 0;
    let first = |name: &str| lower.match_indices(name).map(|(at, _)| at).find(is_name);
    let at = first(name).filter(|at| first("text:").is_none_or(|end| *at < end))?;
    let value = text[at + name.len()..].split_whitespace().next()?;
    // "id: sub:001" is an empty id.
    (!value.contains(':')).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_form(text: &str) -> Option<Receipt> {
        let octets = text.as_bytes().to_vec();
        read(&Arrival { esm_class: RECEIPT, data_coding: 1, octets, ..Arrival::default() })
    }

    #[test]
    fn the_text_form_is_read_in_any_letter_case() {
        let all = "id:6699 sub:001 dlvrd:001 submit date:2611211452 done date:2611211453 \
                   stat:DELIVRD err:000 text:id:1 stat:UNDELIV";
        let receipt = text_form(all).expect("a receipt");
        assert_eq!((receipt.id.as_str(), receipt.result), ("6699", Ok(Reach::Handset)));
        let short = text_form("ID:x1 STAT:undeliv ERR:01B").expect("a receipt");
        assert_eq!(short.id, "x1");
        let reason = "The message could not be delivered (UNDELIV, error 01B).";
        assert_eq!(short.result, Err(reason.to_owned()));
    }

    #[test]
    fn each_state_says_how_far_it_got() {
        for (word, expected) in [
            ("DELIVRD", Ok(Reach::Handset)),
            ("ACCEPTD", Ok(Reach::Carrier)),
            ("ENROUTE", Ok(Reach::Carrier)),
            ("UNKNOWN", Ok(Reach::Carrier)),
            ("EXPIRED", Err("The phone could not be reached in time (EXPIRED).")),
            ("DELETED", Err("The carrier deleted the message (DELETED).")),
            ("UNDELIV", Err("The message could not be delivered (UNDELIV).")),
            ("REJECTD", Err("The carrier rejected the message (REJECTD).")),
        ] {
            let receipt = text_form(&format!("id:1 stat:{word} err:000")).expect(word);
            assert_eq!(receipt.result, expected.map_err(str::to_owned));
        }
    }

    #[test]
    fn parameters_go_before_the_text() {
        let octets = b"id:9 stat:EXPIRED".to_vec();
        let id = Some("A".to_owned());
        let plain = Arrival { octets, receipted_message_id: id, ..Arrival::default() };
        assert!(!is_one(&plain), "an id alone may stand on any message");
        let marked = Arrival { message_state: Some(2), ..plain };
        assert!(is_one(&marked));
        let receipt = read(&marked).expect("a receipt");
        assert_eq!((receipt.id.as_str(), receipt.result), ("A", Ok(Reach::Handset)));
    }

    #[test]
    fn what_names_no_message_is_none() {
        for text in ["", "stat:DELIVRD", "id:1", "id: stat:DELIVRD", "text:id:1 stat:DELIVRD"] {
            assert_eq!(text_form(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".*", state: Option<u8>) {
            let octets = text.into_bytes();
            let id = state.map(|_| "1".to_owned());
            let arrival = Arrival { octets, receipted_message_id: id, message_state: state, ..Arrival::default() };
            let _ = read(&arrival);
        }
    }
}
