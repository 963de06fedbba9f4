//! Receivers that fail, hang or are gone; workers that die; events told again.

use domain::message::Update;
use domain::webhook::DisabledWhy;
use domain::{HookState, JobKind, Status, limits};
use testkit::webhooks::Instead;

use super::*;

fn failing(status: u16) -> Instead {
    Instead::Answer(status, Vec::new(), "out of order".to_owned())
}

#[tokio::test]
async fn what_fails_is_tried_ten_times_over_three_days_under_one_id() {
    let hooked = Hooked::new().await;
    let receiver = Receiver::start("127.0.0.1");
    let hook = hooked.hook(&receiver, "/", &[HookKind::MessageCreated]).await;
    receiver.rule("", &failing(500), None);
    take(&hooked.world, &hooked.office, "One.").await;
    let worker = hooked.worker(5_000);
    hooked.pass(&worker, 0).await;
    for (made, wait_ms) in limits::HOOK_WAITS_MS.into_iter().enumerate() {
        hooked.pass(&worker, wait_ms - 1).await;
        assert_eq!(receiver.seen().len(), made + 1, "not before its time");
        hooked.pass(&worker, wait_ms / 10 + 1).await;
        assert_eq!(receiver.seen().len(), made + 2, "and a tenth later at most");
    }
    hooked.pass(&worker, limits::DAY_MS * 7).await;
    let posts = receiver.seen();
    assert_eq!(posts.len(), 10);
    assert!(posts.iter().all(|post| post.id() == posts[0].id() && post.body == posts[0].body));
    let told = hooked.told(hook.webhook.id).await;
    assert_eq!(told, "message.created failed 10: It answered 500 (Internal Server Error).");
    assert_eq!(jobs::count(&hooked.world.app).await.expect("a count"), 0);
    let (app, sam) = (&hooked.world.app, &hooked.office.supervisor);
    let id = hooked.log(hook.webhook.id).await[0].delivery.id;
    let event = webhooks::event(app, sam, id).await.expect("an event");
    assert_eq!(event.attempts.len(), 10);
    assert!(event.attempts.iter().all(|attempt| attempt.status == Some(500)));
    assert_eq!(event.attempts[0].answer, "out of order");
}

#[tokio::test]
async fn a_later_event_of_a_message_waits_for_the_earlier_one() {
    let hooked = Hooked::new().await;
    let (world, office) = (&hooked.world, &hooked.office);
    let receiver = Receiver::start("127.0.0.1");
    hooked.hook(&receiver, "/", &HookKind::ALL).await;
    let worker = hooked.worker(5_000);
    receiver.rule("", &failing(503), Some(2));
    let message = take(world, office, "One.").await;
    hooked.pass(&worker, 0).await;
    let update = Update { status: Some(Status::Acknowledged), ..Update::default() };
    messages::update(&world.app, &office.client, message.id, &update, None).await.expect("done");
    let another = take(world, office, "Two.").await;
    hooked.pass(&worker, 0).await;
    // The second try of the first and the first of the other message: one of them still fails.
    hooked.pass(&worker, 6_000).await;
    let of = |message: &Message| {
        let is_of = |post: &Post| post.payload()["data"]["uuid"] == message.uuid.as_str();
        types(&receiver.seen().into_iter().filter(is_of).collect::<Vec<_>>())
    };
    assert_eq!(of(&another).last().expect("told").as_str(), "message.created");
    for _ in 0..4 {
        hooked.pass(&worker, 6 * limits::MINUTE_MS).await;
    }
    let told = of(&message);
    assert_eq!(told.last().expect("told").as_str(), "message.acknowledged");
    assert!(told[..told.len() - 1].iter().all(|word| word == "message.created"), "{told:?}");
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 0);
}

