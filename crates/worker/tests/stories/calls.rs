//! A To Do by call: over a SIP trunk, to phones that sipp plays.

use std::time::Duration;

use domain::limits;
use testkit::World;
use testkit::sip::{Ear, Options, Sipp};
use wire::sip::{self, Trunk};
use wire::speech::{self, Speech};
use worker::{Carrier, Line, Sender};

use super::lines::*;

/// Speech that is half a second of noise, whatever the text.
fn noise(world: &World) -> Speech {
    let mut file = testkit::sound::wav(500);
    for (n, sample) in file[44..].chunks_exact_mut(2).enumerate() {
        let tone = (n as f64 / 8_000.0 * 440.0 * std::f64::consts::TAU).sin() * 8_000.0;
        sample.copy_from_slice(&(tone as i16).to_le_bytes());
    }
    let path = world.folder.path().join("noise.wav");
    std::fs::write(&path, file).expect("a file in the folder");
    let command = vec!["cat".to_owned(), path.display().to_string()];
    Speech::new(speech::Settings { command, ..speech::Settings::default() })
}

pub(crate) fn trunk(world: &World, port: u16) -> Carrier {
    let settings = sip::Settings {
        port,
        answer_timeout: Duration::from_secs(8),
        ring_timeout: Duration::from_secs(3),
        audio_ports: (34_000, 36_000),
        ..sip::Settings::new("127.0.0.1")
    };
    let trunk = Trunk::open(settings, noise(world)).expect("sound settings");
    carrier("trunk", Line::Sip(trunk, Sender::default()))
}

pub(crate) fn sipp(scenario: &'static str, calls: u32, keys: &[(&'static str, &str)]) -> Sipp {
    let keys = keys.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Sipp::start(&Options { scenario, calls, keys, ..Options::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn key_1_acknowledges_the_run() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let ear = Ear::open(&[(20, '1')]);
    let peer = sipp("answers", 1, &[("audio", &ear.port().to_string())]);
    let worker = worker(&world, vec![trunk(&world, peer.port())]);
    let id = to_do(&world, &office, "call", JANE).await;
    due(&world, &worker).await;
    insta::assert_snapshot!(told(&world, &office, id).await, @"
    sent
    acknowledged to +15615550100
    - trunk: sent: 200 OK (answered, and acknowledged with key 1)
    ");
    peer.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_phone_is_called_again_until_no_attempt_is_left() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let keys = [("status", "486 Busy Here"), ("header", "X-Peer: sipp")];
    let peer = sipp("refuses", 5, &keys);
    let worker = worker(&world, vec![trunk(&world, peer.port())]);
    let id = to_do(&world, &office, "call", JANE).await;
    due(&world, &worker).await;
    assert_eq!(worker.pump().await.expect("a pump"), 0, "it waits");
    world.clock.advance(limits::ABSENT_WAIT_MS - 1);
    assert_eq!(worker.pump().await.expect("a pump"), 0, "it still waits");
    for _ in 0..6 {
        world.clock.advance(limits::ABSENT_WAIT_MS);
        worker.pump().await.expect("a pump");
    }
    insta::assert_snapshot!(told(&world, &office, id).await, @"
    failed: The line was busy. No attempt is left.
    failed to +15615550100
    - trunk: absent: The line was busy.
    - trunk: absent: The line was busy.
    - trunk: absent: The line was busy.
    - trunk: absent: The line was busy.
    - trunk: absent: The line was busy.
    ");
    peer.finish();
}
