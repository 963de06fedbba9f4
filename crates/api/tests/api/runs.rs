//! "Why did or didn't this go out?": runs of To Dos, and deliveries of messages, over the API.

use app::deliveries::{AttemptPlan, Carriers, NoCarriers};
use axum::http::Method;
use domain::delivery::{Outcome, Reach};
use domain::{Channel, Delivery, Instant, JobKind, Tenant};
use serde_json::{Value, json};

use super::contract_to_dos::{GOLDEN_AT, create};
use super::support::{House, ask};

/// Everything goes by one carrier.
struct Courier;

impl Carriers for Courier {
    fn plan(&self, _: &Tenant, _: &Delivery) -> AttemptPlan {
        AttemptPlan::Ask("courier".to_owned())
    }

    fn honours_key(&self, _: &str) -> bool {
        false
    }
}

async fn fire(house: &House) {
    let app = &house.world.app;
    let jobs = app::jobs::claim(app, JobKind::Fire, 10).await.expect("jobs");
    app::to_dos::fire_all(app, &jobs).await.expect("fired");
}

/// Makes the attempts that are due; `outcome` says what comes of each.
async fn send(house: &House, carriers: &dyn Carriers, channel: Channel, outcome: &Outcome) {
    let app = &house.world.app;
    let jobs = app::jobs::claim(app, JobKind::Deliver(channel), 10).await.expect("jobs");
    for started in app::deliveries::start_all(app, &jobs, carriers).await.expect("started") {
        app::deliveries::record(app, &started, outcome, carriers).await.expect("recorded");
    }
}

fn sent() -> Outcome {
    let (response, references) = ("201 queued".to_owned(), vec!["SM1".to_owned()]);
    Outcome::Sent { response, references, reach: Reach::Carrier }
}

async fn told(house: House) {
    house.world.clock.set(Instant::parse(GOLDEN_AT).expect("an instant"));
    let hourly = json!({"frequency": "hourly"});
    let id = create(&house, json!({"contact": "+15615550100", "schedule": hourly})).await;
    let path = format!("/v2/to-dos/{id}/runs");
    assert_eq!(house.get(&path).await.text(), "{\"data\":[]}");

    house.world.clock.advance(3_600_000);
    fire(&house).await;
    let later = Outcome::Unknown("The line broke.".to_owned());
    send(&house, &Courier, Channel::Sms, &later).await;
    let open = house.get(&path).await.json();
    let run = &open["data"][0];
    assert_eq!((&run["state"], &run["finished_at"]), (&json!("sending"), &Value::Null));
    let delivery = &run["delivery"];
    let seen = ["status", "channel", "address", "recipient", "carrier"].map(|key| &delivery[key]);
    assert_eq!(seen, ["queued", "sms", "+15615550100", "", "courier"]);
    assert!(delivery["next_try"].as_str() > Some("2024-11-28T18:28:12.723Z"), "{delivery}");
    let one = house.get(&format!("/v2/to-dos/{id}")).await.json();
    assert_eq!(one["data"]["to_do"]["is_sending"], true);

    house.world.clock.advance(1_200_000);
    send(&house, &Courier, Channel::Sms, &sent()).await;
    let learned = app::deliveries::learn(&house.world.app, "courier", "SM1", &Ok(Reach::Handset));
    assert!(learned.await.expect("learned"));
    let done = house.get(&path).await.json();
    let run = &done["data"][0];
    assert_eq!((&run["state"], &run["delivery"]["next_try"]), (&json!("sent"), &Value::Null));
    assert_eq!(run["delivery"]["status"], "reached_handset");
    let attempts = run["delivery"]["attempts"].as_array().expect("attempts");
    let told: Vec<Value> = attempts
        .iter()
        .map(|a| json!([a["number"], a["carrier"], a["outcome"], a["may_have_doubled"]]))
        .collect();
    let wanted = [json!([1, "courier", "unknown", false]), json!([2, "courier", "sent", true])];
    assert_eq!(told, wanted);
    assert_eq!(attempts[0]["detail"], "The line broke.");

    house.world.clock.advance(7_200_000);
    fire(&house).await;
    send(&house, &NoCarriers, Channel::Sms, &later).await;
    let all = house.get(&path).await.json();
    let states: Vec<&Value> =
        all["data"].as_array().expect("runs").iter().map(|run| &run["state"]).collect();
    assert_eq!(states, ["captured", "skipped", "sent"], "newest first");
    let skipped = &all["data"][1];
    assert_eq!(skipped["delivery"], Value::Null);
    assert_eq!(skipped["reason"], "It was missed, and a later one was due as well.");
    let page = house.get(&format!("{path}?limit=2")).await;
    let cursor = page.json()["meta"]["next_cursor"].as_str().expect("more").to_owned();
    let rest = house.get(&format!("{path}?cursor={cursor}")).await.json();
    assert_eq!(rest["data"], json!([all["data"][2]]));

    let nobody = create(&house, json!({"schedule": {"frequency": "hourly"}})).await;
    assert_eq!(
        house.get(&format!("/v2/to-dos/{nobody}/runs?cursor={cursor}")).await.refused(422),
        ["cursor"]
    );
    house.world.clock.advance(3_600_000);
    fire(&house).await;
    let failed = house.get(&format!("/v2/to-dos/{nobody}/runs")).await.json();
    let run = &failed["data"][0];
    let reason = "“jose@kauneonga.com” is not a phone number, \
        and nobody in the directory has that name or address.";
    assert_eq!((&run["state"], &run["reason"]), (&json!("failed"), &json!(reason)));
}

