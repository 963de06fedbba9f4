//! Measures next occurrences per second on one core, near the start and decades later, in one run.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::hint::black_box;
use std::time::Instant as Clock;

use recur::{Instant, Recurrence, Rule, Time, Zone};

const ROUNDS: u32 = 400_000;

/// Name, rule, zone, time of day.
type Case = (&'static str, &'static str, &'static str, Option<&'static str>);

const CASES: [Case; 7] = [
    (
        "every 2 weeks Tu/Th/Sa 9:00 New York",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH,SA",
        "America/New_York",
        Some("9:00 AM"),
    ),
    (
        "15th and last 9:00 Los Angeles",
        "FREQ=MONTHLY;BYMONTHDAY=15,-1",
        "America/Los_Angeles",
        Some("9:00 AM"),
    ),
    (
        "the first, with a count of 10,000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH,SA;COUNT=10000",
        "America/New_York",
        Some("9:00 AM"),
    ),
    ("daily at midnight Sao Paulo", "FREQ=DAILY", "America/Sao_Paulo", Some("12:00 AM")),
    (
        "29 February 8:00 London",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "Europe/London",
        Some("8:00 AM"),
    ),
    (
        "every 5 hours from 9 to 5 New York",
        "FREQ=HOURLY;INTERVAL=5;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,10,11,12,13,14,15,16",
        "America/New_York",
        None,
    ),
    ("every 20 minutes New York", "FREQ=MINUTELY;INTERVAL=20", "America/New_York", None),
];

/// Rules that no date matches: the whole search of a hundred years is made.
const IN_VAIN: [(&str, &str); 6] = [
    ("31 February", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"),
    ("first of the month, and second Monday", "FREQ=DAILY;BYMONTHDAY=1;BYDAY=2MO"),
    ("an even start, at odd minutes", "FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1"),
    ("weekly in hours, on another day", "FREQ=HOURLY;INTERVAL=168;BYDAY=MO"),
    ("weekly in hours, on six other days", "FREQ=HOURLY;INTERVAL=168;BYDAY=SU,MO,WE,TH,FR,SA"),
    (
        "weekly in minutes, on other days",
        "FREQ=MINUTELY;INTERVAL=840;BYDAY=SU,MO,WE,TH,FR,SA;BYHOUR=1,2,3,4,5",
    ),
];

fn main() -> Result<(), String> {
    let head = ["near", "far", "far/near", "from storage"];
    println!("{:<38} {:>10} {:>10} {:>9} {:>13}", "per second", head[0], head[1], head[2], head[3]);
    for case in CASES {
        measure(case).ok_or_else(|| format!("{}: no rule", case.0))?;
    }
    println!("\n{:<38} {:>10} {:>10}", "in vain", "steps", "µs");
    for (name, rrule) in IN_VAIN {
        search_in_vain(name, rrule).ok_or_else(|| format!("{name}: no rule"))?;
    }
    Ok(())
}

fn measure((name, rrule, zone, time): Case) -> Option<()> {
    let rule = Rule::from_rrule(rrule).ok()?;
    let times: Vec<Time> = time.into_iter().filter_map(Time::parse).collect();
    let zone = Zone::named(zone).ok()?;
    let start = Instant::parse("2010-01-05T17:28:12Z").ok()?;
    let far_away = Instant::parse("2036-01-05T17:28:12Z").ok()?;
    let stored = rule.ice_cube_full();
    let recurrence = Recurrence::new(rule, times.clone(), zone.clone(), start);
    let near = per_second(ROUNDS, |round| recurrence.next(later(start, round)));
    let far = per_second(ROUNDS, |round| recurrence.next(later(far_away, round)));
    let from_storage = per_second(ROUNDS / 20, |round| {
        let rule = Rule::from_ice_cube(&stored).ok()?;
        let made = Recurrence::new(rule, times.clone(), zone.clone(), start);
        made.next(later(start, round))
    });
    println!("{name:<38} {near:>10.0} {far:>10.0} {:>9.2} {from_storage:>13.0}", far / near);
    Some(())
}

fn search_in_vain(name: &str, rrule: &str) -> Option<()> {
    let rule = Rule::from_rrule(rrule).ok()?;
    let start = Instant::parse("2010-01-05T17:28:12Z").ok()?;
    let zone = Zone::named("America/New_York").ok()?;
    let recurrence = Recurrence::new(rule, Vec::new(), zone, start);
    let (found, steps) = recurrence.next_and_effort(start);
    let us = 1e6 / per_second(500, |_| recurrence.next(start));
    let verdict = if found.is_none() { "" } else { " (found)" };
    println!("{name:<38} {steps:>10} {us:>10.0}{verdict}");
    Some(())
}

/// Steps through a year in uneven strides, so that no branch is learnt by heart.
fn later(instant: Instant, round: u32) -> Instant {
    instant.plus_ms(i64::from(round) * 7_919_000 % (365 * 86_400_000))
}

fn per_second(rounds: u32, mut work: impl FnMut(u32) -> Option<Instant>) -> f64 {
    let begin = Clock::now();
    for round in 0..rounds {
        black_box(work(black_box(round)));
    }
    f64::from(rounds) / begin.elapsed().as_secs_f64()
}