#[tokio::test]
async fn it_waits_for_an_hour_at_most() {
    let hooked = Hooked::new().await;
    let (world, office) = (&hooked.world, &hooked.office);
    let receiver = Receiver::start("127.0.0.1");
    hooked.hook(&receiver, "/", &HookKind::ALL).await;
    let worker = hooked.worker(5_000);
    receiver.rule("", &failing(500), None);
    let message = take(world, office, "One.").await;
    hooked.pass(&worker, 0).await;
    let update = Update { status: Some(Status::Acknowledged), ..Update::default() };
    messages::update(&world.app, &office.client, message.id, &update, None).await.expect("done");
    for _ in 0..59 {
        hooked.pass(&worker, limits::MINUTE_MS).await;
    }
    assert!(types(&receiver.seen()).iter().all(|word| word == "message.created"));
    hooked.pass(&worker, limits::MINUTE_MS + 1_000).await;
    assert!(types(&receiver.seen()).contains(&"message.acknowledged".to_owned()));
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_asked_no_more() {
    let hooked = Hooked::new().await;
    let (world, office) = (&hooked.world, &hooked.office);
    let receiver = Receiver::start("127.0.0.1");
    let hook = hooked.hook(&receiver, "/", &HookKind::ALL).await;
    let worker = hooked.worker(5_000);
    receiver.rule("", &failing(410), None);
    take(world, office, "One.").await;
    hooked.pass(&worker, 0).await;
    take(world, office, "Two.").await;
    hooked.pass(&worker, limits::DAY_MS).await;
    assert_eq!(receiver.seen().len(), 1);
    let disabled = hooked.webhook(hook.webhook.id).await.disabled.expect("disabled");
    assert_eq!(disabled.1, DisabledWhy::Gone);
    let alarms = webhooks::alarms(&world.app, &office.supervisor).await.expect("alarms");
    assert_eq!(alarms.len(), 1, "and somebody is told");
    assert!(webhooks::alarms(&world.app, &office.client).await.expect("none").is_empty());
}

#[tokio::test]
async fn a_receiver_that_fails_for_five_days_is_given_up_and_told_again_when_it_is_mended() {
    let hooked = Hooked::new().await;
    let (world, office) = (&hooked.world, &hooked.office);
    let (app, sam) = (&world.app, &office.supervisor);
    let receiver = Receiver::start("127.0.0.1");
    let hook = hooked.hook(&receiver, "/", &[HookKind::MessageCreated]).await;
    let id = hook.webhook.id;
    let worker = hooked.worker(5_000);
    receiver.rule("", &Instead::Close, None);
    let began = app.now();
    for day in 0..6 {
        assert!(hooked.webhook(id).await.disabled.is_none(), "day {day}");
        take(world, office, &format!("Day {day}.")).await;
        for _ in 0..24 {
            hooked.pass(&worker, limits::HOUR_MS).await;
        }
    }
    let webhook = hooked.webhook(id).await;
    assert_eq!(webhook.disabled.expect("disabled").1, DisabledWhy::Failing);
    assert_eq!(webhooks::alarms(app, sam).await.expect("alarms"), [webhook]);
    let log = hooked.log(id).await;
    let is_over = |logged: &Logged| logged.delivery.state.is_final();
    assert!(log.iter().all(is_over), "{}", hooked.told(id).await);

    // Nothing goes to one that is disabled, by hand neither.
    assert!(webhooks::test(app, sam, id).await.is_err());
    assert!(webhooks::replay_failed(app, sam, id, began).await.is_err());
    receiver.behave();
    webhooks::enable(app, sam, id, true).await.expect("enabled");
    assert_eq!(webhooks::replay_failed(app, sam, id, began).await.expect("again"), log.len());
    let before = receiver.seen().len();
    hooked.pass(&worker, 0).await;
    for _ in 0..3 {
        hooked.pass(&worker, limits::MINUTE_MS).await;
    }
    assert_eq!(receiver.seen().len(), before + log.len());
    assert!(hooked.log(id).await.iter().all(|one| one.delivery.state == HookState::Delivered));
    assert_eq!(webhooks::replay_failed(app, sam, id, began).await.expect("none"), 0);
    assert!(hooked.webhook(id).await.failing_since.is_none());
}

#[tokio::test]
async fn a_worker_that_dies_leaves_its_post_to_the_next_one() {
    let hooked = Hooked::new().await;
    let world = &hooked.world;
    let receiver = Receiver::start("127.0.0.1");
    let hook = hooked.hook(&receiver, "/", &[HookKind::MessageCreated]).await;
    take(world, &hooked.office, "One.").await;
    let claimed = jobs::claim(&world.app, JobKind::Hook, 5).await.expect("a job");
    let late = webhooks::start_all(&world.app, &claimed, &|_| Ok(())).await.expect("started");
    assert_eq!(late.len(), 1);
    let worker = hooked.worker(5_000);
    hooked.pass(&worker, limits::LEASE_MS - 1).await;
    assert!(receiver.seen().is_empty(), "somebody may still be at it");
    hooked.pass(&worker, 1).await;
    let seen = receiver.seen();
    assert_eq!((seen.len(), seen[0].id()), (1, late[0].event.key.as_str()));
    // The one that was taken for dead comes back, and its word counts no more.
    let answer = domain::webhook::PostAnswer::default();
    let counted = webhooks::record_all(&world.app, &[(&late[0], &answer)]).await;
    assert_eq!(counted.expect("written"), 0);
    let (app, sam) = (&world.app, &hooked.office.supervisor);
    let id = hooked.log(hook.webhook.id).await[0].delivery.id;
    let event = webhooks::event(app, sam, id).await.expect("an event");
    let details: Vec<&str> = event.attempts.iter().map(|attempt| attempt.detail.as_str()).collect();
    let crashed = "The server stopped before an answer came.";
    assert_eq!(details, [crashed, "It answered 204 (No Content)."]);
    assert_eq!(event.logged.delivery.state, HookState::Delivered);
}

#[tokio::test]
async fn one_event_is_told_again_by_hand() {
    let hooked = Hooked::new().await;
    let (app, sam) = (&hooked.world.app, &hooked.office.supervisor);
    let receiver = Receiver::start("127.0.0.1");
    let hook = hooked.hook(&receiver, "/", &HookKind::ALL).await;
    take(&hooked.world, &hooked.office, "One.").await;
    let worker = hooked.worker(5_000);
    hooked.pass(&worker, 0).await;
    hooked.world.clock.advance(limits::HOUR_MS);
    let id = hooked.log(hook.webhook.id).await[0].delivery.id;
    webhooks::replay(app, sam, id).await.expect("again");
    hooked.pass(&worker, 0).await;
    let seen = receiver.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[0].id(), &seen[0].body), (seen[1].id(), &seen[1].body));
    assert_ne!(seen[0].headers["webhook-timestamp"], seen[1].headers["webhook-timestamp"]);
}

