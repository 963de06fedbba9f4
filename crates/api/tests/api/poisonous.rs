//! S2: poisonous inputs get a clear answer with the field named, and lose nothing.

use axum::http::Method;

use super::support::House;

async fn poisoned(house: House) {
    let (tenant, law, now) = (house.one.tenant.id, house.one.law.id, house.world.app.now());
    let id = house.world.add_message(tenant, law, now, |_| {}).await;
    let path = format!("/v2/messages/{id}");
    let before = house.get(&path).await.text();

    let deep_object = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let deep_array = format!("{{\"note\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let many_keys: Vec<String> = (0..1_000).map(|i| format!("\"field_{i}\": \"{i}\"")).collect();
    let many_keys = format!("{{{}}}", many_keys.join(","));
    let long = format!("{{\"note\": \"{}\"}}", "x".repeat(20_001));
    let long_key = format!("{{\"{}\": 1}}", "k".repeat(100_000));
    let table: &[(&str, u16, &str)] = &[
        (r#"{"note": "a\u0000b"}"#, 422, "note"),
        (r#"{"disposition": "\u0000"}"#, 422, "disposition"),
        (r#"{"note": "\ud800"}"#, 422, "note"),
        (r#"{"note": "\udc00 alone"}"#, 422, "note"),
        (r#"{"message": {"note": "\ud83d"}}"#, 422, "message.note"),
        (r#"{"read": 1e400}"#, 422, "read"),
        (r#"{"read": -1e400}"#, 422, "read"),
        (r#"{"read": -0}"#, 422, "read"),
        (r#"{"read": 99999999999999999999999999}"#, 422, "read"),
        (r#"{"read": true, "read": true}"#, 400, "read"),
        (r#"{"message": {"note": "1", "note": "2"}}"#, 400, "message.note"),
        (r#"{"read": NaN}"#, 400, ""),
        (r#"{"read": Infinity}"#, 400, ""),
        (r#"{'read': true}"#, 400, ""),
        (r#"{"read": true,}"#, 400, ""),
        (r#"{"read": 01}"#, 400, ""),
        ("{\"note\": \"a\nb\"}", 400, ""),
        (r#"{"note": {"$gt": ""}}"#, 422, "note"),
        (r#"{"status": ["closed"]}"#, 422, "status"),
        (r#"{"": 1}"#, 422, ""),
        (&deep_object, 400, ""),
        (&deep_array, 400, ""),
        (&many_keys, 422, "field_0"),
        (&long, 422, "note"),
        (&long_key, 422, ""),
    ];
    for (body, status, field) in table {
        let reply = house.json(Method::PATCH, &path, (*body).to_owned()).await;
        let fields = reply.refused(*status);
        let start: String = body.chars().take(60).collect();
        assert!(field.is_empty() || fields.contains(&(*field).to_owned()), "{start}: {fields:?}");
        assert!(fields.len() <= 100 && reply.body.len() < 20_000, "{start}: a short answer");
    }
    assert_eq!(house.get(&path).await.text(), before, "nothing was changed");

    let fine = "ضع 🙂 \u{202e}tfel\u{200b} e\u{301} <script> ' OR 1=1; -- %s {{7*7}} \\ \u{7f} \t";
    let body = serde_json::json!({"note": fine, "disposition": fine}).to_string();
    let reply = house.json(Method::PATCH, &path, body).await;
    assert_eq!(reply.json()["data"]["note"], fine, "what is unusual is kept as it is");
    let escaped = r#"{"note": "\ud83d\ude42"}"#;
    let reply = house.json(Method::PATCH, &path, escaped).await;
    assert_eq!(reply.json()["data"]["note"], "🙂", "a whole pair is a character");
}

#[tokio::test]
async fn poisonous_bodies_are_refused_with_the_field_named() {
    poisoned(House::new().await).await;
}

#[tokio::test]
async fn poisonous_bodies_are_refused_with_the_field_named_on_postgresql() {
    poisoned(House::on_postgres().await).await;
}

async fn queries(house: House) {
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 2).await;
    for (query, status) in [
        ("q=%F0%9F%99%82", 200),
        ("q=%27%20OR%201=1;--", 200),
        ("q=%5C", 200),
        ("q=_%25", 200),
        ("q=%E2%80%AE", 200),
        ("q=%ED%A0%80", 422),
        ("q=%00", 422),
        ("account_number=%27;DROP%20TABLE%20messages", 200),
        ("updated_since=0001-01-01T00:00:00Z", 200),
        ("updated_since=9999-12-31T23:59:59.999Z", 200),
        ("updated_since=0000-01-01T00:00:00Z", 422),
        ("updated_since=10000-01-01T00:00:00Z", 422),
        ("from_date=01-01-0001&to_date=12-31-9999", 200),
        ("from_date=01-01-0000", 422),
        ("limit=1e3", 422),
        ("limit=%2B1", 422),
        ("limit=18446744073709551617", 422),
        ("&&&=&=x&%&limit", 422),
        ("&&&=&=x&%", 200),
    ] {
        let reply = house.get(&format!("/v2/messages?{query}")).await;
        assert_eq!(reply.status, status, "{query}: {}", reply.text());
    }
    let many: String = (0..5_000).map(|i| format!("p{i}=x&")).collect();
    assert_eq!(house.get(&format!("/v2/messages?{many}limit=1")).await.ids().len(), 1);
}

#[tokio::test]
async fn poisonous_queries_are_refused_or_harmless() {
    queries(House::new().await).await;
}

#[tokio::test]
async fn poisonous_queries_are_refused_or_harmless_on_postgresql() {
    queries(House::on_postgres().await).await;
}
