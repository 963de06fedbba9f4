//! The schedule of a To Do as somebody gives it: lists and numbers of the right types.

use domain::limits;
use domain::to_do::ScheduleEntry;
use serde_json::{Value, json};

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

const FREQUENCIES: [&str; 6] = ["minutely", "hourly", "daily", "weekly", "monthly", "yearly"];

/// Weekdays by the rest of their names after three letters, all that is needed of each.
const WEEKDAYS: [&str; 7] = [
    "sun(day)?",
    "mon(day)?",
    "tue(sday)?",
    "wed(nesday)?",
    "thu(rsday)?",
    "fri(day)?",
    "sat(urday)?",
];

/// `9:00 AM` in any letter case, or `09:00`.
const TIME_PATTERN: &str = "^\\s*((0?[1-9]|1[0-2]):[0-5][0-9]\\s*[AaPp][Mm]\
    |([01]?[0-9]|2[0-3]):[0-5][0-9])\\s*$";

/// The pattern of one of these words in any letter case, with space around it.
fn any_case(words: &[&str]) -> String {
    let both = |c: char| match c.is_ascii_lowercase() {
        true => format!("[{}{c}]", c.to_ascii_uppercase()),
        false => c.to_string(),
    };
    let words: Vec<String> = words.iter().map(|word| word.chars().map(both).collect()).collect();
    format!("^\\s*({})\\s*$", words.join("|"))
}

/// The schema of a number from 1 to `last`, or from the end with a minus.
pub(super) fn signed(last: usize) -> Value {
    json!({"oneOf": [
        {"type": "integer", "minimum": 1, "maximum": last},
        {"type": "integer", "minimum": -(last as i64), "maximum": -1},
    ]})
}

body! {
    /// A recurrence: in words, or as a `rule` in IceCube's form beside `times` and `starts_at`.
    NewSchedule => ScheduleEntry, unknown: Ignored;
    /// The whole rule as IceCube's hash, instead of the words below.
    rule: Rule,
    /// `minutely`, `hourly`, `daily`, `weekly`, `monthly` or `yearly`, in any letter case.
    frequency: FrequencyWord,
    /// Every how many of them; 1 if nobody says otherwise. Years at most 100.
    interval: Option<WholeBetween<1, 1_000>>,
    /// Times of day in the account's zone: `9:00 AM` or `09:00`.
    times: TimesOfDay,
    /// Weekdays: names, or their first three letters, in any letter case.
    days: Weekdays,
    /// Days of the month; negative ones count from its end.
    days_of_month: SignedDays<31>,
    /// Which weekdays of the month: `{"Monday": [1, -1]}` is the first and the last Monday.
    days_of_week: DaysOfWeek,
    /// Days of the year; negative ones count from its end.
    days_of_year: SignedDays<366>,
    /// Months, 1 to 12.
    months: Months,
    /// The weekday that a week begins with; Sunday if nobody says otherwise. It tells which weeks
    /// count where the interval is more than 1.
    week_start: Weekday,
    /// The last day (`MM-DD-YYYY` or `YYYY-MM-DD`), or the last instant.
    until: DayOrInstant,
    /// How many occurrences in all.
    count: Option<WholeBetween<1, 10_000>>,
    /// The instant from which it counts; now if nobody says otherwise.
    starts_at: MaybeInstant,
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
    /// A frequency, in any letter case.
    FrequencyWord => String, {"type": "string", "pattern": any_case(&FREQUENCIES)},
        |fields, name| AnyText::read(fields, name);
    /// A weekday, in any letter case; an empty text is none.
    Weekday => String, {"type": "string", "pattern": format!("{}|^\\s*$", any_case(&WEEKDAYS))},
        |fields, name| AnyText::read(fields, name);
    /// Weekdays, in any letter case.
    Weekdays => Vec<String>,
        {"type": "array", "items": {"type": "string", "pattern": any_case(&WEEKDAYS)},
            "minItems": 1, "maxItems": limits::LIST_ENTRIES},
        |fields, name| Texts::<{ limits::LIST_ENTRIES }>::read(fields, name);
    /// Times of day.
    TimesOfDay => Vec<String>,
        {"type": "array", "items": {"type": "string", "pattern": TIME_PATTERN},
            "minItems": 1, "maxItems": limits::SCHEDULE_TIMES},
        |fields, name| Texts::<{ limits::SCHEDULE_TIMES }>::read(fields, name);
    /// Numbers of days, from the beginning or, negative, from the end.
    SignedDays<const LAST> => Vec<i64>,
        {"type": "array", "items": signed(LAST), "minItems": 1, "maxItems": limits::LIST_ENTRIES},
        |fields, name| Wholes::read(fields, name);
    /// Numbers of months.
    Months => Vec<i64>,
        {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 12},
            "minItems": 1, "maxItems": limits::LIST_ENTRIES},
        |fields, name| Wholes::read(fields, name);
    /// A day or an instant; an empty text is none.
    DayOrInstant => String, {"anyOf": [
        {"type": "string", "pattern": crate::query::DAY_PATTERN},
        {"type": "string", "format": "date-time"},
        {"type": "string", "pattern": "^\\s*$"},
    ]}, |fields, name| AnyText::read(fields, name);
    /// An instant; an empty text is none.
    MaybeInstant => String, {"anyOf": [
        {"type": "string", "format": "date-time"},
        {"type": "string", "pattern": "^\\s*$"},
    ]}, |fields, name| AnyText::read(fields, name);
    /// `{"Monday": [1, -1]}`: the first and the last Monday of the month.
    DaysOfWeek => Vec<(String, i64)>,
        {"type": "object", "minProperties": 1,
            "propertyNames": {"type": "string", "pattern": any_case(&WEEKDAYS)},
            "additionalProperties": {"type": "array", "items": signed(5), "minItems": 1}},
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
