//! A carrier that talks nonsense: it costs at most the connection, which comes back.

use testkit::smsc::Command;

use super::{open, peer, send_until_taken, settings, sms};

/// A PDU with this command, sequence number 9 and body.
fn pdu(command: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).expect("short");
    let header = [length, command, 0, 9].map(u32::to_be_bytes).concat();
    [header.as_slice(), body].concat()
}

#[tokio::test]
async fn what_is_no_pdu_ends_the_connection_and_not_the_session() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    send_until_taken(&smsc, "before").await;
    let garbage = [
        vec![0; 16],
        vec![0xff; 100_000],
        vec![0, 0, 0, 15, 0, 0, 0, 5],
        [&0x0100_0000_u32.to_be_bytes()[..], &[0; 12]].concat(),
    ];
    for (bytes, binds) in garbage.into_iter().zip(2..) {
        peer.tell(&Command::Raw(bytes));
        peer.received("bind_transceiver", binds).await;
        send_until_taken(&smsc, "after").await;
    }
    let nacks = peer.received("generic_nack", 1).await;
    assert_eq!(nacks[0].status, 2, "ESME_RINVCMDLEN");
}

#[tokio::test]
async fn a_pdu_without_sense_costs_nothing() {
    let peer = peer();
    let (smsc, _reports) = open(settings(&peer));
    smsc.send(&sms("before")).await.expect("taken");
    // A command that nobody knows, one that is not for us, a message without its fields.
    peer.tell(&Command::Raw([pdu(0x0777, b"?"), pdu(0x04, &[0; 40])].concat()));
    peer.tell(&Command::Raw(pdu(0x05, b"\0\x01")));
    let nacks = peer.received("generic_nack", 2).await;
    assert!(nacks.iter().all(|nack| (nack.status, nack.sequence) == (3, 9)), "ESME_RINVCMDID");
    let answer = peer.received("deliver_sm_resp", 1).await;
    assert_eq!(answer[0].status, 0x65, "ESME_RX_P_APPN: do not send it again");
    // Answers to nothing, and an alert, which has no answer.
    let answers = [pdu(0x8000_0004, b"X\0"), pdu(0x8000_0000, b""), pdu(0x8000_0777, b"??")];
    peer.tell(&Command::Raw(answers.concat()));
    peer.tell(&Command::Raw(pdu(0x0102, b"\0\0\0\0\0\0")));
    smsc.send(&sms("after")).await.expect("taken");
    assert_eq!(peer.received("bind_transceiver", 1).await.len(), 1, "still the same connection");
}

#[tokio::test]
async fn a_receipt_that_names_nothing_is_acknowledged_and_forgotten() {
    let peer = peer();
    let (smsc, mut reports) = open(settings(&peer));
    smsc.send(&sms("Hi")).await.expect("taken");
    let fields = serde_json::json!({ "esm_class": 4 });
    for octets in [b"".to_vec(), b"nothing".to_vec(), vec![0xff; 254]] {
        peer.tell(&Command::Octets { octets, fields: fields.clone() });
    }
    let answers = peer.received("deliver_sm_resp", 3).await;
    assert!(answers.iter().all(|answer| answer.status == 0));
    assert!(reports.try_recv().is_err());
}
