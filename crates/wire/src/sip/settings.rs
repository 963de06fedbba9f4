//! What a trunk is told about itself, and what of it can not be right.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::Secret;

/// The shortest and longest that any of the times may be.
const TIMES: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(3_600);

/// A trunk: who carries calls, and how.
#[derive(Clone, Debug)]
pub struct SipSettings {
    /// The trunk's SIP server: a host name (its A or AAAA record) or an IP address.
    pub host: String,
    /// Its port, usually 5060.
    pub port: u16,
    /// What SIP runs over.
    pub transport: Transport,
    /// Who we are, where the trunk asks (digest, 401 and 407).
    pub login: Option<SipLogin>,
    /// Whether we register, and stay registered. Needs a login.
    pub registers: bool,
    /// The domain after `@` in the caller's address; `host` where there is none.
    pub from_domain: Option<String>,
    /// Whether numbers are dialled with their `+`.
    pub dials_plus: bool,
    /// Where we listen for SIP, port 0 for any; the audio takes its address. Where there is none,
    /// the address is that by which the trunk is reached.
    pub bind: Option<SocketAddr>,
    /// The address that others reach us by, behind a NAT that maps ports one to one.
    pub advertised: Option<IpAddr>,
    /// The first and last UDP port for audio.
    pub audio_ports: (u16, u16),
    /// Whether audio is sent to where it comes from, instead of where the other side said. For a
    /// trunk that says private addresses. Whoever sends first is then believed, keys included.
    pub follows_audio: bool,
    /// How long the trunk may take to say anything at all to a call.
    pub answer_timeout: Duration,
    /// How long the phone may ring.
    pub ring_timeout: Duration,
    /// How long a call may last, from the answer.
    pub call_timeout: Duration,
    /// How many calls may be on at once.
    pub calls_max: usize,
}

/// What SIP runs over. The audio is always RTP over UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
}

/// Who signs in to a trunk.
#[derive(Clone, Debug)]
pub struct SipLogin {
    /// The user of the trunk's account, also in our contact address.
    pub user: String,
    /// The user in the digest, where it is another.
    pub auth_user: Option<String>,
    /// The password.
    pub password: Secret,
}

/// SipSettings that no call could work with; its message is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSipSettings(&'static str);

impl SipSettings {
    /// A trunk at this host over UDP, port 5060, without login; 30 s to ring, 120 s to speak,
    /// 10 calls at once, audio on ports 20,000 to 20,999.
    pub fn new(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port: 5060,
            transport: Transport::Udp,
            login: None,
            registers: false,
            from_domain: None,
            dials_plus: true,
            bind: None,
            advertised: None,
            audio_ports: (20_000, 20_999),
            follows_audio: false,
            answer_timeout: Duration::from_secs(10),
            ring_timeout: Duration::from_secs(30),
            call_timeout: Duration::from_secs(120),
            calls_max: 10,
        }
    }

    pub(super) fn check(&self) -> Result<(), BadSipSettings> {
        let is_host = |host: &str| {
            let is_name = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
            !host.is_empty() && (is_name || host.parse::<IpAddr>().is_ok())
        };
        let is_user = |user: &str| {
            let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.!~*'()&=+$".contains(&b);
            !user.is_empty() && user.bytes().all(is_plain)
        };
        let is_text = |text: &str| !text.is_empty() && !text.contains(['"', '\\']);
        let is_printed = |text: &str| is_text(text) && !text.chars().any(char::is_control);
        let times = [self.answer_timeout, self.ring_timeout, self.call_timeout];
        let login = self.login.as_ref();
        let faults = [
            (!is_host(&self.host), "The trunk's host is not a name or address."),
            (self.port == 0, "The trunk's port is 0."),
            (
                self.from_domain.as_deref().is_some_and(|domain| !is_host(domain)),
                "The trunk's domain is not a name or address.",
            ),
            (
                login.is_some_and(|login| !is_user(&login.user)),
                "The trunk's user cannot stand in a SIP address.",
            ),
            (
                login.and_then(|login| login.auth_user.as_deref()).is_some_and(|u| !is_printed(u)),
                "The trunk's user for signing in has characters that cannot be sent.",
            ),
            (self.registers && login.is_none(), "A trunk that registers needs a user."),
            (self.audio_ports.0 == 0, "The trunk's first audio port is 0."),
            (
                self.audio_ports.0 > self.audio_ports.1,
                "The trunk's first audio port is behind its last.",
            ),
            (!times.iter().all(|time| TIMES.contains(time)), "A time is not within 1 s and 1 h."),
            (!(1..=10_000).contains(&self.calls_max), "The trunk's calls are not 1 to 10,000."),
        ];
        match faults.into_iter().find(|(is_fault, _)| *is_fault) {
            Some((_, sentence)) => Err(BadSipSettings(sentence)),
            None => Ok(()),
        }
    }

    /// Our domain, without brackets.
    pub(super) fn domain(&self) -> &str {
        self.from_domain.as_deref().unwrap_or(&self.host)
    }
}

/// A host as it stands in a SIP address: an IPv6 address has brackets there.
pub(super) fn in_address(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_are_refused_with_a_sentence() {
        let good = SipSettings::new("sip.example.com");
        let login = |user: &str| {
            Some(SipLogin { user: user.into(), auth_user: None, password: Secret::new("x") })
        };
        assert_eq!(good.check(), Ok(()));
        assert_eq!(SipSettings::new("2001:db8::1").check(), Ok(()));
        for bad in [
            SipSettings::new(""),
            SipSettings::new("a b"),
            SipSettings::new("sip.example.com\r\nVia: x"),
            SipSettings { port: 0, ..good.clone() },
            SipSettings { from_domain: Some("x>".into()), ..good.clone() },
            SipSettings { login: login("a@b"), ..good.clone() },
            SipSettings { login: login(""), ..good.clone() },
            SipSettings { login: login("a;transport=tls"), ..good.clone() },
            SipSettings { registers: true, ..good.clone() },
            SipSettings { audio_ports: (20, 10), ..good.clone() },
            SipSettings { ring_timeout: Duration::ZERO, ..good.clone() },
            SipSettings { calls_max: 0, ..good.clone() },
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }
}
