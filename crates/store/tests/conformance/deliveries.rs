//! Activities, deliveries and attempts.

use domain::delivery::State;
use domain::{
    ActivityKind, Attempt, Channel, Delivery, DeliveryId, Message, MessageId, TenantId, UserId,
};
use store::{Db, activities, deliveries as rows, messages};

use super::super::at;
use super::accounts::account;
use super::schema::tenant;

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
    let mut delivery = Delivery {
        id: DeliveryId(0),
        message_id,
        contact_id: None,
        channel: Channel::Email,
        address: "jane@law.example".to_owned(),
        recipient: "Jane".to_owned(),
        subject: "Message".to_owned(),
        body: "Text".to_owned(),
        state: State::Queued,
        key: "key".to_owned(),
        attempts: 0,
        detail: String::new(),
        created_at: at(1),
        updated_at: at(1),
    };
    let mut tx = db.begin().await.expect("a transaction");
    delivery.id = rows::insert(tx.link(), one, &delivery).await.expect("a delivery");
    rows::start_attempt(tx.link(), one, delivery.id, 1, at(2)).await.expect("started");
    let started = rows::attempts(tx.link(), one, delivery.id).await.expect("all");
    assert_eq!((started[0].finished_at, started[0].outcome.as_str()), (None, ""));
    let attempt = Attempt {
        number: 1,
        started_at: at(2),
        finished_at: Some(at(3)),
        outcome: "sent".to_owned(),
        detail: "250 OK".to_owned(),
    };
    rows::finish_attempt(tx.link(), one, delivery.id, &attempt).await.expect("finished");
    assert_eq!(rows::attempts(tx.link(), one, delivery.id).await.expect("all"), [attempt]);
    delivery.state = State::Sent;
    delivery.attempts = 1;
    delivery.detail = "250 OK".to_owned();
    delivery.updated_at = at(3);
    rows::update(tx.link(), one, &delivery).await.expect("changed");
    let found = rows::find_to_change(tx.link(), one, delivery.id).await.expect("asked");
    assert_eq!(found, Some(delivery.clone()));
    let event = ActivityKind::Taken.by(UserId(3), "Ann");
    activities::insert(tx.link(), one, message_id, &event, at(4)).await.expect("logged");
    tx.commit().await.expect("committed");

    let mut reader = db.read().await.expect("a connection");
    let of_message = rows::of_message(reader.link(), one, message_id).await.expect("all");
    assert_eq!(of_message, [delivery.clone()]);
    let sent = rows::in_state(reader.link(), one, State::Sent, None, 5).await.expect("all");
    assert_eq!(sent, [delivery.clone()]);
    let older = rows::in_state(reader.link(), one, State::Sent, Some(delivery.id), 5).await;
    assert_eq!(older.expect("none"), []);
    let standing = rows::standing(reader.link(), one, &[message_id, MessageId(0)]).await;
    let stands = rows::Standing { message_id, state: State::Sent, attempts: 1 };
    assert_eq!(standing.expect("all"), [stands]);
    assert_eq!(rows::standing(reader.link(), one, &[]).await.expect("none"), []);
    let foreign = rows::standing(reader.link(), TenantId(9), &[message_id]).await;
    assert_eq!(foreign.expect("none"), []);
    assert_eq!(rows::find(reader.link(), TenantId(9), delivery.id).await.expect("asked"), None);
    let log = activities::of_message(reader.link(), one, message_id).await.expect("all");
    assert_eq!((log.len(), &log[0].event, log[0].at), (1, &event, at(4)));
}
