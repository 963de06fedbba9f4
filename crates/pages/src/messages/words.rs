//! What lists and pages say of a message and of what was sent about it.

use std::borrow::Borrow;

use domain::{Channel, Delivery, Message, Status, delivery};

use crate::ui;
use crate::ui::words::or;

/// The caller's name, or else number, or else that nobody knows.
pub(crate) fn caller(message: &Message) -> String {
    or(&ui::phone(&message.caller()), "Unknown caller").to_owned()
}

/// Whom a message is for.
pub(crate) fn receiver(message: &Message) -> &str {
    or(&message.receiver_name, "the office")
}

pub(crate) fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

/// Where a message stands, given the state and the attempts of each of its deliveries. One that
/// still waits tells what it waits for.
pub(crate) fn state(
    status: Status,
    deliveries: impl Iterator<Item = (delivery::State, i64)>,
) -> ui::State {
    let waits = |mut sum: ui::State| {
        for (state, attempts) in deliveries {
            match delivery_state(state, attempts) {
                ui::State::Retrying => return ui::State::Retrying,
                ui::State::Captured => sum = ui::State::Captured,
                _ => {}
            }
        }
        sum
    };
    match status {
        Status::Pending => waits(ui::State::Pending),
        Status::Held => ui::State::Held,
        Status::Delivered => ui::State::Delivered,
        Status::Failed => ui::State::Failed,
        Status::Acknowledged => ui::State::Acknowledged,
        Status::Closed => ui::State::Closed,
    }
}

/// Where a delivery stands after that many attempts, the one under way included.
pub(crate) fn delivery_state(state: delivery::State, attempts: i64) -> ui::State {
    match state {
        delivery::State::Queued if attempts > 0 => ui::State::Retrying,
        delivery::State::Sending if attempts > 1 => ui::State::Retrying,
        delivery::State::Queued | delivery::State::Sending => ui::State::Pending,
        delivery::State::Sent => ui::State::Delivered,
        delivery::State::Captured => ui::State::Captured,
        delivery::State::Failed | delivery::State::Cancelled => ui::State::Failed,
    }
}

/// Where a message stands, whatever became of its deliveries.
pub(crate) fn standing(message: &Message) -> ui::State {
    state(message.status, std::iter::empty())
}

/// To whom a delivery goes: `Jane Hart <jane@law.example>`.
pub(crate) fn addressed(delivery: &Delivery) -> String {
    match delivery.recipient.as_str() {
        "" => ui::phone(&delivery.address),
        name if delivery.channel == Channel::Email => format!("{name} <{}>", delivery.address),
        name => format!("{name}, {}", ui::phone(&delivery.address)),
    }
}

/// The icon of a channel.
pub(crate) fn icon(channel: impl Borrow<Channel>) -> &'static str {
    match channel.borrow() {
        Channel::Email => "mail",
        Channel::Sms => "message-square",
        Channel::Call => "phone",
    }
}

/// What one of a channel's sends is called within a sentence.
pub(crate) fn thing(channel: impl Borrow<Channel>) -> &'static str {
    match channel.borrow() {
        Channel::Email => "mail",
        Channel::Sms => "text",
        Channel::Call => "call",
    }
}

#[cfg(test)]
mod tests {
    use domain::delivery::State;

    use super::*;

    #[test]
    fn a_waiting_message_tells_what_it_waits_for() {
        let check = |status, deliveries: &[(State, i64)], shown| {
            assert_eq!(state(status, deliveries.iter().copied()), shown, "{deliveries:?}");
        };
        check(Status::Pending, &[], ui::State::Pending);
        check(Status::Pending, &[(State::Queued, 0)], ui::State::Pending);
        check(Status::Pending, &[(State::Sending, 1)], ui::State::Pending);
        check(Status::Pending, &[(State::Sending, 2)], ui::State::Retrying);
        check(Status::Pending, &[(State::Captured, 1)], ui::State::Captured);
        check(Status::Pending, &[(State::Captured, 1), (State::Queued, 2)], ui::State::Retrying);
        check(Status::Closed, &[(State::Captured, 1)], ui::State::Closed);
    }

    #[test]
    fn the_first_line_that_says_something_stands_in_the_list() {
        assert_eq!(first_line("\n  \n Please call.\nThanks"), "Please call.");
        assert_eq!(first_line(""), "");
    }
}
