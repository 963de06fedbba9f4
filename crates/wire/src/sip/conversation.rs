//! What is said on a call and when, tick by tick, from the answer to the goodbye.

use std::sync::Arc;

use super::answerer::{Answerer, Greeting, TICKS_A_SECOND};
use crate::Reach;
use crate::speech::{Pcm, RATE};

/// Samples of a tick: 20 ms.
pub(super) const TICK_SAMPLES: usize = (RATE / TICKS_A_SECOND) as usize;
/// How long a key is waited for after the question.
const KEY_TICKS: u32 = 8 * TICKS_A_SECOND;
/// How long the line stays open after the last word, which is still on its way through buffers.
const TAIL_TICKS: u32 = TICKS_A_SECOND / 2;
/// How often the text is spoken again for the asking.
const REPEATS_MAX: u32 = 3;
/// Silence that tells that a machine's greeting is over, and its tone too.
const MACHINE_PAUSE_TICKS: u32 = 3 * TICKS_A_SECOND / 2;
/// A machine that talks longer is spoken to all the same.
const MACHINE_GREETING_TICKS: u32 = 45 * TICKS_A_SECOND;

/// What there is to say.
pub(super) struct Script {
    /// The text.
    pub(super) text: Arc<Pcm>,
    /// The question for a key and the thanks for it, where one is asked for.
    pub(super) question: Option<Question>,
}

/// The question for a key, and what is said to the one who acknowledges.
pub(super) struct Question {
    /// "Press 1 to acknowledge, 9 to repeat."
    pub(super) ask: Arc<Pcm>,
    /// "Thank you. Goodbye."
    pub(super) thank: Arc<Pcm>,
}

/// How far a conversation got, however it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallVerdict {
    /// At least half of the text was spoken to somebody or something.
    Heard(Reach),
    /// Less than that was.
    CutShort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Hearing who it is.
    Listening,
    /// Waiting for the end of a machine's greeting: silent and all ticks so far.
    Machine { silent: u32, ticks: u32 },
    /// Saying a thing, from this sample on.
    Saying(Thing, usize),
    /// Waiting for a key or for the last word to arrive, for so many ticks more.
    Waiting(u32),
    /// All is said.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Text,
    Question,
    Thanks,
}

/// A conversation that is going on.
pub(super) struct Conversation {
    script: Script,
    phase: Phase,
    greeting: Greeting,
    answerer: Answerer,
    repeats: u32,
    ticks_left: u32,
    /// The most samples of the text that were spoken in one go.
    spoken: usize,
    is_acknowledged: bool,
}

impl Conversation {
    /// The call was answered; it may last so many seconds.
    pub(super) fn new(script: Script, longest_s: u32) -> Self {
        Self {
            script,
            phase: Phase::Listening,
            greeting: Greeting::default(),
            answerer: Answerer::Silent,
            repeats: 0,
            ticks_left: longest_s.saturating_mul(TICKS_A_SECOND),
            spoken: 0,
            is_acknowledged: false,
        }
    }

    /// 20 ms go by, in which the other side spoke or not. What is said in them, or `None` when
    /// the call is over. A silent tick has no samples, the last of a thing may have fewer.
    pub(super) fn tick(&mut self, has_voice: bool) -> Option<&[i16]> {
        self.ticks_left = self.ticks_left.saturating_sub(1);
        if self.ticks_left == 0 {
            self.phase = Phase::Over;
        }
        match self.phase {
            Phase::Over => None,
            Phase::Listening => {
                if let Some(answerer) = self.greeting.hear(has_voice) {
                    self.answerer = answerer;
                    self.phase = match answerer {
                        Answerer::Machine => Phase::Machine { silent: 0, ticks: 0 },
                        Answerer::Person | Answerer::Silent => Phase::Saying(Thing::Text, 0),
                    };
                }
                Some(&[])
            }
            Phase::Machine { silent, ticks } => {
                let silent = if has_voice { 0 } else { silent + 1 };
                let is_over = silent >= MACHINE_PAUSE_TICKS || ticks >= MACHINE_GREETING_TICKS;
                self.phase = match is_over {
                    true => Phase::Saying(Thing::Text, 0),
                    false => Phase::Machine { silent, ticks: ticks + 1 },
                };
                Some(&[])
            }
            Phase::Saying(thing, from) => Some(self.say(thing, from)),
            Phase::Waiting(left) => {
                self.phase = if left <= 1 { Phase::Over } else { Phase::Waiting(left - 1) };
                Some(&[])
            }
        }
    }

    /// A key was pressed, which only a person does. Before anything was said it means no more.
    pub(super) fn press(&mut self, key: char) {
        let is_too_soon = matches!(self.phase, Phase::Listening | Phase::Machine { .. });
        if self.phase == Phase::Over || self.is_acknowledged {
            return;
        }
        self.answerer = Answerer::Person;
        if is_too_soon {
            self.phase = Phase::Saying(Thing::Text, 0);
            return;
        }
        match key {
            '1' if self.script.question.is_some() => {
                self.is_acknowledged = true;
                self.phase = Phase::Saying(Thing::Thanks, 0);
            }
            '9' if self.repeats < REPEATS_MAX => {
                self.repeats += 1;
                self.phase = Phase::Saying(Thing::Text, 0);
            }
            _ => {}
        }
    }

    /// How far it got, were it to end now.
    pub(super) fn verdict(&self) -> CallVerdict {
        if self.is_acknowledged {
            return CallVerdict::Heard(Reach::Acknowledged);
        }
        if self.spoken * 2 < self.script.text.samples().len() {
            return CallVerdict::CutShort;
        }
        CallVerdict::Heard(match self.answerer {
            Answerer::Silent => Reach::Handset,
            Answerer::Person => Reach::Person,
            Answerer::Machine => Reach::Machine,
        })
    }

