//! Contract, messages of version 2: list, get, update, line by line.

use super::support::{DOMAIN, House, ask, golden};
use axum::http::Method;
use domain::{Instant, MessageId, Status};
use serde_json::{Value, json};

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

async fn golden_message_byte_for_byte(house: House) {
    let gold = house.world.golden(&house.one).await;
    let wanted = serde_json::to_string(&golden("message.json")).expect("JSON");
    for path in ["/api/v2/messages/939", "/v2/messages/939"] {
        let reply = house.send(ask(Method::GET, "one", path).token(&gold.key).empty()).await;
        assert_eq!(reply.text(), wanted, "{path}");
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(reply.header("etag"), "\"939-1\"");
    }
    let list = ask(Method::GET, "one", "/api/v2/messages").token(&gold.key).empty();
    let list = house.send(list).await;
    let message = &golden("message.json")["data"];
    assert_eq!(list.text(), json!({"data": [message]}).to_string());
}

#[tokio::test]
async fn the_golden_message_comes_out_of_sqlite_byte_for_byte() {
    golden_message_byte_for_byte(House::single(false).await).await;
}

#[tokio::test]
async fn the_golden_message_comes_out_of_postgresql_byte_for_byte() {
    golden_message_byte_for_byte(House::single(true).await).await;
}

#[tokio::test]
async fn without_a_limit_the_list_holds_all_of_them_newest_first() {
    let house = House::new().await;
    let (tenant, account) = (house.one.tenant.id, house.one.law.id);
    for count in [0, 1, 499, 500, 501, 1_203] {
        let have = house.get("/v2/messages").await.ids().len();
        house.world.add_messages(tenant, account, count - have).await;
        house.world.clock.advance(10_000_000);
        let reply = house.get("/v2/messages").await;
        let ids = reply.ids();
        assert_eq!(ids.len(), count);
        assert!(ids.is_sorted_by(|a, b| a > b), "newest first");
        assert_eq!(reply.json().as_object().expect("an object").len(), 1, "no meta");
        assert_eq!(reply.header("link"), "");
    }
}

async fn pages(house: House) {
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 7).await;
    let all = house.get("/v2/messages").await.ids();
    let mut path = "/api/v2/messages?limit=3&read=false".to_owned();
    let mut seen = Vec::new();
    for (rows, is_last) in [(3, false), (3, false), (1, true)] {
        let reply = house.get(&path).await;
        seen.extend(reply.ids());
        assert_eq!(reply.ids().len(), rows);
        let next = reply.json()["meta"]["next_cursor"].clone();
        if is_last {
            assert_eq!((next, reply.header("link")), (Value::Null, ""));
        } else {
            let next = next.as_str().expect("a cursor").to_owned();
            path = format!("/api/v2/messages?limit=3&read=false&cursor={next}");
            let link = format!("<https://one.{DOMAIN}{path}>; rel=\"next\"");
            assert_eq!(reply.header("link"), link);
        }
    }
    assert_eq!(seen, all);
    let rest = house.get(&path.replace("limit=3&", "")).await.ids();
    assert_eq!(rest, all[6..], "a cursor without a limit goes on to the end");
}

#[tokio::test]
async fn with_a_limit_the_list_is_cut_into_pages() {
    pages(House::new().await).await;
}

#[tokio::test]
async fn with_a_limit_the_list_is_cut_into_pages_on_postgresql() {
    pages(House::on_postgres().await).await;
}

#[tokio::test]
async fn a_cursor_of_another_list_is_422() {
    let house = House::new().await;
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 3).await;
    house.world.add_messages(house.two.tenant.id, house.two.law.id, 3).await;
    let cursor = house.get("/v2/messages?limit=1").await.json()["meta"]["next_cursor"].clone();
    let cursor = cursor.as_str().expect("a cursor");
    assert_eq!(house.get(&format!("/v2/messages?limit=2&cursor={cursor}")).await.ids().len(), 2);
    for path in [
        format!("/v2/messages?read=false&cursor={cursor}"),
        format!("/v2/messages?from_date=01-01-2025&cursor={cursor}"),
        format!("/v2/call-recordings?cursor={cursor}"),
        format!("/v2/messages?cursor={}", &cursor[1..]),
        "/v2/messages?cursor=".to_owned(),
        "/v2/messages?cursor=%00".to_owned(),
    ] {
        assert_eq!(house.get(&path).await.refused(422), ["cursor"], "{path}");
    }
    let path = format!("/v2/messages?cursor={cursor}");
    let foreign = ask(Method::GET, "two", &path).token(&house.two.key).empty();
    assert_eq!(house.send(foreign).await.refused(422), ["cursor"], "another tenant's");
    let legacy = ask(Method::GET, "one", &format!("/v1/messages?cursor={cursor}"));
    let legacy = legacy.legacy("carl@hartlowe.example", &house.one.key).empty();
    assert_eq!(house.send(legacy).await.refused(422), ["cursor"], "another version's");
}

