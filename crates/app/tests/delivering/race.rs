//! Reliability R11: acknowledgements race their timers on a real PostgreSQL, many at once. Each
//! message is in hand in time or was escalated, and its log says which came first.

use domain::message::Update;
use domain::{ActivityKind, Status};
use testkit::postgres::Postgres;

use super::*;

/// Messages whose timers end at the same instant as people acknowledge them.
const MESSAGES: usize = 240;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_is_in_hand_in_time_or_escalated_and_never_both_without_a_word() {
    let database = Postgres::database();
    let folder = tempfile::tempdir().expect("a folder");
    let story = Story::in_world(World::on(database.url(), folder).await).await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    let levels: [(Target, &[Channel], i64); 2] =
        [(Target::Contact(bob.id), ANY, 10), (Target::Contact(manager.id), ANY, 10)];
    story.escalate(&levels).await;
    let mut ids = Vec::new();
    for _ in 0..MESSAGES {
        ids.push(take(&story).await);
    }
    while story.round().await {}
    story.air.lock().expect("the air").clear();
    story.world.clock.advance(10 * MINUTE_MS);
    race(&story, &ids).await;
    let mut firsts = [0, 0];
    for id in &ids {
        let detail = story.detail(*id).await;
        let place =
            |kind: ActivityKind| detail.activities.iter().position(|it| it.event.kind == kind);
        let (up, ack) = (place(ActivityKind::Escalated), place(ActivityKind::Acknowledged));
        assert_eq!(detail.message.status, Status::Acknowledged);
        assert_eq!(detail.message.next_escalation_at, None, "its timer has stopped");
        assert_eq!(detail.message.escalation_counter, i64::from(up.is_some()));
        assert!(up.is_none_or(|up| Some(up) < ack), "nothing goes up after it was in hand");
        firsts[usize::from(up.is_some())] += 1;
        invariants::check(&story, *id, true).await;
    }
    let queued = story.detail(ids[0]).await.deliveries.len();
    assert!(queued > 0 && firsts.iter().sum::<usize>() == MESSAGES, "{firsts:?}");
    // What the timers had queued is taken back: everybody's message is in hand.
    while story.round().await {}
    story.expect_silence();
    story.world.db.close().await;
}

async fn take(story: &Story) -> MessageId {
    let (app, office) = (&story.world.app, &story.office);
    let taken = messages::take(app, &office.agent, office.law.id, story.entry("One.")).await;
    taken.expect("a message").message.id
}

/// Two workers take turns in batches while four people acknowledge one message after another.
async fn race(story: &Story, ids: &[MessageId]) {
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..2 {
        let app = story.world.app.clone();
        tasks.spawn(async move {
            loop {
                let claimed = jobs::claim(&app, JobKind::Escalate, 7 + worker).await;
                let claimed = claimed.expect("a queue");
                if claimed.is_empty() {
                    return;
                }
                app::escalations::climb_all(&app, &claimed).await.expect("no deadlock");
            }
        });
    }
    for person in 0..4 {
        let (app, client) = (story.world.app.clone(), story.office.client.clone());
        let mut own: Vec<MessageId> = ids.iter().copied().skip(person).step_by(4).collect();
        own.reverse();
        tasks.spawn(async move {
            let status = Some(Status::Acknowledged);
            for id in own {
                let update = Update { status, ..Update::default() };
                messages::update(&app, &client, id, &update, None).await.expect("no deadlock");
            }
        });
    }
    while let Some(joined) = tasks.join_next().await {
        joined.expect("no panic");
    }
}
