//! The queue: claims by lease, and fences against workers that lost theirs.

use std::collections::HashSet;
use std::slice::from_ref;

use domain::{Channel, Job, JobKind, TenantId};
use store::Db;
use store::jobs::{self as rows, NewJob};

use super::at;
use super::schema::tenant;

const KIND: JobKind = JobKind::Deliver(Channel::Sms);

fn job(subject_id: i64, due_ms: i64) -> NewJob {
    NewJob { tenant_id: TenantId(1), kind: KIND, subject_id, due_at: at(due_ms) }
}

async fn add(db: &Db, subject: i64, due_ms: i64) {
    let mut tx = db.begin().await.expect("a transaction");
    rows::set(tx.link(), job(subject, due_ms)).await.expect("a job");
    tx.commit().await.expect("committed");
}

async fn claim(db: &Db, now_ms: i64, limit: i64) -> Vec<Job> {
    let mut tx = db.begin().await.expect("a transaction");
    let jobs = rows::claim(tx.link(), KIND, at(now_ms), at(now_ms + 30), limit).await;
    let jobs = jobs.expect("jobs");
    tx.commit().await.expect("committed");
    jobs
}

pub(crate) async fn claims(db: &Db) {
    tenant(db, "one").await;
    for subject in 0..40 {
        add(db, subject, 100).await;
    }
    add(db, 99, 500).await;
    let mut reader = db.read().await.expect("a connection");
    let unknown = rows::unknown_kinds(reader.link()).await.expect("asked");
    assert_eq!(unknown, [""; 0], "all of them are known");
    drop(reader);
    let workers = (0..4).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let jobs = claim(&db, 100, 3).await;
                if jobs.is_empty() {
                    return mine;
                }
                mine.extend(jobs);
            }
        })
    });
    let mut claimed = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        claimed.extend(worker.await.expect("a worker"));
    }
    let subjects: HashSet<i64> = claimed.iter().map(|job| job.subject_id).collect();
    assert_eq!((claimed.len(), subjects.len()), (40, 40), "each by one worker");
    assert_eq!(claim(db, 129, 50).await, [], "the leases hold");
    assert_eq!(claim(db, 130, 50).await.len(), 40, "the leases are over");
    let mut reader = db.read().await.expect("a connection");
    assert_eq!(rows::count(reader.link()).await.expect("a count"), 41);
    assert_eq!(rows::next_due(reader.link(), KIND).await.expect("an instant"), Some(at(160)));
    for (tenant, subject, due) in [(1, 99, Some(at(500))), (1, 98, None), (2, 99, None)] {
        let tenant = TenantId(tenant);
        let found = rows::due_at(reader.link(), tenant, KIND, subject).await;
        assert_eq!(found.expect("an instant"), due, "{tenant} {subject}");
    }
}

pub(crate) async fn fences(db: &Db) {
    tenant(db, "one").await;
    add(db, 7, 100).await;
    let first = claim(db, 100, 1).await.remove(0);
    let second = claim(db, 200, 1).await.remove(0);
    assert_eq!((first.id, first.fence + 1), (second.id, second.fence));
    let mut tx = db.begin().await.expect("a transaction");
    assert_eq!(rows::hold(tx.link(), from_ref(&first)).await.expect("asked"), []);
    let both = [first.clone(), second.clone()];
    assert_eq!(rows::hold(tx.link(), &both).await.expect("asked"), from_ref(&second));
    rows::renew(tx.link(), from_ref(&first), at(5_000)).await.expect("nothing");
    assert_eq!(rows::next_due(tx.link(), KIND).await.expect("an instant"), Some(at(230)));
    rows::renew(tx.link(), from_ref(&second), at(800)).await.expect("renewed");
    assert_eq!(rows::next_due(tx.link(), KIND).await.expect("an instant"), Some(at(800)));
    rows::postpone(tx.link(), &[(second.id, at(900))]).await.expect("postponed");
    assert_eq!(rows::next_due(tx.link(), KIND).await.expect("an instant"), Some(at(900)));
    rows::finish(tx.link(), &[second.id]).await.expect("finished");
    assert_eq!(rows::count(tx.link()).await.expect("a count"), 0);
}

pub(crate) async fn one_for_each_subject(db: &Db) {
    tenant(db, "one").await;
    add(db, 7, 100).await;
    let claimed = claim(db, 100, 1).await;
    let mut tx = db.begin().await.expect("a transaction");
    rows::set_all(tx.link(), &[job(7, 700), job(8, 800)]).await.expect("moved and added");
    assert_eq!(rows::hold(tx.link(), &claimed).await.expect("asked"), [], "the claim is lost");
    assert_eq!(rows::count(tx.link()).await.expect("a count"), 2);
    let other = JobKind::Fire;
    assert_eq!(rows::next_due(tx.link(), other).await.expect("none"), None);
    rows::remove(tx.link(), TenantId(1), other, 7).await.expect("nothing");
    rows::remove(tx.link(), TenantId(1), KIND, 7).await.expect("removed");
    assert_eq!(rows::next_due(tx.link(), KIND).await.expect("an instant"), Some(at(800)));
}
