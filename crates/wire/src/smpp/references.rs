//! Which of the ids that we were given a receipt means, however it spells it.
//!
//! Carriers answer a message with `1A2B` and report on `6699`, or on `00001a2b`. A receipt's id is
//! therefore looked for as it stands, then as the same number in the same base, then as the same
//! number in the other one; and where several ids would do, the phone that the receipt is about
//! decides. What is not remembered any more, or was sent before a restart, is reported as the
//! receipt spells it, which is right for every carrier that spells its ids one way.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// How many ids are remembered: more than an hour of them at ten a second, in about 15 MB.
const REMEMBERED_MAX: usize = 50_000;
/// How many last digits of two numbers are compared: carriers differ in how they begin them.
const DIGITS_COMPARED: usize = 7;

/// The ids of the messages that were sent last.
#[derive(Default)]
pub(super) struct References {
    by_spelling: HashMap<Spelling, Vec<Arc<SentText>>>,
    oldest_first: VecDeque<Arc<SentText>>,
}

#[derive(Debug)]
struct SentText {
    id: String,
    /// The phone that it was sent to.
    to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Spelling {
    AsItIs(String),
    Decimal(u128),
    Hexadecimal(u128),
}

impl References {
    /// Remembers what a message to this phone is called, and forgets the oldest beyond the limit.
    pub(super) fn remember(&mut self, id: &str, to: &str) {
        let sent = Arc::new(SentText { id: id.to_owned(), to: to.to_owned() });
        for spelling in spellings(id) {
            self.by_spelling.entry(spelling).or_default().push(Arc::clone(&sent));
        }
        self.oldest_first.push_back(sent);
        if self.oldest_first.len() > REMEMBERED_MAX {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some(oldest) = self.oldest_first.pop_front() else { return };
        for spelling in spellings(&oldest.id) {
            if let Some(same) = self.by_spelling.get_mut(&spelling) {
                same.retain(|sent| !Arc::ptr_eq(sent, &oldest));
                if same.is_empty() {
                    self.by_spelling.remove(&spelling);
                }
            }
        }
    }

    /// The id as we were given it, for the id of a receipt between these two addresses, one of
    /// which is the phone: carriers do not agree on which.
    pub(super) fn find(&self, id: &str, addresses: [&str; 2]) -> String {
        let one_base = spellings(id);
        let other_base = one_base.iter().filter_map(Spelling::in_the_other_base);
        let sent_as = |spelling: &Spelling| self.by_spelling.get(spelling).into_iter().flatten();
        let alike: Vec<_> = one_base.iter().flat_map(sent_as).collect();
        let converted: Vec<_> = other_base.collect();
        let converted: Vec<_> = converted.iter().flat_map(sent_as).collect();
        let to_that_phone =
            |sent: &&&Arc<SentText>| addresses.iter().any(|phone| is_same_phone(&sent.to, phone));
        let found = alike.iter().rev().find(|sent| to_that_phone(sent));
        let found = found.or_else(|| converted.iter().rev().find(|sent| to_that_phone(sent)));
        // Without a phone to compare, the nearest spelling has to do.
        let found = found.or_else(|| alike.first());
        let found = found.or_else(|| converted.first().filter(|_| addresses == [""; 2]));
        found.map_or_else(|| id.to_owned(), |sent| sent.id.clone())
    }
}

impl Spelling {
    fn in_the_other_base(&self) -> Option<Self> {
        match self {
            Self::AsItIs(_) => None,
            Self::Decimal(number) => Some(Self::Hexadecimal(*number)),
            Self::Hexadecimal(number) => Some(Self::Decimal(*number)),
        }
    }
}

/// All that this id can be read as, the nearest first.
fn spellings(id: &str) -> Vec<Spelling> {
    let is_all = |known: fn(&u8) -> bool| !id.is_empty() && id.bytes().all(|b| known(&b));
    let decimal = is_all(u8::is_ascii_digit).then(|| id.parse().ok()).flatten();
    let hexadecimal =
        is_all(u8::is_ascii_hexdigit).then(|| u128::from_str_radix(id, 16).ok()).flatten();
    let mut all = vec![Spelling::AsItIs(id.to_ascii_lowercase())];
    all.extend(decimal.map(Spelling::Decimal));
    all.extend(hexadecimal.map(Spelling::Hexadecimal));
    all
}

fn is_same_phone(one: &str, other: &str) -> bool {
    let end = |number: &str| -> Vec<u8> {
        number.bytes().rev().filter(u8::is_ascii_digit).take(DIGITS_COMPARED).collect()
    };
    let (one, other) = (end(one), end(other));
    !one.is_empty() && one == other
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "+15550001111";
    const BEN: &str = "+15550002222";

    fn references(sent: &[(&str, &str)]) -> References {
        let mut references = References::default();
        sent.iter().for_each(|(id, to)| references.remember(id, to));
        references
    }

    #[test]
    fn an_id_is_found_however_the_receipt_spells_it() {
        let some = references(&[("1A2B", ADA), ("77", BEN), ("m-3F", ADA), ("0000000042", ADA)]);
        for (receipt, phone, expected) in [
            ("1A2B", ADA, "1A2B"),
            ("1a2b", ADA, "1A2B"),
            ("00001A2B", ADA, "1A2B"),
            ("6699", ADA, "1A2B"),
            ("0000006699", "5550001111", "1A2B"),
            ("6699", "", "1A2B"),
            ("4D", BEN, "77"),
            ("M-3f", ADA, "m-3F"),
            ("42", ADA, "0000000042"),
            ("2A", ADA, "0000000042"),
        ] {
            assert_eq!(some.find(receipt, [phone, ""]), expected, "{receipt}");
        }
    }

    #[test]
    fn the_phone_decides_between_two_that_would_do() {
        // Given in hexadecimal, reported in decimal: "10" is A to Ada and 16 to Ben.
        let some = references(&[("10", BEN), ("A", ADA)]);
        assert_eq!(some.find("10", [ADA, ""]), "A");
        assert_eq!(some.find("10", ["73737", BEN]), "10");
        assert_eq!(some.find("10", [""; 2]), "10");
    }

    #[test]
    fn what_is_not_known_is_reported_as_it_stands() {
        let some = references(&[("1A2B", ADA)]);
        assert_eq!(some.find("999", [ADA, ""]), "999");
        assert_eq!(some.find("6699", [BEN, ""]), "6699", "another phone's message");
        assert_eq!(some.find(&"9".repeat(64), [ADA, ""]), "9".repeat(64));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut some = References::default();
        for n in 0..=REMEMBERED_MAX {
            some.remember(&format!("{n:x}"), ADA);
        }
        assert_eq!(some.oldest_first.len(), REMEMBERED_MAX);
        let last = REMEMBERED_MAX.to_string();
        assert_eq!(some.find(&last, [ADA, ""]), format!("{REMEMBERED_MAX:x}"));
        let kept = some.by_spelling.values().flatten().count();
        for _ in 0..REMEMBERED_MAX {
            some.forget_oldest();
        }
        assert!(kept > 0 && some.by_spelling.is_empty());
    }
}
