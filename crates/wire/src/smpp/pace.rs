//! How many messages a second may go out: never more than the limit in any second.

use std::collections::VecDeque;
use std::future::{Pending, pending};
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Timeout, timeout};

/// A wait of a given length, which nothing else ends.
pub(super) type Wait = Pin<Box<Timeout<Pending<()>>>>;

/// Begins such a wait.
pub(super) fn wait(length: Duration) -> Wait {
    Box::pin(timeout(length, pending()))
}

/// The messages of the last second, each as the wait until it is a second old.
pub(super) struct Pace {
    limit: Option<usize>,
    last_second: VecDeque<Wait>,
}

impl Pace {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self { limit, last_second: VecDeque::new() }
    }

    /// Whether another message may go out now.
    pub(super) fn is_free(&self) -> bool {
        self.limit.is_none_or(|limit| self.last_second.len() < limit)
    }

    /// Counts one that goes out now.
    pub(super) fn count(&mut self) {
        if self.limit.is_some() {
            self.last_second.push_back(wait(Duration::from_secs(1)));
        }
    }

    /// Ends when the oldest of the last second is no longer of it; never, where there is none.
    pub(super) async fn freed(&mut self) {
        match self.last_second.front_mut() {
            // The wait ends in its timeout, always.
            Some(oldest) => drop(oldest.await),
            None => pending().await,
        }
        self.last_second.pop_front();
    }
}
