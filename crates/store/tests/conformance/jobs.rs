//! The queue: claims by lease, and fences against workers that lost theirs.

use std::collections::HashSet;

use domain::{Job, JobKind};
use store::{Db, jobs as rows};

use super::super::at;
use super::schema::tenant;

async fn add(db: &Db, subject: i64, due_ms: i64) {
    let mut tx = db.begin().await.expect("a transaction");
    rows::insert(tx.link(), domain::TenantId(1), JobKind::Deliver, subject, at(due_ms))
        .await
        .expect("a job");
    tx.commit().await.expect("committed");
}

async fn claim(db: &Db, now_ms: i64, limit: i64) -> Vec<Job> {
    let mut tx = db.begin().await.expect("a transaction");
    let jobs = rows::claim(tx.link(), at(now_ms), at(now_ms + 30), limit).await.expect("jobs");
    tx.commit().await.expect("committed");
    jobs
}

pub(crate) async fn claims(db: &Db) {
    tenant(db, "one").await;
    for subject in 0..40 {
        add(db, subject, 100).await;
    }
    add(db, 99, 500).await;
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
    assert_eq!(rows::next_due(reader.link()).await.expect("an instant"), Some(at(160)));
    for (tenant, subject, due) in [(1, 99, Some(at(500))), (1, 98, None), (2, 99, None)] {
        let tenant = domain::TenantId(tenant);
        let found = rows::due_at(reader.link(), tenant, JobKind::Deliver, subject).await;
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
    assert!(!rows::hold(tx.link(), &first).await.expect("asked"));
    assert!(!rows::postpone(tx.link(), &first, at(1)).await.expect("asked"));
    assert!(!rows::finish(tx.link(), &first).await.expect("asked"));
    assert!(rows::hold(tx.link(), &second).await.expect("asked"));
    assert!(rows::postpone(tx.link(), &second, at(900)).await.expect("postponed"));
    assert_eq!(rows::next_due(tx.link()).await.expect("an instant"), Some(at(900)));
    assert!(rows::finish(tx.link(), &second).await.expect("finished"));
    assert_eq!(rows::count(tx.link()).await.expect("a count"), 0);
}
