//! A load generator for HTTP/1.1 over kept connections, in the closed and in the open loop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Text<T> = Arc<dyn Fn(u64) -> T + Send + Sync>;

/// A kind of request, made for a number.
#[derive(Clone)]
pub(crate) struct Request {
    method: &'static str,
    path: Text<String>,
    key: String,
    body: Text<Option<String>>,
}

/// Load on a port of this machine.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    pub(crate) port: u16,
    pub(crate) connections: usize,
    pub(crate) for_: Duration,
}

/// When the next request of a connection is sent.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// When the one before was answered.
    Closed,
    /// At that many in a second over all connections, answered or not.
    Open(f64),
}

/// How long each request took, in microseconds, sorted.
pub(crate) struct Measured {
    took_us: Vec<u64>,
    lasted: Duration,
}

impl Request {
    pub(crate) fn new(
        method: &'static str,
        path: impl Fn(u64) -> String + Send + Sync + 'static,
        key: &str,
        body: impl Fn(u64) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Request { method, path: Arc::new(path), key: key.to_owned(), body: Arc::new(body) }
    }

    fn bytes(&self, n: u64) -> Vec<u8> {
        let (method, path, key) = (self.method, (self.path)(n), &self.key);
        let body = (self.body)(n).unwrap_or_default();
        let length = match body.len() {
            0 => String::new(),
            n => format!("Content-Type: application/json\r\nContent-Length: {n}\r\n"),
        };
        format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\
             {length}\r\n{body}"
        )
        .into_bytes()
    }
}

impl Load {
    /// Asks for as long as it should; every answer must be a 200.
    pub(crate) async fn run(self, request: &Request, pace: Pace) -> Measured {
        let begun = Instant::now();
        let tasks: Vec<_> = (0..self.connections)
            .map(|i| tokio::spawn(self.ask(i, request.clone(), pace, begun)))
            .collect();
        let mut took_us = Vec::new();
        for task in tasks {
            took_us.extend(task.await.unwrap());
        }
        Measured::new(took_us, begun.elapsed())
    }

    async fn ask(self, i: usize, request: Request, pace: Pace, begun: Instant) -> Vec<u64> {
        let mut connection = Connection::open(self.port).await;
        let mut took_us = Vec::new();
        let mut n = i as u64 * 7_919 + 1;
        for turn in 0.. {
            let due = match pace {
                Pace::Closed => Instant::now(),
                Pace::Open(rate) => {
                    let turn = (turn * self.connections + i) as f64;
                    begun + Duration::from_secs_f64(turn / rate)
                }
            };
            if due.duration_since(begun) >= self.for_ {
                break;
            }
            if let Some(wait) = due.checked_duration_since(Instant::now()) {
                tokio::time::sleep(wait).await;
            }
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            connection.ask(&request.bytes(n >> 33)).await;
            took_us.push(u64::try_from(due.elapsed().as_micros()).unwrap());
        }
        took_us
    }
}

impl Measured {
    pub(crate) fn new(mut took_us: Vec<u64>, lasted: Duration) -> Self {
        took_us.sort_unstable();
        Measured { took_us, lasted }
    }

    pub(crate) fn count(&self) -> usize {
        self.took_us.len()
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.count() as f64 / self.lasted.as_secs_f64()
    }

    /// The time within which that share of the requests was answered, in milliseconds.
    pub(crate) fn ms(&self, share: f64) -> f64 {
        let at = (self.count() as f64 * share) as usize;
        self.took_us.get(at.min(self.count().saturating_sub(1))).map_or(0.0, |us| *us as f64 / 1e3)
    }

    pub(crate) fn percentiles(&self) -> String {
        format!("p50 {:.2} ms, p99 {:.2} ms", self.ms(0.5), self.ms(0.99))
    }
}

/// A kept connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Connection { stream, buffer: Vec::new() }
    }

    /// Sends a request and reads its whole answer, whose length stands in its head.
    async fn ask(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let (head, length) = loop {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "cut off");
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_lowercase();
            assert!(head.starts_with("http/1.1 200"), "{head}");
            let length = head.split("content-length: ").nth(1).expect("a length");
            break (end + 4, length.split("\r\n").next().unwrap().parse::<usize>().unwrap());
        };
        while self.buffer.len() < head + length {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "cut off");
        }
    }

    /// Sends a request and counts the objects and bytes of an answer that ends the connection.
    pub(crate) async fn drain(mut self, path: &str, key: &str) -> (usize, usize) {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\
             Connection: close\r\n\r\n"
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let (mut objects, mut bytes) = (0, 0);
        let mut chunk = vec![0; 256 * 1024];
        loop {
            let n = self.stream.read(&mut chunk).await.unwrap();
            if n == 0 {
                return (objects, bytes);
            }
            objects += chunk[..n].iter().filter(|byte| **byte == b'{').count();
            bytes += n;
        }
    }
}