async fn days(house: House) {
    let (tenant, account) = (house.one.tenant.id, house.one.law.id);
    // Days in New York: the 21st begins at 05:00Z.
    let mut ids = Vec::new();
    for taken_at in [
        "2025-01-21T04:59:59.999Z",
        "2025-01-21T05:00:00.000Z",
        "2025-01-22T04:59:59.999Z",
        "2025-01-22T05:00:00.000Z",
    ] {
        ids.push(house.world.add_message(tenant, account, at(taken_at), |_| {}).await.0);
    }
    let check = async |query: &str, wanted: &[usize]| {
        let reply = house.get(&format!("/v2/messages?{query}")).await;
        let wanted: Vec<i64> = wanted.iter().rev().map(|i| ids[*i]).collect();
        assert_eq!(reply.ids(), wanted, "{query}");
    };
    check("from_date=01-21-2025&to_date=01-21-2025", &[1, 2]).await;
    check("from_date=2025-01-21&to_date=2025-01-21", &[1, 2]).await;
    check("from_date=01-21-2025", &[1, 2, 3]).await;
    check("to_date=01-21-2025", &[0, 1, 2]).await;
    check("from_date=01-01-2015&to_date=12-31-2034", &[0, 1, 2, 3]).await;
    check("from_date=0001-01-01&to_date=9999-12-31", &[0, 1, 2, 3]).await;
    check("from_date=01-23-2025", &[]).await;
}

#[tokio::test]
async fn dates_are_whole_days_both_included() {
    days(House::new().await).await;
}

#[tokio::test]
async fn dates_are_whole_days_both_included_on_postgresql() {
    days(House::on_postgres().await).await;
}

#[tokio::test]
async fn a_date_that_does_not_exist_or_a_range_that_ends_first_is_422() {
    let house = House::new().await;
    for bad in [
        "02-30-2025",
        "02-29-2025",
        "13-01-2025",
        "00-10-2025",
        "01-00-2025",
        "2025-13-01",
        "",
        "01-21-0000",
        "0000-01-21",
        "1-21-2025",
        "01/21/2025",
        "01-21-25",
        "yesterday",
        "01-21-2025T00:00",
        "2025-01-21%00",
        "+1-21-2025",
        "%EF%BC%90%EF%BC%91-21-2025",
    ] {
        for name in ["from_date", "to_date"] {
            let reply = house.get(&format!("/v2/messages?{name}={bad}")).await;
            assert_eq!(reply.refused(422), [name], "{bad}");
        }
    }
    let reply = house.get("/v2/messages?from_date=01-22-2025&to_date=01-21-2025").await;
    assert_eq!(reply.refused(422), ["from_date"]);
    let both = house.get("/v2/messages?from_date=x&to_date=y&limit=0&read=2").await;
    assert_eq!(both.refused(422), ["from_date", "to_date", "read", "limit"], "all at once");
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let house = House::new().await;
    let (tenant, law) = (house.one.tenant.id, house.one.law.id);
    let now = house.world.app.now();
    let plain = house.world.add_message(tenant, law, now, |_| {}).await;
    let urgent = house
        .world
        .add_message(tenant, law, now.plus_ms(1), |message| {
            message.is_emergency = true;
            message.read = true;
            message.status = Status::Delivered;
            message.content = "The *pipe* burst: 100% water".to_owned();
            message.updated_at = now.plus_ms(5_000);
        })
        .await;
    let check = async |query: &str, wanted: &[MessageId]| {
        let reply = house.get(&format!("/v2/messages?{query}")).await;
        let wanted: Vec<i64> = wanted.iter().map(|id| id.0).collect();
        assert_eq!(reply.ids(), wanted, "{query}");
    };
    check("is_emergency=true", &[urgent]).await;
    check("is_emergency=false", &[plain]).await;
    check("read=true&status=delivered", &[urgent]).await;
    check("status=pending", &[plain]).await;
    check("status=held", &[]).await;
    check("updated_since=2025-01-21T22:08:25Z", &[urgent]).await;
    check("updated_since=2025-01-21T17:08:25-05:00", &[urgent]).await;
    check("updated_since=2025-01-22T03:38:25+05:30", &[urgent]).await;
    check("q=PIPE", &[urgent]).await;
    check("q=100%25%20water", &[urgent]).await;
    check("q=%25", &[urgent]).await;
    check("q=", &[urgent, plain]).await;
    check("account_number=W0411", &[urgent, plain]).await;
    check("account_number=D2000", &[]).await;
    check("account_number=nobody's", &[]).await;
    check("colour=red&sort=7&%ff=1&limits[]=x", &[urgent, plain]).await;
}

