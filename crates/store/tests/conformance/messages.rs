//! Messages: whole rows, pages, filters and searches.

use domain::message::Answers;
use domain::{AccountId, CallId, ContactId, DidId, Message, MessageId, Status, TenantId, UserId};
use store::codes::{self, ReplyCode};
use store::messages::{MessageFilter, Position};
use store::{Db, Error, messages as rows};

use super::accounts::account;
use super::at;
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
        origin: Some(domain::Origin::Api),
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
        let page = rows::page(reader.link(), one, &MessageFilter::default(), after, 7).await;
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
    let tagged = Message { klass_names: "VIP, Billing 100%".to_owned(), ..message(one, heat, 3) };
    let other = insert(db, &Message { is_emergency: true, ..tagged }).await;
    let mut reader = db.read().await.expect("a connection");
    let none = MessageFilter::default;
    let tag = |name: &str| MessageFilter { klass_name: name.to_owned(), ..none() };
    let cases = [
        (none(), vec![other, late, early]),
        (MessageFilter { accounts: Some(vec![law]), ..none() }, vec![late, early]),
        (MessageFilter { accounts: Some(vec![law, heat]), ..none() }, vec![other, late, early]),
        (MessageFilter { accounts: Some(vec![]), ..none() }, vec![]),
        (MessageFilter { from: Some(at(1_002)), ..none() }, vec![other, late]),
        (MessageFilter { until: Some(at(1_002)), ..none() }, vec![early]),
        (MessageFilter { status: Some(Status::Closed), ..none() }, vec![late]),
        (MessageFilter { read: Some(false), ..none() }, vec![other, early]),
        (MessageFilter { is_emergency: Some(true), ..none() }, vec![other]),
        (MessageFilter { updated_since: Some(at(5_000)), ..none() }, vec![late]),
        (tag("billing 100%"), vec![other]),
        (tag("vip"), vec![other]),
        (tag("bill"), vec![]),
        (tag("V_P"), vec![]),
        (MessageFilter { read: Some(true), is_emergency: Some(true), ..none() }, vec![]),
    ];
    for (filter, expected) in cases {
        let page = rows::page(reader.link(), one, &filter, None, 10).await.expect("a page");
        let ids: Vec<MessageId> = page.iter().map(|message| message.id).collect();
        assert_eq!(ids, expected, "{filter:?}");
        let count = rows::count(reader.link(), one, &filter).await.expect("a count");
        assert_eq!(count, filter.skip.min(3) + expected.len() as i64, "{filter:?}");
    }
    for (skip, expected) in [(1, vec![late, early]), (3, vec![])] {
        let filter = MessageFilter { skip, ..none() };
        let page = rows::page(reader.link(), one, &filter, None, 10).await.expect("a page");
        assert_eq!(page.iter().map(|message| message.id).collect::<Vec<_>>(), expected);
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
        let filter = MessageFilter { text: text.to_owned(), ..MessageFilter::default() };
        let page = rows::page(reader.link(), one, &filter, None, 10).await.expect("a page");
        let found: Vec<&str> = page.iter().map(|message| message.content.as_str()).collect();
        assert_eq!(found, expected, "{text}");
    }
}

pub(crate) async fn settled_and_callers(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let heat = account(db, one, "H100", "Heating").await;
    let mut ids = Vec::new();
    for (status, n) in Status::ALL.into_iter().zip(1..) {
        ids.push((one, insert(db, &Message { status, ..message(one, law, n) }).await));
    }
    let mut reader = db.read().await.expect("a connection");
    let asked: Vec<_> = ids.iter().copied().chain([(two, ids[0].1)]).collect();
    let mut settled = rows::settled_among(reader.link(), &asked).await.expect("some");
    settled.sort_unstable();
    let by_status = Status::ALL.into_iter().zip(&ids);
    let expected: Vec<_> = by_status
        .filter(|(status, _)| matches!(status, Status::Acknowledged | Status::Closed))
        .map(|(_, key)| *key)
        .collect();
    assert_eq!(settled, expected);
    assert_eq!(rows::settled_among(reader.link(), &[]).await.expect("none"), []);
    drop(reader);

    let mut calls = Vec::new();
    for (n, account, caller) in [
        (20, law, "9548326297"),
        (21, law, "+19548326297"),
        (22, law, ""),
        (23, heat, "9548326297"),
    ] {
        let caller_id = caller.to_owned();
        calls.push(insert(db, &Message { caller_id, ..message(one, account, n) }).await);
    }
    let mut reader = db.read().await.expect("a connection");
    let both = ["9548326297".to_owned(), "+19548326297".to_owned()];
    let cases = [(&both[..], 9, vec![calls[1], calls[0]]), (&both, 1, vec![calls[1]])];
    for (forms, limit, expected) in cases.into_iter().chain([(&[][..], 9, vec![])]) {
        let found = rows::of_caller(reader.link(), one, law, forms, limit).await.expect("some");
        assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), expected, "{forms:?}");
    }
    let anonymous = rows::of_caller(reader.link(), one, law, &[String::new()], 9).await;
    assert_eq!(anonymous.expect("none"), [], "who withholds the number is nobody in particular");
}

pub(crate) async fn codes(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let (first, second) =
        (insert(db, &message(one, law, 1)).await, insert(db, &message(one, law, 2)).await);
    let code = |code, message_id, ms| ReplyCode {
        code,
        message_id,
        contact_id: Some(ContactId(4)),
        name: "Jane".to_owned(),
        created_at: at(ms),
    };
    let phone = "+15615550100";
    let give = |code: ReplyCode, phone: &str| (one, phone.to_owned(), code);
    let given = [
        give(code(100, first, 1), phone),
        give(code(101, first, 2), phone),
        give(code(100, second, 3), "+15615550101"),
    ];
    let mut tx = db.begin().await.expect("a transaction");
    codes::give_all(tx.link(), &given).await.expect("given");
    let found = codes::of_phone(tx.link(), one, phone, 9).await.expect("codes");
    assert_eq!(found, [code(101, first, 2), code(100, first, 1)], "newest first");
    let taken_over = code(100, second, 4);
    codes::give_all(tx.link(), &[give(taken_over.clone(), phone)]).await.expect("given anew");
    let found = codes::of_phone(tx.link(), one, phone, 1).await.expect("codes");
    assert_eq!(found, [taken_over], "the newest holder has it");
    assert_eq!(codes::of_phone(tx.link(), one, phone, 9).await.expect("codes").len(), 2);
    assert_eq!(codes::of_phone(tx.link(), two, phone, 9).await.expect("none"), []);
}
