//! Contract, To Dos of version 2: the golden create, the list, one To Do and its changes.

use axum::http::Method;
use domain::Instant;
use serde_json::{Value, json};

use super::support::{House, Reply, ask, golden};

/// When the golden To Do was made.
pub(crate) const GOLDEN_AT: &str = "2024-11-28T17:28:12.723Z";

/// The golden request with some keys changed; null takes one away.
pub(crate) fn body(changes: Value) -> String {
    let mut body = golden("to_do_create_request.json");
    for (key, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => body.as_object_mut().expect("an object").shift_remove(key),
            value => body.as_object_mut().expect("an object").insert(key.clone(), value.clone()),
        };
    }
    body.to_string()
}

pub(crate) async fn create(house: &House, changes: Value) -> i64 {
    let reply = house.json(Method::POST, "/v2/to-dos", body(changes)).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()["data"]["to_do"]["id"].as_i64().expect("an id")
}

fn at_golden_time(house: &House) {
    house.world.clock.set(Instant::parse(GOLDEN_AT).expect("an instant"));
}

/// The golden body with the ids and the schedule's own instants of an answer, which are ours to give.
fn golden_with_ids_of(answer: &Value) -> Value {
    let mut wanted = golden("to_do.json");
    let of = |path: &str| answer.pointer(path).unwrap_or_else(|| panic!("{path}")).clone();
    assert!(of("/data/to_do/phone_id").is_i64());
    assert_eq!(of("/data/to_do/id"), of("/data/schedule/schedulable_id"));
    for path in [
        "/data/to_do/id",
        "/data/to_do/phone_id",
        "/data/schedule/id",
        "/data/schedule/schedulable_id",
        "/data/schedule/created_at",
        "/data/schedule/updated_at",
    ] {
        *wanted.pointer_mut(path).expect("a key") = of(path);
    }
    wanted
}

async fn golden_byte_for_byte(house: House) {
    at_golden_time(&house);
    let (app, tenant, law) = (&house.world.app, house.one.tenant.id, house.one.law.id);
    app::accounts::add_did(app, tenant, None, law, "+17542838007", "").await.expect("a line");
    let request = golden("to_do_create_request.json").to_string();
    let wrapped = json!({"to_do": golden("to_do_create_request.json")}).to_string();
    let mut items = Vec::new();
    for path in ["/api/v2/to-dos", "/api/v2/to_dos", "/v2/to-dos", "/v2/to_dos"] {
        for request in [&request, &wrapped] {
            let reply = house.json(Method::POST, path, request.clone()).await;
            assert_eq!(
                (reply.status.as_u16(), reply.header("content-type")),
                (201, "application/json")
            );
            let wanted = golden_with_ids_of(&reply.json());
            assert_eq!(reply.text(), wanted.to_string(), "{path}");
            items.insert(0, wanted["data"].clone());
        }
        let list = house.get(path).await;
        assert_eq!(list.text(), json!({"data": items}).to_string(), "{path}");
    }
}

#[tokio::test]
async fn the_golden_to_do_comes_out_of_sqlite_byte_for_byte() {
    golden_byte_for_byte(House::single(false).await).await;
}

#[tokio::test]
async fn the_golden_to_do_comes_out_of_postgresql_byte_for_byte() {
    golden_byte_for_byte(House::single(true).await).await;
}

fn ids(list: &Reply) -> Vec<i64> {
    let json = list.json();
    let rows = json["data"].as_array().expect("a list").iter();
    rows.map(|row| row["to_do"]["id"].as_i64().expect("an id")).collect()
}

async fn listed(house: House) {
    at_golden_time(&house);
    let mut all = Vec::new();
    for i in 0..7 {
        let kind = ["sms", "email", "call"][i % 3];
        all.insert(0, create(&house, json!({"delivery_type": kind})).await);
    }
    let once = json!({"schedule": null, "run_at": "2024-12-01T09:00:00-05:00"});
    all.insert(0, create(&house, once).await);
    let list = house.get("/v2/to-dos").await;
    assert_eq!(ids(&list), all, "newest first, all of them");
    let first = &list.json()["data"][0];
    assert_eq!(first["schedule"], Value::Null, "it goes out once");
    assert_eq!(first["to_do"]["run_at"], "2024-12-01T14:00:00.000Z");

    let mut path = "/api/v2/to_dos?limit=3&nobody_knows=this".to_owned();
    let mut seen = Vec::new();
    for rows in [3, 3, 2] {
        let page = house.get(&path).await;
        seen.extend(ids(&page));
        assert_eq!(ids(&page).len(), rows);
        let link = page.header("link").trim_start_matches("<https://one.liberty.example");
        path = link.trim_end_matches(">; rel=\"next\"").to_owned();
    }
    assert_eq!((seen, path.as_str()), (all, ""));

    let count = async |query: &str| ids(&house.get(&format!("/v2/to-dos?{query}")).await).len();
    assert_eq!(count("delivery_type=email").await, 2);
    assert_eq!(count("account_number=W0411").await, 8);
    assert_eq!(count("account_number=D2000").await, 0, "not this client's");
    for (query, field) in [
        ("delivery_type=fax", "delivery_type"),
        ("account_number=", "account_number"),
        ("limit=0", "limit"),
        ("cursor=x", "cursor"),
    ] {
        assert_eq!(house.get(&format!("/v2/to-dos?{query}")).await.refused(422), [field]);
    }
}

