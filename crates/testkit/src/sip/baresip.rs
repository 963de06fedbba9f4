//! baresip as a phone that answers by itself, plays a sound and records what it hears.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::{Peer, fill, free_port, start};

/// A running baresip. It ends when this is dropped.
pub struct Baresip {
    peer: Option<Peer>,
    port: u16,
    dir: TempDir,
}

impl Baresip {
    /// Starts it and returns when it listens on 127.0.0.1. It has this number, and says these
    /// samples (8 kHz) to whoever calls, and silence after them.
    ///
    /// # Panics
    /// Where it cannot be started; the message says what is missing.
    pub fn start(number: &str, says: &[i16]) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let port = free_port();
        // It plays its file again from the beginning, so the silence outlasts any call.
        let silence = std::iter::repeat_n(&0, 8_000 * 120);
        write_wav(&dir.path().join("play.wav"), says.iter().chain(silence));
        let folder = dir.path().display().to_string();
        let audio = free_port();
        let (port_text, ports) = (port.to_string(), format!("{audio}-{}", audio + 40));
        let blanks = [("DIR", &*folder), ("PORTS", &*ports), ("PORT", &*port_text)];
        let write = |name: &str, text: String| {
            std::fs::write(dir.path().join(name), text).expect("a file in the folder");
        };
        write("config", fill("baresip/config", &blanks));
        let account = "answermode=auto;regint=0;audio_codecs=PCMU/8000/1";
        write("accounts", format!("<sip:{number}@127.0.0.1:{port}>;{account}\n"));
        write("contacts", String::new());
        let mut command = Command::new("baresip");
        let peer = start(command.arg("-f").arg(dir.path()), dir.path(), port);
        Self { peer: Some(peer), port, dir }
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it, and returns what it heard on its one call, at 8 kHz.
    ///
    /// # Panics
    /// Where it heard nothing.
    pub fn heard(mut self) -> Vec<i16> {
        self.peer = None;
        let files = std::fs::read_dir(self.dir.path()).expect("the folder");
        let mut paths = files.map(|file| file.expect("a file").path());
        let is_heard = |path: &std::path::PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with("dump-") && name.ends_with("-dec.wav"))
        };
        let path = paths.find(is_heard).expect("baresip records each call");
        let bytes = std::fs::read(path).expect("a recording");
        let samples = bytes[44..].chunks_exact(2);
        samples.map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
    }
}

fn write_wav<'a>(path: &Path, samples: impl Iterator<Item = &'a i16>) {
    let data: Vec<u8> = samples.flat_map(|sample| sample.to_le_bytes()).collect();
    let mut file = crate::sound::wav(0);
    let length = u32::try_from(data.len()).expect("a short sound");
    file[4..8].copy_from_slice(&(36 + length).to_le_bytes());
    file[40..44].copy_from_slice(&length.to_le_bytes());
    file.extend(data);
    std::fs::write(path, file).expect("a file in the folder");
}
