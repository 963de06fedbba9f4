//! Long texts that come in, put together from their parts in whatever order they arrive.
//!
//! Nothing here knows the time. What stays incomplete is given up on when there are too many others,
//! and is then handed on with its gaps: each part was acknowledged, so nobody else has it.

use std::collections::{BTreeMap, VecDeque};

use super::alphabet;
use super::arrival::Arrival;
use crate::Report;
use crate::sms::plain_text;

/// Most texts that wait for their other parts.
const TEXTS_MAX: usize = 100;
/// Most octets of all parts that wait.
const OCTETS_MAX: usize = 512 * 1024;
/// `esm_class`: the text begins with a user data header (SMPP 3.4, 5.2.12).
const HAS_HEADER: u8 = 0x40;
/// What stands for the parts that never came.
const GAP: &str = " [...] ";

/// The texts of which some parts are here.
#[derive(Default)]
pub(super) struct Assembly {
    /// The oldest first.
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    from: String,
    to: String,
    place: (u16, u8),
    data_coding: u8,
    parts: BTreeMap<u8, Vec<u8>>,
}

/// Which part of which text: reference, number of parts, number of this one.
type Place = (u16, u8, u8);

impl Assembly {
    /// Takes what came in, and returns the texts that are thereby complete or given up on.
    pub(super) fn add(&mut self, mut arrival: Arrival) -> Vec<Report> {
        let in_text = split_header(&mut arrival);
        let beside = match arrival.sar {
            (Some(reference), Some(count), Some(number)) => Some((reference, count, number)),
            _ => None,
        };
        match in_text.or(beside) {
            Some((reference, count, number)) if count > 1 && (1..=count).contains(&number) => {
                self.add_part(arrival, (reference, count, number))
            }
            _ => {
                let text = alphabet::decode(arrival.data_coding, &arrival.octets);
                let reference = arrival.receipted_message_id.unwrap_or_default();
                vec![report(arrival.from, arrival.to, &text, reference)]
            }
        }
    }

    fn add_part(&mut self, arrival: Arrival, (reference, count, number): Place) -> Vec<Report> {
        let place = (reference, count);
        let is_that = |text: &Waiting| {
            text.place == place && text.from == arrival.from && text.to == arrival.to
        };
        let at = self.waiting.iter().position(is_that).unwrap_or_else(|| {
            let (from, to, data_coding) = (arrival.from, arrival.to, arrival.data_coding);
            self.waiting.push_back(Waiting {
                from,
                to,
                place,
                data_coding,
                parts: BTreeMap::new(),
            });
            self.waiting.len() - 1
        });
        let Some(text) = self.waiting.get_mut(at) else { return Vec::new() };
        text.parts.insert(number, arrival.octets);
        if text.parts.len() == usize::from(count) {
            return self.waiting.remove(at).map(Waiting::finish).into_iter().collect();
        }
        self.give_up_oldest()
    }

    fn give_up_oldest(&mut self) -> Vec<Report> {
        let mut given_up = Vec::new();
        while self.waiting.len() > TEXTS_MAX || self.octets() > OCTETS_MAX {
            let Some(oldest) = self.waiting.pop_front() else { break };
            given_up.push(oldest.finish());
        }
        given_up
    }

    fn octets(&self) -> usize {
        self.waiting.iter().flat_map(|text| text.parts.values()).map(Vec::len).sum()
    }

    /// Gives up on all that waits: nothing more will come.
    pub(super) fn finish(&mut self) -> Vec<Report> {
        self.waiting.drain(..).map(Waiting::finish).collect()
    }
}

impl Waiting {
    fn finish(self) -> Report {
        let mut text = String::new();
        // What belongs together is decoded together: a character may be cut in two.
        let mut run = Vec::new();
        for number in 1..=self.place.1 {
            if let Some(octets) = self.parts.get(&number) {
                run.extend(octets);
            } else if !text.ends_with(GAP) || !run.is_empty() {
                text.push_str(&alphabet::decode(self.data_coding, &run));
                text.push_str(GAP);
                run.clear();
            }
        }
        text.push_str(&alphabet::decode(self.data_coding, &run));
        report(self.from, self.to, text.trim(), String::new())
    }
}

fn report(from: String, to: String, text: &str, reference: String) -> Report {
    Report::Inbound { from, to, text: plain_text(text), reference }
}

