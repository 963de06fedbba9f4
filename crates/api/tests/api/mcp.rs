//! The tools at `/mcp`: the API's own answers, for whoever the API would give them to, on any node.

use std::collections::BTreeSet;

use axum::http::Method;
use domain::limits::TOOL_ROWS;
use serde_json::{Value, json};

use super::isolation::{SECRET, key, rows};
use super::support::{House, Reply, ask};

/// Asks `/mcp` of a tenant.
async fn post(house: &House, tenant: &str, key: &str, body: &Value) -> Reply {
    let request = ask(Method::POST, tenant, "/mcp")
        .token(key)
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    house.send(request.body(body.to_string())).await
}

fn call(tool: &str, arguments: &Value) -> Value {
    let params = json!({"name": tool, "arguments": arguments});
    json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})
}

/// What a tool answers: its words, and whether it is a refusal.
async fn told(
    house: &House,
    tenant: &str,
    key: &str,
    tool: &str,
    arguments: Value,
) -> (String, bool) {
    let reply = post(house, tenant, key, &call(tool, &arguments)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let result = &reply.json()["result"];
    let text = result["content"][0]["text"].as_str().expect("words").to_owned();
    (text, result["isError"].as_bool().expect("either"))
}

/// Calls a tool as the client of the first tenant; it must be done.
async fn done(house: &House, tool: &str, arguments: Value) -> String {
    let (text, is_refusal) = told(house, "one", &house.one.key, tool, arguments).await;
    assert!(!is_refusal, "{tool}: {text}");
    text
}

/// Calls a tool as the client of the first tenant; it must be refused.
async fn refused(house: &House, tool: &str, arguments: Value) -> String {
    let (text, is_refusal) = told(house, "one", &house.one.key, tool, arguments).await;
    assert!(is_refusal, "{tool}: {text}");
    text
}

async fn tools(house: &House) -> Vec<Value> {
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let reply = post(house, "one", &house.one.key, &list).await;
    reply.json()["result"]["tools"].as_array().expect("tools").clone()
}

#[tokio::test]
async fn a_tool_answers_the_body_of_its_operation() {
    let house = House::new().await;
    let theirs = rows(&house, &house.one, &house.one.law, &house.one.key).await;
    let pairs = [
        ("get_me", json!({}), "/v2/me".to_owned()),
        ("list_messages", json!({"limit": 1}), "/v2/messages?limit=1".to_owned()),
        (
            "list_messages",
            json!({"limit": "1", "cursor": theirs.cursors[0], "q": null}),
            format!("/v2/messages?limit=1&cursor={}", theirs.cursors[0]),
        ),
        (
            "list_messages",
            json!({"read": false, "limit": 5}),
            "/v2/messages?limit=5&read=false".to_owned(),
        ),
        ("list_messages", json!({}), format!("/v2/messages?limit={TOOL_ROWS}")),
        ("get_message", json!({"id": theirs.message}), format!("/v2/messages/{}", theirs.message)),
        ("list_on_call", json!({}), "/v2/on-call".to_owned()),
        ("list_call_recordings", json!({"limit": 2}), "/v2/call-recordings?limit=2".to_owned()),
        (
            "get_call_recording",
            json!({"id": theirs.recording}),
            format!("/v2/call-recordings/{}", theirs.recording),
        ),
        (
            "list_to_dos",
            json!({"delivery_type": "sms", "limit": 9}),
            "/v2/to-dos?delivery_type=sms&limit=9".to_owned(),
        ),
        (
            "get_to_do",
            json!({"id": theirs.to_do.to_string()}),
            format!("/v2/to-dos/{}", theirs.to_do),
        ),
    ];
    for (tool, arguments, path) in pairs {
        let text = done(&house, tool, arguments).await;
        assert_eq!(text, house.get(&path).await.text(), "{tool}");
    }
}

#[tokio::test]
async fn a_message_is_acknowledged_and_a_to_do_is_made_once() {
    let house = House::new().await;
    let (one, now) = (&house.one, house.world.app.now());
    let id = house.world.add_message(one.tenant.id, one.law.id, now, |_| {}).await.0;
    let text = done(&house, "acknowledge_message", json!({"id": id})).await;
    assert!(text.contains(r#""status":"acknowledged""#), "{text}");
    let log = house.get(&format!("/v2/messages/{id}/activities")).await.text();
    assert!(log.contains(&one.client.name), "{log}");

    let mut new: Value = super::support::golden("to_do_create_request.json");
    new["account_number"] = one.law.number.clone().into();
    new["idempotency_key"] = "k-1".into();
    let first = done(&house, "create_to_do", new.clone()).await;
    assert_eq!(done(&house, "create_to_do", new.clone()).await, first);
    assert_eq!(house.get("/v2/to-dos").await.json()["data"].as_array().map(Vec::len), Some(1));
    new["message_text"] = "Another one".into();
    let clash = refused(&house, "create_to_do", new).await;
    assert!(clash.contains("Idempotency-Key"), "{clash}");
}

#[tokio::test]
async fn what_is_refused_says_which_argument_and_why() {
    let house = House::new().await;
    let check = async |tool: &str, arguments: Value, words: &str| {
        let text = refused(&house, tool, arguments).await;
        assert!(text.contains(words), "{tool}: {text}");
    };
    check("get_message", json!({"id": 404}), "Not found").await;
    check("get_message", json!({}), "id must be a whole number").await;
    check("get_message", json!({"id": "../me"}), "id must be a whole number").await;
    check("get_message", json!({"id": 1.5}), "id must be a whole number").await;
    check("get_me", json!({"id": 1}), "id is not an argument of this tool").await;
    check("list_messages", json!({"limit": 1001}), "limit must be").await;
    check("list_messages", json!({"status": ["failed"]}), "status must be").await;
    check("list_messages", json!({"from_date": "02-30-2025"}), "from_date").await;
    check("list_messages", json!({"account": "W0411"}), "account is not an argument").await;
    check("acknowledge_message", json!({"id": 1, "status": "closed"}), "status is not an").await;
    check("create_to_do", json!({"contact": "x"}), "account_number is required").await;
    check("create_to_do", json!({"idempotency_key": "a b"}), "Idempotency-Key must be").await;
    check("create_to_do", json!({"idempotency_key": "a\nb"}), "idempotency_key must be").await;
    let long = json!({"q": "x".repeat(70_000)});
    check("list_messages", long, "must be").await;

    let reply = post(&house, "one", &house.one.key, &call("drop_tables", &json!({}))).await;
    assert_eq!(reply.json()["error"]["code"], -32602, "{}", reply.text());
    house.world.db.close().await;
    check("get_me", json!({}), "The database cannot be reached just now").await;
}

#[tokio::test]
async fn a_key_opens_its_own_tenant_and_wrong_ones_are_counted() {
    let house = House::new().await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    for key in ["lk_wrong", &house.two.key, &house.one.switch.1] {
        let reply = post(&house, "one", key, &list).await;
        assert_eq!((reply.status.as_u16(), reply.header("www-authenticate")), (401, "Bearer"));
        assert_eq!(reply.json()["error"]["message"], "Invalid token");
    }
    let hides = house.two.tenant.id;
    app::tenants::hide_bad_tokens(&house.world.app, hides, true).await.expect("set");
    assert_eq!(post(&house, "two", &house.one.key, &list).await.status, 404);
    let mut statuses = BTreeSet::new();
    for _ in 0..310 {
        statuses.insert(post(&house, "one", "lk_wrong", &list).await.status.as_u16());
    }
    assert_eq!(statuses, BTreeSet::from([401, 429]));
    assert_eq!(post(&house, "one", &house.one.key, &list).await.status, 200, "a right one passes");
    let get = ask(Method::GET, "one", "/mcp").token(&house.one.key).empty();
    assert_eq!(house.send(get).await.status, 405, "there is no stream to listen to");
    let large =
        json!({"jsonrpc": "2.0", "id": 1, "method": "x", "params": {"a": "x".repeat(2_000_000)}});
    assert_eq!(post(&house, "one", &house.one.key, &large).await.status, 413);
}

#[tokio::test]
async fn no_node_needs_to_know_what_another_was_told() {
    let house = House::new().await;
    let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "a program", "version": "1"},
    }});
    let reply = post(&house, "one", &house.one.key, &hello).await;
    assert_eq!(reply.json()["result"]["protocolVersion"], "2025-06-18");
    assert_eq!(reply.header("mcp-session-id"), "");
    let other_node = house.with(|_| {});
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    assert_eq!(post(&other_node, "one", &other_node.one.key, &ready).await.status, 202);
    assert!(done(&other_node, "get_me", json!({})).await.contains(&other_node.one.client.email));
}

