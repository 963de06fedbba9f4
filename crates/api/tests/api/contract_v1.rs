//! Contract, version 1: read-only, two headers, bodies without a wrap.

use axum::http::Method;
use domain::Answers;
use serde_json::{Value, json};

use super::support::{House, Reply, ask, golden};

const EMAIL: &str = "carl@hartlowe.example";

async fn get(house: &House, path: &str) -> Reply {
    house.send(ask(Method::GET, "one", path).legacy(EMAIL, &house.one.key).empty()).await
}

async fn message(house: &House) -> i64 {
    let answers = [
        ("first_name", "Jane"),
        ("last_name", "Roe"),
        ("content", "Please call back."),
        ("meeting_preference", "Virtual"),
        ("court_date", ""),
        ("case_number", "K-9 \"quoted\""),
    ];
    let pairs = answers.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let (tenant, law, now) = (house.one.tenant.id, house.one.law.id, house.world.app.now());
    let form = house.one.form.id;
    let id = house.world.add_message(tenant, law, now, |message| {
        message.first_name = "Jane".to_owned();
        message.last_name = "Roe".to_owned();
        message.content = "Please call back.".to_owned();
        message.caller_id = "9548326297".to_owned();
        message.answers = Answers(pairs.to_vec());
        message.form_id = form;
    });
    id.await.0
}

async fn both_forms(house: House) {
    let id = message(&house).await;
    let wanted = json!({
        "account_number": "W0411",
        "resource": "message",
        "message_id": id,
        "content": "Please call back.",
        "from": "Jane Roe",
        "first_name": "Jane",
        "last_name": "Roe",
        "created_at": "01/21/2025 05:08 PM",
        "utc_created_at": "2025-01-21 22:08:20 UTC",
        "raw_created_at": "2025-01-21T22:08:20.671Z",
        "status": "pending",
        "phone": "",
        "caller_id": "9548326297",
        "company_name": "",
        "is_emergency": false,
        "delivered_at": null,
        "delivered_to": "",
        "content_with_additional_details":
            "Please call back.\nMeeting preference: Virtual\nCase number: K-9 \"quoted\"",
        "content_with_additional_details_table": {
            "Meeting preference": "Virtual",
            "Court date": "",
            "Case number": "K-9 \"quoted\"",
        },
        "content_with_additional_details_table__Meeting preference": "Virtual",
        "content_with_additional_details_table__Court date": "",
        "content_with_additional_details_table__Case number": "K-9 \"quoted\"",
    });
    for path in [format!("/v1/messages/{id}"), format!("/api/v1/messages/{id}")] {
        let reply = get(&house, &path).await;
        assert_eq!(reply.text(), wanted.to_string(), "{path}");
    }
    for path in ["/v1/messages", "/api/v1/messages"] {
        assert_eq!(get(&house, path).await.text(), json!([wanted]).to_string(), "a bare array");
    }
}

#[tokio::test]
async fn a_message_has_19_keys_and_its_custom_fields_twice() {
    both_forms(House::new().await).await;
}

#[tokio::test]
async fn a_message_has_19_keys_and_its_custom_fields_twice_on_postgresql() {
    both_forms(House::on_postgres().await).await;
}

#[tokio::test]
async fn the_golden_message_has_the_golden_keys_in_their_order() {
    let house = House::single(false).await;
    let gold = house.world.golden(&house.one).await;
    let request = ask(Method::GET, "one", "/v1/messages/939").legacy("G@Golden.example", &gold.key);
    let reply = house.send(request.empty()).await;
    let json = reply.json();
    let keys: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
    let wanted = golden("v1_message_fields.json");
    let wanted: Vec<&str> =
        wanted.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(keys[..19], wanted);
    let prefix = "content_with_additional_details_table__";
    assert!(keys[19..].iter().all(|key| key.starts_with(prefix)), "{keys:?}");
    let table = json["content_with_additional_details_table"].as_object().expect("a table");
    assert_eq!(keys[19..].len(), table.len());
    assert_eq!(table["Meeting preference"], "Virtual");
    assert_eq!(json["from"], "9548326297", "the number, where no name is known");
    assert_eq!(json["delivered_to"], "", "empty when null");
    assert_eq!(json["delivered_at"], "2025-01-21T22:08:20.855Z");
}

