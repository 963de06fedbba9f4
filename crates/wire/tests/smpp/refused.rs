//! Every way in which a carrier does not take a message, and the class that it gets.

use std::net::TcpListener;

use testkit::smsc::{Command, Instead, Options, Smsc as Peer};
use tokio::time::timeout;
use wire::smpp::{self, SmppSettings, Smsc};
use wire::{Class, Secret, Sms};

use super::{PATIENCE, impatient, open, peer, peer_with, refusal, settings, sms};

#[tokio::test]
async fn a_status_says_whether_another_try_can_help() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    use Class::{Later, Never};
    for (status, class) in [
        (0x01, Never),
        (0x08, Later),
        (0x0a, Never),
        (0x0b, Never),
        (0x0d, Later),
        (0x14, Later),
        (0x45, Later),
        (0x50, Never),
        (0x58, Later),
        (0x64, Later),
        (0x65, Never),
        (0x66, Never),
        (0xff, Later),
        (0x440, Later),
    ] {
        peer.tell(&Command::Rule("submit_sm", Instead::Status(status), Some(1)));
        let refused = refusal(smsc.send(&sms("Hi")).await);
        let code = u16::try_from(status).ok();
        assert_eq!((refused.class, refused.code), (class, code), "{status:#x}");
        assert_eq!(refused.retry_after, None);
    }
    peer.tell(&Command::Rule("submit_sm", Instead::Nack(0x58), Some(1)));
    let refused = refusal(smsc.send(&sms("Hi")).await);
    assert_eq!((refused.class, refused.code), (Later, Some(0x58)), "{}", refused.reason);
    smsc.send(&sms("Hi")).await.expect("the session lives on");
    assert_eq!(peer.seen().last().map(|pdu| pdu.connection), Some(1));
}

#[tokio::test]
async fn after_the_message_is_written_every_break_leaves_it_open() {
    let breaks = [
        Instead::Hang,
        Instead::Close,
        Instead::WrongSequence,
        Instead::WrongCommand,
        Instead::Unbind,
        Instead::Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        Instead::Raw(vec![0; 64]),
    ];
    for instead in breaks {
        let peer = peer_with(instead.clone());
        let (smsc, _reports) = open(impatient(&peer));
        let refused = refusal(smsc.send(&sms("Hi")).await);
        assert_eq!((refused.class, refused.code), (Class::Unknown, None), "{instead:?}");
        assert!(refused.reason.ends_with("so it may have been delivered."), "{}", refused.reason);
        assert_eq!(peer.messages().len(), 1, "tried once: {instead:?}");
    }
}

#[tokio::test]
async fn a_text_of_which_some_parts_were_taken_is_left_open() {
    let peer = peer();
    let (smsc, _reports) = open(impatient(&peer));
    for (instead, words) in [
        (
            Instead::Status(0x58),
            "1 of 3 parts were accepted. Then: The SMS carrier 127.0.0.1 refused",
        ),
        (Instead::Hang, "1 of 3 parts were accepted. Then: The SMS carrier 127.0.0.1 was given"),
    ] {
        let before = peer.messages().len();
        // The newest rule goes first: one part is taken, the next is not.
        peer.tell(&Command::Rule("submit_sm", instead, Some(1)));
        peer.tell(&Command::Rule("submit_sm", Instead::Late(0), Some(1)));
        let refused = refusal(smsc.send(&sms(&"a".repeat(400))).await);
        assert_eq!(refused.class, Class::Unknown);
        assert!(refused.reason.starts_with(words), "{}", refused.reason);
        assert_eq!(peer.messages().len() - before, 2, "the third part is not tried");
    }
    peer.tell(&Command::Rule("submit_sm", Instead::Status(0x58), Some(1)));
    let refused = refusal(smsc.send(&sms(&"a".repeat(400))).await);
    assert_eq!(refused.class, Class::Later, "the first part was refused, so nothing was sent");
}

