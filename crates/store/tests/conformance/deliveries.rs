//! Activities, deliveries and attempts.

use domain::delivery::{Cause, IfUnsure, Reach, State};
use domain::{
    AccountId, ActivityKind, Attempt, Channel, ContactId, Delivery, DeliveryId, Message, MessageId,
    RunId, TenantId, UserId,
};
use store::attempts::{self, AttemptEnd};
use store::{Db, accounts, activities, deliveries as rows, messages};

use super::accounts::account;
use super::at;
use super::schema::tenant;

async fn law(db: &Db, tenant: TenantId) -> AccountId {
    let mut reader = db.read().await.expect("a connection");
    let law = accounts::by_number(reader.link(), tenant, "W0411").await.expect("asked");
    law.expect("the law firm").id
}

async fn message(db: &Db, tenant: TenantId) -> MessageId {
    let law = account(db, tenant, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    let message = Message::blank(tenant, law, "uuid".to_owned(), at(1));
    let id = messages::insert(tx.link(), &message).await.expect("a message");
    tx.commit().await.expect("committed");
    id
}

pub(crate) async fn deliveries(db: &Db) {
    let one = tenant(db, "one").await;
    let message_id = message(db, one).await;
    let (cause, address) = (Cause::Message(message_id), "jane@law.example".to_owned());
    let key = "key".to_owned();
    let account_id = law(db, one).await;
    let mut delivery = Delivery {
        recipient: "Jane".to_owned(),
        sender: "desk@desk.example".to_owned(),
        sender_name: "Desk".to_owned(),
        subject: "Message".to_owned(),
        body: "Text".to_owned(),
        ..Delivery::queued(account_id, cause, Channel::Email, address, key, at(1))
    };
    let mut tx = db.begin().await.expect("a transaction");
    delivery.id = rows::insert(tx.link(), one, &delivery).await.expect("a delivery");
    let mut attempt = Attempt {
        number: 1,
        carrier: "mail".to_owned(),
        may_double: true,
        started_at: at(2),
        finished_at: None,
        outcome: String::new(),
        detail: String::new(),
    };
    let row = (one, delivery.id, &attempt);
    attempts::insert_all(tx.link(), &[row]).await.expect("started");
    assert_eq!(attempts::of(tx.link(), one, delivery.id).await.expect("all"), [attempt.clone()]);
    let ended = AttemptEnd {
        tenant_id: one,
        delivery_id: delivery.id,
        number: 1,
        at: at(3),
        outcome: "sent",
        detail: "250 OK",
    };
    attempts::finish_all(tx.link(), &[ended]).await.expect("finished");
    attempt.finished_at = Some(at(3));
    (attempt.outcome, attempt.detail) = ("sent".to_owned(), "250 OK".to_owned());
    assert_eq!(attempts::of(tx.link(), one, delivery.id).await.expect("all"), [attempt]);
    delivery.state = State::Sent;
    delivery.reach = Some(Reach::Handset);
    (delivery.attempts, delivery.crashes) = (3, 2);
    delivery.pinned = "mail".to_owned();
    delivery.carrier = "mail".to_owned();
    delivery.detail = "250 OK".to_owned();
    delivery.updated_at = at(3);
    rows::update_all(tx.link(), &[(one, &delivery)]).await.expect("changed");
    let found = rows::find_to_change(tx.link(), one, delivery.id).await.expect("asked");
    assert_eq!(found, Some(delivery.clone()));
    let found =
        rows::find_all_to_change(tx.link(), &[(one, delivery.id), (one, DeliveryId(99))]).await;
    assert_eq!(found.expect("asked"), [(one, delivery.clone())]);
    let event = ActivityKind::Taken.by(UserId(3), "Ann");
    activities::insert(tx.link(), one, message_id, &event, at(4)).await.expect("logged");
    tx.commit().await.expect("committed");

    let mut reader = db.read().await.expect("a connection");
    let of_message = rows::of_message(reader.link(), one, message_id).await.expect("all");
    assert_eq!(of_message, [delivery.clone()]);
    assert_eq!(rows::captured(reader.link(), one, None, 5).await.expect("none"), []);
    let standing = rows::standing(reader.link(), one, &[message_id, MessageId(0)]).await;
    let stands = rows::DeliveryStanding { message_id, state: State::Sent, attempts: 3 };
    assert_eq!(standing.expect("all"), [stands]);
    assert_eq!(rows::standing(reader.link(), one, &[]).await.expect("none"), []);
    let foreign = rows::standing(reader.link(), TenantId(9), &[message_id]).await;
    assert_eq!(foreign.expect("none"), []);
    assert_eq!(rows::find(reader.link(), TenantId(9), delivery.id).await.expect("asked"), None);
    let log = activities::of_message(reader.link(), one, message_id).await.expect("all");
    assert_eq!((log.len(), &log[0].event, log[0].at), (1, &event, at(4)));
}

pub(crate) async fn many_at_once(db: &Db) {
    let one = tenant(db, "one").await;
    let other = tenant(db, "other").await;
    let account_id = account(db, one, "W0411", "Hart & Lowe").await;
    let letter = |i: usize| {
        let (address, key) = (format!("+1561555{i:04}"), format!("key {i}"));
        Delivery::queued(account_id, Cause::Run(RunId(7)), Channel::Sms, address, key, at(1))
    };
    let letters: Vec<Delivery> = (0..600).map(letter).collect();
    let rows_of: Vec<(TenantId, &Delivery)> = letters.iter().map(|letter| (one, letter)).collect();
    let mut tx = db.begin().await.expect("a transaction");
    let ids = rows::insert_all(tx.link(), &rows_of).await.expect("all of them");
    assert_eq!(ids.len(), 600);
    let keys: Vec<_> = ids.iter().map(|id| (one, *id)).collect();
    let found = rows::find_all_to_change(tx.link(), &keys).await.expect("all of them");
    let keys: Vec<String> = found.into_iter().map(|(_, row)| row.key).collect();
    let expected: Vec<String> = (0..600).map(|i| format!("key {i}")).collect();
    assert_eq!(keys, expected, "ids come in the order of the rows");
    let captured = |id| Delivery { id, state: State::Captured, ..letter(0) };
    let changed: Vec<Delivery> = ids[..500].iter().map(|id| captured(*id)).collect();
    let mut rows_of: Vec<(TenantId, &Delivery)> = changed.iter().map(|row| (one, row)).collect();
    let foreign = captured(ids[599]);
    rows_of.push((other, &foreign));
    rows::update_all(tx.link(), &rows_of).await.expect("changed");
    assert_eq!(rows::captured(tx.link(), one, None, 1_000).await.expect("some").len(), 500);
    assert_eq!(rows::captured(tx.link(), other, None, 1_000).await.expect("none"), []);
    let of_run = rows::of_runs(tx.link(), one, &[RunId(7), RunId(8)]).await.expect("some");
    assert_eq!(of_run.len(), 600);
    assert_eq!(rows::of_runs(tx.link(), other, &[RunId(7)]).await.expect("none"), []);
    tx.commit().await.expect("committed");
}

pub(crate) async fn rewritten(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let message_id = message(db, one).await;
    let account_id = law(db, one).await;
    let (cause, address) = (Cause::Message(message_id), "+15615550100".to_owned());
    let key = "key".to_owned();
    let mut before = Delivery::queued(account_id, cause, Channel::Sms, address, key, at(1));
    let mut tx = db.begin().await.expect("a transaction");
    before.id = rows::insert(tx.link(), one, &before).await.expect("a delivery");
    let after = Delivery {
        contact_id: Some(ContactId(4)),
        channel: Channel::Email,
        address: "jane@law.example".to_owned(),
        recipient: "Jane".to_owned(),
        sender: "desk@law.example".to_owned(),
        sender_name: "Desk".to_owned(),
        subject: "Subject".to_owned(),
        body: "Another text.".to_owned(),
        if_unsure: IfUnsure::Stop,
        expires_at: at(77),
        updated_at: at(2),
        ..before.clone()
    };
    for (tenant, expected) in [(two, &before), (one, &after)] {
        rows::rewrite(tx.link(), tenant, &after).await.expect("asked");
        let found = rows::find(tx.link(), one, before.id).await.expect("asked");
        assert_eq!(found.as_ref(), Some(expected));
    }
    for (tenant, expires) in [(two, 77), (one, 9)] {
        rows::expire_all(tx.link(), &[(tenant, before.id, at(9))]).await.expect("asked");
        let found = rows::find(tx.link(), one, before.id).await.expect("asked");
        assert_eq!(found.expect("it").expires_at, at(expires));
    }
}
