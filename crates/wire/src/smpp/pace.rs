//! How many messages a second may go out: never more than the limit in any second.

use std::collections::VecDeque;
use std::future::pending;
use std::time::Duration;

use crate::{Pause, pause};

/// The messages of the last second, each as the wait until it is a second old.
pub(super) struct Pace {
    limit: Option<usize>,
    last_second: VecDeque<Pause>,
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
            self.last_second.push_back(pause(Duration::from_secs(1)));
        }
    }

    /// Ends when the oldest of the last second is no longer of it; never, where there is none.
    pub(super) async fn freed(&mut self) {
        match self.last_second.front_mut() {
            Some(oldest) => oldest.await,
            None => pending().await,
        }
        self.last_second.pop_front();
    }
}
