//! The carriers in their order: what of `[[carriers]]` every kind has, and what each has of its own.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use domain::phone::e164;
use domain::{Channel, limits};
use serde::Deserialize;
use wire::{Secret, rest, sip, smpp};

use super::{Config, ConfigError, Hidden, Mail, longest_timeout, roots};

/// The name of the carrier that the section `[mail]` makes.
const MAIL: &str = "mail";
/// The name that stands for no carrier at all.
const CAPTURE: &str = "capture";
/// Longest name of a carrier, in characters.
const NAME_CHARS: usize = 40;
/// Most sends that one carrier gets at once.
const SLOTS_MAX: usize = 1_000;
/// Sends that a carrier gets at once where nothing is said.
const SLOTS: usize = 10;
/// How long one try with a carrier of the REST form may take where nothing is said, in seconds: so
/// short that one that hangs is found out, and left alone, within ten.
const REST_TIMEOUT_S: u64 = 8;
/// Connections that a mail server gets at once where nothing is said.
const MAIL_SLOTS: usize = 16;

/// A carrier: who it is, for whom it carries, and how it is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// What its keys are called by in a complaint: `carriers.main-smsc`, or `mail`.
    pub section: String,
    /// What attempts, reports and callbacks call it.
    pub name: String,
    /// The subdomains of the tenants that it serves; empty for all.
    pub tenants: Vec<String>,
    /// Sends that it gets at once.
    pub slots: usize,
    /// Whether it sends only once what it gets twice under the same key.
    pub honours_key: bool,
    /// How it is spoken to.
    pub kind: CarrierKind,
}

/// How a carrier is spoken to, with the keys of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CarrierKind {
    /// A mail server.
    Smtp(Box<Mail>),
    /// An SMS centre over SMPP 3.4.
    Smpp(Box<Smpp>),
    /// Texts and calls over the Twilio-compatible REST form.
    Rest(Box<Rest>),
    /// Calls over a SIP trunk.
    Sip(Box<Sip>),
}

/// The keys of every kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Usual {
    pub(super) name: String,
    pub(super) kind: Word,
    #[serde(default)]
    pub(super) tenants: Vec<String>,
    pub(super) slots: Option<usize>,
    #[serde(default)]
    pub(super) honours_key: bool,
}

/// The word for a kind.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Word {
    Smtp,
    Smpp,
    Rest,
    Sip,
}

/// The keys of an SMS centre.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Smpp {
    pub host: String,
    pub port: Option<u16>,
    pub system_id: String,
    pub password: Hidden,
    #[serde(default)]
    pub system_type: String,
    #[serde(default)]
    pub tls: bool,
    pub extra_roots: Option<PathBuf>,
    pub window: Option<usize>,
    pub per_second: Option<usize>,
    pub timeout_seconds: Option<u64>,
    pub from: Option<String>,
}

/// The keys of a carrier of the REST form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Rest {
    pub base_url: String,
    pub account_sid: String,
    pub auth_token: Hidden,
    pub channels: Option<Vec<String>>,
    pub timeout_seconds: Option<u64>,
    pub extra_roots: Option<PathBuf>,
    pub from: Option<String>,
}

/// The keys of a SIP trunk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Sip {
    pub host: String,
    pub port: Option<u16>,
    pub transport: Option<Transport>,
    pub user: Option<String>,
    pub auth_user: Option<String>,
    pub password: Option<Hidden>,
    #[serde(default)]
    pub registers: bool,
    pub from_domain: Option<String>,
    pub dials_plus: Option<bool>,
    pub bind: Option<SocketAddr>,
    pub advertised: Option<IpAddr>,
    pub audio_ports: Option<(u16, u16)>,
    #[serde(default)]
    pub follows_audio: bool,
    pub answer_timeout_seconds: Option<u64>,
    pub ring_timeout_seconds: Option<u64>,
    pub call_timeout_seconds: Option<u64>,
    pub from: Option<String>,
}

/// What SIP runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
}

impl Config {
    /// What no single key of the carriers can say is wrong.
    pub(super) fn check_carriers(&self) -> Result<(), ConfigError> {
        let mut names: Vec<&str> = Vec::new();
        for carrier in &self.carriers {
            let name = carrier.name.as_str();
            let wrong = |rule: &str| Err(ConfigError(format!("carriers.{name}.{rule}.")));
            if name == MAIL && self.mail.is_some() {
                return wrong("name must be another than mail, which the section [mail] has");
            }
            if names.contains(&name) {
                return wrong("name must be another: two carriers cannot have the same");
            }
            names.push(name);
            carrier.check()?;
            if matches!(carrier.kind, CarrierKind::Rest(_)) && self.public_url.is_none() {
                let rule = "public_url must be set: the carrier";
                return Err(ConfigError(format!("{rule} {name} reports to an address below it.")));
            }
        }
        Ok(())
    }

