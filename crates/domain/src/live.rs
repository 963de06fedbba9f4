//! Calls that are going on: how far each has come, and that no late word moves it back.

use crate::{AccountId, CallId, DidId, Instant, TenantId, UserId};

/// A call that a switch tells of while it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveCall {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// The call.
    pub id: CallId,
    /// The account that was called.
    pub account_id: AccountId,
    /// That account's name.
    pub account_name: String,
    /// The line that was dialled, if it is one of ours.
    pub did_id: Option<DidId>,
    /// The number that was dialled.
    pub did_number: String,
    /// The number that called.
    pub from: String,
    /// The switch's own identifier of it.
    pub call_sid: String,
    /// The name of the switch that told of it, `""` where that is gone.
    pub switch_name: String,
    /// What the caller chose in the switch's menu, `""` where there was none.
    pub menu_choice: String,
    /// The name of the agent who has it, `""` where nobody has.
    pub agent_name: String,
    /// How far it has come.
    pub progress: Progress,
}

/// What a call is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LiveState {
    /// It rings.
    Ringing,
    /// The caller was told to wait.
    Waiting,
    /// Somebody talks to the caller.
    Talking,
    /// The caller was put on hold.
    Held,
    /// The caller is gone, and the agent still writes.
    WrapUp,
    /// Nothing more is to be done.
    Over,
}

impl LiveState {
    /// All of them, in the order in which a call goes through them.
    pub const ALL: [LiveState; 6] = [
        LiveState::Ringing,
        LiveState::Waiting,
        LiveState::Talking,
        LiveState::Held,
        LiveState::WrapUp,
        LiveState::Over,
    ];

    /// The word for it in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            LiveState::Ringing => "ringing",
            LiveState::Waiting => "waiting",
            LiveState::Talking => "talking",
            LiveState::Held => "held",
            LiveState::WrapUp => "wrap_up",
            LiveState::Over => "over",
        }
    }

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether an agent may still answer it.
    pub fn is_unanswered(self) -> bool {
        matches!(self, LiveState::Ringing | LiveState::Waiting)
    }

    /// Whether a caller is on the line with somebody.
    pub fn is_answered(self) -> bool {
        matches!(self, LiveState::Talking | LiveState::Held)
    }

    /// How far along it is. No event takes a call to a lower step.
    pub fn step(self) -> u8 {
        match self {
            LiveState::Ringing => 0,
            LiveState::Waiting => 1,
            LiveState::Talking | LiveState::Held => 2,
            LiveState::WrapUp => 3,
            LiveState::Over => 4,
        }
    }
}

/// What a switch tells of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// It rings.
    Ringing,
    /// The caller was told to wait.
    Waiting,
    /// Somebody took it.
    Answered,
    /// The caller was put on hold.
    Held,
    /// The caller was taken off hold.
    Resumed,
    /// The caller or the agent hung up.
    Ended,
}

impl Signal {
    /// All of them.
    pub const ALL: [Signal; 6] = [
        Signal::Ringing,
        Signal::Waiting,
        Signal::Answered,
        Signal::Held,
        Signal::Resumed,
        Signal::Ended,
    ];

    /// The word for it in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Signal::Ringing => "ringing",
            Signal::Waiting => "waiting",
            Signal::Answered => "answered",
            Signal::Held => "held",
            Signal::Resumed => "resumed",
            Signal::Ended => "ended",
        }
    }

    /// The signal with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.as_str() == word)
    }
}

/// A signal with when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallEvent {
    /// What happened.
    pub signal: Signal,
    /// When, by the switch's clock.
    pub at: Instant,
    /// Its place among the events of the call, where the switch counts them.
    pub sequence: Option<i64>,
    /// The agent who answered, if it is one of ours.
    pub agent_id: Option<UserId>,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is at.
    pub state: LiveState,
    /// The agent who has it.
    pub agent_id: Option<UserId>,
    /// When it was first heard of.
    pub rang_at: Instant,
    /// When it was answered.
    pub answered_at: Option<Instant>,
    /// When the caller was gone.
    pub ended_at: Option<Instant>,
    /// When its agent saved a message, or why there is none.
    pub saved_at: Option<Instant>,
    /// The newest event that was heard.
    pub heard_at: Option<Instant>,
    /// The highest number that an event had.
    pub sequence: Option<i64>,
}

impl Progress {
    /// A call of which the first event was heard.
    pub fn begun(event: &CallEvent) -> Self {
        let mut progress = Progress {
            state: LiveState::Ringing,
            agent_id: None,
            rang_at: event.at,
            answered_at: None,
            ended_at: None,
            saved_at: None,
            heard_at: None,
            sequence: None,
        };
        progress.hear(event);
        progress
    }

