//! A real SMTP server on loopback (tests/peers/smtp_server.py, on aiosmtpd) and the mails it took.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

/// What the server does; [`Options::default`] takes every mail, in the clear and from anybody.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; 0 takes a free port. With a number, a server can come back.
    pub port: u16,
    /// How connections are encrypted.
    pub tls: Tls,
    /// User and password, without which it takes no mail.
    pub login: Option<(String, String)>,
    /// Recipients that it refuses, each with the reply, such as `550 5.1.1 no such mailbox`.
    pub refuse: Vec<(String, String)>,
    /// Where it misbehaves.
    pub trouble: Vec<Trouble>,
    /// Whether it takes addresses with letters outside ASCII.
    pub takes_utf8: bool,
}

/// How connections to the server are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Not at all.
    None,
    /// By the STARTTLS command, which it insists on.
    StartTls,
    /// From the first byte.
    Tls,
}

/// One thing that the server does instead of what it should.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// When.
    pub at: Stage,
    /// What.
    pub what: What,
    /// How often, before it behaves; `None` is always.
    pub times: Option<u32>,
}

/// A point in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Instead of the greeting.
    Connect,
    /// In place of the answer to EHLO.
    Ehlo,
    /// In place of the answer to MAIL FROM.
    Mail,
    /// In place of the answer to RCPT TO.
    Rcpt,
    /// In place of the answer to DATA.
    Data,
    /// After the go-ahead, without reading the mail.
    Body,
    /// In place of the answer to the whole mail, which stands in the ledger already.
    Answer,
}

/// What the server does there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It answers this line.
    Say(String),
    /// It never answers.
    Hang,
    /// It resets the connection.
    Close,
    /// It waits this many milliseconds and then does what it should.
    Slow(u64),
}

/// A mail as the server's own parser read it.
#[derive(Clone, Debug, Deserialize)]
pub struct ReceivedMail {
    /// What the client called itself.
    pub helo: String,
    /// Who was signed in.
    pub user: Option<String>,
    /// Whether it came over an encrypted connection.
    pub is_encrypted: bool,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// All headers in their order, decoded.
    pub headers: Vec<(String, String)>,
    /// The plain text part, decoded, with `\n` line ends.
    pub text: Option<String>,
    /// The HTML part, decoded, with `\n` line ends.
    pub html: Option<String>,
    raw: String,
}

/// A running server. It ends when this is dropped.
pub struct SmtpServer {
    child: Child,
    port: u16,
    certificate: Option<Vec<u8>>,
    dir: TempDir,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            tls: Tls::None,
            login: None,
            refuse: Vec::new(),
            trouble: Vec::new(),
            takes_utf8: true,
        }
    }
}

impl Options {
    /// These options, and this trouble each time.
    pub fn with_trouble(mut self, at: Stage, what: What) -> Self {
        self.trouble.push(Trouble { at, what, times: None });
        self
    }

    fn to_json(&self, dir: &Path) -> String {
        let refuse: serde_json::Map<_, _> =
            self.refuse.iter().map(|(to, reply)| (to.clone(), reply.as_str().into())).collect();
        let trouble: Vec<_> = self.trouble.iter().map(Trouble::to_json).collect();
        serde_json::json!({
            "dir": dir, "port": self.port, "tls": self.tls, "login": self.login,
            "refuse": refuse, "trouble": trouble, "takes_utf8": self.takes_utf8,
        })
        .to_string()
    }
}

impl Trouble {
    fn to_json(&self) -> serde_json::Value {
        let (what, text) = match &self.what {
            What::Say(line) => ("say", line.clone()),
            What::Hang => ("hang", String::new()),
            What::Close => ("close", String::new()),
            What::Slow(ms) => ("slow", ms.to_string()),
        };
        serde_json::json!({ "at": self.at, "what": what, "text": text, "times": self.times })
    }
}

impl SmtpServer {
    /// Starts the server and returns when it listens on 127.0.0.1.
    ///
    /// # Panics
    /// Where the server cannot be started; the message says what is missing.
    pub fn start(options: Options) -> Self {
        #[derive(Deserialize)]
        struct Ready {
            port: u16,
            certificate: Option<PathBuf>,
        }
        let dir = TempDir::new().expect("a temporary folder");
        let root = workspace_root();
        let python = root.join(".venv/bin/python");
        assert!(
            python.exists(),
            "The SMTP peer needs {} with aiosmtpd: run script/bootstrap.",
            python.display()
        );
        let mut child = Command::new(python)
            .arg(root.join("tests/peers/smtp_server.py"))
            .arg(options.to_json(dir.path()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let stdout = child.stdout.take().expect("the output was piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("the SMTP peer speaks UTF-8");
        let ready: Ready = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("The SMTP peer did not start ({error}); see above."));
        let read = |path| std::fs::read(path).expect("the peer wrote its certificate");
        Self { child, port: ready.port, certificate: ready.certificate.map(read), dir }
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The PEM certificate for `localhost` and 127.0.0.1, where the server has one.
    pub fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// Every mail that reached the server in full, in order, answered or not.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        let ledger = std::fs::read_to_string(self.dir.path().join("mails.jsonl"));
        // Before the first mail there is no ledger; a last line without its end is still written.
        let ledger = ledger.unwrap_or_default();
        let whole = ledger.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        whole.map(|line| serde_json::from_str(line).expect("a line of the ledger")).collect()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl ReceivedMail {
    /// The values of all headers of this name, in any letter case.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The mail byte for byte.
    pub fn raw(&self) -> Vec<u8> {
        BASE64.decode(self.raw.as_bytes()).expect("the peer writes base64")
    }
}

fn workspace_root() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).expect("the crate lies two folders below the root").to_owned()
}
