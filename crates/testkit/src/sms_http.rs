//! A carrier of the Twilio-compatible REST form on loopback (tests/peers/sms_http.mjs).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::node::NodePeer;

const LEDGER: &str = "requests.jsonl";

/// How the carrier begins; [`Options::default`] takes everything of account `AC1` with `token`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; 0 takes a free port.
    pub port: u16,
    /// Whether it speaks HTTPS.
    pub is_encrypted: bool,
    /// The account's SID.
    pub account_sid: String,
    /// The account's token, with which it also signs.
    pub auth_token: String,
    /// Whether it takes a thing only once under one key, and answers the same the next time.
    pub honours_key: bool,
}

/// What the carrier does from now on, or does now.
#[derive(Clone, Debug)]
pub enum Command {
    /// To each request for something new, or to so many of them, it answers so.
    Rule(Instead, Option<u32>),
    /// It forgets all rules.
    Behave,
    /// It refuses this number with this error code, such as 21610 for one that opted out.
    Refuse(String, u16),
    /// It calls back with the state of a message or call.
    Status {
        /// Its id.
        sid: String,
        /// The word for it: `delivered`, `busy` …
        status: &'static str,
        /// Further parameters, such as `ErrorCode` or `AnsweredBy`.
        fields: Value,
    },
    /// Somebody presses a key in the call.
    Press {
        /// The call's id.
        sid: String,
        /// The key.
        key: char,
    },
    /// Somebody sends a text, which it posts to this address.
    Inbound {
        /// Where we hear of it.
        url: String,
        /// The sender.
        from: String,
        /// Our number.
        to: String,
        /// The text.
        text: String,
    },
}

/// What the carrier does instead of saying yes.
#[derive(Clone, Debug)]
pub enum Instead {
    /// It refuses: HTTP status, its own error code (none: a page without sense), `Retry-After`.
    Status(u16, Option<u16>, Option<u64>),
    /// It takes it and answers after so many milliseconds.
    Slow(u64),
    /// It does not take it and never answers.
    Hang,
    /// It does not take it and resets the connection.
    Reset,
    /// It takes it and closes the connection without an answer.
    Close,
    /// It takes it and closes the connection in the middle of the answer.
    Cut,
    /// It takes it and stops in the middle of the answer.
    Stall,
    /// It takes it and answers 201 with this body.
    Body(String),
    /// It takes it and answers without an end.
    Endless,
}

/// A request as it was received.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// The path.
    pub path: String,
    /// The key of `I-Twilio-Idempotency-Token`; empty where there was none.
    pub key: String,
    /// Whether it came with the account's SID and token.
    pub is_signed_in: bool,
    /// The parameters, decoded.
    pub form: BTreeMap<String, String>,
    /// The body as it was on the wire.
    pub body: String,
}

/// A running carrier. It ends when this is dropped.
pub struct SmsHttp {
    peer: NodePeer,
    scheme: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            is_encrypted: false,
            account_sid: "AC1".to_owned(),
            auth_token: "token".to_owned(),
            honours_key: true,
        }
    }
}

impl SmsHttp {
    /// Starts the carrier and returns when it listens on 127.0.0.1.
    ///
    /// # Panics
    /// Where it cannot be started; the message says what is missing.
    pub fn start(options: Options) -> Self {
        let Options { port, is_encrypted, account_sid, auth_token, honours_key } = options;
        let options = json!({
            "port": port, "is_encrypted": is_encrypted, "account_sid": account_sid,
            "auth_token": auth_token, "honours_key": honours_key,
        });
        let scheme = if is_encrypted { "https" } else { "http" };
        Self { peer: NodePeer::start("sms_http.mjs", options), scheme }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.peer.port)
    }

    /// The PEM certificate for `localhost` and 127.0.0.1, where it has one.
    pub fn certificate(&self) -> Option<&[u8]> {
        self.peer.certificate.as_deref()
    }

    /// Every request that it received, in order, answered or not.
    pub fn seen(&self) -> Vec<Request> {
        self.peer.ledger(LEDGER)
    }

    /// Waits until it has received so many requests, and returns them.
    ///
    /// # Panics
    /// Where that takes longer than 20 seconds.
    pub async fn received(&self, count: usize) -> Vec<Request> {
        self.peer.ledger_with(LEDGER, |seen: &[Request]| seen.len() >= count).await
    }

    /// Has it do something, and returns when that is done: for callbacks, our `status` and `body`,
    /// and the `signature` that they came with. Blocks the thread meanwhile.
    pub fn tell(&self, command: &Command) -> Value {
        self.peer.tell(&command.to_json())
    }
}

impl Command {
    fn to_json(&self) -> Value {
        match self {
            Self::Rule(instead, times) => {
                let mut rule = instead.to_json();
                rule["do"] = "rule".into();
                rule["times"] = json!(times);
                rule
            }
            Self::Behave => json!({ "do": "behave" }),
            Self::Refuse(to, code) => json!({ "do": "refuse", "to": to, "code": code }),
            Self::Status { sid, status, fields } => {
                json!({ "do": "status", "sid": sid, "status": status, "fields": fields })
            }
            Self::Press { sid, key } => json!({ "do": "press", "sid": sid, "key": key }),
            Self::Inbound { url, from, to, text } => {
                json!({ "do": "inbound", "url": url, "from": from, "to": to, "text": text })
            }
        }
    }
}

impl Instead {
    fn to_json(&self) -> Value {
        match self {
            Self::Status(status, code, retry_after) => {
                json!({ "what": "status", "status": status, "code": code, "value": retry_after })
            }
            Self::Slow(ms) => json!({ "what": "slow", "value": ms }),
            Self::Hang => json!({ "what": "hang" }),
            Self::Reset => json!({ "what": "reset" }),
            Self::Close => json!({ "what": "close" }),
            Self::Cut => json!({ "what": "cut" }),
            Self::Stall => json!({ "what": "stall" }),
            Self::Body(body) => json!({ "what": "body", "value": body }),
            Self::Endless => json!({ "what": "endless" }),
        }
    }
}
