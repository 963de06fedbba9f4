//! Every kind of job has a place in the worker's table, in its loop as in its pump; a kind of a newer
//! program has none, and waits.

use std::process::Command;

use domain::JobKind;
use testkit::World;
use wire::webhook::{HookSettings, Poster};

use super::running::run_until;
use super::*;

/// A world with a job of each kind that is due, about something that is not there any more.
async fn full_queue() -> (World, Worker) {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    for kind in JobKind::ALL {
        world.add_job(office.tenant.id, kind, 999, world.app.now()).await;
    }
    let poster = Poster::new(HookSettings {
        guard: domain::webhook::Guard::default(),
        timeout: Duration::from_secs(1),
        extra_roots: None,
        lookup: wire::webhook::system(),
    });
    let worker = worker(&world, None).posting(poster.expect("sound settings"));
    (world, worker)
}

/// The kinds that are still in the queue.
async fn left(world: &World) -> Vec<JobKind> {
    let mut left = Vec::new();
    for kind in JobKind::ALL {
        left.extend(jobs::next_due(&world.app, kind).await.expect("a queue").map(|_| kind));
    }
    left
}

#[tokio::test]
async fn the_pump_does_every_kind() {
    let (world, worker) = full_queue().await;
    assert_eq!(worker.pump().await.expect("a pump"), JobKind::ALL.len());
    assert_eq!(left(&world).await, []);
}

#[tokio::test]
async fn the_loop_does_every_kind() {
    let (world, worker) = full_queue().await;
    run_until(worker, async || left(&world).await.is_empty()).await;
    assert_eq!(left(&world).await, []);
}

#[tokio::test]
async fn events_are_left_to_a_worker_that_posts() {
    let (world, _) = full_queue().await;
    worker(&world, None).pump().await.expect("a pump");
    assert_eq!(left(&world).await, [JobKind::Hook]);
    assert_eq!(worker(&world, None).pump().await.expect("a pump"), 0, "it is not even claimed");
}

#[tokio::test]
async fn a_kind_of_a_newer_program_is_left_to_it() {
    let (world, worker) = full_queue().await;
    let sqlite = |sql: &str| {
        let file = world.folder.path().join("liberty.db");
        let done = Command::new("sqlite3").arg(file).arg(sql).output();
        let done = done.expect("sqlite3, which script/bootstrap installs");
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).expect("text")
    };
    let columns = "tenant_id, kind, subject_id, due_at, fence";
    sqlite(&format!("INSERT INTO jobs ({columns}) VALUES (1, 'juggle', 7, 5, 3)"));
    worker.pump().await.expect("a pump");
    run_until(worker, async || left(&world).await.is_empty()).await;
    assert_eq!(sqlite(&format!("SELECT {columns} FROM jobs")), "1|juggle|7|5|3\n");
    assert_eq!(jobs::unknown_kinds(&world.app).await.expect("asked"), ["juggle"], "it is told");
}
