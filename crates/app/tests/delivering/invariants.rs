//! What must hold of every message after every step, whatever happened before it.

use domain::escalation::Phase;
use domain::{ActivityKind, JobKind, MessageId, Status, WorkKind};

use super::Story;

/// A message's columns equal what its log says, its jobs stand in the queue, and it is not lost.
pub(crate) async fn check(story: &Story, id: MessageId, is_rough: bool) {
    let detail = story.detail(id).await;
    let message = &detail.message;
    let log: Vec<ActivityKind> = detail.activities.iter().map(|it| it.event.kind).collect();
    let told = story.log(id).await;
    assert_eq!(message.activities_count, log.len() as i64, "{told}");
    assert_eq!(message.status, status(&log, message.delivered_at.is_some()), "{told}");
    let ups = log.iter().filter(|kind| **kind == ActivityKind::Escalated).count();
    assert_eq!(message.escalation_counter, ups as i64, "{told}");
    never_up_after_it_was_in_hand(&log, &told);
    let tenant = story.office.tenant.id;
    let mut reader = story.world.db.read().await.expect("a reader");
    let standing = store::policies::escalation(reader.link(), tenant, id).await.expect("read");
    let due = store::jobs::due_at(reader.link(), tenant, JobKind::Escalate, id.0).await;
    let due = due.expect("a queue");
    let queued = |kind: WorkKind| {
        let queue = story.queue();
        async move { queue.await.iter().any(|item| item.kind == kind && item.message_id == Some(id)) }
    };
    match standing {
        None => assert_eq!((message.escalation_level_id, message.next_escalation_at), (None, None)),
        Some(standing) => match standing.phase {
            Phase::Climbing | Phase::Resuming => {
                assert!(!message.status.is_settled(), "{told}");
                assert!(message.next_escalation_at.is_some(), "{told}");
                assert!(due.is_some(), "the timer is a row: {told}");
                let exact = due == message.next_escalation_at;
                assert!(exact || is_rough, "{due:?}: {told}");
            }
            Phase::Stopped => {
                assert!(message.status.is_settled(), "{told}");
                assert_eq!(message.next_escalation_at, None, "{told}");
                let expires = standing.ack_until;
                assert!(expires.is_none() || due.is_some(), "it expires: {told}");
                assert!(expires.is_none() || due == expires || is_rough, "{due:?}: {told}");
            }
            Phase::Exhausted => {
                assert_eq!(message.next_escalation_at, None, "{told}");
                let seen = message.status.is_settled() || queued(WorkKind::Dispatch).await;
                assert!(seen || log.contains(&ActivityKind::Handled), "it is not lost: {told}");
            }
        },
    }
    if message.status == Status::Held {
        assert!(message.send_at.is_some_and(|at| at > story.now()), "{told}");
    }
}

/// The status that follows from a log.
fn status(log: &[ActivityKind], delivered: bool) -> Status {
    let unsettled = if delivered { Status::Delivered } else { Status::Pending };
    let mut status = Status::Pending;
    let mut sent = false;
    for kind in log {
        status = match kind {
            ActivityKind::Held => Status::Held,
            ActivityKind::Released => Status::Pending,
            ActivityKind::Acknowledged => Status::Acknowledged,
            ActivityKind::Closed | ActivityKind::NotMessage => Status::Closed,
            ActivityKind::Reopened | ActivityKind::Expired if sent => Status::Delivered,
            ActivityKind::Reopened | ActivityKind::Expired => Status::Pending,
            ActivityKind::Sent if !status.is_settled() => Status::Delivered,
            _ => status,
        };
        sent |= *kind == ActivityKind::Sent;
    }
    let failed = log.contains(&ActivityKind::Failed) && status == Status::Pending && !sent;
    let goes_on = log.contains(&ActivityKind::EscalationBegun);
    let last = log.iter().rposition(|kind| *kind == ActivityKind::Failed);
    let queued = log.iter().rposition(|kind| *kind == ActivityKind::Queued);
    match status {
        Status::Pending if failed && !goes_on && last > queued => Status::Failed,
        Status::Delivered => unsettled,
        status => status,
    }
}

/// Nothing climbs while somebody has it in hand.
fn never_up_after_it_was_in_hand(log: &[ActivityKind], told: &str) {
    let mut in_hand = false;
    for kind in log {
        match kind {
            ActivityKind::Acknowledged | ActivityKind::Closed => in_hand = true,
            ActivityKind::Reopened | ActivityKind::Expired => in_hand = false,
            ActivityKind::Escalated | ActivityKind::Exhausted => {
                assert!(!in_hand, "it climbed while somebody had it in hand: {told}");
            }
            _ => {}
        }
    }
}
