//! What happens when clocks are set forward or back, as tables of readings.

use recur::{Instant, Recurrence, Rule, Time, Zone};

/// The next occurrences of an RRULE at times of day, from a start on, without `.000Z`.
fn check(zone: &str, start: &str, rrule: &str, times: &[&str], expected: &[&str]) {
    let start = Instant::parse(start).unwrap();
    let times = times.iter().map(|time| Time::parse(time).unwrap()).collect();
    let rule = Rule::from_rrule(rrule).unwrap();
    let recurrence = Recurrence::new(rule, times, Zone::named(zone).unwrap(), start);
    let found: Vec<String> = recurrence
        .occurrences(start.minus_ms(1))
        .take(expected.len())
        .map(|at| at.rfc3339_ms().replace(":00.000Z", ""))
        .collect();
    assert_eq!(found, expected, "{zone} {rrule}");
}

#[test]
fn a_time_in_a_gap_is_moved_by_the_length_of_the_gap() {
    let new_york = "America/New_York";
    let start = "2025-03-08T05:00:00Z";
    check(
        new_york,
        start,
        "FREQ=DAILY",
        &["2:30 AM"],
        &["2025-03-08T07:30", "2025-03-09T07:30", "2025-03-10T06:30"],
    );
    // Two times that the gap puts on one instant are one occurrence.
    check(
        new_york,
        start,
        "FREQ=DAILY",
        &["2:30 AM", "3:30 AM"],
        &["2025-03-08T07:30", "2025-03-08T08:30", "2025-03-09T07:30", "2025-03-10T06:30"],
    );
    // The moved time comes after one that stood later on the clock.
    check(
        new_york,
        "2025-03-09T05:00:00Z",
        "FREQ=DAILY",
        &["2:45 AM", "3:15 AM"],
        &["2025-03-09T07:15", "2025-03-09T07:45", "2025-03-10T06:45"],
    );
    // A start between the two readings of a moved time.
    check(new_york, "2025-03-09T07:10:00Z", "FREQ=DAILY", &["2:30 AM"], &["2025-03-09T07:30"]);
    check(
        "Australia/Lord_Howe",
        "2025-10-04T15:00:00Z",
        "FREQ=DAILY",
        &["2:15 AM"],
        &["2025-10-04T15:45"],
    );
    check(
        "America/Sao_Paulo",
        "2017-10-14T03:00:00Z",
        "FREQ=DAILY",
        &["12:00 AM"],
        &["2017-10-14T03:00", "2017-10-15T03:00", "2017-10-16T02:00"],
    );
}

#[test]
fn a_time_that_comes_twice_fires_the_first_time() {
    check(
        "America/New_York",
        "2025-11-01T04:00:00Z",
        "FREQ=DAILY",
        &["1:30 AM"],
        &["2025-11-01T05:30", "2025-11-02T05:30", "2025-11-03T06:30"],
    );
    // From within the second pass, the day is over for it.
    check(
        "America/New_York",
        "2025-11-02T06:15:00Z",
        "FREQ=DAILY",
        &["1:30 AM"],
        &["2025-11-03T06:30"],
    );
    // Clocks go from midnight back to the day before.
    check(
        "America/Sao_Paulo",
        "2018-02-17T02:00:00Z",
        "FREQ=DAILY",
        &["11:30 PM", "12:00 AM"],
        &["2018-02-17T02:00", "2018-02-18T01:30", "2018-02-18T03:00", "2018-02-19T02:30"],
    );
    check(
        "Australia/Lord_Howe",
        "2025-04-05T13:00:00Z",
        "FREQ=DAILY",
        &["1:45 AM"],
        &["2025-04-05T14:45", "2025-04-06T15:15"],
    );
}

#[test]
fn a_date_that_a_zone_left_out_is_left_out() {
    check(
        "Pacific/Apia",
        "2011-12-29T10:00:00Z",
        "FREQ=DAILY",
        &["9:00 AM"],
        &["2011-12-29T19:00", "2011-12-30T19:00"],
    );
    check(
        "Pacific/Apia",
        "2011-12-24T10:00:00Z",
        "FREQ=WEEKLY;BYDAY=FR",
        &["9:00 AM"],
        &["2012-01-05T19:00"],
    );
}

#[test]
fn hours_and_minutes_are_elapsed_time() {
    check(
        "America/New_York",
        "2025-03-09T06:00:00Z",
        "FREQ=HOURLY",
        &[],
        &["2025-03-09T06:00", "2025-03-09T07:00", "2025-03-09T08:00"],
    );
    // Both passes of an hour are hours; their wall clock only filters.
    check(
        "America/New_York",
        "2025-11-02T04:30:00Z",
        "FREQ=HOURLY;BYHOUR=1",
        &[],
        &["2025-11-02T05:30", "2025-11-02T06:30", "2025-11-03T06:30"],
    );
    // After the change there is still the rest of the day.
    check(
        "America/Chicago",
        "2022-11-01T00:37:00Z",
        "FREQ=DAILY;BYDAY=SU",
        &["2:37 AM"],
        &["2022-11-06T08:37", "2022-11-13T08:37"],
    );
    check(
        "America/Chicago",
        "2022-11-06T03:37:00Z",
        "FREQ=HOURLY;INTERVAL=5;BYDAY=SU;BYHOUR=2",
        &[],
        &["2022-11-06T08:37"],
    );
    // Half an hour back: the hour is half an hour longer, and its minutes come once.
    check(
        "Australia/Lord_Howe",
        "2025-04-05T13:45:00Z",
        "FREQ=HOURLY",
        &[],
        &["2025-04-05T13:45", "2025-04-05T14:45", "2025-04-05T16:15"],
    );
    check(
        "Asia/Kathmandu",
        "2025-04-05T00:00:00Z",
        "FREQ=HOURLY;INTERVAL=6;BYMINUTE=0,45",
        &[],
        &["2025-04-05T00:00", "2025-04-05T05:15", "2025-04-05T06:00"],
    );
    check(
        "Europe/London",
        "2025-03-30T00:40:00Z",
        "FREQ=MINUTELY;INTERVAL=20",
        &[],
        &["2025-03-30T00:40", "2025-03-30T01:00", "2025-03-30T01:20"],
    );
}
