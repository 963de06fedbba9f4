//! What an operator can set: one TOML file, environment variables on top, unknown keys refused.

mod carriers;
mod mail;
mod read;
mod speech;
mod webhooks;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use domain::limits;
use serde::Deserialize;

pub use carriers::{Carrier, CarrierKind, Rest, Sip, Smpp, Transport};
pub use mail::{Mail, Security};
pub use read::{FILE, load, read};
pub use speech::Speech;
pub use webhooks::Webhooks;

/// The sections of the file; an environment variable names one before the key.
const SECTIONS: [&str; 5] = ["mail", "log", "worker", "speech", "webhooks"];

/// The shortest token that nobody guesses, in characters.
const TOKEN_BYTES: usize = 16;

/// Everything that an operator can set. `config.example.toml` explains each key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Config {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    pub database_url: Option<Hidden>,
    pub database_connections: u32,
    pub base_domain: Option<String>,
    pub default_tenant: Option<String>,
    pub https: bool,
    pub trusted_proxies: Vec<IpAddr>,
    pub public_url: Option<String>,
    pub metrics_token: Option<Hidden>,
    pub bounces_token: Option<Hidden>,
    pub shutdown_seconds: u64,
    pub log: Log,
    pub worker: Work,
    pub mail: Option<Mail>,
    pub speech: Speech,
    pub webhooks: Webhooks,
    #[serde(skip)]
    pub carriers: Vec<Carrier>,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Log {
    pub level: Level,
    pub format: Format,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the usual words")]
pub enum Level {
    Error,
    Warn,
    Info,
    Debug,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON object for each line.
    Json,
    /// For people's eyes.
    Text,
}

/// How much the worker does at once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Work {
    pub concurrency: usize,
}

/// A text that must not be printed: `Debug` shows `***`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

/// Why there is no configuration: one sentence for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from("data"),
            database_url: None,
            database_connections: 10,
            base_domain: Some("localhost".to_owned()),
            default_tenant: None,
            https: false,
            trusted_proxies: Vec::new(),
            public_url: None,
            metrics_token: None,
            bounces_token: None,
            shutdown_seconds: 25,
            log: Log::default(),
            worker: Work::default(),
            mail: None,
            speech: Speech::default(),
            webhooks: Webhooks::default(),
            carriers: Vec::new(),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Log { level: Level::Info, format: Format::Json }
    }
}

impl Default for Work {
    fn default() -> Self {
        Work { concurrency: worker::Settings::default().concurrency }
    }
}

impl Hidden {
    /// The text itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Config {
    /// Where the database is: the URL that is set, or a file in the data directory.
    pub fn database(&self) -> String {
        match &self.database_url {
            Some(url) => url.reveal().to_owned(),
            None => format!("sqlite:{}", self.data_dir.join("liberty.db").display()),
        }
    }

    /// The folder of the audio.
    pub fn audio(&self) -> PathBuf {
        self.data_dir.join("audio")
    }

    /// The address as a browser on this machine opens it.
    pub fn url(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        let listen = self.listen;
        let host = match listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
            ip => ip,
        };
        format!("{scheme}://{}", SocketAddr::new(host, listen.port()))
    }

    /// How long requests and sends under way may take to end after a stop.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }

    /// How people reach us from outside: what links in texts and e-mails begin with.
    pub(crate) fn links(&self) -> app::Links {
        let public_url = self.public_url.as_deref().unwrap_or_default();
        app::Links {
            public_url: public_url.trim_end_matches('/').to_owned(),
            base_domain: self.base_domain.clone().unwrap_or_default(),
        }
    }

    /// What no single key can say is wrong.
    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |sentence: &str| Err(ConfigError(sentence.to_owned()));
        if self.database_connections == 0 {
            return wrong("database_connections must be at least 1.");
        }
        if !(1..=1_000).contains(&self.worker.concurrency) {
            return wrong("worker.concurrency must be 1 to 1000.");
        }
        if self.shutdown_seconds > 3_600 {
            return wrong("shutdown_seconds must be at most 3600.");
        }
        let names = [("base_domain", &self.base_domain), ("default_tenant", &self.default_tenant)];
        for (key, name) in names {
            if name.as_deref().is_some_and(|name| !is_host(name)) {
                return wrong(&format!("{key} must be a name in lower case, without a port."));
            }
        }
        if self.bounces_token.as_ref().is_some_and(|token| token.reveal().len() < TOKEN_BYTES) {
            return wrong(&format!("bounces_token must have at least {TOKEN_BYTES} characters."));
        }
        if self.public_url.as_deref().is_some_and(|url| !is_base_url(url)) {
            let rule = "must be https:// (or http://) and a host, and a path at most";
            return wrong(&format!("public_url {rule}."));
        }
        self.mail.as_ref().map_or(Ok(()), |mail| mail.check("mail"))?;
        self.speech.check()?;
        self.webhooks.check()?;
        self.check_carriers()
    }
}

/// Whether it is an address that others may be told, to which a path can be added.
fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_plain = |b: u8| b.is_ascii_graphic() && !b"?#@\"<>".contains(&b);
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with(['/', ':']) && rest.bytes().all(is_plain)
    })
}

/// The contents of a file of PEM certificates, or a sentence that names the key.
fn roots(section: &str, path: Option<&PathBuf>) -> Result<Option<Vec<u8>>, ConfigError> {
    let read = |path: &PathBuf| {
        std::fs::read(path).map_err(|error| {
            let path = path.display();
            ConfigError(format!("{section}.extra_roots {path} cannot be read: {error}."))
        })
    };
    path.map(read).transpose()
}

/// The longest that one try to send may take, in seconds.
fn longest_timeout() -> u64 {
    limits::SEND_DEADLINE_MS.unsigned_abs() / 1_000
}

fn is_host(name: &str) -> bool {
    let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    !name.is_empty() && name.bytes().all(label)
}
