//! `demo.json`: what the demo tells scripts. Public by intent, like everything in the demo.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::config::Config;

/// What stands in the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DemoFile {
    pub(crate) url: String,
    pub(crate) host: String,
    pub(crate) v2_key: String,
    pub(crate) v1_email: String,
    pub(crate) v1_token: String,
    pub(crate) account_number: String,
    pub(crate) message_id: i64,
    pub(crate) recording_id: i64,
    pub(crate) switch_key: String,
    pub(crate) other_tenant: Other,
    pub(crate) agent: SignIn,
    pub(crate) client: SignIn,
    pub(crate) owner: SignIn,
}

/// The second tenant, for whoever wants to see that neither sees the other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Other {
    pub(crate) url: String,
    pub(crate) host: String,
    pub(crate) v2_key: String,
    pub(crate) message_id: i64,
}

/// Who may sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SignIn {
    pub(crate) email: String,
    pub(crate) password: String,
}

fn path(config: &Config) -> PathBuf {
    config.data_dir.join("demo.json")
}

impl DemoFile {
    /// The file of an earlier load, if it is there and whole.
    pub(crate) fn read(config: &Config) -> Option<DemoFile> {
        serde_json::from_slice(&std::fs::read(path(config)).ok()?).ok()
    }

    /// Writes it whole or not at all.
    pub(crate) fn write(&self, config: &Config) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::run("demo.json cannot be written", error))?;
        let path = path(config);
        let new = path.with_extension("json.new");
        std::fs::write(&new, text + "\n")
            .and_then(|()| std::fs::rename(&new, &path))
            .map_err(|error| Failure::run("demo.json cannot be written", error))
    }

    /// The same with the addresses that the server has now.
    pub(crate) fn at(mut self, config: &Config) -> DemoFile {
        self.url = config.url();
        self.host = host(config, super::DEMO);
        self.other_tenant.url = config.url();
        self.other_tenant.host = host(config, super::OTHER);
        self
    }
}

/// What a request for a tenant names as its host. Names below `localhost` do not resolve
/// everywhere, so a program connects to the address and sends this as `Host`.
fn host(config: &Config, subdomain: &str) -> String {
    let base = config.base_domain.as_deref().unwrap_or("localhost");
    format!("{subdomain}.{base}:{}", config.listen.port())
}
