//! Text messages over SMPP 3.4: one lasting connection to a carrier's SMSC, both ways.
//!
//! A message is refused for good only by what the carrier says about its numbers and text. What
//! stands in its way (no connection, a wrong password, a full queue) is [`Class::Later`], and what
//! was written without an answer is [`Class::Unknown`].
//!
//! Texts go out in the GSM 7-bit alphabet where it has all of their characters, otherwise in UCS-2,
//! and in at most ten parts. Each part has a receipt of its own, which names one of
//! [`Accepted::references`] as it stands there, however the carrier spells it: the last 50,000 ids
//! are remembered, as long as the process lives.

mod alphabet;
mod arrival;
mod assembly;
mod frame;
mod line;
mod pace;
mod parts;
mod receipt;
mod references;
mod refusal;
mod session;
mod sign_in;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use rusmpp::pdus::SubmitSm;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{DataCoding, EsmClass, Npi, RegisteredDelivery, ReplaceIfPresentFlag, Ton};
use tokio::io::AsyncWriteExt;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::outcome::{Accepted, Class, Outcome, Refused};
use crate::sms::{self, Sender, Sms};
use crate::{Pause, Reach, Report, Secret, pause, tls};
use pace::Pace;
use parts::TextPart;
use session::{Link, Order, Reply, Session, Submission, Ticket};

/// How long a carrier gets to answer the goodbye, which changes nothing any more.
const QUIT_TIMEOUT: Duration = Duration::from_secs(1);
/// Messages that wait for room in the window; more have to wait outside.
const ORDERS_MAX: usize = 64;
/// Reports that wait for somebody to take them. Beyond it the carrier is asked to come again.
const REPORTS_MAX: usize = 1_000;
/// The largest window that is taken for a setting and not for a slip of the pen.
const WINDOW_MAX: usize = 1_000;

/// Where the carrier's SMSC is, and how it is spoken to.
#[derive(Clone, Debug)]
pub struct SmppSettings {
    /// Host name or IP address; with TLS, the certificate must be for it.
    pub host: String,
    /// The port: usually 2775, or 3550 with TLS.
    pub port: u16,
    /// Who we are to the carrier: ASCII, at most 15 characters.
    pub system_id: String,
    /// The password: ASCII, at most 8 characters.
    pub password: Secret,
    /// What kind of client we are, where the carrier asks for it: ASCII, at most 12 characters.
    pub system_type: String,
    /// Whether the connection is encrypted, from its first byte.
    pub is_encrypted: bool,
    /// PEM certificates to trust on top of the system's.
    pub extra_roots: Option<Vec<u8>>,
    /// The longest that one try to connect or to send may take.
    pub timeout: Duration,
    /// How many messages may wait for the carrier's answer at a time, 1 to 1,000.
    pub window: usize,
    /// How many messages (parts of long ones, each) may go out in any second.
    pub per_second: Option<usize>,
    /// How often the carrier is asked for a sign of life; without one until the next time, the
    /// connection counts as lost.
    pub enquire_link: Duration,
    /// The wait before the first try to connect again; it doubles with each that fails, up to 32
    /// times as long.
    pub reconnect_after: Duration,
}

impl SmppSettings {
    /// These settings, and what suits most carriers for the rest: no TLS, a window of 10, no limit
    /// per second, 20 seconds for a try, 30 between signs of life, 1 before connecting again.
    pub fn new(host: &str, port: u16, system_id: &str, password: Secret) -> Self {
        Self {
            host: host.to_owned(),
            port,
            system_id: system_id.to_owned(),
            password,
            system_type: String::new(),
            is_encrypted: false,
            extra_roots: None,
            timeout: Duration::from_secs(20),
            window: 10,
            per_second: None,
            enquire_link: Duration::from_secs(30),
            reconnect_after: Duration::from_secs(1),
        }
    }

    fn check(&self) -> Result<(), BadSmppSettings> {
        let bad = |what: &str| Err(BadSmppSettings(format!("The SMS carrier's {what}.")));
        if self.host.is_empty() || !self.host.bytes().all(|b| b.is_ascii_graphic()) {
            return bad("host is not a name or address");
        }
        if !(1..=WINDOW_MAX).contains(&self.window) {
            return bad("window is not 1 to 1,000 messages");
        }
        if self.per_second == Some(0) {
            return bad("limit lets no message out");
        }
        if self.timeout.is_zero() || self.enquire_link.is_zero() || self.reconnect_after.is_zero() {
            return bad("times must be longer than nothing");
        }
        Ok(())
    }

