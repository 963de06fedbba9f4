//! The demo: loaded once, told to scripts, and what they are told works.

use serde_json::Value;

use super::live::{Place, http, sign_in};

pub(super) fn told(place: &Place) -> Value {
    let text = std::fs::read_to_string(place.dir.join("demo.json")).expect("demo.json");
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_demo_tells_scripts_works_and_stays_when_it_is_loaded_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let place = Place::at(dir.path());
    place.ok(&["migrate"]);
    let printed = place.ok(&["demo"]);
    let first = told(&place);
    let keys: Vec<&String> = first.as_object().expect("an object").keys().collect();
    let expected = [
        "url",
        "host",
        "v2_key",
        "v1_email",
        "v1_token",
        "account_number",
        "message_id",
        "recording_id",
        "switch_key",
        "other_tenant",
        "agent",
        "client",
        "owner",
    ];
    assert_eq!(keys, expected);
    let text = |path: &str| first.pointer(path).and_then(Value::as_str).expect(path).to_owned();
    assert!(printed.contains(&text("/client/password")) && printed.contains(&text("/v2_key")));

    // Another port: the addresses change, nothing else does.
    let elsewhere = Place::at(dir.path());
    elsewhere.ok(&["demo"]);
    let second = told(&elsewhere);
    assert_ne!(second["url"], first["url"]);
    assert_eq!(second["v2_key"], first["v2_key"]);
    assert_eq!(second["host"], format!("demo.localhost:{}", elsewhere.port));

    let server = elsewhere.serve();
    let http = http().build().expect("a client");
    let ask = async |path: &str, host: &str, key: &str| {
        let url = format!("{}{path}", server.url);
        let request = http.get(url).header("Host", host).bearer_auth(key);
        request.send().await.expect("an answer")
    };
    let key = text("/v2_key");
    let address = format!("127.0.0.1:{}", elsewhere.port);
    let demo = second["host"].as_str().expect("a host").to_owned();
    let other = second.pointer("/other_tenant/host").and_then(Value::as_str).expect("a host");
    let message = format!("/api/v2/messages/{}", first["message_id"]);
    let recording = format!("/api/v2/call-recordings/{}", first["recording_id"]);
    for host in [&address, &demo] {
        assert_eq!(ask(&message, host, &key).await.status(), 200, "{host}");
        assert_eq!(ask(&recording, host, &key).await.status(), 200, "{host}");
    }
    let all: Value = ask("/api/v2/messages", &demo, &key).await.json().await.expect("JSON");
    let all = all["data"].as_array().expect("a list").len();
    assert!((280..=320).contains(&all), "{all} messages");

    // The two doors of one house: what the pages about the API say comes from the API.
    let page = "/docs/api-reference/user-portal-apis/messages/list-messages";
    let reference = ask(page, &demo, &key).await.text().await.expect("a page");
    assert!(reference.contains("List messages") && reference.contains(&format!("http://{demo}")));

    let other_key = text("/other_tenant/v2_key");
    let theirs = format!("/api/v2/messages/{}", first["other_tenant"]["message_id"]);
    assert_eq!(ask(&theirs, other, &other_key).await.status(), 200);
    assert_eq!(ask(&theirs, &demo, &key).await.status(), 404);
    assert_eq!(ask(&message, other, &key).await.status(), 401);

    let v1 = http.get(format!("{}/v1/messages", server.url));
    let v1 = v1.header("X-API-EMAIL", text("/v1_email")).header("X-API-TOKEN", text("/v1_token"));
    assert_eq!(v1.send().await.expect("an answer").status(), 200);

    // Lost: everybody gets new keys, the messages stay.
    std::fs::remove_file(dir.path().join("demo.json")).expect("removed");
    elsewhere.ok(&["demo"]);
    let key = told(&elsewhere)["v2_key"].as_str().expect("a key").to_owned();
    assert_eq!(ask(&message, &demo, &key).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_account_has_something_to_look_at_and_each_role_gets_in() {
    let dir = tempfile::tempdir().expect("a folder");
    let place = Place::at(dir.path());
    place.ok(&["migrate"]);
    place.ok(&["demo"]);
    let told = told(&place);
    let text = |path: &str| told.pointer(path).and_then(Value::as_str).expect(path);
    let owner = text("/owner/email");
    let key = place.ok(&["key", "create", "--tenant", "demo", "--email", owner, "--name", "look"]);
    let key = key.trim_end().rsplit(' ').next().expect("a token");
    let accounts = place.ok(&["account", "list", "--tenant", "demo"]);
    assert_eq!(accounts.lines().count(), 3, "{accounts}");
    let server = place.serve();
    let http = http().build().expect("a client");
    for number in accounts.lines().filter_map(|line| line.split('\t').next()) {
        let rows = async |list: &str| -> Vec<Value> {
            let url = format!("{}/api/v2/{list}?account_number={number}", server.url);
            let answer = http.get(url).bearer_auth(key).send().await.expect("an answer");
            let body: Value = answer.json().await.expect("JSON");
            body["data"].as_array().unwrap_or_else(|| panic!("{list}: {body}")).clone()
        };
        let messages = rows("messages").await;
        assert!(messages.len() > 50, "{number}: {} messages", messages.len());
        for status in ["delivered", "acknowledged", "closed"] {
            let has = messages.iter().any(|message| message["status"] == status);
            assert!(has, "{number}: no message is {status}");
        }
        assert!(messages.iter().any(|message| message["is_emergency"] == true), "{number}");
        for list in ["call-recordings", "to-dos", "on-call"] {
            assert!(!rows(list).await.is_empty(), "{number}: {list}");
        }
    }
    for role in ["owner", "agent", "client"] {
        let [email, password] = ["email", "password"].map(|key| text_of(&told, role, key));
        assert_eq!(sign_in(&server, &email, &password).await, 303, "{role}");
        assert_ne!(sign_in(&server, &email, "something else").await, 303, "{role}");
    }
}

fn text_of(told: &Value, role: &str, key: &str) -> String {
    told[role][key].as_str().expect(key).to_owned()
}