    /// Takes in an event, which may be late, out of order, or heard before. Answers whether it
    /// changed anything. What it tells may fill a gap, but never takes the call a step back.
    pub fn hear(&mut self, event: &CallEvent) -> bool {
        let before = *self;
        let is_newest = self.is_newer(event);
        self.rang_at = self.rang_at.min(event.at);
        match event.signal {
            Signal::Ringing => {}
            Signal::Waiting => self.advance(LiveState::Waiting),
            Signal::Answered => {
                self.answered_at.get_or_insert(event.at);
                if self.agent_id.is_none() || is_newest && self.state.step() <= 2 {
                    self.agent_id = event.agent_id.or(self.agent_id);
                }
                self.turn(LiveState::Talking, is_newest);
            }
            Signal::Held => self.turn(LiveState::Held, is_newest),
            Signal::Resumed => self.turn(LiveState::Talking, is_newest),
            Signal::Ended => self.end(event.at),
        }
        if is_newest {
            self.heard_at = Some(self.heard_at.map_or(event.at, |at| at.max(event.at)));
            self.sequence = event.sequence.max(self.sequence);
        }
        *self != before
    }

    /// Whether an event comes after all that were heard: by its number where the switch counts,
    /// else by its time. Of two at the same instant the later word counts.
    fn is_newer(&self, event: &CallEvent) -> bool {
        match (event.sequence, self.sequence) {
            (Some(number), Some(highest)) => number > highest,
            _ => self.heard_at.is_none_or(|at| event.at >= at),
        }
    }

    fn advance(&mut self, to: LiveState) {
        if to.step() > self.state.step() {
            self.state = to;
        }
    }

    /// Talking or held: between the two only the newest event decides.
    fn turn(&mut self, to: LiveState, is_newest: bool) {
        self.advance(to);
        if self.state.is_answered() && is_newest {
            self.state = to;
        }
    }

    /// The caller is gone. What an agent has yet to save keeps the call with that agent.
    fn end(&mut self, at: Instant) {
        if self.ended_at.is_some() {
            return;
        }
        self.ended_at = Some(at);
        let is_done = self.agent_id.is_none() || self.saved_at.is_some();
        self.advance(if is_done { LiveState::Over } else { LiveState::WrapUp });
    }

    /// Its agent saved a message, or why there is none: once the caller is gone, nothing more is to be done.
    pub fn save(&mut self, now: Instant) {
        self.saved_at.get_or_insert(now);
        if self.state == LiveState::WrapUp {
            self.state = LiveState::Over;
        }
    }

    /// Its agent is done with it, or nobody ever told of its end.
    pub fn close(&mut self, now: Instant) {
        self.ended_at.get_or_insert(now);
        self.state = LiveState::Over;
    }
}

/// What an agent says to be at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentChoice {
    /// Ready for a call.
    Ready,
    /// Away, and why.
    Break(String),
    /// Not at work.
    SignedOut,
}

impl AgentChoice {
    /// The word for it in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            AgentChoice::Ready => "ready",
            AgentChoice::Break(_) => "break",
            AgentChoice::SignedOut => "signed_out",
        }
    }

    /// The choice with this word and reason.
    pub fn parse(word: &str, reason: &str) -> Option<Self> {
        match word {
            "ready" => Some(AgentChoice::Ready),
            "break" => Some(AgentChoice::Break(reason.to_owned())),
            "signed_out" => Some(AgentChoice::SignedOut),
            _ => None,
        }
    }
}

/// An agent at work, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The user.
    pub id: UserId,
    /// The agent's name.
    pub name: String,
    /// What the agent said last.
    pub choice: AgentChoice,
    /// Since when.
    pub since: Instant,
}

/// What an agent is at, calls and all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentState {
    /// Ready for a call.
    Ready,
    /// On a call.
    Busy,
    /// Writing after a call.
    WrapUp,
    /// Away, and why.
    Break(String),
    /// Not at work.
    SignedOut,
}

impl Agent {
    /// What the agent is at, given the calls that go on, and since when. A call goes before what
    /// the agent said.
    pub fn state(&self, calls: &[LiveCall]) -> (AgentState, Instant) {
        let mut of_agent =
            calls.iter().map(|call| &call.progress).filter(|call| call.agent_id == Some(self.id));
        let mut wrapping = None;
        for call in of_agent.by_ref() {
            if call.state.is_answered() {
                return (AgentState::Busy, call.answered_at.unwrap_or(call.rang_at));
            }
            if call.state == LiveState::WrapUp {
                wrapping = call.ended_at;
            }
        }
        if let Some(since) = wrapping {
            return (AgentState::WrapUp, since);
        }
        let state = match &self.choice {
            AgentChoice::Ready => AgentState::Ready,
            AgentChoice::Break(reason) => AgentState::Break(reason.clone()),
            AgentChoice::SignedOut => AgentState::SignedOut,
        };
        (state, self.since)
    }
}