    fn connector(&self) -> Result<Option<TlsConnector>, BadSmppSettings> {
        if !self.is_encrypted {
            return Ok(None);
        }
        let client = tls::client(self.extra_roots.as_deref()).map_err(BadSmppSettings)?;
        Ok(Some(TlsConnector::from(Arc::new(client))))
    }
}

/// [`SmppSettings`] that no try could work with; its message is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSmppSettings(String);

/// A carrier, and the lasting connection to it. Clones share the connection; when the last one is
/// dropped it signs off.
#[derive(Clone)]
pub struct Smsc {
    settings: Arc<SmppSettings>,
    orders: mpsc::Sender<Order>,
    link: watch::Receiver<Link>,
    abandoned: Arc<Notify>,
    /// Tells the parts of one long text from those of another.
    concatenation: Arc<AtomicU8>,
}

impl Smsc {
    /// Begins to connect, in a task of its own, and goes on trying for ever.
    ///
    /// The receiver yields what the carrier tells: receipts, and texts from people. Each is
    /// acknowledged to the carrier when it is put there; while nobody takes them, the carrier is
    /// asked to keep the others for later.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn open(settings: SmppSettings) -> Result<(Self, mpsc::Receiver<Report>), BadSmppSettings> {
        settings.check()?;
        let (bind, tls) = (sign_in::bind(&settings)?, settings.connector()?);
        let settings = Arc::new(settings);
        let (orders, ordered) = mpsc::channel(ORDERS_MAX);
        let (reports, reported) = mpsc::channel(REPORTS_MAX);
        let (link, seen) = watch::channel(Link::Connecting);
        let abandoned = Arc::new(Notify::new());
        let session = Session {
            settings: Arc::clone(&settings),
            bind,
            tls,
            orders: ordered,
            reports,
            link,
            abandoned: Arc::clone(&abandoned),
            pace: Pace::new(settings.per_second),
            references: references::References::default(),
            assembly: assembly::Assembly::default(),
        };
        tokio::spawn(session.run());
        let concatenation = Arc::new(AtomicU8::new(1));
        Ok((Self { settings, orders, link: seen, abandoned, concatenation }, reported))
    }

    /// Tries once to hand the message over, part by part. Ends within the settings' timeout.
    ///
    /// A first connection is waited for; a lost one is not. Dropping the future half-way leaves it
    /// open whether the message was sent, but nothing of it is written afterwards.
    pub async fn send(&self, message: &Sms) -> Outcome {
        let sender = sms::check_sender(&message.from)?;
        sms::check_number("recipient's number", &message.to)?;
        let text = sms::plain_text(&message.text);
        let reference = self.concatenation.fetch_add(1, Ordering::Relaxed);
        let parts = parts::cut(&text, reference)?;
        let mut over = pause(self.settings.timeout);
        let mut references = Vec::new();
        for (taken, part) in parts.iter().enumerate() {
            let pdu = submit_sm(sender, message, part)
                .ok_or_else(|| sms::never("The message does not fit into SMPP.".to_owned()))?;
            let outcome = self.submit(pdu, &message.to, &mut over).await;
            let reference = outcome.map_err(|refused| partly(refused, taken, parts.len()))?;
            references.extend(reference);
        }
        let ids = if references.is_empty() { "no id".to_owned() } else { references.join(", ") };
        let response = format!("accepted as {ids}");
        Ok(Accepted { response, references, reach: Reach::Carrier })
    }

    /// Signs off when all that is on its way is answered or given up, and returns when that is
    /// done. What is sent from now on is refused.
    pub async fn close(&self) {
        if self.orders.send(Order::Close).await.is_ok() {
            self.orders.closed().await;
        }
    }

    /// One part: the carrier's id of it, where it gave one.
    async fn submit(
        &self,
        pdu: SubmitSm,
        to: &str,
        over: &mut Pause,
    ) -> Result<Option<String>, Refused> {
        let host = &self.settings.host;
        let waiter = Waiter { ticket: Arc::default(), abandoned: &self.abandoned };
        let reply = tokio::select! {
            biased;
            reply = self.ask(pdu, to, &waiter.ticket) => reply,
            _ = over => {
                let silence = "did not answer in time".to_owned();
                if waiter.ticket.abandon() { Reply::Unsent(self.why_unsent()) } else { Reply::Open(silence) }
            }
        };
        match reply {
            Reply::Accepted(id) => Ok(id),
            Reply::Refused(status) => Err(refusal::of_message(host, status)),
            Reply::Unsent(reason) => Err(refusal::refused(Class::Later, reason, None)),
            Reply::Open(what) => {
                let what = what.strip_prefix(&format!("The SMS carrier {host} ")).unwrap_or(&what);
                let what = what.trim_end_matches('.');
                let reason = format!(
                    "The SMS carrier {host} was given the message and {what}, so it may have been \
                     delivered."
                );
                Err(refusal::refused(Class::Unknown, reason, None))
            }
        }
    }

    async fn ask(&self, pdu: SubmitSm, to: &str, ticket: &Arc<Ticket>) -> Reply {
        let mut link = self.link.clone();
        // The task holds the other end for as long as it lives.
        let _ = link.wait_for(|link| *link != Link::Connecting).await;
        if let Link::Down(reason) = link.borrow().clone() {
            return Reply::Unsent(reason);
        }
        let (reply, answer) = oneshot::channel();
        let (to, ticket_there) = (to.to_owned(), Arc::clone(ticket));
        let submission = Submission { pdu, to, ticket: ticket_there, reply };
        let sent = self.orders.send(Order::Submit(Box::new(submission))).await;
        match answer.await {
            Ok(reply) if sent.is_ok() => reply,
            _ if ticket.abandon() => Reply::Unsent(self.why_unsent()),
            _ => Reply::Open("went away".to_owned()),
        }
    }

    /// Why a message was not even written.
    fn why_unsent(&self) -> String {
        let host = &self.settings.host;
        match &*self.link.borrow() {
            Link::Connecting => format!("The SMS carrier {host} did not answer in time."),
            Link::Bound => format!("The SMS carrier {host} was too busy to be given the message."),
            Link::Down(reason) => reason.clone(),
        }
    }
}