    fn say(&mut self, thing: Thing, from: usize) -> &[i16] {
        let until = (from + TICK_SAMPLES).min(self.pcm(thing).len());
        self.phase = Phase::Saying(thing, until);
        if thing == Thing::Text {
            self.spoken = self.spoken.max(until);
        }
        if until == self.pcm(thing).len() {
            let asks = self.script.question.is_some() && self.answerer != Answerer::Machine;
            self.phase = match thing {
                Thing::Text if asks => Phase::Saying(Thing::Question, 0),
                Thing::Question => Phase::Waiting(KEY_TICKS),
                Thing::Text | Thing::Thanks => Phase::Waiting(TAIL_TICKS),
            };
        }
        &self.pcm(thing)[from..until]
    }

    fn pcm(&self, thing: Thing) -> &[i16] {
        match (thing, &self.script.question) {
            (Thing::Text, _) => self.script.text.samples(),
            (Thing::Question, Some(question)) => question.ask.samples(),
            (Thing::Thanks, Some(question)) => question.thank.samples(),
            (Thing::Question | Thing::Thanks, None) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pcm(level: i16, ticks: usize) -> Arc<Pcm> {
        Arc::new(Pcm::new(vec![level; ticks * TICK_SAMPLES]))
    }

    fn conversation(asks: bool) -> Conversation {
        let question = asks.then(|| Question { ask: pcm(2, 10), thank: pcm(3, 5) });
        Conversation::new(Script { text: pcm(1, 20), question }, 120)
    }

    /// Lets time go by; what was said, as (level, ticks), and whether the call goes on.
    fn pass(conversation: &mut Conversation, ticks: u32, voice: bool) -> (Vec<(i16, u32)>, bool) {
        let mut said: Vec<(i16, u32)> = Vec::new();
        for _ in 0..ticks {
            let Some(samples) = conversation.tick(voice) else { return (said, false) };
            let level = samples.first().copied().unwrap_or(0);
            match said.last_mut() {
                Some((last, ticks)) if *last == level => *ticks += 1,
                _ => said.push((level, 1)),
            }
        }
        (said, true)
    }

    #[test]
    fn a_person_hears_the_text_is_asked_and_thanked() {
        let mut call = conversation(true);
        pass(&mut call, 20, true);
        assert_eq!(call.verdict(), CallVerdict::CutShort);
        assert_eq!(pass(&mut call, 90, false), (vec![(0, 50), (1, 20), (2, 10), (0, 10)], true));
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Person));
        call.press('1');
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Acknowledged));
        assert_eq!(pass(&mut call, 90, false), (vec![(3, 5), (0, 25)], false));
    }

    #[test]
    fn nine_repeats_a_few_times() {
        let mut call = conversation(true);
        pass(&mut call, 160, false);
        for _ in 0..REPEATS_MAX {
            call.press('9');
            assert_eq!(pass(&mut call, 31, false), (vec![(1, 20), (2, 10), (0, 1)], true));
        }
        call.press('9');
        assert_eq!(pass(&mut call, 10, false), (vec![(0, 10)], true));
        assert!(!pass(&mut call, 1_000, false).1);
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Person));
    }

    #[test]
    fn silence_without_a_key_is_a_phone() {
        let mut call = conversation(false);
        assert_eq!(pass(&mut call, 500, false), (vec![(0, 125), (1, 20), (0, 25)], false));
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Handset));
        let mut call = conversation(true);
        assert!(!pass(&mut call, 1_000, false).1, "a key is not waited for for ever");
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Handset));
    }

    #[test]
    fn a_machine_is_spoken_to_once_when_it_is_silent_and_is_asked_nothing() {
        let mut call = conversation(true);
        assert_eq!(pass(&mut call, 400, true), (vec![(0, 400)], true));
        assert_eq!(call.verdict(), CallVerdict::CutShort);
        assert_eq!(pass(&mut call, 500, false), (vec![(0, 75), (1, 20), (0, 25)], false));
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Machine));
    }

    #[test]
    fn a_machine_that_never_stops_is_spoken_to_and_a_key_proves_a_person() {
        let mut call = conversation(true);
        let (said, goes_on) = pass(&mut call, 5_000, true);
        assert!(!goes_on && said.contains(&(1, 20)), "{said:?}");
        let mut call = conversation(true);
        pass(&mut call, 400, true);
        call.press('1');
        assert_eq!(pass(&mut call, 31, true), (vec![(1, 20), (2, 10), (0, 1)], true));
        call.press('1');
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Acknowledged));
    }

    #[test]
    fn half_of_the_text_counts_and_a_key_that_nobody_asked_for_does_not() {
        let mut call = conversation(false);
        pass(&mut call, 125 + 9, false);
        assert_eq!(call.verdict(), CallVerdict::CutShort);
        pass(&mut call, 1, false);
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Handset));
        call.press('1');
        assert_eq!(call.verdict(), CallVerdict::Heard(Reach::Person));
    }

    #[test]
    fn no_call_lasts_longer_than_it_may() {
        let question = Some(Question { ask: pcm(2, 10), thank: pcm(3, 5) });
        let mut call = Conversation::new(Script { text: pcm(1, 1_000), question }, 5);
        assert_eq!(pass(&mut call, 500, false), (vec![(0, 125), (1, 124)], false));
        assert_eq!(call.verdict(), CallVerdict::CutShort);
    }
}
