//! First answers: kept, found, refused a second time, held by one, forgotten by age.

use domain::{TenantId, UserId};
use store::idempotency::{self as rows, FirstAnswer, KeyPlace};
use store::{Db, Error};

use super::at;
use super::people::user;
use super::schema::tenant;

fn kept(created_ms: i64) -> FirstAnswer {
    FirstAnswer {
        body_hash: "ab12".to_owned(),
        status: 201,
        answer: "{\"data\":{\"id\":7,\"é\":null}}".to_owned(),
        subject_id: 7,
        created_at: at(created_ms),
    }
}

async fn keep(db: &Db, place: KeyPlace<'_>, kept: &FirstAnswer) -> store::Result<()> {
    let mut tx = db.begin().await.expect("a transaction");
    rows::insert(tx.link(), place, kept).await?;
    tx.commit().await
}

async fn found(db: &Db, place: KeyPlace<'_>) -> Option<FirstAnswer> {
    rows::find(db.read().await.expect("a connection").link(), place).await.expect("asked")
}

async fn ann(db: &Db) -> (TenantId, UserId) {
    let tenant = tenant(db, "one").await;
    (tenant, user(db, tenant, "ann@desk.example").await)
}

pub(crate) async fn answers(db: &Db) {
    let (one, ann) = ann(db).await;
    let bob = user(db, one, "bob@desk.example").await;
    let place = KeyPlace { tenant: one, user: ann, route: "POST /to-dos", key: "k" };
    keep(db, place, &kept(10)).await.expect("kept");
    assert_eq!(found(db, place).await, Some(kept(10)));
    let again = keep(db, place, &kept(11)).await;
    assert!(matches!(again, Err(Error::Taken(_))), "{again:?}");
    for other in [
        KeyPlace { tenant: TenantId(99), ..place },
        KeyPlace { user: bob, ..place },
        KeyPlace { route: "POST /contacts", ..place },
        KeyPlace { key: "K", ..place },
    ] {
        assert_eq!(found(db, other).await, None, "{other:?}");
    }
    keep(db, KeyPlace { user: bob, ..place }, &kept(12)).await.expect("another place");

    let mut tx = db.begin().await.expect("a transaction");
    rows::insert(tx.link(), KeyPlace { key: "dropped", ..place }, &kept(13)).await.expect("kept");
    drop(tx);
    assert_eq!(found(db, KeyPlace { key: "dropped", ..place }).await, None);

    let mut tx = db.begin().await.expect("a transaction");
    rows::delete(tx.link(), place).await.expect("forgotten");
    rows::insert(tx.link(), place, &kept(14)).await.expect("kept anew");
    tx.commit().await.expect("committed");
    assert_eq!(found(db, place).await, Some(kept(14)));
    assert!(found(db, KeyPlace { user: bob, ..place }).await.is_some());
}

pub(crate) async fn holds(db: &Db) {
    let (one, ann) = ann(db).await;
    let place = KeyPlace { tenant: one, user: ann, route: "POST /to-dos", key: "k" };
    let mut first = db.begin().await.expect("a transaction");
    assert!(rows::hold(first.link(), place).await.expect("asked"));
    assert!(rows::hold(first.link(), place).await.expect("asked"), "its holder may ask again");
    // On SQLite nobody else is in a writing transaction, so nobody else can ask.
    if matches!(db, Db::Pg(_)) {
        let mut second = db.begin().await.expect("a transaction");
        assert!(!rows::hold(second.link(), place).await.expect("asked"));
        let other = KeyPlace { key: "other", ..place };
        assert!(rows::hold(second.link(), other).await.expect("asked"));
        drop(first);
        drop(second);
    } else {
        first.commit().await.expect("committed");
    }
    // A dropped transaction is rolled back a moment later, by whoever uses its connection next.
    let mut is_held = false;
    for _ in 0..200 {
        let mut third = db.begin().await.expect("a transaction");
        is_held = rows::hold(third.link(), place).await.expect("asked");
        third.commit().await.expect("committed");
        if is_held {
            break;
        }
    }
    assert!(is_held, "a drop lets go");
}

pub(crate) async fn purges(db: &Db) {
    let (one, ann) = ann(db).await;
    let place = |key| KeyPlace { tenant: one, user: ann, route: "POST /to-dos", key };
    for (key, ms) in [("c", 30), ("a", 10), ("b", 20), ("d", 40)] {
        keep(db, place(key), &kept(ms)).await.expect("kept");
    }
    let purge = async |by, limit| {
        let mut tx = db.begin().await.expect("a transaction");
        let gone = rows::purge(tx.link(), at(by), limit).await.expect("purged");
        tx.commit().await.expect("committed");
        gone
    };
    assert_eq!(purge(9, 10).await, 0);
    assert_eq!(purge(30, 2).await, 2);
    assert_eq!(found(db, place("a")).await, None);
    assert!(found(db, place("c")).await.is_some(), "the oldest went first");
    assert_eq!(purge(30, 2).await, 1);
    assert!(found(db, place("d")).await.is_some());
}
