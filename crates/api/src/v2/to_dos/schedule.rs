//! The schedule of a To Do as somebody gives it: lists and numbers of the right types.

use domain::to_do::ScheduleEntry;
use serde_json::Value;

use crate::Fields;

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

/// Reads a schedule. What is wrong with its types is kept in `fields`; null is "not given".
pub(super) fn read(fields: &mut Fields) -> ScheduleEntry {
    for name in WORDS.into_iter().chain(["times", "starts_at", "rule"]) {
        fields.null(name);
    }
    let rule = fields.map("rule").map(|rule| Value::Object(rule).to_string());
    if rule.is_some() && WORDS.into_iter().any(|name| fields.has(name)) {
        fields.add("rule", "must not be given together with the same in words, such as frequency");
    }
    ScheduleEntry {
        frequency: fields.string("frequency").unwrap_or_default(),
        interval: fields.whole("interval"),
        times: texts(fields, "times"),
        days: texts(fields, "days"),
        days_of_month: numbers(fields, "days_of_month"),
        days_of_week: days_of_week(fields),
        days_of_year: numbers(fields, "days_of_year"),
        months: numbers(fields, "months"),
        until: fields.string("until").unwrap_or_default(),
        count: fields.whole("count"),
        starts_at: fields.string("starts_at").unwrap_or_default(),
        rule: rule.unwrap_or_default(),
    }
}

fn texts(fields: &mut Fields, name: &str) -> Vec<String> {
    let read = |value| match value {
        Value::String(text) => Some(text),
        _ => None,
    };
    fields.list(name, "must be a text", read).unwrap_or_default()
}

fn numbers(fields: &mut Fields, name: &str) -> Vec<i64> {
    fields.list(name, "must be a whole number", |value| value.as_i64()).unwrap_or_default()
}

/// `{"Monday": [1, -1]}`: the first and the last Monday of the month.
fn days_of_week(fields: &mut Fields) -> Vec<(String, i64)> {
    const NAME: &str = "days_of_week";
    let Some(object) = fields.map(NAME) else { return Vec::new() };
    if object.is_empty() {
        fields.add(NAME, "must not be empty");
    }
    let mut days = Vec::new();
    for (day, value) in object {
        let nths = value.as_array().filter(|nths| !nths.is_empty());
        let nths: Option<Vec<i64>> = nths.and_then(|nths| nths.iter().map(Value::as_i64).collect());
        match nths {
            Some(nths) => days.extend(nths.into_iter().map(|nth| (day.clone(), nth))),
            None => fields.add(&format!("{NAME}.{day}"), "must be a list of whole numbers"),
        }
    }
    days
}
