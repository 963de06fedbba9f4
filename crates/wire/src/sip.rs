//! Calls over a SIP trunk that speak a text: one call, one phone, one try.
//!
//! A number is refused for good only by what the trunk says about the number. What stands in the
//! way of a call (no connection, a wrong password, no free line) is [`Class::Later`](crate::Class),
//! and a phone that is busy, declines or rings in vain is [`Class::Absent`](crate::Class). Once a
//! call was answered, it is not repeated by anybody who follows these classes, unless the other
//! side hung up before half of the text was spoken.

mod answerer;
mod call;
mod conversation;
mod g711;
mod line;
mod media;
mod refusal;
mod registration;
mod rtp;
mod sdp;
mod settings;

use std::sync::Arc;

use tokio::sync::{OnceCell, Semaphore};
use tokio::task::AbortHandle;

use crate::outcome::{Class, Outcome, Refused};
use crate::speech::{Pcm, Speech, SpeechFault};
use crate::voice::VoiceCall;
use conversation::{Question, Script};
use line::SipLine;
pub use settings::{BadSipSettings, SipLogin, SipSettings, Transport};

/// What is said after the text of a call that asks for a key.
pub const QUESTION: &str = "Press 1 to acknowledge, 9 to repeat.";
/// What is said to the one who acknowledged.
pub const THANKS: &str = "Thank you. Goodbye.";

/// A trunk that places calls. Clones share the socket, the registration and the limit on calls;
/// with the last of them, all of these end, and what was dropped in the middle is not even
/// cancelled any more.
#[derive(Clone)]
pub struct Trunk(Arc<Shared>);

struct Shared {
    settings: Arc<SipSettings>,
    speech: Speech,
    lines: Semaphore,
    line: Arc<OnceCell<SipLine>>,
    keeper: Option<AbortHandle>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.abort();
        }
    }
}

impl Trunk {
    /// Checks the settings. The network is not waited for: the socket opens with the first call,
    /// and where the trunk registers, that is begun and kept up in the background.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn open(settings: SipSettings, speech: Speech) -> Result<Self, BadSipSettings> {
        settings.check()?;
        let settings = Arc::new(settings);
        let line = Arc::new(OnceCell::new());
        let keeper = settings.registers.then(|| {
            let keeping = registration::keep(Arc::clone(&settings), Arc::clone(&line));
            tokio::spawn(keeping).abort_handle()
        });
        let lines = Semaphore::new(settings.calls_max);
        Ok(Self(Arc::new(Shared { settings, speech, lines, line, keeper })))
    }

    /// Calls once and speaks. Ends within the time to ring, the longest call and some seconds.
    /// Dropping the future half-way cancels or hangs up, and leaves open what was heard.
    pub async fn call(&self, call: &VoiceCall) -> Outcome {
        let Ok(_line) = self.0.lines.try_acquire() else {
            let reason =
                format!("All {} lines of the trunk are in use.", self.0.settings.calls_max);
            return Err(refusal::later(reason));
        };
        let numbers = call::Numbers::of(call)?;
        let script = self.script(call).await?;
        let line = SipLine::of(&self.0.settings, &self.0.line).await?;
        call::place(&self.0.settings, line, &numbers, &call.key, script).await
    }

    /// Whether the trunk answers and, where it registers or asks who we are, takes our login.
    /// Calls nobody.
    pub async fn check(&self) -> Result<(), Refused> {
        let line = SipLine::of(&self.0.settings, &self.0.line).await?;
        match self.0.settings.registers {
            true => registration::once(&self.0.settings, line).await.map(|_| ()),
            false => line.options(&self.0.settings).await,
        }
    }

    /// How many calls the SIP layer knows of, ended ones included until they are forgotten.
    pub fn open_calls(&self) -> usize {
        self.0.line.get().map_or(0, SipLine::dialogs)
    }

    async fn script(&self, call: &VoiceCall) -> Result<Script, Refused> {
        let text = self.speak(&call.text).await?;
        let longest = self.0.settings.call_timeout;
        if text.duration() >= longest {
            let seconds = (text.duration().as_secs(), longest.as_secs());
            let reason = format!(
                "The text takes {} s to speak, and a call lasts {} s at most.",
                seconds.0, seconds.1
            );
            return Err(refusal::new(Class::Never, reason, None));
        }
        let question = match call.asks_acknowledgement {
            true => Some(Question {
                ask: self.speak(QUESTION).await?,
                thank: self.speak(THANKS).await?,
            }),
            false => None,
        };
        Ok(Script { text, question })
    }

    async fn speak(&self, text: &str) -> Result<Arc<Pcm>, Refused> {
        self.0.speech.speak(text).await.map_err(|fault| {
            let class = match fault {
                SpeechFault::TooLong | SpeechFault::Empty => Class::Never,
                SpeechFault::Broken(_) => Class::Later,
            };
            refusal::new(class, fault.to_string(), None)
        })
    }
}
