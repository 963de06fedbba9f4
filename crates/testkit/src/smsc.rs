//! A real SMSC on loopback (tests/peers/smsc.mjs, on npm's smpp) and the PDUs that it received.

use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::node::NodePeer;

const LEDGER: &str = "pdus.jsonl";

/// How the SMSC begins; [`Options::default`] accepts every message of `desk` with `secret`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; 0 takes a free port. With a number, an SMSC can come back.
    pub port: u16,
    /// Whether connections are encrypted.
    pub is_encrypted: bool,
    /// Who may bind.
    pub system_id: String,
    /// With which password.
    pub password: String,
    /// The state that it reports by itself on each message it takes, such as `DELIVRD`.
    pub receipts: Option<String>,
}

/// What the SMSC does from now on, or does now.
#[derive(Clone, Debug)]
pub enum Command {
    /// To each PDU of this kind (`submit_sm`, `bind_transceiver`, `enquire_link`), or to so many of
    /// them, it does not answer as it should but so.
    Rule(&'static str, Instead, Option<u32>),
    /// It forgets all rules.
    Behave,
    /// It reports on the message that it gave this id.
    Receipt {
        /// The id as it was given: `1A2B`.
        id: String,
        /// Its state: `DELIVRD`, `UNDELIV` …
        stat: &'static str,
        /// How the report spells the id.
        spelling: Spelling,
        /// Whether id and state stand in parameters, not in the text.
        in_parameters: bool,
        /// The phone.
        phone: String,
    },
    /// Somebody sends a text: written by the SMSC's own library, in the alphabet that fits.
    Inbound {
        /// The sender, without `+`.
        from: String,
        /// Our number, without `+`.
        to: String,
        /// The text.
        text: String,
    },
    /// Somebody sends these octets, with these further fields of the PDU.
    Octets {
        /// The text, as it travels.
        octets: Vec<u8>,
        /// Fields of the `deliver_sm` by their names in the standard.
        fields: Value,
    },
    /// It writes these bytes to every connection.
    Raw(Vec<u8>),
    /// It sends this request without fields (`unbind`, `enquire_link`) over every connection.
    Send(&'static str),
    /// It resets every connection.
    Close,
}

/// What the SMSC does instead of saying yes.
#[derive(Clone, Debug)]
pub enum Instead {
    /// It answers this `command_status`.
    Status(u32),
    /// It says yes after so many milliseconds.
    Late(u64),
    /// It never answers.
    Hang,
    /// It resets the connection.
    Close,
    /// It writes these bytes.
    Raw(Vec<u8>),
    /// It answers another message than the one that it was given.
    WrongSequence,
    /// It answers as if to another command.
    WrongCommand,
    /// It answers `generic_nack` with this status.
    Nack(u32),
    /// It says yes and gives no id.
    NoId,
    /// It signs off.
    Unbind,
}

/// How a report spells an id that was given as `1A2B`.
#[derive(Clone, Copy, Debug)]
pub enum Spelling {
    /// `1A2B`.
    AsGiven,
    /// `6699`.
    Decimal,
    /// `0000006699`.
    Padded,
    /// `00001a2b`.
    Lower,
}

/// A PDU as the SMSC received it.
#[derive(Clone, Debug, Deserialize)]
pub struct Pdu {
    /// Over which connection, counted from 1.
    pub connection: u32,
    /// Its name in the standard: `submit_sm`, `deliver_sm_resp` …
    pub command: String,
    /// Its `command_status`.
    pub status: u32,
    /// Its sequence number.
    pub sequence: u32,
    /// Its `source_addr`; empty where it has none.
    pub from: String,
    /// Its `destination_addr`.
    pub to: String,
    /// Its text, as the SMSC's own library decodes it, without a header.
    pub text: String,
    raw: String,
}

/// A running SMSC. It ends when this is dropped.
pub struct Smsc {
    peer: NodePeer,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            is_encrypted: false,
            system_id: "desk".to_owned(),
            password: "secret".to_owned(),
            receipts: None,
        }
    }
}

