//! Sends of unknown outcome: they stay with their carrier, and a possible double is flagged.

use domain::limits;
use testkit::World;
use testkit::sms_http::{self, SmsHttp};
use testkit::smsc::{Command, Instead, Options, Smsc as Centre};
use wire::Sms;

use super::lines::*;

#[tokio::test]
async fn a_cut_answer_stays_with_its_carrier_and_the_double_is_flagged() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let (first, second) = (Centre::start(Options::default()), Centre::start(Options::default()));
    first.tell(&Command::Rule("submit_sm", Instead::Close, Some(1)));
    let (one, smsc) = centre(&world, "one", &first);
    let worker = worker(&world, vec![one, centre(&world, "two", &second).0]);
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &worker).await;
    assert_eq!(first.messages().len(), 1);

    // The connection comes back: texts of somebody else's go through.
    let probe = Sms {
        from: "Liberty".to_owned(),
        to: "+15550001111".to_owned(),
        text: "Are you there?".to_owned(),
        key: String::new(),
    };
    eventually("the connection is back", async || smsc.send(&probe).await.is_ok()).await;
    world.clock.advance(limits::BACKOFF_FIRST_MS);
    worker.pump().await.expect("a pump");
    let texts = first.messages().into_iter().filter(|sms| sms.to == JANE[1..]).count();
    assert_eq!((texts, second.messages().len()), (2, 0));
    // How many probes it took is not told.
    let text = told(&world, &office, id).await;
    let given = text.trim_end().rsplit(' ').next().expect("an id");
    insta::assert_snapshot!(text.replace(given, "ID"), @"
    sent
    sent to +15615550100
    - one: unknown: The SMS carrier 127.0.0.1 was given the message and closed the connection, so it may have been delivered.
    - one: sent, may double: accepted as ID
    ");
}

#[tokio::test]
async fn a_carrier_that_honours_the_key_takes_it_once() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let peer = SmsHttp::start(sms_http::Options::default());
    peer.tell(&sms_http::Command::Rule(sms_http::Instead::Close, Some(1)));
    let worker = worker(&world, vec![rest("web", &peer, true)]);
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &worker).await;
    world.clock.advance(limits::BACKOFF_FIRST_MS);
    worker.pump().await.expect("a pump");
    let [one, again] = &peer.seen()[..] else { panic!("{:?}", peer.seen()) };
    assert!(!one.key.is_empty() && one.key == again.key, "one thing under one key");
    assert_eq!(one.body, again.body);
    let told = told(&world, &office, id).await;
    let sid = told.split(' ').find(|word| word.starts_with("SM")).expect("an id");
    insta::assert_snapshot!(told.replace(sid, "SM…"), @"
    sent
    sent to +15615550100
    - web: unknown: The carrier 127.0.0.1 was given it and went away without an answer, so it may have been sent (connection closed before message completed).
    - web: sent: 201 SM… queued
    ");
}

#[tokio::test]
async fn a_pinned_text_fails_rather_than_go_to_another_carrier() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let peer = SmsHttp::start(sms_http::Options::default());
    peer.tell(&sms_http::Command::Rule(sms_http::Instead::Close, None));
    let other = SmsHttp::start(sms_http::Options::default());
    let before = worker(&world, vec![rest("old", &peer, false)]);
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &before).await;

    // The operator takes the carrier out of the configuration.
    let after = worker(&world, vec![rest("new", &other, false)]);
    world.clock.advance(limits::BACKOFF_FIRST_MS);
    after.pump().await.expect("a pump");
    assert!(other.seen().is_empty());
    insta::assert_snapshot!(told(&world, &office, id).await, @"
    failed: It may have gone out through the carrier old, which is no longer configured.
    failed to +15615550100
    - old: unknown: The carrier 127.0.0.1 was given it and went away without an answer, so it may have been sent (connection closed before message completed).
    ");
}
