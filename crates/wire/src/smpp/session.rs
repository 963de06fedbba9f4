//! The task behind an [`Smsc`](super::Smsc): binds, and binds again when the connection is lost.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use rusmpp::CommandStatus;
use rusmpp::pdus::{BindTransceiver, SubmitSm};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio_rustls::TlsConnector;

use super::SmppSettings;
use super::assembly::Assembly;
use super::line::{self, End};
use super::pace::Pace;
use super::references::References;
use super::sign_in;
use crate::{Report, pause};

/// The longest wait between two tries to connect, as a multiple of the first.
const LONGEST_WAIT: u32 = 32;

/// How the connection is, for those who want to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// The first try is not over.
    Connecting,
    /// Messages can go out.
    Bound,
    /// They cannot, for this reason.
    Down(String),
}

/// What is asked of the task.
pub(super) enum Order {
    /// Hand a message over.
    Submit(Box<Submission>),
    /// Sign off, when what is on its way is answered.
    Close,
}

/// One message, and whom to tell its outcome.
pub(super) struct Submission {
    pub(super) pdu: SubmitSm,
    pub(super) to: String,
    pub(super) ticket: Arc<Ticket>,
    pub(super) reply: oneshot::Sender<Reply>,
}

/// How a message ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// Taken, with the carrier's id where that can be read.
    Accepted(Option<String>),
    /// Refused with this status.
    Refused(CommandStatus),
    /// It was not written, for this reason.
    Unsent(String),
    /// It was written, and this happened before an answer came.
    Open(String),
}

/// Settles between who writes a message and who stops waiting for it, so that nothing is written
/// of which somebody was told that it will not be.
#[derive(Default)]
pub(super) struct Ticket(AtomicU8);

const WAITING: u8 = 0;
const WRITTEN: u8 = 1;
const ABANDONED: u8 = 2;

impl Ticket {
    /// For the writer: whether it may be written. From then on it counts as written.
    pub(super) fn write(&self) -> bool {
        self.leave_waiting(WRITTEN)
    }

    /// For who waits: whether it was not written, and therefore never will be.
    pub(super) fn abandon(&self) -> bool {
        self.leave_waiting(ABANDONED) || self.0.load(Ordering::SeqCst) == ABANDONED
    }

    fn leave_waiting(&self, to: u8) -> bool {
        self.0.compare_exchange(WAITING, to, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

/// All that outlives a connection.
pub(super) struct Session {
    pub(super) settings: Arc<SmppSettings>,
    pub(super) bind: BindTransceiver,
    pub(super) tls: Option<TlsConnector>,
    pub(super) orders: mpsc::Receiver<Order>,
    pub(super) reports: mpsc::Sender<Report>,
    pub(super) link: watch::Sender<Link>,
    /// Rung when somebody stopped waiting for an answer.
    pub(super) abandoned: Arc<Notify>,
    pub(super) pace: Pace,
    pub(super) references: References,
    pub(super) assembly: Assembly,
}

/// A message on its way: who waits for it, and where in the stream it begins.
pub(super) struct InFlight {
    pub(super) reply: oneshot::Sender<Reply>,
    pub(super) to: String,
    pub(super) begins_at: u64,
}

/// The messages on their way, by sequence number.
pub(super) type Window = HashMap<u32, InFlight>;

impl Session {
    /// Runs until somebody closes it or nobody can send any more.
    pub(super) async fn run(mut self) {
        let first = self.settings.reconnect_after;
        let mut pause = first;
        while let Some(is_bound) = self.connect_once().await {
            // A carrier that had us for a while is soon there again; another gets more time.
            let after = if is_bound { first } else { pause };
            pause = (after * 2).min(first * LONGEST_WAIT);
            if !self.rest(after).await {
                break;
            }
        }
        for report in self.assembly.finish() {
            // With nobody listening there is nobody to tell.
            let _ = self.reports.try_send(report);
        }
        self.link.send_replace(Link::Down("The connection was closed by us.".to_owned()));
    }

    /// One connection from its beginning to its end: whether it was bound; `None` when we are done.
    async fn connect_once(&mut self) -> Option<bool> {
        let (settings, tls, bind) =
            (Arc::clone(&self.settings), self.tls.clone(), self.bind.clone());
        let opened = self.meanwhile(sign_in::open(&settings, tls.as_ref(), &bind)).await?;
        match opened {
            Err(refused) => {
                self.link.send_replace(Link::Down(refused.reason));
                Some(false)
            }
            Ok(bound) => {
                self.link.send_replace(Link::Bound);
                match line::serve(self, bound).await {
                    End::Closed => None,
                    End::Lost(reason) => {
                        self.link.send_replace(Link::Down(reason));
                        Some(true)
                    }
                }
            }
        }
    }

    /// Waits before the next try; false when we are done.
    async fn rest(&mut self, length: Duration) -> bool {
        self.meanwhile(pause(length)).await.is_some()
    }

    /// Does this while nothing can be sent, and says so to all who want to; `None` when we are done.
    async fn meanwhile<F: Future>(&mut self, work: F) -> Option<F::Output> {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Some(done),
                order = self.orders.recv() => match order {
                    None | Some(Order::Close) => return None,
                    Some(Order::Submit(submission)) => {
                        let Link::Down(reason) = self.link.borrow().clone() else { continue };
                        // Who does not wait any more need not be told.
                        let _ = submission.reply.send(Reply::Unsent(reason));
                    }
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_written_or_abandoned_and_never_both() {
        let written = Ticket::default();
        assert!(written.write() && !written.abandon() && !written.write());
        let abandoned = Ticket::default();
        assert!(abandoned.abandon() && !abandoned.write() && abandoned.abandon());
    }
}
