//! Who answered a call: a person says a word and waits, a machine goes on talking.
//!
//! Time is counted in ticks of 20 ms. Voice is audio above a level. The first stretch of voice
//! without a pause decides: shorter than three seconds is a person's greeting, longer a machine's.

/// Ticks in a second.
pub(super) const TICKS_A_SECOND: u32 = 50;
/// The level above which audio is voice: -40 dB of full scale, over which line noise stays below.
const VOICE_LEVEL: f64 = 327.0;
/// Nobody says a word within this: whoever it is, the text is spoken.
const SILENCE_TICKS: u32 = 5 * TICKS_A_SECOND / 2;
/// This long without voice ends a stretch of it.
const PAUSE_TICKS: u32 = TICKS_A_SECOND;
/// A stretch of voice at least as long is a machine's.
const MACHINE_TICKS: u32 = 3 * TICKS_A_SECOND;
/// Fewer ticks of voice are a click on the line.
const WORD_TICKS: u32 = 5;

/// Who answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answerer {
    /// Nobody spoke and no key was pressed.
    Silent,
    /// A short greeting, or a key.
    Person,
    /// A long greeting.
    Machine,
}

/// Whether this audio is voice rather than noise or silence.
pub(super) fn is_voice(samples: impl ExactSizeIterator<Item = i16>) -> bool {
    let count = samples.len().max(1) as f64;
    let power: f64 = samples.map(|sample| f64::from(sample).powi(2)).sum();
    (power / count).sqrt() > VOICE_LEVEL
}

/// Listens to the beginning of a call.
#[derive(Default)]
pub(super) struct Greeting {
    ticks: u32,
    voiced: u32,
    began: u32,
    paused: u32,
}

impl Greeting {
    /// Hears 20 ms more, and says who it is once that is clear: within 2.5 s of silence, a second
    /// after a short greeting, or three seconds into a long one.
    pub(super) fn hear(&mut self, has_voice: bool) -> Option<Answerer> {
        self.ticks += 1;
        if has_voice {
            if self.voiced == 0 {
                self.began = self.ticks;
            }
            self.voiced += 1;
            self.paused = 0;
        } else {
            self.paused += 1;
        }
        let is_word = self.voiced >= WORD_TICKS;
        if is_word && has_voice && self.ticks - self.began >= MACHINE_TICKS {
            return Some(Answerer::Machine);
        }
        if self.voiced > 0 && self.paused >= PAUSE_TICKS {
            if is_word {
                return Some(Answerer::Person);
            }
            self.voiced = 0;
        }
        (self.voiced == 0 && self.ticks >= SILENCE_TICKS).then_some(Answerer::Silent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stretches of silence and voice in turn, in ms, beginning with silence.
    fn answerer(stretches: &[u32]) -> (Option<Answerer>, u32) {
        let mut greeting = Greeting::default();
        let mut ms = 0;
        for (n, stretch) in stretches.iter().enumerate() {
            for _ in 0..stretch / 20 {
                ms += 20;
                if let Some(answerer) = greeting.hear(n % 2 == 1) {
                    return (Some(answerer), ms);
                }
            }
        }
        (None, ms)
    }

    #[test]
    fn who_it_is_and_when_that_is_clear() {
        use Answerer::{Machine, Person, Silent};
        for (stretches, wanted) in [
            (&[9_000][..], (Some(Silent), 2_500)),
            (&[400, 600, 9_000], (Some(Person), 2_000)),
            (&[400, 300, 500, 400, 9_000], (Some(Person), 2_600)),
            (&[200, 9_000], (Some(Machine), 3_220)),
            (&[200, 1_000, 800, 3_000], (Some(Machine), 3_220)),
            (&[0, 2_900, 3_000], (Some(Person), 3_900)),
            (&[400, 60, 9_000], (Some(Silent), 2_500)),
            (&[2_000, 60, 600, 500, 3_000], (Some(Person), 4_160)),
            (&[400, 1_000], (None, 1_400)),
        ] {
            assert_eq!(answerer(stretches), wanted, "{stretches:?}");
        }
    }

    #[test]
    fn quiet_noise_is_no_voice() {
        let wave = |size: i16| (0..160).map(move |n| if n % 2 == 0 { size } else { -size });
        assert!(!is_voice(wave(300).collect::<Vec<_>>().into_iter()));
        assert!(is_voice(wave(400).collect::<Vec<_>>().into_iter()));
        assert!(!is_voice(std::iter::empty()));
    }
}
