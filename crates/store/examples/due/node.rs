//! The real server as a process.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

/// Where a node runs: one and the same after each start.
pub(crate) struct Place {
    pub(crate) binary: PathBuf,
    pub(crate) database: String,
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
}

/// A running node. It is killed, as by `kill -9`, when this is dropped.
pub(crate) struct Node(Child);

impl Place {
    pub(crate) fn new(binary: &Path, database: &str, folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Place {
            binary: binary.to_owned(),
            database: database.to_owned(),
            folder: folder.to_owned(),
            port: listener.local_addr().unwrap().port(),
        }
    }

    /// Starts a node.
    pub(crate) fn start(&self) -> Node {
        let log = self.folder.join(format!("{}.log", self.port));
        let log = std::fs::File::options().append(true).create(true).open(log).unwrap();
        let child = Command::new(&self.binary)
            .arg("serve")
            .env_clear()
            .env("LIBERTY_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("LIBERTY_DATA_DIR", &self.folder)
            .env("LIBERTY_DATABASE_URL", &self.database)
            .env("LIBERTY_LOG_LEVEL", "warn")
            .current_dir(&self.folder)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Node(child)
    }

    /// Starts a node and waits until it is ready.
    pub(crate) async fn serve(&self) -> Node {
        let node = self.start();
        while !self.is_ready().await {
            sleep(Duration::from_millis(5)).await;
        }
        node
    }

    async fn is_ready(&self) -> bool {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await;
        let Ok(mut stream) = stream else { return false };
        let request = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        if stream.write_all(request).await.is_err() {
            return false;
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.is_ok() && answer.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(status) = self.0.try_wait().unwrap() {
            eprintln!("a node ended by itself: {status}");
            return;
        }
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
