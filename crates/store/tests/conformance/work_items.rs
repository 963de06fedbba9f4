//! The work queue: what waits is raised once, claimed by one, and ended.

use domain::{
    AccountId, Message, MessageId, NewItem, TenantId, UserId, WorkItemId, WorkKind, WorkState,
};
use store::{Db, messages, work_items};

use super::accounts::account;
use super::at;
use super::people::user;
use super::schema::tenant;

fn item(account: AccountId, message: Option<MessageId>, subject: &str) -> NewItem {
    NewItem {
        account_id: account,
        kind: WorkKind::Dispatch,
        message_id: message,
        run_id: None,
        subject: subject.to_owned(),
        title: "Nobody acknowledged".to_owned(),
        detail: "Three levels were told.".to_owned(),
        is_urgent: false,
    }
}

async fn raise(db: &Db, tenant: TenantId, items: &[NewItem], ms: i64) {
    let rows: Vec<(TenantId, NewItem)> = items.iter().map(|item| (tenant, item.clone())).collect();
    let mut tx = db.begin().await.expect("a transaction");
    work_items::raise_all(tx.link(), &rows, at(ms)).await.expect("raised");
    tx.commit().await.expect("committed");
}

pub(crate) async fn round_trip(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let law = account(db, one, "W0411", "Law").await;
    let ann = user(db, one, "ann@one.example").await;
    let mut tx = db.begin().await.expect("a transaction");
    let message = Message::blank(one, law, "8895c21e-8c3a-48e2-80dd-03acf32705fd".into(), at(1));
    let message = messages::insert(tx.link(), &message).await.expect("a message");
    tx.commit().await.expect("committed");

    raise(db, one, &[item(law, Some(message), "message:1"), item(law, None, "")], 10).await;
    let again = NewItem { is_urgent: true, ..item(law, Some(message), "message:1") };
    raise(db, one, &[again, item(law, None, "")], 20).await;

    let mut tx = db.begin().await.expect("a transaction");
    let open = work_items::open(tx.link(), one, 10).await.expect("the queue");
    assert_eq!(open.len(), 3, "an open subject stands once, no subject as often as it is raised");
    let (first, second) = (&open[0], &open[1]);
    assert!(first.is_urgent && first.message_id == Some(message), "urgent first");
    assert_eq!((first.created_at, first.updated_at), (at(10), at(20)));
    assert_eq!((first.account_name.as_str(), &first.state), ("Law", &WorkState::Open));
    assert!(work_items::open(tx.link(), two, 10).await.expect("the queue").is_empty());
    assert!(work_items::find(tx.link(), two, first.id).await.expect("asked").is_none());

    assert!(work_items::claim(tx.link(), one, first.id, ann, at(30)).await.expect("claimed"));
    assert!(!work_items::claim(tx.link(), one, first.id, ann, at(31)).await.expect("claimed"));
    assert!(!work_items::claim(tx.link(), two, second.id, ann, at(31)).await.expect("claimed"));
    let claimed = work_items::find(tx.link(), one, first.id).await.expect("asked").expect("it");
    let name = "Ann".to_owned();
    assert_eq!(claimed.state, WorkState::Claimed { by: ann, name, at: at(30) });
    let other = Some(UserId(ann.0 + 1));
    let freed = work_items::release(tx.link(), one, first.id, other, at(40), at(40)).await;
    assert!(!freed.expect("asked"), "only who has it puts it back");
    let freed = work_items::release(tx.link(), one, first.id, Some(ann), at(99), at(40)).await;
    assert!(freed.expect("asked"));

    let (kind, about) = (WorkKind::Dispatch, [(one, message)]);
    let ended = work_items::settle_all(tx.link(), &about, kind, "Acknowledged", at(50)).await;
    assert_eq!(ended.expect("settled"), 1);
    let by = Some(ann);
    assert!(work_items::finish(tx.link(), one, second.id, by, "Done", at(60)).await.expect("done"));
    assert!(
        !work_items::finish(tx.link(), one, second.id, by, "Again", at(61)).await.expect("done")
    );
    let done = work_items::find(tx.link(), one, second.id).await.expect("asked").expect("it");
    assert_eq!(done.state, WorkState::Done { by, at: at(60), outcome: "Done".to_owned() });
    assert_eq!(work_items::open(tx.link(), one, 10).await.expect("the queue").len(), 1);
    tx.commit().await.expect("committed");
}

pub(crate) async fn one_of_twenty_wins(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Law").await;
    raise(db, one, &[item(law, None, "")], 1).await;
    let id = WorkItemId(1);
    let claims = (0..20).map(|agent| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await.expect("a transaction");
            let won = work_items::claim(tx.link(), one, id, UserId(agent), at(2)).await;
            tx.commit().await.expect("committed");
            won.expect("asked")
        })
    });
    let mut won = 0;
    for claim in claims.collect::<Vec<_>>() {
        won += usize::from(claim.await.expect("a claim"));
    }
    assert_eq!(won, 1);
}
