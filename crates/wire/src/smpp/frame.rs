//! PDUs as bytes: cut out of what comes in, put behind what goes out.
//!
//! Cutting is done here and not by the codec's decoder, so that a body that it could not read costs
//! one message and not the connection, with everybody's messages on it.

use bytes::{Buf, BufMut, BytesMut};
use rusmpp::encode::Length;
use rusmpp::encode::owned::Encode;
use rusmpp::{Command, CommandId, CommandStatus, Pdu};

/// Octets of a header: length, command, status and sequence number (SMPP 3.4, 3.2).
const HEADER: usize = 16;
/// The longest PDU that is read: a `message_payload` of 64 KiB, and what stands around it.
const FRAME_MAX: usize = 68 * 1024;
/// Longest message id, without its NUL (SMPP 3.4, 4.4.2).
const MESSAGE_ID_MAX: usize = 64;

/// One PDU that came in; its body is not read yet.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) id: CommandId,
    pub(super) status: CommandStatus,
    pub(super) sequence: u32,
    pub(super) body: BytesMut,
}

/// What stands there is not a PDU, so that nobody knows where the next one begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoFrame;

/// Takes the next PDU out of the buffer, once it is there in full.
pub(super) fn next(input: &mut BytesMut) -> Result<Option<Frame>, NoFrame> {
    let Some(length) = input.first_chunk::<4>() else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| NoFrame)?;
    if !(HEADER..=FRAME_MAX).contains(&length) {
        return Err(NoFrame);
    }
    if input.len() < length {
        return Ok(None);
    }
    let mut frame = input.split_to(length);
    frame.advance(4);
    let id = CommandId::from(frame.get_u32());
    let status = CommandStatus::from(frame.get_u32());
    let sequence = frame.get_u32();
    Ok(Some(Frame { id, status, sequence, body: frame }))
}

/// Writes a PDU behind the others.
pub(super) fn put(
    output: &mut BytesMut,
    status: CommandStatus,
    sequence: u32,
    pdu: impl Into<Pdu>,
) {
    let command = Command::new(status, sequence, pdu);
    let length = u32::try_from(4 + command.length()).unwrap_or(u32::MAX);
    output.put_u32(length);
    command.encode(output);
}

impl Frame {
    /// The message id that the answer to a `submit_sm` begins with, where it is one.
    pub(super) fn message_id(&self) -> Option<String> {
        let end = self.body.iter().position(|b| *b == 0).unwrap_or(self.body.len());
        let id = self.body.get(..end)?;
        let is_id = (1..=MESSAGE_ID_MAX).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic);
        is_id.then(|| String::from_utf8_lossy(id).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pdus_come_out_as_they_went_in() {
        let mut wire = BytesMut::new();
        put(&mut wire, CommandStatus::EsmeRok, 7, Pdu::EnquireLink);
        put(&mut wire, CommandStatus::EsmeRthrottled, 8, Pdu::GenericNack);
        assert_eq!(wire[..16], [0, 0, 0, 16, 0, 0, 0, 0x15, 0, 0, 0, 0, 0, 0, 0, 7]);
        let first = next(&mut wire).expect("sound").expect("whole");
        assert_eq!((first.id, first.sequence), (CommandId::EnquireLink, 7));
        let second = next(&mut wire).expect("sound").expect("whole");
        assert_eq!(
            (second.id, second.status),
            (CommandId::GenericNack, CommandStatus::EsmeRthrottled)
        );
        assert!(next(&mut wire).expect("sound").is_none());
    }

    #[test]
    fn a_length_that_cannot_be_is_noticed_before_its_body() {
        for length in [0_u32, 15, 68 * 1024 + 1, u32::MAX] {
            assert!(next(&mut BytesMut::from(&length.to_be_bytes()[..])).is_err(), "{length}");
        }
        assert!(next(&mut BytesMut::from(&[0, 0, 0][..])).expect("not yet").is_none());
    }

    #[test]
    fn only_a_plain_id_is_an_id() {
        let id = |body: &[u8]| {
            let body = BytesMut::from(body);
            let id = CommandId::SubmitSmResp;
            Frame { id, status: CommandStatus::EsmeRok, sequence: 1, body }.message_id()
        };
        assert_eq!(id(b"1A2B\0").as_deref(), Some("1A2B"));
        assert_eq!(id(b"1A2B").as_deref(), Some("1A2B"));
        for bad in [b"".as_slice(), b"\0", b"a b\0", b"\xff\0", &[b'1'; 65]] {
            assert_eq!(id(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut_without_a_panic(bytes: Vec<u8>) {
            let mut input = BytesMut::from(&bytes[..]);
            while let Ok(Some(frame)) = next(&mut input) {
                let _ = frame.message_id();
            }
        }
    }
}
