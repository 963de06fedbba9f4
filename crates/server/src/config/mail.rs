//! A mail server, and whom mail through it is from: the section `[mail]`, or a carrier of its kind.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use wire::Secret;

use super::{ConfigError, Hidden, longest_timeout, roots};

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

impl Mail {
    /// What no single key of the section can say is wrong.
    pub(super) fn check(&self, section: &str) -> Result<(), ConfigError> {
        let wrong = |sentence: &str| Err(ConfigError(sentence.to_owned()));
        let addresses =
            [("from_address", Some(&self.from_address)), ("reply_to", self.reply_to.as_ref())];
        for (key, address) in addresses {
            if let Some(Err(rule)) = address.map(|address| domain::user::check_email(address)) {
                return wrong(&format!("{section}.{key} {rule}."));
            }
        }
        if !(1..=longest_timeout()).contains(&self.timeout_seconds) {
            let most = longest_timeout();
            return wrong(&format!("{section}.timeout_seconds must be 1 to {most}."));
        }
        if self.user.is_some() != self.password.is_some() {
            let keys = format!("{section}.user and {section}.password");
            return wrong(&format!("{keys} must be set together."));
        }
        Ok(())
    }

    /// The server as `wire` takes it. Reads the extra roots from their file.
    pub fn server(&self, section: &str) -> Result<wire::email::MailServer, ConfigError> {
        let (security, usual_port) = match self.security {
            Security::StartTls => (wire::email::Security::StartTls, 587),
            Security::Tls => (wire::email::Security::Tls, 465),
            Security::Plain => (wire::email::Security::Plain, 25),
        };
        let login = self.user.clone().zip(self.password.as_ref());
        Ok(wire::email::MailServer {
            host: self.host.clone(),
            port: self.port.unwrap_or(usual_port),
            security,
            login: login.map(|(user, password)| wire::email::SmtpLogin {
                user,
                password: Secret::new(password.reveal()),
            }),
            timeout: Duration::from_secs(self.timeout_seconds),
            client_name: self.client_name.clone(),
            extra_roots: roots(section, self.extra_roots.as_ref())?,
        })
    }

    /// What the worker sends with.
    pub fn post(&self, section: &str) -> Result<worker::Post, ConfigError> {
        let mailer = wire::email::Mailer::new(self.server(section)?);
        Ok(worker::Post {
            mailer: mailer.map_err(|error| ConfigError(format!("{section}: {error}")))?,
            from_name: self.from_name.clone(),
            from_address: self.from_address.clone(),
            reply_to: self.reply_to.clone(),
        })
    }
}
