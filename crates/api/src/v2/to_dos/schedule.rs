//! The schedule of a To Do as somebody gives it: lists and numbers of the right types.

use domain::limits;
use domain::to_do::ScheduleEntry;
use serde_json::Value;

use crate::bodies::{AnyText, Texts, WholeBetween, Wholes, body, kinds};

/// The keys that say a rule in words; a rule in IceCube's form stands in their place.
const WORDS: [&str; 10] = [
    "frequency",
    "interval",
    "days",
    "days_of_month",
    "days_of_week",
    "days_of_year",
    "months",
    "until",
    "count",
    "week_start",
];

/// Parts of a rule in IceCube's form. Beside the words they would say something that nobody reads.
const PARTS: [&str; 9] = [
    "rule_type",
    "validations",
    "day",
    "day_of_month",
    "day_of_year",
    "month_of_year",
    "hour_of_day",
    "minute_of_hour",
    "second_of_minute",
];

body! {
    /// A recurrence: in words, or as a `rule` in IceCube's form beside `times` and `starts_at`.
    NewSchedule => ScheduleEntry, unknown: Ignored;
    /// The whole rule as IceCube's hash, instead of the words below.
    rule: Rule,
    /// `minutely`, `hourly`, `daily`, `weekly`, `monthly` or `yearly`, in any letter case.
    frequency: AnyText,
    /// Every how many of them; 1 if nobody says otherwise. Years at most 100.
    interval: Option<WholeBetween<1, 1_000>>,
    /// Times of day in the account's zone: `9:00 AM` or `09:00`.
    times: Texts<{ limits::SCHEDULE_TIMES }>,
    /// Weekdays: names, or their first three letters, in any letter case.
    days: Texts<{ limits::LIST_ENTRIES }>,
    /// Days of the month; negative ones count from its end.
    days_of_month: Wholes,
    /// Which weekdays of the month: `{"Monday": [1, -1]}` is the first and the last Monday.
    days_of_week: DaysOfWeek,
    /// Days of the year; negative ones count from its end.
    days_of_year: Wholes,
    /// Months, 1 to 12.
    months: Wholes,
    /// The weekday that a week begins with; Sunday if nobody says otherwise. It tells which weeks
    /// count where the interval is more than 1.
    week_start: AnyText,
    /// The last day (`MM-DD-YYYY` or `YYYY-MM-DD`), or the last instant.
    until: AnyText,
    /// How many occurrences in all.
    count: Option<WholeBetween<1, 10_000>>,
    /// The instant from which it counts; now if nobody says otherwise.
    starts_at: AnyText,
}

kinds! {
    /// A rule in IceCube's form, in the place of the words.
    Rule => String, {"type": "object"}, |fields, name| {
        for part in PARTS {
            if fields.has(part) {
                fields.add(part, "is a part of a rule, and read within rule only");
            }
        }
        for word in WORDS {
            fields.null(word);
        }
        let rule = Value::Object(fields.map(name)?).to_string();
        if WORDS.into_iter().any(|word| fields.has(word)) {
            let rule = "must not be given together with the same in words, such as frequency";
            fields.add(name, rule);
        }
        Some(rule)
    };
    /// `{"Monday": [1, -1]}`: the first and the last Monday of the month.
    DaysOfWeek => Vec<(String, i64)>,
        {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "integer"}}},
        |fields, name| {
            let object = fields.map(name)?;
            if object.is_empty() {
                fields.add(name, "must not be empty");
            }
            let mut days = Vec::new();
            for (day, value) in object {
                let nths = value.as_array().filter(|nths| !nths.is_empty());
                let nths: Option<Vec<i64>> =
                    nths.and_then(|nths| nths.iter().map(Value::as_i64).collect());
                match nths {
                    Some(nths) => days.extend(nths.into_iter().map(|nth| (day.clone(), nth))),
                    None => fields.add(&format!("{name}.{day}"), "must be a list of whole numbers"),
                }
            }
            Some(days)
        };
}
