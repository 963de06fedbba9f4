//! What an operator can set: one TOML file, environment variables on top, unknown keys refused.

mod read;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use domain::limits;
use serde::Deserialize;
use wire::Secret;

pub use read::{FILE, load, read};

/// The sections of the file; an environment variable names one before the key.
const SECTIONS: [&str; 3] = ["mail", "log", "worker"];

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
    pub metrics_token: Option<Hidden>,
    pub shutdown_seconds: u64,
    pub log: Log,
    pub worker: Work,
    pub mail: Option<Mail>,
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

/// The mail server, and whom mail is from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Mail {
    pub host: String,
    pub port: Option<u16>,
    #[serde(default)]
    pub security: Security,
    pub user: Option<String>,
    pub password: Option<Hidden>,
    pub from_address: String,
    pub from_name: Option<String>,
    pub reply_to: Option<String>,
    #[serde(default = "longest_timeout")]
    pub timeout_seconds: u64,
    pub client_name: Option<String>,
    pub extra_roots: Option<PathBuf>,
}

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// By STARTTLS, or not at all.
    #[default]
    StartTls,
    /// From the first byte.
    Tls,
    /// Not encrypted.
    Plain,
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
            metrics_token: None,
            shutdown_seconds: 25,
            log: Log::default(),
            worker: Work::default(),
            mail: None,
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

fn longest_timeout() -> u64 {
    limits::SEND_DEADLINE_MS.unsigned_abs() / 1_000
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
        self.mail.as_ref().map_or(Ok(()), Mail::check)
    }
}

fn is_host(name: &str) -> bool {
    let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    !name.is_empty() && name.bytes().all(label)
}

impl Mail {
    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |sentence: &str| Err(ConfigError(sentence.to_owned()));
        let addresses =
            [("from_address", Some(&self.from_address)), ("reply_to", self.reply_to.as_ref())];
        for (key, address) in addresses {
            if let Some(Err(rule)) = address.map(|address| domain::user::check_email(address)) {
                return wrong(&format!("mail.{key} {rule}."));
            }
        }
        if !(1..=longest_timeout()).contains(&self.timeout_seconds) {
            return wrong(&format!("mail.timeout_seconds must be 1 to {}.", longest_timeout()));
        }
        if self.user.is_some() != self.password.is_some() {
            return wrong("mail.user and mail.password must be set together.");
        }
        Ok(())
    }

    /// The server as `wire` takes it. Reads the extra roots from their file.
    pub fn server(&self) -> Result<wire::email::Server, ConfigError> {
        let (security, usual_port) = match self.security {
            Security::StartTls => (wire::email::Security::StartTls, 587),
            Security::Tls => (wire::email::Security::Tls, 465),
            Security::Plain => (wire::email::Security::Plain, 25),
        };
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|error| {
                ConfigError(format!("mail.extra_roots {} cannot be read: {error}.", path.display()))
            })
        };
        let login = self.user.clone().zip(self.password.as_ref());
        Ok(wire::email::Server {
            host: self.host.clone(),
            port: self.port.unwrap_or(usual_port),
            security,
            login: login.map(|(user, password)| wire::email::Login {
                user,
                password: Secret::new(password.reveal()),
            }),
            timeout: Duration::from_secs(self.timeout_seconds),
            client_name: self.client_name.clone(),
            extra_roots: self.extra_roots.as_ref().map(read).transpose()?,
        })
    }

    /// What the worker sends with.
    pub fn post(&self) -> Result<worker::Post, ConfigError> {
        let mailer = wire::email::Mailer::new(self.server()?);
        Ok(worker::Post {
            mailer: mailer.map_err(|error| ConfigError(error.to_string()))?,
            from_name: self.from_name.clone(),
            from_address: self.from_address.clone(),
            reply_to: self.reply_to.clone(),
        })
    }
}
