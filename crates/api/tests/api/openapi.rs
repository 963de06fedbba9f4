//! The documents about the API: OpenAPI 3.1, and the Postman collection made from it.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;

use super::support::{House, ask, golden};

async fn document() -> Value {
    let house = House::new().await;
    let reply = house.send(ask(Method::GET, "nobody", "/api/openapi.json").empty()).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
    reply.json()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[tokio::test]
async fn it_is_openapi_3_1_and_names_every_operation() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("an object") {
            let id = operation["operationId"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{id} twice");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{id}");
            assert!(operation["tags"][0].is_string() && operation["security"].is_array(), "{id}");
            let has_id = operation["parameters"][0]["name"] == "id";
            assert_eq!(has_id, path.contains("{id}"), "{path}: is there a row in NOUNS?");
            for (status, response) in operation["responses"].as_object().expect("responses") {
                assert!(response["headers"]["X-Request-Id"].is_object(), "{id} {status}");
                let is_refusal = status.starts_with('4') || status.starts_with('5');
                let kinds = response["content"].as_object();
                let has_problem = kinds.is_some_and(|k| k.contains_key("application/problem+json"));
                assert_eq!(has_problem, is_refusal, "{id} {status}");
            }
            operations.push(format!("{method} {path}"));
        }
    }
    operations.sort();
    let wanted = [
        "delete /api/v2/to-dos/{id}",
        "get /api/v2/call-recordings",
        "get /api/v2/call-recordings/{id}",
        "get /api/v2/me",
        "get /api/v2/messages",
        "get /api/v2/messages/{id}",
        "get /api/v2/messages/{id}/activities",
        "get /api/v2/messages/{id}/corrections",
        "get /api/v2/messages/{id}/deliveries",
        "get /api/v2/on-call",
        "get /api/v2/on-call/{id}/shifts",
        "get /api/v2/to-dos",
        "get /api/v2/to-dos/{id}",
        "get /api/v2/to-dos/{id}/preview",
        "get /api/v2/to-dos/{id}/runs",
        "get /recordings/{id}/audio",
        "get /v1/messages",
        "get /v1/messages/{id}",
        "patch /api/v2/messages/{id}",
        "patch /api/v2/to-dos/{id}",
        "post /api/v2/messages",
        "post /api/v2/messages/{id}/corrections",
        "post /api/v2/messages/{id}/deliveries",
        "post /api/v2/to-dos",
        "post /api/v2/to-dos/preview",
        "post /api/v2/to-dos/{id}/pause",
        "post /api/v2/to-dos/{id}/resume",
        "post /hooks/v1/bounces",
        "post /hooks/v1/calls",
        "post /hooks/v1/calls/events",
        "post /hooks/v1/carriers/{name}/inbound",
        "post /hooks/v1/carriers/{name}/keys",
        "post /hooks/v1/carriers/{name}/status",
        "put /api/v2/messages/{id}",
        "put /api/v2/to-dos/{id}",
    ];
    assert_eq!(operations, wanted);
}

#[tokio::test]
async fn its_schemas_have_the_golden_keys_in_their_order_all_required() {
    let document = document().await;
    let schemas = &document["components"]["schemas"];
    let recording = &golden("call_recordings.json")["data"][0];
    let v1: Vec<Value> = golden("v1_message_fields.json").as_array().expect("a list").clone();
    let v1: Vec<&str> = v1.iter().filter_map(Value::as_str).collect();
    for (name, wanted) in [
        ("Message", keys(&golden("message.json")["data"])),
        ("CallRecording", keys(recording)),
        ("ReportedCall", keys(recording)),
        ("CallDetailRecord", keys(&recording["cdr"])),
        ("MessageV1", v1),
        ("ToDoItem", keys(&golden("to_do.json")["data"])),
        ("ToDo", keys(&golden("to_do.json")["data"]["to_do"])),
        ("Schedule", keys(&golden("to_do.json")["data"]["schedule"])),
        ("ScheduleRule", keys(&golden("to_do.json")["data"]["schedule"]["rule"])),
    ] {
        let schema = &schemas[name];
        assert_eq!(keys(&schema["properties"]), wanted, "{name}");
        let required = schema["required"].as_array().expect("a list").iter();
        assert_eq!(required.filter_map(Value::as_str).collect::<Vec<_>>(), wanted, "{name}");
    }
    assert_eq!(schemas["MessageUpdate"]["additionalProperties"], false);
    assert_eq!(schemas["CallReport"]["additionalProperties"], false);
    assert_eq!(schemas["ToDoUpdate"]["additionalProperties"], false);
    assert_eq!(schemas["NewToDo"]["additionalProperties"], Value::Null, "what is unknown passes");
    let wanted = ["account_number", "delivery_type", "contact", "message_text"];
    assert_eq!(schemas["NewToDo"]["required"], serde_json::json!(wanted));
    assert_eq!(schemas["ToDoUpdate"]["required"], Value::Null);
}

