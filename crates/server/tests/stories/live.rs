//! The real binary on a data directory of its own, beside a world that writes to the same database.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use testkit::World;

/// The binary, as cargo built it for the tests.
const LIBERTY: &str = env!("CARGO_BIN_EXE_liberty");

/// A data directory and the variables that every command gets.
pub(crate) struct Place {
    pub(crate) dir: PathBuf,
    pub(crate) port: u16,
    variables: Vec<(String, String)>,
}

/// A running server. It is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    log: PathBuf,
}

impl Place {
    /// A place in a directory that somebody else keeps.
    pub(crate) fn at(dir: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let place = Place { dir: dir.to_owned(), port, variables: Vec::new() };
        place
            .with("LIBERTY_DATA_DIR", &dir.display().to_string())
            .with("LIBERTY_LISTEN", &format!("127.0.0.1:{port}"))
    }

    /// The place of a world: its database, its audio. The world's clock goes to the machine's time,
    /// which a server of that place reads.
    pub(crate) fn of(world: &World) -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let ms = since.expect("a clock after 1970").as_millis();
        world.clock.set(domain::Instant::from_ms(i64::try_from(ms).expect("this era")));
        Self::at(world.folder.path())
    }

    /// The same with one more variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with mail through a server on this port.
    pub(crate) fn with_mail(self, port: u16) -> Self {
        self.with("LIBERTY_MAIL_HOST", "127.0.0.1")
            .with("LIBERTY_MAIL_PORT", &port.to_string())
            .with("LIBERTY_MAIL_SECURITY", "plain")
            .with("LIBERTY_MAIL_FROM_ADDRESS", "messages@desk.example")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(LIBERTY);
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.args(arguments).env_clear().env("PATH", path).current_dir(&self.dir);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().expect("it starts")
    }

    /// Runs a command with something on its standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(input.as_bytes()).expect("it reads");
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }

    /// Runs a command that must succeed; answers what it printed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs a command that must fail; answers its exit code and what it said.
    pub(crate) fn refused(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        (output.status.code().expect("a code"), said(&output))
    }

    /// Starts the server and waits until it can serve.
    pub(crate) fn serve(&self) -> Server {
        let server = self.start();
        let url = format!("{}/readyz", server.url);
        eventually("the server serves", Duration::from_secs(30), || {
            get(&url).is_some_and(|status| status == 200)
        });
        server
    }

    /// Starts the server. Its log is appended to `server.log`.
    pub(crate) fn start(&self) -> Server {
        let log = self.dir.join("server.log");
        let file = std::fs::File::options().append(true).create(true).open(&log);
        let mut command = self.command(&["serve"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file.expect("a log"));
        let child = command.spawn().expect("it starts");
        Server { child, url: format!("http://127.0.0.1:{}", self.port), log }
    }
}

/// What a command said on standard error.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The status of an address, without a body: a blocking request in a few lines of HTTP/1.1.
pub(crate) fn get(url: &str) -> Option<u16> {
    use std::io::Read;
    let (host, path) = url.strip_prefix("http://")?.split_once('/')?;
    let mut stream = std::net::TcpStream::connect(host).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(3))).ok()?;
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    // An answer that breaks off has its status all the same.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}

/// A client of HTTP. reqwest is built without a provider of TLS, and wants one even for `http`.
pub(crate) fn http() -> reqwest::ClientBuilder {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

/// The status that signing in by the form is answered with: 303 leads inside.
pub(crate) async fn sign_in(server: &Server, email: &str, password: &str) -> u16 {
    let client = http().cookie_store(true).redirect(reqwest::redirect::Policy::none());
    let client = client.build().expect("a client");
    let address = format!("{}/sign-in", server.url);
    let page = client.get(&address).send().await.expect("a page").text().await.expect("a body");
    let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|at| at.split('"').next());
    let form = [("email", email), ("password", password), ("csrf", token.expect("a token"))];
    client.post(address).form(&form).send().await.expect("an answer").status().as_u16()
}

/// Waits until something holds. For real processes, whose clock nobody can move.
pub(crate) fn eventually(what: &str, patience: Duration, holds: impl Fn() -> bool) {
    let end = Instant::now() + patience;
    while !holds() {
        assert!(Instant::now() < end, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Server {
    /// Kills it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it still runs");
        self.child.wait().expect("it is gone");
    }

    /// Tells it to stop.
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(status.expect("kill").success());
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self, patience: Duration) -> ExitStatus {
        let end = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(Instant::now() < end, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("a log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
