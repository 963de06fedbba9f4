//! A receiver of webhooks on loopback, which verifies with the Standard Webhooks library
//! (tests/peers/webhooks.mjs).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::node::NodePeer;

const LEDGER: &str = "posts.jsonl";

/// A post as it was received.
#[derive(Clone, Debug, Deserialize)]
pub struct Post {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as it was on the wire.
    pub body: String,
    /// For each secret that the receiver knows: `yes`, or why the library refuses the signature.
    pub verified: Vec<String>,
}

impl Post {
    /// Its `webhook-id`.
    pub fn id(&self) -> &str {
        self.headers.get("webhook-id").map_or("", String::as_str)
    }

    /// Its body, read.
    pub fn payload(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// What the receiver does instead of answering 204.
#[derive(Clone, Debug)]
pub enum Instead {
    /// It answers with this status, these headers and this body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// It answers 200 after so many milliseconds.
    Slow(u64),
    /// It never answers.
    Hang,
    /// It resets the connection.
    Reset,
    /// It closes the connection without an answer.
    Close,
    /// It answers 200 and stops in the middle of the body.
    Stall,
    /// It answers 200 with a body without an end.
    Endless,
}

impl Instead {
    fn to_json(&self) -> Value {
        match self {
            Self::Answer(status, headers, body) => {
                let headers: BTreeMap<_, _> =
                    headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                json!({ "what": "status", "status": status, "headers": headers, "body": body })
            }
            Self::Slow(ms) => json!({ "what": "status", "ms": ms }),
            Self::Hang => json!({ "what": "hang" }),
            Self::Reset => json!({ "what": "reset" }),
            Self::Close => json!({ "what": "close" }),
            Self::Stall => json!({ "what": "stall" }),
            Self::Endless => json!({ "what": "endless" }),
        }
    }
}

/// A running receiver. It ends when this is dropped.
pub struct Receiver {
    peer: NodePeer,
    host: String,
}

impl Receiver {
    /// Starts a receiver that listens on a free port of an address.
    ///
    /// # Panics
    /// Where it cannot be started; the message says what is missing.
    pub fn start(host: &str) -> Self {
        let peer = NodePeer::start("webhooks.mjs", json!({ "host": host, "port": 0 }));
        Self { peer, host: host.to_owned() }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.peer.port
    }

    /// A URL of it.
    pub fn url(&self, path: &str) -> String {
        let host =
            if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("http://{host}:{}{path}", self.peer.port)
    }

    /// Gives it the secrets that it verifies with, and its time.
    pub fn know(&self, secrets: &[&str], now_ms: i64) {
        self.peer.tell(&json!({ "do": "secrets", "secrets": secrets }));
        self.peer.tell(&json!({ "do": "now", "ms": now_ms }));
    }

    /// Has it answer so, the next times on a path, or on any for `""`; always for `None`.
    pub fn rule(&self, path: &str, instead: &Instead, times: Option<u32>) {
        let mut rule = instead.to_json();
        rule["do"] = "rule".into();
        rule["times"] = json!(times);
        rule["path"] = json!(path);
        self.peer.tell(&rule);
    }

    /// Has it forget all rules.
    pub fn behave(&self) {
        self.peer.tell(&json!({ "do": "behave" }));
    }

    /// How many connections it was ever asked for.
    pub fn connections(&self) -> u64 {
        self.peer.tell(&json!({ "do": "connections" }))["connections"].as_u64().expect("a count")
    }

    /// Every post that it received, in order, answered or not.
    pub fn seen(&self) -> Vec<Post> {
        self.peer.ledger(LEDGER)
    }

    /// Waits until it has received so many posts, and returns them.
    ///
    /// # Panics
    /// Where that takes longer than 20 seconds.
    pub async fn received(&self, count: usize) -> Vec<Post> {
        self.peer.ledger_with(LEDGER, |seen: &[Post]| seen.len() >= count).await
    }
}
