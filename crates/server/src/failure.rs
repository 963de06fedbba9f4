//! How a command can fail: one sentence, and the exit code that goes with it.

use std::error::Error;
use std::process::ExitCode;

use crate::config::ConfigError;

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration or the command line is wrong: exit code 2.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// Something failed while it ran: exit code 1.
    #[error("{0}")]
    Run(String),
}

impl Failure {
    /// A failure with its whole chain of causes, as one sentence.
    pub fn run(what: &str, error: impl Error) -> Self {
        let mut sentence = what.to_owned();
        let mut cause: Option<&dyn Error> = Some(&error);
        while let Some(error) = cause {
            let text = error.to_string();
            if !sentence.ends_with(&text) {
                sentence.push_str(": ");
                sentence.push_str(&text);
            }
            cause = error.source();
        }
        let mut chars = sentence.trim_end_matches('.').replace(['\n', '\r'], " ");
        if let Some(first) = chars.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Failure::Run(format!("{chars}."))
    }

    /// What the process ends with.
    pub fn code(&self) -> ExitCode {
        match self {
            Failure::Config(_) => ExitCode::from(2),
            Failure::Run(_) => ExitCode::from(1),
        }
    }
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::Invalid(invalid) => {
                let sentence = invalid.to_string();
                Failure::Run(format!("Refused: {sentence}."))
            }
            app::Error::NotFound => Failure::Run("There is no such thing.".to_owned()),
            other => Failure::run("the command failed", other),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::run("output failed", error)
    }
}
