//! What people text to us over SMPP: STOP, START and HELP are obeyed, the rest is kept.

use app::texts::{self, InboundText};
use serde_json::json;
use testkit::smsc::{Command, Options, Pdu, Smsc as Centre};
use testkit::{Tenancy, World};

use super::lines::*;

async fn received(world: &World, office: &Tenancy) -> Vec<InboundText> {
    texts::received(&world.app, &office.owner, 50).await.expect("texts")
}

/// Somebody texts to the law firm's line; returns when that is taken in.
async fn text(world: &World, office: &Tenancy, peer: &Centre, text: &str) {
    let before = received(world, office).await.len();
    let (from, to) = (JANE[1..].to_owned(), LINE.to_owned());
    peer.tell(&Command::Inbound { from, to, text: text.to_owned() });
    let came = async || received(world, office).await.len() > before;
    eventually("the text is taken in", came).await;
}

/// What the phone got since, one line each.
fn got(sent: &[Pdu], from: usize) -> String {
    let line = |sms: &Pdu| format!("{} to {}: {}\n", sms.from, sms.to, sms.text);
    sent[from..].iter().map(line).collect()
}

#[tokio::test]
async fn stop_is_confirmed_once_and_obeyed_until_start() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let peer = Centre::start(Options::default());
    let worker = worker(&world, vec![centre(&world, "main", &peer).0]);
    peer.received("bind_transceiver", 1).await;
    let mut all = String::new();
    for word in ["Stop.", "STOP"] {
        let before = peer.messages().len();
        text(&world, &office, &peer, word).await;
        worker.pump().await.expect("a pump");
        all.push_str(&format!("> {word}\n{}", got(&peer.messages(), before)));
    }
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &worker).await;
    all.push_str(&told(&world, &office, id).await);
    for word in ["start", "HELP", "Who is this?"] {
        let before = peer.messages().len();
        text(&world, &office, &peer, word).await;
        worker.pump().await.expect("a pump");
        all.push_str(&format!("> {word}\n{}", got(&peer.messages(), before)));
    }
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &worker).await;
    all.push_str(&told(&world, &office, id).await);
    let meanings: Vec<String> =
        received(&world, &office).await.into_iter().map(|text| text.meaning).collect();
    all.push_str(&meanings.join(" "));
    insta::assert_snapshot!(all, @"
    > Stop.
    15617819977 to 15615550100: Hart & Lowe, Attorneys: You will get no more text messages from this number. Reply START to get them again, HELP for help.
    > STOP
    failed: +15615550100 asked for no more texts (STOP).
    failed to +15615550100
    > start
    15617819977 to 15615550100: Hart & Lowe, Attorneys: You will get text messages from this number again. Reply STOP to end them, HELP for help.
    > HELP
    15617819977 to 15615550100: Hart & Lowe, Attorneys: We send messages of our answering service. Reply STOP to end them, START to get them again. Msg & data rates may apply.
    > Who is this?
    sent
    sent to +15615550100
    - main: sent: accepted as 1A2E
    text help start stop stop
    ");
}

#[tokio::test]
async fn a_text_that_is_handed_over_twice_is_taken_in_once() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let peer = Centre::start(Options::default());
    let worker = worker(&world, vec![centre(&world, "main", &peer).0]);
    peer.received("bind_transceiver", 1).await;
    let fields = json!({
        "source_addr": &JANE[1..], "destination_addr": LINE, "receipted_message_id": "mo-1",
    });
    for octets in [b"STOP".to_vec(), b"STOP".to_vec()] {
        peer.tell(&Command::Octets { octets, fields: fields.clone() });
    }
    text(&world, &office, &peer, "Hello").await;
    worker.pump().await.expect("a pump");
    assert_eq!(received(&world, &office).await.len(), 2);
    assert_eq!(peer.messages().len(), 1, "one confirmation");
}
