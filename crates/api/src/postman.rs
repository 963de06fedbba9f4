//! The Postman collection (v2.1), made from the OpenAPI document.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use crate::openapi::{NOUNS, noun_of};

/// A collection with one request for each operation, each with a test of its status. Whoever sets
/// `baseUrl` and `token` can run it: an answer hands its ids on, what nobody knows is not asked, and
/// what is deleted was made by the run itself.
pub(crate) fn collection(document: &OpenApi) -> Value {
    let document = serde_json::to_value(document).unwrap_or_default();
    let mut folders: Vec<(String, Vec<Value>)> = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let tag = operation["tags"][0].as_str().unwrap_or("Other").to_owned();
            let Some(request) = request(path, method, operation) else {
                continue;
            };
            match folders.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, requests)) => requests.push(request),
                None => folders.push((tag, vec![request])),
            }
        }
    }
    // Who one is tells what the others need.
    folders.sort_by_key(|(name, _)| name != "Me");
    // What is made by one request is there for the next ones; last of all it is deleted.
    for (_, requests) in &mut folders {
        requests.sort_by_key(|request| request["request"]["method"] == "DELETE");
    }
    let folders: Vec<Value> =
        folders.into_iter().map(|(name, item)| json!({"name": name, "item": item})).collect();
    json!({
        "info": {
            "name": document["info"]["title"],
            "description": document["info"]["description"],
            "version": document["info"]["version"],
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": folders,
        "event": [before_each()],
        "variable": variables(),
    })
}

/// An operation, where in its answer stands what it hands on, and the variables that this fills.
type HandedOn = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What answers hand on.
const KEPT: [HandedOn; 6] = [
    (
        "get_me",
        ".data",
        &[
            ("email", "found.email"),
            ("account_number", "found.accounts.length ? found.accounts[0].account_number : ''"),
        ],
    ),
    ("list_messages", ".data[0]", &[("message_id", "found.id"), ("message_read", "found.read")]),
    ("create_message", ".data", &[("new_message_id", "found.id")]),
    ("list_call_recordings", ".data[0]", &[("recording_id", "found.id")]),
    ("list_on_call", ".data[0]", &[("rotation_id", "found.id")]),
    ("create_to_do", ".data.to_do", &[("to_do_id", "found.id")]),
];

fn variables() -> Vec<Value> {
    let variables = [
        ("baseUrl", "https://demo.liberty.example"),
        ("token", "lk_your_key"),
        ("v1_token", "{{token}}"),
    ];
    // These are filled by the answers; a switch's key by whoever has one, and the account by whoever
    // wants a message made, which is really sent.
    let found = [
        "email",
        "account_number",
        "message_read",
        "switch_key",
        "message_account_number",
        "new_message_id",
    ];
    let ids = NOUNS.iter().map(|(_, [_, variable, _])| *variable);
    let mut empty: Vec<&str> = found.into_iter().chain(ids).collect();
    empty.dedup();
    let empty = empty.into_iter().map(|key| (key, ""));
    let all = variables.into_iter().chain(empty);
    all.map(|(key, value)| json!({"key": key, "value": value})).collect()
}

/// Where the variable `host` is set, it is sent as `Host`: for a server that is reached by an
/// address, while its tenants are told apart by name. A request that needs what is not known, such
/// as the id of a To Do that was never made, is left out.
fn before_each() -> Value {
    let script = [
        "const host = pm.variables.get('host');",
        "if (host) { pm.request.headers.upsert({key: 'Host', value: host}); }",
        "const names = JSON.stringify(pm.request).match(/{{\\w+}}/g) || [];",
        "const unknown = names.find((name) => !pm.variables.get(name.slice(2, -2)));",
        "if (unknown) {",
        "  console.log(`left out: ${pm.info.requestName} needs ${unknown}`);",
        "  pm.execution.skipRequest();",
        "}",
    ];
    json!({"listen": "prerequest", "script": {"type": "text/javascript", "exec": script}})
}

/// What is signed is nobody's to make up: a link is made from an answer, a callback by its carrier.
fn request(path: &str, method: &str, operation: &Value) -> Option<Value> {
    let id = operation["operationId"].as_str()?;
    if id == "play_recording" || operation["tags"][0] == "Carriers" {
        return None;
    }
    let id_variable = match id {
        // Only a message that was made here is told to anybody again.
        "send_message" | "correct_message" => Some("new_message_id"),
        _ => noun_of(path).map(|[_, variable, _]| variable),
    };
    let id_variable = id_variable.map(|variable| format!("{{{{{variable}}}}}")).unwrap_or_default();
    let segments: Vec<String> = path
        .trim_start_matches('/')
        .split('/')
        .map(|segment| if segment == "{id}" { id_variable.clone() } else { segment.to_owned() })
        .collect();
    let mut raw = format!("{{{{baseUrl}}}}/{}", segments.join("/"));
    let query = query(operation);
    if query.iter().any(|parameter| parameter["disabled"] == json!(false)) {
        raw.push_str("?limit=50");
    }
    let mut request = json!({
        "method": method.to_uppercase(),
        "description": operation["description"],
        "header": headers(operation),
        "url": {"raw": raw, "host": ["{{baseUrl}}"], "path": segments, "query": query},
    });
    request["auth"] = auth(operation);
    if let Some(body) = body(operation) {
        request["body"] = body;
    }
    Some(json!({
        "name": operation["summary"],
        "request": request,
        "event": [{"listen": "test", "script": {
            "type": "text/javascript", "exec": test(operation),
        }}],
    }))
}

