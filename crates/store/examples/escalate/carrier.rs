//! A carrier with Twilio's REST form that takes everything at once and notes when.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::now_ms;

/// Takes messages and counts them.
pub(crate) struct Counter {
    port: u16,
    seen: Arc<Mutex<Vec<i64>>>,
}

impl Counter {
    pub(crate) async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, seen) = (listener.local_addr().unwrap().port(), Arc::default());
        let counter = Counter { port, seen: Arc::clone(&seen) };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&seen)));
            }
        });
        counter
    }

    /// When each message came in, in milliseconds since 1970.
    pub(crate) fn seen(&self) -> Vec<i64> {
        self.seen.lock().unwrap().clone()
    }

    /// A configuration that sends texts through it.
    pub(crate) fn config(&self) -> String {
        format!(
            "public_url = \"https://liberty.example\"\n[[carriers]]\nname = \"counter\"\n\
             kind = \"rest\"\nslots = 64\nchannels = [\"sms\"]\n\
             base_url = \"http://127.0.0.1:{}\"\nfrom = \"+15617819977\"\n\
             account_sid = \"AC{}\"\nauth_token = \"secret\"\n",
            self.port,
            "0".repeat(32)
        )
    }
}

/// Answers the requests of one connection, until it is closed.
async fn serve(stream: TcpStream, seen: Arc<Mutex<Vec<i64>>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                let (name, value) = line.split_once(':').unwrap_or((line.trim(), ""));
                if name.eq_ignore_ascii_case("content-length") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            } else {
                return;
            }
        }
        let mut body = vec![0; length];
        if stream.read_exact(&mut body).await.is_err() {
            return;
        }
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(now_ms());
            seen.len()
        };
        let answer = format!("{{\"sid\":\"SM{number:032}\",\"status\":\"queued\"}}");
        let answer = format!(
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n\
             {answer}",
            answer.len()
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
