//! sipp as the called side, by a scenario of tests/peers/sip.

use std::process::Command;

use tempfile::TempDir;

use super::{Peer, eventually, fill, free_port, printed, start};

/// What sipp plays; [`Options::default`] answers one call over UDP.
#[derive(Clone, Debug)]
pub struct Options {
    /// The scenario's name: a file of tests/peers/sip without `.xml`.
    pub scenario: &'static str,
    /// What stands for the scenario's blanks, such as `[status]` or `[audio]`.
    pub keys: Vec<(&'static str, String)>,
    /// How many calls it takes before it ends.
    pub calls: u32,
    /// Whether it speaks TCP.
    pub is_tcp: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { scenario: "answers", keys: Vec::new(), calls: 1, is_tcp: false }
    }
}

/// A running sipp. It ends when this is dropped.
pub struct Sipp {
    peer: Peer,
    port: u16,
    dir: TempDir,
}

impl Sipp {
    /// Starts it and returns when it listens on 127.0.0.1.
    ///
    /// # Panics
    /// Where it cannot be started; the message says what is missing.
    pub fn start(options: &Options) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let (port, audio) = (free_port(), free_port());
        let keys: Vec<(String, &str)> =
            options.keys.iter().map(|(name, value)| (format!("[{name}]"), &**value)).collect();
        let blanks: Vec<(&str, &str)> =
            keys.iter().map(|(blank, value)| (&**blank, *value)).collect();
        let scenario = fill(&format!("{}.xml", options.scenario), &blanks);
        std::fs::write(dir.path().join("scenario.xml"), scenario).expect("a file in the folder");
        let mut command = Command::new("sipp");
        command
            .args(["-sf", "scenario.xml"])
            .args(["-i", "127.0.0.1", "-p", &port.to_string(), "-mp", &audio.to_string()])
            .args(["-m", &options.calls.to_string(), "-nostdin", "-trace_msg", "-trace_err"])
            .args(["-message_file", "messages", "-error_file", "errors"])
            .args(["-t", if options.is_tcp { "t1" } else { "u1" }])
            .env("TERM", "dumb");
        let peer = start(&mut command, dir.path(), port);
        Self { peer, port, dir }
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits until all its calls are over, and returns every message that went by.
    ///
    /// # Panics
    /// Where the calls did not go as the scenario says.
    pub fn finish(mut self) -> Vec<String> {
        let status = eventually(|| self.peer.0.try_wait().expect("a child"));
        let messages = self.messages();
        let errors = std::fs::read(self.dir.path().join("errors")).unwrap_or_default();
        assert!(
            status.is_some_and(|status| status.success()),
            "sipp: {status:?}\n{}\n{}\n{}",
            String::from_utf8_lossy(&errors),
            messages.join("\n--\n"),
            printed(self.dir.path()),
        );
        messages
    }

    /// Every message that went by so far, each with its start line first.
    pub fn messages(&self) -> Vec<String> {
        let log = std::fs::read(self.dir.path().join("messages")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log).replace("\r\n", "\n");
        // Each stands under a line of dashes with the time, and one of how many bytes it has.
        let entries = log.split("-----------------------------------------------");
        let text = |entry: &str| entry.split_once(":\n\n").map(|(_, text)| text.trim().to_owned());
        entries.filter_map(text).collect()
    }
}
