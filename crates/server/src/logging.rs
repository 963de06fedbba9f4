//! The log: lines on standard error, without texts that callers wrote.
//!
//! What is logged is chosen where it is logged: ids, words of ours, figures. Here it is only made
//! sure that one event stays one line.

use std::io::{self, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use crate::config::{Format, Level, Log};

/// The crates whose events are logged at the level that is set; all others only warn.
const OURS: [&str; 7] = ["app", "blobs", "server", "store", "web", "wire", "worker"];

/// Crates whose warnings may quote whole messages, with numbers and digests in them.
const TALKATIVE: [&str; 3] = ["rmcp", "rsipstack", "rusmpp"];

/// Begins to log, and logs panics too. Once in the life of a process.
pub(crate) fn begin(log: &Log) {
    let level = match log.level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    };
    let filter = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_targets(OURS.map(|target| (target, level)))
        .with_targets(TALKATIVE.map(|target| (target, LevelFilter::ERROR)));
    let registry = tracing_subscriber::registry().with(filter);
    match log.format {
        Format::Json => {
            let layer = fmt::layer().json().flatten_event(true).with_span_list(false);
            registry.with(layer.with_writer(io::stderr)).init();
        }
        Format::Text => {
            let layer = fmt::layer().with_ansi(false);
            registry.with(layer.with_writer(|| OneLine(io::stderr()))).init();
        }
    }
    // The text of a panic may quote what a caller wrote; where it happened is enough.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

/// Writes each event as one line, whatever its texts hold. The formatter writes an event at once.
#[derive(Debug)]
pub struct OneLine<W>(pub W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut line = String::with_capacity(text.len() + 1);
        for c in text.trim_end_matches('\n').chars() {
            if c.is_control() {
                line.extend(c.escape_default());
            } else {
                line.push(c);
            }
        }
        line.push('\n');
        self.0.write_all(line.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