impl Smsc {
    /// Starts the SMSC and returns when it listens on 127.0.0.1.
    ///
    /// # Panics
    /// Where it cannot be started; the message says what is missing.
    pub fn start(options: Options) -> Self {
        let Options { port, is_encrypted, system_id, password, receipts } = options;
        let options = json!({
            "port": port, "is_encrypted": is_encrypted, "system_id": system_id,
            "password": password, "receipts": receipts,
        });
        Self { peer: NodePeer::start("smsc.mjs", options) }
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.peer.port
    }

    /// The PEM certificate for `localhost` and 127.0.0.1, where it has one.
    pub fn certificate(&self) -> Option<&[u8]> {
        self.peer.certificate.as_deref()
    }

    /// Every PDU that it received, in order, answered or not.
    pub fn seen(&self) -> Vec<Pdu> {
        self.peer.ledger(LEDGER)
    }

    /// The messages among them: each `submit_sm`.
    pub fn messages(&self) -> Vec<Pdu> {
        self.seen().into_iter().filter(|pdu| pdu.command == "submit_sm").collect()
    }

    /// Waits until it has received so many PDUs of this kind, and returns them.
    ///
    /// # Panics
    /// Where that takes longer than 20 seconds.
    pub async fn received(&self, command: &str, count: usize) -> Vec<Pdu> {
        let of_kind = |pdu: &&Pdu| pdu.command == command;
        let is_there = |seen: &[Pdu]| seen.iter().filter(of_kind).count() >= count;
        let seen = self.peer.ledger_with(LEDGER, is_there).await;
        seen.into_iter().filter(|pdu| pdu.command == command).collect()
    }

    /// Has it do something, and returns when that is done.
    pub fn tell(&self, command: &Command) {
        self.peer.tell(&command.to_json());
    }
}

impl Pdu {
    /// The PDU byte for byte, with its header.
    pub fn raw(&self) -> Vec<u8> {
        HEXLOWER.decode(self.raw.as_bytes()).expect("the peer writes hexadecimal")
    }
}

impl Command {
    fn to_json(&self) -> Value {
        match self {
            Self::Rule(on, instead, times) => {
                let (what, value) = instead.to_json();
                json!({ "do": "rule", "on": on, "what": what, "value": value, "times": times })
            }
            Self::Behave => json!({ "do": "behave" }),
            Self::Receipt { id, stat, spelling, in_parameters, phone } => {
                let form = if *in_parameters { "parameters" } else { "text" };
                let spelling = format!("{spelling:?}").to_lowercase();
                json!({
                    "do": "receipt", "id": id, "stat": stat, "spelling": spelling, "form": form,
                    "from": phone.trim_start_matches('+'), "to": "15550009999",
                })
            }
            Self::Inbound { from, to, text } => {
                json!({ "do": "inbound", "from": from, "to": to, "text": text })
            }
            Self::Octets { octets, fields } => json!({
                "do": "inbound", "from": "15550001111", "to": "73737",
                "hex": HEXLOWER.encode(octets), "fields": fields,
            }),
            Self::Raw(bytes) => json!({ "do": "raw", "hex": HEXLOWER.encode(bytes) }),
            Self::Send(command) => json!({ "do": "send", "command": command }),
            Self::Close => json!({ "do": "close" }),
        }
    }
}

impl Instead {
    fn to_json(&self) -> (&'static str, Value) {
        match self {
            Self::Status(status) => ("status", (*status).into()),
            Self::Late(ms) => ("late", (*ms).into()),
            Self::Hang => ("hang", Value::Null),
            Self::Close => ("close", Value::Null),
            Self::Raw(bytes) => ("raw", HEXLOWER.encode(bytes).into()),
            Self::WrongSequence => ("wrong_sequence", Value::Null),
            Self::WrongCommand => ("wrong_command", Value::Null),
            Self::Nack(status) => ("nack", (*status).into()),
            Self::NoId => ("no_id", Value::Null),
            Self::Unbind => ("unbind", Value::Null),
        }
    }
}
