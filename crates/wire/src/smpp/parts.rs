//! A text as the parts that travel: one alphabet, and a header on each part of a long text.

use super::alphabet::{self, ESCAPE};
use crate::outcome::Refused;
use crate::sms::never;

/// The most parts of one text; a longer one is a letter, and costs like one.
pub(super) const PARTS_MAX: usize = 10;

/// Septets of a text in one part, and of each of several (3GPP TS 23.040, 9.2.3.24.1).
const GSM_MAX: (usize, usize) = (160, 153);
/// 16-bit units of a text in one part, and of each of several.
const UCS2_MAX: (usize, usize) = (70, 67);

/// `data_coding` of the default alphabet and of UCS-2 (SMPP 3.4, 5.2.19).
const DEFAULT_ALPHABET: u8 = 0x00;
const UCS2: u8 = 0x08;

/// What `short_message` of one PDU holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextPart {
    pub(super) data_coding: u8,
    /// Whether the octets begin with a user data header.
    pub(super) has_header: bool,
    pub(super) octets: Vec<u8>,
}

/// Cuts the text, or refuses it for good. `reference` tells the parts of one text from those of
/// the text before it.
pub(super) fn cut(text: &str, reference: u8) -> Result<Vec<TextPart>, Refused> {
    if text.trim().is_empty() {
        return Err(never("The text is empty.".to_owned()));
    }
    let (data_coding, bodies) = match alphabet::to_gsm(text) {
        Some(septets) => (DEFAULT_ALPHABET, pieces(&septets, GSM_MAX, |last| *last == ESCAPE)),
        None => {
            let units = alphabet::to_ucs2(text);
            let is_first_half = |last: &u16| (0xd800..0xdc00).contains(last);
            let octets = |unit: &u16| unit.to_be_bytes();
            let pieces = pieces(&units, UCS2_MAX, is_first_half);
            (UCS2, pieces.iter().map(|units| units.iter().flat_map(octets).collect()).collect())
        }
    };
    let count = u8::try_from(bodies.len()).unwrap_or(u8::MAX);
    if bodies.len() > PARTS_MAX {
        return Err(never(format!(
            "The text is too long for a text message: {} parts, and {PARTS_MAX} are the most.",
            bodies.len()
        )));
    }
    let part = |(number, body): (u8, Vec<u8>)| {
        let has_header = count > 1;
        // An 8-bit reference, the number of parts, and which of them this is (TS 23.040,
        // 9.2.3.24.1), behind the header's length.
        let header = [5, 0, 3, reference, count, number];
        let octets = if has_header { [&header, body.as_slice()].concat() } else { body };
        TextPart { data_coding, has_header, octets }
    };
    Ok((1..=count).zip(bodies).map(part).collect())
}

/// Pieces of at most so many units, none of which ends with the first half of a character.
fn pieces<T: Copy>(
    units: &[T],
    (alone_max, each_max): (usize, usize),
    is_first_half: impl Fn(&T) -> bool,
) -> Vec<Vec<T>> {
    if units.len() <= alone_max {
        return vec![units.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut rest = units;
    while !rest.is_empty() {
        let mut end = each_max.min(rest.len());
        if end < rest.len() && rest.get(end - 1).is_some_and(&is_first_half) {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        pieces.push(piece.to_vec());
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Class;

    fn lengths(text: &str) -> Vec<usize> {
        cut(text, 7).expect("not too long").iter().map(|part| part.octets.len()).collect()
    }

    #[test]
    fn a_text_is_cut_at_the_limits_of_the_standard() {
        assert_eq!(lengths(&"a".repeat(160)), [160]);
        assert_eq!(lengths(&"a".repeat(161)), [159, 14]);
        assert_eq!(lengths(&"a".repeat(306)), [159, 159]);
        assert_eq!(lengths(&"a".repeat(307)), [159, 159, 7]);
        assert_eq!(lengths(&"ё".repeat(70)), [140]);
        assert_eq!(lengths(&"ё".repeat(71)), [140, 14]);
        assert_eq!(lengths(&"a".repeat(1530)).len(), 10);
    }

    #[test]
    fn no_character_is_cut_in_two() {
        // The escape would be the 153rd septet, the surrogate the 67th unit.
        assert_eq!(lengths(&format!("{}€{}", "a".repeat(152), "a".repeat(20))), [158, 28]);
        assert_eq!(lengths(&format!("{}🙏{}", "ё".repeat(66), "ё".repeat(20))), [138, 50]);
    }

    #[test]
    fn each_part_says_which_it_is() {
        let parts = cut(&"a".repeat(200), 0xcc).expect("two parts");
        assert_eq!(parts[0].octets[..6], [5, 0, 3, 0xcc, 2, 1]);
        assert_eq!(parts[1].octets[..6], [5, 0, 3, 0xcc, 2, 2]);
        assert!(parts.iter().all(|part| part.has_header && part.data_coding == 0));
        let alone = cut("Hallo ё", 1).expect("one part");
        assert_eq!((alone[0].has_header, alone[0].data_coding), (false, 8));
    }

    #[test]
    fn what_is_no_text_message_is_refused_with_words() {
        let long = cut(&"a".repeat(1_000_000), 1).expect_err("too long");
        assert_eq!(long.class, Class::Never);
        assert!(long.reason.contains("6536 parts, and 10 are the most"), "{}", long.reason);
        assert_eq!(cut(" \n", 1).expect_err("empty").reason, "The text is empty.");
    }

    proptest! {
        #[test]
        fn the_parts_together_are_the_text(text in "[a-z€ё🙏\\[\\] ]{1,500}") {
            if let Ok(parts) = cut(&text, 1) {
                let skip = |part: &TextPart| part.octets[usize::from(part.has_header) * 6..].to_vec();
                let octets: Vec<u8> = parts.iter().flat_map(skip).collect();
                prop_assert_eq!(alphabet::decode(parts[0].data_coding, &octets), text);
                prop_assert!(parts.iter().all(|part| part.octets.len() <= 160));
            }
        }
    }
}
