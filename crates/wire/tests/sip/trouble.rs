//! Trunks that are silent, absent or talk rubbish: every call ends in time.

use std::net::SocketAddr;
use std::time::Duration;

use testkit::sip::Ear;
use tokio::net::UdpSocket;
use wire::Class;
use wire::sip::{SipSettings, Transport};
use wire::speech::{self, Speech};

use super::{Tape, count, settings, sipp, voice_call};

fn impatient(port: u16) -> SipSettings {
    SipSettings { answer_timeout: Duration::from_secs(1), ..settings(port) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_black_hole_is_given_up() {
    let hole = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let port = hole.local_addr().expect("bound").port();
    let trunk = Tape::of(500).trunk(impatient(port));
    for refused in [
        trunk.call(&voice_call(true)).await.expect_err("silence"),
        trunk.check().await.expect_err("silence"),
    ] {
        assert_eq!(refused.class, Class::Later);
        assert_eq!(refused.reason, "The trunk 127.0.0.1 did not answer in time.");
    }
    assert_eq!(trunk.open_calls(), 0);
}

#[tokio::test]
async fn rubbish_is_no_answer() {
    let peer = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let port = peer.local_addr().expect("bound").port();
    let babble = tokio::spawn(async move {
        let mut buffer = [0; 4_096];
        while let Ok((length, from)) = peer.recv_from(&mut buffer).await {
            let own = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let cut = format!("SIP/2.0 200 OK\r\n{}", own.lines().nth(1).unwrap_or_default());
            for rubbish in [
                &b"\0\xff\xfe"[..],
                b"SIP/2.0 200 OK\r\n\r\n",
                b"SIP/2.0 999999999999 x\r\nVia: \r\nCSeq: a b\r\n\r\n",
                b"INVITE sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n",
                cut.as_bytes(),
                &[b'a'; 9_000],
            ] {
                let _ = peer.send_to(rubbish, from).await;
            }
        }
    });
    let trunk = Tape::of(500).trunk(impatient(port));
    let refused = trunk.call(&voice_call(true)).await.expect_err("rubbish");
    assert_eq!(refused.class, Class::Later, "{refused}");
    assert_eq!(trunk.open_calls(), 0);
    babble.abort();
}

#[tokio::test]
async fn nobody_listens_and_no_such_host() {
    let port = testkit::sip::free_port();
    let tcp = SipSettings { transport: Transport::Tcp, ..impatient(port) };
    let nowhere = SipSettings { host: "no-such-host.invalid".to_owned(), ..impatient(port) };
    for settings in [impatient(port), tcp, nowhere] {
        let trunk = Tape::of(500).trunk(settings);
        let refused = trunk.call(&voice_call(true)).await.expect_err("nobody");
        assert_eq!(refused.class, Class::Later, "{refused}");
        assert_eq!(trunk.open_calls(), 0);
    }
}

#[tokio::test]
async fn a_speech_command_that_fails_places_no_call() {
    let timeout = Duration::from_millis(300);
    for (command, reason) in [
        (vec![], "No speech command is configured."),
        (vec!["/no/such/program"], "The speech command /no/such/program cannot be run ("),
        (vec!["false"], "The speech command false failed ("),
        (vec!["sleep", "60"], "The speech command sleep did not finish in time."),
        (vec!["echo", "hello"], "The speech command wrote something other than a sound: "),
        (vec!["true"], "The speech command wrote something other than a sound: "),
    ] {
        let command = command.into_iter().map(str::to_owned).collect();
        let speech = Speech::new(speech::SpeechSettings { command, timeout, cache_entries: 4 });
        let trunk = wire::sip::Trunk::open(settings(9), speech).expect("sound settings");
        let refused = trunk.call(&voice_call(true)).await.expect_err(reason);
        assert_eq!(refused.class, Class::Later);
        assert!(refused.reason.starts_with(reason), "{refused}");
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_spoken_in_a_call_is_never_placed() {
    let tape = Tape::of(5_000);
    let trunk = tape.trunk(SipSettings { call_timeout: Duration::from_secs(5), ..settings(9) });
    for (text, reason) in [
        ("Hello.".to_owned(), "The text takes 5 s to speak, and a call lasts 5 s at most."),
        ("x".repeat(5_001), "The text is too long to be spoken."),
        (" \0\n...".to_owned(), "The text has nothing in it that can be spoken."),
    ] {
        let refused = trunk.call(&wire::VoiceCall { text, ..voice_call(true) }).await;
        let refused = refused.expect_err(reason);
        assert_eq!((refused.class, refused.reason.as_str()), (Class::Never, reason));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_dies_in_the_middle_leaves_it_open_what_was_heard() {
    let ear = Ear::open(&[]);
    let peer = sipp("answers", &[("audio", &ear.port().to_string())]);
    let trunk = Tape::of(1_000).trunk(settings(peer.port()));
    let call = voice_call(false);
    let dies = async {
        hears(&ear).await;
        drop(peer);
    };
    let (outcome, ()) = tokio::join!(trunk.call(&call), dies);
    let refused = outcome.expect_err("lost");
    assert_eq!((refused.class, refused.code), (Class::Unknown, Some(200)), "{refused}");
    assert_eq!(trunk.open_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_dropped_hangs_up() {
    let ear = Ear::open(&[]);
    let peer = sipp("answers", &[("audio", &ear.port().to_string())]);
    let trunk = Tape::of(10_000).trunk(settings(peer.port()));
    let call = voice_call(false);
    tokio::select! {
        outcome = trunk.call(&call) => panic!("{outcome:?}"),
        () = hears(&ear) => {}
    }
    assert_eq!(count(&peer.finish(), "BYE "), 1);
    assert_eq!(trunk.open_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_that_is_dropped_gives_its_port_back() {
    let peer = sipp("lives", &[]);
    let bind = SocketAddr::from(([127, 0, 0, 1], testkit::sip::free_port()));
    let trunk = Tape::of(500).trunk(SipSettings { bind: Some(bind), ..settings(peer.port()) });
    trunk.check().await.expect("a living peer");
    assert!(UdpSocket::bind(bind).await.is_err(), "the port is the trunk's");
    drop(trunk);
    while UdpSocket::bind(bind).await.is_err() {
        a_moment().await;
    }
}

/// Waits until there is sound.
async fn hears(ear: &Ear) {
    while ear.heard().iter().all(|sample| sample.unsigned_abs() < 500) {
        a_moment().await;
    }
}

async fn a_moment() {
    wire::pause(Duration::from_millis(20)).await;
}
