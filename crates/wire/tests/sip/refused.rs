//! Calls that nobody takes: each answer of a trunk and its class.

use wire::{Class, Refused};

use super::{Tape, call, count, login, settings, sipp, voice_call};
use wire::sip::SipSettings;

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_has_its_class_and_one_invite_with_its_ack() {
    use Class::{Absent, Later, Never};
    for (status, class, reason) in [
        ("486 Busy Here", Absent, "The line was busy."),
        ("600 Busy Everywhere", Absent, "The line was busy."),
        ("480 Temporarily Unavailable", Absent, "Nobody answered."),
        ("603 Decline", Absent, "The call was declined."),
        ("404 Not Found", Never, "The trunk knows no phone by this number: 404 Not Found."),
        ("484 Address Incomplete", Never, "The trunk knows no phone by this number: 484 "),
        ("403 Call Blocked", Later, "The trunk refused the call: 403 Call Blocked."),
        ("488 Not Acceptable Here", Later, "The trunk takes no audio of ours: 488 "),
        ("302 Moved Temporarily", Later, "The trunk sent us elsewhere, and we stay: 302 "),
        ("500 Server Internal Error", Later, "The trunk refused the call: 500 "),
    ] {
        let peer = sipp("refuses", &[("status", status), ("header", "X-Peer: sipp")]);
        let refused = call(&peer, true).await.expect_err(status);
        assert_eq!((refused.class, refused.retry_after), (class, None), "{status}: {refused}");
        assert!(refused.reason.starts_with(reason), "{status}: {refused}");
        assert_eq!(refused.code, status[..3].parse().ok(), "{status}");
        let messages = peer.finish();
        assert_eq!((count(&messages, "INVITE "), count(&messages, "ACK ")), (1, 1), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_trunk_says_when_to_come_back() {
    let header = [("status", "503 Service Unavailable"), ("header", "Retry-After: 17 (night)")];
    let peer = sipp("refuses", &header);
    let refused = call(&peer, true).await.expect_err("refused");
    assert_eq!((refused.class, refused.code), (Class::Later, Some(503)));
    assert_eq!(refused.retry_after.map(|pause| pause.as_secs()), Some(17));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_rang_and_forbade_it_declined() {
    let peer = sipp("rings_and_refuses", &[("status", "403 Forbidden")]);
    let refused = call(&peer, true).await.expect_err("declined");
    assert_eq!((refused.class, refused.reason.as_str()), (Class::Absent, "The call was declined."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_rings_in_vain_is_cancelled() {
    let peer = sipp("rings", &[]);
    let tape = Tape::of(500);
    let trunk = tape.trunk(settings(peer.port()));
    let refused = trunk.call(&voice_call(true)).await.expect_err("nobody there");
    assert_eq!((refused.class, refused.reason.as_str()), (Class::Absent, "Nobody answered."));
    assert_eq!(trunk.open_calls(), 0);
    let messages = peer.finish();
    for start in ["INVITE ", "CANCEL ", "SIP/2.0 487 ", "ACK "] {
        assert_eq!(count(&messages, start), 1, "{start}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_that_tries_in_vain_is_the_trunks_fault() {
    let peer = sipp("tries", &[]);
    let refused = call(&peer, true).await.expect_err("no phone");
    assert_eq!(refused.class, Class::Later);
    assert_eq!(refused.reason, "The trunk took the call, and no phone rang in time.");
    assert_eq!(count(&peer.finish(), "CANCEL "), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_is_taken_and_a_wrong_one_is_for_later() {
    let ear = testkit::sip::Ear::open(&[]);
    for (password, is_right) in [("sesame", true), ("wrong", false)] {
        let peer = sipp("challenges", &[("audio", &ear.port().to_string())]);
        let settings = SipSettings { login: login(password), ..settings(peer.port()) };
        let outcome = Tape::of(500).trunk(settings).call(&voice_call(false)).await;
        let messages = peer.finish();
        assert_eq!(count(&messages, "INVITE "), 2, "{password}");
        match outcome {
            Ok(_) => assert!(is_right),
            Err(Refused { class, code, reason, .. }) => {
                assert_eq!((is_right, class, code), (false, Class::Later, Some(403)), "{reason}");
            }
        }
        let is_shown = messages.iter().any(|message| message.contains(password));
        assert!(!is_shown, "no password on the wire");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_number_is_never_dialled() {
    let tape = Tape::of(500);
    let trunk = tape.trunk(settings(9));
    for to in ["", "+", "ada", "+1555 0100", "+1@evil", "1\r\nX: y", "+1;transport=tcp", "١٢٣"] {
        let call = wire::VoiceCall { to: to.to_owned(), ..voice_call(true) };
        let refused = trunk.call(&call).await.expect_err(to);
        assert_eq!(refused.class, Class::Never, "{to:?}");
    }
    assert_eq!(trunk.open_calls(), 0);
}