fn query(operation: &Value) -> Vec<Value> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let asked = parameters.filter(|parameter| parameter["in"] == "query");
    let asked = asked.map(|parameter| {
        let is_limit = parameter["name"] == "limit";
        let example = [&parameter["example"], &parameter["schema"]["examples"][0]]
            .into_iter()
            .find(|example| !example.is_null());
        let value = match example {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        json!({
            "key": parameter["name"],
            "value": if is_limit { "50".to_owned() } else { value },
            "description": parameter["description"],
            "disabled": !is_limit,
        })
    });
    asked.collect()
}

fn schemes(operation: &Value) -> Vec<&str> {
    let needs = operation["security"].as_array().into_iter().flatten();
    needs
        .flat_map(|need| need.as_object().into_iter().flat_map(Map::keys))
        .map(String::as_str)
        .collect()
}

fn headers(operation: &Value) -> Vec<Value> {
    let mut headers = vec![json!({"key": "Accept", "value": "application/json"})];
    if schemes(operation).contains(&"email") {
        headers.push(json!({"key": "X-API-EMAIL", "value": "{{email}}"}));
        headers.push(json!({"key": "X-API-TOKEN", "value": "{{v1_token}}"}));
    }
    if operation["requestBody"]["content"].get("application/json").is_some() {
        headers.push(json!({"key": "Content-Type", "value": "application/json"}));
    }
    headers
}

fn auth(operation: &Value) -> Value {
    let token = match schemes(operation).first() {
        Some(&"bearer") => "{{token}}",
        Some(&"switch") => "{{switch_key}}",
        _ => return json!({"type": "noauth"}),
    };
    json!({"type": "bearer", "bearer": [{"key": "token", "value": token, "type": "string"}]})
}

fn body(operation: &Value) -> Option<Value> {
    let content = operation["requestBody"]["content"].as_object()?;
    if content.contains_key("multipart/form-data") {
        let call = json!({
            "call_sid": "{{$guid}}",
            "account_number": "{{account_number}}",
            "did_number": "5617819977",
            "from": "529841275287",
            "agent_username": "jose",
            "started_at": "{{$isoTimestamp}}",
            "cdr": {"unique_call_id": 1_000_266_805, "call_type": "InboundCall", "talk_sec": 6},
        });
        let part = json!({
            "key": "call", "type": "text", "value": call.to_string(),
            "contentType": "application/json",
        });
        return Some(json!({"mode": "formdata", "formdata": [part]}));
    }
    let mut example = content.get("application/json")?["example"].clone();
    if example["account_number"].is_string() {
        let is_message = operation["operationId"] == "create_message";
        let variable = if is_message { "{{message_account_number}}" } else { "{{account_number}}" };
        example["account_number"] = variable.into();
    }
    if example["read"].is_boolean() {
        // Of a message that is a customer's: it stays as it is.
        example["read"] = "{{message_read}}".into();
    }
    let raw = serde_json::to_string_pretty(&example).unwrap_or_default();
    let raw = raw.replace("\"{{message_read}}\"", "{{message_read}}");
    Some(json!({"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}))
}

/// Checks the status, the request id, and that the body is of the documented shape.
fn test(operation: &Value) -> Vec<String> {
    let responses = operation["responses"].as_object();
    let is_good = |status: &&String| status.starts_with('2');
    let good: Vec<&str> =
        responses.into_iter().flat_map(Map::keys).filter(is_good).map(String::as_str).collect();
    let is_v1 = operation["tags"][0] == "Version 1";
    let has_body = !good.contains(&"204");
    let mut lines = vec![
        format!("pm.test('status is {}', () => {{", good.join(" or ")),
        format!("  pm.expect(pm.response.code).to.be.oneOf([{}]);", good.join(", ")),
        "});".to_owned(),
        "pm.test('the answer names its request', () => {".to_owned(),
        "  pm.response.to.have.header('X-Request-Id');".to_owned(),
        "});".to_owned(),
    ];
    let id = operation["operationId"].as_str().unwrap_or_default();
    if let Some((_, found, kept)) = KEPT.iter().find(|(from, ..)| *from == id) {
        lines.push(format!("const found = pm.response.code < 300 && pm.response.json(){found};"));
        lines.extend(kept.iter().map(|(variable, value)| {
            format!("if (found) {{ pm.collectionVariables.set('{variable}', String({value})); }}")
        }));
    }
    if id == "delete_to_do" {
        lines.push("pm.collectionVariables.set('to_do_id', '');".to_owned());
    }
    if has_body && !is_v1 {
        lines.extend([
            "pm.test('the body is wrapped in data', () => {".to_owned(),
            "  pm.expect(pm.response.json()).to.have.property('data');".to_owned(),
            "});".to_owned(),
        ]);
    }
    lines
}
