//! One thing that was sent or is to be sent, drawn with each of its tries.

use domain::delivery::Reach;
use domain::user::Right;
use domain::{Attempt, Channel, Delivery, Instant, Zone, delivery};

use crate::messages::words::{delivery_state, icon, thing};
use crate::session::Frame;
use crate::ui::{self, Moment, State};

/// One thing that was to be sent.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryCard {
    /// "E-mail".
    pub(crate) channel: String,
    /// The channel's icon.
    pub(crate) icon: String,
    /// "mail", "text", "call": what one of them is called within a sentence.
    pub(crate) thing: &'static str,
    /// "Jane Hartwell <jane@hartwell.example>".
    pub(crate) to: String,
    /// Where it stands.
    pub(crate) state: State,
    /// The carrier that has it, or empty.
    pub(crate) carrier: String,
    /// Each try, oldest first.
    pub(crate) attempts: Vec<AttemptCard>,
    /// The receiver may have got it twice.
    pub(crate) may_double: bool,
    /// When it is tried again.
    pub(crate) next_try: Option<Moment>,
    /// It was kept instead of sent.
    pub(crate) is_captured: bool,
    /// The captured mail, for those who may see it.
    pub(crate) captured: Option<String>,
}

/// One try.
#[derive(Debug, Clone)]
pub(crate) struct AttemptCard {
    /// 1, 2, 3.
    pub(crate) number: u32,
    /// When.
    pub(crate) at: Moment,
    /// What came of it, with the reason in words.
    pub(crate) outcome: String,
    /// The carrier that was asked, or empty.
    pub(crate) carrier: String,
    /// An earlier one may have gone out too.
    pub(crate) may_double: bool,
}

/// Reads moments of one account.
pub(crate) struct Clock<'z> {
    pub(crate) now: Instant,
    pub(crate) zone: &'z Zone,
}

impl Clock<'_> {
    pub(crate) fn at(&self, instant: Instant) -> Moment {
        Moment::at(instant, self.now, self.zone)
    }
}

/// One thing that was to be sent, with each try.
pub(crate) fn card(
    frame: &Frame,
    delivery: &Delivery,
    attempts: &[Attempt],
    next_try: Option<Instant>,
    clock: &Clock<'_>,
) -> DeliveryCard {
    let may_see = frame.may(Right::SeeOutbox);
    let is_captured = delivery.state == delivery::State::Captured;
    DeliveryCard {
        channel: delivery.channel.noun().to_owned(),
        icon: icon(delivery.channel).to_owned(),
        thing: thing(delivery.channel),
        to: match delivery.recipient.as_str() {
            "" => ui::phone(&delivery.address),
            name if delivery.channel == Channel::Email => format!("{name} <{}>", delivery.address),
            name => format!("{name}, {}", ui::phone(&delivery.address)),
        },
        state: rung(delivery),
        carrier: if is_captured { String::new() } else { delivery.carrier.clone() },
        attempts: attempts.iter().map(|attempt| tried(delivery, attempt, clock)).collect(),
        may_double: attempts.iter().any(|attempt| attempt.may_double),
        next_try: next_try.map(|at| clock.at(at)),
        is_captured,
        captured: (is_captured && may_see).then(|| format!("/outbox/{}", delivery.id)),
    }
}

/// How far a delivery got, as an icon and a word.
pub(crate) fn rung(delivery: &Delivery) -> ui::State {
    let is_mail = delivery.channel == Channel::Email;
    match (delivery.state, delivery.reach) {
        (delivery::State::Sent, None | Some(Reach::Carrier)) => ui::State::Sent,
        (delivery::State::Sent, Some(Reach::Handset)) if is_mail => ui::State::InMailbox,
        (delivery::State::Sent, Some(Reach::Handset)) => ui::State::OnPhone,
        (delivery::State::Sent, Some(Reach::Machine)) => ui::State::Machine,
        (delivery::State::Sent, Some(Reach::Person)) => ui::State::Person,
        (delivery::State::Sent, Some(Reach::Read)) => ui::State::Seen,
        (delivery::State::Sent, Some(Reach::Acknowledged)) => ui::State::Acknowledged,
        (delivery::State::Cancelled, _) => ui::State::Cancelled,
        (state, _) => delivery_state(state, delivery.attempts),
    }
}

fn tried(delivery: &Delivery, attempt: &Attempt, clock: &Clock<'_>) -> AttemptCard {
    let said = match attempt.outcome.as_str() {
        "sent" if delivery.channel == Channel::Email => "Accepted by the mail server",
        "sent" => "Accepted by the carrier",
        "absent" => "Nobody was to be had",
        "captured" => "Captured, not sent",
        "later" => "Put off",
        "never" => "Refused for good",
        "unknown" => "It may have gone out",
        _ => "Under way",
    };
    let outcome = match attempt.detail.as_str() {
        "" => format!("{said}."),
        detail => format!("{said}: {detail}"),
    };
    AttemptCard {
        number: u32::try_from(attempt.number).unwrap_or(u32::MAX),
        at: clock.at(attempt.started_at),
        outcome,
        carrier: attempt.carrier.clone(),
        may_double: attempt.may_double,
    }
}
