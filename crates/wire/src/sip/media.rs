//! The audio of one call: RTP out every 20 ms, voice and keys in.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::net::UdpSocket;

use super::answerer::is_voice;
use super::conversation::TICK_SAMPLES;
use super::g711::Law;
use super::line::SipLine;
use super::rtp::{self, Keys, Stream};
use super::sdp::SdpAnswer;
use super::settings::SipSettings;

/// The most bytes of a packet that are read; 20 ms are 172.
pub(super) const PACKET_MAX_BYTES: usize = 2_048;

/// Where the next call begins to look for a free port.
static NEXT: AtomicU16 = AtomicU16::new(0);

/// The socket for one call's audio, and both streams on it.
pub(super) struct Media {
    socket: UdpSocket,
    stream: Stream,
    keys: Keys,
    peer: Option<SdpAnswer>,
    follows: bool,
    /// Where the audio comes from, once some came.
    source: Option<SocketAddr>,
}

/// What a packet told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeardPacket {
    /// Nothing of use.
    Nothing,
    /// Audio, with voice in it or not.
    Audio {
        /// Whether it is voice.
        has_voice: bool,
    },
    /// A key, at its first report.
    Key(char),
}

impl Media {
    /// Opens a port for audio, the first free one of the settings' range from a new place on.
    pub(super) async fn open(
        settings: &SipSettings,
        line: &SipLine,
        seed: u64,
    ) -> io::Result<Self> {
        let (first, last) = settings.audio_ports;
        let count = u32::from(last - first) + 1;
        // Two apart, as the odd port belongs to a stream's reports (RFC 3550, section 11).
        let start = u32::from(NEXT.fetch_add(2, Ordering::Relaxed));
        let mut refused = io::Error::from(io::ErrorKind::AddrInUse);
        for step in 0..count {
            // Fits: the remainder is less than the width of the range.
            let port = first + ((start + step) % count) as u16;
            match UdpSocket::bind((line.local, port)).await {
                Ok(socket) => {
                    let (stream, keys) = (Stream::new(seed), Keys::default());
                    let follows = settings.follows_audio;
                    return Ok(Self { socket, stream, keys, peer: None, follows, source: None });
                }
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    /// Its port.
    pub(super) fn port(&self) -> io::Result<u16> {
        Ok(self.socket.local_addr()?.port())
    }

    /// The other side said, or said anew, where it hears and how.
    pub(super) fn agree(&mut self, answer: SdpAnswer) {
        self.peer = Some(answer);
        self.source = None;
    }

    /// Sends 20 ms: these samples, and silence after them. Nothing while the call is held.
    pub(super) async fn send(&mut self, samples: &[i16]) {
        let Some(peer) = self.peer else { return };
        let silence = std::iter::repeat(&0);
        let bytes: Vec<u8> = samples
            .iter()
            .chain(silence)
            .take(TICK_SAMPLES)
            .map(|&sample| peer.law.encode(sample))
            .collect();
        let packet = self.stream.packet(peer.law.payload_type(), &bytes);
        let target = self.source.filter(|_| self.follows).or(peer.address);
        if let Some(target) = target {
            // A packet that is lost here is like one lost on the way.
            let _ = self.socket.send_to(&packet, target).await;
        }
    }

    /// The next packet that came in. Dropping the future loses none.
    pub(super) async fn receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.socket.recv_from(buffer).await
    }

    /// What a packet from there tells. Strangers are not heard.
    pub(super) fn hear(&mut self, bytes: &[u8], from: SocketAddr) -> HeardPacket {
        let Some(peer) = self.peer else { return HeardPacket::Nothing };
        let is_known = match (self.follows, self.source) {
            (true, None) => true,
            (true, Some(source)) => source == from,
            (false, _) => peer.address.is_none_or(|address| address.ip() == from.ip()),
        };
        let Some(packet) = rtp::parse(bytes).filter(|_| is_known) else {
            return HeardPacket::Nothing;
        };
        if peer.event_type == Some(packet.payload_type) {
            self.source = Some(from);
            return self.keys.read(&packet).map_or(HeardPacket::Nothing, HeardPacket::Key);
        }
        let Some(law) = Law::of_payload_type(packet.payload_type) else {
            return HeardPacket::Nothing;
        };
        self.source = Some(from);
        let samples = packet.payload.iter().map(|&byte| law.decode(byte));
        HeardPacket::Audio { has_voice: is_voice(samples) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn media(follows: bool) -> Media {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
        let peer = SdpAnswer { address: at("192.0.2.1:4000"), law: Law::Mu, event_type: Some(101) };
        let (stream, keys) = (Stream::new(7), Keys::default());
        Media { socket, stream, keys, peer: Some(peer), follows, source: None }
    }

    fn at(address: &str) -> Option<SocketAddr> {
        address.parse().ok()
    }

    fn key(timestamp: u32) -> Vec<u8> {
        let mut packet = vec![0x80, 101, 0, 1];
        packet.extend(timestamp.to_be_bytes());
        packet.extend([0, 0, 0, 9, 1, 10, 0, 160]);
        packet
    }

    #[tokio::test]
    async fn strangers_press_no_keys() {
        let mut media = media(false).await;
        let (peer, other) = (at("192.0.2.1:9"), at("192.0.2.2:4000"));
        assert_eq!(media.hear(&key(1), other.expect("an address")), HeardPacket::Nothing);
        assert_eq!(media.hear(&key(1), peer.expect("an address")), HeardPacket::Key('1'));
    }

    #[tokio::test]
    async fn who_follows_the_audio_believes_the_first_that_sends_some() {
        let mut media = media(true).await;
        let (first, second) = (at("10.0.0.1:9"), at("192.0.2.1:4000"));
        assert_eq!(media.hear(b"rubbish", second.expect("an address")), HeardPacket::Nothing);
        assert_eq!(media.hear(&key(1), first.expect("an address")), HeardPacket::Key('1'));
        assert_eq!(media.source, first);
        assert_eq!(media.hear(&key(2), second.expect("an address")), HeardPacket::Nothing);
    }

    #[tokio::test]
    async fn no_packet_is_too_strange() {
        let mut media = media(false).await;
        let peer = at("192.0.2.1:4000").expect("an address");
        let mut good = Stream::new(7).packet(0, &[0x80; 160]);
        good[0] |= 0x31;
        for length in 0..good.len() {
            media.hear(&good[..length], peer);
        }
        for place in 0..32 {
            for byte in 0..=255 {
                let mut packet = good.clone();
                packet[place] = byte;
                media.hear(&packet, peer);
            }
        }
    }
}
