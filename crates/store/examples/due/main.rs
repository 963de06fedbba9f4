//! To Dos that are due, done by the real server: how many in a second (`script/bench`), and whether
//! each is done exactly once while nodes are killed (`script/soak`).

#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the real clock")]
#![expect(clippy::unwrap_used, reason = "what cannot go on must stop")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its report is its answer")]

mod fill;
mod measure;
mod node;
mod soak;

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the command line says.
pub(crate) struct Options {
    /// `sqlite`, or the URL of an empty PostgreSQL database.
    pub(crate) database: String,
    pub(crate) binary: PathBuf,
    /// To Dos that are due.
    pub(crate) due: usize,
    /// Schedules that are stored, the due ones among them.
    pub(crate) stored: usize,
    /// Nodes that are killed.
    pub(crate) kills: u64,
    /// The time over which they come due, in seconds.
    pub(crate) seconds: u64,
    pub(crate) seed: u64,
}

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let mut next = |what: &str| words.next().unwrap_or_else(|| panic!("{what} is missing"));
    let mode = next("measure or soak");
    let options = Options {
        database: next("the database"),
        binary: next("the binary").into(),
        due: next("how many are due").parse().unwrap(),
        stored: next("how many are stored").parse().unwrap(),
        kills: next("how many kills").parse().unwrap(),
        seconds: next("how many seconds").parse().unwrap(),
        seed: next("the seed").parse().unwrap(),
    };
    match mode.as_str() {
        "measure" => measure::measure(&options).await,
        "soak" => soak::soak(&options).await,
        other => panic!("{other} is neither measure nor soak"),
    }
}

/// Now.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
