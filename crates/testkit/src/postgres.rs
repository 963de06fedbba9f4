//! Fresh PostgreSQL databases for tests, in a cluster that is named by the environment or started on demand.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The variable that names the cluster; `script/test` sets it. Without it, `script/test-postgres`
/// starts this user's own cluster once and leaves it running for the next run. Its user must be
/// allowed to create databases.
pub const CLUSTER_VARIABLE: &str = "LIBERTY_TEST_POSTGRES";

/// PostgreSQL shortens longer names without a word.
pub const NAME_MAX_BYTES: usize = 63;

/// An empty database of its own, deleted when this value goes.
///
/// A test that fails leaves its database behind, and says which, so that one can look.
#[derive(Debug)]
pub struct Postgres {
    name: String,
    url: String,
}

impl Postgres {
    /// Creates an empty database (UTF-8, `C.UTF-8`) named after the running test.
    ///
    /// Blocks for some tens of milliseconds, also inside an async test.
    ///
    /// # Panics
    /// When there is no PostgreSQL to be had: a test that was to run on it must not pass without it.
    #[must_use]
    pub fn database() -> Self {
        let name = database_name(std::thread::current().name().unwrap_or("main"), rand::random());
        sql(cluster(), &format!("CREATE DATABASE \"{name}\" TEMPLATE template0"));
        let url = with_database(cluster(), &name);
        Self { name, url }
    }

    /// `postgres://user:password@127.0.0.1:port/name`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

#[expect(clippy::print_stderr, reason = "a drop can only tell; the test runner shows it")]
impl Drop for Postgres {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for a look: {}", self.url);
            return;
        }
        let command = format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name);
        if let Err(complaint) = try_sql(cluster(), &command) {
            eprintln!("could not drop {}: {complaint}", self.name);
        }
    }
}

/// The URL of the cluster's maintenance database, found once per process.
fn cluster() -> &'static str {
    static CLUSTER: OnceLock<String> = OnceLock::new();
    CLUSTER.get_or_init(|| match std::env::var(CLUSTER_VARIABLE) {
        Ok(url) if !url.is_empty() => url,
        _ => start_cluster(),
    })
}

fn start_cluster() -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../script/test-postgres");
    run(&mut Command::new(&script))
        .unwrap_or_else(|complaint| panic!("{} failed: {complaint}", script.display()))
}

/// `test` as a database name: lower-case letters, digits and `_`, made unique by `salt`.
pub fn database_name(test: &str, salt: u64) -> String {
    let words: String = test
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    let suffix = format!("_{salt:016x}");
    // The end of a test's path tells more than its beginning.
    let start = words.len().saturating_sub(NAME_MAX_BYTES - suffix.len());
    format!("{}{suffix}", &words[start..])
}

/// The same server and user, another database; what follows a `?` is kept.
pub fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, None), |(a, o)| (a, Some(o)));
    let scheme_end = address.find("://").map_or(0, |at| at + 3);
    let server_end = address[scheme_end..].find('/').map_or(address.len(), |at| scheme_end + at);
    let server = &address[..server_end];
    options
        .map_or_else(|| format!("{server}/{name}"), |options| format!("{server}/{name}?{options}"))
}

fn sql(url: &str, command: &str) {
    if let Err(complaint) = try_sql(url, command) {
        panic!("PostgreSQL refused `{command}`: {complaint}");
    }
}

/// Runs a command by psql: what it printed, or what it complained of.
pub fn try_sql(url: &str, command: &str) -> Result<String, String> {
    run(Command::new(psql()).args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", command]))
}

/// The newest psql of Debian's packages, else the one on the PATH.
fn psql() -> &'static Path {
    static PSQL: OnceLock<PathBuf> = OnceLock::new();
    PSQL.get_or_init(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        versions
            .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry)))
            .map(|(version, entry)| (version, entry.path().join("bin/psql")))
            .filter(|(_, program)| program.exists())
            .max()
            .map_or_else(|| PathBuf::from("psql"), |(_, program)| program)
    })
}

/// The program's output without the last line's end, or what it complained about.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim_end().to_owned())
}
