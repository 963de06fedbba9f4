//! One conversation with a mail server, step by step, so that a failure knows how far it came.

use std::io;
use std::sync::{Mutex, PoisonError};

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;

use super::compose::ComposedMail;
use super::{Mailer, Security};
use crate::outcome::quote;

/// Bytes written at a time; between two writes the connection's end is noticed.
const CHUNK_BYTES: usize = 64 * 1024;

/// How far a conversation came: what was being done when it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Stage {
    /// Reaching the server.
    #[default]
    Connection,
    /// Hearing its greeting and what it can do.
    Greeting,
    /// Changing to TLS.
    Encryption,
    /// Signing in.
    SignIn,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Announcing the mail and writing it.
    Content,
    /// All of the mail is written, its end is being written or was, and the answer is awaited.
    Answer,
}

/// The stage, shared with whoever watches the time.
#[derive(Default)]
pub(super) struct Progress(Mutex<Stage>);

impl Progress {
    pub(super) fn stage(&self) -> Stage {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reach(&self, stage: Stage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }
}

/// Why a conversation ended.
#[derive(Debug)]
pub(super) enum SmtpFailure {
    /// The server could not be reached.
    Unreachable(io::Error),
    /// The server said no, spoke no SMTP, or went away.
    Smtp(SmtpError),
    /// The server answered something that is not one of the answers to that command.
    OutOfStep(String),
    /// The server lacks something that the settings or the mail need.
    Lacks(&'static str),
    /// The address needs SMTPUTF8, and the server does not know it.
    ForeignLetters,
}

impl From<SmtpError> for SmtpFailure {
    fn from(error: SmtpError) -> Self {
        Self::Smtp(error)
    }
}

/// Connects, encrypts and signs in as the settings say.
pub(super) async fn open(
    mailer: &Mailer,
    progress: &Progress,
) -> Result<AsyncSmtpConnection, SmtpFailure> {
    let mut connection = connect(mailer, progress).await?;
    if let (Security::StartTls, Some(tls)) = (mailer.server.security, &mailer.tls) {
        progress.reach(Stage::Encryption);
        if !connection.can_starttls() {
            return Err(SmtpFailure::Lacks("STARTTLS"));
        }
        connection.starttls(tls.clone(), &mailer.hello).await?;
    }
    if let Some(credentials) = &mailer.credentials {
        progress.reach(Stage::SignIn);
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        if connection.server_info().get_auth_mechanism(&mechanisms).is_none() {
            return Err(SmtpFailure::Lacks("AUTH PLAIN and AUTH LOGIN"));
        }
        connection.auth(&mechanisms, credentials).await?;
    }
    Ok(connection)
}

async fn connect(mailer: &Mailer, progress: &Progress) -> Result<AsyncSmtpConnection, SmtpFailure> {
    let address = (mailer.server.host.as_str(), mailer.server.port);
    if let (Security::Tls, Some(tls)) = (mailer.server.security, &mailer.tls) {
        // lettre opens this connection itself and leaves TCP_NODELAY off: about 40 ms a mail.
        let tls = Some(tls.clone());
        let connection =
            AsyncSmtpConnection::connect_tokio1(address, None, &mailer.hello, tls, None).await?;
        return Ok(connection);
    }
    let stream = TcpStream::connect(address).await.map_err(SmtpFailure::Unreachable)?;
    // The end of a mail is a write of its own, which would wait for the server's delayed ACK.
    stream.set_nodelay(true).map_err(SmtpFailure::Unreachable)?;
    progress.reach(Stage::Greeting);
    let stream = Box::new(stream);
    Ok(AsyncSmtpConnection::connect_with_transport(stream, &mailer.hello).await?)
}

/// Hands the letter over, and returns the connection with what the server said.
pub(super) async fn deliver(
    mailer: &Mailer,
    letter: &ComposedMail,
    progress: &Progress,
) -> Result<(AsyncSmtpConnection, String), SmtpFailure> {
    let mut connection = open(mailer, progress).await?;
    progress.reach(Stage::Sender);
    let parameters = mail_parameters(&connection, letter)?;
    connection.command(Mail::new(Some(letter.from.clone()), parameters)).await?;
    progress.reach(Stage::Recipient);
    connection.command(Rcpt::new(letter.to.clone(), vec![])).await?;
    progress.reach(Stage::Content);
    let go_ahead = connection.command(Data).await?;
    if !go_ahead.has_code(354) {
        return Err(SmtpFailure::OutOfStep(text_of(&go_ahead)));
    }
    // Asked for a chunk after the last, the iterator knows that all of them were written: from
    // here on, only the server knows whether it has the mail.
    let no_more = std::iter::from_fn(|| {
        progress.reach(Stage::Answer);
        None
    });
    let answer = connection.message_iter(letter.bytes.chunks(CHUNK_BYTES).chain(no_more)).await?;
    if u16::from(answer.code()) / 100 != 2 {
        return Err(SmtpFailure::OutOfStep(text_of(&answer)));
    }
    Ok((connection, text_of(&answer)))
}

fn mail_parameters(
    connection: &AsyncSmtpConnection,
    letter: &ComposedMail,
) -> Result<Vec<MailParameter>, SmtpFailure> {
    // Bodies and texts are encoded as ASCII; only an address can bring other letters.
    if letter.bytes.is_ascii() {
        return Ok(Vec::new());
    }
    let server = connection.server_info();
    if !server.supports_feature(Extension::SmtpUtfEight)
        || !server.supports_feature(Extension::EightBitMime)
    {
        return Err(SmtpFailure::ForeignLetters);
    }
    Ok(vec![MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)])
}

fn text_of(response: &Response) -> String {
    let lines: Vec<&str> = response.message().collect();
    quote(&format!("{} {}", u16::from(response.code()), lines.join(" ")))
}
