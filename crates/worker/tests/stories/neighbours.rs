//! Reliability R9: a carrier that hangs is left alone, and keeps those of others waiting for nothing.

use app::idempotency::Once;
use app::to_dos::{self, RunDetail};
use app::{Actor, jobs};
use domain::to_do::{RunState, ToDoEntry};
use domain::{Channel, JobKind, ToDoId, limits};
use testkit::World;
use testkit::smtp::{Options, SmtpServer, Stage, What};

use super::*;

/// To Dos of a tenant: more than its carrier has slots for.
const EACH: usize = 8;
/// Sends that a carrier is asked for at once; as many failures open its breaker.
const SLOTS: usize = 5;

/// A mail server that serves one tenant only.
fn of(tenant: &str, server: &SmtpServer, timeout_ms: u64) -> Carrier {
    let tenants = vec![tenant.to_owned()];
    Carrier { tenants, slots: SLOTS, ..Carrier::mail(tenant, post(server.port(), timeout_ms)) }
}

async fn make(world: &World, client: &Actor, count: usize) -> Vec<ToDoId> {
    let mut ids = Vec::new();
    for i in 0..count {
        let entry = ToDoEntry {
            delivery_type: "email".to_owned(),
            contact: format!("{i}@client.example"),
            message_text: "The hearing is tomorrow.".to_owned(),
            run_at: world.app.now().rfc3339_ms(),
            ..ToDoEntry::default()
        };
        let made = to_dos::create(&world.app, client, "W0411", &entry, None).await;
        let Once::New(made) = made.expect("a To Do") else { panic!("it is new") };
        ids.push(made.to_do.id);
    }
    ids
}

async fn runs(world: &World, client: &Actor, ids: &[ToDoId]) -> Vec<RunDetail> {
    let mut all = Vec::new();
    for id in ids {
        all.extend(to_dos::runs(&world.app, client, *id, None, 10).await.expect("runs"));
    }
    all
}

#[tokio::test]
async fn a_hanging_carrier_is_left_alone_and_others_go_on() {
    let world = World::new().await;
    let (sick, well) = (world.tenancy("sick").await, world.tenancy("well").await);
    let hole = SmtpServer::start(Options::default().with_trouble(Stage::Connect, What::Hang));
    let server = SmtpServer::start(Options::default());
    let carriers = vec![of("sick", &hole, 50), of("well", &server, 5_000)];
    let settings = Settings::default();
    let carriers = Carriers::new(carriers);
    let worker = Worker::new(world.app.clone(), world.blobs.clone(), carriers, settings);
    let waiting = make(&world, &sick.client, EACH).await;
    let going = make(&world, &well.client, EACH).await;

    worker.pump().await.expect("a pump");
    world.clock.advance(limits::SECOND_MS);
    worker.pump().await.expect("a pump");
    let sent = runs(&world, &well.client, &going).await;
    assert!(sent.iter().all(|detail| detail.run.state == RunState::Sent), "within a second");
    assert_eq!(server.mails().len(), EACH);
    let held = runs(&world, &sick.client, &waiting).await;
    let told = held.iter().filter(|detail| {
        detail.run.reason == "It waits for its carrier to work again."
            && detail.run.state == RunState::Waiting
    });
    assert!(told.count() > 0, "the breaker is open: {held:?}");

    // A day passes from one try to the next.
    let kind = JobKind::Deliver(Channel::Email);
    while let Some(next) = jobs::next_due(&world.app, kind).await.expect("a queue") {
        world.clock.set(next.max(world.app.now()));
        worker.pump().await.expect("a pump");
    }
    for detail in runs(&world, &sick.client, &waiting).await {
        check_history(&detail, i64::MAX);
    }
    let late = make(&world, &well.client, 1).await;
    worker.pump().await.expect("a pump");
    assert_eq!(runs(&world, &well.client, &late).await[0].run.state, RunState::Sent);
}

#[tokio::test]
async fn retries_follow_the_schedule_and_the_last_one_ends_it() {
    let world = World::new().await;
    let sick = world.tenancy("sick").await;
    let hole = SmtpServer::start(Options::default().with_trouble(Stage::Connect, What::Hang));
    let carriers = Carriers::new(vec![of("sick", &hole, 50)]);
    let settings = Settings::default();
    let worker = Worker::new(world.app.clone(), world.blobs.clone(), carriers, settings);
    let ids = make(&world, &sick.client, 1).await;
    worker.pump().await.expect("a pump");
    let kind = JobKind::Deliver(Channel::Email);
    while let Some(next) = jobs::next_due(&world.app, kind).await.expect("a queue") {
        world.clock.set(next.max(world.app.now()));
        worker.pump().await.expect("a pump");
    }
    // Beyond the schedule only the breaker holds it up, for a minute at most.
    check_history(&runs(&world, &sick.client, &ids).await[0], limits::MINUTE_MS + 1_000);
}

/// It failed in the end, with its whole history: each try has its reason, and none came sooner than
/// the schedule says, or more than `more_ms` later.
fn check_history(detail: &RunDetail, more_ms: i64) {
    assert_eq!(detail.run.state, RunState::Failed, "{detail:?}");
    let (delivery, attempts) = detail.delivery.as_ref().expect("a delivery");
    assert!(detail.run.reason.contains("did not answer in time"), "{}", detail.run.reason);
    assert_eq!(delivery.attempts, attempts.len() as i64);
    assert_eq!(delivery.attempts, limits::EMAIL_ATTEMPTS, "{delivery:?}");
    for (i, pair) in attempts.windows(2).enumerate() {
        assert_eq!(pair[0].outcome, "later");
        let full_ms = (limits::BACKOFF_FIRST_MS << i).min(limits::BACKOFF_LONGEST_MS);
        let waited_ms = pair[1].started_at.ms_since(pair[0].finished_at.expect("an end"));
        let most_ms = full_ms.saturating_add(more_ms);
        assert!((full_ms / 2..=most_ms).contains(&waited_ms), "wait {i}: {waited_ms} ms");
    }
}
