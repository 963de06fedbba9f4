//! E-mail over SMTP: one connection, one recipient, one mail, one try.
//!
//! A mail that was taken over may still come back: [`bounce::parse`] reads what its server then
//! writes. A mail is refused for good only by what the server says about the mail itself. What stands in
//! the way of it (no connection, a certificate, a wrong password) is [`Class::Later`], so that the
//! mail still goes out when somebody has repaired it.

pub mod bounce;
mod compose;
mod refusal;
mod session;

use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use crate::outcome::{Accepted, Class, Outcome, Refused};
use crate::{Reach, secret::Secret};
use session::Progress;

pub use bounce::Bounce;

/// How long a server gets to answer the goodbye, which changes nothing any more.
const QUIT_TIMEOUT: Duration = Duration::from_secs(1);

/// Where mail is handed over, and how.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Host name or IP address; the certificate must be for it.
    pub host: String,
    /// The port: usually 587 for STARTTLS, 465 for TLS, 25 in one's own network.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// Who signs in, where the server wants that.
    pub login: Option<SmtpLogin>,
    /// The longest that one try may take, from the first packet to the last answer.
    pub timeout: Duration,
    /// The name that we call ourselves by (EHLO); the machine's own name where there is none.
    pub client_name: Option<String>,
    /// PEM certificates to trust on top of the system's, for a server with one of its own.
    pub extra_roots: Option<Vec<u8>>,
}

/// How the connection is encrypted. There is no "if possible": who wants TLS gets it or an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all: for a server on the same machine or network.
    Plain,
    /// By the STARTTLS command, before anything else is said.
    StartTls,
    /// From the first byte.
    Tls,
}

/// Who signs in to the server.
#[derive(Clone, Debug)]
pub struct SmtpLogin {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

/// A mail to one recipient.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who it is from; without `sender` also the envelope's sender.
    pub from: Mailbox,
    /// Who hands it over, where that is somebody else: the envelope's sender, where bounces go, and
    /// the `Sender` header (RFC 5322, 3.6.2). A `from` of a domain that does not know our server
    /// may fail the recipient's DMARC check.
    pub sender: Option<Mailbox>,
    /// The one recipient.
    pub to: Mailbox,
    /// Where an answer should go instead of to the sender.
    pub reply_to: Option<Mailbox>,
    /// The subject. Control characters become spaces.
    pub subject: String,
    /// The plain text. Any line ends, the last one optional; other control characters become spaces.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// The Message-ID without its angle brackets: `left@right`, each side letters, digits and
    /// marks with single dots between them (RFC 5322, 3.6.4). Made from the delivery's idempotency
    /// key, so that a repeated mail can be told from a second one, and a bounce from another's.
    pub message_id: String,
    /// The Date header: UTC milliseconds since 1970.
    pub date_ms: i64,
    /// Whether no person wrote it (`Auto-Submitted: auto-generated`), so that no robot answers.
    pub is_automatic: bool,
    /// Where the recipient can unsubscribe: an `https:` or `mailto:` address (RFC 2369). The former
    /// is offered for one click: it must then answer a POST without asking anything (RFC 8058).
    pub list_unsubscribe: Option<String>,
    /// How many times what the mail says has come from a mail of ours before, 0 for the first. It
    /// stands in [`HOPS_HEADER`], so that a mail that comes back to us can be told from a new one.
    pub hops: u8,
}

/// The header of [`Mail::hops`].
pub const HOPS_HEADER: &str = "X-Liberty-Hops";

/// A name and an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, which may be empty. Control characters become spaces.
    pub name: String,
    /// The address. Control characters, spaces, quotes and angle brackets are refused.
    pub address: String,
}

/// The settings of a [`MailServer`] that no try could work with; its message is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadMailServer(String);

/// Sends mail through one server. Each send has its own connection, so any number may run at once.
#[derive(Clone)]
pub struct Mailer {
    server: MailServer,
    hello: ClientId,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
}

impl Mailer {
    /// Checks the settings and reads the certificates; speaks with nobody yet.
    pub fn new(server: MailServer) -> Result<Self, BadMailServer> {
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
        if !is_name(&server.host) {
            return Err(BadMailServer(
                "The mail server's host is not a name or address.".to_owned(),
            ));
        }
        let hello = match &server.client_name {
            None => ClientId::default(),
            Some(name) if is_name(name) => ClientId::Domain(name.clone()),
            Some(_) => {
                return Err(BadMailServer("The mail client name is not a host name.".to_owned()));
            }
        };
        let tls = match server.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(tls_parameters(&server)?),
        };
        let credentials = server
            .login
            .as_ref()
            .map(|login| Credentials::new(login.user.clone(), login.password.reveal().to_owned()));
        Ok(Self { server, hello, tls, credentials })
    }

    /// The server's host, for people.
    pub fn host(&self) -> &str {
        &self.server.host
    }

    /// Tries once to hand the mail over. Ends within the server's timeout (and a second for the
    /// goodbye). Dropping the future half-way leaves it open whether the mail was sent.
    pub async fn send(&self, mail: &Mail) -> Outcome {
        let letter = compose::letter(mail)?;
        let progress = Progress::default();
        let tried = timeout(self.server.timeout, session::deliver(self, &letter, &progress)).await;
        let (mut connection, response) = self.outcome(tried, &progress)?;
        // The server has taken the mail over; a goodbye that goes wrong does not give it back.
        let _ = timeout(QUIT_TIMEOUT, connection.quit()).await;
        let references = vec![mail.message_id.clone()];
        Ok(Accepted { response, references, reach: Reach::Carrier })
    }

    /// Connects, signs in and leaves: whether the settings work, without sending anything.
    pub async fn check(&self) -> Result<(), Refused> {
        let progress = Progress::default();
        let tried = timeout(self.server.timeout, session::open(self, &progress)).await;
        let mut connection = self.outcome(tried, &progress)?;
        let _ = timeout(QUIT_TIMEOUT, connection.quit()).await;
        Ok(())
    }

    fn outcome<T>(
        &self,
        tried: Result<Result<T, session::SmtpFailure>, tokio::time::error::Elapsed>,
        progress: &Progress,
    ) -> Result<T, Refused> {
        match tried {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(failure)) => Err(refusal::of(&self.server.host, progress.stage(), &failure)),
            Err(_) => Err(refusal::of_silence(&self.server.host, progress.stage())),
        }
    }
}

fn tls_parameters(server: &MailServer) -> Result<TlsParameters, BadMailServer> {
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.extra_roots {
        let refused =
            || BadMailServer("The mail server's extra roots are not PEM certificates.".into());
        let is_pem = pem.windows(27).any(|window| window == b"-----BEGIN CERTIFICATE-----");
        let certificate = Certificate::from_pem(pem).ok().filter(|_| is_pem);
        builder = builder.add_root_certificate(certificate.ok_or_else(refused)?);
    }
    let failed =
        |error| BadMailServer(format!("TLS with the mail server cannot be set up: {error}."));
    builder.build().map_err(failed)
}
