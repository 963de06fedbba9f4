//! The two alphabets of text messages: GSM 7-bit and UCS-2, and the others that only come in.
//!
//! GSM 7-bit is 3GPP TS 23.038, 6.2.1 (the default alphabet and its extension table), one septet in
//! each octet, as SMPP carries it. UCS-2 is big-endian; like every telephone, it holds UTF-16.

use rusmpp::values::DataCoding;

/// The septet that takes the next one from the extension table.
pub(super) const ESCAPE: u8 = 0x1b;

/// The default alphabet, by septet. At [`ESCAPE`] stands what is shown for an escape to nothing.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{a0}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// The extension table.
const EXTENDED: [(char, u8); 10] = [
    ('\u{c}', 0x0a),
    ('^', 0x14),
    ('{', 0x28),
    ('}', 0x29),
    ('\\', 0x2f),
    ('[', 0x3c),
    ('~', 0x3d),
    (']', 0x3e),
    ('|', 0x40),
    ('€', 0x65),
];

/// The text in septets, where the alphabet has all of its characters.
pub(super) fn to_gsm(text: &str) -> Option<Vec<u8>> {
    let mut septets = Vec::with_capacity(text.len());
    for c in text.chars() {
        match basic_septet(c) {
            Some(septet) => septets.push(septet),
            None => {
                let (_, septet) = EXTENDED.into_iter().find(|(known, _)| *known == c)?;
                septets.extend([ESCAPE, septet]);
            }
        }
    }
    Some(septets)
}

fn basic_septet(c: char) -> Option<u8> {
    // Most of ASCII stands where it is; the rest is looked up.
    if c.is_ascii_alphanumeric() || matches!(c, '\n' | '\r' | ' '..='#' | '%'..='?') {
        return u8::try_from(c).ok();
    }
    let at = BASIC.chars().position(|known| known == c)?;
    u8::try_from(at).ok().filter(|septet| *septet != ESCAPE)
}

/// The text that these septets show. What the alphabet does not have is shown as U+FFFD.
pub(super) fn from_gsm(septets: &[u8]) -> String {
    let table: Vec<char> = BASIC.chars().collect();
    let mut text = String::with_capacity(septets.len());
    let mut escaped = false;
    for septet in septets {
        if *septet == ESCAPE && !escaped {
            escaped = true;
            continue;
        }
        let shown = if escaped {
            // An unknown escape shows the character of the basic table (TS 23.038, 6.2.1.1).
            let known = EXTENDED.into_iter().find(|(_, code)| code == septet).map(|(c, _)| c);
            known.or_else(|| table.get(usize::from(*septet)).copied())
        } else {
            table.get(usize::from(*septet)).copied()
        };
        text.push(shown.unwrap_or(char::REPLACEMENT_CHARACTER));
        escaped = false;
    }
    text
}

/// The text in 16-bit units.
pub(super) fn to_ucs2(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn from_ucs2(octets: &[u8]) -> String {
    let units = octets.chunks(2).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0xfffd,
    });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The text of a message that came in, by its `data_coding` (SMPP 3.4, 5.2.19). Alphabets that no
/// telephone here sends are read as ASCII, and their other characters shown as U+FFFD.
pub(super) fn decode(data_coding: u8, octets: &[u8]) -> String {
    match DataCoding::from(data_coding) {
        DataCoding::McSpecific => from_gsm(octets),
        // Some carriers say ASCII and write GSM; ASCII's control characters give them away.
        DataCoding::Ia5 if octets.iter().any(|b| *b < 0x20 && !b"\t\n\r".contains(b)) => {
            from_gsm(octets)
        }
        DataCoding::Latin1 => octets.iter().copied().map(char::from).collect(),
        DataCoding::Ucs2 => from_ucs2(octets),
        _ => match data_coding {
            // The GSM groups with a message class: bits 3 and 2 name the alphabet.
            0x10..=0x3f => match data_coding & 0x0c {
                0x00 => from_gsm(octets),
                0x08 => from_ucs2(octets),
                _ => ascii(octets),
            },
            0xf0..=0xff if data_coding & 0x04 == 0 => from_gsm(octets),
            _ => ascii(octets),
        },
    }
}

fn ascii(octets: &[u8]) -> String {
    let shown = |b: &u8| if b.is_ascii() { char::from(*b) } else { char::REPLACEMENT_CHARACTER };
    octets.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_default_alphabet_stands_where_the_standard_has_it() {
        assert_eq!(BASIC.chars().count(), 128);
        for (c, septet) in [
            ('@', 0x00),
            ('$', 0x02),
            ('\n', 0x0a),
            ('_', 0x11),
            ('Ξ', 0x1a),
            ('É', 0x1f),
            (' ', 0x20),
            ('¤', 0x24),
            ('?', 0x3f),
            ('¡', 0x40),
            ('A', 0x41),
            ('§', 0x5f),
            ('¿', 0x60),
            ('z', 0x7a),
            ('à', 0x7f),
        ] {
            assert_eq!(to_gsm(&c.to_string()), Some(vec![septet]), "{c}");
        }
        assert_eq!(to_gsm("[€]"), Some(vec![0x1b, 0x3c, 0x1b, 0x65, 0x1b, 0x3e]));
        for other in ["ё", "ç", "`", "🙏", "\t", "\u{a0}"] {
            assert_eq!(to_gsm(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_comes_in_is_read_by_its_coding() {
        assert_eq!(decode(0, &[0x00, 0x1b, 0x65, 0x1b]), "@€");
        assert_eq!(decode(0, &[0x1b, 0x41, 0xff]), "A\u{fffd}");
        assert_eq!(decode(0xf1, b"Hi\x02"), "Hi$");
        assert_eq!(decode(1, b"Hi$\x80"), "Hi$\u{fffd}");
        assert_eq!(decode(1, &[0x00, 0x1b, 0x65]), "@€");
        assert_eq!(decode(3, &[0x48, 0xe9]), "Hé");
        assert_eq!(decode(8, &[0x04, 0x51, 0xd8, 0x3d, 0xde, 0x4f, 0x00]), "ё🙏\u{fffd}");
        assert_eq!(decode(0x18, &[0x04, 0x51]), "ё");
        assert_eq!(decode(8, &[0xd8, 0x3d]), "\u{fffd}");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(text in "[ -~\n€ÄÖÑÜäöñüà¿ΔΦ]{0,200}") {
            if let Some(septets) = to_gsm(&text) {
                prop_assert_eq!(from_gsm(&septets), text);
            }
        }

        #[test]
        fn any_octets_are_read(coding: u8, octets: Vec<u8>) {
            let _ = decode(coding, &octets);
        }
    }
}
