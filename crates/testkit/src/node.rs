//! A peer of tests/peers that runs on Node: started, told what to do, asked what it saw, ended.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempDir;

/// How long a test waits for something that a peer should see.
const PATIENCE: Duration = Duration::from_secs(20);
/// The pause between two looks at a ledger.
const GLANCE: Duration = Duration::from_millis(5);

/// A running peer. It ends when this is dropped.
pub(crate) struct NodePeer {
    child: Child,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    /// Where it listens.
    pub(crate) port: u16,
    /// The PEM certificate for `localhost` and 127.0.0.1, where it has one.
    pub(crate) certificate: Option<Vec<u8>>,
    dir: TempDir,
}

impl NodePeer {
    /// Starts the script with these options, to which its folder is added, and waits until it
    /// listens.
    pub(crate) fn start(script: &str, mut options: Value) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let root = workspace_root();
        assert!(
            root.join("tests/peers/node_modules").exists(),
            "The peer {script} needs tests/peers/node_modules: run script/bootstrap --dev."
        );
        options["dir"] = dir.path().to_str().expect("a folder in UTF-8").into();
        let mut child = Command::new("node")
            .arg(root.join("tests/peers").join(script))
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node starts: run script/bootstrap --dev");
        let stdin = child.stdin.take().expect("the input was piped");
        let mut stdout = BufReader::new(child.stdout.take().expect("the output was piped"));
        let ready = read_line(&mut stdout, script);
        let port = ready["port"].as_u64().and_then(|port| port.try_into().ok());
        let certificate = ready["certificate"].as_str();
        let read = |path| std::fs::read(path).expect("the peer wrote its certificate");
        Self {
            child,
            pipes: Mutex::new((stdin, stdout)),
            port: port.expect("the peer says where it listens"),
            certificate: certificate.map(read),
            dir,
        }
    }

    /// Has it do something, and returns what it answers when that is done.
    pub(crate) fn tell(&self, command: &Value) -> Value {
        let mut pipes = self.pipes.lock().expect("no test failed in here");
        let (stdin, stdout) = &mut *pipes;
        writeln!(stdin, "{command}").and_then(|()| stdin.flush()).expect("the peer listens");
        read_line(stdout, &command.to_string())
    }

    /// All lines of its ledger so far, in order.
    pub(crate) fn ledger<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        let ledger = std::fs::read_to_string(self.dir.path().join(name)).unwrap_or_default();
        // A last line without its end is still being written.
        let whole = ledger.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        whole.map(|line| serde_json::from_str(line).expect("a line of the ledger")).collect()
    }

    /// Waits until the ledger holds what is asked for; fails the test where that takes too long.
    pub(crate) async fn ledger_with<T: DeserializeOwned + std::fmt::Debug>(
        &self,
        name: &str,
        is_there: impl Fn(&[T]) -> bool,
    ) -> Vec<T> {
        let begun = Instant::now();
        loop {
            let seen = self.ledger(name);
            if is_there(&seen) {
                return seen;
            }
            assert!(begun.elapsed() < PATIENCE, "the peer waits in vain; it saw {seen:#?}");
            tokio::time::sleep(GLANCE).await;
        }
    }
}

impl Drop for NodePeer {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_line(stdout: &mut impl BufRead, at: &str) -> Value {
    let mut line = String::new();
    stdout.read_line(&mut line).expect("the peer speaks UTF-8");
    serde_json::from_str(&line)
        .unwrap_or_else(|error| panic!("The peer ended at {at} ({error}); see above."))
}

fn workspace_root() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).expect("the crate lies two folders below the root").to_owned()
}
