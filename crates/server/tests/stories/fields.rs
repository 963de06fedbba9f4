//! Every field of the contract lives: the demo fills each of them, by a path that a user can take.

use std::collections::BTreeSet;

use serde_json::Value;

use super::demo::told;
use super::live::{Place, http};

/// What nobody fills on the demo, and why.
const WAITING: [(&str, &str); 4] = [
    ("message.chat_session_id", "there is no door for chats yet"),
    ("to_do.is_sending", "true only for the moment in which a run is being sent"),
    ("to_do.sendgrid_authenticated_domain_id", "mail goes out by the operator's own servers"),
    ("to_do.times", "null by the contract: times stand in the schedule"),
];

/// The origins that messages of the demo do not come from, and why.
const ORIGINS_WAITING: [(&str, &str); 4] = [
    ("chat", "there is no door for chats yet"),
    ("email", "no door takes mail in as a message yet"),
    ("text", "a text is an answer to a message, and no message of its own yet"),
    ("voicemail", "only a call that we carry can leave one"),
];

/// Whether a value tells something.
fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(all) => !all.is_empty(),
        Value::Object(all) => !all.is_empty(),
    }
}

/// The keys of these objects that none of them fills, each under a name.
fn dead(name: &str, objects: &[&Value], keys: usize) -> BTreeSet<String> {
    let first = objects.first().and_then(|object| object.as_object()).expect("an object");
    assert_eq!(first.len(), keys, "{name}");
    let is_dead = |key: &&String| !objects.iter().any(|object| is_filled(&object[key.as_str()]));
    first.keys().filter(is_dead).map(|key| format!("{name}.{key}")).collect()
}

fn names(waiting: &[(&str, &str)]) -> BTreeSet<String> {
    waiting.iter().map(|(name, _)| (*name).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_of_the_contract_is_filled_on_the_demo() {
    let dir = tempfile::tempdir().expect("a folder");
    let place = Place::at(dir.path());
    place.ok(&["migrate"]);
    place.ok(&["demo"]);
    let told = told(&place);
    let owner = told.pointer("/owner/email").and_then(Value::as_str).expect("an address");
    let key = place.ok(&["key", "create", "--tenant", "demo", "--email", owner, "--name", "look"]);
    let key = key.trim_end().rsplit(' ').next().expect("a token");
    let server = place.serve();
    let http = http().build().expect("a client");
    let rows = async |list: &str| -> Vec<Value> {
        let url = format!("{}/api/v2/{list}", server.url);
        let answer = http.get(url).bearer_auth(key).send().await.expect("an answer");
        let body: Value = answer.json().await.expect("JSON");
        body["data"].as_array().unwrap_or_else(|| panic!("{list}: {body}")).clone()
    };

    let messages = rows("messages").await;
    let to_dos = rows("to-dos").await;
    let recordings = rows("call-recordings").await;
    let of = |rows: &'static str| move |row: &'_ Value| row[rows].clone();
    let schedules: Vec<Value> = to_dos.iter().map(of("schedule")).filter(is_filled).collect();
    let to_dos: Vec<Value> = to_dos.iter().map(of("to_do")).collect();
    let cdrs: Vec<Value> = recordings.iter().map(of("cdr")).collect();
    let mut found = BTreeSet::new();
    let tables = [
        ("message", &messages, 57),
        ("to_do", &to_dos, 16),
        ("schedule", &schedules, 9),
        ("recording", &recordings, 10),
        ("cdr", &cdrs, 29),
    ];
    for (name, rows, keys) in tables {
        found.extend(dead(name, &rows.iter().collect::<Vec<_>>(), keys));
    }
    assert_eq!(found, names(&WAITING));

    let origins: BTreeSet<&str> =
        messages.iter().filter_map(|message| message["origin"].as_str()).collect();
    let all = ["api", "call", "chat", "email", "text", "to_do", "voicemail"];
    let missing: BTreeSet<String> = all
        .iter()
        .filter(|origin| !origins.contains(*origin))
        .map(|origin| (*origin).to_owned())
        .collect();
    assert_eq!(missing, names(&ORIGINS_WAITING));
}
