//! Fills a database with messages like those that people leave.

use std::time::Instant;

use domain::{Account, AccountId, Answers, Message, MessageId, Status, TenantId};
use testkit::World;

/// Accounts that the messages are spread over.
const ACCOUNTS: usize = 200;
/// Rows of one transaction.
const BATCH: usize = 10_000;

/// A database that was filled.
pub(crate) struct Filled {
    pub(crate) tenant: TenantId,
    /// The account whose client asks.
    pub(crate) account: AccountId,
    /// Its messages.
    pub(crate) ids: Vec<i64>,
    /// A key that sees this account only.
    pub(crate) client_key: String,
    /// A key that sees all accounts.
    pub(crate) owner_key: String,
    pub(crate) rows_per_second: f64,
}

/// Fills the database of a world.
pub(crate) async fn fill(world: &World, rows: usize) -> Filled {
    let desk = world.tenancy("bench").await;
    let mut accounts = vec![desk.law.id, desk.dental.id];
    let mut tx = world.db.begin().await.unwrap();
    for i in accounts.len()..ACCOUNTS {
        let account = Account { number: format!("B{i}"), id: AccountId(0), ..desk.law.clone() };
        accounts.push(store::accounts::insert(tx.link(), &account).await.unwrap());
    }
    tx.commit().await.unwrap();
    let template = template(&desk);
    let begun = Instant::now();
    let mut ids = Vec::new();
    let mut n = 0;
    while n < rows {
        let mut tx = world.db.begin().await.unwrap();
        for _ in 0..BATCH.min(rows - n) {
            let account = accounts[n % ACCOUNTS];
            let message = message(&template, account, n);
            let id = store::messages::insert(tx.link(), &message).await.unwrap();
            if account == desk.law.id {
                ids.push(id.0);
            }
            n += 1;
        }
        tx.commit().await.unwrap();
    }
    let rows_per_second = rows as f64 / begun.elapsed().as_secs_f64();
    Filled {
        tenant: desk.tenant.id,
        account: desk.law.id,
        ids,
        client_key: desk.key.clone(),
        owner_key: world.key(&desk.owner).await,
        rows_per_second,
    }
}

fn template(desk: &testkit::Tenancy) -> Message {
    let uuid = String::new();
    let content = "Was rear-ended on Tuesday and has neck pain since. The other driver's insurance \
                   keeps calling. Would like to know whether to talk to them.";
    let texts = [
        ("first_name", "Maria"),
        ("last_name", "Lopez"),
        ("phone", "(954) 832-6297"),
        ("content", content),
        ("meeting_preference", "Virtual"),
    ];
    Message {
        first_name: "Maria".to_owned(),
        last_name: "Lopez".to_owned(),
        phone: "(954) 832-6297".to_owned(),
        caller_id: "9548326297".to_owned(),
        content: content.to_owned(),
        receiver_name: "Jane Hart".to_owned(),
        delivered_to: Some("jane@hartlowe.example".to_owned()),
        status: Status::Delivered,
        agent_id: Some(desk.agent.user_id),
        contact_id: Some(desk.jane.id),
        did_id: Some(desk.line.id),
        form_id: desk.form.id,
        activities_count: 3,
        answers: Answers(texts.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec()),
        ..Message::blank(desk.tenant.id, desk.law.id, uuid, desk.form.created_at)
    }
}

fn message(template: &Message, account: AccountId, n: usize) -> Message {
    let at = template.created_at.minus_ms(i64::try_from(n).unwrap() * 7_919);
    Message {
        id: MessageId(0),
        account_id: account,
        uuid: format!("8895c21e-8c3a-48e2-80dd-{n:012x}"),
        created_at: at,
        updated_at: at,
        delivered_at: Some(at.plus_ms(900)),
        read: n.is_multiple_of(3),
        is_emergency: n.is_multiple_of(17),
        ..template.clone()
    }
}
