//! The tools that are operations of version 2: their arguments are those of the API's own document.

use std::sync::Arc;

use axum::http::{HeaderName, Method};
use domain::limits;
use rmcp::model::ToolAnnotations;
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

/// A tool's name, the operation behind it, what it is for, and the body that it always sends.
struct Row {
    name: &'static str,
    operation: &'static str,
    text: &'static str,
    body: Option<&'static str>,
}

const fn row(name: &'static str, text: &'static str) -> Row {
    Row { name, operation: name, text, body: None }
}

const ROWS: [Row; 10] = [
    row(
        "get_me",
        "Tells whom the Application Key stands for, and the accounts that it sees with their \
         numbers.",
    ),
    row(
        "list_messages",
        "Lists messages that agents took, newest first: all that callers said, where each stands, \
         and whether it was read. `meta.next_cursor` of an answer is the `cursor` of the next page.",
    ),
    row("get_message", "Reads one message with everything that is known about it."),
    Row {
        name: "acknowledge_message",
        operation: "update_message",
        text: "Acknowledges a message: somebody has taken charge of it, and it escalates no \
               further. Answers with the whole message.",
        body: Some(r#"{"status": "acknowledged"}"#),
    },
    row(
        "list_on_call",
        "Tells who is on call now and next in each rotation, how to reach them, and the next time \
         that nobody is.",
    ),
    row(
        "list_call_recordings",
        "Lists recorded calls, newest first, each with its detail record and an address that plays \
         it for ten minutes. Audio is kept for up to 31 days.",
    ),
    row(
        "get_call_recording",
        "Reads one recorded call: its detail record, and an address that plays it for ten minutes.",
    ),
    row(
        "list_to_dos",
        "Lists To Dos, newest first: what is sent by SMS, e-mail or call, once or again and again.",
    ),
    row(
        "get_to_do",
        "Reads one To Do: what it sends, when it recurs, and what happens if it is late.",
    ),
    row(
        "create_to_do",
        "Makes a To Do: something that is sent to somebody by SMS, e-mail or call, again and again \
         by a `schedule`, or once at `run_at`. It is really sent.",
    ),
];

/// A tool, and how a call of it becomes a request to the API.
#[derive(Debug)]
pub(super) struct Tool {
    /// What clients are told of it.
    pub(super) told: rmcp::model::Tool,
    pub(super) method: Method,
    /// The address, with `{id}` where an id stands.
    pub(super) path: String,
    /// Where each argument goes.
    pub(super) places: Vec<(String, Place)>,
    /// The body, where it is always the same.
    pub(super) body: Option<&'static str>,
}

/// Where an argument goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Into the path, as its `{id}`.
    Path,
    /// Into the query. `or_else` is what goes there where nobody gives it.
    Query { or_else: Option<String> },
    /// Into this header.
    Header(HeaderName),
    /// Into the object that is the body.
    Body,
}

/// The tools, as the document describes their operations.
pub(super) fn of(document: &OpenApi) -> Vec<Tool> {
    let document = serde_json::to_value(document).unwrap_or_default();
    ROWS.iter().filter_map(|row| tool(row, &document)).collect()
}

fn tool(row: &Row, document: &Value) -> Option<Tool> {
    let (path, method, operation) = find(document, row.operation)?;
    let mut arguments = Arguments::default();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        arguments.add_parameter(parameter, document);
    }
    if row.body.is_none() {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        arguments.add_fields(&inlined(body, document));
    }
    let schema = json!({
        "type": "object", "properties": arguments.properties, "required": arguments.required,
        "additionalProperties": false,
    });
    let Value::Object(schema) = schema else { return None };
    let is_read = method == Method::GET;
    let hints = ToolAnnotations::new()
        .read_only(is_read)
        .destructive(false)
        .idempotent(method != Method::POST)
        .open_world(!is_read);
    let title = operation["summary"].as_str().filter(|_| row.body.is_none());
    let title = title.map_or_else(|| row.name.replace('_', " "), str::to_owned);
    let told = rmcp::model::Tool::new(row.name, row.text, Arc::new(schema))
        .with_title(title)
        .with_annotations(hints);
    Some(Tool { told, method, path, places: arguments.places, body: row.body })
}

