//! What the carrier hands us, a `deliver_sm` or `data_sm`, read field by field and with patience.
//!
//! SMPP 3.4, 4.6.1 and 4.7.1. The codec's own types are stricter than the carriers are: ids without
//! their NUL and addresses that are not ASCII are common, and such a message is still somebody's.

use bytes::{Buf, BytesMut};
use rusmpp::CommandId;
use rusmpp::tlvs::TlvTag;

/// Longest text field that is read, with its NUL; the standard's longest has 65 octets.
const FIELD_MAX: usize = 256;
/// `addr_ton` of a number with its country code (SMPP 3.4, 5.2.5).
const INTERNATIONAL: u8 = 1;

/// A message that came in, be it somebody's text or a receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arrival {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) esm_class: u8,
    pub(super) data_coding: u8,
    /// The text, with its header where `esm_class` says so.
    pub(super) octets: Vec<u8>,
    pub(super) receipted_message_id: Option<String>,
    pub(super) message_state: Option<u8>,
    /// Reference, number of parts, and which of them this is, where they stand beside the text.
    pub(super) sar: (Option<u16>, Option<u8>, Option<u8>),
}

/// Reads the body of the command; nothing where it ends too early.
pub(super) fn read(command: CommandId, body: &BytesMut) -> Option<Arrival> {
    let mut rest: &[u8] = body;
    text(&mut rest)?; // service_type
    let from = address(&mut rest)?;
    let to = address(&mut rest)?;
    let mut arrival = Arrival { from, to, esm_class: octet(&mut rest)?, ..Arrival::default() };
    if command == CommandId::DataSm {
        octet(&mut rest)?; // registered_delivery
        arrival.data_coding = octet(&mut rest)?;
    } else {
        octet(&mut rest)?; // protocol_id
        octet(&mut rest)?; // priority_flag
        text(&mut rest)?; // schedule_delivery_time
        text(&mut rest)?; // validity_period
        octet(&mut rest)?; // registered_delivery
        octet(&mut rest)?; // replace_if_present_flag
        arrival.data_coding = octet(&mut rest)?;
        octet(&mut rest)?; // sm_default_msg_id
        let length = usize::from(octet(&mut rest)?);
        arrival.octets = take(&mut rest, length)?.to_vec();
    }
    parameters(&mut arrival, rest);
    Some(arrival)
}

/// The optional parameters (SMPP 3.4, 3.2.4), as far as they are whole.
fn parameters(arrival: &mut Arrival, mut rest: &[u8]) {
    while let (Ok(tag), Ok(length)) = (rest.try_get_u16(), rest.try_get_u16()) {
        let Some(value) = take(&mut rest, usize::from(length)) else { return };
        let last = value.last().copied();
        match TlvTag::from(tag) {
            TlvTag::MessagePayload if arrival.octets.is_empty() => arrival.octets = value.to_vec(),
            TlvTag::ReceiptedMessageId => arrival.receipted_message_id = id(value),
            TlvTag::MessageState => arrival.message_state = last,
            TlvTag::SarMsgRefNum => {
                arrival.sar.0 = value.first_chunk().map(|pair| u16::from_be_bytes(*pair));
            }
            TlvTag::SarTotalSegments => arrival.sar.1 = last,
            TlvTag::SarSegmentSeqnum => arrival.sar.2 = last,
            _ => {}
        }
    }
}

/// An id with or without its NUL.
fn id(value: &[u8]) -> Option<String> {
    let id = value.split(|b| *b == 0).next()?;
    let is_id = (1..=64).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic);
    is_id.then(|| String::from_utf8_lossy(id).into_owned())
}

/// A number with `+` where it says that its country code is there, or where nothing else can be
/// meant; another address as it stands, without control characters.
fn address(rest: &mut &[u8]) -> Option<String> {
    let ton = octet(rest)?;
    octet(rest)?; // addr_npi
    let address = String::from_utf8_lossy(text(rest)?).into_owned();
    let address: String = address.chars().filter(|c| !c.is_control()).collect();
    let address = address.trim();
    let is_digits = !address.is_empty() && address.bytes().all(|b| b.is_ascii_digit());
    let is_whole = ton == INTERNATIONAL || (ton == 0 && (11..=15).contains(&address.len()));
    Some(match address.strip_prefix("00") {
        Some(number) if is_digits && number.len() > 8 => format!("+{number}"),
        _ if is_digits && is_whole => format!("+{address}"),
        _ => address.to_owned(),
    })
}

fn octet(rest: &mut &[u8]) -> Option<u8> {
    rest.try_get_u8().ok()
}

/// A field up to its NUL.
fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().take(FIELD_MAX).position(|b| *b == 0)?;
    let field = take(rest, end)?;
    rest.advance(1);
    Some(field)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: &[u8] =
        b"\0\x01\x01447700900123\0\0\x0173737\0\x40\0\0\0\0\0\0\x08\0\x04\x04\x51\x04\x51";

    fn arrival(octets: &[u8]) -> Option<Arrival> {
        read(CommandId::DeliverSm, &BytesMut::from(octets))
    }

    #[test]
    fn a_message_is_read_field_by_field() {
        let read = arrival(PLAIN).expect("whole");
        assert_eq!((read.from.as_str(), read.to.as_str()), ("+447700900123", "73737"));
        assert_eq!((read.esm_class, read.data_coding), (0x40, 8));
        assert_eq!(read.octets, [4, 0x51, 4, 0x51]);
    }

    #[test]
    fn a_message_that_ends_too_early_is_none() {
        for end in 0..PLAIN.len() {
            assert_eq!(arrival(&PLAIN[..end]), None, "{end}");
        }
    }

    #[test]
    fn parameters_are_read_with_and_without_a_nul() {
        let head = b"\0\0\x01Bank\xff\0\0\x01+15550001111\0\x04\0\0\0\0\0\0\0\0\0";
        let tlvs = b"\0\x1e\0\x041A2B\x04\x27\0\x01\x02\x12\x34\0\x01x\x04\x24\0\x02Hi\x02\x0c\0\x02\0\x07";
        let read = arrival(&[&head[..], tlvs].concat()).expect("whole");
        assert_eq!(read.from, "Bank\u{fffd}");
        assert_eq!(read.receipted_message_id.as_deref(), Some("1A2B"));
        assert_eq!((read.message_state, read.octets.as_slice()), (Some(2), b"Hi".as_slice()));
        assert_eq!(read.sar, (Some(7), None, None));
        let with_nul = b"\0\x1e\0\x051A2B\0\x04";
        let read = arrival(&[&head[..], with_nul].concat()).expect("whole");
        assert_eq!(read.receipted_message_id.as_deref(), Some("1A2B"));
    }

    #[test]
    fn a_number_gets_its_plus_only_where_it_is_one() {
        for (ton, given, expected) in [
            (1, "15550001111", "+15550001111"),
            (0, "15550001111", "+15550001111"),
            (0, "+15550001111", "+15550001111"),
            (0, "0015550001111", "+15550001111"),
            (0, "73737", "73737"),
            (2, "5550001111", "5550001111"),
            (5, "Bank", "Bank"),
        ] {
            let octets = [&[ton, 1], given.as_bytes(), &[0]].concat();
            assert_eq!(address(&mut octets.as_slice()).as_deref(), Some(expected));
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_without_a_panic(octets: Vec<u8>, is_data: bool) {
            let command = if is_data { CommandId::DataSm } else { CommandId::DeliverSm };
            let _ = read(command, &BytesMut::from(&octets[..]));
            let _ = arrival(&[PLAIN, &octets].concat());
        }
    }
}
