//! kamailio as a trunk's proxy that wants a password and hands calls on.

use std::process::Command;

use tempfile::TempDir;

use super::{Peer, fill, free_port, start};

/// A running kamailio. It ends when this is dropped.
pub struct Kamailio {
    _peer: Peer,
    port: u16,
    _dir: TempDir,
}

impl Kamailio {
    /// Starts it in front of the peer on this port; the user is `joe`, the password `sesame`.
    ///
    /// # Panics
    /// Where it cannot be started; the message says what is missing.
    pub fn start(next: u16) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let port = free_port();
        let modules = glob_modules();
        let (port_text, next) = (port.to_string(), next.to_string());
        let blanks = [("PORT", &*port_text), ("NEXT", &*next), ("MODULES", &*modules)];
        let file = dir.path().join("kamailio.cfg");
        std::fs::write(&file, fill("kamailio.cfg", &blanks)).expect("a file in the folder");
        let mut command = Command::new("/usr/sbin/kamailio");
        command.arg("-f").arg(&file).arg("-Y").arg(dir.path()).args(["-m", "32", "-M", "4", "-DD"]);
        let peer = start(&mut command, dir.path(), port);
        Self { _peer: peer, port, _dir: dir }
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// Debian keeps modules in a folder of the machine's architecture.
fn glob_modules() -> String {
    let folders = std::fs::read_dir("/usr/lib").expect("a Unix system");
    let paths = folders.filter_map(|folder| Some(folder.ok()?.path().join("kamailio/modules")));
    let found = paths.into_iter().find(|path| path.is_dir());
    found.expect("kamailio's modules: run script/bootstrap --dev").display().to_string()
}
