//! The carriers that are configured: which serves whom, how busy each is, and which is left alone.

mod breaker;
mod line;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use app::deliveries::{AttemptPlan, Started};
use domain::delivery::{Outcome, Route, ServingCarrier};
use domain::{Channel, Delivery, Instant, Tenant};

use breaker::Breaker;
pub use line::{Callbacks, Line, Sender};

use crate::{Post, figures};

/// How long a carrier that has enough to do is not asked for more, in milliseconds.
const BUSY_MS: i64 = 500;
/// Connections that a mail server gets at once. Each mail takes a round trip or two, and some
/// servers delay their answers, so one at a time would be slow.
const MAIL_SLOTS: usize = 16;

/// A carrier as it is configured.
#[derive(Debug)]
pub struct Carrier {
    /// Its name, which attempts, reports and callbacks carry.
    pub name: String,
    /// The subdomains of the tenants that it serves; empty for all.
    pub tenants: Vec<String>,
    /// What it carries.
    pub channels: Vec<Channel>,
    /// Whether it sends only once what it gets twice under the same key.
    pub honours_key: bool,
    /// Sends that it is asked for at once.
    pub slots: usize,
    /// How it is spoken to.
    pub line: Line,
}

impl Carrier {
    /// A mail server that serves every tenant.
    pub fn mail(name: &str, post: Post) -> Self {
        Carrier {
            name: name.to_owned(),
            tenants: Vec::new(),
            channels: vec![Channel::Email],
            honours_key: false,
            slots: MAIL_SLOTS,
            line: Line::Mail(post),
        }
    }

    /// Sends something once that is written down nowhere, for somebody who tries the carrier.
    pub async fn try_once(&self, tenant: &Tenant, delivery: &Delivery) -> Outcome {
        self.line.send(tenant, delivery).await
    }

    /// Whether it serves a tenant.
    pub fn serves(&self, tenant: &Tenant) -> bool {
        self.tenants.is_empty() || self.tenants.contains(&tenant.subdomain)
    }
}

/// All carriers, in the operator's order: the first that works is taken. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Carriers(Arc<Vec<Arc<KnownCarrier>>>);

/// A carrier with what is known about it now.
#[derive(Debug)]
struct KnownCarrier {
    carrier: Carrier,
    busy: AtomicUsize,
    breaker: Mutex<Breaker>,
}

impl Carriers {
    /// The carriers, best first.
    pub fn new(carriers: Vec<Carrier>) -> Self {
        let kept = |carrier| KnownCarrier {
            carrier,
            busy: AtomicUsize::new(0),
            breaker: Mutex::new(Breaker::default()),
        };
        Carriers(Arc::new(carriers.into_iter().map(kept).map(Arc::new).collect()))
    }

    /// Whether anything goes out over a channel at all.
    pub fn carry(&self, channel: Channel) -> bool {
        self.over(channel).next().is_some()
    }

    /// How many sends over a channel can be under way at once.
    pub(crate) fn slots(&self, channel: Channel) -> usize {
        self.over(channel).map(|kept| kept.carrier.slots).sum()
    }

    /// How many sends over a channel can begin now.
    pub(crate) fn room(&self, channel: Channel) -> usize {
        self.over(channel)
            .map(|kept| kept.carrier.slots.saturating_sub(kept.busy.load(Ordering::Relaxed)))
            .sum()
    }

    fn over(&self, channel: Channel) -> impl Iterator<Item = &Arc<KnownCarrier>> {
        self.0.iter().filter(move |kept| kept.carrier.channels.contains(&channel))
    }

    /// Plans the attempts of a batch.
    pub(crate) fn book(&self, now: Instant) -> Booking<'_> {
        Booking { carriers: self, now, booked: Mutex::default() }
    }

    /// Sends once, with no transaction open, and remembers how the carrier did.
    pub(crate) async fn send(&self, started: &Started, now: impl Fn() -> Instant) -> Outcome {
        let Some(kept) = self.find(&started.delivery.carrier) else {
            let reason = "Its carrier is no longer configured.".to_owned();
            return Outcome::Later { reason, wait_ms: 0 };
        };
        let Started { tenant, delivery, .. } = started;
        let outcome = kept.carrier.line.send(tenant, delivery).await;
        let mut breaker = kept.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        if breaker.note(&outcome, now()) {
            tracing::warn!(carrier = kept.carrier.name, "a carrier fails and is left alone");
        }
        outcome
    }

    /// Notes for the metrics how each carrier does.
    pub(crate) fn note_figures(&self, now: Instant) {
        for kept in self.0.iter() {
            let busy = kept.busy.load(Ordering::Relaxed);
            let breaker = kept.breaker.lock().unwrap_or_else(PoisonError::into_inner);
            figures::carrier(&kept.carrier.name, busy, breaker.shut_until(now).is_some());
        }
    }

    fn find(&self, name: &str) -> Option<&Arc<KnownCarrier>> {
        self.0.iter().find(|kept| kept.carrier.name == name)
    }
}

/// The attempts of one batch: the carriers that they take are busy until each has been made.
pub(crate) struct Booking<'a> {
    carriers: &'a Carriers,
    now: Instant,
    booked: Mutex<HashMap<String, Vec<Slot>>>,
}

/// A place at a carrier, free again when it is dropped.
pub(crate) struct Slot(Arc<KnownCarrier>);

impl Slot {
    fn take(kept: &Arc<KnownCarrier>) -> Option<Self> {
        let most = kept.carrier.slots;
        let more = |busy| (busy < most).then_some(busy + 1);
        let took = kept.busy.fetch_update(Ordering::AcqRel, Ordering::Acquire, more);
        took.is_ok().then(|| Slot(kept.clone()))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Booking<'_> {
    /// The place that was booked for an attempt of this carrier.
    pub(crate) fn slot(&self, carrier: &str) -> Option<Slot> {
        let mut booked = self.booked.lock().unwrap_or_else(PoisonError::into_inner);
        booked.get_mut(carrier).and_then(Vec::pop)
    }
}

impl app::deliveries::Carriers for Booking<'_> {
    fn plan(&self, tenant: &Tenant, delivery: &Delivery) -> AttemptPlan {
        let serves = |kept: &&Arc<KnownCarrier>| {
            kept.carrier.channels.contains(&delivery.channel) && kept.carrier.serves(tenant)
        };
        let way = |kept: &'_ Arc<KnownCarrier>| {
            let breaker = kept.breaker.lock().unwrap_or_else(PoisonError::into_inner);
            breaker.shut_until(self.now)
        };
        let serving: Vec<&Arc<KnownCarrier>> = self.carriers.0.iter().filter(serves).collect();
        let ways: Vec<ServingCarrier<'_>> = serving
            .iter()
            .map(|kept| ServingCarrier { carrier: &kept.carrier.name, shut_until: way(kept) })
            .collect();
        match delivery.route(&ways) {
            Route::Ask(name) => {
                let slot = self.carriers.find(name).and_then(Slot::take);
                let Some(slot) = slot else { return AttemptPlan::Busy(self.now.plus_ms(BUSY_MS)) };
                let mut booked = self.booked.lock().unwrap_or_else(PoisonError::into_inner);
                booked.entry(name.to_owned()).or_default().push(slot);
                AttemptPlan::Ask(name.to_owned())
            }
            Route::Capture => AttemptPlan::Capture,
            Route::Wait(at) => AttemptPlan::Wait(at),
            Route::Nowhere => AttemptPlan::Nowhere,
        }
    }

    fn honours_key(&self, carrier: &str) -> bool {
        self.carriers.find(carrier).is_some_and(|kept| kept.carrier.honours_key)
    }
}