#[tokio::test]
async fn to_dos_are_listed_newest_first_with_filters_and_pages() {
    listed(House::new().await).await;
}

#[tokio::test]
async fn to_dos_are_listed_newest_first_with_filters_and_pages_on_postgresql() {
    listed(House::on_postgres().await).await;
}

async fn changed(house: House) {
    at_golden_time(&house);
    let id = create(&house, json!({})).await;
    let path = format!("/v2/to-dos/{id}");
    let got = house.get(&path).await;
    let policy = json!({"misfire": "run_late", "grace_seconds": 3600, "overlap": "skip",
        "if_unsure": "repeat", "paused_at": null});
    assert_eq!(got.json()["data"]["policy"], policy);
    let etag = got.header("etag").to_owned();
    let known = ask(Method::GET, "one", &path).token(&house.one.key);
    let known = house.send(known.header("if-none-match", &etag).empty()).await;
    assert_eq!((known.status.as_u16(), known.text().as_str()), (304, ""));

    let change = async |method: Method, etag: &str, body: Value| {
        let request = ask(method, "one", &path).token(&house.one.key);
        let request = if etag.is_empty() { request } else { request.header("if-match", etag) };
        house.send(request.body(body.to_string())).await
    };
    let reply = change(Method::PATCH, "\"1-1-00\"", json!({"contact": "x"})).await;
    reply.refused(412);
    let faulty = change(Method::PATCH, "\"1-1-00\"", json!({"contact": 5})).await;
    assert_eq!(faulty.refused(422), ["contact"], "what is no change at all needs no state");
    let reply =
        change(Method::PATCH, &etag, json!({"contact": "Jane Hart", "subject": "Hi"})).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let mut wanted = got.json();
    wanted["data"]["to_do"]["contact"] = "Jane Hart".into();
    wanted["data"]["to_do"]["subject"] = "Hi".into();
    assert_eq!(reply.json(), wanted, "only what is given is changed");
    assert_ne!(reply.header("etag"), etag);
    change(Method::PUT, &etag, json!({"contact": "x"})).await.refused(412);

    let body = json!({"to_do": {"subject": null, "misfire": "skip", "grace_seconds": 60}});
    let reply = change(Method::PUT, reply.header("etag"), body).await.json();
    assert_eq!(reply["data"]["to_do"]["subject"], Value::Null);
    assert_eq!(reply["data"]["policy"]["misfire"], "skip");
    assert_eq!(reply["data"]["policy"]["grace_seconds"], 60);
    assert_eq!(reply["data"]["schedule"]["rule"]["interval"], 2, "the schedule stays");

    let daily = json!({"schedule": {"frequency": "Daily", "times": ["21:05"]}});
    let reply = change(Method::PATCH, "*", daily).await.json();
    let rule = json!({"rule_type": "IceCube::DailyRule", "interval": 1, "validations": {}});
    assert_eq!(reply["data"]["schedule"]["rule"], rule, "it is replaced as a whole");
    assert_eq!(reply["data"]["schedule"]["times"], json!(["9:05 PM"]));
    assert_eq!(reply["data"]["schedule"]["next_occurrence"], "2024-11-29T02:05:00.000Z");
    let once = json!({"run_at": "2024-11-30T00:00:00Z"});
    let reply = change(Method::PATCH, "", once).await.json();
    assert_eq!(reply["data"]["schedule"], Value::Null, "one takes the place of the other");
    let reply =
        change(Method::PATCH, "", json!({"schedule": {"frequency": "weekly"}})).await.json();
    assert_eq!(reply["data"]["to_do"]["run_at"], Value::Null);

    let before = house.get(&path).await.text();
    assert_eq!(change(Method::PATCH, "", json!({})).await.text(), before, "{{}} changes nothing");
    for (body, fields) in [
        (json!({"id": 1, "contact": 5}), vec!["contact", "id"]),
        (json!({"account_number": "W0411"}), vec!["account_number"]),
        (json!({"contact": null}), vec!["contact"]),
        (json!({"schedule": null}), vec!["schedule"]),
        (json!({"schedule": {"frequency": "daily", "zone": "UTC"}}), vec!["schedule.zone"]),
        (json!({"to_do": 5}), vec!["to_do"]),
        (json!({"to_do": {"misfire": "x", "nope": 1}}), vec!["to_do.misfire", "to_do.nope"]),
        (json!({"run_at": "2020-01-01T00:00:00Z"}), vec!["run_at"]),
    ] {
        let mut named = change(Method::PATCH, "", body.clone()).await.refused(422);
        named.sort();
        assert_eq!(named, fields, "{body}");
    }
    assert_eq!(house.get(&path).await.text(), before, "nothing was changed");
}

