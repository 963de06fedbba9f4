//! A schedule as the fields of the form say it, where they have words for it.

use app::to_dos::ScheduledToDo;
use domain::{Frequency, Instant, RuleParts, Schedule, Until, Zone, limits};

use crate::session::Fields;
use crate::ui::typed_time;

/// What the form would post of a To Do as it is.
pub(crate) fn typed(standing: &ScheduledToDo, zone: &Zone) -> Fields {
    let to_do = &standing.to_do;
    let policy = to_do.policy;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut pairs = vec![
        ("revision", to_do.revision.to_string()),
        ("delivery_type", to_do.delivery_type.as_str().to_owned()),
        ("contact", to_do.contact.clone()),
        ("from", text(&to_do.from)),
        ("message_text", to_do.message_text.clone()),
        ("subject", text(&to_do.subject)),
        ("sender_name", text(&to_do.sender_name)),
        ("from_email", text(&to_do.from_email)),
        ("instructions", text(&to_do.instructions)),
        ("misfire", policy.misfire.as_str().to_owned()),
        ("grace_minutes", (policy.grace_ms / limits::MINUTE_MS).to_string()),
        ("overlap", policy.overlap.as_str().to_owned()),
        ("if_unsure", policy.if_unsure.as_str().to_owned()),
    ];
    match (&standing.schedule, to_do.run_at) {
        (Some(schedule), _) => match words(schedule, zone) {
            Some(words) => {
                pairs.push(("when", "again".to_owned()));
                pairs.extend(words);
            }
            None => {
                pairs.push(("when", "kept".to_owned()));
                pairs.extend(usual());
            }
        },
        (None, at) => {
            let (run_on, run_time) = day_and_time(at.unwrap_or(to_do.created_at), zone);
            pairs.push(("when", "once".to_owned()));
            pairs.extend([("run_on", run_on), ("run_time", run_time)]);
            pairs.extend(usual());
        }
    }
    Fields::of(pairs)
}

/// What stands in the fields of a recurrence while there is none.
fn usual() -> [(&'static str, String); 2] {
    [("frequency", "weekly".to_owned()), ("interval", "1".to_owned())]
}

fn day_and_time(at: Instant, zone: &Zone) -> (String, String) {
    (zone.date(at).to_string(), typed_time(zone.minute_of_day(at)))
}

/// A schedule in the form's words; `None` if it says what the form has no words for.
fn words(schedule: &Schedule, zone: &Zone) -> Option<Vec<(&'static str, String)>> {
    let parts = schedule.rule.parts();
    let by_clock = !matches!(parts.frequency, Frequency::Minutely | Frequency::Hourly);
    let by_month = matches!(parts.frequency, Frequency::Monthly | Frequency::Yearly);
    let odd = [&parts.day_of_year, &parts.hour_of_day, &parts.minute_of_hour];
    let is_odd = odd.iter().any(|list| !list.is_empty())
        || !parts.second_of_minute.is_empty()
        || parts.week_start != 0
        || schedule.times.is_empty() == by_clock
        || !(by_month || parts.day_of_month.is_empty() && parts.day_of_week.is_empty());
    let until = match parts.until {
        None => String::new(),
        Some(Until::Day(day)) => day.to_string(),
        Some(Until::At(_)) => return None,
    };
    let (days, nths) = grid(parts)?;
    if is_odd {
        return None;
    }
    let times: Vec<String> = schedule.times.iter().map(ToString::to_string).collect();
    let of_month: Vec<String> = parts.day_of_month.iter().map(|day| of_month(*day)).collect();
    let mut words = vec![
        ("frequency", parts.frequency.as_str().to_owned()),
        ("interval", parts.interval.to_string()),
        ("days_of_month", of_month.join(", ")),
        ("times", times.join(", ")),
        ("starts_on", zone.date(schedule.starts_at).to_string()),
        ("until", until),
        ("count", parts.count.map(|count| count.to_string()).unwrap_or_default()),
    ];
    words.extend(days.into_iter().map(|day| ("day", weekday(day).to_owned())));
    words.extend(nths.into_iter().map(|nth| ("nth", nth.to_string())));
    words.extend(parts.month_of_year.iter().map(|month| ("month", month.to_string())));
    Some(words)
}

/// The weekdays, and which of their month: each of the ones with each of the others, or not at all.
fn grid(parts: &RuleParts) -> Option<(Vec<i64>, Vec<i64>)> {
    if parts.day_of_week.is_empty() {
        return Some((parts.day.clone(), Vec::new()));
    }
    let distinct = |mut list: Vec<i64>| {
        list.sort_unstable();
        list.dedup();
        list
    };
    let days = distinct(parts.day_of_week.iter().map(|(day, _)| *day).collect());
    let nths = distinct(parts.day_of_week.iter().map(|(_, nth)| *nth).collect());
    let is_whole = days.len() * nths.len() == parts.day_of_week.len();
    let has_button = nths.iter().all(|nth| (-1..=5).contains(nth));
    (is_whole && has_button && parts.day.is_empty()).then_some((days, nths))
}

fn weekday(day: i64) -> &'static str {
    const NAMES: [&str; 7] =
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    NAMES[usize::try_from(day.rem_euclid(7)).unwrap_or_default()]
}

fn of_month(day: i64) -> String {
    if day == -1 { "last".to_owned() } else { day.to_string() }
}
