//! The API reference, made from the OpenAPI document.

use handbook::reference::{Body, DocumentedAnswer, Group, Operation, Reference, Row};
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

use crate::{chapters, samples};

/// The folder of what programs of clients use.
const CLIENTS: &str = "user-portal-apis";

/// How many keys within keys are told.
const DEEPEST: usize = 2;

/// The reference of a document.
pub(crate) fn of(document: &OpenApi) -> Reference {
    let document = serde_json::to_value(document).unwrap_or_default();
    let mut groups = groups(&document);
    let webhooks = crate::webhooks::chapter();
    groups.push(Group {
        folder: folder("Webhooks"),
        title: "Webhooks".to_owned(),
        description: webhooks.paragraphs[0].clone(),
        prose: webhooks.markdown(),
        is_aside: false,
        operations: Vec::new(),
    });
    Reference {
        version: text(&document["info"]["version"]),
        introduction: chapters::INTRODUCTION.to_owned(),
        chapters: chapters::all(),
        groups,
    }
}

/// Where the pages of a group stand: what programs of clients use, and what the equipment does.
fn folder(group: &str) -> String {
    match group {
        "Switches" | "Carriers" => "telephony-apis".to_owned(),
        _ => CLIENTS.to_owned(),
    }
}

fn groups(document: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = list(&document["tags"])
        .iter()
        .map(|tag| Group {
            folder: folder(&text(&tag["name"])),
            title: text(&tag["name"]),
            description: text(&tag["description"]),
            prose: chapters::prose(&text(&tag["name"])),
            is_aside: folder(&text(&tag["name"])) != CLIENTS,
            operations: Vec::new(),
        })
        .collect();
    for (path, item) in object(&document["paths"]) {
        for (method, operation) in object(item) {
            let tag = text(&operation["tags"][0]);
            // PUT is PATCH by another name, and told there.
            let is_second = method == "put" && item["patch"].is_object();
            if let Some(group) = groups.iter_mut().find(|group| group.title == tag && !is_second) {
                let also = if method == "patch" && item["put"].is_object() { "PUT" } else { "" };
                let view = OperationView { document, path, method, operation };
                group.operations.push(view.operation(also));
            }
        }
    }
    groups
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
    /// The operation as its page shows it.
    fn operation(&self, also: &str) -> Operation {
        let parameters = list(&self.operation["parameters"]).iter().map(|parameter| Row {
            name: text(&parameter["name"]),
            kind: self.kind(&parameter["schema"]),
            place: text(&parameter["in"]),
            required: parameter["required"] == true,
            description: text(&parameter["description"]),
        });
        let id = text(&self.operation["operationId"]);
        Operation {
            method: self.method.to_uppercase(),
            also: also.to_owned(),
            path: self.path.to_owned(),
            summary: text(&self.operation["summary"]),
            description: text(&self.operation["description"]),
            prose: chapters::prose(&id),
            parameters: parameters.collect(),
            request: self.request(),
            responses: object(&self.operation["responses"])
                .map(|(status, response)| self.answer(status, response))
                .collect(),
            samples: samples::of(self.method, self.path, self.operation),
            id,
        }
    }

    fn request(&self) -> Option<Body> {
        let (kind, content) = object(&self.operation["requestBody"]["content"]).next()?;
        let mut rows = Vec::new();
        self.add_rows(&content["schema"], "", true, &mut rows);
        Some(Body { content_type: kind.clone(), rows, example: pretty(&content["example"]) })
    }

    /// A refusal has no rows and no example: its form is the same everywhere.
    fn answer(&self, status: &str, response: &Value) -> DocumentedAnswer {
        let content = &response["content"]["application/json"];
        let is_success = status.starts_with('2');
        let mut rows = Vec::new();
        if is_success {
            self.add_rows(&content["schema"], "", false, &mut rows);
        }
        DocumentedAnswer {
            status: status.to_owned(),
            description: text(&response["description"]),
            rows,
            example: if is_success { pretty(&content["example"]) } else { String::new() },
        }
    }

    /// The keys of a body, and those of what its keys hold: `cdr.talk_sec`. What every answer of
    /// version 2 stands in, `data`, is not said each time.
    fn add_rows(&self, schema: &Value, before: &str, is_sent: bool, rows: &mut Vec<Row>) {
        let inner = self.inner(schema);
        let schema = self.target(inner);
        let required = list(&schema["required"]);
        for (name, property) in object(&schema["properties"]) {
            let holds = self.target(self.inner(property));
            if name == "data" && before.is_empty() && !is_sent {
                self.add_rows(property, "", is_sent, rows);
                continue;
            }
            let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
            let told = [property, self.inner(property), holds].map(|it| text(&it["description"]));
            let description = told.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
            rows.push(Row {
                name: path.clone(),
                kind: self.kind(property),
                place: String::new(),
                required: required.iter().any(|key| key == name),
                description,
            });
            if path.matches('.').count() < DEEPEST {
                self.add_rows(property, &path, is_sent, rows);
            }
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

    /// A schema in a few words: `string or null`, `array of Message`, `integer, 1 to 1000`.
    fn kind(&self, schema: &Value) -> String {
        let choices = list(&schema["oneOf"]);
        if !choices.is_empty() {
            let kinds: Vec<String> = choices.iter().map(|choice| self.kind(choice)).collect();
            return ordered(kinds);
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()) {
            let target = self.target(schema);
            let is_plain = target["type"] == "string";
            return if is_plain { self.kind(target) } else { name.to_owned() };
        }
        let words = list(&schema["enum"]);
        if !words.is_empty() {
            let said = words.iter().filter_map(Value::as_str).filter(|word| !word.is_empty());
            let said: Vec<String> = said.map(|word| format!("`{word}`")).collect();
            let or_null = if words.iter().any(Value::is_null) { " or null" } else { "" };
            return said.join(", ") + or_null;
        }
        let kind = if schema["items"].is_object() {
            let is_maybe = list(&schema["type"]).iter().any(|kind| kind == "null");
            let or_null = if is_maybe { " or null" } else { "" };
            format!("array of {}{or_null}", self.kind(&schema["items"]))
        } else {
            match &schema["type"] {
                Value::Array(kinds) => ordered(kinds.iter().map(text).collect()),
                kind => text(kind),
            }
        };
        let format = match schema["format"].as_str() {
            Some(format @ ("date-time" | "uuid" | "uri" | "binary")) => format!(", {format}"),
            _ => String::new(),
        };
        format!("{kind}{format}{}", limits(schema))
    }
}

fn pretty(example: &Value) -> String {
    match example {
        Value::Null => String::new(),
        example => serde_json::to_string_pretty(example).unwrap_or_default(),
    }
}

/// How large a value may be, in words.
fn limits(schema: &Value) -> String {
    let of = |key: &str| schema[key].as_u64();
    match (of("minimum"), of("maximum"), of("maxLength"), of("maxItems")) {
        (Some(min), Some(max), ..) => format!(", {min} to {max}"),
        (Some(min), None, ..) => format!(", at least {min}"),
        (_, _, Some(max), _) => format!(", at most {max} characters"),
        (_, _, _, Some(max)) => format!(", at most {max} entries"),
        _ => String::new(),
    }
}

/// `null` is said last.
fn ordered(mut kinds: Vec<String>) -> String {
    kinds.sort_by_key(|kind| kind == "null");
    kinds.join(" or ")
}