/// Each tool that names something is tried with what is somebody else's: it answers as it does to
/// what does not exist. A new tool fails here until it has its case.
async fn isolated(house: House) {
    let owner = key(&house, &house.one.owner).await;
    let theirs = rows(&house, &house.one, &house.one.law, &owner).await;
    let number = &house.one.law.number;
    house.world.account(&house.one.tenant, "ONLY-ONE", "Only of the first tenant").await;
    let to_do = |number: &str| {
        json!({"account_number": number, "delivery_type": "sms", "contact": "x",
            "message_text": "x", "run_at": "2036-01-01T00:00:00Z"})
    };
    let ids = |id: i64| json!({"id": id});
    let numbers = |number: &str| json!({"account_number": number});
    let names = tools(&house).await;
    for tool in names.iter().map(|tool| tool["name"].as_str().expect("a name")) {
        let [foreign, unknown] = match tool {
            "get_me" => [json!({}), json!({})],
            "ask_documentation" => {
                [json!({"question": "ONLY-ONE"}), json!({"question": "NOBODYS"})]
            }
            "get_message" | "acknowledge_message" => [ids(theirs.message), ids(987_654)],
            "get_call_recording" => [ids(theirs.recording), ids(987_654)],
            "get_to_do" => [ids(theirs.to_do), ids(987_654)],
            "list_messages" | "list_call_recordings" | "list_to_dos" | "list_on_call" => {
                [numbers("ONLY-ONE"), numbers("NOBODYS")]
            }
            "create_to_do" => [to_do("ONLY-ONE"), to_do("NOBODYS")],
            other => panic!("{other} has no case: add one"),
        };
        let askers = [
            ("one", key(&house, &house.one.other_client).await),
            ("two", key(&house, &house.two.client).await),
            ("two", key(&house, &house.two.owner).await),
        ];
        for (tenant, key) in &askers {
            let a = told(&house, tenant, key, tool, foreign.clone()).await;
            let b = told(&house, tenant, key, tool, unknown.clone()).await;
            assert_eq!(a, b, "{tool} of {tenant}");
            assert!(!a.0.contains(SECRET), "{tool} of {tenant}");
            if tool.starts_with("list_") {
                let (all, is_refusal) = told(&house, tenant, key, tool, json!({})).await;
                assert!(!is_refusal && !all.contains(SECRET), "{tool} of {tenant}: {all}");
            }
        }
    }
    let own = told(&house, "one", &owner, "get_message", ids(theirs.message)).await.0;
    assert!(own.contains(SECRET) && !own.contains("acknowledged"), "{own}");
    let listed = told(&house, "one", &owner, "list_messages", numbers(number)).await.0;
    assert!(listed.contains(SECRET), "{listed}");
}