/// Every schema within a value that is an object with fields of its own, by where it stands.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    if value["type"] == "object" && value["properties"].is_object() {
        found.push(at.to_owned());
    }
    match value {
        Value::Object(object) => {
            for (key, inner) in object.iter().filter(|(key, _)| *key != "example") {
                objects(inner, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| objects(inner, at, found)),
        _ => {}
    }
}

#[tokio::test]
async fn an_object_is_said_once_and_referred_to_elsewhere() {
    let document = document().await;
    let mut found = Vec::new();
    objects(&document, "", &mut found);
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let inline = |at: &&String| {
        !at.strip_prefix("/components/schemas/").is_some_and(|name| schemas.contains_key(name))
    };
    assert_eq!(found.iter().filter(inline).collect::<Vec<_>>(), [""; 0]);
    assert!(found.len() > 30, "{found:?}");
    let text = document.to_string();
    for (name, schema) in schemas {
        let is_said = schema["type"].is_string() || schema["enum"].is_array();
        assert!(is_said, "{name} says nothing: {schema}");
        let reference = format!("\"#/components/schemas/{name}\"");
        assert!(text.contains(&reference), "{name} is referred to by nobody");
    }
    let row = &schemas["List_Message"]["properties"]["data"]["items"];
    let one = &schemas["Data_Message"]["properties"]["data"];
    assert_eq!((&row["$ref"], row), (&one["$ref"], one), "one type for a message");
    let status = &schemas["RunState"]["enum"];
    assert!(status.as_array().is_some_and(|words| words.contains(&"at_desk".into())), "{status}");
}

#[tokio::test]
async fn it_says_where_it_is_served_what_opens_it_and_that_audio_is_binary() {
    let document = document().await;
    assert_eq!(document["servers"][0]["url"], "/");
    let security = |path: &str, method: &str| document["paths"][path][method]["security"].clone();
    assert_eq!(security("/api/v2/me", "get"), serde_json::json!([{"bearer": []}]));
    assert_eq!(security("/v1/messages", "get"), serde_json::json!([{"email": [], "token": []}]));
    assert_eq!(security("/hooks/v1/calls", "post"), serde_json::json!([{"switch": []}]));
    assert_eq!(security("/recordings/{id}/audio", "get"), serde_json::json!([]));
    for webhook in document["webhooks"].as_object().expect("webhooks").values() {
        assert_eq!(webhook["post"]["security"], serde_json::json!([]));
    }
    let play = &document["paths"]["/recordings/{id}/audio"]["get"]["responses"]["200"]["content"];
    for kind in ["audio/mpeg", "audio/wav"] {
        let to = play[kind]["schema"]["$ref"].as_str().expect("a reference");
        let audio = document.pointer(to.trim_start_matches('#')).expect("a schema");
        assert_eq!((&audio["type"], &audio["format"]), (&"string".into(), &"binary".into()));
    }
}

#[tokio::test]
async fn words_and_numbers_are_typed_as_they_are_accepted() {
    let document = document().await;
    let field =
        |of: &str, name: &str| document["components"]["schemas"][of]["properties"][name].clone();
    let wanted = ["pending", "delivered", "acknowledged", "closed"];
    assert_eq!(field("MessageUpdate", "status")["enum"], serde_json::json!(wanted));
    let misfire = serde_json::json!(["run_late", "skip", "", null]);
    assert_eq!(field("NewToDo", "misfire")["enum"], misfire);
    assert!(field("NewSchedule", "frequency")["pattern"].is_string());
    assert!(field("NewSchedule", "week_start")["pattern"].is_string());
    for list in ["times", "days"] {
        assert!(field("NewSchedule", list)["items"]["pattern"].is_string(), "{list}");
    }
    assert_eq!(field("NewSchedule", "months")["items"]["maximum"], 12);
    assert_eq!(field("NewSchedule", "days_of_month")["items"]["oneOf"][1]["minimum"], -31);
    let nths = field("NewSchedule", "days_of_week");
    assert_eq!(nths["additionalProperties"]["items"]["oneOf"][0]["maximum"], 5);
    assert!(nths["propertyNames"]["pattern"].is_string(), "{nths}");
    for at in ["until", "starts_at"] {
        assert!(field("NewSchedule", at).to_string().contains("date-time"), "{at}");
    }
}

#[tokio::test]
async fn its_references_lead_somewhere() {
    let document = document().await;
    let mut waiting = vec![&document];
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(target)) = object.get("$ref") {
                    let pointer = target.strip_prefix('#').expect("a local reference");
                    assert!(document.pointer(pointer).is_some(), "{target}");
                    seen += 1;
                }
                waiting.extend(object.values());
            }
            Value::Array(values) => waiting.extend(values),
            _ => {}
        }
    }
    assert!(seen > 50, "{seen}");
}