#[tokio::test]
async fn a_to_do_is_changed_in_part_and_only_as_it_was_last_seen() {
    changed(House::new().await).await;
}

#[tokio::test]
async fn a_to_do_is_changed_in_part_and_only_as_it_was_last_seen_on_postgresql() {
    changed(House::on_postgres().await).await;
}

#[tokio::test]
async fn a_to_do_is_paused_resumed_and_deleted() {
    let house = House::new().await;
    at_golden_time(&house);
    let id = create(&house, json!({})).await;
    let path = format!("/v2/to_dos/{id}");
    let post = async |what: &str| house.json(Method::POST, &format!("{path}/{what}"), "").await;
    let paused = post("pause").await.json();
    assert_eq!(paused["data"]["policy"]["paused_at"], GOLDEN_AT);
    assert_eq!(paused["data"]["schedule"]["next_occurrence"], Value::Null);
    assert_eq!(post("pause").await.json(), paused, "once is enough");
    let sentence = house.get(&format!("{path}/preview?count=2")).await.json();
    assert_eq!(sentence["data"]["occurrences"][0], "2024-11-30T14:00:00.000Z", "would come");
    let resumed = post("resume").await.json();
    assert_eq!(resumed["data"]["policy"]["paused_at"], Value::Null);
    assert_eq!(resumed["data"]["schedule"]["next_occurrence"], "2024-11-30T14:00:00.000Z");

    let delete = async |etag: &str| {
        let request = ask(Method::DELETE, "one", &path).token(&house.one.key);
        house.send(request.header("if-match", etag).empty()).await
    };
    delete("\"0-0-0\"").await.refused(412);
    let gone = delete("*").await;
    assert_eq!((gone.status.as_u16(), gone.text().as_str()), (204, ""));
    delete("*").await.refused(404);
    for path in [&path, &format!("{path}/runs"), &format!("{path}/preview")] {
        house.get(path).await.refused(404);
    }
    assert_eq!(ids(&house.get("/v2/to-dos").await), [0; 0]);
}

#[tokio::test]
async fn a_preview_says_it_in_words_and_instants() {
    let house = House::new().await;
    at_golden_time(&house);
    let id = create(&house, json!({})).await;
    let stored = house.get(&format!("/v2/to-dos/{id}/preview?count=3&limit=x")).await;
    let wanted = json!({"data": {
        "sentence": "Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM",
        "occurrences": [
            "2024-11-30T14:00:00.000Z", "2024-12-10T14:00:00.000Z", "2024-12-12T14:00:00.000Z",
        ],
    }});
    assert_eq!(stored.json(), wanted);
    let preview = async |query: &str, body: String| {
        house.json(Method::POST, &format!("/v2/to-dos/preview{query}"), body).await
    };
    assert_eq!(preview("?count=3", body(json!({}))).await.json(), wanted, "of a draft");
    let bare = json!({"account_number": "W0411", "schedule": {"frequency": "daily"}}).to_string();
    let ten = preview("", bare.clone()).await.json();
    assert_eq!(ten["data"]["occurrences"].as_array().map(Vec::len), Some(10));
    for count in ["0", "101", "-1", "x", ""] {
        assert_eq!(preview(&format!("?count={count}"), bare.clone()).await.refused(422), ["count"]);
    }
    let weeks = async |week_start: &str| {
        let weekly = json!({"account_number": "W0411", "schedule": {
            "frequency": "weekly", "interval": 2, "days": ["Sunday"], "times": ["9:00"],
            "starts_at": "2024-11-27T12:00:00Z", "week_start": week_start,
        }});
        preview("?count=1", weekly.to_string()).await
    };
    let first = |preview: Value| preview["data"]["occurrences"][0].clone();
    assert_eq!(first(weeks("Sunday").await.json()), "2024-12-08T14:00:00.000Z");
    assert_eq!(first(weeks("mon").await.json()), "2024-12-01T14:00:00.000Z", "week_start counts");
    assert_eq!(weeks("someday").await.refused(422), ["schedule.week_start"]);
    let part =
        r#"{"account_number": "W0411", "schedule": {"frequency": "daily", "hour_of_day": 9}}"#;
    assert_eq!(preview("", part.to_owned()).await.refused(422), ["schedule.hour_of_day"]);
    let faulty = json!({"account_number": "none", "contact": 5, "schedule": {"days": ["x"]}});
    let mut named = preview("", faulty.to_string()).await.refused(422);
    named.sort();
    let wanted = ["account_number", "contact", "schedule.days[0]", "schedule.frequency"];
    assert_eq!(named, wanted, "no word about what is not there yet");
    preview("", "{}".to_owned()).await.refused(422);
    assert_eq!(ids(&house.get("/v2/to-dos").await), [id], "nothing was made");
}

