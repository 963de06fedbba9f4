//! The audio that a call offers and is answered with (SDP: RFC 8866, RFC 3264).

use std::net::{IpAddr, SocketAddr};

use super::g711::Law;

/// The payload type that we offer for pressed keys. A peer may answer with its own.
const EVENT_TYPE: u8 = 101;

/// What the other side speaks, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SdpAnswer {
    /// Where it hears; `None` while it holds the call or names no address.
    pub(super) address: Option<SocketAddr>,
    /// How it wants the audio coded.
    pub(super) law: Law,
    /// The payload type of its keys, where it reports them in the audio.
    pub(super) event_type: Option<u8>,
}

/// Our own side: audio at this address, in both laws, and keys.
pub(super) fn offer(ours: SocketAddr, session: u32) -> String {
    let (ip, port) = (ours.ip(), ours.port());
    let family = if ip.is_ipv4() { "IP4" } else { "IP6" };
    format!(
        "v=0\r\n\
         o=- {session} {session} IN {family} {ip}\r\n\
         s=-\r\n\
         c=IN {family} {ip}\r\n\
         t=0 0\r\n\
         m=audio {port} RTP/AVP 0 8 {EVENT_TYPE}\r\n\
         a=rtpmap:0 PCMU/8000\r\n\
         a=rtpmap:8 PCMA/8000\r\n\
         a=rtpmap:{EVENT_TYPE} telephone-event/8000\r\n\
         a=fmtp:{EVENT_TYPE} 0-15\r\n\
         a=ptime:20\r\n\
         a=sendrecv\r\n"
    )
}

/// Reads the other side's; `None` where it has no audio that we speak.
pub(super) fn read(body: &[u8]) -> Option<SdpAnswer> {
    let text = std::str::from_utf8(body).ok()?;
    let mut session_ip = None;
    let mut media: Option<SdpMedia> = None;
    for line in text.lines() {
        let Some((kind, value)) = line.trim_end().split_once('=') else { continue };
        match (kind, &mut media) {
            ("m", Some(_)) => break,
            ("m", none) => *none = SdpMedia::of(value),
            ("c", None) => session_ip = connection(value),
            ("c", Some(media)) => media.ip = connection(value),
            ("a", Some(media)) => media.attribute(value),
            _ => {}
        }
    }
    let media = media?;
    let law = media.types.iter().copied().find_map(Law::of_payload_type)?;
    let ip = media.ip.or(session_ip).filter(|ip| !ip.is_unspecified() && !media.is_held);
    let address = ip.map(|ip| SocketAddr::new(ip, media.port));
    Some(SdpAnswer { address, law, event_type: media.event_type })
}

/// The first `m=` section, where it is audio over RTP.
struct SdpMedia {
    port: u16,
    types: Vec<u8>,
    ip: Option<IpAddr>,
    event_type: Option<u8>,
    is_held: bool,
}

impl SdpMedia {
    fn of(value: &str) -> Option<Self> {
        let mut words = value.split_ascii_whitespace();
        let (kind, port, protocol) = (words.next()?, words.next()?, words.next()?);
        let port = port.split('/').next()?.parse().ok().filter(|&port| port != 0)?;
        let types: Vec<u8> = words.filter_map(|word| word.parse().ok()).collect();
        (kind == "audio" && protocol.starts_with("RTP/AVP")).then_some(Self {
            port,
            types,
            ip: None,
            event_type: None,
            is_held: false,
        })
    }

    fn attribute(&mut self, value: &str) {
        if let Some((number, name)) =
            value.strip_prefix("rtpmap:").and_then(|map| map.split_once(' '))
            && name.trim().to_ascii_lowercase().starts_with("telephone-event/8000")
        {
            self.event_type = number.parse().ok();
        }
        self.is_held |= matches!(value, "sendonly" | "inactive");
    }
}

fn connection(value: &str) -> Option<IpAddr> {
    let address = value.split_ascii_whitespace().nth(2)?;
    address.split('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_offer_can_be_read() {
        let ours: SocketAddr = "192.0.2.7:10002".parse().expect("an address");
        let answer = SdpAnswer { address: Some(ours), law: Law::Mu, event_type: Some(101) };
        assert_eq!(read(offer(ours, 7).as_bytes()), Some(answer));
        let ours: SocketAddr = "[2001:db8::7]:10002".parse().expect("an address");
        assert_eq!(read(offer(ours, 7).as_bytes()).and_then(|a| a.address), Some(ours));
    }

    #[test]
    fn the_address_of_the_media_wins_and_a_held_call_has_none() {
        let text = "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 8 96\r\n\
                    a=rtpmap:96 telephone-event/8000\r\nc=IN IP4 192.0.2.9/127\r\n";
        let answer = read(text.as_bytes()).expect("audio");
        assert_eq!(answer.address, "192.0.2.9:4000".parse().ok());
        assert_eq!((answer.law, answer.event_type), (Law::A, Some(96)));
        for held in ["a=inactive\r\n", "a=sendonly\r\n", "c=IN IP4 0.0.0.0\r\n"] {
            assert_eq!(read(format!("{text}{held}").as_bytes()).map(|a| a.address), Some(None));
        }
    }

    #[test]
    fn what_cannot_be_spoken_is_none() {
        for text in [
            "",
            "hello",
            "v=0\nm=audio 0 RTP/AVP 0\n",
            "m=audio 70000 RTP/AVP 0\n",
            "m=audio 4000 RTP/AVP 18\n",
            "m=audio 4000 UDP/TLS/RTP/SAVPF 0\n",
            "m=video 4000 RTP/AVP 0\n",
            "m=audio\n",
            "c=IN\nm=\n",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text:?}");
        }
    }
}
