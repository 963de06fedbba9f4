//! The loop that a server runs: it finds work, drains on a stop, and lets no job keep the others up.

use testkit::World;
use testkit::smtp::{Options, SmtpServer, Stage, What};
use tokio::sync::oneshot;

use super::*;

/// Runs a worker until `done`, then stops it and waits for its end.
pub(crate) async fn run_until(worker: Worker, done: impl AsyncFn() -> bool) {
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        worker.run(async move { stopped.await.unwrap_or_default() }).await;
    });
    for _ in 0..400 {
        if done().await {
            break;
        }
        // A real wait: the loop itself is what is tested here.
        wire::pause(Duration::from_millis(25)).await;
    }
    stop.send(()).expect("it still runs");
    running.await.expect("no panic");
}

async fn none_left(world: &World) -> bool {
    jobs::count(&world.app).await.expect("a count") == 0
}

#[tokio::test]
async fn the_loop_sends_what_is_due() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let server = SmtpServer::start(Options::default());
    for i in 0..40 {
        take(&world, &office, &format!("Message {i}")).await;
    }
    let few = Settings { concurrency: 3, ..Settings::default() };
    let carriers = mail(server.port(), 5_000);
    let worker = Worker::new(world.app.clone(), world.blobs.clone(), carriers, few);
    run_until(worker, async || none_left(&world).await).await;
    assert_eq!(server.mails().len(), 40);
}

#[tokio::test]
async fn a_stop_waits_for_the_send_under_way() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let slow = Options::default().with_trouble(Stage::Data, What::Slow(600));
    let server = SmtpServer::start(slow);
    let message = take(&world, &office, "Please call.").await;
    let worker = worker(&world, Some(&server));
    let begun = async || {
        let told = messages::detail(&world.app, &office.agent, message.id).await.expect("detail");
        told.deliveries[0].0.attempts > 0
    };
    run_until(worker, begun).await;
    assert_eq!(server.mails().len(), 1);
    assert!(none_left(&world).await);
}

#[tokio::test]
async fn a_hanging_server_ends_at_the_deadline_and_keeps_nobody_waiting() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let hanging = SmtpServer::start(Options::default().with_trouble(Stage::Connect, What::Hang));
    let message = take(&world, &office, "Please call.").await;
    let (carriers, settings) = (mail(hanging.port(), 200), Settings::default());
    let worker = Worker::new(world.app.clone(), world.blobs.clone(), carriers, settings);
    assert_eq!(worker.pump().await.expect("a pump"), 1);
    let told = told(&world, &office, &message).await;
    assert!(told.contains("did not go out and is tried again"), "{told}");
}

#[tokio::test]
async fn a_carrier_that_hangs_for_one_tenant_holds_up_no_other() {
    let world = World::new().await;
    let (office, other) = (world.tenancy("desk").await, world.tenancy("other").await);
    let hanging = SmtpServer::start(Options::default().with_trouble(Stage::Connect, What::Hang));
    let healthy = SmtpServer::start(Options::default());
    let of = |name: &str, tenant: &str, port| Carrier {
        tenants: vec![tenant.to_owned()],
        slots: 2,
        ..Carrier::mail(name, post(port, 15_000))
    };
    let carriers = Carriers::new(vec![
        of("hanging", "desk", hanging.port()),
        of("healthy", "other", healthy.port()),
    ]);
    // More than the hanging carrier has room for, and all of them due first.
    for i in 0..20 {
        take(&world, &office, &format!("Message {i}")).await;
    }
    world.clock.advance(1);
    let mut theirs = Vec::new();
    for i in 0..20 {
        theirs.push(take(&world, &other, &format!("Message {i}")).await);
    }
    let few = Settings { concurrency: 8, drain_ms: 100 };
    let worker = Worker::new(world.app.clone(), world.blobs.clone(), carriers, few);
    run_until(worker, async || healthy.mails().len() == 20).await;
    assert_eq!(healthy.mails().len(), 20, "while the others still hang");
    for message in theirs {
        let told = messages::detail(&world.app, &other.agent, message.id).await.expect("detail");
        assert_eq!(told.deliveries[0].0.carrier, "healthy");
    }
}
