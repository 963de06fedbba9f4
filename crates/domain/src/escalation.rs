//! Escalation: who is told next while nobody acknowledges, and where a message stands on that way.

use crate::{
    AccountId, Channel, ContactGroupId, ContactId, Instant, LevelId, Message, MessageId, PolicyId,
    RotationId,
};

/// An account's plan for messages that nobody acknowledges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its identifier.
    pub id: PolicyId,
    /// The account that it belongs to.
    pub account_id: AccountId,
    /// What people call it.
    pub name: String,
    /// Its levels, first to last.
    pub levels: Vec<Level>,
    /// How often all levels are gone through; 1 at least.
    pub rounds: i64,
    /// How long an acknowledgement holds, in milliseconds, until the message is closed; `None` for
    /// ever.
    pub ack_expires_ms: Option<i64>,
}

/// A step of a policy: who is told, and how long to wait for an acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its identifier; what the API calls `escalation_level_id`.
    pub id: LevelId,
    /// How long to wait before the next level, in milliseconds.
    pub delay_ms: i64,
    /// Who is told, and how.
    pub telling: Telling,
}

/// Who is told of a message, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Who; each person once.
    pub targets: Vec<Target>,
    /// The channels that may be used; none means any.
    pub channels: Vec<Channel>,
    /// Which of a person's ways are used.
    pub manner: Manner,
}

/// Somebody to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The contact that the message is for.
    Recipient,
    /// A person of the directory.
    Contact(ContactId),
    /// Whoever is on call in a rotation.
    Rotation(RotationId),
    /// Everybody in a group.
    Group(ContactGroupId),
}

impl Target {
    /// The text for it in forms and the database: `recipient`, `contact:5`, `rotation:2`, `group:3`.
    pub fn as_text(self) -> String {
        match self {
            Target::Recipient => "recipient".to_owned(),
            Target::Contact(id) => format!("contact:{id}"),
            Target::Rotation(id) => format!("rotation:{id}"),
            Target::Group(id) => format!("group:{id}"),
        }
    }

    /// The target with this text.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "recipient" {
            return Some(Target::Recipient);
        }
        let (kind, id) = text.split_once(':')?;
        let id = id.parse().ok().filter(|id| *id > 0)?;
        match kind {
            "contact" => Some(Target::Contact(ContactId(id))),
            "rotation" => Some(Target::Rotation(RotationId(id))),
            "group" => Some(Target::Group(ContactGroupId(id))),
            _ => None,
        }
    }
}

/// Which of a person's ways are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manner {
    /// The first that is open; the next one when it fails.
    First,
    /// All that are open, at once.
    All,
}

impl Manner {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Manner::First => "first",
            Manner::All => "all",
        }
    }

    /// The manner with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Manner::First, Manner::All].into_iter().find(|manner| manner.as_str() == word)
    }
}

/// Where a message stands on its policy. Together with the message's own columns
/// (`escalation_level_id`, `next_escalation_at`, `escalation_counter`) it says all there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// The message.
    pub message_id: MessageId,
    /// The policy that it goes by.
    pub policy_id: PolicyId,
    /// The place of the current level in the policy, from 0.
    pub position: i64,
    /// Which time the levels are gone through, from 1.
    pub round: i64,
    /// Whether it goes on.
    pub phase: Phase,
    /// How often somebody was told so far; marks the deliveries that belong together.
    pub tellings: i64,
    /// When the acknowledgement expires; `None` if it does not, or there is none.
    pub ack_until: Option<Instant>,
}

/// Whether an escalation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The next level is told at `next_escalation_at`, unless somebody acknowledges before.
    Climbing,
    /// It goes on with the current level, which is told once more.
    Resuming,
    /// Somebody took charge, or closed the message.
    Stopped,
    /// All levels were told in vain: agents have to see to it.
    Exhausted,
}

impl Phase {
    /// All of them.
    pub const ALL: [Phase; 4] =
        [Phase::Climbing, Phase::Resuming, Phase::Stopped, Phase::Exhausted];

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Climbing => "climbing",
            Phase::Resuming => "resuming",
            Phase::Stopped => "stopped",
            Phase::Exhausted => "exhausted",
        }
    }

    /// The phase with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == word)
    }
}

/// What an escalation's turn does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A level is told: the first one, a further one, or the current one once more.
    Tell(Level, Move),
    /// Nobody is left to be told.
    Exhausted {
        /// Why, in a sentence.
        why: String,
        /// Whether an acknowledgement expired on the way.
        expired: bool,
    },
    /// Nothing is due: it looks again at this instant, if at all.
    Wait(Option<Instant>),
}

/// Why a level is the one that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The escalation began.
    Begun,
    /// It went up, or began anew from the first level.
    Up,
    /// An acknowledgement was withdrawn or has expired.
    Again {
        /// Whether it expired by itself.
        expired: bool,
    },
}

impl Escalation {
    /// Begins a message's escalation at `now`. A policy without levels is exhausted at once.
    pub fn begin(message: &mut Message, policy: &Policy, now: Instant) -> (Self, Step) {
        let mut begun = Escalation {
            message_id: message.id,
            policy_id: policy.id,
            position: 0,
            round: 1,
            phase: Phase::Climbing,
            tellings: 0,
            ack_until: None,
        };
        message.escalation_counter = 0;
        let step = begun.enter(message, policy.levels.first(), Move::Begun, now);
        (begun, step)
    }

