//! Lives through one history, and checks after each step what must hold.

use domain::escalation::Phase;
use domain::{ActivityKind, Instant, Status};

use super::model::{Model, State};

/// What happened, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) ups: u64,
    pub(crate) exhausted: u64,
    pub(crate) in_hand: u64,
    pub(crate) again: u64,
    pub(crate) edited: u64,
}

impl Told {
    pub(crate) fn plus(self, other: Told) -> Told {
        Told {
            ups: self.ups + other.ups,
            exhausted: self.exhausted + other.exhausted,
            in_hand: self.in_hand + other.in_hand,
            again: self.again + other.again,
            edited: self.edited + other.edited,
        }
    }
}

/// Lives through the history of a seed.
pub(crate) fn live(seed: u64) -> Told {
    let mut model = Model::new(seed);
    let before = model.policy_levels();
    for step in 0..60 {
        model.step();
        check(&model, &format!("seed {seed}, step {step}"));
    }
    let edited = u64::from(before != model.policy_levels());
    let ends = model.settle_down();
    check(&model, &format!("seed {seed}, at the end"));
    assert!(ends, "seed {seed}: it goes on for ever");
    let count = |kind: ActivityKind| {
        model.state.log.iter().filter(|(_, known)| *known == kind).count() as u64
    };
    Told {
        ups: count(ActivityKind::Escalated),
        exhausted: count(ActivityKind::Exhausted),
        in_hand: count(ActivityKind::Acknowledged) + count(ActivityKind::Closed),
        again: count(ActivityKind::Resumed) + count(ActivityKind::Expired),
        edited,
    }
}

fn check(model: &Model, place: &str) {
    let State { message, escalation, job, log, told, is_queued, .. } = &model.state;
    assert_eq!(model.early_ms, 0, "{place}: nobody is told before it is due");
    // Whoever has it in hand is left alone.
    let mut in_hand = false;
    for (_, kind) in log {
        match kind {
            ActivityKind::Acknowledged | ActivityKind::Closed => in_hand = true,
            ActivityKind::Reopened | ActivityKind::Expired => in_hand = false,
            ActivityKind::Escalated | ActivityKind::Exhausted | ActivityKind::Resumed => {
                assert!(!in_hand, "{place}: {log:?}");
            }
            _ => {}
        }
    }
    // The columns are what the log says.
    assert_eq!(message.status, status(log), "{place}: {log:?}");
    let ups = log.iter().filter(|(_, kind)| *kind == ActivityKind::Escalated).count();
    assert_eq!(message.escalation_counter, ups as i64, "{place}: {log:?}");
    assert!(told.is_sorted_by(|a, b| a.0 <= b.0 && a.1 < b.1), "{place}: {told:?}");
    // It is not lost: a timer, a person or an agent has it.
    match escalation.phase {
        Phase::Climbing | Phase::Resuming => {
            let next = message.next_escalation_at.map(Instant::as_ms);
            assert!(!message.status.is_settled() && next.is_some(), "{place}: {log:?}");
            let latest = next.map(|at| at.max(model.now + domain::limits::LEASE_MS));
            assert!(job.is_some() && job.map(|job| job.due_at) <= latest, "{place}: {job:?}");
        }
        Phase::Stopped => {
            assert!(message.status.is_settled(), "{place}: {log:?}");
            let expires = escalation.ack_until.is_some();
            assert!(!expires || job.is_some(), "{place}: an acknowledgement that must expire");
            assert_eq!(message.next_escalation_at, None, "{place}");
        }
        Phase::Exhausted => {
            assert!(*is_queued || message.status.is_settled(), "{place}: nobody sees it: {log:?}");
            assert_eq!(message.next_escalation_at, None, "{place}");
        }
    }
}

/// The status that follows from a log.
fn status(log: &[(i64, ActivityKind)]) -> Status {
    log.iter().fold(Status::Pending, |status, (_, kind)| match kind {
        ActivityKind::Acknowledged => Status::Acknowledged,
        ActivityKind::Closed => Status::Closed,
        ActivityKind::Reopened | ActivityKind::Expired => Status::Pending,
        _ => status,
    })
}