#[tokio::test]
async fn every_run_says_why_it_did_or_did_not_go_out() {
    told(House::new().await).await;
}

#[tokio::test]
async fn every_run_says_why_it_did_or_did_not_go_out_on_postgresql() {
    told(House::on_postgres().await).await;
}

#[tokio::test]
async fn a_message_says_why_it_did_or_did_not_go_out() {
    let house = House::new().await;
    let tenancy = &house.one;
    let answers = [("first_name", "Eve"), ("phone", "5615550123"), ("content", "Call me")];
    let entry = app::messages::MessageEntry {
        uuid: "0c6f2f0c-2c1e-4f6e-9d2a-6f1f6b0a7c55".to_owned(),
        form_id: tenancy.form.id,
        contact_id: Some(tenancy.jane.id),
        answers: answers.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec(),
        ..Default::default()
    };
    let app = &house.world.app;
    let taken = app::messages::take(app, &tenancy.agent, tenancy.law.id, entry);
    let id = taken.await.expect("taken").message.id;
    let path = format!("/api/v2/messages/{id}/deliveries");
    send(&house, &NoCarriers, Channel::Email, &sent()).await;
    let told = house.get(&path).await.json();
    let delivery = &told["data"][0];
    let seen = ["channel", "address", "status", "carrier"].map(|key| &delivery[key]);
    assert_eq!(seen, ["email", "jane@hartlowe.example", "captured", ""]);
    assert_eq!(delivery["attempts"][0]["outcome"], "captured");
    assert_eq!(delivery["telling"], 0);
    let said = house.get(&format!("/v2/messages/{id}/activities")).await.json();
    let message = house.get(&format!("/v2/messages/{id}")).await.json();
    let said = said["data"].as_array().expect("activities");
    assert_eq!(said.len(), message["data"]["activities_count"]);
    let kinds: Vec<&Value> = said.iter().map(|activity| &activity["kind"]).collect();
    assert_eq!(kinds, ["taken", "queued", "captured"]);
    let first = ["sentence", "actor", "at"].map(|key| &said[0][key]);
    assert_eq!(first, ["Ann took the message.", "Ann", "2025-01-21T22:08:20.671Z"]);
    house.get("/v2/messages/424242/activities").await.refused(404);
    let bare =
        house.world.add_message(tenancy.tenant.id, tenancy.law.id, house.world.app.now(), |_| {});
    let none = house.get(&format!("/v2/messages/{}/deliveries", bare.await)).await;
    assert_eq!(none.text(), "{\"data\":[]}");
    house.get("/v2/messages/424242/deliveries").await.refused(404);
    let other = ask(Method::GET, "one", &path).token(&house.world.key(&tenancy.other_client).await);
    house.send(other.empty()).await.refused(404);
}
