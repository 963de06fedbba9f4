//! Where webhooks may lead: the section `[webhooks]`.

use std::path::PathBuf;
use std::time::Duration;

use domain::limits;
use domain::webhook::Guard;
use serde::Deserialize;
use wire::webhook::{HookSettings, Poster, system};

use super::{ConfigError, roots};

/// Where webhooks may lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Webhooks {
    pub allow_http: bool,
    pub allow_private: bool,
    pub allow_networks: Vec<String>,
    pub extra_roots: Option<PathBuf>,
}

impl Webhooks {
    /// What no single key of the section can say is wrong.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.guard().map(|_| ())
    }

    /// Where webhooks may lead, as `domain` takes it.
    pub fn guard(&self) -> Result<Guard, ConfigError> {
        let network = |text: &String| {
            let rule = "must be networks such as 192.168.7.0/24";
            text.parse().map_err(|_| ConfigError(format!("webhooks.allow_networks {rule}.")))
        };
        Ok(Guard {
            allow_http: self.allow_http,
            allow_private: self.allow_private,
            allow_networks: self.allow_networks.iter().map(network).collect::<Result<_, _>>()?,
        })
    }

    /// What posts events.
    pub fn poster(&self) -> Result<Poster, ConfigError> {
        let settings = HookSettings {
            guard: self.guard()?,
            timeout: Duration::from_millis(limits::HOOK_DEADLINE_MS.unsigned_abs()),
            extra_roots: roots("webhooks", self.extra_roots.as_ref())?,
            lookup: system(),
        };
        Poster::new(settings).map_err(|error| ConfigError(error.to_string()))
    }
}