/// Takes the user data header off the text, and reads its concatenation element: an 8-bit or a
/// 16-bit reference (3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8).
fn split_header(arrival: &mut Arrival) -> Option<Place> {
    if arrival.esm_class & HAS_HEADER == 0 {
        return None;
    }
    let length = usize::from(*arrival.octets.first()?);
    let (header, text) = arrival.octets.get(1..)?.split_at_checked(length)?;
    let (header, text) = (header.to_vec(), text.to_vec());
    arrival.octets = text;
    let mut rest = header.as_slice();
    while let [element, length, after @ ..] = rest {
        let (value, next) = after.split_at_checked(usize::from(*length))?;
        match (*element, value) {
            (0x00, [reference, count, number]) => {
                return Some((u16::from(*reference), *count, *number));
            }
            (0x08, [high, low, count, number]) => {
                return Some((u16::from_be_bytes([*high, *low]), *count, *number));
            }
            _ => rest = next,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(from: &str, header: &[u8], text: &[u8]) -> Arrival {
        let octets = [header, text].concat();
        let to = "73737".to_owned();
        Arrival { from: from.to_owned(), to, esm_class: HAS_HEADER, octets, ..Arrival::default() }
    }

    fn texts(reports: Vec<Report>) -> Vec<String> {
        let text = |report| match report {
            Report::Inbound { text, .. } => text,
            Report::Progress { .. } => panic!("no progress here"),
        };
        reports.into_iter().map(text).collect()
    }

    #[test]
    fn parts_come_in_any_order_and_twice() {
        let mut assembly = Assembly::default();
        assert!(assembly.add(part("a", &[5, 0, 3, 9, 3, 3], b"three")).is_empty());
        assert!(assembly.add(part("a", &[5, 0, 3, 9, 3, 1], b"one ")).is_empty());
        assert!(assembly.add(part("a", &[5, 0, 3, 9, 3, 1], b"one ")).is_empty());
        assert!(assembly.add(part("b", &[5, 0, 3, 9, 3, 2], b"another's ")).is_empty());
        let done = assembly.add(part("a", &[6, 8, 4, 0, 9, 3, 2], b"two "));
        assert_eq!(texts(done), ["one two three"]);
        assert_eq!(texts(assembly.finish()), ["[...] another's  [...]"]);
    }

    #[test]
    fn a_character_may_be_cut_in_two() {
        let mut assembly = Assembly::default();
        let mut half = |n, octets: &[u8]| {
            assembly.add(Arrival { data_coding: 8, ..part("a", &[5, 0, 3, 1, 2, n], octets) })
        };
        assert!(half(1, &[0xd8, 0x3d]).is_empty());
        assert_eq!(texts(half(2, &[0xde, 0x4f])), ["🙏"]);
    }

    #[test]
    fn parts_may_be_numbered_beside_the_text() {
        let mut assembly = Assembly::default();
        let mut one = |n, text: &[u8]| {
            let plain = Arrival { octets: text.to_vec(), ..Arrival::default() };
            assembly.add(Arrival { sar: (Some(700), Some(2), Some(n)), ..plain })
        };
        assert!(one(2, b"two").is_empty());
        assert_eq!(texts(one(1, b"one ")), ["one two"]);
    }

    #[test]
    fn a_header_without_sense_is_not_waited_for() {
        for header in
            [&[5, 0, 3, 1, 1, 1][..], &[5, 0, 3, 1, 2, 3], &[5, 0, 3, 1, 0, 0], &[2, 0x70, 0]]
        {
            let mut assembly = Assembly::default();
            assert_eq!(texts(assembly.add(part("a", header, b"Hi"))), ["Hi"], "{header:?}");
        }
        let broken = part("a", &[99, 0, 3], b"");
        assert_eq!(Assembly::default().add(broken).len(), 1);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut assembly = Assembly::default();
        let mut given_up = 0;
        for n in 0..=255 {
            given_up += assembly.add(part("a", &[5, 0, 3, n, 2, 1], b"half")).len();
        }
        assert_eq!((given_up, assembly.waiting.len()), (156, TEXTS_MAX));
        let large = vec![b'x'; 60_000];
        for n in 0..50 {
            assembly.add(part("a", &[5, 0, 3, n, 255, n + 1], &large));
            assert!(assembly.octets() <= OCTETS_MAX);
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_a_panic(octets: Vec<u8>, coding: u8) {
            let mut assembly = Assembly::default();
            let arrival = part("a", &octets, b"");
            assembly.add(Arrival { data_coding: coding, ..arrival });
            assembly.finish();
        }
    }
}
