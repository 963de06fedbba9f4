//! One clock for all nodes: machines that are wrong in different ways agree by the database's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::{App, Clock, Db};
use domain::to_do::ToDoEntry;
use domain::{Instant, limits};
use server::clock::{LOOK_EVERY, Looked, SharedClock};
use testkit::postgres::Postgres;
use testkit::{World, seeded};
use worker::{Carriers, Settings, Worker};

/// Time as a test moves it, in milliseconds.
#[derive(Clone, Default)]
struct Moved(Arc<AtomicI64>);

impl Moved {
    fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    fn ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn monotonic(&self) -> impl Fn() -> Duration + Send + Sync + 'static {
        let moved = self.clone();
        move || Duration::from_millis(moved.ms().unsigned_abs())
    }
}

/// A node: its own monotonic clock, and what its machine believes the time to be.
fn node(machine_ms: i64) -> (Moved, SharedClock) {
    let time = Moved::default();
    let clock = SharedClock::starting(Instant::from_ms(machine_ms), time.monotonic());
    (time, clock)
}

/// Compares a node's clock with the database's, whose answer takes so long.
async fn look(time: &Moved, clock: &SharedClock, database: &Moved, round_trip_ms: i64) -> Looked {
    let there = async || {
        for moved in [time, database] {
            moved.advance(round_trip_ms / 2);
        }
        let shown = Instant::from_ms(database.ms());
        for moved in [time, database] {
            moved.advance(round_trip_ms - round_trip_ms / 2);
        }
        Ok(Some(shown))
    };
    clock.look(there).await.expect("an answer")
}

#[tokio::test]
async fn machines_that_are_wrong_in_different_ways_agree() {
    let database = Moved::default();
    database.advance(1_000_000_000);
    let (ahead_time, ahead) = node(database.ms() + limits::HOUR_MS);
    let (behind_time, behind) = node(database.ms() - 30_000);
    let nodes = [(&ahead_time, &ahead), (&behind_time, &behind)];
    for (time, clock) in nodes {
        assert!(matches!(look(time, clock, &database, 40).await, Looked::Stepped(_)));
        assert_eq!(clock.now().as_ms(), database.ms(), "half of the round trip is considered");
    }
    // Their machines go at their own pace; a small difference is made good.
    for _ in 0..20 {
        let each = i64::try_from(LOOK_EVERY.as_millis()).expect("few");
        database.advance(each);
        ahead_time.advance(each + 40);
        behind_time.advance(each - 40);
        for (time, clock) in nodes {
            let apart_ms = clock.now().as_ms() - database.ms();
            assert!(apart_ms.abs() <= 80, "{apart_ms} ms");
            // The database stands still meanwhile, for it is looked at once for each node.
            let still = Moved(Arc::new(AtomicI64::new(database.ms())));
            assert_eq!(look(time, clock, &still, 0).await, Looked::Close);
        }
    }
}

#[tokio::test]
async fn a_small_difference_never_turns_time_back() {
    let database = Moved::default();
    database.advance(5_000_000);
    for apart_ms in [-999, -500, -1, 0, 1, 999] {
        let (time, clock) = node(database.ms() - apart_ms);
        assert_eq!(look(&time, &clock, &database, 0).await, Looked::Close);
        let begun = database.ms();
        let mut last = clock.now();
        for passed_ms in 1..=20_000 {
            time.advance(1);
            let now = clock.now();
            assert!(now >= last, "{apart_ms}: back from {last} to {now}");
            assert!(now.ms_since(last) <= 2, "{apart_ms}: a leap");
            last = now;
            if passed_ms >= 10_000 {
                assert_eq!(now.as_ms(), begun + passed_ms, "{apart_ms}: made good");
            }
        }
    }
}

#[tokio::test]
async fn a_step_is_followed_and_a_late_answer_is_not_believed() {
    let database = Moved::default();
    database.advance(limits::DAY_MS);
    let (time, clock) = node(database.ms());
    for step_ms in [limits::HOUR_MS, -limits::HOUR_MS, limits::DAY_MS, -1_000] {
        database.advance(step_ms);
        assert_eq!(look(&time, &clock, &database, 0).await, Looked::Stepped(step_ms));
        assert_eq!(clock.now().as_ms(), database.ms());
    }
    database.advance(limits::HOUR_MS);
    let before = clock.now();
    assert_eq!(look(&time, &clock, &database, 1_200).await, Looked::Late);
    assert_eq!(clock.now(), before.plus_ms(1_200));
}

#[tokio::test]
async fn a_clock_that_cannot_be_read_goes_on_by_itself() {
    let (time, clock) = node(1_000);
    let broken = async || Err(store::Error::Scheme);
    assert!(clock.look(broken).await.is_err());
    time.advance(500);
    assert_eq!(clock.now(), Instant::from_ms(1_500));
}

/// A node on the database whose machine is wrong by so much, before and after it looks.
async fn real_node(db: &Db, wrong_ms: i64) -> (SharedClock, App) {
    let clock = SharedClock::of(db).await.expect("a clock");
    let begun = std::time::Instant::now();
    let machine = clock.now().plus_ms(wrong_ms);
    let wrong = SharedClock::starting(machine, move || begun.elapsed());
    let looked = wrong.look(async || db.clock().await).await.expect("an answer");
    assert!(matches!(looked, Looked::Stepped(_)), "{looked:?}");
    (wrong.clone(), App::new(db.clone(), Arc::new(wrong), seeded(7)))
}

#[tokio::test]
async fn on_postgresql_nodes_with_wrong_machines_fire_at_the_databases_minute_once() {
    let postgres = Postgres::database();
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::on(postgres.url(), folder).await;
    world.clock.set(world.db.clock().await.expect("an answer").expect("a clock"));
    let desk = world.tenancy("desk").await;
    let hour = limits::HOUR_MS;
    let (ahead, behind) = (real_node(&world.db, hour).await, real_node(&world.db, -hour).await);

    // Each shows what the database shows, as far as asking it can tell.
    for (clock, _) in [&ahead, &behind] {
        let before = world.db.clock().await.expect("an answer").expect("a clock");
        let now = clock.now();
        let after = world.db.clock().await.expect("an answer").expect("a clock");
        let (early, late) = (before.ms_since(now), now.ms_since(after));
        assert!(early < 1_000 && late < 1_000, "{early} ms early, {late} ms late");
    }

    // Due in half an hour, and now.
    let app = &behind.1;
    for ms in [hour / 2, 1] {
        let entry = ToDoEntry {
            delivery_type: "sms".to_owned(),
            contact: "+15615550100".to_owned(),
            message_text: "The hearing is at nine.".to_owned(),
            run_at: app.now().plus_ms(ms).to_string(),
            ..ToDoEntry::default()
        };
        let number = &desk.law.number;
        app::to_dos::create(app, &desk.owner, number, &entry, None).await.expect("a To Do");
    }
    let worker = |app: &App| {
        Worker::new(app.clone(), world.blobs.clone(), Carriers::default(), Settings::default())
    };
    let (one, two) = (worker(&ahead.1), worker(&behind.1));
    let captured = async || {
        one.pump().await.expect("a pump");
        two.pump().await.expect("a pump");
        app::deliveries::captured(&world.app, &desk.owner, None, 10).await.expect("an outbox").len()
    };
    let end = std::time::Instant::now() + Duration::from_secs(20);
    while captured().await < 1 {
        assert!(std::time::Instant::now() < end, "what is due never fires");
    }
    assert_eq!(captured().await, 1, "once, and not what is due in half an hour");
}
