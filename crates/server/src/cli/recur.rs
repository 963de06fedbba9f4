//! `liberty recur`: answers schedule vectors, so that anybody can score the recurrence engine.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use recur::{Instant, Recurrence, Rule, RuleFault, Time, Zone};
use serde_json::{Value, json};

use crate::Failure;

/// How many occurrences each answer has, unless the rule ends before.
const NEXT_MAX: usize = 12;

/// Where the vectors are.
#[derive(Debug, Args)]
pub(crate) struct Command {
    /// A file with one JSON object a line, or - for standard input: id, rule, times, time_zone,
    /// start.utc and after, as in the vectors of the original library
    #[arg(long, value_name = "FILE")]
    vectors: PathBuf,
}

impl Command {
    /// Writes `{"id":…,"next":[…]}` for each line, with `"error"` where it is no schedule. It needs
    /// neither configuration nor database.
    pub(crate) fn run(self, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
        let vectors = open(&self.vectors).map_err(|error| {
            Failure::run(&format!("{} cannot be read", self.vectors.display()), error)
        })?;
        for line in vectors.lines() {
            let line = line.map_err(|error| Failure::run("the vectors cannot be read", error))?;
            if !line.trim().is_empty() {
                writeln!(out, "{}", answer(&line))?;
            }
        }
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(BufReader::new(File::open(path)?)))
}

fn answer(line: &str) -> Value {
    let vector: Value = match serde_json::from_str(line) {
        Ok(vector) => vector,
        Err(error) => return json!({"id": null, "next": [], "error": error.to_string()}),
    };
    match next(&vector) {
        Ok(next) => json!({"id": vector["id"], "next": next}),
        Err(error) => json!({"id": vector["id"], "next": [], "error": error}),
    }
}

fn next(vector: &Value) -> Result<Vec<String>, String> {
    let rule =
        Rule::from_ice_cube(&vector["rule"].to_string()).map_err(|faults| in_words(&faults))?;
    let zone = vector["time_zone"].as_str().unwrap_or_default();
    let zone = Zone::named(zone).map_err(|error| format!("time_zone {error}"))?;
    let start = instant("start.utc", &vector["start"]["utc"])?;
    let after = instant("after", &vector["after"])?;
    let recurrence = Recurrence::new(rule, times(&vector["times"])?, zone, start);
    Ok(recurrence.occurrences(after).take(NEXT_MAX).map(Instant::rfc3339_ms).collect())
}

fn times(value: &Value) -> Result<Vec<Time>, String> {
    let times = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(times) => times.iter(),
        _ => return Err("times must be a list".to_owned()),
    };
    let time = |time: &Value| time.as_str().and_then(Time::parse);
    times.map(time).collect::<Option<_>>().ok_or_else(|| "times must be like 9:00 AM".to_owned())
}

fn instant(name: &str, value: &Value) -> Result<Instant, String> {
    let text = value.as_str().unwrap_or_default();
    Instant::parse(text).map_err(|error| format!("{name} {error}"))
}

fn in_words(faults: &[RuleFault]) -> String {
    let faults: Vec<String> =
        faults.iter().map(|fault| format!("{} {}", fault.part, fault.rule)).collect();
    faults.join("; ")
}
