//! How large a text message is, in characters and in the parts that it is sent as.

/// The GSM 7-bit alphabet (3GPP TS 23.038, 6.2.1).
const ALPHABET: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
    ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// What takes two places there (6.2.1.1).
const EXTENSION: &str = "^{}\\[~]|€";

/// The characters of a text, and the parts that it is sent as: 160 characters of the GSM alphabet
/// fit into one and 153 into each of several; of other characters 70 and 67 (3GPP TS 23.040).
pub(crate) fn sms_size(text: &str) -> (usize, usize) {
    let text = text.replace("\r\n", "\n");
    let places = |c| match c {
        _ if ALPHABET.contains(c) => Some(1),
        _ if EXTENSION.contains(c) => Some(2),
        _ => None,
    };
    let (length, alone, each) = match text.chars().map(places).sum::<Option<usize>>() {
        Some(length) => (length, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    let parts = if length <= alone { 1 } else { length.div_ceil(each) };
    (text.chars().count(), parts)
}

#[cfg(test)]
mod tests {
    use super::sms_size;

    #[test]
    fn parts_are_counted_as_phones_do() {
        let check = |text: &str, size| assert_eq!(sms_size(text), size, "{text}");
        check("Hello", (5, 1));
        check(&"a".repeat(160), (160, 1));
        check(&"a".repeat(161), (161, 2));
        check(&"€".repeat(80), (80, 1));
        check(&"€".repeat(81), (81, 2));
        check(&"ę".repeat(70), (70, 1));
        check(&"ę".repeat(71), (71, 2));
        check(&"😀".repeat(36), (36, 2));
        check("two\r\nlines", (9, 1));
    }
}
