//! Text to speech: a command speaks, and what it spoke comes back as telephone audio.
//!
//! The text reaches the command by its standard input, never by its arguments and never through a
//! shell, so that nothing in it can become an option or another command.

mod command;
mod wav;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

/// Samples a second of a telephone line (G.711).
pub const RATE: u32 = 8_000;
/// The longest text that is spoken.
pub const TEXT_MAX_CHARS: usize = 5_000;
/// The longest speech that is kept of a text, in seconds.
pub const SPEECH_MAX_S: u32 = 180;

/// Commands that run at once: each takes a whole core while it speaks.
const COMMANDS_MAX: usize = 4;

/// How text is spoken.
#[derive(Clone, Debug)]
pub struct SpeechSettings {
    /// The program and its arguments. It reads UTF-8 text from its standard input and writes a WAV
    /// file (16 bit, one or two channels, any rate) to its standard output.
    pub command: Vec<String>,
    /// The longest that one text may take.
    pub timeout: Duration,
    /// How many texts are kept with their speech, at up to 3 MB each; 0 keeps none.
    pub cache_entries: usize,
}

impl Default for SpeechSettings {
    /// `espeak-ng`, American English at 150 words a minute; 20 s; 16 texts.
    fn default() -> Self {
        let command = ["espeak-ng", "-v", "en-us", "-s", "150", "--stdin", "--stdout"];
        Self {
            command: command.map(str::to_owned).to_vec(),
            timeout: Duration::from_secs(20),
            cache_entries: 16,
        }
    }
}

/// Speech as a telephone carries it: one channel, 8,000 samples a second, 16 bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pcm(Vec<i16>);

impl Pcm {
    /// Takes samples at [`RATE`].
    pub fn new(samples: Vec<i16>) -> Self {
        Self(samples)
    }

    /// The samples.
    pub fn samples(&self) -> &[i16] {
        &self.0
    }

    /// How long it lasts.
    pub fn duration(&self) -> Duration {
        Duration::from_micros(self.0.len() as u64 * 1_000_000 / u64::from(RATE))
    }
}

/// Why a text was not spoken. Its message is one sentence without the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeechFault {
    /// The text is longer than [`TEXT_MAX_CHARS`], or its speech than [`SPEECH_MAX_S`].
    #[error("The text is too long to be spoken.")]
    TooLong,
    /// There is nothing in the text to speak.
    #[error("The text has nothing in it that can be spoken.")]
    Empty,
    /// The command is missing, failed, hung, or wrote something other than a sound.
    #[error("{0}")]
    Broken(String),
}

/// Texts and their speech, the one used last at the back.
type KeptSpeech = VecDeque<(String, Arc<Pcm>)>;

/// Speaks texts. Clones share the cache and the limit on commands that run at once.
#[derive(Clone)]
pub struct Speech {
    settings: Arc<SpeechSettings>,
    running: Arc<Semaphore>,
    kept: Arc<Mutex<KeptSpeech>>,
}

impl Speech {
    /// Starts nothing yet: whether the command works is seen when it speaks.
    pub fn new(settings: SpeechSettings) -> Self {
        let running = Arc::new(Semaphore::new(COMMANDS_MAX));
        Self { settings: Arc::new(settings), running, kept: Arc::default() }
    }

    /// The text as telephone audio, from the cache or from one run of the command.
    ///
    /// Control characters are read as spaces. Dropping the future ends the command.
    pub async fn speak(&self, text: &str) -> Result<Arc<Pcm>, SpeechFault> {
        if text.chars().nth(TEXT_MAX_CHARS).is_some() {
            return Err(SpeechFault::TooLong);
        }
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if !text.chars().any(char::is_alphanumeric) {
            return Err(SpeechFault::Empty);
        }
        if let Some(pcm) = self.recall(&text) {
            return Ok(pcm);
        }
        let closed = |_| SpeechFault::Broken("No more text is spoken.".to_owned());
        let _turn = self.running.acquire().await.map_err(closed)?;
        // While this call waited for its turn, another may have spoken the same.
        if let Some(pcm) = self.recall(&text) {
            return Ok(pcm);
        }
        let file = command::run(&self.settings, &text).await?;
        // Minutes of speech take longer to convert than a runtime thread should be held.
        let read = tokio::task::spawn_blocking(move || wav::read(&file)).await;
        let ended = |_| SpeechFault::Broken("The speech could not be converted.".to_owned());
        let pcm = Arc::new(read.map_err(ended)??);
        self.keep(text, Arc::clone(&pcm));
        Ok(pcm)
    }

    fn recall(&self, text: &str) -> Option<Arc<Pcm>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == text)?;
        let entry = kept.remove(at)?;
        let pcm = Arc::clone(&entry.1);
        kept.push_back(entry);
        Some(pcm)
    }

    fn keep(&self, text: String, pcm: Arc<Pcm>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != text);
        kept.push_back((text, pcm));
        while kept.len() > self.settings.cache_entries {
            kept.pop_front();
        }
    }
}
