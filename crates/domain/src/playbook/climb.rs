//! What a message sets off when it is finished, and what each turn of its escalation does.

use super::{Notice, Playbook};
use crate::closing::{Action, ClosingGroup};
use crate::escalation::{Escalation, Manner, Move, Policy, Step, Target, Telling};
use crate::{ActivityKind, Channel, Event, Instant, Message};

/// What a message sets off when it is finished.
#[derive(Clone, Debug, Default)]
pub struct Closing {
    /// What is done, in order.
    pub moments: Vec<Moment>,
    /// Its escalation, if it has one from now on.
    pub escalation: Option<Escalation>,
}

/// What a turn of an escalation does.
#[derive(Clone, Debug, Default)]
pub struct Climb {
    /// What is done, in order.
    pub moments: Vec<Moment>,
    /// When its job is due again; `None` for never.
    pub again_at: Option<Instant>,
    /// Why nobody is left to be told, if so: agents have to see to it.
    pub exhausted: Option<String>,
}

/// One thing that is done: it is logged, and people are told.
#[derive(Clone, Debug)]
pub struct Moment {
    /// What the log says first; `None` where the telling speaks for itself.
    pub event: Option<Event>,
    /// Who is told.
    pub notices: Vec<Notice>,
    /// Why somebody is not, in sentences.
    pub missing: Vec<String>,
    /// What marks the deliveries that belong together: the escalation's telling, 0 for what the
    /// closing does.
    pub telling: i64,
}

impl Playbook {
    /// When a message that is finished at `now` waits, until then: it is held, or goes into a
    /// digest. Emergencies do not wait for a digest.
    pub fn held_until(
        &self,
        message: &Message,
        group: Option<&ClosingGroup>,
        now: Instant,
    ) -> Option<Instant> {
        let asked = message.send_at.filter(|at| *at > now);
        let digest = group.and_then(|group| group.timing.next_digest(now, &self.account.zone));
        asked.or(digest.filter(|_| !message.is_emergency))
    }

    /// What is done with a message that is let out at `now`. Its columns are changed accordingly.
    pub fn close(
        &self,
        message: &mut Message,
        group: Option<&ClosingGroup>,
        now: Instant,
    ) -> Closing {
        let recipient = message.contact_id;
        let usual = [Action::Tell(Telling {
            targets: vec![Target::Recipient],
            channels: Vec::new(),
            manner: Manner::First,
        })];
        let actions = match group {
            Some(group) => &group.actions[..],
            None if recipient.is_some() => &usual[..],
            None => &[],
        };
        let mut closing = Closing::default();
        for action in actions {
            match action {
                Action::Tell(telling) => {
                    let told = self.tell(telling, recipient, now);
                    closing.moments.push(Moment {
                        event: None,
                        notices: told.notices,
                        missing: told.missing,
                        telling: 0,
                    });
                }
                Action::Copy(address) => closing.moments.push(copy(address)),
                Action::Escalate(id) => {
                    if let (Some(policy), None) = (self.policy(*id), &closing.escalation) {
                        let (mut begun, step) = Escalation::begin(message, policy, now);
                        let mut climb = Climb::default();
                        self.walk(&mut begun, message, Some(policy), step, &mut climb, now);
                        closing.moments.extend(climb.moments);
                        closing.escalation = Some(begun);
                    }
                }
            }
        }
        closing
    }

    /// Whom a digest of a group is told to, at `now`.
    pub fn digest(&self, group: &ClosingGroup, now: Instant) -> Vec<Moment> {
        let moment = |action: &Action| match action {
            Action::Tell(telling) => {
                let told = self.tell(telling, None, now);
                let (notices, missing) = (told.notices, told.missing);
                Some(Moment { event: None, notices, missing, telling: 0 })
            }
            Action::Copy(address) => Some(copy(address)),
            Action::Escalate(_) => None,
        };
        group.actions.iter().filter_map(moment).collect()
    }

    /// Takes an escalation's turn at `now`. A level of which nobody can be told does not keep the
    /// next one waiting.
    pub fn climb(&self, escalation: &mut Escalation, message: &mut Message, now: Instant) -> Climb {
        let policy = self.policy(escalation.policy_id);
        let mut climb = Climb::default();
        let step = escalation.turn(message, policy, now);
        self.walk(escalation, message, policy, step, &mut climb, now);
        climb
    }

    fn walk(
        &self,
        escalation: &mut Escalation,
        message: &mut Message,
        policy: Option<&Policy>,
        first: Step,
        climb: &mut Climb,
        now: Instant,
    ) {
        let mut step = first;
        loop {
            match step {
                Step::Wait(at) => {
                    climb.again_at = at;
                    return;
                }
                Step::Exhausted { why, expired } => {
                    let telling = escalation.tellings;
                    if expired {
                        climb.moments.push(only(ActivityKind::Expired.by_system("", ""), telling));
                    }
                    let event = ActivityKind::Exhausted.by_system("", &why);
                    climb.moments.push(only(event, telling));
                    climb.exhausted = Some(why);
                    climb.again_at = None;
                    return;
                }
                Step::Tell(level, how) => {
                    let told = self.tell(&level.telling, message.contact_id, now);
                    let is_told = !told.notices.is_empty();
                    climb.moments.push(Moment {
                        event: Some(entered(escalation, policy, how)),
                        notices: told.notices,
                        missing: told.missing,
                        telling: escalation.tellings,
                    });
                    climb.again_at = message.next_escalation_at;
                    if is_told || !escalation.hurry(message, policy, now) {
                        return;
                    }
                    step = escalation.turn(message, policy, now);
                }
            }
        }
    }
}

/// A moment that is only logged.
fn only(event: Event, telling: i64) -> Moment {
    Moment { event: Some(event), notices: Vec::new(), missing: Vec::new(), telling }
}

fn copy(address: &str) -> Moment {
    let notice = Notice {
        contact_id: None,
        name: "the office".to_owned(),
        channel: Channel::Email,
        address: address.to_owned(),
        through: String::new(),
    };
    Moment { event: None, notices: vec![notice], missing: Vec::new(), telling: 0 }
}

/// The event that says which level is told, and why.
fn entered(escalation: &Escalation, policy: Option<&Policy>, how: Move) -> Event {
    let name = policy.map_or("", |policy| policy.name.as_str());
    let mut place = format!("level {}", escalation.position + 1);
    if escalation.round > 1 {
        place.push_str(&format!(", round {}", escalation.round));
    }
    let kind = match how {
        Move::Begun => ActivityKind::EscalationBegun,
        Move::Up => ActivityKind::Escalated,
        Move::Again { expired: true } => ActivityKind::Expired,
        Move::Again { expired: false } => ActivityKind::Resumed,
    };
    kind.by_system(name, &place)
}
