//! The API reference, made from the OpenAPI document.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;
use web::reference::{ANY_HOST, Body, DocumentedAnswer, Group, Operation, Reference, Row};

use crate::chapters;
use crate::openapi::noun_of;

/// The reference of a document.
pub(crate) fn of(document: &OpenApi) -> Reference {
    let document = serde_json::to_value(document).unwrap_or_default();
    Reference {
        title: "Liberty API".to_owned(),
        version: text(&document["info"]["version"]),
        base_url: ANY_HOST.to_owned(),
        intro: vec![text(&document["info"]["description"])],
        chapters: chapters::all(),
        groups: groups(&document),
    }
}

fn groups(document: &Value) -> Vec<Group> {
    let mut shown = BTreeSet::new();
    let mut groups: Vec<Group> = list(&document["tags"])
        .iter()
        .map(|tag| Group {
            id: anchor(&text(&tag["name"])),
            title: text(&tag["name"]),
            description: text(&tag["description"]),
            operations: Vec::new(),
        })
        .collect();
    for (path, item) in object(&document["paths"]) {
        for (method, operation) in object(item) {
            let tag = text(&operation["tags"][0]);
            if let Some(group) = groups.iter_mut().find(|group| group.title == tag) {
                let view = OperationView { document, path, method, operation };
                group.operations.push(view.operation(&mut shown));
            }
        }
    }
    groups
}

fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// An operation with all that it refers to.
struct OperationView<'a> {
    document: &'a Value,
    path: &'a str,
    method: &'a str,
    operation: &'a Value,
}

