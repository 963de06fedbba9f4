//! Two nodes on one PostgreSQL, of which now one and now the other is killed: each occurrence has
//! exactly one run, and each run exactly one delivery. `script/soak` is the same, large.

use std::time::{Duration, Instant, SystemTime};

use app::jobs;
use domain::delivery::State;
use domain::to_do::{Policy, RunState};
use domain::{Channel, JobKind, RunId, ToDo, ToDoId};
use store::jobs::NewJob;
use testkit::postgres::Postgres;
use testkit::{Tenancy, World};

use super::live::Place;

/// To Dos that are due at once.
const TO_DOS: usize = 2_000;
/// Times that a node is killed.
const KILLS: u64 = 6;
/// A killed worker's jobs run again within this time (shared with the other rows of R1).
const AGAIN: Duration = Duration::from_secs(45);

#[tokio::test(flavor = "multi_thread")]
async fn each_occurrence_has_one_run_whichever_node_dies() {
    let database = Postgres::database();
    let world = World::on(database.url(), tempfile::tempdir().expect("a folder")).await;
    let office = world.tenancy("desk").await;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let now_ms = i64::try_from(now.as_millis()).expect("milliseconds");
    world.clock.set(domain::Instant::from_ms(now_ms + 3_000));
    let ids = make(&world, &office).await;

    let place = || Place::of(&world).with("LIBERTY_DATABASE_URL", database.url());
    let places = [place(), place()];
    let mut nodes = [Some(places[0].serve()), Some(places[1].serve())];
    for kill in 0..KILLS {
        let pause_ms = 200 + kill * 7_919 % 500;
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        let which = usize::from(kill % 3 == 0);
        nodes[which].take().expect("it runs").kill();
        nodes[which] = Some(places[which].start());
    }
    let last_kill = Instant::now();
    while jobs::count(&world.app).await.expect("a count") > 0 {
        assert!(last_kill.elapsed() < AGAIN, "jobs are left after {AGAIN:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (runs, tries) = check(&world, &office, &ids).await;
    println!(
        "{KILLS} kills, {runs} runs, {tries} attempts, all done {:?} later",
        last_kill.elapsed()
    );
    drop(nodes);
    world.db.close().await;
}

/// Makes To Dos that go out once, now.
async fn make(world: &World, office: &Tenancy) -> Vec<ToDoId> {
    let now = world.app.now();
    let tenant_id = office.tenant.id;
    let mut tx = world.db.begin().await.expect("a transaction");
    let mut ids = Vec::new();
    for i in 0..TO_DOS {
        let row = ToDo {
            tenant_id,
            id: ToDoId(0),
            account_id: office.law.id,
            phone_id: None,
            delivery_type: Channel::Sms,
            instructions: None,
            contact: format!("+1561556{i:04}"),
            message_text: "Take your pills.".to_owned(),
            run_at: Some(now),
            from: None,
            subject: None,
            from_email: None,
            sender_name: None,
            policy: Policy::usual(Channel::Sms),
            paused_at: None,
            revision: 1,
            created_by: None,
            created_at: now,
            updated_at: now,
        };
        ids.push(store::to_dos::insert(tx.link(), &row).await.expect("a To Do"));
    }
    let kind = JobKind::Fire;
    let job = |id: &ToDoId| NewJob { tenant_id, kind, subject_id: id.0, due_at: now };
    let jobs: Vec<NewJob> = ids.iter().map(job).collect();
    store::jobs::set_all(tx.link(), &jobs).await.expect("jobs");
    tx.commit().await.expect("a commit");
    ids
}

/// Answers how many runs and attempts there are.
async fn check(world: &World, office: &Tenancy, ids: &[ToDoId]) -> (usize, i64) {
    let mut reader = world.db.read().await.expect("a reader");
    let tenant = office.tenant.id;
    let mut all: Vec<RunId> = Vec::new();
    for id in ids {
        let runs = store::runs::of_to_do(reader.link(), tenant, *id, None, 10).await;
        let runs = runs.expect("runs");
        let [run] = runs.as_slice() else { panic!("To Do {id}: {runs:?}") };
        assert_eq!(run.state, RunState::Captured, "{run:?}");
        all.push(run.id);
    }
    let sent = store::deliveries::of_runs(reader.link(), tenant, &all).await.expect("deliveries");
    assert_eq!(sent.len(), all.len(), "each run has one delivery");
    assert!(sent.iter().all(|delivery| delivery.state == State::Captured));
    (all.len(), sent.iter().map(|delivery| delivery.attempts).sum())
}