/// Why a call left no message, where a key of the console says so: the word kept on it, and the
/// word that people read.
pub const NON_MESSAGES: [(&str, &str); 6] = [
    ("hang_up", "Hang-up"),
    ("wrong_number", "Wrong number"),
    ("solicitor", "Solicitor"),
    ("no_audio", "Silent, no audio"),
    ("test", "Test call"),
    ("fax", "Fax"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(signal: Signal, ms: i64) -> CallEvent {
        let agent_id = (signal == Signal::Answered).then_some(UserId(7));
        CallEvent { signal, at: Instant::from_ms(ms), sequence: None, agent_id }
    }

    fn after(events: &[(Signal, i64)]) -> Progress {
        let mut progress = Progress::begun(&event(events[0].0, events[0].1));
        for (signal, ms) in &events[1..] {
            progress.hear(&event(*signal, *ms));
        }
        progress
    }

    #[test]
    fn every_key_records_a_word_that_messages_know() {
        let known = |word: &str| crate::message::NON_MESSAGES.contains(&word);
        assert!(NON_MESSAGES.iter().all(|(word, _)| known(word)));
    }

    #[test]
    fn a_call_goes_through_its_states() {
        use Signal::*;
        let check = |events: &[(Signal, i64)], state: LiveState| {
            assert_eq!(after(events).state, state, "{events:?}");
        };
        check(&[(Ringing, 1)], LiveState::Ringing);
        check(&[(Ringing, 1), (Waiting, 2)], LiveState::Waiting);
        check(&[(Ringing, 1), (Answered, 2)], LiveState::Talking);
        check(&[(Ringing, 1), (Answered, 2), (Held, 3)], LiveState::Held);
        check(&[(Ringing, 1), (Answered, 2), (Held, 3), (Resumed, 4)], LiveState::Talking);
        check(&[(Ringing, 1), (Answered, 2), (Ended, 5)], LiveState::WrapUp);
        check(&[(Ringing, 1), (Ended, 5)], LiveState::Over);
        // Late words: nothing goes back.
        check(&[(Answered, 2), (Ringing, 1)], LiveState::Talking);
        check(&[(Answered, 2), (Resumed, 4), (Held, 3)], LiveState::Talking);
        check(&[(Answered, 2), (Ended, 5), (Waiting, 1)], LiveState::WrapUp);
        check(&[(Ringing, 1), (Ended, 5), (Answered, 2)], LiveState::Over);
    }

    #[test]
    fn what_was_saved_while_talking_needs_no_wrap_up() {
        let mut call = after(&[(Signal::Ringing, 1), (Signal::Answered, 2)]);
        call.save(Instant::from_ms(3));
        assert_eq!(call.state, LiveState::Talking, "the caller is still there");
        call.hear(&event(Signal::Ended, 4));
        assert_eq!(call.state, LiveState::Over);
        let mut late = after(&[(Signal::Answered, 2), (Signal::Ended, 3)]);
        late.save(Instant::from_ms(9));
        assert_eq!(late.state, LiveState::Over);
    }

    #[test]
    fn a_transfer_gives_the_call_to_the_next_agent_and_a_late_word_does_not_take_it_back() {
        let mut call = after(&[(Signal::Ringing, 1), (Signal::Answered, 5)]);
        let next = CallEvent { agent_id: Some(UserId(8)), ..event(Signal::Answered, 9) };
        assert!(call.hear(&next));
        assert!(!call.hear(&event(Signal::Answered, 5)));
        assert_eq!(call.agent_id, Some(UserId(8)));
    }

    proptest! {
        /// Whatever comes in whatever order and however often: no step back, and what is heard a
        /// second time at once changes nothing.
        #[test]
        fn no_event_takes_a_call_back(
            told in prop::collection::vec((0..6_usize, 0..50_i64, prop::option::of(0..9_i64)), 1..20),
        ) {
            let events = told.into_iter().map(|(i, ms, sequence)| CallEvent {
                sequence,
                ..event(Signal::ALL[i], ms)
            });
            let events: Vec<CallEvent> = events.collect();
            let mut progress = Progress::begun(&events[0]);
            for event in &events[1..] {
                let before = progress;
                progress.hear(event);
                prop_assert!(progress.state.step() >= before.state.step());
                prop_assert!(progress.agent_id.is_some() || before.agent_id.is_none());
                let once = progress;
                progress.hear(event);
                prop_assert_eq!(progress.state, once.state);
            }
        }
    }
}
