//! Two nodes on one PostgreSQL, of which a random one is killed again and again.

use std::time::{Duration, Instant};

use store::Db;
use testkit::{World, seeded};
use tokio::time::sleep;

use crate::fill::{fill, make_due, number};
use crate::node::Place;
use crate::{Options, now_ms};

/// The pause between two kills, in milliseconds.
const PAUSE_MS: std::ops::Range<u64> = 500..3_000;
/// The time after the last kill and the last due To Do within which all must be done.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes To Dos due while nodes die; then says what the database says. Fails if any was lost or
/// doubled.
pub(crate) async fn soak(options: &Options) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::on(&options.database, folder).await;
    fill(&world, options.due).await;
    let place = || Place::new(&options.binary, &options.database, world.folder.path());
    let places = [place(), place()];
    let mut nodes = [Some(places[0].serve().await), Some(places[1].serve().await)];
    let span_ms = i64::try_from(options.seconds * 1_000).unwrap();
    let begins = now_ms() + 1_000;
    make_due(&world.db, 1, options.due, begins, span_ms).await;
    let chance = seeded(options.seed);
    for _ in 0..options.kills {
        let pause_ms = PAUSE_MS.start + chance.number() % (PAUSE_MS.end - PAUSE_MS.start);
        sleep(Duration::from_millis(pause_ms)).await;
        let which = usize::from(chance.number().is_multiple_of(2));
        nodes[which] = None;
        nodes[which] = Some(places[which].start());
    }
    let last_due = u64::try_from(begins + span_ms - now_ms()).unwrap_or(0);
    let last_kill = Instant::now();
    let due = i64::try_from(options.due).unwrap();
    let mut left = due;
    while left > 0 && last_kill.elapsed() < Duration::from_millis(last_due) + PATIENCE {
        sleep(Duration::from_millis(250)).await;
        left = due - number(&world.db, captured()).await;
    }
    let recovered = last_kill.elapsed();
    drop(nodes);
    let is_good = report(&world.db, options, recovered).await;
    world.db.close().await;
    assert!(is_good, "a To Do was lost or doubled");
}

fn captured() -> String {
    "SELECT count(*) FROM deliveries WHERE state = 'captured'".to_owned()
}

async fn report(db: &Db, options: &Options, recovered: Duration) -> bool {
    let ask = async |sql: &str| number(db, sql.to_owned()).await;
    let lost = ask("SELECT count(*) FROM to_dos WHERE NOT EXISTS \
        (SELECT 1 FROM runs WHERE runs.tenant_id = to_dos.tenant_id AND to_do_id = to_dos.id)");
    let lost = lost.await + ask("SELECT count(*) FROM runs WHERE state <> 'captured'").await;
    let doubled = ask("SELECT count(*) - count(DISTINCT to_do_id) FROM runs").await
        + ask("SELECT count(*) - count(DISTINCT run_id) FROM deliveries").await
        + ask("SELECT count(*) FROM attempts WHERE may_double").await;
    let runs = ask("SELECT count(*) FROM runs").await;
    let deliveries = ask("SELECT count(*) FROM deliveries WHERE state = 'captured'").await;
    let attempts = ask("SELECT count(*) FROM attempts").await;
    let queue = ask("SELECT count(*) FROM jobs WHERE kind <> 'fire'").await;
    let late = ask("SELECT coalesce(max(d.updated_at - r.due_at), 0) FROM deliveries d \
        JOIN runs r ON r.tenant_id = d.tenant_id AND r.id = d.run_id");
    let Options { due, kills, seconds, seed, .. } = options;
    println!("{due} To Dos due over {seconds} s, 2 nodes, {kills} kills (seed {seed})");
    println!("runs {runs} · deliveries {deliveries} · attempts {attempts} · left in queue {queue}");
    println!(
        "lost {lost} · doubled {doubled} · latest {} ms · all done {:.1} s after the last kill",
        late.await,
        recovered.as_secs_f64()
    );
    let due = i64::try_from(*due).unwrap();
    (lost, doubled, queue) == (0, 0, 0) && runs == due && deliveries == due
}
