//! A worker is killed at each step of a send, over a mail server that counts: nothing is lost, and
//! what may have gone out twice has the same id and says so.

use app::deliveries::{self, AttemptPlan, Carriers as _};
use app::idempotency::Once;
use app::{jobs, to_dos};
use domain::to_do::RunState;
use domain::{Channel, JobKind, ToDoId, limits};
use testkit::World;
use testkit::smtp::{Options, SmtpServer, Stage, Trouble, What};

use super::*;

/// The carrier of [`mail`], for steps that a test takes itself.
struct Asked;

impl app::deliveries::Carriers for Asked {
    fn plan(&self, _: &domain::Tenant, _: &domain::Delivery) -> AttemptPlan {
        AttemptPlan::Ask("mail".to_owned())
    }

    fn honours_key(&self, _: &str) -> bool {
        false
    }
}

/// A To Do that is due now, by mail.
async fn to_do(world: &World, office: &Tenancy) -> ToDoId {
    let entry = domain::to_do::ToDoEntry {
        delivery_type: "email".to_owned(),
        contact: "Jane Hart".to_owned(),
        message_text: "The hearing is tomorrow.".to_owned(),
        run_at: world.app.now().rfc3339_ms(),
        ..domain::to_do::ToDoEntry::default()
    };
    let made = to_dos::create(&world.app, &office.client, "W0411", &entry, None).await;
    let Once::New(made) = made.expect("a To Do") else { panic!("it is new") };
    made.to_do.id
}

/// After the lease another worker sees it through. Answers what its attempts came to, and how many
/// mails there are in the end, all with one id.
async fn ends(world: &World, office: &Tenancy, id: ToDoId, server: &SmtpServer) -> (String, usize) {
    for _ in 0..3 {
        world.clock.advance(limits::LEASE_MS);
        worker(world, Some(server)).pump().await.expect("a pump");
    }
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 0);
    let runs = to_dos::runs(&world.app, &office.client, id, None, 10).await.expect("runs");
    let [detail] = runs.as_slice() else { panic!("{runs:?}") };
    assert_eq!(detail.run.state, RunState::Sent);
    let (delivery, attempts) = detail.delivery.as_ref().expect("a delivery");
    let told = attempts.iter().map(|attempt| {
        let flag = if attempt.may_double { " (may be doubled)" } else { "" };
        format!("{}{flag}", attempt.outcome)
    });
    let mails = server.mails();
    let id = format!("<{}@desk.example>", delivery.key);
    assert!(mails.iter().all(|mail| mail.header("Message-ID") == [id.as_str()]));
    (told.collect::<Vec<_>>().join(", "), mails.len())
}

/// Claims what is due of a kind and dies.
async fn claim(world: &World, kind: JobKind) -> Vec<domain::Job> {
    let claimed = jobs::claim(&world.app, kind, 10).await.expect("a queue");
    assert_eq!(claimed.len(), 1);
    claimed
}

#[tokio::test]
async fn killed_after_claiming_the_occurrence() {
    let (world, server) = (World::new().await, SmtpServer::start(Options::default()));
    let office = world.tenancy("desk").await;
    let id = to_do(&world, &office).await;
    claim(&world, JobKind::Fire).await;
    assert_eq!(ends(&world, &office, id, &server).await, ("sent".to_owned(), 1));
}

#[tokio::test]
async fn killed_after_claiming_the_delivery() {
    let (world, server) = (World::new().await, SmtpServer::start(Options::default()));
    let office = world.tenancy("desk").await;
    let id = to_do(&world, &office).await;
    let fired = claim(&world, JobKind::Fire).await;
    to_dos::fire_all(&world.app, &fired).await.expect("fired");
    claim(&world, JobKind::Deliver(Channel::Email)).await;
    assert_eq!(ends(&world, &office, id, &server).await, ("sent".to_owned(), 1));
}

#[tokio::test]
async fn killed_after_the_attempt_was_written_down() {
    let (world, server) = (World::new().await, SmtpServer::start(Options::default()));
    let office = world.tenancy("desk").await;
    let id = to_do(&world, &office).await;
    let fired = claim(&world, JobKind::Fire).await;
    to_dos::fire_all(&world.app, &fired).await.expect("fired");
    let claimed = claim(&world, JobKind::Deliver(Channel::Email)).await;
    let started = deliveries::start_all(&world.app, &claimed, &Asked).await.expect("a start");
    assert!(!Asked.honours_key(&started[0].delivery.carrier));
    let told = "unknown, sent (may be doubled)".to_owned();
    assert_eq!(ends(&world, &office, id, &server).await, (told, 1));
}

