//! One bound connection: messages out, answers, receipts and texts in, signs of life both ways.

use std::io;

use bytes::BytesMut;
use rusmpp::pdus::{DataSmResp, DeliverSmResp};
use rusmpp::{CommandId, CommandStatus, Pdu};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::frame::{self, Frame};
use super::session::{InFlight, Order, Reply, Session, Submission, Window};
use super::sign_in::{Bound, CHUNK_BYTES};
use super::{QUIT_TIMEOUT, arrival, receipt};
use crate::{Report, pause};

/// Bytes that wait to be written, beyond which nothing more is read: a peer that talks and does not
/// listen must not fill our memory.
const OUTPUT_MAX: usize = 64 * 1024;
/// The highest sequence number (SMPP 3.4, 3.2).
const SEQUENCE_MAX: u32 = 0x7fff_ffff;

/// Why a connection is over.
pub(super) enum End {
    /// We were told to sign off, or nobody needs us any more.
    Closed,
    /// It broke, for this reason.
    Lost(String),
}

/// What there is to know about one connection.
struct SmppLine<'a> {
    session: &'a mut Session,
    window: Window,
    next_sequence: u32,
    output: BytesMut,
    /// Bytes put into `output` so far, and how many of them were written.
    put: u64,
    written: u64,
    /// Whether anything came since the last `enquire_link`.
    is_heard: bool,
    is_closing: bool,
    /// Whether what was written may still wait in a buffer of TLS.
    needs_flush: bool,
    /// Whether the connection is over by what the peer said, and it is to hear our answer.
    owes_words: bool,
}

/// Serves the connection to its end; whoever waits for an answer then gets the reason instead.
pub(super) async fn serve(session: &mut Session, bound: Bound) -> End {
    let Bound { stream, mut input, next_sequence } = bound;
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut line = SmppLine::new(session, next_sequence);
    let end = line.run(&mut reader, &mut writer, &mut input).await;
    let is_ours = matches!(end, End::Closed);
    if is_ours {
        line.put(CommandStatus::EsmeRok, Pdu::Unbind);
    }
    // The last words; a peer that does not listen any more costs a second.
    let last_words = async {
        if is_ours || line.owes_words {
            line.written = line.put;
            writer.write_all(&line.output).await?;
            writer.flush().await?;
        }
        if is_ours {
            while !matches!(frame::next(&mut input), Ok(Some(f)) if f.id == CommandId::UnbindResp) {
                input.reserve(CHUNK_BYTES);
                if reader.read_buf(&mut input).await? == 0 {
                    break;
                }
            }
        }
        writer.shutdown().await
    };
    let _ = timeout(QUIT_TIMEOUT, last_words).await;
    line.fail_all(&end);
    end
}

impl<'a> SmppLine<'a> {
    fn new(session: &'a mut Session, next_sequence: u32) -> Self {
        Self {
            session,
            window: Window::new(),
            next_sequence,
            output: BytesMut::new(),
            put: 0,
            written: 0,
            is_heard: true,
            is_closing: false,
            needs_flush: false,
            owes_words: false,
        }
    }

    async fn run(
        &mut self,
        reader: &mut (impl AsyncReadExt + Unpin),
        writer: &mut (impl AsyncWriteExt + Unpin),
        input: &mut BytesMut,
    ) -> End {
        let host = self.session.settings.host.clone();
        let lost = |what: &str| End::Lost(format!("The SMS carrier {host} {what}."));
        let interval = self.session.settings.enquire_link;
        let mut until_enquiry = pause(interval);
        loop {
            if let Err(what) = self.take_all(input) {
                self.owes_words = true;
                return lost(what);
            }
            if self.is_closing && self.window.is_empty() {
                return End::Closed;
            }
            input.reserve(CHUNK_BYTES);
            let has_room = self.window.len() < self.session.settings.window && !self.is_closing;
            let is_free = self.session.pace.is_free();
            tokio::select! {
                read = reader.read_buf(input), if self.output.len() < OUTPUT_MAX => match read {
                    Ok(0) => return lost("closed the connection"),
                    Ok(_) => self.is_heard = true,
                    Err(error) => return lost(&format!("is not connected any more: {error}")),
                },
                wrote = write_on(writer, &mut self.output), if self.owes_writing() => match wrote {
                    Ok(bytes) => {
                        self.written += bytes as u64;
                        self.needs_flush = bytes > 0;
                    }
                    Err(error) => return lost(&format!("is not connected any more: {error}")),
                },
                order = self.session.orders.recv(), if has_room && is_free => match order {
                    Some(Order::Submit(submission)) => self.submit(*submission),
                    Some(Order::Close) | None => self.is_closing = true,
                },
                () = self.session.pace.freed(), if !is_free => {}
                () = self.session.abandoned.notified() => self.forget_abandoned(),
                _ = &mut until_enquiry => {
                    if !self.is_heard {
                        return lost("gave no sign of life");
                    }
                    self.is_heard = false;
                    self.put(CommandStatus::EsmeRok, Pdu::EnquireLink);
                    until_enquiry = pause(interval);
                }
            }
        }
    }

    fn owes_writing(&self) -> bool {
        self.needs_flush || !self.output.is_empty()
    }

    /// Writes a request, and returns its sequence number.
    fn put(&mut self, status: CommandStatus, pdu: impl Into<Pdu>) -> u32 {
        let mut sequence = self.next_sequence;
        while self.window.contains_key(&sequence) {
            sequence = following(sequence);
        }
        self.next_sequence = following(sequence);
        self.put_as(status, sequence, pdu);
        sequence
    }

