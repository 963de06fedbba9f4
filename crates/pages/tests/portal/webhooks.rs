//! Webhooks as supervisors keep them: made, shown once, tried, switched, told again, exported.

use domain::webhook::PostAnswer;
use domain::{JobKind, limits};

use super::browser::{Browser, House};

const URL: &str = "https://hooks.example/liberty";

async fn add(sam: &mut Browser, house: &House, description: &str) -> String {
    let path = format!("/accounts/{}/webhooks", house.one.law.id);
    let fields = [("url", URL), ("description", description), ("message.created", "true")];
    let made = sam.post(&path, &fields).await;
    made.is(200).shows("Copy the secret now.").shows("whsec_");
    let secret = made.body.split("whsec_").nth(1).expect("a secret");
    format!("whsec_{}", secret.split('<').next().expect("its end"))
}

/// Makes the posts that are due, each answered so.
async fn answer(house: &House, status: u16, body: &str) {
    let app = &house.world.app;
    let claimed = app::jobs::claim(app, JobKind::Hook, 100).await.expect("jobs");
    let started = app::webhooks::start_all(app, &claimed, &|_| Ok(())).await.expect("started");
    let answer = PostAnswer {
        status: Some(status),
        detail: format!("It answered {status}."),
        body: body.to_owned(),
        retry_after_ms: None,
    };
    let answers: Vec<_> = started.iter().map(|posting| (posting, &answer)).collect();
    app::webhooks::record_all(app, &answers).await.expect("written");
}

#[tokio::test]
async fn a_webhook_is_made_tried_renewed_switched_and_deleted() {
    let house = House::new().await;
    let mut sam = house.signed_in(&house.one.supervisor).await;
    let account = format!("/accounts/{}", house.one.law.id);
    sam.get(&account).await.is(200).shows("Webhooks");
    let list = format!("{account}/webhooks");
    sam.get(&list).await.is(200).shows("No webhook yet");
    sam.get(&format!("{list}/new")).await.is(200).shows("An agent took a message.");
    let refused = sam.post(&list, &[("url", "http://127.1/"), ("message.created", "")]).await;
    refused.is(422).shows("URL must begin with https://.").shows("Events must be at least one.");
    assert!(refused.body.contains("value=\"http://127.1/\""), "what was typed is kept");
    let inside = [("url", "https://0x7f.1/"), ("message.created", "true")];
    sam.post(&list, &inside).await.is(422).shows("not allowed");

    let secret = add(&mut sam, &house, "Case manager").await;
    sam.get(&list).await.is(200).shows("Case manager").shows("message.created").hides(&secret);
    sam.get("/webhooks/1").await.is(200).shows("It was told nothing yet").hides(&secret);
    let tried = sam.post("/webhooks/1/test", &[]).await;
    sam.follow(&tried).await.is(200).shows("webhook.test").shows("It was not posted yet.");
    answer(&house, 500, "out of\norder").await;
    let event = sam.get("/webhooks/events/1").await;
    event.is(200).shows("It answered 500.").shows("out of").shows("Post it now");
    let again = sam.post("/webhooks/events/1/replay", &[]).await;
    sam.follow(&again).await.is(200).shows("It is told again.");
    answer(&house, 200, "").await;
    sam.get("/webhooks/events/1").await.is(200).shows("Tell it again").shows("It answered 200.");

    let renewed = sam.post("/webhooks/1/secret", &[]).await;
    renewed.is(200).shows("carries a second signature").hides(&secret);
    sam.get("/webhooks/1").await.shows("Two sign at present");
    let changed = [("url", URL), ("description", "Cases"), ("to_do.run", "true")];
    let changed = sam.post("/webhooks/1", &changed).await;
    sam.follow(&changed).await.is(200).shows("“Cases” is saved.").shows("to_do.run");
    let off = sam.post("/webhooks/1/disable", &[]).await;
    sam.follow(&off).await.shows("It is switched off");
    let tried = sam.post("/webhooks/1/test", &[]).await;
    sam.follow(&tried).await.shows("The webhook must be enabled first.");
    let on = sam.post("/webhooks/1/enable", &[]).await;
    sam.follow(&on).await.shows("is on: events go to it from now on.");
    let gone = sam.post("/webhooks/1/delete", &[]).await;
    sam.follow(&gone).await.is(200).shows("“Cases” is deleted.").shows("No webhook yet");
    sam.get("/webhooks/1").await.is(404);
    let audit = app::audit::verify(&house.world.app, house.one.tenant.id).await.expect("asked");
    assert!(matches!(audit, app::audit::AuditVerdict::Sound(rows) if rows > 5), "{audit:?}");
}

#[tokio::test]
async fn a_webhook_that_is_gone_is_told_loudly_on_every_page() {
    let house = House::new().await;
    let mut sam = house.signed_in(&house.one.supervisor).await;
    add(&mut sam, &house, "Case manager").await;
    house.take().await;
    sam.get("/messages").await.hides("was disabled");
    answer(&house, 410, "").await;
    for path in ["/messages", "/accounts", "/profile", "/webhooks/1"] {
        sam.get(path).await.is(200).shows("The webhook “Case manager” fails and was disabled.");
    }
    for actor in [&house.one.client, &house.one.agent] {
        let mut other = house.signed_in(actor).await;
        other.get("/messages").await.is(200).hides("was disabled");
    }
    let left = sam.post("/webhooks/1/disable", &[]).await;
    sam.follow(&left).await.is(200).hides("fails and was disabled");
}

#[tokio::test]
async fn what_was_not_taken_is_told_again_and_exported() {
    let house = House::new().await;
    let mut sam = house.signed_in(&house.one.supervisor).await;
    add(&mut sam, &house, "=cmd|' /C calc'!A0").await;
    house.take().await;
    let mut wait_ms = 0;
    for wait in [0].into_iter().chain(limits::HOOK_WAITS_MS) {
        house.world.clock.advance(wait + wait / 10 + 1);
        wait_ms += wait;
        answer(&house, 503, "").await;
    }
    // Three days later the session of the first page is over.
    assert!(wait_ms > 3 * limits::DAY_MS);
    let mut sam = house.signed_in(&house.one.supervisor).await;
    sam.get("/webhooks/1?only=failed").await.is(200).shows("message.created");
    sam.get("/webhooks/1?only=waiting").await.is(200).shows("Nothing waits");
    let wrong = sam.get("/webhooks/1?only=%3Cscript%3E").await;
    wrong.is(422).shows("The filter “only” must be one of the list.").shows("calc");
    let wrong = sam.get("/webhooks/1?before=x").await;
    wrong.is(422).shows("The page of the list must be one of this list.");
    let csv = sam.get("/webhooks/1/log.csv?only=failed").await;
    csv.is(200);
    assert!(csv.body.contains("\r\n'=cmd|' /C calc'!A0,message.created,evt_"), "{}", csv.body);
    let again = sam.post("/webhooks/1/replay", &[("since", "soon")]).await;
    sam.follow(&again).await.shows("The day must be one of the calendar.");
    let again = sam.post("/webhooks/1/replay", &[("since", "2025-02-01")]).await;
    sam.follow(&again).await.shows("Nothing has failed since then.");
    let again = sam.post("/webhooks/1/replay", &[("since", "2025-01-21")]).await;
    sam.follow(&again).await.shows("One event is told again.");
    answer(&house, 200, "").await;
    sam.get("/webhooks/1?only=failed").await.shows("Nothing failed");
}
