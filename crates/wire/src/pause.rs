//! The one pause below floor 5: a wait by the real clock for something outside of this process.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Sleep, sleep};

/// A wait that has begun, which can be waited for here and there until it is over.
pub type Pause = Pin<Box<Sleep>>;

/// A wait of this length, which nothing else ends.
///
/// `clippy.toml` bans sleeping, because work that waits asleep is lost with the process and hidden
/// from a test that moves the clock: it belongs into the queue, as a job with a due time. What is
/// left is the rhythm of talking to others: before a peer, a queue or a database is asked again, and
/// between two texts. Nothing that matters is forgotten when such a wait is cut off.
#[expect(clippy::disallowed_methods, reason = "the one place where it is right; see above")]
pub fn pause(length: Duration) -> Pause {
    Box::pin(sleep(length))
}
