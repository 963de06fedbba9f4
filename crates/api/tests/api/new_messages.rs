//! Messages that programs hand in, tell more of, correct, and have sent once more.

use axum::http::{Method, StatusCode};
use domain::Status;
use serde_json::{Value, json};

use super::support::{House, Reply, ask};

const NEW: &str = "/api/v2/messages";

fn message() -> Value {
    json!({
        "account_number": "W0411", "first_name": "Ida", "phone": "(561) 555-0142",
        "content": "Call me.", "answers": {"meeting_preference": "Virtual"},
    })
}

/// The message with something more, or something else.
fn with(more: &Value) -> Value {
    let mut body = message();
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

async fn post(house: &House, body: &Value) -> Reply {
    house.json(Method::POST, NEW, body.to_string()).await
}

async fn made(house: &House, body: &Value) -> Value {
    let reply = post(house, body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    reply.json()["data"].clone()
}

fn faults(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.text());
    reply.json()["data"]["errors"].as_object().expect("errors").keys().cloned().collect()
}

async fn story(house: House) {
    let carl = house.one.client.user_id.0;
    let more = json!({
        "phone_number": "555 0100", "extension": "12", "email_subject": "The hearing",
        "user_id": carl, "sale_id": 77, "klass_names": "Family,VIP", "contact_id": house.one.jane.id.0,
        "did_id": house.one.line.id.0, "caller_id": "5615550142", "note": "From the web page.",
        "message_received_date": "2025-01-20T10:00:00Z",
    });
    let new = made(&house, &with(&more)).await;
    assert_eq!(new.as_object().expect("an object").len(), 57);
    for (name, value) in [
        ("origin", json!("api")),
        ("agent_id", Value::Null),
        ("phone_number", json!("555 0100")),
        ("extension", json!("12")),
        ("email_subject", json!("The hearing")),
        ("user_id", json!(carl)),
        ("sale_id", json!(77)),
        ("klass_names", json!("Family, VIP")),
        ("note", json!("From the web page.")),
        ("receiver_name", json!("Jane Hart")),
        ("message_received_date", json!("2025-01-20T10:00:00.000Z")),
        ("first_name", json!("Ida")),
        ("status", json!("pending")),
    ] {
        assert_eq!(new[name], value, "{name}");
    }
    assert_eq!(new["answers"]["meeting_preference"], "Virtual");
    let id = new["id"].as_i64().expect("an id");
    assert_eq!(house.get(&format!("{NEW}/{id}")).await.json()["data"], new);
    let told = house.get(&format!("{NEW}/{id}/deliveries")).await.json()["data"].clone();
    assert_eq!(told.as_array().map(Vec::len), Some(1), "it is on its way: {told}");

    for (tag, found) in [("vip", 1), ("Family", 1), ("Fam", 0)] {
        let list = house.get(&format!("{NEW}?klass_name={tag}")).await;
        assert_eq!(list.ids().len(), found, "{tag}");
    }
    let change = json!({"klass_names": "", "sale_id": null, "extension": "14"});
    let path = format!("{NEW}/{id}");
    let changed = house.json(Method::PATCH, &path, change.to_string()).await;
    let changed = changed.json()["data"].clone();
    assert_eq!((&changed["klass_names"], &changed["sale_id"]), (&json!(""), &Value::Null));
    let stored = house.get(&path).await.json()["data"].clone();
    assert_eq!(stored, changed);
    let kept = house.get(&format!("{path}/corrections")).await.json()["data"].clone();
    assert_eq!(kept[0]["version"], 1);
    let was = json!({"extension": "12", "sale_id": "77", "klass_names": "Family, VIP"});
    assert_eq!(kept[0]["replaced"], was);
}

#[tokio::test]
async fn a_program_hands_a_message_in() {
    story(House::new().await).await;
}

#[tokio::test]
async fn a_program_hands_a_message_in_on_postgresql() {
    story(House::on_postgres().await).await;
}

#[tokio::test]
async fn the_rules_of_the_form_hold() {
    let house = House::new().await;
    let check = async |more: Value, wanted: &[&str]| {
        let reply = post(&house, &with(&more)).await;
        let mut named = faults(&reply);
        named.sort();
        assert_eq!(named, wanted, "{more}");
    };
    check(json!({"first_name": "", "content": ""}), &["content", "first_name"]).await;
    check(json!({"answers": {"meeting_preference": "By owl"}}), &["meeting_preference"]).await;
    check(json!({"answers": {"shoe_size": "9"}}), &["answers.shoe_size"]).await;
    check(json!({"answers": {"content": 9}, "colour": "red"}), &["answers.content", "colour"])
        .await;
    check(json!({"account_number": null}), &["account_number"]).await;
    check(json!({"account_number": "nobody"}), &["account_number"]).await;
    check(json!({"contact_id": 99, "did_id": 99}), &["contact_id", "did_id"]).await;
    check(json!({"user_id": house.one.other_client.user_id.0}), &["user_id"]).await;
    check(json!({"user_id": house.two.client.user_id.0 + 99}), &["user_id"]).await;
    check(json!({"message_received_date": "2033-01-01T00:00:00Z"}), &["message_received_date"])
        .await;
    check(json!({"klass_names": "a\nb", "uuid": "x"}), &["klass_names"]).await;
    assert_eq!(house.get(NEW).await.ids(), [0; 0], "nothing was made");
}

#[tokio::test]
async fn the_same_key_makes_one_message_and_no_other_users() {
    let house = House::new().await;
    let send = async |key: &str, body: &Value| {
        let request = ask(Method::POST, "one", NEW).token(&house.one.key);
        let request = request.header("content-type", "application/json");
        house.send(request.header("idempotency-key", key).body(body.to_string())).await
    };
    let first = send("k1", &message()).await;
    let again = send("k1", &message()).await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.text(), again.text());
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(send("k1", &with(&json!({"content": "Other"}))).await.status, StatusCode::CONFLICT);
    assert_eq!(house.get(NEW).await.ids().len(), 1);
    let uuid = json!({"uuid": "8895c21e-8c3a-48e2-80dd-03acf32705fd"});
    let ids = [made(&house, &with(&uuid)).await, made(&house, &with(&uuid)).await];
    assert_eq!(ids[0]["id"], ids[1]["id"], "the same UUID is the same message");
}