    /// What the doors must know of the carriers that call back over HTTP.
    pub fn callbacks(&self) -> Vec<web::Callback> {
        let callback = |carrier: &Carrier| match &carrier.kind {
            CarrierKind::Rest(rest) => Some(web::Callback {
                carrier: carrier.name.clone(),
                tenants: carrier.tenants.clone(),
                auth_token: Secret::new(rest.auth_token.reveal()),
                base_url: self.base_url().to_owned(),
            }),
            _ => None,
        };
        self.carriers.iter().filter_map(callback).collect()
    }

    /// How carriers reach us, up to the path; `""` where nobody has said.
    fn base_url(&self) -> &str {
        self.public_url.as_deref().unwrap_or_default().trim_end_matches('/')
    }

    /// What the addresses of a carrier's callbacks begin with.
    pub(crate) fn callback_url(&self, carrier: &str) -> String {
        format!("{}/hooks/v1/carriers/{carrier}", self.base_url())
    }
}

impl Carrier {
    /// The carrier that the section `[mail]` makes.
    pub fn mail(mail: &Mail) -> Self {
        Carrier {
            section: MAIL.to_owned(),
            name: MAIL.to_owned(),
            tenants: Vec::new(),
            slots: MAIL_SLOTS,
            honours_key: false,
            kind: CarrierKind::Smtp(Box::new(mail.clone())),
        }
    }

    /// What it carries.
    pub fn channels(&self) -> Vec<Channel> {
        match &self.kind {
            CarrierKind::Smtp(_) => vec![Channel::Email],
            CarrierKind::Smpp(_) => vec![Channel::Sms],
            CarrierKind::Sip(_) => vec![Channel::Call],
            CarrierKind::Rest(rest) => match &rest.channels {
                None => vec![Channel::Sms, Channel::Call],
                Some(words) => words.iter().filter_map(|word| Channel::parse(word)).collect(),
            },
        }
    }

