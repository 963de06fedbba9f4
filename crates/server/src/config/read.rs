//! Reading the configuration: the file first, then the environment, then the checks.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::{Config, ConfigError, SECTIONS};

/// The file that is read where none is named, if it is there.
pub const FILE: &str = "liberty.toml";

/// What every variable begins with.
const PREFIX: &str = "LIBERTY_";
/// Variables of ours that set no key: they belong to the tests and the scripts.
const NO_KEYS: [&str; 1] = ["LIBERTY_TEST_POSTGRES"];

/// Reads the configuration from a file (`liberty.toml` in the working directory if none is named
/// and it is there) and this process's environment.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let default = PathBuf::from(FILE);
    let file = match file {
        Some(file) => Some(file),
        None => default.is_file().then_some(default.as_path()),
    };
    let text = match file {
        Some(file) => std::fs::read_to_string(file).map_err(|error| {
            ConfigError(format!("The configuration {} cannot be read: {error}.", file.display()))
        })?,
        None => String::new(),
    };
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        let ours = name.starts_with(PREFIX) && !NO_KEYS.contains(&name.as_str());
        ours.then(|| (name, value.to_string_lossy().into_owned()))
    });
    read(&text, variables)
}

/// Reads the configuration from the text of a file and from variables that override it.
pub fn read(
    text: &str,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let mut table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        ConfigError(format!("The configuration is not TOML, line {line}: {}.", error.message()))
    })?;
    for (name, value) in variables {
        set(&mut table, &name, value)?;
    }
    let config = decode(table)?;
    config.check()?;
    Ok(config)
}

/// Decodes section by section, so that a complaint names the whole key.
fn decode(mut table: Table) -> Result<Config, ConfigError> {
    let mut config = Config::default();
    if let Some(value) = table.remove("log") {
        config.log = part("log.", value)?;
    }
    if let Some(value) = table.remove("worker") {
        config.worker = part("worker.", value)?;
    }
    if let Some(value) = table.remove("mail") {
        config.mail = Some(part("mail.", value)?);
    }
    let (log, worker, mail) = (config.log, config.worker, config.mail);
    // Key by key, so that a wrong value is blamed on its key.
    for (key, value) in &table {
        let alone = Table::from_iter([(key.clone(), value.clone())]);
        Config::deserialize(Value::Table(alone)).map_err(|error| complaint("", key, &error))?;
    }
    let config: Config = part("", Value::Table(table))?;
    Ok(Config { log, worker, mail, ..config })
}

fn part<T: for<'de> Deserialize<'de>>(section: &str, value: Value) -> Result<T, ConfigError> {
    value.try_into().map_err(|error| complaint(section, "", &error))
}

/// One sentence about what is wrong. The value is never repeated, for it may be a secret.
fn complaint(section: &str, key: &str, error: &toml::de::Error) -> ConfigError {
    let text = error.message().lines().next().unwrap_or_default();
    let quoted = text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("unknown field") {
        return ConfigError(format!("The configuration has an unknown key: {section}{quoted}."));
    }
    if text.starts_with("missing field") {
        return ConfigError(format!("The configuration lacks the key {section}{quoted}."));
    }
    let place = format!("{section}{key}");
    let place = place.trim_end_matches('.');
    let expected = text.rsplit_once("expected ").map(|(_, expected)| expected);
    let rule =
        expected.map_or_else(|| "cannot be read".to_owned(), |what| format!("must be {what}"));
    ConfigError(format!("The configuration has a wrong value: {place} {rule}."))
}

/// Puts a variable where the file would have had the key: `LIBERTY_MAIL_HOST` is `mail.host`.
fn set(table: &mut Table, name: &str, value: String) -> Result<(), ConfigError> {
    let key = name.strip_prefix(PREFIX).unwrap_or(name).to_lowercase();
    for section in SECTIONS {
        let Some(key) = key.strip_prefix(section).and_then(|key| key.strip_prefix('_')) else {
            continue;
        };
        let inner = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(inner) = inner else {
            return Err(ConfigError(format!("The configuration's {section} must be a section.")));
        };
        inner.insert(key.to_owned(), typed(section, key, value));
        return Ok(());
    }
    let value = typed("", &key, value);
    table.insert(key, value);
    Ok(())
}

/// A variable's text as the key's type. What does not fit stays text, and is refused with the
/// key's name when it is decoded.
fn typed(section: &str, key: &str, text: String) -> Value {
    let parsed = match (section, key) {
        ("", "trusted_proxies") => {
            let each = text.split(',').map(str::trim).filter(|one| !one.is_empty());
            return Value::Array(each.map(Value::from).collect());
        }
        ("", "https") => text.parse().ok().map(Value::Boolean),
        ("", "database_connections" | "shutdown_seconds")
        | ("worker", "concurrency")
        | ("mail", "port" | "timeout_seconds") => text.parse().ok().map(Value::Integer),
        _ => None,
    };
    parsed.unwrap_or(Value::String(text))
}
