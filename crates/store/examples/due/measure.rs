//! How many due To Dos a node does in a second, and how late the first and the last are.

use std::time::Duration;

use testkit::World;
use tokio::time::sleep;

use crate::fill::{fill, make_due, number};
use crate::node::Place;
use crate::{Options, now_ms};

/// The time that a node gets to be idle before they are due, in milliseconds.
const LEAD_MS: i64 = 3_000;

/// Fills a database, makes a part of it due at one instant, and says how that went.
pub(crate) async fn measure(options: &Options) {
    let folder = tempfile::tempdir().unwrap();
    let url = match options.database.as_str() {
        "sqlite" => format!("sqlite:{}", folder.path().join("liberty.db").display()),
        url => url.to_owned(),
    };
    let world = World::on(&url, folder).await;
    let filled = fill(&world, options.stored).await;
    let step = options.stored / options.due;
    let at = now_ms() + 3_600_000;
    make_due(&world.db, step, options.due, at, 0).await;
    let place = Place::new(&options.binary, &url, world.folder.path());
    let node = place.serve().await;
    let at = now_ms() + LEAD_MS;
    make_due(&world.db, step, options.due, at, 0).await;
    let late = now_ms() - at;
    let due = i64::try_from(options.due).unwrap();
    let sent = "SELECT count(*) FROM deliveries WHERE state = 'captured'";
    while number(&world.db, sent.to_owned()).await < due {
        sleep(Duration::from_millis(500)).await;
    }
    let of = |what: &str| format!("SELECT {what} - {at} FROM deliveries");
    let first = number(&world.db, of("min(updated_at)")).await;
    let last = number(&world.db, of("max(updated_at)")).await;
    let fired = number(&world.db, format!("SELECT max(created_at) - {at} FROM runs")).await;
    drop(node);
    let kind = if url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
    println!("### {kind}, {} schedules stored, {due} due at one instant\n", options.stored);
    println!("* {:.0} To Dos/s, fired and captured", due as f64 * 1_000.0 / last as f64);
    println!(
        "* the first {first} ms late, the last {last} ms; the last was fired after {fired} ms"
    );
    println!("* filled in {:.1} s; made due {} ms ahead\n", filled.as_secs_f64(), -late);
}