/// Path, method and description of an operation.
fn find<'d>(document: &'d Value, id: &str) -> Option<(String, Method, &'d Value)> {
    let paths = document["paths"].as_object()?.iter();
    let mut all = paths.flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().map(move |(method, told)| (path, method, told))
    });
    let (path, method, told) = all.find(|(.., told)| told["operationId"] == id)?;
    Some((path.clone(), method.to_uppercase().parse().ok()?, told))
}

/// The arguments of a tool: where each goes, and what may stand in it.
#[derive(Default)]
struct Arguments {
    places: Vec<(String, Place)>,
    properties: Map<String, Value>,
    required: Vec<String>,
}

impl Arguments {
    fn add(&mut self, name: &str, place: Place, schema: Value, is_required: bool) {
        self.places.push((name.to_owned(), place));
        self.properties.insert(name.to_owned(), schema);
        if is_required {
            self.required.push(name.to_owned());
        }
    }

    /// Preconditions are left out: a tool's answer has no ETag to give back.
    fn add_parameter(&mut self, parameter: &Value, document: &Value) {
        let name = parameter["name"].as_str().unwrap_or_default();
        let mut schema = inlined(&parameter["schema"], document);
        schema["description"] = parameter["description"].clone();
        if let Some(example) = parameter.get("example") {
            schema["examples"] = json!([example]);
        }
        let is_required = parameter["required"] == true;
        match parameter["in"].as_str() {
            Some("path") => self.add(name, Place::Path, schema, is_required),
            Some("query") if name == "limit" => {
                schema["description"] = "Rows of a page.".into();
                schema["default"] = limits::TOOL_ROWS.into();
                let or_else = Some(limits::TOOL_ROWS.to_string());
                self.add(name, Place::Query { or_else }, schema, is_required);
            }
            Some("query") => self.add(name, Place::Query { or_else: None }, schema, is_required),
            Some("header") if name == "Idempotency-Key" => {
                let place = Place::Header(HeaderName::from_static("idempotency-key"));
                self.add("idempotency_key", place, schema, is_required);
            }
            _ => {}
        }
    }

    fn add_fields(&mut self, body: &Value) {
        let required = body["required"].as_array();
        for (name, schema) in body["properties"].as_object().into_iter().flatten() {
            let is_required = required.is_some_and(|all| all.iter().any(|it| it == name));
            self.add(name, Place::Body, schema.clone(), is_required);
        }
    }
}

/// A schema with what it refers to put in its place: many clients follow no references.
fn inlined(schema: &Value, document: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let named = object.get("$ref").and_then(Value::as_str);
            let named = named.and_then(|at| document.pointer(at.trim_start_matches('#')));
            let mut whole = match named.map(|named| inlined(named, document)) {
                Some(Value::Object(whole)) => whole,
                _ => Map::new(),
            };
            for (key, value) in object.iter().filter(|(key, _)| *key != "$ref") {
                whole.insert(key.clone(), inlined(value, document));
            }
            Value::Object(whole)
        }
        Value::Array(all) => all.iter().map(|one| inlined(one, document)).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_a_tool_whose_arguments_are_those_of_its_operation() {
        let tools = of(&crate::document());
        let names: Vec<_> = tools.iter().map(|tool| tool.told.name.as_ref()).collect();
        assert_eq!(names, ROWS.map(|row| row.name));
        for tool in &tools {
            let schema = Value::Object(tool.told.input_schema.as_ref().clone());
            assert!(!schema.to_string().contains("$ref"), "{schema}");
            let named: Vec<_> = tool.places.iter().map(|(name, _)| name.as_str()).collect();
            let told: Vec<_> = schema["properties"].as_object().expect("some").keys().collect();
            assert_eq!(named, told);
        }
        let create = tools.last().expect("the last").told.input_schema.clone();
        let required = ["delivery_type", "contact", "message_text", "account_number"];
        assert_eq!(create["required"], json!(required));
        assert!(create["properties"]["schedule"].to_string().contains("\"frequency\""));
        assert!(create["properties"]["idempotency_key"].is_object());
    }
}
