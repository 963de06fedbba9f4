//! The machine itself: its clock, its randomness, and the signals that tell it to stop.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use app::Entropy;
use domain::Instant;
use tokio::signal::unix::{SignalKind, signal};

/// What this machine's clock shows. One before 1970 reads as 1970.
pub(crate) fn machine_time() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The operating system's randomness.
pub(crate) fn entropy() -> Entropy {
    Entropy::new(|bytes| {
        // Without randomness every token would be guessable: there is nothing sane left to do.
        #[expect(clippy::expect_used, reason = "no key may ever be made without randomness")]
        getrandom::fill(bytes).expect("the operating system gives randomness");
    })
}

/// Ends when the process is told to stop, by SIGTERM or by Ctrl+C; names the signal.
pub(crate) async fn told_to_stop() -> io::Result<&'static str> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    })
}