    /// What is due at `now`; `policy` is as it now stands, `None` if it is gone. The message's
    /// columns are changed to say what the step does.
    pub fn turn(&mut self, message: &mut Message, policy: Option<&Policy>, now: Instant) -> Step {
        let expired = self.ack_until.is_some_and(|until| until <= now);
        if message.status.is_settled() && !(expired && self.phase == Phase::Stopped) {
            return Step::Wait(self.ack_until);
        }
        match self.phase {
            Phase::Exhausted => return Step::Wait(None),
            Phase::Stopped if !expired => return Step::Wait(self.ack_until),
            Phase::Climbing | Phase::Resuming
                if policy.is_some() && message.next_escalation_at.is_none_or(|at| at > now) =>
            {
                return Step::Wait(message.next_escalation_at);
            }
            Phase::Stopped => message.status = message.status_unsettled(),
            Phase::Climbing | Phase::Resuming => {}
        }
        let Some(policy) = policy else {
            return self.exhaust(message, "The escalation policy is gone.", expired);
        };
        self.repair(message, policy);
        let goes_on = self.phase != Phase::Climbing;
        self.ack_until = None;
        self.phase = Phase::Climbing;
        if goes_on {
            let level = usize::try_from(self.position).ok().and_then(|at| policy.levels.get(at));
            return self.enter(message, level, Move::Again { expired }, now);
        }
        self.position += 1;
        if self.position >= count(policy) {
            if self.round >= policy.rounds {
                self.position -= 1;
                return self.exhaust(message, "Nobody acknowledged it in time.", false);
            }
            self.position = 0;
            self.round += 1;
        }
        let level = usize::try_from(self.position).ok().and_then(|at| policy.levels.get(at));
        message.escalation_counter += 1;
        self.enter(message, level, Move::Up, now)
    }

    /// Goes on at once with the next level: whoever was told cannot be reached, or passed it on.
    /// The last level of a round keeps its wait, so that rounds do not run out in an instant.
    pub fn hurry(&self, message: &mut Message, policy: Option<&Policy>, now: Instant) -> bool {
        let more = policy
            .is_none_or(|policy| self.position + 1 < count(policy) || self.round >= policy.rounds);
        let hurries = self.phase == Phase::Climbing
            && more
            && message.next_escalation_at.is_some_and(|at| at > now);
        if hurries {
            message.next_escalation_at = Some(now);
        }
        hurries
    }

    /// Follows what a person did to the message's status; answers when its job is to look again.
    pub fn follow(
        &mut self,
        message: &mut Message,
        policy: Option<&Policy>,
        now: Instant,
    ) -> Option<Instant> {
        match message.status {
            crate::Status::Acknowledged => {
                self.phase = Phase::Stopped;
                message.next_escalation_at = None;
                let holds_ms = policy.and_then(|policy| policy.ack_expires_ms);
                self.ack_until = holds_ms.map(|ms| now.plus_ms(ms));
                self.ack_until
            }
            crate::Status::Closed => {
                self.phase = Phase::Stopped;
                message.next_escalation_at = None;
                self.ack_until = None;
                None
            }
            _ if self.phase == Phase::Stopped => {
                self.phase = Phase::Resuming;
                self.ack_until = None;
                message.next_escalation_at = Some(now);
                Some(now)
            }
            _ => message.next_escalation_at,
        }
    }

    /// Begins again from the first level: an agent asked for it after it was exhausted.
    pub fn restart(&mut self, message: &mut Message, policy: Option<&Policy>, now: Instant) {
        let first = policy.and_then(|policy| policy.levels.first());
        message.escalation_level_id = first.map(|level| level.id.0);
        self.position = 0;
        self.round = 1;
        self.phase = Phase::Resuming;
        self.ack_until = None;
        message.next_escalation_at = Some(now);
    }

    fn enter(
        &mut self,
        message: &mut Message,
        level: Option<&Level>,
        how: Move,
        now: Instant,
    ) -> Step {
        let Some(level) = level else {
            let expired = how == Move::Again { expired: true };
            return self.exhaust(message, "The escalation policy has no level.", expired);
        };
        self.tellings += 1;
        message.escalation_level_id = Some(level.id.0);
        message.next_escalation_at = Some(now.plus_ms(level.delay_ms));
        Step::Tell(level.clone(), how)
    }

    fn exhaust(&mut self, message: &mut Message, why: &str, expired: bool) -> Step {
        self.phase = Phase::Exhausted;
        self.ack_until = None;
        message.next_escalation_at = None;
        Step::Exhausted { why: why.to_owned(), expired }
    }

    /// Finds the current level in a policy that was edited meanwhile: by its id where it is still
    /// there, else the one that now stands in its place; after the last, the last.
    fn repair(&mut self, message: &Message, policy: &Policy) {
        let current = message.escalation_level_id;
        let found = policy.levels.iter().position(|level| Some(level.id.0) == current);
        self.position = match found.and_then(|at| i64::try_from(at).ok()) {
            Some(at) => at,
            // Its place was taken by the level after it, which is told next.
            None if self.phase == Phase::Climbing => (self.position - 1).min(count(policy) - 1),
            None => self.position.min(count(policy) - 1),
        };
    }
}

fn count(policy: &Policy) -> i64 {
    i64::try_from(policy.levels.len()).unwrap_or(i64::MAX)
}
