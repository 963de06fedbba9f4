//! A delivery as version 2 writes it: where it stands on the ladder, and every attempt to send it.

use domain::{Attempt, Delivery, Instant};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Utc;

/// One thing that is sent to one address, with its attempts: why it did or did not go out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryBody<'a> {
    /// Its identifier.
    id: i64,
    /// How it goes.
    #[schema(value_type = super::to_dos::DeliveryTypeWord)]
    channel: &'static str,
    /// Where it goes: an e-mail address, or a phone as `+` and digits.
    address: &'a str,
    /// Whom it goes to; `""` if nobody knows the name.
    recipient: &'a str,
    /// The step of the message's escalation that it belongs to, from 1; 0 for what was sent when the
    /// message was finished, and for everything else.
    telling: i64,
    /// How far it got.
    #[schema(value_type = RungWord)]
    status: &'static str,
    /// The carrier of the last attempt; `""` before the first, and where it was captured.
    carrier: &'a str,
    /// Why the last attempt did not succeed, or what the carrier answered.
    detail: &'a str,
    /// When it was written down.
    created_at: Utc,
    /// When it last changed.
    updated_at: Utc,
    /// When the next attempt is made; null if none is.
    next_try: Option<Utc>,
    /// Its attempts, first to last.
    attempts: Vec<AttemptBody<'a>>,
}

/// One try to send it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attempt)]
struct AttemptBody<'a> {
    /// 1 for the first.
    number: i64,
    /// The carrier that was asked; `""` if it was captured.
    carrier: &'a str,
    /// When it was written down, before anything was sent.
    started_at: Utc,
    /// When its outcome was written down; null while it is under way, and after a crash.
    finished_at: Option<Utc>,
    /// `sent`, `captured`, `later`, `absent`, `never` or `unknown`; `""` while there is none.
    outcome: &'a str,
    /// What the carrier answered, or the reason in a sentence.
    detail: &'a str,
    /// Whether an earlier attempt of unknown outcome may have gone out too.
    may_have_doubled: bool,
}

/// How far something that is sent has got.
#[derive(Debug, ToSchema)]
#[schema(as = DeliveryStatus, rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the OpenAPI document; the words are domain's")]
enum RungWord {
    Queued,
    Sending,
    Sent,
    ReachedHandset,
    ReachedMachine,
    ReachedPerson,
    Read,
    Acknowledged,
    Captured,
    Failed,
    Cancelled,
}

impl<'a> DeliveryBody<'a> {
    /// A delivery with its attempts, and when the next one is made.
    pub(crate) fn new(
        delivery: &'a Delivery,
        attempts: &'a [Attempt],
        next_try: Option<Instant>,
    ) -> Self {
        DeliveryBody {
            id: delivery.id.0,
            channel: delivery.channel.as_str(),
            address: &delivery.address,
            recipient: &delivery.recipient,
            telling: delivery.telling,
            status: delivery.rung(),
            carrier: &delivery.carrier,
            detail: &delivery.detail,
            created_at: Utc(delivery.created_at),
            updated_at: Utc(delivery.updated_at),
            next_try: next_try.map(Utc),
            attempts: attempts.iter().map(AttemptBody::from).collect(),
        }
    }
}

impl<'a> From<&'a Attempt> for AttemptBody<'a> {
    fn from(attempt: &'a Attempt) -> Self {
        AttemptBody {
            number: attempt.number,
            carrier: &attempt.carrier,
            started_at: Utc(attempt.started_at),
            finished_at: attempt.finished_at.map(Utc),
            outcome: &attempt.outcome,
            detail: &attempt.detail,
            may_have_doubled: attempt.may_double,
        }
    }
}
