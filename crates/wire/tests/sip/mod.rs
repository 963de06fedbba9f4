//! Calls to real SIP peers on loopback: answered, refused, left ringing, and worse.

mod answered;
mod heard;
mod refused;
mod registered;
mod spoken;
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use testkit::sip::{Options, Sipp};
use wire::sip::{SipLogin, SipSettings, Trunk};
use wire::speech::{self, Pcm, Speech};
use wire::{Outcome, Secret, VoiceCall};

/// A trunk on 127.0.0.1 that is given up after short times.
fn settings(port: u16) -> SipSettings {
    SipSettings {
        port,
        answer_timeout: Duration::from_secs(8),
        ring_timeout: Duration::from_secs(3),
        audio_ports: (30_000, 32_000),
        ..SipSettings::new("127.0.0.1")
    }
}

fn login(password: &str) -> Option<SipLogin> {
    let password = Secret::new(password);
    Some(SipLogin { user: "joe".to_owned(), auth_user: None, password })
}

/// Speech whose command is a file that lies ready, whatever the text.
struct Tape {
    speech: Speech,
}

impl Tape {
    /// A rising tone of so many milliseconds.
    fn of(ms: u32) -> Self {
        let mut file = testkit::sound::wav(ms);
        for (n, sample) in file[44..].chunks_exact_mut(2).enumerate() {
            let seconds = n as f64 / 8_000.0;
            let phase = std::f64::consts::TAU * seconds * (300.0 + 200.0 * seconds);
            sample.copy_from_slice(&((phase.sin() * 8_000.0) as i16).to_le_bytes());
        }
        // Beside the test's own program, where it may stay. Tests run at the same time: each writes
        // its own file and moves it into place.
        let program = std::env::current_exe().expect("a test");
        let folder = program.parent().expect("its folder");
        let own = tempfile::NamedTempFile::new_in(folder).expect("a temporary file");
        std::fs::write(own.path(), file).expect("a file in the folder");
        let path = folder.join(format!("tape-{ms}.wav"));
        own.persist(&path).expect("a file in the folder");
        let command = vec!["cat".to_owned(), path.display().to_string()];
        let speech =
            Speech::new(speech::SpeechSettings { command, ..speech::SpeechSettings::default() });
        Self { speech }
    }

    async fn pcm(&self) -> Arc<Pcm> {
        self.speech.speak("tape").await.expect("a tape")
    }

    fn trunk(&self, settings: SipSettings) -> Trunk {
        Trunk::open(settings, self.speech.clone()).expect("sound settings")
    }
}

fn voice_call(asks_acknowledgement: bool) -> VoiceCall {
    VoiceCall {
        from: "+15617819977".to_owned(),
        to: "+15550100123".to_owned(),
        text: "The heating of 12 Elm Street has failed.".to_owned(),
        asks_acknowledgement,
        key: "0198c0de-7777-7000-8000-000000000001".to_owned(),
    }
}

fn sipp(scenario: &'static str, keys: &[(&'static str, &str)]) -> Sipp {
    let keys = keys.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Sipp::start(&Options { scenario, keys, ..Options::default() })
}

/// One call of half a second to this peer.
async fn call(peer: &Sipp, asks: bool) -> Outcome {
    Tape::of(500).trunk(settings(peer.port())).call(&voice_call(asks)).await
}

/// How many of the messages begin with this.
fn count(messages: &[String], start: &str) -> usize {
    messages.iter().filter(|message| message.starts_with(start)).count()
}
