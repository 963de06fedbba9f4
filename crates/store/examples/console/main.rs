//! How late agents hear of a call: 200 consoles are open on the real server, a switch tells of calls
//! at a steady rate, and each console notes when it hears of each. `script/bench` runs it.

#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the real clock")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on must stop")]
#![expect(clippy::print_stdout, reason = "its line is its answer")]

use std::collections::HashMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::{Instant as At, Role};
use testkit::{Tenancy, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{interval, sleep};

/// Calls that are going on at once, so that the queue is as full as that of a busy desk.
const GOING_ON: usize = 20;

/// When each call was told, and how late each console heard of it, in microseconds.
#[derive(Default)]
struct Heard {
    told: HashMap<usize, Instant>,
    late_us: Vec<u64>,
}

type Shared = Arc<Mutex<Heard>>;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let mut next = |what: &str| words.next().unwrap_or_else(|| panic!("{what} is missing"));
    let (name, database) = (next("the name"), next("the database: sqlite, or a URL"));
    let binary = PathBuf::from(next("the binary"));
    let agents: usize = next("the agents").parse().unwrap();
    let rate: f64 = next("the calls in a second").parse().unwrap();
    let seconds: f64 = next("the seconds").parse().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let url = match database.as_str() {
        "sqlite" => format!("sqlite:{}", folder.path().join("liberty.db").display()),
        url => url.to_owned(),
    };
    let world = World::on(&url, folder).await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    world.clock.set(At::from_ms(i64::try_from(now).unwrap()));
    let desk = world.tenancy("desk").await;
    let cookies = sign_in(&world, &desk, agents).await;
    let (_server, port) = start(&binary, &url, world.folder.path()).await;

    let heard = Shared::default();
    for cookie in cookies {
        listen(port, cookie, heard.clone()).await;
    }
    sleep(Duration::from_secs(2)).await;
    let calls = (rate * seconds) as usize;
    tell_all(port, &desk, rate, calls, &heard).await;
    sleep(Duration::from_secs(3)).await;

    let mut late_us = std::mem::take(&mut heard.lock().unwrap().late_us);
    late_us.sort_unstable();
    let missed = calls * agents - late_us.len();
    let at = |part: f64| late_us[((late_us.len() - 1) as f64 * part) as usize] as f64 / 1_000.0;
    println!(
        "{name}: {agents} consoles, {rate} calls/s for {seconds} s, each told and ended, {GOING_ON} \
         going on: from post to receipt p50 {:.1} ms · p99 {:.1} ms · longest {:.1} ms · missed {missed}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

async fn sign_in(world: &World, desk: &Tenancy, agents: usize) -> Vec<String> {
    let mut cookies = Vec::with_capacity(agents);
    for i in 0..agents {
        let (email, name) = (format!("a{i}@desk.example"), format!("agent{i}"));
        let agent = world.user(&desk.tenant, &email, &name, Role::Agent, &desk.law).await;
        cookies.push(world.session(&agent).await);
    }
    cookies
}

async fn start(binary: &Path, url: &str, folder: &Path) -> (Server, u16) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new(binary)
        .arg("serve")
        .env_clear()
        .env("LIBERTY_LISTEN", format!("127.0.0.1:{port}"))
        .env("LIBERTY_DATA_DIR", folder)
        .env("LIBERTY_DATABASE_URL", url)
        .current_dir(folder)
        .stderr(std::fs::File::create(folder.join("server.log")).unwrap())
        .spawn()
        .unwrap();
    let server = Server(child);
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        sleep(Duration::from_millis(10)).await;
    }
    (server, port)
}

/// Opens a console's stream, and notes when it first shows each call.
async fn listen(port: u16, cookie: String, heard: Shared) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!(
        "GET /console/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\
         Cookie: liberty={cookie}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut first = vec![0; 4_096];
    let read = stream.read(&mut first).await.unwrap();
    assert!(first[..read].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&first));
    tokio::spawn(async move {
        let mut newest = 0;
        let mut text = String::new();
        let mut bytes = vec![0; 65_536];
        loop {
            let read = stream.read(&mut bytes).await.unwrap();
            let at = Instant::now();
            if read == 0 {
                return; // The server was stopped; before that, what is missed is counted.
            }
            text.push_str(&String::from_utf8_lossy(&bytes[..read]));
            // A whole event: its calls are numbered in the caller's number.
            let Some(end) = text.rfind("\n\n") else { continue };
            let seen = text[..end].split("(700) 2").skip(1);
            let seen = seen.filter_map(|rest| rest.get(..7)?.replace('-', "").parse().ok());
            let last: usize = seen.max().unwrap_or(newest);
            text.drain(..end);
            let mut heard = heard.lock().unwrap();
            for call in newest + 1..=last {
                if let Some(told) = heard.told.get(&call).copied() {
                    let late = at.duration_since(told).as_micros();
                    heard.late_us.push(u64::try_from(late).unwrap());
                }
            }
            newest = newest.max(last);
        }
    });
}

/// Tells of calls one after the other, and of the end of those that went on before.
async fn tell_all(port: u16, desk: &Tenancy, rate: f64, calls: usize, heard: &Shared) {
    let mut ticks = interval(Duration::from_secs_f64(1.0 / rate));
    for call in 1..=calls {
        ticks.tick().await;
        heard.lock().unwrap().told.insert(call, Instant::now());
        let key = desk.switch.1.clone();
        tokio::spawn(async move {
            tell(port, &key, call, "ringing").await;
            if let Some(before) = call.checked_sub(GOING_ON).filter(|before| *before > 0) {
                tell(port, &key, before, "ended").await;
            }
        });
    }
}

async fn tell(port: u16, key: &str, call: usize, event: &str) {
    let from = format!("7002{call:06}");
    let body = format!(
        "{{\"call_sid\":\"c{call}\",\"event\":\"{event}\",\"account_number\":\"W0411\",\
         \"from\":\"{from}\",\"occurred_at\":\"2026-01-01T00:00:00Z\"}}"
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!(
        "POST /hooks/v1/calls/events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Authorization: Bearer {key}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
}
