//! What webhooks are told, in which order, and what signs it.

use domain::message::Update;
use domain::{Status, limits};

use super::*;

const UPDATE: Update = Update {
    read: None,
    status: Some(Status::Acknowledged),
    disposition: None,
    note: None,
    pickup: None,
    phone_number: None,
    extension: None,
    email_subject: None,
    user_id: None,
    sale_id: None,
    klass_names: None,
};

#[tokio::test]
async fn a_message_is_told_from_its_taking_to_its_acknowledgement() {
    let hooked = Hooked::new().await;
    let (world, office) = (&hooked.world, &hooked.office);
    let receiver = Receiver::start("127.0.0.1");
    let hook = hooked.hook(&receiver, "/all", &HookKind::ALL).await;
    let smtp = SmtpServer::start(testkit::smtp::Options::default());
    let poster = Poster::new(HookSettings {
        guard: open_guard(),
        timeout: Duration::from_secs(5),
        extra_roots: None,
        lookup: wire::webhook::system(),
    });
    let worker = super::super::worker(world, Some(&smtp)).posting(poster.expect("sound settings"));
    let message = take(world, office, "The bank called about <b>secrets</b>.").await;
    hooked.pass(&worker, 0).await;
    world.clock.advance(60_000);
    let carl = &office.client;
    messages::update(&world.app, carl, message.id, &UPDATE, None).await.expect("acknowledged");
    hooked.pass(&worker, 0).await;

    let posts = receiver.seen();
    assert_eq!(types(&posts), ["message.created", "message.delivered", "message.acknowledged"]);
    assert!(posts.iter().all(|post| post.verified == ["yes"]), "by the receiver's own library");
    let ids: std::collections::BTreeSet<&str> = posts.iter().map(Post::id).collect();
    assert_eq!(ids.len(), 3, "each event has an id of its own");
    insta::assert_snapshot!(posts[1].body.replace(",\"", ",\n\""), @r#"
    {"type":"message.delivered",
    "timestamp":"2025-01-21T22:08:20.671Z",
    "data":{"id":1,
    "uuid":"6e54105d-35de-4024-8976-9a35fb136de4",
    "account_id":1,
    "account_number":"W0411",
    "status":"delivered",
    "read":false,
    "is_emergency":false,
    "non_message_type":"",
    "disposition":null,
    "agent_id":4,
    "user_id":null,
    "contact_id":1,
    "receiver_name":"Jane Hart",
    "did_id":1,
    "call_id":null,
    "delivered_at":"2025-01-21T22:08:20.671Z",
    "delivered_to":"jane@hartlowe.example",
    "pickup_date":null,
    "pickup_user_id":null,
    "escalation_level_id":null,
    "next_escalation_at":null,
    "escalation_counter":0,
    "closing_action_group_id":null,
    "send_at":null,
    "activities_count":3,
    "created_at":"2025-01-21T22:08:20.671Z",
    "updated_at":"2025-01-21T22:08:20.671Z"}}
    "#);
    let states: Vec<_> =
        posts.iter().map(|post| post.payload()["data"]["status"].clone()).collect();
    assert_eq!(states, ["pending", "delivered", "acknowledged"], "each as it was then");
    assert!(posts.iter().all(|post| !post.body.contains("bank")), "what was said is not told");
    insta::assert_snapshot!(hooked.told(hook.webhook.id).await, @r#"
    message.created delivered 1: It answered 204 (No Content).
    message.delivered delivered 1: It answered 204 (No Content).
    message.acknowledged delivered 1: It answered 204 (No Content).
    "#);
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 0);
}

#[tokio::test]
async fn only_those_hear_who_asked_and_nobody_else_s_account() {
    let hooked = Hooked::new().await;
    let (world, office) = (&hooked.world, &hooked.office);
    let receiver = Receiver::start("127.0.0.1");
    let worker = hooked.worker(5_000);
    take(world, office, "Before there was a webhook.").await;
    worker.pump().await.expect("a pump");
    let acknowledged = hooked.hook(&receiver, "/a", &[HookKind::MessageAcknowledged]).await;
    let created = hooked.hook(&receiver, "/b", &[HookKind::MessageCreated]).await;
    let off = hooked.hook(&receiver, "/c", &HookKind::ALL).await;
    let (app, sam) = (&world.app, &office.supervisor);
    webhooks::enable(app, sam, off.webhook.id, false).await.expect("off");
    take(world, office, "One.").await;
    let other = world.tenancy("other").await;
    take(world, &other, "Somebody else's.").await;
    worker.pump().await.expect("a pump");
    let paths: Vec<String> = receiver.seen().into_iter().map(|post| post.path).collect();
    assert_eq!(paths, ["/b"]);
    assert!(hooked.log(acknowledged.webhook.id).await.is_empty());
    assert!(hooked.log(off.webhook.id).await.is_empty());
    assert_eq!(hooked.log(created.webhook.id).await.len(), 1);
}

#[tokio::test]
async fn recordings_and_runs_of_to_dos_are_told() {
    let hooked = Hooked::new().await;
    let (world, office) = (&hooked.world, &hooked.office);
    let receiver = Receiver::start("127.0.0.1");
    let kinds = [HookKind::RecordingAvailable, HookKind::ToDoRun];
    hooked.hook(&receiver, "/", &kinds).await;
    let worker = hooked.worker(5_000);
    super::super::purge::ingest(world, office).await;
    super::super::purge::ingest(world, office).await;
    for (contact, instead) in [("+17542838007", "captured"), ("nobody known", "failed")] {
        let entry = domain::to_do::ToDoEntry {
            delivery_type: "sms".to_owned(),
            contact: contact.to_owned(),
            message_text: "Take your pills.".to_owned(),
            run_at: world.app.now().rfc3339_ms(),
            ..domain::to_do::ToDoEntry::default()
        };
        let made = app::to_dos::create(&world.app, &office.client, "W0411", &entry, None).await;
        made.unwrap_or_else(|error| panic!("{instead}: {error}"));
    }
    worker.pump().await.expect("a pump");
    let mut posts = receiver.seen();
    posts.sort_by_key(|post| post.body.clone());
    assert_eq!(types(&posts), ["recording.available", "to_do.run", "to_do.run"], "once each");
    insta::assert_snapshot!(posts[0].body.replace(",\"", ",\n\""), @r#"
    {"type":"recording.available",
    "timestamp":"2025-01-21T22:08:20.671Z",
    "data":{"id":1,
    "call_id":1,
    "call_sid":"sid-1",
    "account_id":1,
    "account_number":"W0411",
    "did_number":"5617819977",
    "from":"9548326297",
    "agent_username":"ann",
    "started_at":"2025-01-21T22:08:20.671Z",
    "duration_ms":1000,
    "media_type":"audio/mpeg",
    "bytes":5,
    "expires_at":"2025-02-21T22:08:20.671Z"}}
    "#);
    insta::assert_snapshot!(posts[1].body.replace(",\"", ",\n\""), @r#"
    {"type":"to_do.run",
    "timestamp":"2025-01-21T22:08:20.671Z",
    "data":{"id":1,
    "to_do_id":1,
    "account_id":1,
    "account_number":"W0411",
    "delivery_type":"sms",
    "due_at":"2025-01-21T22:08:20.671Z",
    "state":"captured",
    "reason":"",
    "finished_at":"2025-01-21T22:08:20.671Z"}}
    "#);
    insta::assert_snapshot!(posts[2].body.replace(",\"", ",\n\""), @r#"
    {"type":"to_do.run",
    "timestamp":"2025-01-21T22:08:20.671Z",
    "data":{"id":2,
    "to_do_id":2,
    "account_id":1,
    "account_number":"W0411",
    "delivery_type":"sms",
    "due_at":"2025-01-21T22:08:20.671Z",
    "state":"failed",
    "reason":"“nobody known” is not a phone number, and nobody in the directory has that name or address.",
    "finished_at":"2025-01-21T22:08:20.671Z"}}
    "#);
}

#[tokio::test]
async fn two_secrets_sign_for_a_day_and_then_the_old_one_ends() {
    let hooked = Hooked::new().await;
    let (app, sam) = (&hooked.world.app, &hooked.office.supervisor);
    let receiver = Receiver::start("127.0.0.1");
    let first = hooked.hook(&receiver, "/", &HookKind::ALL).await;
    let id = first.webhook.id;
    let second = webhooks::rotate(app, sam, id).await.expect("another secret");
    assert_ne!(first.secret, second.secret);
    let worker = hooked.worker(5_000);
    let secrets = [first.secret.0.as_str(), second.secret.0.as_str()];
    for (ms, verified) in [
        (0, ["yes", "yes"]),
        (limits::HOOK_OLD_SECRET_MS - 1, ["yes", "yes"]),
        (1, ["No matching signature found", "yes"]),
    ] {
        hooked.world.clock.advance(ms);
        receiver.know(&secrets, app.now().as_ms());
        webhooks::test(app, sam, id).await.expect("a test");
        worker.pump().await.expect("a pump");
        assert_eq!(receiver.seen().last().expect("a post").verified, verified);
    }
    let last = receiver.seen().pop().expect("a post");
    assert_eq!(last.payload()["type"], "webhook.test");
    assert_eq!(last.payload()["data"]["account_number"], "W0411");
}

#[tokio::test]
async fn what_was_told_is_forgotten_after_thirty_days() {
    let hooked = Hooked::new().await;
    let receiver = Receiver::start("127.0.0.1");
    let hook = hooked.hook(&receiver, "/", &HookKind::ALL).await;
    take(&hooked.world, &hooked.office, "One.").await;
    let worker = hooked.worker(5_000);
    hooked.pass(&worker, 0).await;
    hooked.world.clock.advance(limits::HOOK_LOG_MS);
    app::upkeep::sweep(&hooked.world.app).await.expect("swept");
    assert_eq!(hooked.log(hook.webhook.id).await.len(), 1, "thirty days and not a moment less");
    hooked.world.clock.advance(1);
    app::upkeep::sweep(&hooked.world.app).await.expect("swept");
    assert!(hooked.log(hook.webhook.id).await.is_empty());
}