#[tokio::test]
async fn no_tool_gives_anybody_a_row_of_somebody_else() {
    isolated(House::new().await).await;
}

#[tokio::test]
async fn no_tool_gives_anybody_a_row_of_somebody_else_on_postgresql() {
    isolated(House::on_postgres().await).await;
}

#[tokio::test]
async fn a_limited_key_uses_the_tools_that_it_may_use() {
    let house = House::new().await;
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 1).await;
    let limited = async |text: &str| {
        let limits = domain::token::KeyLimits::parse(text).expect("limits");
        let made = app::keys::create_limited(&house.world.app, &house.one.owner, "k", None, limits);
        made.await.expect("a key").token
    };
    let reader = limited("read-only").await;
    let (all, _) = told(&house, "one", &reader, "list_messages", json!({})).await;
    let id = serde_json::from_str::<Value>(&all).expect("JSON")["data"][0]["id"].clone();
    let (said, is_refusal) =
        told(&house, "one", &reader, "acknowledge_message", json!({"id": id})).await;
    assert!(is_refusal && said.contains("only read"), "{said}");
    let to_dos = limited("resources to-dos").await;
    assert!(!told(&house, "one", &to_dos, "list_to_dos", json!({})).await.1);
    let (said, is_refusal) = told(&house, "one", &to_dos, "get_message", json!({"id": id})).await;
    assert!(is_refusal && said.contains("to-dos"), "{said}");
}