    fn put_as(&mut self, status: CommandStatus, sequence: u32, pdu: impl Into<Pdu>) {
        let before = self.output.len();
        frame::put(&mut self.output, status, sequence, pdu);
        self.put += (self.output.len() - before) as u64;
    }

    fn submit(&mut self, submission: Submission) {
        let Submission { pdu, to, ticket, reply } = submission;
        if !ticket.write() {
            return;
        }
        self.session.pace.count();
        let begins_at = self.put;
        let sequence = self.put(CommandStatus::EsmeRok, pdu);
        self.window.insert(sequence, InFlight { reply, to, begins_at });
    }

    /// Makes room for others where nobody waits for an answer any more.
    fn forget_abandoned(&mut self) {
        self.window.retain(|_, in_flight| !in_flight.reply.is_closed());
    }

    /// Takes all PDUs that are there in full; a word about the peer where it is at an end with us.
    fn take_all(&mut self, input: &mut BytesMut) -> Result<(), &'static str> {
        loop {
            match frame::next(input) {
                Ok(None) => return Ok(()),
                Ok(Some(frame)) => self.take(&frame)?,
                Err(frame::NoFrame) => {
                    self.put_as(CommandStatus::EsmeRinvcmdlen, 0, Pdu::GenericNack);
                    return Err("sent something that is not SMPP");
                }
            }
        }
    }

    fn take(&mut self, frame: &Frame) -> Result<(), &'static str> {
        match frame.id {
            CommandId::EnquireLink => {
                self.put_as(CommandStatus::EsmeRok, frame.sequence, Pdu::EnquireLinkResp);
            }
            CommandId::DeliverSm | CommandId::DataSm => self.take_arrival(frame),
            CommandId::Unbind => {
                self.put_as(CommandStatus::EsmeRok, frame.sequence, Pdu::UnbindResp);
                return Err("signed us off");
            }
            // It has no answer (SMPP 3.4, 4.12).
            CommandId::AlertNotification => {}
            id if id.is_response() => self.take_answer(frame),
            _ => self.put_as(CommandStatus::EsmeRinvcmdid, frame.sequence, Pdu::GenericNack),
        }
        Ok(())
    }

    fn take_answer(&mut self, frame: &Frame) {
        // An answer to nothing, or to somebody who went away, is of no use to anybody.
        let Some(in_flight) = self.window.remove(&frame.sequence) else { return };
        let reply = match (frame.id, frame.status) {
            (CommandId::SubmitSmResp, CommandStatus::EsmeRok) => {
                let id = frame.message_id();
                if let Some(id) = &id {
                    self.session.references.remember(id, &in_flight.to);
                }
                Reply::Accepted(id)
            }
            (CommandId::SubmitSmResp | CommandId::GenericNack, status)
                if status != CommandStatus::EsmeRok =>
            {
                Reply::Refused(status)
            }
            _ => Reply::Open("gave an answer without sense".to_owned()),
        };
        // Who does not wait any more need not be told.
        let _ = in_flight.reply.send(reply);
    }

    fn take_arrival(&mut self, frame: &Frame) {
        let status = self.hand_on(frame);
        match frame.id {
            CommandId::DataSm => self.put_as(status, frame.sequence, DataSmResp::default()),
            _ => self.put_as(status, frame.sequence, DeliverSmResp::default()),
        }
    }

    /// Hands on what came in, and says what to answer: a carrier keeps what nobody can take now.
    fn hand_on(&mut self, frame: &Frame) -> CommandStatus {
        let Some(arrival) = arrival::read(frame.id, &frame.body) else {
            return CommandStatus::EsmeRxPAppn;
        };
        let Session { reports, references, assembly, .. } = &mut *self.session;
        let Ok(room) = reports.try_reserve() else { return CommandStatus::EsmeRxTAppn };
        let mut news = if receipt::is_one(&arrival) {
            let read = receipt::read(&arrival).into_iter();
            let report = |receipt: receipt::Receipt| {
                let reference = references.find(&receipt.id, [&arrival.from, &arrival.to]);
                Report::Progress { reference, result: receipt.result }
            };
            read.map(report).collect()
        } else {
            assembly.add(arrival)
        }
        .into_iter();
        if let Some(first) = news.next() {
            room.send(first);
        }
        for given_up in news {
            // Halves of texts whose other parts never came; they wait for nobody.
            let _ = reports.try_send(given_up);
        }
        CommandStatus::EsmeRok
    }

    /// Tells all who wait for an answer that none will come.
    fn fail_all(&mut self, end: &End) {
        let reason = match end {
            End::Closed => "The connection was closed by us.".to_owned(),
            End::Lost(reason) => reason.clone(),
        };
        for (_, in_flight) in self.window.drain() {
            let reply = if in_flight.begins_at >= self.written {
                Reply::Unsent(reason.clone())
            } else {
                Reply::Open(reason.clone())
            };
            // Who does not wait any more need not be told.
            let _ = in_flight.reply.send(reply);
        }
    }
}

/// Writes some of it, or, where nothing is left, sees that nothing stays behind in a buffer of TLS.
/// The number of bytes written.
async fn write_on(
    writer: &mut (impl AsyncWriteExt + Unpin),
    output: &mut BytesMut,
) -> io::Result<usize> {
    if output.is_empty() {
        writer.flush().await.map(|()| 0)
    } else {
        writer.write_buf(output).await
    }
}

fn following(sequence: u32) -> u32 {
    if sequence >= SEQUENCE_MAX { 1 } else { sequence + 1 }
}