#[tokio::test]
async fn a_saved_message_is_corrected_and_each_version_is_kept() {
    let house = House::new().await;
    let new = made(&house, &message()).await;
    let path = format!("{NEW}/{}", new["id"]);
    let corrections = format!("{path}/corrections");
    let correct =
        async |body: Value| house.json(Method::POST, &corrections, body.to_string()).await;
    let jane = house.one.jane.id.0;
    let body = json!({"answers": {"content": "Call me at noon."}, "contact_id": jane});
    let right = correct(body.clone()).await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.text());
    let right = right.json()["data"].clone();
    assert_eq!(
        (&right["content"], &right["contact_id"]),
        (&json!("Call me at noon."), &json!(jane))
    );
    assert_eq!(right["answers"]["meeting_preference"], "Virtual", "what is not given stays");
    assert_eq!(house.get(&path).await.json()["data"], right);
    assert_eq!(correct(body).await.json()["data"]["updated_at"], right["updated_at"]);
    correct(json!({"answers": {"first_name": "Ada", "note": "Spelt by the caller."}})).await;
    let kept = house.get(&corrections).await.json()["data"].clone();
    let replaced: Vec<&Value> =
        kept.as_array().expect("a list").iter().map(|kept| &kept["replaced"]).collect();
    let first = json!({"content": "Call me.", "contact_id": "", "receiver_name": ""});
    assert_eq!(replaced, [&first, &json!({"first_name": "Ida", "note": ""})]);
    let log = house.get(&format!("{path}/activities")).await.json()["data"].clone();
    let log = log.as_array().expect("a list").iter();
    let said: Vec<&str> = log
        .filter(|entry| entry["kind"] == "corrected")
        .filter_map(|entry| entry["sentence"].as_str())
        .collect();
    assert_eq!(
        said,
        [
            "Carl corrected it: message, contact, receiver name.",
            "Carl corrected it: first name, note."
        ]
    );
    for (bad, named) in [
        (json!({"answers": {"content": ""}}), "content"),
        (json!({"answers": {"shoe_size": "9"}}), "shoe_size"),
        (json!({"contact_id": 99}), "contact_id"),
        (json!({"content": "x"}), "content"),
    ] {
        assert_eq!(faults(&correct(bad).await), [named]);
    }
}

#[tokio::test]
async fn a_message_is_sent_again_or_to_somebody_else() {
    let house = House::new().await;
    let new = made(&house, &message()).await;
    let path = format!("{NEW}/{}/deliveries", new["id"]);
    let send = async |body: Value| house.json(Method::POST, &path, body.to_string()).await;
    assert_eq!(faults(&send(json!({})).await), ["contact_id"], "it is for nobody");
    assert_eq!(faults(&send(json!({"contact_id": 99})).await), ["contact_id"]);
    assert_eq!(faults(&send(json!({"channel": "owl"})).await), ["channel"]);
    let to = json!({"contact_id": house.one.jane.id.0, "channel": "email"});
    let sent = send(to).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    assert_eq!(sent.json()["data"][0]["recipient"], "Jane Hart");
    assert_eq!(sent.json()["data"][0]["channel"], "email");
    let told = house.get(&path).await.json()["data"].clone();
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    let path = format!("{NEW}/{}", new["id"]);
    let kept = house.get(&path).await.json()["data"].clone();
    assert_eq!(kept["status"], Status::Pending.as_str());
    assert_eq!(kept["contact_id"], Value::Null, "whom it is for stays");
}
