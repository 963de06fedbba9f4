//! The server as a process, and what processes use: processor time and memory, from /proc.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::Options;
use crate::http::Connection;

/// Clock ticks in a second, as Linux shows them in /proc.
const TICKS: f64 = 100.0;

/// The most memory of its own that the server was seen with.
static PEAK_OWN_KB: AtomicU64 = AtomicU64::new(0);

/// The real server.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    pub(crate) ready_ms: u128,
    pub(crate) idle_kb: u64,
    /// The part of it that is not pages of files: the binary, and of SQLite's database.
    pub(crate) idle_own_kb: u64,
}

/// What a streamed list held, and how long it took.
pub(crate) struct Streamed {
    pub(crate) rows: usize,
    pub(crate) bytes: usize,
    pub(crate) lasted: Duration,
    pub(crate) idle_kb: u64,
    pub(crate) peak_kb: u64,
    /// The most of its own memory, without pages of files.
    pub(crate) peak_own_kb: u64,
    pub(crate) idle_own_kb: u64,
}

impl Server {
    /// Starts it on a database that is filled, and waits until it is ready.
    pub(crate) async fn start(options: &Options, url: &str, folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let begun = Instant::now();
        let child = Command::new(&options.binary)
            .arg("serve")
            .env_clear()
            .env("LIBERTY_LISTEN", format!("127.0.0.1:{port}"))
            .env("LIBERTY_DATA_DIR", folder)
            .env("LIBERTY_DATABASE_URL", url)
            .current_dir(folder)
            .stderr(std::fs::File::create(folder.join("server.log")).unwrap())
            .spawn()
            .unwrap();
        while !is_ready(port).await {
            sleep(Duration::from_millis(5)).await;
        }
        let ready_ms = begun.elapsed().as_millis();
        sleep(Duration::from_secs(2)).await;
        let idle_kb = memory_kb(child.id(), "VmRSS:");
        let idle_own_kb = memory_kb(child.id(), "RssAnon:");
        Server { child, port, ready_ms, idle_kb, idle_own_kb }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The list without a limit, and the most memory that the server had meanwhile.
    pub(crate) async fn stream(&self, key: &str) -> Streamed {
        let idle_kb = memory_kb(self.pid(), "VmRSS:");
        // 5 sets the peak back to now (proc(5)).
        std::fs::write(format!("/proc/{}/clear_refs", self.pid()), "5").unwrap();
        let idle_own_kb = memory_kb(self.pid(), "RssAnon:");
        let begun = Instant::now();
        let connection = Connection::open(self.port).await;
        let pid = self.pid();
        // The kernel keeps no peak of a process's own memory alone: it is looked at all the time.
        let watch = tokio::spawn(async move {
            let mut most = 0;
            loop {
                most = memory_kb(pid, "RssAnon:").max(most);
                PEAK_OWN_KB.store(most, Ordering::Relaxed);
                sleep(Duration::from_millis(20)).await;
            }
        });
        let (objects, bytes) = connection.drain("/api/v2/messages", key).await;
        watch.abort();
        let peak_own_kb = PEAK_OWN_KB.load(Ordering::Relaxed);
        // Each message is an object with its answers in another, all in one.
        let rows = (objects - 1) / 2;
        let peak_kb = memory_kb(self.pid(), "VmHWM:");
        let lasted = begun.elapsed();
        Streamed { rows, bytes, lasted, idle_kb, peak_kb, peak_own_kb, idle_own_kb }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(status) = self.child.try_wait().unwrap() {
            eprintln!("the server ended by itself: {status}");
        }
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

async fn is_ready(port: u16) -> bool {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let Ok(mut stream) = tokio::net::TcpStream::connect(("127.0.0.1", port)).await else {
        return false;
    };
    let request = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.is_ok() && answer.starts_with("HTTP/1.1 200")
}

/// A line of /proc/PID/status, in kB.
fn memory_kb(pid: u32, line: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let value = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
    value.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Whose processor time counts.
#[derive(Clone, Copy)]
pub(crate) struct Cpu {
    pub(crate) server: u32,
    pub(crate) postmaster: Option<u32>,
}

impl Cpu {
    /// Seconds that the server and the database have used.
    pub(crate) fn now(self) -> f64 {
        seconds(self.server) + self.database()
    }

    /// Seconds that this process and the database have used.
    pub(crate) fn own(self) -> f64 {
        seconds(std::process::id()) + self.database()
    }

    fn database(self) -> f64 {
        let Some(postmaster) = self.postmaster else { return 0.0 };
        let all = std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
        all.filter(|pid| *pid == postmaster || parent(*pid) == Some(postmaster)).map(seconds).sum()
    }
}

/// The fields of /proc/PID/stat behind the name, which may hold anything.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split(' ').map(str::to_owned).collect())
}

fn parent(pid: u32) -> Option<u32> {
    stat(pid)?.get(1)?.parse().ok()
}

fn seconds(pid: u32) -> f64 {
    let fields = stat(pid).unwrap_or_default();
    let ticks = |i: usize| fields.get(i).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / TICKS
}