#[test]
fn killed_after_the_carrier_took_it_and_before_it_answered() {
    let trouble = Trouble { at: Stage::Answer, what: What::Hang, times: Some(1) };
    let options = Options { trouble: vec![trouble], ..Options::default() };
    killed_when(options, 2, |server| !server.mails().is_empty());
}

#[test]
fn killed_while_the_carrier_has_not_taken_it_yet() {
    let trouble = Trouble { at: Stage::Rcpt, what: What::Hang, times: Some(1) };
    let options = Options { trouble: vec![trouble], ..Options::default() };
    killed_when(options, 1, |_| true);
}

/// Runs a worker in a runtime of its own, which ends at once when it has come so far.
fn killed_when(options: Options, mails: usize, is_so_far: impl Fn(&SmtpServer) -> bool) {
    let runtime = || tokio::runtime::Runtime::new().expect("a runtime");
    let (ours, theirs) = (runtime(), runtime());
    let server = SmtpServer::start(options);
    let world = ours.block_on(World::new());
    let office = ours.block_on(world.tenancy("desk"));
    let id = ours.block_on(to_do(&world, &office));
    let doomed = worker(&world, Some(&server));
    theirs.spawn(async move { doomed.run(std::future::pending::<()>()).await });
    let begun = || {
        let runs = ours.block_on(to_dos::runs(&world.app, &office.client, id, None, 10));
        let runs = runs.expect("runs");
        let delivery = runs.first().and_then(|detail| detail.delivery.as_ref());
        delivery.is_some_and(|(delivery, _)| delivery.attempts > 0)
    };
    while !begun() || !is_so_far(&server) {
        std::thread::yield_now();
    }
    theirs.shutdown_background();
    let (told, count) = ours.block_on(ends(&world, &office, id, &server));
    assert_eq!(count, mails);
    assert!(told.starts_with("unknown, ") && told.ends_with("sent (may be doubled)"), "{told}");
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_writes_nothing_and_a_live_one_keeps_it() {
    let (world, server) = (World::new().await, SmtpServer::start(Options::default()));
    let office = world.tenancy("desk").await;
    let id = to_do(&world, &office).await;
    let fired = claim(&world, JobKind::Fire).await;
    to_dos::fire_all(&world.app, &fired).await.expect("fired");
    let claimed = claim(&world, JobKind::Deliver(Channel::Email)).await;
    let started = deliveries::start_all(&world.app, &claimed, &Asked).await.expect("a start");
    // It lives, and renews: for longer than a lease nobody else takes the job.
    for _ in 0..6 {
        world.clock.advance(limits::RENEW_MS);
        jobs::renew(&world.app, &claimed).await.expect("renewed");
        assert_eq!(worker(&world, Some(&server)).pump().await.expect("a pump"), 0);
    }
    // It sleeps over its lease, another one takes over, and it wakes up too late.
    world.clock.advance(limits::LEASE_MS);
    assert_eq!(worker(&world, Some(&server)).pump().await.expect("a pump"), 1);
    jobs::renew(&world.app, &claimed).await.expect("nothing to renew");
    let failed = domain::delivery::Outcome::Never("The address does not exist.".to_owned());
    let late = deliveries::record(&world.app, &started[0], &failed, &Asked).await;
    assert!(!late.expect("an answer"), "what it has to say comes too late");
    let told = "unknown, sent (may be doubled)".to_owned();
    assert_eq!(ends(&world, &office, id, &server).await, (told, 1));
}

#[tokio::test]
async fn a_retry_that_was_written_down_is_not_moved_by_a_late_renewal() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    to_do(&world, &office).await;
    let fired = claim(&world, JobKind::Fire).await;
    to_dos::fire_all(&world.app, &fired).await.expect("fired");
    let claimed = claim(&world, JobKind::Deliver(Channel::Email)).await;
    let started = deliveries::start_all(&world.app, &claimed, &Asked).await.expect("a start");
    let reason = "The server asks for an hour.".to_owned();
    let later = domain::delivery::Outcome::Later { reason, wait_ms: limits::HOUR_MS };
    assert!(deliveries::record(&world.app, &started[0], &later, &Asked).await.expect("written"));
    jobs::renew(&world.app, &claimed).await.expect("nothing to renew");
    let due = jobs::next_due(&world.app, JobKind::Deliver(Channel::Email)).await;
    assert_eq!(due.expect("a queue"), Some(world.app.now().plus_ms(limits::HOUR_MS)));
}