#[tokio::test]
async fn a_known_parameter_with_a_bad_value_is_422() {
    let house = House::new().await;
    for (name, bad) in [
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("limit", "99999999999999999999"),
        ("limit", ""),
        ("limit", "ten"),
        ("read", "yes"),
        ("read", ""),
        ("is_emergency", "1"),
        ("status", "lost"),
        ("status", ""),
        ("updated_since", "2025-01-21"),
        ("updated_since", "now"),
        ("account_number", ""),
        ("account_number", "a%00b"),
        ("account_number", "%ff"),
        ("q", "a%0d%0ab"),
        ("q", "%00"),
    ] {
        let reply = house.get(&format!("/v2/messages?{name}={bad}")).await;
        assert_eq!(reply.refused(422), [name], "{name}={bad}");
    }
    let long = "x".repeat(501);
    assert_eq!(house.get(&format!("/v2/messages?q={long}")).await.refused(422), ["q"]);
}

#[tokio::test]
async fn a_body_on_a_get_is_ignored() {
    let house = House::new().await;
    let reply = house.json(Method::GET, "/v2/messages", "{ this is no JSON").await;
    assert_eq!(reply.text(), "{\"data\":[]}");
}

#[tokio::test]
async fn a_get_carries_an_etag_and_answers_304_while_nothing_changed() {
    let house = House::new().await;
    let (tenant, law, now) = (house.one.tenant.id, house.one.law.id, house.world.app.now());
    let id = house.world.add_message(tenant, law, now, |_| {}).await;
    let path = format!("/v2/messages/{id}");
    let etag = house.get(&path).await.header("etag").to_owned();
    assert_eq!(etag, format!("\"{id}-1\""));
    let with = async |header: &str, value: &str| {
        let request = ask(Method::GET, "one", &path).token(&house.one.key).header(header, value);
        house.send(request.empty()).await
    };
    for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
        let reply = with("if-none-match", &known).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (304, 0), "{known}");
        assert_eq!(reply.header("etag"), etag);
    }
    assert_eq!(with("if-none-match", "\"other\"").await.status, 200);
    house.json(Method::PATCH, &path, r#"{"read": true}"#).await;
    assert_eq!(with("if-none-match", &etag).await.status, 200);
}

#[tokio::test]
async fn head_answers_as_get_without_a_body() {
    let house = House::new().await;
    let (tenant, law, now) = (house.one.tenant.id, house.one.law.id, house.world.app.now());
    let id = house.world.add_message(tenant, law, now, |_| {}).await;
    for path in ["/v2/messages", "/v2/messages?limit=1", &format!("/v2/messages/{id}"), "/v2/me"] {
        let request = ask(Method::HEAD, "one", path).token(&house.one.key).empty();
        let reply = house.send(request).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 0), "{path}");
        assert_eq!(reply.header("content-type"), "application/json");
    }
}

async fn updates(house: House) {
    let (tenant, law, now) = (house.one.tenant.id, house.one.law.id, house.world.app.now());
    let id = house.world.add_message(tenant, law, now, |_| {}).await;
    let path = format!("/api/v2/messages/{id}");
    house.world.clock.advance(1_500);
    let bare =
        r#"{"read": true, "status": "acknowledged", "note": "Called\nback 🙂", "pickup": true}"#;
    let reply = house.json(Method::PATCH, &path, bare).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let message = &reply.json()["data"];
    assert_eq!(message["read"], true);
    assert_eq!(message["status"], "acknowledged");
    assert_eq!(message["note"], "Called\nback 🙂");
    assert_eq!(message["pickup_date"], "2025-01-21T22:08:22.171Z");
    assert_eq!(message["pickup_user_id"], house.one.client.user_id.0);
    assert_eq!(message["updated_at"], "2025-01-21T22:08:22.171Z");
    assert_eq!(message["activities_count"], 4, "every change is an activity");
    assert_eq!(reply.header("etag"), format!("\"{id}-2\""));
    assert_eq!(house.get(&path).await.json()["data"], *message, "what is answered is what is kept");

    let wrapped = r#"{"message": {"disposition": "called back", "status": "pending"}}"#;
    let reply = house.json(Method::PUT, &path, wrapped).await;
    let message = &reply.json()["data"];
    assert_eq!(
        (&message["disposition"], &message["status"]),
        (&json!("called back"), &json!("pending"))
    );
    let cleared = r#"{"disposition": null, "pickup": false}"#;
    let message = house.json(Method::PATCH, &path, cleared).await.json()["data"].clone();
    assert_eq!((&message["disposition"], &message["pickup_date"]), (&Value::Null, &Value::Null));

    let before = house.get(&path).await;
    for nothing in ["{}", r#"{"message": {}}"#, r#"{"read": true}"#] {
        let reply = house.json(Method::PATCH, &path, nothing).await;
        assert_eq!(reply.text(), before.text(), "{nothing} changes nothing");
    }
    let detail = app::messages::detail(&house.world.app, &house.one.client, id).await;
    let detail = detail.expect("a message");
    assert_eq!(detail.activities.len() as i64, detail.message.activities_count);
}