impl OperationView<'_> {
    /// The operation as the page shows it. `shown` holds the bodies whose keys are told already.
    fn operation(&self, shown: &mut BTreeSet<String>) -> Operation {
        let parameters = list(&self.operation["parameters"]).iter().map(|parameter| Row {
            name: text(&parameter["name"]),
            kind: self.kind(&parameter["schema"]),
            place: text(&parameter["in"]),
            required: parameter["required"] == true,
            description: text(&parameter["description"]),
            nested: false,
        });
        let description = text(&self.operation["description"]);
        Operation {
            id: text(&self.operation["operationId"]),
            method: self.method.to_uppercase(),
            path: self.path.to_owned(),
            summary: text(&self.operation["summary"]),
            description: if description.is_empty() { Vec::new() } else { vec![description] },
            parameters: parameters.collect(),
            request: self.request(),
            responses: object(&self.operation["responses"])
                .map(|(status, response)| self.answer(status, response, shown))
                .collect(),
            curl: self.curl(),
        }
    }

    fn request(&self) -> Option<Body> {
        let (kind, content) = object(&self.operation["requestBody"]["content"]).next()?;
        let example = match &content["example"] {
            Value::Null => String::new(),
            example => serde_json::to_string_pretty(example).unwrap_or_default(),
        };
        Some(Body { content_type: kind.clone(), rows: self.rows(&content["schema"]), example })
    }

    fn answer(
        &self,
        status: &str,
        response: &Value,
        shown: &mut BTreeSet<String>,
    ) -> DocumentedAnswer {
        let content = &response["content"]["application/json"];
        let example = match &content["example"] {
            Value::Null => String::new(),
            example => serde_json::to_string_pretty(example).unwrap_or_default(),
        };
        let schema = &content["schema"];
        let is_new = status.starts_with('2') && shown.insert(schema.to_string());
        DocumentedAnswer {
            status: status.to_owned(),
            description: text(&response["description"]),
            rows: if is_new { self.rows(schema) } else { Vec::new() },
            // A refusal is shown once; its form is the same everywhere.
            example: if status.starts_with('2') { example } else { String::new() },
        }
    }

    /// The keys of a body, and those of what its keys hold.
    fn rows(&self, schema: &Value) -> Vec<Row> {
        let mut rows = Vec::new();
        for (name, property) in object(&self.target(schema)["properties"]) {
            rows.push(self.row(schema, name, property, false));
            let inner = self.inner(property);
            for (name, property) in object(&self.target(inner)["properties"]) {
                rows.push(self.row(inner, name, property, true));
            }
        }
        rows
    }

    fn row(&self, parent: &Value, name: &str, property: &Value, nested: bool) -> Row {
        let required = list(&self.target(parent)["required"]).iter();
        let description = match property["description"].as_str() {
            Some(description) => description.to_owned(),
            None => text(&self.target(self.inner(property))["description"]),
        };
        Row {
            name: name.to_owned(),
            kind: self.kind(property),
            place: String::new(),
            // In answers every key is there; the mark is for what a caller must send.
            required: self.method != "get" && required.clone().any(|key| key == name) && !nested,
            description,
            nested,
        }
    }

    /// What a reference leads to, or the schema itself.
    fn target<'v>(&'v self, schema: &'v Value) -> &'v Value {
        let target = schema["$ref"].as_str().and_then(|at| at.strip_prefix('#'));
        target.and_then(|at| self.document.pointer(at)).unwrap_or(schema)
    }

    /// The schema that is neither null nor a list around another.
    fn inner<'v>(&self, schema: &'v Value) -> &'v Value {
        let choices = list(&schema["oneOf"]).iter().find(|choice| choice["type"] != "null");
        let schema = choices.unwrap_or(schema);
        if schema["items"].is_object() { &schema["items"] } else { schema }
    }

    /// A schema in a few words: `string or null`, `array of Message`.
    fn kind(&self, schema: &Value) -> String {
        if let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()) {
            return name.to_owned();
        }
        let choices = list(&schema["oneOf"]);
        if !choices.is_empty() {
            let kinds: Vec<String> = choices.iter().map(|choice| self.kind(choice)).collect();
            return ordered(kinds);
        }
        let words = list(&schema["enum"]);
        if !words.is_empty() {
            let words: Vec<String> = words.iter().map(text).collect();
            return words.join(", ");
        }
        if schema["items"].is_object() {
            return format!("array of {}", self.kind(&schema["items"]));
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => ordered(kinds.iter().map(text).collect()),
            kind => text(kind),
        };
        match schema["format"].as_str() {
            Some(format @ ("date-time" | "uuid" | "uri" | "binary")) => format!("{kind}, {format}"),
            _ => kind,
        }
    }

    fn curl(&self) -> String {
        let id = noun_of(self.path).map_or("", |[.., example]| example);
        let path = self.path.replace("{id}", id);
        let mut line = "curl".to_owned();
        if self.method != "get" {
            line.push_str(&format!(" -X {}", self.method.to_uppercase()));
        }
        let security = self.operation["security"].to_string();
        let headers: &[&str] = match security.as_str() {
            s if s.contains("bearer") => &["Authorization: Bearer $KEY"],
            s if s.contains("switch") => &["Authorization: Bearer $SWITCH_KEY"],
            s if s.contains("mail_server") => &["Authorization: Bearer $TOKEN"],
            s if s.contains("email") => &["X-API-EMAIL: $EMAIL", "X-API-TOKEN: $KEY"],
            _ => &[],
        };
        for header in headers {
            line.push_str(&format!(" \\\n  -H \"{header}\""));
        }
        let content = &self.operation["requestBody"]["content"];
        if content["application/json"].is_object() {
            let example = &content["application/json"]["example"];
            line.push_str(&format!(" \\\n  -H 'Content-Type: application/json' -d '{example}'"));
        } else if content["multipart/form-data"].is_object() {
            line.push_str(" \\\n  -F 'call=<call.json;type=application/json' -F audio=@call.wav");
        }
        if content["message/rfc822"].is_object() {
            line.push_str(" \\\n  -H 'Content-Type: message/rfc822' --data-binary @mail.eml");
        }
        let is_list = list(&self.operation["parameters"]).iter().any(|p| p["name"] == "limit");
        let query = if is_list { "?limit=50" } else { "" };
        line.push_str(&format!(" \\\n  \"{}{path}{query}\"", ANY_HOST));
        line
    }
}

/// `null` is said last.
fn ordered(mut kinds: Vec<String>) -> String {
    kinds.sort_by_key(|kind| kind == "null");
    kinds.join(" or ")
}
