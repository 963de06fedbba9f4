//! Whether a body is as the documents' sample of it: the same keys in the same order, each holding
//! the same kind of value.

use serde_json::Value;

/// A text that need not be given, and then is null.
const MAY_BE_MISSING: &str = ".to_do.from";

/// Where a value is not as its sample. A null in the sample says nothing about what may stand
/// there; numbers and instants may be null, because ids and dates may be missing; texts may not.
pub(super) fn differences(sample: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(sample, value, "", &mut found);
    found
}

fn compare(sample: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    match (sample, value) {
        (Value::Null, _) => {}
        // Custom fields are the account's own, and each rule has its own validations.
        (Value::Object(_), Value::Object(answers)) if at.ends_with(".answers") => {
            let odd = answers.iter().filter(|(_, answer)| !answer.is_string());
            found.extend(odd.map(|(name, answer)| format!("{at}.{name}: {answer} is no text")));
        }
        (Value::Object(_), Value::Object(_)) if at.ends_with(".validations") => {}
        (Value::Object(sample), Value::Object(value)) => {
            let [wanted, has] = [sample, value].map(|one| one.keys().collect::<Vec<_>>());
            if wanted != has {
                found.push(format!("{at}: the keys are {has:?} instead of {wanted:?}"));
            }
            for (key, sample) in sample {
                if let Some(value) = value.get(key) {
                    compare(sample, value, &format!("{at}.{key}"), found);
                }
            }
        }
        (Value::Array(sample), Value::Array(values)) => {
            for (i, value) in values.iter().enumerate() {
                compare(
                    sample.first().unwrap_or(&Value::Null),
                    value,
                    &format!("{at}[{i}]"),
                    found,
                );
            }
        }
        (Value::Number(_), Value::Null) => {}
        (Value::String(text), Value::Null) if is_instant(text) || at.ends_with(MAY_BE_MISSING) => {}
        (Value::String(text), Value::String(given)) => {
            if is_instant(text) && !is_instant(given) {
                found.push(format!("{at}: {given:?} is not like {text:?}"));
            }
        }
        (Value::Number(_), Value::Number(_)) | (Value::Bool(_), Value::Bool(_)) => {}
        _ => found.push(format!("{at}: {value} is not like {sample}")),
    }
}

/// UTC with milliseconds, as the documents write instants: `2025-01-21T22:08:20.671Z`.
fn is_instant(text: &str) -> bool {
    let like = |(b, wanted): (u8, u8)| match wanted {
        b'0' => b.is_ascii_digit(),
        wanted => b == wanted,
    };
    let wanted = "0000-00-00T00:00:00.000Z";
    text.len() == wanted.len() && text.bytes().zip(wanted.bytes()).all(like)
}
