//! Events of calls that go on: told by a switch, in any order, seen at once.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::{House, Reply, ask};

fn event(sid: &str, event: &str, at: &str) -> Value {
    json!({
        "call_sid": sid, "event": event, "occurred_at": format!("2025-01-21T22:{at}Z"),
        "did_number": "+1 561 781 9977", "from": "9548326297",
    })
}

async fn post(house: &House, event: &Value) -> Reply {
    let request = ask(Method::POST, "one", "/hooks/v1/calls/events").token(&house.one.switch.1);
    let request = request.header("content-type", "application/json");
    house.send(request.body(event.to_string())).await
}

/// A call from its first ring to its end, some of it late and told twice.
async fn story(house: House) {
    let first = post(&house, &event("c1", "ringing", "00:00")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let id = first.json()["data"]["call_id"].as_i64().expect("an id");
    let mut answered = event("c1", "answered", "00:09");
    answered["agent_username"] = json!("ann");
    for (event, state) in [
        (event("c1", "ringing", "00:00"), "ringing"),
        (event("c1", "waiting", "00:05"), "waiting"),
        (answered, "talking"),
        (event("c1", "waiting", "00:05"), "talking"),
        (event("c1", "resumed", "00:30"), "talking"),
        (event("c1", "held", "00:20"), "talking"),
        (event("c1", "held", "00:40"), "held"),
        (event("c1", "ended", "01:00"), "wrap_up"),
        (event("c1", "held", "00:40"), "wrap_up"),
    ] {
        let reply = post(&house, &event).await;
        assert_eq!(reply.status, StatusCode::OK, "{event} {}", reply.text());
        assert_eq!(reply.json()["data"]["state"], state, "{event}");
        assert_eq!(reply.json()["data"]["call_id"].as_i64(), Some(id), "{event}");
    }
}

#[tokio::test]
async fn a_call_is_told_while_it_goes_on() {
    story(House::new().await).await;
}

#[tokio::test]
async fn a_call_is_told_while_it_goes_on_on_postgresql() {
    story(House::on_postgres().await).await;
}

#[tokio::test]
async fn every_fault_of_an_event_is_named() {
    let house = House::new().await;
    let bad = json!({"call_sid": "", "event": "sings", "occurred_at": "yesterday", "sequence": -1,
        "from": "1\n2", "colour": "red"});
    let mut named = post(&house, &bad).await.refused(422);
    named.sort();
    assert_eq!(named, ["call_sid", "colour", "event", "from", "occurred_at", "sequence"]);
    let mut nobodys = event("c9", "ringing", "00:00");
    nobodys["did_number"] = json!("9999999999");
    assert_eq!(post(&house, &nobodys).await.refused(422), ["did_number"]);
    nobodys["account_number"] = json!("NOBODYS");
    assert_eq!(post(&house, &nobodys).await.refused(422), ["account_number"]);
    let request = ask(Method::POST, "one", "/hooks/v1/calls/events").token(&house.two.switch.1);
    house.send(request.body(event("c1", "ringing", "00:00").to_string())).await.refused(401);
    post(&house, &json!([])).await.refused(400);
}

#[tokio::test]
async fn the_message_tells_of_the_call_that_it_was_taken_on() {
    let house = House::new().await;
    let (app, agent) = (&house.world.app, &house.one.agent);
    let mut waiting = event("c1", "waiting", "00:05");
    waiting["ivr"] = json!("2");
    let told = post(&house, &waiting).await.json();
    let call = domain::CallId(told["data"]["call_id"].as_i64().expect("an id"));
    let mut answered = event("c1", "answered", "00:09");
    answered["agent_username"] = json!("ann");
    assert_eq!(post(&house, &answered).await.json()["data"]["state"], "talking");

    let answers = [("first_name", "Ida"), ("phone", "5550100"), ("content", "Call me.")];
    let entry = app::messages::MessageEntry {
        uuid: app.entropy().uuid(),
        call_id: Some(call),
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        ..app::messages::MessageEntry::default()
    };
    let saved = app::messages::take(app, agent, house.one.law.id, entry).await.expect("saved");
    let message = house.get(&format!("/v2/messages/{}", saved.message.id)).await.json();
    for (key, value) in [
        ("ivr", json!("2")),
        ("call_ref_id", json!("c1")),
        ("call_id", json!(call.0)),
        ("origin", json!("call")),
        ("caller_id", json!("9548326297")),
        ("pbx_name", json!(house.one.switch.0.name)),
        ("message_received_date", json!("2025-01-21T22:00:05.000Z")),
        ("agent_id", json!(agent.user_id.0)),
    ] {
        assert_eq!(message["data"][key], value, "{key}");
    }
}