#[tokio::test]
async fn a_carrier_that_is_not_there_is_for_later() {
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    for host in ["127.0.0.1", "no-such-host.invalid"] {
        let settings = SmppSettings::new(host, port, "desk", Secret::new("secret"));
        let (smsc, _reports) = open(settings.clone());
        let refused = smsc.send(&sms("Hi")).await.expect_err("nobody there");
        assert_eq!((refused.class, refused.code), (Class::Later, None));
        let expected = format!("The SMS carrier {host} cannot be reached: ");
        assert!(refused.reason.starts_with(&expected), "{}", refused.reason);
        assert_eq!(smpp::check(&settings).await.expect_err("nobody there").class, Class::Later);
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_for_later_and_keeps_the_password() {
    let peer = peer();
    let wrong = SmppSettings { password: Secret::new("hunter2"), ..settings(&peer) };
    let (smsc, _reports) = open(wrong.clone());
    let refused = refusal(smsc.send(&sms("Hi")).await);
    assert_eq!((refused.class, refused.code), (Class::Later, None));
    let words = "The SMS carrier 127.0.0.1 refused the sign-in: ESME_RBINDFAIL.";
    assert_eq!(refused.reason, words);
    let refused = smpp::check(&wrong).await.expect_err("refused");
    assert_eq!((refused.reason.as_str(), refused.code), (words, Some(0x0d)));
    assert!(!format!("{wrong:?}").contains("hunter2"));
    assert_eq!(peer.messages().len(), 0);
    smpp::check(&settings(&peer)).await.expect("the right one works");
    peer.received("unbind", 1).await;
}

#[tokio::test]
async fn a_carrier_that_never_answers_the_sign_in_costs_the_timeout() {
    let peer = peer();
    peer.tell(&Command::Rule("bind_transceiver", Instead::Hang, None));
    let (smsc, _reports) = open(impatient(&peer));
    let tried = timeout(PATIENCE, smsc.send(&sms("Hi"))).await.expect("bounded");
    let refused = refusal(tried);
    assert_eq!(refused.class, Class::Later);
    assert!(refused.reason.contains("did not answer"), "{}", refused.reason);
    let refused = smpp::check(&impatient(&peer)).await.expect_err("no answer");
    assert_eq!(refused.reason, "The SMS carrier 127.0.0.1 did not answer the sign-in in time.");
    for instead in [Instead::Close, Instead::Raw(b"220 mail.test ESMTP\r\n".to_vec())] {
        peer.tell(&Command::Rule("bind_transceiver", instead, Some(1)));
        assert_eq!(smpp::check(&settings(&peer)).await.expect_err("broken").class, Class::Later);
    }
}

#[tokio::test]
async fn nothing_that_could_end_a_field_reaches_the_wire() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    let numbers = ["+1555\r\n", "+1555\0", "+1555;+1666", "", "15550001111", "+1 555 000", "+٣٣٣٣"];
    for to in numbers {
        let refused = smsc.send(&Sms { to: to.to_owned(), ..sms("Hi") }).await.expect_err(to);
        assert_eq!(refused.class, Class::Never, "{to:?}");
    }
    for from in ["Lib\0erty", "Lib\r\nerty", "A name that is too long", "<b>", "+1555\0"] {
        let refused = smsc.send(&Sms { from: from.to_owned(), ..sms("Hi") }).await.expect_err(from);
        assert_eq!(refused.class, Class::Never, "{from:?}");
    }
    for text in ["a".repeat(1_000_000), "ё".repeat(1_000_000), String::new(), "\0\r\n".to_owned()]
    {
        let refused = smsc.send(&sms(&text)).await.expect_err("no text message");
        assert_eq!(refused.class, Class::Never, "{}", refused.reason);
        assert!(!refused.reason.contains(char::is_control) && refused.reason.len() < 200);
    }
    smsc.send(&sms("a\0b\u{1b}c\u{8}d https://liberty.test/?a=1&b=2")).await.expect("taken");
    let seen = peer.messages();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].text, "a b c d https://liberty.test/?a=1&b=2");
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_any_try() {
    let peer = Peer::start(Options::default());
    let good = settings(&peer);
    for bad in [
        SmppSettings { host: String::new(), ..good.clone() },
        SmppSettings { host: "smsc\n".to_owned(), ..good.clone() },
        SmppSettings { system_id: "sixteen letters!".to_owned(), ..good.clone() },
        SmppSettings { password: Secret::new("nineleters"), ..good.clone() },
        SmppSettings { password: Secret::new("a\0b"), ..good.clone() },
        SmppSettings { system_type: "ü".to_owned(), ..good.clone() },
        SmppSettings { window: 0, ..good.clone() },
        SmppSettings { window: 1_001, ..good.clone() },
        SmppSettings { per_second: Some(0), ..good.clone() },
        SmppSettings { timeout: std::time::Duration::ZERO, ..good.clone() },
        SmppSettings { is_encrypted: true, extra_roots: Some(b"none".to_vec()), ..good.clone() },
    ] {
        let sentence = Smsc::open(bad.clone()).err().expect("refused").to_string();
        assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence}");
        assert!(!sentence.contains("nineleters"), "{sentence}");
        assert_eq!(smpp::check(&bad).await.expect_err("refused").reason, sentence);
    }
}
