//! A delivery as version 2 writes it: where it stands on the ladder, and every attempt to send it.

use domain::{Attempt, Delivery, Instant};

use crate::Utc;
use crate::bodies::answer;
use crate::words::{DeliveryStatus, DeliveryType};

answer! {
    /// One thing that is sent to one address, with its attempts: why it did or did not go out.
    #[schema(as = Delivery)]
    pub(crate) struct DeliveryBody<'a>(
        delivery: &'a Delivery, attempts: &'a [Attempt], next_try: Option<Instant>
    ) {
        /// The delivery's identifier.
        id: i64 = delivery.id.0,
        /// How it goes.
        channel: DeliveryType = DeliveryType(delivery.channel),
        /// Where it goes: an e-mail address, or a phone as `+` and digits.
        address: &'a str = &delivery.address,
        /// Whom it goes to; `""` if nobody knows the name.
        recipient: &'a str = &delivery.recipient,
        /// The step of the message's escalation that it belongs to, from 1; 0 for what was sent
        /// when the message was finished, and for everything else.
        telling: i64 = delivery.telling,
        /// How far it got.
        status: DeliveryStatus = DeliveryStatus(delivery.rung()),
        /// The carrier of the last attempt; `""` before the first, and where it was captured.
        carrier: &'a str = &delivery.carrier,
        /// Why the last attempt did not succeed, or what the carrier answered.
        detail: &'a str = &delivery.detail,
        /// When it was written down.
        created_at: Utc = Utc(delivery.created_at),
        /// When it last changed.
        updated_at: Utc = Utc(delivery.updated_at),
        /// When the next attempt is made; null if none is.
        next_try: Option<Utc> = next_try.map(Utc),
        /// Its attempts, first to last.
        attempts: Vec<AttemptBody<'a>> = attempts.iter().map(AttemptBody::new).collect(),
    }
}

answer! {
    /// One try to send it.
    #[schema(as = Attempt)]
    struct AttemptBody<'a>(attempt: &'a Attempt) {
        /// 1 for the first.
        number: i64 = attempt.number,
        /// The carrier that was asked; `""` if it was captured.
        carrier: &'a str = &attempt.carrier,
        /// When it was written down, before anything was sent.
        started_at: Utc = Utc(attempt.started_at),
        /// When its outcome was written down; null while it is under way, and after a crash.
        finished_at: Option<Utc> = attempt.finished_at.map(Utc),
        /// `sent`, `captured`, `later`, `absent`, `never` or `unknown`; `""` while there is none.
        outcome: &'a str = &attempt.outcome,
        /// What the carrier answered, or the reason in a sentence.
        detail: &'a str = &attempt.detail,
        /// Whether an earlier attempt of unknown outcome may have gone out too.
        may_have_doubled: bool = attempt.may_double,
    }
}
