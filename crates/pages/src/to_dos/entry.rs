//! What was typed into the form of a To Do, as an entry, with all that is wrong with the typing.

use domain::to_do::{ScheduleEntry, ToDoEntry};
use domain::{Date, Instant, Invalid, Time, Zone};

use crate::session::Fields;

/// The fields that say when it goes out, if once and if again.
const ONCE: [&str; 2] = ["run_on", "run_time"];
const AGAIN: [&str; 10] = [
    "frequency",
    "interval",
    "day",
    "nth",
    "days_of_month",
    "month",
    "times",
    "starts_on",
    "until",
    "count",
];

/// Puts what was typed into an entry: a new one, or that of a To Do whose form was opened with the
/// fields `before`. What was not touched stays exactly as it is. Answers what cannot be read.
pub(crate) fn apply(
    posted: &Fields,
    before: Option<&Fields>,
    zone: &Zone,
    entry: &mut ToDoEntry,
) -> Invalid {
    let mut invalid = Invalid::new();
    let text = |name: &str| posted.text(name).replace("\r\n", "\n");
    entry.delivery_type = text("delivery_type");
    let (is_mail, is_call) = (entry.delivery_type == "email", entry.delivery_type == "call");
    let only = |holds: bool, name: &str| if holds { text(name) } else { String::new() };
    entry.contact = text("contact");
    entry.message_text = text("message_text");
    entry.from = only(!is_mail, "from");
    entry.subject = only(is_mail, "subject");
    entry.sender_name = only(is_mail, "sender_name");
    entry.from_email = only(is_mail, "from_email");
    entry.instructions = only(is_call, "instructions");
    entry.misfire = text("misfire");
    entry.overlap = text("overlap");
    entry.if_unsure = text("if_unsure");
    let is_same = |name: &&str| before.is_some_and(|before| same(before, posted, name));
    if !is_same(&"grace_minutes") {
        let minutes = number(posted, "grace_minutes", &mut invalid);
        entry.grace_seconds = minutes.map(|minutes| minutes.saturating_mul(60));
    }
    match posted.text("when") {
        "kept" if before.is_some() => {}
        "again" if is_same(&"when") && AGAIN.iter().all(is_same) => {}
        "again" => {
            entry.run_at.clear();
            let starts_at = entry.schedule.take().map(|schedule| schedule.starts_at);
            let starts_at = starts_at.filter(|_| is_same(&"starts_on"));
            entry.schedule = Some(again(posted, starts_at, zone, &mut invalid));
        }
        "once" if is_same(&"when") && ONCE.iter().all(is_same) => {}
        "once" => {
            entry.schedule = None;
            entry.run_at = once(posted, zone, &mut invalid);
        }
        _ => invalid.add("when", "must be chosen"),
    }
    invalid
}

fn same(before: &Fields, posted: &Fields, name: &str) -> bool {
    before.all(name).eq(posted.all(name))
}

/// The instant of a day and a time of day, `""` if one of them cannot be read.
fn once(posted: &Fields, zone: &Zone, invalid: &mut Invalid) -> String {
    let (day, time) = (Date::parse(posted.text("run_on").trim()), posted.text("run_time"));
    invalid.require(day.is_ok(), "run_on", "must be a date");
    let time = Time::parse(time);
    invalid.require(time.is_some(), "run_time", "must be a time of day such as 9:00 AM");
    match (day, time) {
        (Ok(day), Some(time)) => zone.at_minute(day, time.minute_of_day()).rfc3339_ms(),
        _ => String::new(),
    }
}

fn again(
    posted: &Fields,
    starts_at: Option<String>,
    zone: &Zone,
    invalid: &mut Invalid,
) -> ScheduleEntry {
    let frequency = posted.text("frequency").to_owned();
    let by_clock = !matches!(frequency.as_str(), "minutely" | "hourly");
    let by_month = matches!(frequency.as_str(), "monthly" | "yearly");
    let owned = |name| posted.all(name).map(str::to_owned).collect::<Vec<_>>();
    let listed = |name: &str| {
        let pieces = posted.text(name).split([',', ';', '\n']).map(str::trim);
        pieces.filter(|piece| !piece.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut entry = ScheduleEntry {
        frequency,
        interval: number(posted, "interval", invalid),
        until: posted.text("until").trim().to_owned(),
        count: number(posted, "count", invalid),
        days: owned("day"),
        months: owned("month").iter().map(|month| month.parse().unwrap_or(0)).collect(),
        starts_at: starts_at.unwrap_or_else(|| starts_on(posted, zone, invalid)),
        ..ScheduleEntry::default()
    };
    if by_clock {
        entry.times = listed("times");
        invalid.require(!entry.times.is_empty(), "times", "must be given, such as 9:00 AM");
    }
    let nths: Vec<i64> = posted.all("nth").map(|nth| nth.parse().unwrap_or(0)).collect();
    if by_month && !nths.is_empty() {
        let rule = "needs the weekdays that it counts: press them above";
        invalid.require(!entry.days.is_empty(), "nth", rule);
        let each = |day: String| nths.iter().map(move |nth| (day.clone(), *nth));
        entry.days_of_week = std::mem::take(&mut entry.days).into_iter().flat_map(each).collect();
    }
    if by_month {
        let days = listed("days_of_month");
        let days: Option<Vec<i64>> = days.iter().map(|day| of_month(day)).collect();
        let rule = "must be days such as 1, 15, or last";
        invalid.require(days.is_some(), "days_of_month", rule);
        entry.days_of_month = days.unwrap_or_default();
    }
    entry
}

/// The beginning of the first day; `""`, which is now, if none is named.
fn starts_on(posted: &Fields, zone: &Zone, invalid: &mut Invalid) -> String {
    match posted.text("starts_on").trim() {
        "" => String::new(),
        text => match Date::parse(text) {
            Ok(day) => zone.day_start(day).rfc3339_ms(),
            Err(_) => {
                invalid.add("starts_on", "must be a date");
                String::new()
            }
        },
    }
}

fn of_month(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("last") { Some(-1) } else { text.parse().ok() }
}

fn number(posted: &Fields, name: &str, invalid: &mut Invalid) -> Option<i64> {
    match posted.text(name).trim() {
        "" => None,
        text => match text.parse() {
            Ok(number) => Some(number),
            Err(_) => {
                invalid.add(name, "must be a whole number");
                None
            }
        },
    }
}

/// Adds what the rules of a To Do say to what could not be read, each field once.
pub(crate) fn with_rules(
    mut typing: Invalid,
    entry: &ToDoEntry,
    zone: &Zone,
    now: Instant,
) -> Invalid {
    if let Err(faults) = entry.checked(zone, now) {
        for (path, rule) in faults.faults() {
            // A date that cannot be read is no date at all to the rules.
            if path != "schedule" && path != "schedule.starts_at" {
                typing.add(path, rule);
            }
        }
    }
    typing
}
