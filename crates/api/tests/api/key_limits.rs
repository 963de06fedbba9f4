//! Keys that may less than their users: reading, some accounts, addresses or resources only.

use axum::http::Method;
use domain::token::KeyLimits;

use super::support::{House, Reply, ask};

/// A key of the owner, who may do everything, limited as the text says.
async fn key(house: &House, limits: &str) -> String {
    let limits = KeyLimits::parse(limits).expect("limits");
    let (app, owner) = (&house.world.app, &house.one.owner);
    let made = app::keys::create_limited(app, owner, "limited", None, limits).await;
    made.expect("a key").token
}

async fn sent(house: &House, method: Method, path: &str, key: &str, body: &str) -> Reply {
    let request = ask(method, "one", path).token(key).header("content-type", "application/json");
    house.send(request.body(body.to_owned())).await
}

async fn get(house: &House, path: &str, key: &str) -> Reply {
    sent(house, Method::GET, path, key, "").await
}

#[track_caller]
fn refused(reply: &Reply, words: &str) {
    assert!(reply.refused(403).is_empty());
    let info = reply.json()["info"].to_string();
    assert!(info.contains(words), "{info}");
}

#[tokio::test]
async fn a_key_that_only_reads_changes_nothing() {
    let house = House::new().await;
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 1).await;
    let key = key(&house, "read-only").await;
    let id = get(&house, "/v2/messages", &key).await.ids()[0];
    let message = format!("/v2/messages/{id}");
    for (method, path) in [
        (Method::PATCH, &*message),
        (Method::PUT, &message),
        (Method::POST, "/v2/to-dos"),
        (Method::POST, "/v2/to_dos/"),
        (Method::DELETE, "/v2/to-dos/1"),
        (Method::PATCH, "/api/v2/to-dos/1.json"),
        (Method::POST, "/v2/to-dos/1/pause"),
    ] {
        let reply = sent(&house, method.clone(), path, &key, r#"{"read": true}"#).await;
        refused(&reply, "only read");
    }
    assert_eq!(get(&house, &message, &key).await.json()["data"]["read"], false);
    let draft = r#"{"account_number": "W0411", "schedule": {"frequency": "daily"}}"#;
    let preview = sent(&house, Method::POST, "/v2/to-dos/preview", &key, draft).await;
    assert_eq!(preview.status, 200, "a preview makes nothing");
    assert_eq!(sent(&house, Method::HEAD, "/v2/messages", &key, "").await.status, 200);
}

#[tokio::test]
async fn a_key_for_one_account_sees_no_other() {
    let house = House::new().await;
    let (tenant, law, dental) = (house.one.tenant.id, house.one.law.id, house.one.dental.id);
    house.world.add_messages(tenant, law, 2).await;
    house.world.add_messages(tenant, dental, 3).await;
    let key = key(&house, &format!("accounts {}", dental.0)).await;
    let seen = get(&house, "/v2/messages", &key).await.ids();
    assert_eq!(seen.len(), 3);
    let theirs = house.get("/v2/messages").await.ids()[0];
    get(&house, &format!("/v2/messages/{theirs}"), &key).await.refused(404);
    assert_eq!(get(&house, "/v2/messages?account_number=W0411", &key).await.ids(), [0; 0]);
    let me = get(&house, "/v2/me", &key).await.json();
    assert_eq!(me["data"]["accounts"].as_array().map(Vec::len), Some(1));
    assert_eq!(me["data"]["accounts"][0]["account_number"], "D2000");
    let to_do = r#"{"account_number": "W0411", "delivery_type": "sms", "contact": "5615550100",
        "message_text": "Hello", "run_at": "2099-01-01T00:00:00Z"}"#;
    let made = sent(&house, Method::POST, "/v2/to-dos", &key, to_do).await;
    assert_eq!(made.refused(422), ["account_number"]);
    let ours = to_do.replace("W0411", "D2000");
    assert_eq!(sent(&house, Method::POST, "/v2/to-dos", &key, &ours).await.status, 201);
}

