//! How fast the real server is, beside the limit that the same driver sets: the same rows, ready
//! as JSON text. `script/bench` builds both and runs this.

#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the real clock")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on must stop")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its table is its answer")]

mod fill;
mod http;
mod process;
mod raw;
mod report;

use std::path::PathBuf;
use std::time::Duration;

use testkit::World;

use fill::Filled;
use http::{Load, Pace, Request};
use process::Server;
use raw::Raw;
use report::{Line, Table};

/// Connections of the load generator, and tasks of the raw one.
const CONNECTIONS: usize = 32;
/// Requests per second of the open loop, as PERFORMANCE.md names it.
const OPEN_LOOP: f64 = 800.0;

/// What the command line says.
struct Options {
    database: String,
    name: String,
    binary: PathBuf,
    rows: usize,
    seconds: u64,
    /// Process id of PostgreSQL's postmaster.
    postmaster: Option<u32>,
}

fn options() -> Options {
    let mut words = std::env::args().skip(1);
    let mut next = |what: &str| words.next().unwrap_or_else(|| panic!("{what} is missing"));
    Options {
        name: next("the name"),
        database: next("the database's URL"),
        binary: next("the binary").into(),
        rows: next("the rows").parse().unwrap(),
        seconds: next("the seconds").parse().unwrap(),
        postmaster: next("the postmaster's id, or 0").parse().ok().filter(|pid| *pid > 0),
    }
}

#[tokio::main]
async fn main() {
    let options = options();
    let folder = tempfile::tempdir().unwrap();
    let url = match options.database.as_str() {
        "sqlite" => format!("sqlite:{}", folder.path().join("liberty.db").display()),
        url => url.to_owned(),
    };
    let world = World::on(&url, folder).await;
    let filled = fill::fill(&world, options.rows).await;
    let raw = Raw::prepare(&world.db, &filled).await;
    let seconds = Duration::from_secs(options.seconds);
    let mut table = Table::new(&options.name, options.rows, filled.rows_per_second);

    let server = Server::start(&options, &url, world.folder.path()).await;
    table.note(format!(
        "start to ready {} ms · idle {} MB (without pages of files {} MB)",
        server.ready_ms,
        server.idle_kb / 1024,
        server.idle_own_kb / 1024
    ));
    let cpu = process::Cpu { server: server.pid(), postmaster: options.postmaster };
    let requests = requests(&filled);
    for (name, make) in &requests {
        eprintln!("{}: {name}", options.name);
        let load = Load { port: server.port, connections: CONNECTIONS, for_: seconds };
        let warm = Load { for_: Duration::from_secs(1), ..load };
        warm.run(make, Pace::Closed).await;
        let before = cpu.now();
        let measured = load.run(make, Pace::Closed).await;
        let used = cpu.now() - before;
        let us = used * 1e6 / measured.count() as f64;
        let own = cpu.own();
        let limit = raw.run(name, &filled, CONNECTIONS, seconds).await;
        let raw_us = (cpu.own() - own) * 1e6 / limit.count() as f64;
        table.line(Line { name, measured, us, limit, raw_us });
    }
    for (name, make) in requests.iter().take(2) {
        let load = Load { port: server.port, connections: CONNECTIONS, for_: seconds };
        let open = load.run(make, Pace::Open(OPEN_LOOP)).await;
        table.note(format!("{name}, open loop at {OPEN_LOOP} requests/s: {}", open.percentiles()));
    }
    let streamed = server.stream(&filled.owner_key).await;
    let ready = raw.stream().await;
    table.stream(&streamed, &ready, options.rows);
    print!("{table}");
}

/// What is measured: a name, and the request for a random number.
fn requests(filled: &Filled) -> Vec<(&'static str, Request)> {
    let key = filled.client_key.clone();
    let list = Request::new("GET", |_| "/api/v2/messages?limit=50".to_owned(), &key, |_| None);
    let ids = filled.ids.clone();
    let of = move |n: u64| ids[usize::try_from(n).unwrap() % ids.len()];
    let path = move |n: u64| format!("/api/v2/messages/{}", of(n));
    let get = Request::new("GET", path.clone(), &key, |_| None);
    let note = |n: u64| Some(format!("{{\"note\":\"Called back {n}.\"}}"));
    let update = Request::new("PATCH", path, &key, note);
    vec![("list of 50", list), ("get one", get), ("update one", update)]
}
