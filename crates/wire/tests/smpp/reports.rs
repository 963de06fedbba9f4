//! What the carrier tells by itself: receipts of what was sent, and texts from people.

use serde_json::json;
use testkit::smsc::{Command, Spelling};
use wire::{Reach, Report};

use super::{next, open, peer, settings, sms};

fn receipt(id: &str, stat: &'static str, spelling: Spelling, in_parameters: bool) -> Command {
    let (id, phone) = (id.to_owned(), "+15550001111".to_owned());
    Command::Receipt { id, stat, spelling, in_parameters, phone }
}

fn inbound(from: &str, to: &str, text: &str) -> Report {
    let [from, to, text] = [from, to, text].map(str::to_owned);
    Report::Inbound { from, to, text, reference: String::new() }
}

#[tokio::test]
async fn a_receipt_names_the_message_as_it_was_accepted() {
    let peer = peer();
    let (smsc, mut reports) = open(settings(&peer));
    let accepted = smsc.send(&sms("Hi")).await.expect("taken");
    assert_eq!(accepted.references, ["1A2B"]);
    let spellings = [Spelling::AsGiven, Spelling::Decimal, Spelling::Padded, Spelling::Lower];
    for (spelling, in_parameters) in spellings.into_iter().flat_map(|s| [(s, false), (s, true)]) {
        peer.tell(&receipt("1A2B", "DELIVRD", spelling, in_parameters));
        let expected =
            Report::Progress { reference: "1A2B".to_owned(), result: Ok(Reach::Handset) };
        assert_eq!(next(&mut reports).await, expected, "{spelling:?} {in_parameters}");
    }
    let answers = peer.received("deliver_sm_resp", 8).await;
    assert!(answers.iter().all(|answer| answer.status == 0));
}

#[tokio::test]
async fn each_part_of_a_long_text_has_its_receipt() {
    let peer = peer();
    let (smsc, mut reports) = open(settings(&peer));
    let accepted = smsc.send(&sms(&"a".repeat(200))).await.expect("taken");
    peer.tell(&receipt("1A2C", "UNDELIV", Spelling::Decimal, false));
    peer.tell(&receipt("1A2B", "ENROUTE", Spelling::Decimal, true));
    let failed = "The message could not be delivered (UNDELIV).".to_owned();
    let [first, second] = [&accepted.references[0], &accepted.references[1]].map(String::clone);
    assert_eq!(
        next(&mut reports).await,
        Report::Progress { reference: second, result: Err(failed) }
    );
    assert_eq!(
        next(&mut reports).await,
        Report::Progress { reference: first, result: Ok(Reach::Carrier) }
    );
}

#[tokio::test]
async fn a_receipt_of_an_earlier_life_is_reported_as_it_stands() {
    let peer = peer();
    let (smsc, mut reports) = open(settings(&peer));
    smsc.send(&sms("Hi")).await.expect("taken");
    peer.tell(&receipt("FFFF", "DELIVRD", Spelling::AsGiven, false));
    let expected = Report::Progress { reference: "FFFF".to_owned(), result: Ok(Reach::Handset) };
    assert_eq!(next(&mut reports).await, expected);
}

#[tokio::test]
async fn texts_from_people_come_in_whatever_alphabet() {
    let peer = peer();
    let (smsc, mut reports) = open(settings(&peer));
    smsc.send(&sms("Hi")).await.expect("taken");
    for text in ["STOP", "@ [5 €] ñ", "Привет 🙏", "id:1A2B stat:DELIVRD err:000"] {
        let (from, to) = ("15550001111".to_owned(), "15550009999".to_owned());
        peer.tell(&Command::Inbound { from, to, text: text.to_owned() });
        assert_eq!(next(&mut reports).await, inbound("+15550001111", "+15550009999", text));
    }
    let octets = |octets: &[u8], fields| Command::Octets { octets: octets.to_vec(), fields };
    peer.tell(&octets(b"caf\xe9\0", json!({ "data_coding": 3, "dest_addr_ton": 3 })));
    assert_eq!(next(&mut reports).await, inbound("+15550001111", "73737", "café "));
    let answers = peer.received("deliver_sm_resp", 5).await;
    assert!(answers.iter().all(|answer| answer.status == 0));
}

#[tokio::test]
async fn a_long_text_from_somebody_comes_in_one() {
    let peer = peer();
    let (smsc, mut reports) = open(settings(&peer));
    smsc.send(&sms("Hi")).await.expect("taken");
    let fields = || json!({ "esm_class": 0x40, "dest_addr_ton": 3 });
    for (number, text) in [(2, "please"), (1, "STOP ")] {
        let octets = [&[5, 0, 3, 77, 2, number], text.as_bytes()].concat();
        peer.tell(&Command::Octets { octets, fields: fields() });
    }
    assert_eq!(next(&mut reports).await, inbound("+15550001111", "73737", "STOP please"));
}

#[tokio::test]
async fn what_nobody_takes_is_left_with_the_carrier() {
    let peer = peer();
    let (smsc, reports) = open(settings(&peer));
    smsc.send(&sms("Hi")).await.expect("taken");
    drop(reports);
    peer.tell(&receipt("1A2B", "DELIVRD", Spelling::AsGiven, false));
    let answer = peer.received("deliver_sm_resp", 1).await;
    assert_eq!(answer[0].status, 0x64, "ESME_RX_T_APPN: come again later");
    smsc.send(&sms("Hi")).await.expect("the session lives on");
}