#[tokio::test]
async fn a_date_range_narrows_the_list() {
    let house = House::new().await;
    let id = message(&house).await;
    let check = async |query: &str, wanted: &[i64]| {
        assert_eq!(get(&house, &format!("/v1/messages?{query}")).await.ids(), wanted, "{query}");
    };
    check("from_date=01-21-2025&to_date=01-21-2025", &[id]).await;
    check("to_date=01-20-2025", &[]).await;
    let bad = get(&house, "/v1/messages?from_date=02-30-2025").await;
    assert_eq!(bad.refused(422), ["from_date"]);
}

#[tokio::test]
async fn the_list_is_streamed_or_cut_into_pages_by_link() {
    let house = House::new().await;
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 1_001).await;
    assert_eq!(get(&house, "/v1/messages").await.ids().len(), 1_001);
    let page = get(&house, "/v1/messages?limit=1000").await;
    assert_eq!(page.ids().len(), 1_000);
    let link = page.header("link").to_owned();
    let next = link.trim_start_matches('<').split('>').next().expect("an address").to_owned();
    let path = next.split_once(".example").expect("an address").1.to_owned();
    let last = get(&house, &path).await;
    assert_eq!((last.ids().len(), last.header("link")), (1, ""));
}

#[tokio::test]
async fn every_write_is_405() {
    let house = House::new().await;
    let id = message(&house).await;
    let one = format!("/v1/messages/{id}");
    for path in ["/v1/messages", "/api/v1/messages", &one, "/v1/to-dos", "/v1/anything/else"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let request = ask(method.clone(), "one", path).legacy(EMAIL, &house.one.key);
            let reply = house.send(request.header("content-type", "text/plain").body("x")).await;
            reply.refused(405);
            assert_eq!(reply.header("allow"), "GET,HEAD", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_bad_token_or_another_owner_is_the_golden_404() {
    let house = House::new().await;
    let id = message(&house).await;
    let paths = [
        "/v1/messages".to_owned(),
        format!("/v1/messages/{id}"),
        "/v1/messages?limit=x".to_owned(),
    ];
    let wanted = golden("invalid_token.json").to_string();
    let key = &house.one.key;
    for path in &paths {
        let asked = || ask(Method::GET, "one", path);
        for request in [
            asked().empty(),
            asked().header("x-api-token", key).empty(),
            asked().header("x-api-email", EMAIL).empty(),
            asked().legacy(EMAIL, "").empty(),
            asked().legacy(EMAIL, "lk_aaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").empty(),
            asked().legacy("doris@smile.example", key).empty(),
            asked().legacy("carl@hartlowe.example.org", key).empty(),
            asked().legacy(EMAIL, &house.two.key).empty(),
            asked().token(key).empty(),
        ] {
            let reply = house.send(request).await;
            assert_eq!((reply.status.as_u16(), reply.text()), (404, wanted.clone()), "{path}");
        }
    }
    let other_case = ask(Method::GET, "one", "/v1/messages").legacy("Carl@HARTLOWE.example", key);
    assert_eq!(house.send(other_case.empty()).await.status, 200);
}

#[tokio::test]
async fn it_says_that_there_is_a_newer_version_and_no_end() {
    let house = House::new().await;
    let asked = async |path: &str, token: &str| {
        let request = ask(Method::GET, "one", path).legacy(&house.one.client.email, token);
        house.send(request.empty()).await
    };
    for (path, token) in [
        ("/v1/messages", &*house.one.key),
        ("/api/v1/messages", &house.one.key),
        ("/v1/messages?limit=1", &house.one.key),
        ("/v1/messages/424242", &house.one.key),
        ("/v1/messages", "lk_wrong"),
    ] {
        let reply = asked(path, token).await;
        assert_eq!(reply.header("deprecation"), "@1796083200", "{path}: December 1, 2026");
        assert_eq!(reply.header("sunset"), "", "{path}");
    }
    assert_eq!(house.get("/v2/messages").await.header("deprecation"), "");
}
