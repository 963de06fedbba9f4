//! Calls that are answered: what is asked, what is pressed, and what was on the wire.

use testkit::sip::{Ear, Options, Sipp, likeness, places};
use wire::sip::{SipSettings, Transport};
use wire::{Accepted, Class, Reach};

use super::{Tape, call, count, settings, sipp, voice_call};

#[tokio::test(flavor = "multi_thread")]
async fn key_1_acknowledges_and_the_wire_shows_one_orderly_call() {
    let ear = Ear::open(&[(20, '1')]);
    let peer = sipp("answers", &[("audio", &ear.port().to_string())]);
    let tape = Tape::of(500);
    let trunk = tape.trunk(settings(peer.port()));
    let accepted = trunk.call(&voice_call(true)).await.expect("answered");

    assert_eq!(accepted.reach, Reach::Acknowledged);
    assert_eq!(accepted.response, "200 OK (answered, and acknowledged with key 1)");
    let [call_id] = &accepted.references[..] else { panic!("one reference: {accepted:?}") };
    assert!(call_id.starts_with("0198c0de-7777-7000-8000-000000000001."), "{call_id}");
    assert_eq!(trunk.open_calls(), 0);
    let messages = peer.finish();
    for (start, times) in [("INVITE ", 1), ("ACK ", 1), ("BYE ", 1), ("CANCEL ", 0)] {
        assert_eq!(count(&messages, start), times, "{start}");
    }
    let invite = messages.iter().find(|m| m.starts_with("INVITE ")).expect("an INVITE");
    for line in [
        &format!("Call-ID: {call_id}"),
        "RTP/AVP 0 8 101",
        "a=rtpmap:101 telephone-event/8000",
        "a=ptime:20",
        "<sip:+15617819977@127.0.0.1>",
        "Content-Type: application/sdp",
    ] {
        assert!(invite.contains(line), "{line} in {invite}");
    }
    assert!(invite.starts_with("INVITE sip:+15550100123@127.0.0.1:"), "{invite}");
    // The key broke the text off, and thanks followed: the same tape from its beginning.
    assert_eq!(places(tape.pcm().await.samples(), &ear.heard()), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn key_9_repeats_and_key_1_then_acknowledges() {
    let ear = Ear::open(&[(40, '9'), (40, '1')]);
    let peer = sipp("answers", &[("audio", &ear.port().to_string())]);
    let tape = Tape::of(500);
    let accepted = tape.trunk(settings(peer.port())).call(&voice_call(true)).await;
    assert_eq!(accepted.expect("answered").reach, Reach::Acknowledged);
    // Text and question, again at least the text, and the thanks.
    let heard = places(tape.pcm().await.samples(), &ear.heard());
    assert!((4..=5).contains(&heard), "{heard}");
    peer.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_presses_anything() {
    let ear = Ear::open(&[]);
    let peer = sipp("answers", &[("audio", &ear.port().to_string())]);
    let tape = Tape::of(500);
    let accepted = tape.trunk(settings(peer.port())).call(&voice_call(true)).await;
    assert_eq!(accepted.expect("answered").reach, Reach::Handset);
    let pcm = tape.pcm().await;
    assert!(likeness(pcm.samples(), &ear.heard()) > 0.99);
    assert_eq!(places(pcm.samples(), &ear.heard()), 2, "text and question");
    peer.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_by_an_info_request_counts() {
    let ear = Ear::open(&[]);
    let peer = sipp("info", &[("audio", &ear.port().to_string())]);
    let tape = Tape::of(3_000);
    let accepted = tape.trunk(settings(peer.port())).call(&voice_call(true)).await;
    assert_eq!(accepted.expect("answered").reach, Reach::Acknowledged);
    peer.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_that_sipp_captured_from_a_telephone_count() {
    // sipp plays captures through a raw socket.
    if !std::fs::read_to_string("/proc/self/status").is_ok_and(|s| s.contains("Uid:\t0\t0")) {
        return;
    }
    let peer = sipp("presses", &[]);
    let tape = Tape::of(3_000);
    let accepted = tape.trunk(settings(peer.port())).call(&voice_call(true)).await;
    assert_eq!(accepted.expect("answered").reach, Reach::Acknowledged);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_and_a_move_of_the_audio_in_the_middle_of_a_call_are_answered() {
    let (before, after) = (Ear::open(&[]), Ear::open(&[]));
    let ports = (before.port().to_string(), after.port().to_string());
    let peer = sipp("moves", &[("audio", &ports.0), ("other", &ports.1)]);
    let tape = Tape::of(500);
    let accepted = tape.trunk(settings(peer.port())).call(&voice_call(false)).await;
    assert_eq!(accepted.expect("answered").reach, Reach::Handset);
    assert_eq!(places(tape.pcm().await.samples(), &after.heard()), 1);
    assert_eq!(places(tape.pcm().await.samples(), &before.heard()), 0);
    peer.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_hangs_up_at_once_was_not_reached() {
    let ear = Ear::open(&[]);
    let peer = sipp("hangs_up", &[("audio", &ear.port().to_string())]);
    let tape = Tape::of(10_000);
    let trunk = tape.trunk(settings(peer.port()));
    let refused = trunk.call(&voice_call(false)).await.expect_err("hung up");
    assert_eq!(refused.class, Class::Absent);
    assert_eq!(
        refused.reason,
        "The call was answered, and ended before half of the text was spoken."
    );
    assert_eq!(trunk.open_calls(), 0);
    peer.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_over_tcp() {
    let ear = Ear::open(&[(20, '1')]);
    let keys = vec![("audio", ear.port().to_string())];
    let peer = Sipp::start(&Options { keys, is_tcp: true, ..Options::default() });
    let tape = Tape::of(500);
    let trunk = tape.trunk(SipSettings {
        transport: Transport::Tcp,
        dials_plus: false,
        ..settings(peer.port())
    });
    let accepted: Accepted = trunk.call(&voice_call(true)).await.expect("answered");
    assert_eq!(accepted.reach, Reach::Acknowledged);
    let messages = peer.finish();
    let invite = messages.iter().find(|m| m.starts_with("INVITE ")).expect("an INVITE");
    assert!(invite.starts_with("INVITE sip:15550100123@127.0.0.1:"), "{invite}");
    assert!(invite.contains("Via: SIP/2.0/TCP ") && invite.contains(";transport="), "{invite}");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_calls_at_once_leave_nothing_behind() {
    let ear = Ear::open(&[]);
    let keys = vec![("audio", ear.port().to_string())];
    let peer = Sipp::start(&Options { keys, calls: 20, ..Options::default() });
    let tape = Tape::of(500);
    let trunk = tape.trunk(SipSettings { calls_max: 20, ..settings(peer.port()) });
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let trunk = trunk.clone();
        calls.spawn(async move { trunk.call(&voice_call(false)).await });
    }
    let outcomes = calls.join_all().await;
    assert!(outcomes.iter().all(|o| matches!(o, Ok(Accepted { reach: Reach::Handset, .. }))));
    assert_eq!(trunk.open_calls(), 0);
    let messages = peer.finish();
    assert_eq!((count(&messages, "INVITE "), count(&messages, "BYE ")), (20, 20));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_calls_than_lines_are_for_later() {
    let ear = Ear::open(&[]);
    let peer = sipp("answers", &[("audio", &ear.port().to_string())]);
    let tape = Tape::of(500);
    let trunk = tape.trunk(SipSettings { calls_max: 1, ..settings(peer.port()) });
    let call = voice_call(false);
    let (first, second) = tokio::join!(trunk.call(&call), trunk.call(&call));
    assert!(first.is_ok());
    let refused = second.expect_err("no line");
    assert_eq!(
        (refused.class, refused.reason.as_str()),
        (Class::Later, "All 1 lines of the trunk are in use.")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_audio_ends_the_call() {
    let peer = sipp("answers_garbage", &[]);
    let refused = call(&peer, false).await.expect_err("nothing to speak to");
    assert_eq!(refused.class, Class::Later);
    assert_eq!(refused.reason, "The trunk answered the call without audio that we speak.");
    peer.finish();
}
