//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use app::Clock;
use domain::Instant;

/// A clock that stands still until a test moves it. It may be moved back, as real ones are.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at an instant.
    pub fn at(now: Instant) -> Self {
        ManualClock(AtomicI64::new(now.as_ms()))
    }

    /// Moves it by milliseconds.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Puts it to an instant.
    pub fn set(&self, now: Instant) {
        self.0.store(now.as_ms(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        Instant::from_ms(self.0.load(Ordering::SeqCst))
    }
}