#[tokio::test]
async fn a_receiver_that_hangs_holds_up_no_other() {
    let hooked = Hooked::new().await;
    let (world, office) = (&hooked.world, &hooked.office);
    let (hanging, healthy) = (Receiver::start("127.0.0.2"), Receiver::start("127.0.0.3"));
    hooked.hook(&hanging, "/", &[HookKind::MessageCreated]).await;
    hanging.rule("", &Instead::Hang, None);
    for i in 0..100 {
        take(world, office, &format!("Message {i}")).await;
    }
    hooked.hook(&healthy, "/", &[HookKind::MessageCreated]).await;
    for i in 0..20 {
        take(world, office, &format!("Message {i}")).await;
    }
    let worker = hooked.worker(60_000);
    let running = worker.clone();
    let task = tokio::spawn(async move { running.run(std::future::pending()).await });
    for _ in 0..400 {
        if healthy.seen().len() == 20 {
            break;
        }
        world.clock.advance(25);
        // A real wait: the loop itself is what is tested here.
        wire::pause(Duration::from_millis(25)).await;
    }
    assert_eq!(healthy.seen().len(), 20, "while the other still hangs");
    assert_eq!(hanging.seen().len(), limits::HOOK_POSTS_AT_ONCE, "its share, and no more");
    task.abort();
}
