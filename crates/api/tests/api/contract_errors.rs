//! Contract, answers and errors: one envelope, or RFC 9457, and a request id on each.

use axum::http::Method;
use serde_json::{Value, json};

use super::support::{House, ask};

async fn message(house: &House) -> String {
    let (tenant, law, now) = (house.one.tenant.id, house.one.law.id, house.world.app.now());
    format!("/v2/messages/{}", house.world.add_message(tenant, law, now, |_| {}).await)
}

#[tokio::test]
async fn an_unknown_id_or_address_is_404_in_the_envelope() {
    let house = House::new().await;
    for path in [
        "/api/v2/messages/424242",
        "/v2/messages/0",
        "/v2/messages/-1",
        "/v2/messages/1.0",
        "/v2/messages/abc",
        "/v2/messages/9223372036854775807",
        "/v2/messages/9223372036854775808",
        "/v2/messages/%00",
        "/v2/messages/%ff",
        "/v2/messages/1%2F2",
        "/v2/call-recordings/424242",
        "/v2/call-recordings/x",
        "/api/v2/to-dos/424242",
        "/v2/to_dos/424242/runs",
        "/v2/to-do",
        "/v2",
        "/api/v3",
        "/v2/nothing",
        "/v3/messages",
        "/v2/../v2/messages",
    ] {
        let reply = house.get(path).await;
        reply.refused(404);
        assert_eq!(reply.text(), r#"{"success":false,"info":"Not found","data":{}}"#, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_with_allow() {
    let house = House::new().await;
    let check = async |method: Method, path: &str, allow: &str| {
        let reply = house.json(method.clone(), path, "{}").await;
        reply.refused(405);
        let mut said: Vec<&str> = reply.header("allow").split(',').collect();
        said.sort_unstable();
        assert_eq!(said.join(","), allow, "{method} {path}");
    };
    check(Method::PUT, "/api/v2/messages", "GET,HEAD,POST").await;
    check(Method::DELETE, "/v2/messages", "GET,HEAD,POST").await;
    check(Method::POST, "/v2/messages/1", "GET,HEAD,PATCH,PUT").await;
    check(Method::DELETE, "/v2/messages/1", "GET,HEAD,PATCH,PUT").await;
    check(Method::PUT, "/v2/call-recordings/1", "GET,HEAD").await;
    check(Method::POST, "/v2/me", "GET,HEAD").await;
    check(Method::GET, "/hooks/v1/calls", "POST").await;
    check(Method::TRACE, "/v2/me", "GET,HEAD").await;
}

#[tokio::test]
async fn malformed_json_or_no_object_is_400() {
    let house = House::new().await;
    let path = message(&house).await;
    for body in
        ["", "{", "{\"read\": tru}", "[]", "null", "\"x\"", "7", "{} {}", "{}\u{feff}", "read=true"]
    {
        assert!(house.json(Method::PATCH, &path, body).await.refused(400).is_empty(), "{body}");
    }
    let twice = house.json(Method::PATCH, &path, r#"{"read": true, "read": false}"#).await;
    assert_eq!(twice.refused(400), ["read"]);
    let invalid_utf8 = house.json(Method::PATCH, &path, vec![b'{', b'"', 0xff, b'"', b'}']).await;
    invalid_utf8.refused(400);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_415() {
    let house = House::new().await;
    let path = message(&house).await;
    let with = async |kind: &str| {
        let request = ask(Method::PATCH, "one", &path).token(&house.one.key);
        house.send(request.header("content-type", kind).body(r#"{"read": true}"#)).await
    };
    for kind in ["text/plain", "application/x-www-form-urlencoded", "text/json", "", "json", "é"] {
        with(kind).await.refused(415);
    }
    for kind in
        ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
    {
        assert_eq!(with(kind).await.status, 200, "{kind}");
    }
    let silent = ask(Method::PATCH, "one", &path).token(&house.one.key).body(r#"{"read": true}"#);
    assert_eq!(house.send(silent).await.status, 200, "a body that does not say what it is");
    let hook = ask(Method::POST, "one", "/hooks/v1/calls").token(&house.one.switch.1);
    let hook = hook.header("content-type", "application/json").body("{}");
    house.send(hook).await.refused(415);
}

#[tokio::test]
async fn a_body_of_more_than_a_megabyte_is_413() {
    let house = House::new().await;
    let path = message(&house).await;
    let body = |bytes: usize| format!("{{\"note\": \"{}\"}}", "x".repeat(bytes - 12));
    house.json(Method::PATCH, &path, body(1_000_001)).await.refused(413);
    house.json(Method::PATCH, &path, body(10_000_000)).await.refused(413);
    house.json(Method::PATCH, &path, body(40_000_000)).await.refused(413);
    assert_eq!(house.json(Method::PATCH, &path, body(1_000_000)).await.refused(422), ["note"]);
    assert_eq!(house.get(&path).await.json()["data"]["note"], "");
}

#[tokio::test]
async fn every_answer_carries_a_request_id() {
    let house = House::new().await;
    for path in ["/v2/me", "/v2/messages", "/nowhere", "/v1/messages", "/api/openapi.json"] {
        let reply = house.get(path).await;
        assert_eq!(reply.header("x-request-id").len(), 36, "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("strict-transport-security"), "max-age=31536000");
    }
    let own = ask(Method::GET, "one", "/v2/me").header("x-request-id", "mine-7").empty();
    assert_eq!(house.send(own).await.header("x-request-id"), "mine-7");
    let bad = ask(Method::GET, "one", "/v2/me").header("x-request-id", "a b\"c").empty();
    assert_eq!(house.send(bad).await.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn who_asks_for_a_problem_gets_one() {
    let house = House::new().await;
    let path = message(&house).await;
    let ask_for = async |accept: &str, method: Method, path: &str, body: &'static str| {
        let request = ask(method, "one", path).token(&house.one.key).header("accept", accept);
        house.send(request.header("content-type", "application/json").body(body)).await
    };
    let both = "application/json, application/problem+json; q=0.9";
    for accept in ["application/problem+json", both] {
        let reply = ask_for(accept, Method::PATCH, &path, r#"{"read": 1, "x": 2}"#).await;
        assert_eq!(reply.status, 422);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let wanted = json!({
            "type": "about:blank",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": "read must be true or false; x is not a field that can be given here.",
            "errors": {
                "read": ["must be true or false"],
                "x": ["is not a field that can be given here"],
            },
        });
        assert_eq!(reply.json(), wanted);
    }
    let reply = ask_for(both, Method::GET, "/nowhere", "").await;
    let wanted = r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"Not found"}"#;
    assert_eq!(reply.text(), wanted);
    let reply = ask_for(both, Method::DELETE, &path, "").await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("content-type")),
        (405, "application/problem+json")
    );
    assert!(!reply.header("allow").is_empty());
    let reply = ask_for("application/problem+json;q=0", Method::GET, "/nowhere", "").await;
    reply.refused(404);
    let reply = ask_for("application/problem+json", Method::GET, &path, "").await;
    assert_eq!(reply.header("content-type"), "application/json", "a success is none");
}

#[tokio::test]
async fn a_database_that_is_away_is_503() {
    let house = House::new().await;
    let path = message(&house).await;
    assert_eq!(house.get(&path).await.status, 200);
    house.world.db.close().await;
    for path in [&path, "/v2/messages", "/v2/call-recordings"] {
        let reply = house.get(path).await;
        assert!(reply.refused(503).is_empty());
        assert_eq!(reply.header("retry-after"), "2");
    }
}

#[tokio::test]
async fn reads_go_on_where_nothing_can_be_written() {
    let house = House::new().await;
    let path = message(&house).await;
    if let app::Db::Lite { writer, .. } = &house.world.db {
        writer.close().await;
    }
    for path in [&path, "/v2/messages", "/v2/call-recordings", "/v2/me"] {
        assert_eq!(house.get(path).await.status, 200, "{path}");
    }
    house.json(Method::PATCH, &path, r#"{"read": true}"#).await.refused(503);
}

#[tokio::test]
async fn a_fault_is_500_with_a_request_id_and_no_inner_detail() {
    let house = House::new().await;
    let wav = testkit::sound::wav(100);
    let recording = house.world.add_recording(&house.one, "W0411", "sid", wav).await;
    let link =
        web::signer::link(&house.web, &recording, "one.liberty.example").await.expect("a link");
    let path = link.split_once(".example").expect("an address").1;
    let key = blobs::Key::parse(&recording.blob_key).expect("a key");
    house.world.blobs.delete(&key).await.expect("the bytes are lost");
    let reply = house.send(ask(Method::GET, "one", path).empty()).await;
    reply.refused(500);
    let json = reply.json();
    assert_eq!(json["data"]["request_id"], reply.header("x-request-id"));
    let text = reply.text();
    for inner in ["recordings", "t_1", "sql", "blob", "panic", "src/"] {
        assert!(!text.contains(inner), "{text}");
    }
    let problem =
        ask(Method::GET, "one", path).header("accept", "application/problem+json").empty();
    let problem = house.send(problem).await;
    assert_ne!(problem.json()["request_id"], Value::Null);
}
