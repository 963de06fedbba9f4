//! Real SIP peers on loopback: sipp, baresip and kamailio, and an ear for the audio of a call.

mod baresip;
mod ear;
mod kamailio;
mod sipp;

use std::io;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

pub use baresip::Baresip;
pub use ear::{Ear, likeness, places};
pub use kamailio::Kamailio;
pub use sipp::{Options, Sipp};

/// How long a peer gets to do what it must; only a broken one needs as much.
const PATIENCE: Duration = Duration::from_secs(20);

/// A port, and the three after it, that neither UDP nor TCP uses on 127.0.0.1: sipp takes two for
/// sound and two for pictures.
///
/// # Panics
/// Where no port is free.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Tests run in processes of their own, so each begins elsewhere; below the kernel's own range.
    let start = (std::process::id() as u16).wrapping_mul(40);
    let is_free = |port| {
        UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
            && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
    };
    let candidates = (0..2_000).map(|_| {
        let step = NEXT.fetch_add(4, Ordering::Relaxed);
        12_000 + start.wrapping_add(step) % 8_000 / 4 * 4
    });
    let mut free = candidates.filter(|&port| (port..port + 4).all(is_free));
    free.next().expect("a free port")
}

/// A child process that ends with this, and its own children too.
struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to end.
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

/// Starts a peer in its folder, which keeps what it prints, and returns when it holds the port.
fn start(command: &mut Command, dir: &Path, port: u16) -> Peer {
    let program = command.get_program().to_owned();
    let file = |name: &str| std::fs::File::create(dir.join(name)).expect("a file in the folder");
    let command = command.current_dir(dir).stdin(Stdio::null());
    // A group of its own, which can be ended as one: kamailio works by many processes.
    let command = command.process_group(0).stdout(file("stdout")).stderr(file("stderr"));
    let child = command.spawn().unwrap_or_else(|error| {
        panic!("{} does not start ({error}): run script/bootstrap --dev.", program.display())
    });
    let mut peer = Peer(child);
    let is_held = |port| {
        matches!(
            UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).map_err(|e| e.kind()),
            Err(io::ErrorKind::AddrInUse)
        ) || matches!(
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|e| e.kind()),
            Err(io::ErrorKind::AddrInUse)
        )
    };
    let is_ready = eventually(|| {
        let ended = peer.0.try_wait().expect("a child").is_some();
        (ended || is_held(port)).then_some(!ended)
    });
    if is_ready != Some(true) {
        panic!("{} did not open its port: {}", program.display(), printed(dir));
    }
    peer
}

/// What the peer in this folder printed.
fn printed(dir: &Path) -> String {
    let read = |name| std::fs::read(dir.join(name)).unwrap_or_default();
    String::from_utf8_lossy(&[read("stdout"), read("stderr")].concat()).into_owned()
}

/// Looks until there is something, for as long as a peer may take.
fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        let found = look();
        if found.is_some() || begun.elapsed() > PATIENCE {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn peer_file(name: &str) -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let root = crates.and_then(Path::parent).expect("the crate lies two folders below the root");
    root.join("tests/peers/sip").join(name)
}

/// A peer's configuration with its blanks filled in.
fn fill(name: &str, blanks: &[(&str, &str)]) -> String {
    let text = std::fs::read_to_string(peer_file(name)).expect("the peer's configuration");
    blanks.iter().fold(text, |text, (blank, value)| text.replace(blank, value))
}
