//! One thing that was sent or is to be sent, drawn with each of its tries.

use std::borrow::Borrow;

use askama::{Template, filters::HtmlSafe};
use domain::delivery::{Reach, State};
use domain::{Account, Attempt, Channel, Delivery, Instant, Zone};

use crate::messages::words::delivery_state;
use crate::ui::{self, Moment};

/// Something that was to be sent. It draws itself.
#[derive(Debug, Template)]
#[template(path = "messages/delivery.html")]
pub(crate) struct SentDelivery<'d> {
    pub(crate) delivery: &'d Delivery,
    /// Each try, oldest first.
    pub(crate) attempts: &'d [Attempt],
    /// When it is tried again.
    pub(crate) next_try: Option<Instant>,
    /// The reader may open what was captured.
    pub(crate) may_open: bool,
    pub(crate) clock: &'d Clock,
}

impl HtmlSafe for SentDelivery<'_> {}

/// Reads moments of one account.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    pub(crate) now: Instant,
    pub(crate) zone: Zone,
}

impl Clock {
    /// The clock of an account at an instant.
    pub(crate) fn of(account: &Account, now: Instant) -> Self {
        Clock { now, zone: account.zone.clone() }
    }

    pub(crate) fn at(&self, instant: impl Borrow<Instant>) -> Moment {
        Moment::at(*instant.borrow(), self.now, &self.zone)
    }

    /// What time it is there: `Mar 3, 2026, 2:14 PM EST`.
    pub(crate) fn now_in_full(&self) -> String {
        self.zone.portal(self.now).to_string()
    }
}

impl SentDelivery<'_> {
    fn is_captured(&self) -> bool {
        self.delivery.state == State::Captured
    }

    fn may_double(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.may_double)
    }

    /// What is known of a try, with the reason in words.
    fn outcome(&self, attempt: &Attempt) -> String {
        let said = match attempt.outcome.as_str() {
            "sent" if self.delivery.channel == Channel::Email => "Accepted by the mail server",
            "sent" => "Accepted by the carrier",
            "absent" => "Nobody was to be had",
            "captured" => "Captured, not sent",
            "later" => "Put off",
            "never" => "Refused for good",
            "unknown" => "It may have gone out",
            _ => "Under way",
        };
        match attempt.detail.as_str() {
            "" => format!("{said}."),
            detail => format!("{said}: {detail}"),
        }
    }
}

/// How far a delivery got, as an icon and a word.
pub(crate) fn rung(delivery: &Delivery) -> ui::State {
    let is_mail = delivery.channel == Channel::Email;
    match (delivery.state, delivery.reach) {
        (State::Sent, None | Some(Reach::Carrier)) => ui::State::Sent,
        (State::Sent, Some(Reach::Handset)) if is_mail => ui::State::InMailbox,
        (State::Sent, Some(Reach::Handset)) => ui::State::OnPhone,
        (State::Sent, Some(Reach::Machine)) => ui::State::Machine,
        (State::Sent, Some(Reach::Person)) => ui::State::Person,
        (State::Sent, Some(Reach::Read)) => ui::State::Seen,
        (State::Sent, Some(Reach::Acknowledged)) => ui::State::Acknowledged,
        (State::Cancelled, _) => ui::State::Cancelled,
        (state, _) => delivery_state(state, delivery.attempts),
    }
}
