//! How texts are spoken in calls: the section `[speech]`.

use std::time::Duration;

use serde::Deserialize;

use super::ConfigError;

/// The longest that one text may take, in seconds.
const LONGEST_SECONDS: u64 = 60;

/// The command that speaks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "config.example.toml documents each key once")]
pub struct Speech {
    pub command: Vec<String>,
    pub timeout_seconds: u64,
}

impl Default for Speech {
    fn default() -> Self {
        let usual = wire::speech::SpeechSettings::default();
        Speech { command: usual.command, timeout_seconds: usual.timeout.as_secs() }
    }
}

impl Speech {
    /// What no single key of the section can say is wrong.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.command.first().is_none_or(String::is_empty) {
            return Err(ConfigError("speech.command must begin with a program.".to_owned()));
        }
        if !(1..=LONGEST_SECONDS).contains(&self.timeout_seconds) {
            let rule = format!("speech.timeout_seconds must be 1 to {LONGEST_SECONDS}.");
            return Err(ConfigError(rule));
        }
        Ok(())
    }

    /// The voice as `wire` takes it.
    pub fn voice(&self) -> wire::speech::Speech {
        wire::speech::Speech::new(wire::speech::SpeechSettings {
            command: self.command.clone(),
            timeout: Duration::from_secs(self.timeout_seconds),
            ..wire::speech::SpeechSettings::default()
        })
    }
}
