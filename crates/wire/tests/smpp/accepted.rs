//! Messages that the carrier takes, compared byte for byte with SMPP 3.4.

use testkit::smsc::{Instead, Options, Pdu, Smsc as Peer};
use wire::smpp::{self, SmppSettings};
use wire::{Reach, Sms};

use super::{open, peer, peer_with, settings, sms};

/// A `submit_sm` as SMPP 3.4, 4.4.1 lays it out.
fn submit_sm(sequence: u8, from: &[u8], [esm_class, data_coding]: [u8; 2], text: &[u8]) -> Vec<u8> {
    let mut pdu = vec![0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, sequence];
    pdu.push(0); // service_type
    pdu.extend(from);
    pdu.extend(b"\x01\x0115550001111\0");
    pdu.extend([esm_class, 0, 0, 0, 0]); // protocol_id, priority, schedule, validity
    pdu.extend([1, 0, data_coding, 0]); // registered_delivery, replace, coding, sm_default_msg_id
    pdu.push(u8::try_from(text.len()).expect("short"));
    pdu.extend(text);
    pdu[3] = u8::try_from(pdu.len()).expect("short");
    pdu
}

const NAMED: &[u8] = b"\x05\x00Liberty\0";

fn raw(pdus: &[Pdu]) -> Vec<Vec<u8>> {
    pdus.iter().map(Pdu::raw).collect()
}

#[tokio::test]
async fn a_plain_message_travels_as_the_standard_says() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    let accepted = smsc.send(&sms("Hello")).await.expect("taken");
    assert_eq!(accepted.response, "accepted as 1A2B");
    assert_eq!((accepted.references, accepted.reach), (vec!["1A2B".to_owned()], Reach::Carrier));
    assert_eq!(raw(&peer.messages()), [submit_sm(2, NAMED, [0, 0], b"Hello")]);
    let bind = peer.received("bind_transceiver", 1).await;
    let expected = b"\0\0\0\x21\0\0\0\x09\0\0\0\0\0\0\0\x01desk\0secret\0\0\x34\0\0\0";
    assert_eq!(bind[0].raw(), expected);
}

#[tokio::test]
async fn each_kind_of_sender_has_its_type_of_number() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    for from in ["+15550009999", "73737", "24-7 Desk"] {
        smsc.send(&Sms { from: from.to_owned(), ..sms("Hi") }).await.expect("taken");
    }
    let froms = [&b"\x01\x0115550009999\0"[..], b"\x03\x0073737\0", b"\x05\x0024-7 Desk\0"];
    let expected: Vec<_> =
        (2..).zip(froms).map(|(n, from)| submit_sm(n, from, [0, 0], b"Hi")).collect();
    assert_eq!(raw(&peer.messages()), expected);
}

#[tokio::test]
async fn the_alphabet_is_chosen_by_the_text() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    for text in ["@£ [5 €] Ä\r\nü", "Привет 🙏"] {
        smsc.send(&sms(text)).await.expect("taken");
    }
    let gsm = b"\x00\x01 \x1b<5 \x1be\x1b>\x20[\n~";
    let ucs2 = [
        0x04, 0x1f, 0x04, 0x40, 0x04, 0x38, 0x04, 0x32, 0x04, 0x35, 0x04, 0x42, 0x00, 0x20, 0xd8,
        0x3d, 0xde, 0x4f,
    ];
    let seen = peer.messages();
    assert_eq!(seen[0].raw(), submit_sm(2, NAMED, [0, 0], gsm));
    assert_eq!(seen[1].raw(), submit_sm(3, NAMED, [0, 8], &ucs2));
    assert_eq!(seen[1].text, "Привет 🙏");
}

#[tokio::test]
async fn a_long_text_travels_in_numbered_parts() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    // The first text of a session has reference 1, whether it needs it or not.
    let text = format!("{}{}", "a".repeat(153), "b".repeat(20));
    let accepted = smsc.send(&sms(&text)).await.expect("taken");
    assert_eq!(accepted.references, ["1A2B", "1A2C"]);
    let part = |number, text: &str| [&[5, 0, 3, 1, 2, number], text.as_bytes()].concat();
    let seen = peer.messages();
    assert_eq!(seen[0].raw(), submit_sm(2, NAMED, [0x40, 0], &part(1, &"a".repeat(153))));
    assert_eq!(seen[1].raw(), submit_sm(3, NAMED, [0x40, 0], &part(2, &"b".repeat(20))));

    let long = "ё".repeat(67 * 9 + 1);
    let accepted = smsc.send(&sms(&long)).await.expect("taken");
    assert_eq!(accepted.references.len(), 10);
    let parts = &peer.messages()[2..];
    assert_eq!(parts.iter().map(|pdu| pdu.text.as_str()).collect::<String>(), long);
}

#[tokio::test]
async fn a_carrier_may_be_slow_and_may_give_no_id() {
    let slow = peer_with(Instead::Late(300));
    let (smsc, _reports) = open(settings(&slow));
    smsc.send(&sms("Hi")).await.expect("taken");
    let nameless = peer_with(Instead::NoId);
    let (smsc, _reports) = open(settings(&nameless));
    let accepted = smsc.send(&sms("Hi")).await.expect("taken");
    assert_eq!((accepted.references, accepted.response.as_str()), (vec![], "accepted as no id"));
}

#[tokio::test]
async fn the_connection_may_be_encrypted() {
    let peer = Peer::start(Options { is_encrypted: true, ..Options::default() });
    let encrypted = SmppSettings { is_encrypted: true, ..settings(&peer) };
    let (smsc, _reports) = open(encrypted.clone());
    for _ in 0..20 {
        smsc.send(&sms(&"a".repeat(160))).await.expect("taken");
    }
    smpp::check(&encrypted).await.expect("sound");
    assert_eq!(peer.messages().len(), 20);

    let distrusting = SmppSettings { extra_roots: None, ..encrypted };
    let refused = smpp::check(&distrusting).await.expect_err("not trusted");
    assert!(refused.reason.contains("certificate"), "{}", refused.reason);
    let plain = SmppSettings { is_encrypted: false, ..settings(&peer) };
    assert!(smpp::check(&plain).await.is_err());
}

#[tokio::test]
async fn many_messages_at_once_are_each_sent_once() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    let sends: Vec<_> = (0..200)
        .map(|n| {
            let smsc = smsc.clone();
            tokio::spawn(async move { smsc.send(&sms(&format!("number {n}"))).await })
        })
        .collect();
    for send in sends {
        send.await.expect("no panic").expect("taken");
    }
    let mut texts: Vec<_> = peer.messages().into_iter().map(|pdu| pdu.text).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 200);
}