#[tokio::test]
async fn an_update_answers_with_the_whole_message() {
    updates(House::new().await).await;
}

#[tokio::test]
async fn an_update_answers_with_the_whole_message_on_postgresql() {
    updates(House::on_postgres().await).await;
}

#[tokio::test]
async fn any_other_key_is_422_and_named() {
    let house = House::new().await;
    let (tenant, law, now) = (house.one.tenant.id, house.one.law.id, house.world.app.now());
    let id = house.world.add_message(tenant, law, now, |_| {}).await;
    let path = format!("/v2/messages/{id}");
    let check = async |body: &str, paths: &[&str]| {
        for method in [Method::PATCH, Method::PUT] {
            assert_eq!(
                house.json(method, &path, body.to_owned()).await.refused(422),
                paths,
                "{body}"
            );
        }
    };
    check(r#"{"id": 1, "content": "x"}"#, &["id", "content"]).await;
    check(r#"{"message": {"read": 1, "uuid": "x"}}"#, &["message.read", "message.uuid"]).await;
    check(r#"{"message": {}, "read": true}"#, &["message"]).await;
    check(r#"{"message": []}"#, &["message"]).await;
    check(r#"{"message": null}"#, &["message"]).await;
    check(
        r#"{"read": "true", "status": 7, "note": null, "pickup": [], "x": 1}"#,
        &["read", "status", "note", "pickup", "x"],
    )
    .await;
    check(r#"{"status": "lost"}"#, &["status"]).await;
    check(r#"{"status": "failed"}"#, &["status"]).await;
    check(r#"{"disposition": 5}"#, &["disposition"]).await;
    check(
        r#"{"account_id": 2, "tenant_id": 2, "__proto__": {}}"#,
        &["account_id", "tenant_id", "__proto__"],
    )
    .await;
    let message = house.get(&path).await.json();
    assert_eq!(message["data"]["activities_count"], 0, "nothing was changed");
}

#[tokio::test]
async fn if_match_is_honoured() {
    let house = House::new().await;
    let (tenant, law, now) = (house.one.tenant.id, house.one.law.id, house.world.app.now());
    let id = house.world.add_message(tenant, law, now, |_| {}).await;
    let path = format!("/v2/messages/{id}");
    let with = async |etag: &str, body: &'static str| {
        let request = ask(Method::PATCH, "one", &path).token(&house.one.key);
        house.send(request.header("if-match", etag).body(body)).await
    };
    let first = house.get(&path).await.header("etag").to_owned();
    assert_eq!(with(&first, r#"{"read": true}"#).await.status, 200);
    for stale in [first.clone(), format!("W/{first}"), "\"x\"".to_owned(), "nonsense".to_owned()] {
        with(&stale, r#"{"note": "lost"}"#).await.refused(412);
    }
    assert_eq!(house.get(&path).await.json()["data"]["note"], "");
    assert_eq!(with("*", r#"{"note": "any"}"#).await.status, 200);
    let second = format!("{first}, \"{id}-3\"");
    assert_eq!(with(&second, r#"{"note": "one of two"}"#).await.status, 200);
    let request = ask(Method::PATCH, "one", "/v2/messages/424242").token(&house.one.key);
    house.send(request.header("if-match", "*").body(r#"{"read": true}"#)).await.refused(404);
}

#[tokio::test]
async fn a_long_list_is_compressed_for_those_who_ask() {
    let house = House::new().await;
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 600).await;
    let plain = house.get("/v2/messages").await;
    assert_eq!(plain.header("content-encoding"), "");
    let with = async |path: &str| {
        let request = ask(Method::GET, "one", path).token(&house.one.key);
        house.send(request.header("accept-encoding", "gzip, br").empty()).await
    };
    let small = with("/v2/messages").await;
    assert_eq!(small.header("content-encoding"), "gzip");
    assert_eq!(small.body[..2], [0x1f, 0x8b]);
    assert!(small.body.len() * 5 < plain.body.len(), "{}", small.body.len());
    let one = with(&format!("/v2/messages/{}", plain.ids()[0])).await;
    assert_eq!(one.header("content-encoding"), "", "what has an ETag stays as it is");
}
