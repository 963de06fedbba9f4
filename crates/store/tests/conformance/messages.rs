//! Messages: whole rows, pages, filters and searches.

use domain::message::Answers;
use domain::{AccountId, CallId, ContactId, DidId, Message, MessageId, Status, TenantId, UserId};
use store::messages::{Filter, Position};
use store::{Db, Error, messages as rows};

use super::at;
use super::accounts::account;
use super::schema::tenant;

fn message(tenant: TenantId, account: AccountId, n: i64) -> Message {
    let uuid = format!("00000000-0000-4000-8000-{n:012}");
    Message::blank(tenant, account, uuid, at(1_000 + n))
}

async fn insert(db: &Db, message: &Message) -> MessageId {
    let mut tx = db.begin().await.expect("a transaction");
    let id = rows::insert(tx.link(), message).await.expect("a message");
    tx.commit().await.expect("committed");
    id
}

pub(crate) async fn round_trip(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let mut full = Message {
        id: MessageId(939),
        read: true,
        first_name: "Zoë “Z” O'Neil \\ % _".to_owned(),
        content: "line one\nline two\u{1F600}".to_owned(),
        status: Status::Delivered,
        agent_id: Some(UserId(3)),
        pickup_date: Some(at(5)),
        contact_id: Some(ContactId(541)),
        delivered_to: Some(String::new()),
        did_id: Some(DidId(5)),
        answers: Answers(vec![pair("zeta", "1"), pair("alpha", "2"), pair("mid", "\"quoted\"")]),
        escalation_level_id: Some(7),
        origin: Some("web".to_owned()),
        send_at: Some(at(9)),
        activities_count: 6,
        is_emergency: true,
        ..message(one, law, 1)
    };
    assert_eq!(insert(db, &full).await, MessageId(939));
    let mut tx = db.begin().await.expect("a transaction");
    let found = rows::find_to_change(tx.link(), one, full.id).await.expect("asked");
    assert_eq!(found.as_ref(), Some(&full), "every column, and the order of the answers");
    full.status = Status::Closed;
    full.note = "done".to_owned();
    full.disposition = Some("called".to_owned());
    full.delivered_at = Some(at(77));
    full.touch(at(78));
    rows::update(tx.link(), &full).await.expect("changed");
    tx.commit().await.expect("committed");
    let mut reader = db.read().await.expect("a connection");
    let found = rows::find(reader.link(), one, full.id).await.expect("asked");
    assert_eq!(found, Some(full.clone()));
    assert_eq!(rows::find(reader.link(), two, full.id).await.expect("asked"), None);
    let by_uuid = rows::by_uuid(reader.link(), one, &full.uuid).await.expect("asked");
    assert_eq!(by_uuid.map(|message| message.id), Some(full.id));
    drop(reader);
    let twin = Message { id: MessageId(0), ..full };
    let mut tx = db.begin().await.expect("a transaction");
    let taken = rows::insert(tx.link(), &twin).await;
    assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
}

pub(crate) async fn pages(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut all = Vec::new();
    for n in 0..25 {
        // Several share an instant, so that only the id tells them apart.
        let agent_id = Some(UserId(n % 2));
        let call_id = (n % 10 == 3).then_some(CallId(7));
        let created_at = at(1_000 + n / 4);
        let message = Message { created_at, agent_id, call_id, ..message(one, law, n) };
        all.push(insert(db, &message).await);
    }
    all.reverse();
    let mut reader = db.read().await.expect("a connection");
    let mine = rows::taken_by(reader.link(), one, UserId(1), at(1_005), 2).await.expect("mine");
    assert_eq!(mine.iter().map(|m| m.id).collect::<Vec<_>>(), [all[1], all[3]]);
    let none = rows::taken_by(reader.link(), one, UserId(1), at(1_007), 2).await;
    assert_eq!(none.expect("none since"), []);
    let of_call = rows::of_call(reader.link(), one, CallId(7)).await.expect("of a call");
    assert_eq!(of_call.iter().map(|m| m.id).collect::<Vec<_>>(), [all[21], all[11], all[1]]);
    let mut seen = Vec::new();
    let mut after: Option<Position> = None;
    loop {
        let page = rows::page(reader.link(), one, &Filter::default(), after, 7).await;
        let page = page.expect("a page");
        seen.extend(page.iter().map(|message| message.id));
        let Some(last) = page.last() else { break };
        after = Some(Position::from(last));
    }
    assert_eq!(seen, all);
}

pub(crate) async fn filters(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let heat = account(db, one, "H100", "Heating").await;
    let early = insert(db, &message(one, law, 1)).await;
    let unread = message(one, law, 2);
    let late = Message { read: true, status: Status::Closed, ..unread };
    let late = insert(db, &Message { updated_at: at(5_000), ..late }).await;
    let other = insert(db, &Message { is_emergency: true, ..message(one, heat, 3) }).await;
    let mut reader = db.read().await.expect("a connection");
    let none = Filter::default;
    let cases = [
        (none(), vec![other, late, early]),
        (Filter { accounts: Some(vec![law]), ..none() }, vec![late, early]),
        (Filter { accounts: Some(vec![law, heat]), ..none() }, vec![other, late, early]),
        (Filter { accounts: Some(vec![]), ..none() }, vec![]),
        (Filter { from: Some(at(1_002)), ..none() }, vec![other, late]),
        (Filter { until: Some(at(1_002)), ..none() }, vec![early]),
        (Filter { status: Some(Status::Closed), ..none() }, vec![late]),
        (Filter { read: Some(false), ..none() }, vec![other, early]),
        (Filter { is_emergency: Some(true), ..none() }, vec![other]),
        (Filter { updated_since: Some(at(5_000)), ..none() }, vec![late]),
        (Filter { read: Some(true), is_emergency: Some(true), ..none() }, vec![]),
    ];
    for (filter, expected) in cases {
        let page = rows::page(reader.link(), one, &filter, None, 10).await.expect("a page");
        let ids: Vec<MessageId> = page.iter().map(|message| message.id).collect();
        assert_eq!(ids, expected, "{filter:?}");
        let count = rows::count(reader.link(), one, &filter).await.expect("a count");
        assert_eq!(count, expected.len() as i64, "{filter:?}");
    }
    let foreign = rows::page(reader.link(), TenantId(99), &none(), None, 10).await;
    assert_eq!(foreign.expect("a page"), []);
}

pub(crate) async fn searches(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let texts = ["50% off", "50 off", "a_b", "axb", r"back\slash", "BOILER leaks"];
    for (n, content) in (0..).zip(texts) {
        let content = content.to_owned();
        insert(db, &Message { content, last_name: format!("Name{n}"), ..message(one, law, n) })
            .await;
    }
    let mut reader = db.read().await.expect("a connection");
    let cases = [
        ("50%", vec!["50% off"]),
        ("a_b", vec!["a_b"]),
        (r"k\s", vec![r"back\slash"]),
        ("boiler", vec!["BOILER leaks"]),
        ("name3", vec!["axb"]),
        ("'; DROP TABLE messages; --", vec![]),
    ];
    for (text, expected) in cases {
        let filter = Filter { text: text.to_owned(), ..Filter::default() };
        let page = rows::page(reader.link(), one, &filter, None, 10).await.expect("a page");
        let found: Vec<&str> = page.iter().map(|message| message.content.as_str()).collect();
        assert_eq!(found, expected, "{text}");
    }
}
