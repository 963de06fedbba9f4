//! RTP packets (RFC 3550) and the keys pressed in them (RFC 4733).

/// Bytes of a header without contributing sources and extensions.
const HEADER_BYTES: usize = 12;

/// A packet as far as a telephone needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet<'a> {
    /// What is in it.
    pub(super) payload_type: u8,
    /// When it was sampled, in samples.
    pub(super) timestamp: u32,
    /// Audio or an event.
    pub(super) payload: &'a [u8],
}

/// The packets of one direction, which count on.
pub(super) struct Stream {
    sequence: u16,
    timestamp: u32,
    source: u32,
    is_first: bool,
}

impl Stream {
    /// A stream whose identity and beginnings follow from the seed.
    pub(super) fn new(seed: u64) -> Self {
        let [a, b, ..] = seed.to_be_bytes();
        let sequence = u16::from_be_bytes([a & 0x7f, b]);
        Self { sequence, timestamp: (seed >> 16) as u32, source: seed as u32, is_first: true }
    }

    /// The next packet, of so many samples as it has bytes (G.711).
    pub(super) fn packet(&mut self, payload_type: u8, payload: &[u8]) -> Vec<u8> {
        let marker = if self.is_first { 0x80 } else { 0 };
        let mut packet = Vec::with_capacity(HEADER_BYTES + payload.len());
        packet.extend([0x80, marker | payload_type]);
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(self.timestamp.to_be_bytes());
        packet.extend(self.source.to_be_bytes());
        packet.extend(payload);
        self.is_first = false;
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(payload.len() as u32);
        packet
    }
}

/// Reads a packet; `None` for what is no RTP of version 2, or shorter than it says.
pub(super) fn parse(bytes: &[u8]) -> Option<Packet<'_>> {
    let (header, mut payload) = bytes.split_at_checked(HEADER_BYTES)?;
    if header[0] >> 6 != 2 {
        return None;
    }
    payload = payload.get(usize::from(header[0] & 0x0f) * 4..)?;
    if header[0] & 0x10 != 0 {
        let words = u16::from_be_bytes([*payload.get(2)?, *payload.get(3)?]);
        payload = payload.get(4 + usize::from(words) * 4..)?;
    }
    if header[0] & 0x20 != 0 {
        let padding = usize::from(*payload.last()?);
        payload = payload.get(..payload.len().checked_sub(padding)?)?;
    }
    let timestamp = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
    Some(Packet { payload_type: header[1] & 0x7f, timestamp, payload })
}

/// Tells one pressed key from the many packets that report it.
///
/// A key is taken from the first packet with a new timestamp. Its end is not waited for: some
/// phones never send it, and it may be lost.
#[derive(Default)]
pub(super) struct Keys {
    last: Option<u32>,
}

impl Keys {
    /// The key that this event packet is the first report of.
    pub(super) fn read(&mut self, packet: &Packet<'_>) -> Option<char> {
        let event = *packet.payload.first().filter(|_| packet.payload.len() >= 4)?;
        // A packet of an earlier event that was overtaken is no new key.
        let is_new = self.last.is_none_or(|last| {
            let ahead = packet.timestamp.wrapping_sub(last);
            ahead != 0 && ahead < u32::MAX / 2
        });
        if !is_new {
            return None;
        }
        self.last = Some(packet.timestamp);
        "0123456789*#ABCD".chars().nth(usize::from(event))
    }
}

/// The key in the body of an INFO request, `application/dtmf-relay` or `application/dtmf`.
pub(super) fn key_of_info(body: &[u8]) -> Option<char> {
    let text = std::str::from_utf8(body).ok()?;
    let signal = text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        name.trim().eq_ignore_ascii_case("signal").then_some(value.trim())
    });
    let key = signal.unwrap_or(text.trim());
    let mut letters = key.chars();
    let first = letters.next().filter(|c| "0123456789*#ABCD".contains(*c))?;
    letters.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(timestamp: u32, payload: &[u8]) -> Packet<'_> {
        Packet { payload_type: 101, timestamp, payload }
    }

    #[test]
    fn a_stream_counts_packets_and_samples() {
        let mut stream = Stream::new(0x0102_0304_0506_0708);
        let first = stream.packet(0, &[0xff; 160]);
        let second = stream.packet(0, &[0xff; 160]);
        assert_eq!(first[..4], [0x80, 0x80, 0x01, 0x02]);
        assert_eq!(second[..4], [0x80, 0x00, 0x01, 0x03]);
        let (first, second) = (parse(&first).expect("RTP"), parse(&second).expect("RTP"));
        assert_eq!((first.payload_type, first.payload.len()), (0, 160));
        assert_eq!(second.timestamp - first.timestamp, 160);
    }

    #[test]
    fn sources_extensions_and_padding_are_skipped_and_lies_refused() {
        let head = |first: u8| {
            let mut bytes = vec![first, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
            bytes.extend([9; 4]);
            bytes
        };
        let mut full = head(0x80 | 0x20 | 0x10 | 1);
        full.extend([0, 0, 0, 1, 8, 8, 8, 8, 42, 43, 0, 2]);
        assert_eq!(parse(&full).map(|packet| packet.payload), Some(&[42, 43][..]));
        for lie in [&b""[..], &[0x80; 11], &[0x40; 12], &head(0x8f)[..], &head(0xa0)[..12]] {
            assert_eq!(parse(lie), None, "{lie:?}");
        }
        let mut padding = head(0xa0);
        padding[15] = 200;
        assert_eq!(parse(&padding), None);
    }

    #[test]
    fn a_key_counts_once_however_often_it_is_reported() {
        let mut keys = Keys::default();
        assert_eq!(keys.read(&event(800, &[1, 10, 0, 160])), Some('1'));
        assert_eq!(keys.read(&event(800, &[1, 0x8a, 1, 64])), None);
        assert_eq!(keys.read(&event(2_400, &[9, 0x8a, 1, 64])), Some('9'));
        assert_eq!(keys.read(&event(800, &[1, 0x8a, 1, 64])), None, "overtaken");
        assert_eq!(keys.read(&event(4_000, &[77, 10, 0, 160])), None, "no key");
        assert_eq!(keys.read(&event(5_600, &[1, 10])), None, "cut off");
    }

    #[test]
    fn keys_by_info() {
        for (body, key) in [
            ("Signal=1\r\nDuration=160\r\n", Some('1')),
            ("duration=160\nSIGNAL = #\n", Some('#')),
            ("9", Some('9')),
            ("Signal=11", None),
            ("hello", None),
            ("", None),
        ] {
            assert_eq!(key_of_info(body.as_bytes()), key, "{body:?}");
        }
    }
}