#[tokio::test]
async fn its_examples_are_the_golden_bodies() {
    let document = document().await;
    let example = |path: &str, status: &str| {
        let responses = &document["paths"][path]["get"]["responses"];
        responses[status]["content"]["application/json"]["example"].clone()
    };
    assert_eq!(example("/api/v2/messages/{id}", "200"), golden("message.json"));
    assert_eq!(example("/api/v2/messages", "401"), golden("invalid_token.json"));
    assert_eq!(example("/v1/messages", "404"), golden("invalid_token.json"));
    assert_eq!(example("/api/v2/call-recordings", "200"), golden("call_recordings.json"));
    let create = &document["paths"]["/api/v2/to-dos"]["post"];
    let json = |body: &Value| body["content"]["application/json"]["example"].clone();
    assert_eq!(json(&create["requestBody"]), golden("to_do_create_request.json"));
    assert_eq!(json(&create["responses"]["201"]), golden("to_do.json"));
}

#[tokio::test]
async fn the_collection_has_a_tested_request_for_every_operation() {
    let house = House::new().await;
    let collection = house.get("/api/postman.json").await.json();
    let schema = collection["info"]["schema"].as_str().expect("a schema");
    assert!(schema.ends_with("v2.1.0/collection.json"));
    assert_eq!(collection["item"][0]["name"], "Me", "it tells what the others need");
    for id in ["message_id", "recording_id", "to_do_id", "message_account_number", "switch_key"] {
        let variables = collection["variable"].as_array().expect("variables");
        let known = variables.iter().find(|variable| variable["key"] == id).expect(id);
        assert_eq!(known["value"], "", "{id} is nobody's until an answer tells it");
    }
    let mut names = Vec::new();
    for folder in collection["item"].as_array().expect("folders") {
        for item in folder["item"].as_array().expect("requests") {
            let raw = item["request"]["url"]["raw"].as_str().expect("an address");
            assert!(raw.starts_with("{{baseUrl}}/") && !raw.contains("{id}"), "{raw}");
            let script = item["event"][0]["script"]["exec"].to_string();
            assert!(script.contains("pm.response.code") && script.contains("X-Request-Id"));
            names.push(format!("{} {raw}", item["request"]["method"].as_str().expect("a method")));
        }
    }
    names.sort();
    let wanted = [
        "DELETE {{baseUrl}}/api/v2/to-dos/{{to_do_id}}",
        "GET {{baseUrl}}/api/v2/call-recordings/{{recording_id}}",
        "GET {{baseUrl}}/api/v2/call-recordings?limit=50",
        "GET {{baseUrl}}/api/v2/me",
        "GET {{baseUrl}}/api/v2/messages/{{message_id}}",
        "GET {{baseUrl}}/api/v2/messages/{{message_id}}/activities",
        "GET {{baseUrl}}/api/v2/messages/{{message_id}}/corrections",
        "GET {{baseUrl}}/api/v2/messages/{{message_id}}/deliveries",
        "GET {{baseUrl}}/api/v2/messages?limit=50",
        "GET {{baseUrl}}/api/v2/on-call",
        "GET {{baseUrl}}/api/v2/on-call/{{rotation_id}}/shifts",
        "GET {{baseUrl}}/api/v2/to-dos/{{to_do_id}}",
        "GET {{baseUrl}}/api/v2/to-dos/{{to_do_id}}/preview",
        "GET {{baseUrl}}/api/v2/to-dos/{{to_do_id}}/runs?limit=50",
        "GET {{baseUrl}}/api/v2/to-dos?limit=50",
        "GET {{baseUrl}}/v1/messages/{{message_id}}",
        "GET {{baseUrl}}/v1/messages?limit=50",
        "PATCH {{baseUrl}}/api/v2/messages/{{message_id}}",
        "PATCH {{baseUrl}}/api/v2/to-dos/{{to_do_id}}",
        "POST {{baseUrl}}/api/v2/messages",
        "POST {{baseUrl}}/api/v2/messages/{{new_message_id}}/corrections",
        "POST {{baseUrl}}/api/v2/messages/{{new_message_id}}/deliveries",
        "POST {{baseUrl}}/api/v2/to-dos",
        "POST {{baseUrl}}/api/v2/to-dos/preview",
        "POST {{baseUrl}}/api/v2/to-dos/{{to_do_id}}/pause",
        "POST {{baseUrl}}/api/v2/to-dos/{{to_do_id}}/resume",
        "POST {{baseUrl}}/hooks/v1/calls",
        "POST {{baseUrl}}/hooks/v1/calls/events",
        "PUT {{baseUrl}}/api/v2/messages/{{message_id}}",
        "PUT {{baseUrl}}/api/v2/to-dos/{{to_do_id}}",
    ];
    assert_eq!(names, wanted);
}
