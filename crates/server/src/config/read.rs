//! Reading the configuration: the file first, then the environment, then the checks.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::carriers::{Usual, Word};
use super::{Carrier, CarrierKind, Config, ConfigError, SECTIONS};

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
    if let Some(value) = table.remove("speech") {
        config.speech = part("speech.", value)?;
    }
    if let Some(value) = table.remove("webhooks") {
        config.webhooks = part("webhooks.", value)?;
    }
    if let Some(value) = table.remove("mail") {
        config.mail = Some(part("mail.", value)?);
    }
    if let Some(value) = table.remove("carriers") {
        config.carriers = carriers(value)?;
    }
    let Config { log, worker, speech, webhooks, mail, carriers, .. } = config;
    let config: Config = part("", Value::Table(table))?;
    Ok(Config { log, worker, speech, webhooks, mail, carriers, ..config })
}

/// Decodes a section: first key by key, so that a wrong value is blamed on its key.
fn part<T: for<'de> Deserialize<'de>>(section: &str, value: Value) -> Result<T, ConfigError> {
    if let Value::Table(table) = &value {
        for (key, value) in table {
            let alone = Table::from_iter([(key.clone(), value.clone())]);
            match T::deserialize(Value::Table(alone)) {
                Err(error) if !error.message().starts_with("missing field") => {
                    return Err(complaint(section, key, &error));
                }
                _ => {}
            }
        }
    }
    value.try_into().map_err(|error| complaint(section, "", &error))
}

/// Decodes the list of carriers.
fn carriers(value: Value) -> Result<Vec<Carrier>, ConfigError> {
    let Value::Array(list) = value else { return Err(no_list()) };
    list.into_iter().map(carrier).collect()
}

fn no_list() -> ConfigError {
    ConfigError("The configuration's carriers must be a list: [[carriers]].".to_owned())
}

/// Decodes one carrier: the keys that every kind has, then those of its own.
fn carrier(value: Value) -> Result<Carrier, ConfigError> {
    let Value::Table(mut own) = value else { return Err(no_list()) };
    let section = format!("carriers.{}.", name(&own));
    let usual = ["name", "kind", "tenants", "slots", "honours_key"];
    let usual = usual.into_iter().filter_map(|key| own.remove_entry(key));
    let usual: Usual = part(&section, Value::Table(usual.collect()))?;
    let own = Value::Table(own);
    let kind = match usual.kind {
        Word::Smtp => CarrierKind::Smtp(Box::new(part(&section, own)?)),
        Word::Smpp => CarrierKind::Smpp(Box::new(part(&section, own)?)),
        Word::Rest => CarrierKind::Rest(Box::new(part(&section, own)?)),
        Word::Sip => CarrierKind::Sip(Box::new(part(&section, own)?)),
    };
    let Usual { name, tenants, slots, honours_key, kind: word } = usual;
    let slots = slots.unwrap_or_else(|| word.slots());
    let section = format!("carriers.{name}");
    Ok(Carrier { section, name, tenants, slots, honours_key, kind })
}

/// The name of a carrier, as far as it can stand in a complaint.
fn name(own: &Table) -> &str {
    let name = own.get("name").and_then(Value::as_str).unwrap_or("?");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.len() <= 40 && name.chars().all(is_plain) { name } else { "?" }
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
    let expected = text.rsplit_once("expected ").map(|(_, expected)| in_words(expected));
    let rule =
        expected.map_or_else(|| "cannot be read".to_owned(), |what| format!("must be {what}"));
    ConfigError(format!("The configuration has a wrong value: {place} {rule}."))
}

/// A type's name for people who set values.
fn in_words(expected: &str) -> &str {
    match expected {
        "u16" => "a whole number, 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number that is not negative",
        "a string" | "string" => "a text in quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a tuple of size 2" => "a list of two",
        other => other,
    }
}

/// Puts a secret of a carrier where the file would have had it: `LIBERTY_CARRIERS_MAIN_SMSC_PASSWORD`
/// is the `password` of the carrier `main-smsc`. All else about carriers stands in the file.
fn set_secret(table: &mut Table, name: &str, rest: &str, value: String) -> Result<(), ConfigError> {
    let secret = ["password", "auth_token"]
        .into_iter()
        .find_map(|key| Some((rest.strip_suffix(key)?.strip_suffix('_')?, key)));
    let refused = |why: &str| Err(ConfigError(format!("The variable {name} {why}.")));
    let Some((carrier, key)) = secret else {
        return refused("sets no secret of a carrier: it must end in _PASSWORD or _AUTH_TOKEN");
    };
    let mut list = table.get_mut("carriers").and_then(Value::as_array_mut);
    let list = list.iter_mut().flat_map(|list| list.iter_mut()).filter_map(Value::as_table_mut);
    let is_it = |own: &&mut Table| {
        let name = own.get("name").and_then(Value::as_str);
        name.is_some_and(|name| name.replace('-', "_") == carrier)
    };
    match { list }.find(is_it) {
        None => refused("is for a carrier that the configuration does not have"),
        Some(own) => {
            own.insert(key.to_owned(), Value::String(value));
            Ok(())
        }
    }
}

/// Puts a variable where the file would have had the key: `LIBERTY_MAIL_HOST` is `mail.host`.
fn set(table: &mut Table, name: &str, value: String) -> Result<(), ConfigError> {
    let key = name.strip_prefix(PREFIX).unwrap_or(name).to_lowercase();
    if let Some(rest) = key.strip_prefix("carriers_") {
        return set_secret(table, name, rest, value);
    }
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
        ("", "trusted_proxies") | ("webhooks", "allow_networks") => {
            let each = text.split(',').map(str::trim).filter(|one| !one.is_empty());
            return Value::Array(each.map(Value::from).collect());
        }
        ("speech", "command") => {
            return Value::Array(text.split_whitespace().map(Value::from).collect());
        }
        ("", "https") | ("webhooks", "allow_http" | "allow_private") => {
            text.parse().ok().map(Value::Boolean)
        }
        ("", "database_connections" | "shutdown_seconds")
        | ("worker", "concurrency")
        | ("speech", "timeout_seconds")
        | ("mail", "port" | "timeout_seconds") => text.parse().ok().map(Value::Integer),
        _ => None,
    };
    parsed.unwrap_or(Value::String(text))
}
