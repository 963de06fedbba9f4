//! Corrections of messages: what they write, and what they keep.

use domain::message::Correction;
use domain::{Answers, ContactId, Message, UserId};
use store::{Db, corrections, messages};

use super::accounts::account;
use super::at;
use super::schema::tenant;

pub(crate) async fn corrections(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let uuid = "00000000-0000-4000-8000-000000000001".to_owned();
    let mut tx = db.begin().await.expect("a transaction");
    let blank = Message::blank(one, law, uuid, at(1));
    let id = messages::insert(tx.link(), &blank).await.expect("a message");
    let text = |text: &str| text.to_owned();
    let right = Message {
        id,
        phone_number: text("a"),
        extension: text("b"),
        first_name: text("c"),
        last_name: text("d"),
        company_name: text("e"),
        content: text("f"),
        user_id: Some(UserId(7)),
        contact_id: Some(ContactId(8)),
        phone: text("g"),
        email: text("h"),
        sale_id: Some(9),
        address: text("i"),
        address2: text("j"),
        city: text("k"),
        state: text("l"),
        zip: text("m"),
        how_you_hear_about_us: text("n"),
        is_emergency: true,
        alt_phone: text("o"),
        positive_data_dip: true,
        answers: Answers(vec![(text("case"), text("24-1"))]),
        receiver_name: text("p"),
        email_subject: text("q"),
        klass_names: text("r"),
        ..blank
    };
    corrections::write(tx.link(), &right).await.expect("written");
    let found = messages::find(tx.link(), one, id).await.expect("asked");
    assert_eq!(found, Some(right), "every column");

    let correction = |version| Correction {
        version,
        replaced: Answers(vec![(text("content"), format!("version {version}"))]),
        user_id: UserId(3),
        user_name: text("Ann"),
        at: at(version),
    };
    for version in [2, 1] {
        let kept = correction(version);
        corrections::insert(tx.link(), one, id, &kept).await.expect("kept");
    }
    let found = corrections::of_message(tx.link(), one, id).await.expect("asked");
    assert_eq!(found, [correction(1), correction(2)]);
    assert_eq!(corrections::of_message(tx.link(), two, id).await.expect("asked"), []);
    let again = corrections::insert(tx.link(), one, id, &correction(2)).await;
    assert!(matches!(again, Err(store::Error::Taken(_))), "each version once");
}
