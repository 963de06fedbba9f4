//! The simulator: who would be told of a message, when and how, if nobody acknowledged it.

use super::{Moment, Playbook};
use crate::closing::{ClosingGroup, Timing};
use crate::{Event, Instant, Message, limits};

/// Something that would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// When.
    pub at: Instant,
    /// What.
    pub what: Foresight,
}

/// What would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foresight {
    /// It would wait: for a digest, or as the agent was asked.
    Held {
        /// Until then.
        until: Instant,
        /// Whether it would go out together with others.
        in_digest: bool,
    },
    /// The log would say so.
    Logged(Event),
    /// Somebody would be told.
    Told(super::Notice),
    /// Somebody would not be told; why, in a sentence.
    Missing(String),
}

impl Playbook {
    /// What would happen to a message that an agent finishes at `now`, if everything that is sent
    /// arrives and nobody acknowledges it. It is the engine's own decisions, taken one after another.
    pub fn foresee(
        &self,
        mut message: Message,
        group: Option<&ClosingGroup>,
        now: Instant,
    ) -> Vec<Foreseen> {
        let mut told = Vec::new();
        let mut at = now;
        if let Some(until) = self.held_until(&message, group, now) {
            let asked = message.send_at.is_some_and(|asked| asked > now);
            let in_digest =
                !asked && group.is_some_and(|group| matches!(group.timing, Timing::Digest(_)));
            told.push(Foreseen { at, what: Foresight::Held { until, in_digest } });
            at = until;
            if let (true, Some(group)) = (in_digest, group) {
                tell(&mut told, at, self.digest(group, at));
                return told;
            }
        }
        let closing = self.close(&mut message, group, at);
        tell(&mut told, at, closing.moments);
        let Some(mut escalation) = closing.escalation else { return told };
        let mut next = message.next_escalation_at;
        while let Some(due) = next.filter(|_| told.len() < limits::FORESEEN) {
            let climb = self.climb(&mut escalation, &mut message, due);
            tell(&mut told, due, climb.moments);
            next = climb.again_at;
        }
        told
    }
}

fn tell(told: &mut Vec<Foreseen>, at: Instant, moments: Vec<Moment>) {
    let mut say = |what| told.push(Foreseen { at, what });
    for moment in moments {
        moment.event.into_iter().map(Foresight::Logged).for_each(&mut say);
        moment.notices.into_iter().map(Foresight::Told).for_each(&mut say);
        moment.missing.into_iter().map(Foresight::Missing).for_each(&mut say);
    }
}