/// Connects, binds and signs off: whether the settings work, without sending anything.
pub async fn check(settings: &SmppSettings) -> Result<(), Refused> {
    let bad = |bad: BadSmppSettings| refusal::refused(Class::Later, bad.to_string(), None);
    settings.check().map_err(bad)?;
    let bind = sign_in::bind(settings).map_err(bad)?;
    let tls = settings.connector().map_err(bad)?;
    let mut bound = sign_in::open(settings, tls.as_ref(), &bind).await?;
    let mut goodbye = bytes::BytesMut::new();
    let status = rusmpp::CommandStatus::EsmeRok;
    frame::put(&mut goodbye, status, bound.next_sequence, rusmpp::Pdu::Unbind);
    let goodbye = async {
        bound.stream.write_all(&goodbye).await?;
        bound.stream.shutdown().await
    };
    // The answer to the bind was what we wanted; a goodbye that goes wrong does not change it.
    let _ = timeout(QUIT_TIMEOUT, goodbye).await;
    Ok(())
}

/// Somebody who waits for an answer. When it is dropped, the message is not written any more, and
/// its place in the window is free.
struct Waiter<'a> {
    ticket: Arc<Ticket>,
    abandoned: &'a Notify,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.ticket.abandon();
        self.abandoned.notify_one();
    }
}

/// What a failure means when some parts were taken before: nobody can take those back.
fn partly(refused: Refused, taken: usize, count: usize) -> Refused {
    if taken == 0 {
        return refused;
    }
    let reason = format!("{taken} of {count} parts were accepted. Then: {}", refused.reason);
    Refused { class: Class::Unknown, reason, ..refused }
}

/// The PDU of one part (SMPP 3.4, 4.4.1); nothing where a field does not fit.
fn submit_sm(sender: Sender, message: &Sms, part: &TextPart) -> Option<SubmitSm> {
    let (from_ton, from_npi) = match sender {
        Sender::Number => (Ton::International, Npi::Isdn),
        Sender::ShortCode => (Ton::NetworkSpecific, Npi::Unknown),
        Sender::Name => (Ton::Alphanumeric, Npi::Unknown),
    };
    // With `International` the number stands without its plus (SMPP 3.4, 5.2.5).
    let address =
        |text: &str| COctetString::from_string(text.trim_start_matches('+').to_owned()).ok();
    Some(
        SubmitSm::builder()
            .source_addr_ton(from_ton)
            .source_addr_npi(from_npi)
            .source_addr(address(&message.from)?)
            .dest_addr_ton(Ton::International)
            .dest_addr_npi(Npi::Isdn)
            .destination_addr(address(&message.to)?)
            // The type's own default is not 0: it asks for an acknowledgement.
            .esm_class(EsmClass::from(if part.has_header { 0x40 } else { 0x00 }))
            .registered_delivery(RegisteredDelivery::from(0x01))
            .replace_if_present_flag(ReplaceIfPresentFlag::DoNotReplace)
            .data_coding(DataCoding::from(part.data_coding))
            .short_message(OctetString::from_slice(&part.octets).ok()?)
            .build(),
    )
}