    /// Whom its texts and calls are from, where the account has no line of its own.
    pub fn from(&self) -> Option<&str> {
        match &self.kind {
            CarrierKind::Smtp(_) => None,
            CarrierKind::Smpp(smpp) => smpp.from.as_deref(),
            CarrierKind::Rest(rest) => rest.from.as_deref(),
            CarrierKind::Sip(sip) => sip.from.as_deref(),
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let section = self.section.as_str();
        let wrong = |rule: &str| Err(ConfigError(format!("{section}.{rule}.")));
        if !is_name(&self.name) {
            let rule = "name must be 1 to 40 lower-case letters, digits or hyphens";
            return wrong(&format!("{rule}, and not capture"));
        }
        if self.tenants.iter().any(|tenant| domain::tenant::check_subdomain(tenant).is_err()) {
            return wrong("tenants must be subdomains of tenants");
        }
        if !(1..=SLOTS_MAX).contains(&self.slots) {
            return wrong(&format!("slots must be 1 to {SLOTS_MAX}"));
        }
        match &self.kind {
            CarrierKind::Smtp(mail) => mail.check(section)?,
            CarrierKind::Smpp(smpp) => smpp.check(section)?,
            CarrierKind::Rest(rest) => rest.check(section)?,
            CarrierKind::Sip(sip) => sip.check(section, self.slots)?,
        }
        match self.from() {
            Some(from) if !is_sender(from, &self.kind) => wrong(
                "from must be a phone number as + and digits; for texts also a short code or a \
                 name of up to 11 letters and digits",
            ),
            _ => Ok(()),
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=NAME_CHARS).contains(&name.len()) && name.bytes().all(is_plain) && name != CAPTURE
}

fn is_sender(from: &str, kind: &CarrierKind) -> bool {
    if from.starts_with('+') {
        return e164(from).is_ok_and(|full| full == from);
    }
    let is_shown = |b: u8| b.is_ascii_alphanumeric() || b" &-._".contains(&b);
    let is_short = (3..=11).contains(&from.len()) && from.bytes().all(is_shown);
    is_short && !matches!(kind, CarrierKind::Sip(_))
}

impl Word {
    /// The sends at once where nothing is said.
    pub(super) fn slots(self) -> usize {
        if matches!(self, Word::Smtp) { MAIL_SLOTS } else { SLOTS }
    }
}

fn check_timeout(section: &str, seconds: Option<u64>) -> Result<(), ConfigError> {
    let most = longest_timeout();
    match seconds {
        Some(seconds) if !(1..=most).contains(&seconds) => {
            Err(ConfigError(format!("{section}.timeout_seconds must be 1 to {most}.")))
        }
        _ => Ok(()),
    }
}

fn timeout(seconds: Option<u64>, usual: u64) -> Duration {
    Duration::from_secs(seconds.unwrap_or(usual))
}

impl Smpp {
    fn check(&self, section: &str) -> Result<(), ConfigError> {
        let wrong = |rule: &str| Err(ConfigError(format!("{section}.{rule}.")));
        let fits = |text: &str, most: usize| {
            text.len() <= most && text.bytes().all(|b| b.is_ascii() && !b.is_ascii_control())
        };
        if self.system_id.is_empty() || !fits(&self.system_id, 15) {
            return wrong("system_id must be 1 to 15 ASCII characters");
        }
        if !fits(self.password.reveal(), 8) {
            return wrong("password must be at most 8 ASCII characters");
        }
        if !fits(&self.system_type, 12) {
            return wrong("system_type must be at most 12 ASCII characters");
        }
        if self.window.is_some_and(|window| !(1..=1_000).contains(&window)) {
            return wrong("window must be 1 to 1000");
        }
        if self.per_second.is_some_and(|count| !(1..=100_000).contains(&count)) {
            return wrong("per_second must be 1 to 100000");
        }
        check_timeout(section, self.timeout_seconds)
    }

    /// The SMS centre as `wire` takes it. Reads the extra roots from their file.
    pub fn settings(&self, section: &str) -> Result<smpp::SmppSettings, ConfigError> {
        let port = self.port.unwrap_or(if self.tls { 3_550 } else { 2_775 });
        let password = Secret::new(self.password.reveal());
        let usual = smpp::SmppSettings::new(&self.host, port, &self.system_id, password);
        Ok(smpp::SmppSettings {
            system_type: self.system_type.clone(),
            is_encrypted: self.tls,
            extra_roots: roots(section, self.extra_roots.as_ref())?,
            timeout: timeout(self.timeout_seconds, longest_timeout()),
            window: self.window.unwrap_or(usual.window),
            per_second: self.per_second,
            ..usual
        })
    }
}

impl Rest {
    fn check(&self, section: &str) -> Result<(), ConfigError> {
        let words = self.channels.as_deref().unwrap_or_default();
        let is_carried = |word: &String| matches!(word.as_str(), "sms" | "call");
        if self.channels.as_ref().is_some_and(Vec::is_empty) || !words.iter().all(is_carried) {
            let rule = "channels must be sms, call, or both";
            return Err(ConfigError(format!("{section}.{rule}.")));
        }
        if self.auth_token.reveal().is_empty() {
            return Err(ConfigError(format!("{section}.auth_token must not be empty.")));
        }
        check_timeout(section, self.timeout_seconds)
    }

    /// The account as `wire` takes it. Reads the extra roots from their file.
    pub fn settings(
        &self,
        section: &str,
        honours_key: bool,
    ) -> Result<rest::RestSettings, ConfigError> {
        Ok(rest::RestSettings {
            base_url: self.base_url.clone(),
            account_sid: self.account_sid.clone(),
            auth_token: Secret::new(self.auth_token.reveal()),
            timeout: timeout(self.timeout_seconds, REST_TIMEOUT_S),
            honours_key,
            extra_roots: roots(section, self.extra_roots.as_ref())?,
        })
    }
}

impl Sip {
    fn check(&self, section: &str, slots: usize) -> Result<(), ConfigError> {
        let wrong = |rule: &str| Err(ConfigError(format!("{section}.{rule}.")));
        if self.user.is_some() != self.password.is_some() {
            return wrong("user and its password must be set together");
        }
        if self.registers && self.user.is_none() {
            return wrong("user must be set where it registers");
        }
        if self.audio_ports.is_some_and(|(first, last)| first == 0 || first > last) {
            return wrong("audio_ports must be a first port and a last that is not before it");
        }
        let settings = self.settings(slots);
        let times = [settings.answer_timeout, settings.ring_timeout, settings.call_timeout];
        let most = limits::CALL_DEADLINE_MS.unsigned_abs() / 1_000;
        let is_sound = |time: &Duration| (1..=most).contains(&time.as_secs());
        if !times.iter().all(is_sound) || times.iter().map(Duration::as_secs).sum::<u64>() > most {
            let keys = "answer_timeout_seconds, ring_timeout_seconds and call_timeout_seconds";
            return wrong(&format!("{keys} must be at least 1 each, and at most {most} together"));
        }
        Ok(())
    }

    /// The trunk as `wire` takes it.
    pub fn settings(&self, calls_max: usize) -> sip::SipSettings {
        let usual = sip::SipSettings::new(&self.host);
        let seconds = |set: Option<u64>, usual| set.map_or(usual, Duration::from_secs);
        let login = self.user.clone().zip(self.password.as_ref());
        sip::SipSettings {
            port: self.port.unwrap_or(usual.port),
            transport: match self.transport {
                None | Some(Transport::Udp) => sip::Transport::Udp,
                Some(Transport::Tcp) => sip::Transport::Tcp,
            },
            login: login.map(|(user, password)| sip::SipLogin {
                user,
                auth_user: self.auth_user.clone(),
                password: Secret::new(password.reveal()),
            }),
            registers: self.registers,
            from_domain: self.from_domain.clone(),
            dials_plus: self.dials_plus.unwrap_or(usual.dials_plus),
            bind: self.bind,
            advertised: self.advertised,
            audio_ports: self.audio_ports.unwrap_or(usual.audio_ports),
            follows_audio: self.follows_audio,
            answer_timeout: seconds(self.answer_timeout_seconds, usual.answer_timeout),
            ring_timeout: seconds(self.ring_timeout_seconds, usual.ring_timeout),
            call_timeout: seconds(self.call_timeout_seconds, usual.call_timeout),
            calls_max,
            ..usual
        }
    }
}