#[tokio::test]
async fn every_spelling_answers_the_same_methods() {
    let house = House::new().await;
    at_golden_time(&house);
    let id = create(&house, json!({})).await;
    for base in ["/api/v2/to-dos", "/api/v2/to_dos", "/v2/to-dos", "/v2/to_dos"] {
        for (path, method, allow) in [
            (base.to_owned(), Method::DELETE, "GET,HEAD,POST"),
            (format!("{base}/{id}"), Method::POST, "GET,HEAD,PATCH,PUT,DELETE"),
            (format!("{base}/{id}/pause"), Method::GET, "POST"),
            (format!("{base}/{id}/resume"), Method::PUT, "POST"),
            (format!("{base}/{id}/runs"), Method::POST, "GET,HEAD"),
            (format!("{base}/{id}/preview"), Method::POST, "GET,HEAD"),
        ] {
            let reply = house.json(method, &path, "").await;
            reply.refused(405);
            let mut allowed: Vec<&str> = reply.header("allow").split(',').collect();
            let mut wanted: Vec<&str> = allow.split(',').collect();
            allowed.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(allowed, wanted, "{path}");
        }
        let head = ask(Method::HEAD, "one", &format!("{base}/{id}")).token(&house.one.key);
        let head = house.send(head.empty()).await;
        assert_eq!((head.status.as_u16(), head.text().as_str()), (200, ""));
        assert!(!head.header("etag").is_empty());
        house.get(&format!("{base}/0")).await.refused(404);
        house.send(ask(Method::GET, "one", base).empty()).await.refused(401);
    }
}

#[tokio::test]
async fn a_key_makes_one_to_do() {
    let house = House::new().await;
    at_golden_time(&house);
    let send = async |path: &str, token: &str, key: &str, body: String| {
        let request = ask(Method::POST, "one", path).token(token);
        house.send(request.header("idempotency-key", key).body(body)).await
    };
    let mine = &house.one.key;
    let first = send("/v2/to-dos", mine, "k1", body(json!({}))).await;
    assert_eq!((first.status.as_u16(), first.header("idempotent-replayed")), (201, ""));
    house.world.clock.advance(60_000);
    let again = send("/api/v2/to_dos", mine, "k1", body(json!({}))).await;
    assert_eq!((again.status.as_u16(), again.header("idempotent-replayed")), (201, "true"));
    assert_eq!(again.text(), first.text());
    send("/v2/to-dos", mine, "k1", body(json!({"contact": "x"}))).await.refused(409);
    assert_eq!(
        send("/v2/to-dos", mine, "a b", body(json!({}))).await.refused(422),
        ["Idempotency-Key"]
    );
    let faulty = send("/v2/to-dos", mine, "k2", body(json!({"contact": "\n"}))).await;
    assert_eq!(faulty.refused(422), ["contact"]);
    let mended = send("/v2/to-dos", mine, "k2", body(json!({}))).await;
    assert_eq!(mended.status, 201, "a refusal uses no key up");
    let owner = house.world.key(&house.one.owner).await;
    let others = send("/v2/to-dos", &owner, "k1", body(json!({}))).await;
    assert_eq!((others.status.as_u16(), others.header("idempotent-replayed")), (201, ""));
    assert_eq!(ids(&house.get("/v2/to-dos").await).len(), 3);
    let theirs = ask(Method::POST, "two", "/v2/to-dos").token(&house.two.key);
    let theirs = house.send(theirs.header("idempotency-key", "k1").body(body(json!({})))).await;
    assert_eq!((theirs.status.as_u16(), theirs.header("idempotent-replayed")), (201, ""));
}
