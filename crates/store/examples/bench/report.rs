//! The figures as a Markdown table.

use std::fmt;
use std::time::Duration;

use crate::http::Measured;
use crate::process::Streamed;

/// One kind of request, beside its limit.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) measured: Measured,
    /// Processor time of server and database per request, in microseconds.
    pub(crate) us: f64,
    pub(crate) limit: Measured,
    /// Processor time of driver and database per statement, in microseconds.
    pub(crate) raw_us: f64,
}

/// The table of one database.
pub(crate) struct Table {
    title: String,
    lines: Vec<String>,
    notes: Vec<String>,
}

impl Table {
    pub(crate) fn new(name: &str, rows: usize, filled_per_second: f64) -> Self {
        let title = format!("### {name}, {rows} messages");
        let notes = vec![format!("filled at {filled_per_second:.0} rows/s")];
        Table { title, lines: Vec::new(), notes }
    }

    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    pub(crate) fn line(&mut self, line: Line<'_>) {
        let Line { name, measured, us, limit, raw_us } = line;
        let (ours, theirs) = (measured.per_second(), limit.per_second());
        self.lines.push(format!(
            "| {name} | {ours:.0} | {:.2} | {:.2} | {:.0} | {theirs:.0} | {:.0} | {:.2} | {:.2} |",
            measured.ms(0.5),
            measured.ms(0.99),
            1e6 / us,
            1e6 / raw_us,
            ours / theirs,
            raw_us / us,
        ));
    }

    pub(crate) fn stream(&mut self, ours: &Streamed, raw: &(usize, Duration), rows: usize) {
        assert!(ours.rows >= rows, "{} of {rows} rows were streamed", ours.rows);
        let per_second = ours.rows as f64 / ours.lasted.as_secs_f64();
        let limit = raw.0 as f64 / raw.1.as_secs_f64();
        self.notes.push(format!(
            "list of all: {per_second:.0} rows/s ({:.0} MB/s), ready text {limit:.0} rows/s, ratio \
             {:.2}; server memory {} MB before, {} MB at its peak (without pages of files {} MB, \
             {} MB)",
            ours.bytes as f64 / 1e6 / ours.lasted.as_secs_f64(),
            per_second / limit,
            ours.idle_kb / 1024,
            ours.peak_kb / 1024,
            ours.idle_own_kb / 1024,
            ours.peak_own_kb / 1024,
        ));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.title)?;
        writeln!(
            f,
            "| work | req/s | p50 ms | p99 ms | max/core | limit req/s | limit max/core | ratio req/s \
             | ratio per core |"
        )?;
        writeln!(f, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")?;
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        writeln!(f)?;
        for note in &self.notes {
            writeln!(f, "* {note}")?;
        }
        writeln!(f)
    }
}