#[tokio::test]
async fn a_key_never_sees_more_than_its_user() {
    let house = House::new().await;
    let (app, dental) = (&house.world.app, house.one.dental.id);
    house.world.add_messages(house.one.tenant.id, dental, 1).await;
    let theirs = KeyLimits { accounts: vec![dental], ..KeyLimits::default() };
    let client = &house.one.client;
    let refused = app::keys::create_limited(app, client, "k", None, theirs.clone()).await;
    assert!(matches!(refused, Err(app::Error::Invalid(_))), "an account that is not seen");
    // Doris may see it when the key is made, and then no more.
    let doris = &house.one.other_client;
    let key = app::keys::create_limited(app, doris, "k", None, theirs).await.expect("a key").token;
    assert_eq!(get(&house, "/v2/messages", &key).await.ids().len(), 1);
    let owner = &house.one.owner;
    app::users::update(app, owner, doris.user_id, "Doris", &[house.one.law.id]).await.expect("ok");
    house.world.clock.advance(2_000);
    assert_eq!(get(&house, "/v2/messages", &key).await.ids(), [0; 0]);
}

#[tokio::test]
async fn a_key_works_from_its_addresses_only() {
    let house = House::new().await;
    let key = key(&house, "addresses 198.51.100.0/24 2001:db8::/32").await;
    let from = async |peer: &str| {
        house.send(ask(Method::GET, "one", "/v2/me").token(&key).from(peer).empty()).await
    };
    assert_eq!(from("198.51.100.9:5000").await.status, 200);
    assert_eq!(from("[2001:db8::9]:5000").await.status, 200);
    assert_eq!(from("[::ffff:198.51.100.9]:5000").await.status, 200);
    refused(&from("192.0.2.1:5000").await, "192.0.2.1 is none of them");
    let claimed = ask(Method::GET, "one", "/v2/me").token(&key);
    let claimed = claimed.header("x-forwarded-for", "198.51.100.9").empty();
    refused(&house.send(claimed).await, "certain addresses");
}

#[tokio::test]
async fn a_key_for_some_resources_opens_no_other() {
    let house = House::new().await;
    let calls = key(&house, "resources call-recordings on-call").await;
    for path in ["/v2/call-recordings", "/api/v2/on-call", "/v2/me"] {
        assert_eq!(get(&house, path, &calls).await.status, 200, "{path}");
    }
    for path in ["/v2/messages", "/v2/messages/1/deliveries", "/v2/to-dos", "/v2/to_dos/1.json"] {
        refused(&get(&house, path, &calls).await, "limited to call-recordings, on-call");
    }
    let legacy = ask(Method::GET, "one", "/v1/messages").legacy(&house.one.owner.email, &calls);
    refused(&house.send(legacy.empty()).await, "limited to");
    let messages = key(&house, "resources messages").await;
    let legacy = ask(Method::GET, "one", "/v1/messages").legacy(&house.one.owner.email, &messages);
    assert_eq!(house.send(legacy.empty()).await.status, 200);
    get(&house, "/v2/nothing", &messages).await.refused(404);
}

#[tokio::test]
async fn every_operation_is_closed_to_a_key_that_is_limited_to_another() {
    let house = House::new().await;
    let document = house.get("/api/openapi.json").await.json();
    let (messages, calls) = (key(&house, "resources messages"), key(&house, "resources on-call"));
    let (messages, calls) = (messages.await, calls.await);
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("an object") {
            let is_bearer = operation["security"][0]["bearer"].is_array();
            if !is_bearer || path.ends_with("/me") {
                continue;
            }
            let key = if path.contains("/on-call") { &messages } else { &calls };
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let reply = sent(&house, method, &path.replace("{id}", "1"), key, "{}").await;
            refused(&reply, "This key is limited to");
            assert!(operation["responses"]["403"].is_object(), "{path}");
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried}");
}
