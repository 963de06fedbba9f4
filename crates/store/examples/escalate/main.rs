//! Messages that all escalate at one instant, by the real server to a carrier that counts: how long
//! until the last one is handed over (`script/bench`).

#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the real clock")]
#![expect(clippy::unwrap_used, reason = "what cannot go on must stop")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its report is its answer")]

mod carrier;
mod fill;
#[path = "../due/node.rs"]
mod node;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use testkit::World;
use tokio::time::sleep;

use carrier::Counter;
use node::Place;

/// The time that a node gets to be idle before they are due, in milliseconds.
const LEAD_MS: i64 = 3_000;

/// `escalate DATABASE BINARY MESSAGES`: `sqlite`, or the URL of an empty PostgreSQL database.
#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [database, binary, messages] = words.as_slice() else {
        panic!("usage: escalate DATABASE BINARY MESSAGES");
    };
    let messages: i64 = messages.parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = match database.as_str() {
        "sqlite" => format!("sqlite:{}", folder.path().join("liberty.db").display()),
        url => url.to_owned(),
    };
    let world = World::on(&url, folder).await;
    let counter = Counter::listen().await;
    let config = counter.config();
    std::fs::write(world.folder.path().join("liberty.toml"), config).unwrap();
    fill::fill(&world, messages).await;
    let place = Place::new(binary.as_ref(), &url, world.folder.path());
    let node = place.serve().await;
    let at = now_ms() + LEAD_MS;
    fill::make_due(&world.db, at).await;
    assert!(now_ms() < at, "they were made due too late");
    while counter.seen().len() < usize::try_from(messages).unwrap() {
        sleep(Duration::from_millis(50)).await;
    }
    let seen = counter.seen();
    let left = "SELECT count(*) FROM messages WHERE escalation_counter <> 1".to_owned();
    let left = fill::number(&world.db, left).await;
    drop(node);
    let mut late: Vec<i64> = seen.iter().map(|seen| seen - at).collect();
    late.sort_unstable();
    let of = |part: usize| late[(late.len() - 1) * part / 100] as f64 / 1_000.0;
    let kind = if url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
    println!("### {kind}, {messages} messages escalate at one instant, to a REST carrier\n");
    println!(
        "* handed to the carrier: the first after {:.2} s, half after {:.2} s, the last after \
         {:.2} s ({:.0} in a second)",
        of(0),
        of(50),
        of(100),
        messages as f64 / of(100)
    );
    println!("* {} requests for {messages} messages; {left} not at level 2\n", seen.len());
}

/// Now.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
