//! JSON bodies: bounded, strict, and refused in words that name the field.

use std::cell::RefCell;
use std::fmt;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use bytes::{Bytes, BytesMut};
use domain::{Invalid, limits};
use http_body_util::BodyExt;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use web::refusal::Refusal;

/// The JSON object that a request brings.
pub(crate) async fn json_object(
    headers: &HeaderMap,
    body: Body,
) -> Result<Map<String, Value>, Refusal> {
    parse_object(&json_bytes(headers, body).await?)
}

/// The bytes of a body that is said to be JSON, as they came.
pub(crate) async fn json_bytes(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    if !is_json(headers) {
        return Err(Refusal::media_type("application/json"));
    }
    bounded(body, limits::JSON_BYTES).await
}

/// Whether a body is said to be JSON. One that says nothing is taken at its word when it is read.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return true;
    };
    let Ok(value) = value.to_str() else {
        return false;
    };
    let name = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name == "application/json" || (name.starts_with("application/") && name.ends_with("+json"))
}

/// All of a body of at most `most` bytes. One that is too large is read on for a while and thrown
/// away: a sender that is cut off in the middle hears a broken connection instead of the reason.
pub(crate) async fn bounded(body: Body, most: usize) -> Result<Bytes, Refusal> {
    match beginning(body, most).await? {
        (bytes, false) => Ok(bytes),
        (_, true) => Err(Refusal::too_large(most as u64)),
    }
}

/// The first bytes of a body, at most `most`, and whether there was more.
pub(crate) async fn beginning(mut body: Body, most: usize) -> Result<(Bytes, bool), Refusal> {
    let mut bytes = BytesMut::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::processing("The body broke off."))?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        bytes.extend_from_slice(&data[..data.len().min(most - bytes.len())]);
        seen += data.len();
        if seen > limits::DISCARDED_BYTES {
            break;
        }
    }
    Ok((bytes.freeze(), seen > most))
}

/// Reads JSON text that must be an object, at most 128 levels deep, no key twice in one object.
pub(crate) fn parse_object(text: &[u8]) -> Result<Map<String, Value>, Refusal> {
    // A byte order mark is no JSON, but some programs begin every text with one (RFC 8259, 8.1).
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let text = std::str::from_utf8(text);
    let text = text.map_err(|_| Refusal::processing("The body must be JSON in UTF-8."))?;
    let path = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_str(text);
    let parsed = JsonNode(&path).deserialize(&mut reader);
    match parsed.and_then(|value| reader.end().map(|()| value)) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::processing("The body must be a JSON object.")),
        Err(error) => Err(refused(&error, &path.into_inner().join("."))),
    }
}

/// What a parser's error means to its sender. Half a surrogate pair and a number beyond all
/// measure are sound JSON, but no value that we could keep.
fn refused(error: &serde_json::Error, path: &str) -> Refusal {
    let text = error.to_string();
    let is_surrogate = ["lone leading surrogate", "unexpected end of hex escape"];
    let path = if path.is_empty() { "body" } else { path };
    if is_surrogate.iter().any(|words| text.starts_with(words)) {
        return Invalid::field(path, "must not hold half of a surrogate pair").into();
    }
    if text.starts_with("number out of range") {
        return Invalid::field(path, "must be a number within range").into();
    }
    if error.is_data() {
        return Refusal::processing_at(path, "is given twice in one object");
    }
    Refusal::processing(format!("The body is not valid JSON: {text}."))
}

/// Reads a value, keeping the path to where it is.
#[derive(Clone, Copy)]
struct JsonNode<'p>(&'p RefCell<Vec<String>>);

impl<'de> DeserializeSeed<'de> for JsonNode<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonNode<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        self.0.borrow_mut().push("0".to_owned());
        while let Some(value) = seq.next_element_seed(self)? {
            values.push(value);
            if let Some(at) = self.0.borrow_mut().last_mut() {
                *at = values.len().to_string();
            }
        }
        self.0.borrow_mut().pop();
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            self.0.borrow_mut().push(key.clone());
            if object.contains_key(&key) {
                return Err(A::Error::custom("twice"));
            }
            object.insert(key, map.next_value_seed(self)?);
            self.0.borrow_mut().pop();
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(refusal: &Refusal) -> String {
        format!("{refusal:?}")
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "null", "[]", "1", "\"x\"", "{", "{} {}", "{\"a\":}", "{}\u{feff}"] {
            assert!(parse_object(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse_object(b"{\"a\":\"\xff\"}").is_err());
        assert!(parse_object("\u{feff}{\"a\": 1}".as_bytes()).is_ok());
        assert!(paths(&parse_object(b"\xff\xfe{\0}\0").expect_err("UTF-16")).contains("UTF-8"));
        assert!(parse_object(b" {\"a\": -0, \"b\": [1, {\"c\": null}]} ").is_ok());
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        assert!(paths(&parse_object(deep.as_bytes()).expect_err("deep")).contains("recursion"));
        let deep = "[".repeat(1_000_000);
        assert!(parse_object(deep.as_bytes()).is_err());
    }

    #[test]
    fn the_field_is_named() {
        let check = |text: &str, status: &str, path: &str| {
            let said = paths(&parse_object(text.as_bytes()).expect_err("refused"));
            assert!(said.contains(status) && said.contains(path), "{text}: {said}");
        };
        check(r#"{"a": 1, "b": {"c": 1, "c": 2}}"#, "400", "\"b.c\"");
        check(r#"{"a": 1, "note": "\ud800"}"#, "422", "\"note\"");
        check(r#"{"a": {"b": [0, "\ud800x"]}}"#, "422", "\"a.b.1\"");
        check(r#"{"a": 1e400}"#, "422", "\"a\"");
    }
}
