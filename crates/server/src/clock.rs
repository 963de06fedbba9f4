//! The clock that all nodes agree on: the database's, kept between two looks by this machine's
//! monotonic one.
//!
//! Where the database has no clock of its own (SQLite), this machine's stands in for it. Either way
//! a small difference is made good slowly, so that time never runs backwards for it, and a large
//! one, which somebody's hand must have made, is followed at the next look.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::Clock;
use domain::Instant;
use store::Db;

use crate::system;

/// How often the clock is compared with the database's.
pub const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A difference of at least so many milliseconds is followed at once.
const STEP_MS: i64 = 1_000;
/// How long a smaller difference takes to be made good, in milliseconds: at most a tenth faster or
/// slower than time goes.
const SLEW_MS: i64 = 10_000;
/// The longest that an answer may take and still tell the time, in milliseconds.
const ANSWER_MS: i64 = 1_000;

/// Time that only ever goes forward, since some moment that nobody knows.
type Monotonic = dyn Fn() -> Duration + Send + Sync;

/// A clock that follows another. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct SharedClock(Arc<Inner>);

struct Inner {
    monotonic: Box<Monotonic>,
    kept: Mutex<KeptTime>,
}

/// What was known when the clock was set last.
#[derive(Clone, Copy, Debug)]
struct KeptTime {
    /// When that was, by the monotonic clock.
    set_at_ms: i64,
    /// What the clock showed then.
    shown_ms: i64,
    /// How much it was behind then, to be made good since.
    owed_ms: i64,
}

/// What a look at the other clock led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockLook {
    /// The clocks agree, or soon will.
    Close,
    /// The other clock was moved by so many milliseconds, and was followed.
    Stepped(i64),
    /// The answer took too long to mean anything.
    Late,
}

impl SharedClock {
    /// A clock that shows `now`, and goes as this monotonic one does.
    pub fn starting(
        now: Instant,
        monotonic: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        let kept = KeptTime { set_at_ms: ms(monotonic()), shown_ms: now.as_ms(), owed_ms: 0 };
        SharedClock(Arc::new(Inner { monotonic: Box::new(monotonic), kept: Mutex::new(kept) }))
    }

    /// A clock that goes as this machine does and shows what the database's does.
    pub async fn of(db: &Db) -> store::Result<Self> {
        let begun = std::time::Instant::now();
        let shown = db.clock().await?.unwrap_or_else(system::machine_time);
        let shown = shown.plus_ms(ms(begun.elapsed()) / 2);
        let set = std::time::Instant::now();
        Ok(Self::starting(shown, move || set.elapsed()))
    }

    /// Compares it with another clock, which answers what it shows; `None` for this machine's.
    pub async fn look(
        &self,
        other: impl AsyncFnOnce() -> store::Result<Option<Instant>>,
    ) -> store::Result<ClockLook> {
        let asked_ms = self.monotonic_ms();
        let shown = other().await?.unwrap_or_else(system::machine_time);
        let took_ms = self.monotonic_ms() - asked_ms;
        if took_ms > ANSWER_MS {
            return Ok(ClockLook::Late);
        }
        // It was read when the question had gone half of its way.
        Ok(self.follow(shown.plus_ms(took_ms / 2)))
    }

    /// Follows a clock that shows `shown` now.
    fn follow(&self, shown: Instant) -> ClockLook {
        let now_ms = self.monotonic_ms();
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let own_ms = kept.at(now_ms);
        let owed_ms = shown.ms_since(Instant::from_ms(own_ms));
        let is_step = owed_ms.abs() >= STEP_MS;
        *kept = match is_step {
            true => KeptTime { set_at_ms: now_ms, shown_ms: shown.as_ms(), owed_ms: 0 },
            false => KeptTime { set_at_ms: now_ms, shown_ms: own_ms, owed_ms },
        };
        if is_step { ClockLook::Stepped(owed_ms) } else { ClockLook::Close }
    }

    fn monotonic_ms(&self) -> i64 {
        ms((self.0.monotonic)())
    }

    /// Compares it with the database's again and again, until it is aborted.
    pub(crate) async fn keep(self, db: Db) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match self.look(async || db.clock().await).await {
                Ok(ClockLook::Close) => {}
                Ok(ClockLook::Stepped(ms)) => tracing::warn!(ms, "the clock was moved"),
                Ok(ClockLook::Late) => tracing::warn!("the database's clock answers late"),
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "the database's clock cannot be read");
                }
            }
        }
    }
}

impl KeptTime {
    /// What the clock shows when the monotonic one is here.
    fn at(&self, now_ms: i64) -> i64 {
        let since_ms = now_ms - self.set_at_ms;
        self.shown_ms + since_ms + self.owed_ms * since_ms.clamp(0, SLEW_MS) / SLEW_MS
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Instant {
        let now_ms = self.monotonic_ms();
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Instant::from_ms(kept.at(now_ms))
    }
}

impl std::fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedClock")
    }
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
