//! The connection itself: signs of life, window, pace, loss and return, goodbye.

use std::time::Duration;

use testkit::smsc::{Command, Instead, Options, Smsc as Peer};
use tokio::task::JoinSet;
use tokio::time::timeout;
use wire::smpp::{SmppSettings, Smsc};
use wire::{Class, Outcome};

use super::{PATIENCE, impatient, open, peer, refusal, send_until_taken, settings, sms};

fn send_at_once(smsc: &Smsc, count: usize) -> JoinSet<Outcome> {
    let mut sends = JoinSet::new();
    for _ in 0..count {
        let smsc = smsc.clone();
        sends.spawn(async move { smsc.send(&sms("Hi")).await });
    }
    sends
}

#[tokio::test]
async fn the_session_comes_back_after_the_carrier_died() {
    let peer = peer();
    let port = peer.port();
    let (smsc, _reports) = open(settings(&peer));
    smsc.send(&sms("before")).await.expect("taken");
    drop(peer);
    let gone = async {
        // The end of the connection may not have been noticed yet.
        while refusal(smsc.send(&sms("meanwhile")).await).class != Class::Later {}
    };
    timeout(PATIENCE, gone).await.expect("noticed");
    let back = Peer::start(Options { port, ..Options::default() });
    send_until_taken(&smsc, "after").await;
    assert_eq!(back.messages().last().map(|pdu| pdu.text.clone()).as_deref(), Some("after"));
}

#[tokio::test]
async fn the_session_comes_back_after_it_was_cut_or_signed_off() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    send_until_taken(&smsc, "one").await;
    peer.tell(&Command::Close);
    peer.received("bind_transceiver", 2).await;
    send_until_taken(&smsc, "two").await;
    peer.tell(&Command::Send("unbind"));
    peer.received("unbind_resp", 1).await;
    peer.received("bind_transceiver", 3).await;
    send_until_taken(&smsc, "three").await;
    peer.tell(&Command::Rule("bind_transceiver", Instead::Status(0x0d), Some(2)));
    peer.tell(&Command::Close);
    peer.received("bind_transceiver", 6).await;
    send_until_taken(&smsc, "four").await;
}

#[tokio::test]
async fn signs_of_life_are_given_and_asked_for() {
    let peer = peer();
    let enquire_link = Duration::from_millis(300);
    let (smsc, _reports) = open(SmppSettings { enquire_link, ..settings(&peer) });
    smsc.send(&sms("Hi")).await.expect("taken");
    peer.tell(&Command::Send("enquire_link"));
    peer.received("enquire_link_resp", 1).await;
    peer.received("enquire_link", 3).await;
    assert_eq!(peer.received("bind_transceiver", 1).await.len(), 1);
    // Once it does not answer any more, the connection is given up, and another one opened.
    peer.tell(&Command::Rule("enquire_link", Instead::Hang, None));
    peer.received("bind_transceiver", 2).await;
}

#[tokio::test]
async fn no_more_than_the_window_waits_for_an_answer() {
    let peer = peer();
    peer.tell(&Command::Rule("submit_sm", Instead::Hang, Some(3)));
    let (smsc, _reports) = open(SmppSettings { window: 3, ..impatient(&peer) });
    let unanswered = send_at_once(&smsc, 3);
    peer.received("submit_sm", 3).await;
    let patient = send_at_once(&smsc, 1);
    peer.tell(&Command::Send("enquire_link"));
    peer.received("enquire_link_resp", 1).await;
    assert_eq!(peer.messages().len(), 3, "the fourth waits for room");
    for outcome in unanswered.join_all().await {
        assert_eq!(refusal(outcome).class, Class::Unknown);
    }
    // What nobody waits for any more has left the window, so that one dead message blocks nobody.
    for outcome in patient.join_all().await {
        assert!(outcome.is_ok() || refusal(outcome).class == Class::Later);
    }
    smsc.send(&sms("Hi")).await.expect("there is room");
}

#[tokio::test]
async fn what_waits_for_room_too_long_is_never_written() {
    let peer = peer();
    peer.tell(&Command::Rule("submit_sm", Instead::Hang, None));
    let (smsc, _reports) = open(SmppSettings { window: 1, ..impatient(&peer) });
    let outcomes = send_at_once(&smsc, 5).join_all().await;
    let classes: Vec<_> = outcomes.into_iter().map(|outcome| refusal(outcome).class).collect();
    let written = classes.iter().filter(|class| **class == Class::Unknown).count();
    assert_eq!(written + classes.iter().filter(|c| **c == Class::Later).count(), 5);
    // A later message passes, and shows that all that was ever written has arrived.
    peer.tell(&Command::Behave);
    smsc.send(&sms("last")).await.expect("taken");
    assert_eq!(peer.messages().len(), written + 1);
}

#[tokio::test]
async fn no_more_than_the_limit_goes_out_in_a_second() {
    let peer = peer();
    let (smsc, _reports) = open(SmppSettings { per_second: Some(5), ..settings(&peer) });
    smsc.send(&sms("Hi")).await.expect("taken");
    // With the first one, eleven: five in the first second, five in the next, one in the third.
    let mut sends = send_at_once(&smsc, 10);
    let all = async { while sends.join_next().await.is_some() {} };
    tokio::pin!(all);
    let early = timeout(Duration::from_millis(1_900), &mut all).await;
    assert!(early.is_err(), "eleven messages in two seconds");
    assert_eq!(peer.messages().len(), 10);
    timeout(PATIENCE, all).await.expect("the rest follows");
    assert_eq!(peer.messages().len(), 11);
}

#[tokio::test]
async fn closing_waits_for_answers_and_signs_off() {
    let peer = peer();
    peer.tell(&Command::Rule("submit_sm", Instead::Late(200), None));
    let (smsc, mut reports) = open(settings(&peer));
    let sends = send_at_once(&smsc, 3);
    peer.received("submit_sm", 3).await;
    smsc.close().await;
    assert!(sends.join_all().await.iter().all(Result::is_ok));
    peer.received("unbind", 1).await;
    let refused = smsc.send(&sms("Hi")).await.expect_err("closed");
    assert_eq!(refused.class, Class::Later);
    assert_eq!(refused.reason, "The connection was closed by us.");
    assert_eq!(reports.recv().await, None);
    assert_eq!(peer.messages().len(), 3);
}

#[tokio::test]
async fn dropping_the_last_handle_signs_off() {
    let peer = peer();
    let (smsc, mut reports) = open(settings(&peer));
    smsc.clone().send(&sms("Hi")).await.expect("taken");
    drop(smsc);
    peer.received("unbind", 1).await;
    assert_eq!(timeout(PATIENCE, reports.recv()).await.expect("in time"), None);
    // Also while there is nobody to sign off from.
    let port = peer.port();
    drop(peer);
    let nobody = SmppSettings::new("127.0.0.1", port, "desk", wire::Secret::new("secret"));
    let (smsc, mut reports) = open(nobody);
    drop(smsc);
    assert_eq!(timeout(PATIENCE, reports.recv()).await.expect("in time"), None);
}
