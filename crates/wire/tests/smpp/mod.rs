//! Text messages against a real SMSC on loopback: every way to be taken, refused or left alone.

mod accepted;
mod hostile;
mod refused;
mod reports;
mod session;

use std::time::Duration;

use testkit::smsc::{Command, Instead, Options, Smsc as Peer};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;
use wire::smpp::{SmppSettings, Smsc};
use wire::{Outcome, Refused, Report, Secret, Sms};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The settings for this peer, trusting its certificate.
fn settings(peer: &Peer) -> SmppSettings {
    SmppSettings {
        extra_roots: peer.certificate().map(<[u8]>::to_vec),
        timeout: Duration::from_secs(10),
        reconnect_after: Duration::from_millis(20),
        ..SmppSettings::new("127.0.0.1", peer.port(), "desk", Secret::new("secret"))
    }
}

/// SmppSettings that do not wait long for a peer that never answers.
fn impatient(peer: &Peer) -> SmppSettings {
    SmppSettings { timeout: Duration::from_millis(1_500), ..settings(peer) }
}

fn open(settings: SmppSettings) -> (Smsc, Receiver<Report>) {
    Smsc::open(settings).expect("sound settings")
}

fn peer() -> Peer {
    Peer::start(Options::default())
}

/// A peer that treats each message so.
fn peer_with(instead: Instead) -> Peer {
    let peer = peer();
    peer.tell(&Command::Rule("submit_sm", instead, None));
    peer
}

fn sms(text: &str) -> Sms {
    Sms {
        from: "Liberty".to_owned(),
        to: "+15550001111".to_owned(),
        text: text.to_owned(),
        key: "0198c0de-7777-7777-8777-777777777777".to_owned(),
    }
}

async fn next(reports: &mut Receiver<Report>) -> Report {
    timeout(PATIENCE, reports.recv()).await.expect("in time").expect("an open session")
}

/// What refused the message: one sentence on one line, which names the carrier.
fn refusal(outcome: Outcome) -> Refused {
    let refused = outcome.expect_err("a refusal");
    let reason = &refused.reason;
    assert!(reason.contains("SMS carrier 127.0.0.1") && reason.ends_with('.'), "{reason}");
    assert!(!reason.contains(char::is_control) && reason.len() < 400, "{reason}");
    refused
}

/// Sends until the carrier takes it, as the worker would; for tests in which a connection comes back.
async fn send_until_taken(smsc: &Smsc, text: &str) {
    let tries = async { while smsc.send(&sms(text)).await.is_err() {} };
    timeout(PATIENCE, tries).await.expect("the connection came back");
}
