//! A rule as the JSON text of Ruby's ice_cube: `Rule#to_hash`, read and written.

use serde_json::{Map, Value, json};

use super::parts::{Frequency, RuleParts, Until};
use super::{RULE_TEXT_MAX_BYTES, Rule, RuleFault};
use crate::date::Date;
use crate::instant::Instant;

impl Rule {
    /// Reads `rule_type`, `interval` (1 when missing) and `validations`, and of the original's full
    /// form also `week_start` (0 when missing), `until` and `count`.
    ///
    /// `until` is a date, an ISO 8601 instant, or `{"time": instant, "zone": name}`, of which the zone
    /// only mattered to the original's own texts.
    pub fn from_ice_cube(json: &str) -> Result<Self, Vec<RuleFault>> {
        if json.len() > RULE_TEXT_MAX_BYTES {
            let rule = format!("must have at most {RULE_TEXT_MAX_BYTES} bytes");
            return Err(vec![RuleFault::new("rule", rule)]);
        }
        let Ok(Value::Object(hash)) = serde_json::from_str(json) else {
            return Err(vec![RuleFault::new("rule", "must be a JSON object")]);
        };
        let mut reader = Reader { faults: Vec::new() };
        let parts = reader.parts(&hash);
        match Rule::new(parts) {
            Ok(rule) if reader.faults.is_empty() => Ok(rule),
            Ok(_) => Err(reader.faults),
            Err(others) => {
                let named: Vec<&str> = reader.faults.iter().map(|fault| fault.part).collect();
                let others: Vec<RuleFault> =
                    others.into_iter().filter(|fault| !named.contains(&fault.part)).collect();
                reader.faults.extend(others);
                Err(reader.faults)
            }
        }
    }

    /// The three documented keys, in their order; `week_start`, `until` and `count` are left out:
    /// `{"rule_type":"IceCube::WeeklyRule","interval":2,"validations":{"day":[2,4,6]}}`.
    pub fn ice_cube(&self) -> String {
        Value::Object(self.three_keys()).to_string()
    }

    /// The original's full form, from which [`Rule::from_ice_cube`] makes this very rule again.
    pub fn ice_cube_full(&self) -> String {
        let mut hash = self.three_keys();
        let parts = self.parts();
        if parts.frequency == Frequency::Weekly || parts.week_start != 0 {
            hash.insert("week_start".to_owned(), json!(parts.week_start));
        }
        match parts.until {
            Some(Until::At(at)) => {
                hash.insert("until".to_owned(), json!({"time": at.rfc3339_ms(), "zone": "UTC"}));
            }
            Some(Until::Day(day)) => {
                hash.insert("until".to_owned(), json!(day.to_string()));
            }
            None => {}
        }
        if let Some(count) = parts.count {
            hash.insert("count".to_owned(), json!(count));
        }
        Value::Object(hash).to_string()
    }

    fn three_keys(&self) -> Map<String, Value> {
        let parts = self.parts();
        let mut hash = Map::new();
        hash.insert("rule_type".to_owned(), json!(rule_type(parts.frequency)));
        hash.insert("interval".to_owned(), json!(parts.interval));
        hash.insert("validations".to_owned(), Value::Object(validations(parts)));
        hash
    }
}

fn rule_type(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Minutely => "IceCube::MinutelyRule",
        Frequency::Hourly => "IceCube::HourlyRule",
        Frequency::Daily => "IceCube::DailyRule",
        Frequency::Weekly => "IceCube::WeeklyRule",
        Frequency::Monthly => "IceCube::MonthlyRule",
        Frequency::Yearly => "IceCube::YearlyRule",
    }
}

fn validations(parts: &RuleParts) -> Map<String, Value> {
    let mut said = Map::new();
    let mut say = |name: &str, numbers: &[i64]| {
        if !numbers.is_empty() {
            said.insert(name.to_owned(), json!(numbers));
        }
    };
    say("month_of_year", &parts.month_of_year);
    say("day_of_year", &parts.day_of_year);
    say("day_of_month", &parts.day_of_month);
    say("day", &parts.day);
    say("hour_of_day", &parts.hour_of_day);
    say("minute_of_hour", &parts.minute_of_hour);
    say("second_of_minute", &parts.second_of_minute);
    if !parts.day_of_week.is_empty() {
        let mut weekdays = Map::new();
        for (weekday, nth) in &parts.day_of_week {
            let nths = weekdays.entry(weekday.to_string()).or_insert_with(|| json!([]));
            if let Value::Array(nths) = nths {
                nths.push(json!(nth));
            }
        }
        said.insert("day_of_week".to_owned(), Value::Object(weekdays));
    }
    said
}

/// Collects what could not be read; what is out of range is for [`Rule::new`] to say.
struct Reader {
    faults: Vec<RuleFault>,
}

impl Reader {
    fn refuse(&mut self, part: &'static str, rule: &str) {
        self.faults.push(RuleFault::new(part, rule));
    }

    fn parts(&mut self, hash: &Map<String, Value>) -> RuleParts {
        let frequency = hash.get("rule_type").and_then(Value::as_str).and_then(|name| {
            Frequency::ALL.into_iter().find(|&frequency| rule_type(frequency) == name)
        });
        if frequency.is_none() {
            let types = Frequency::ALL.map(rule_type).join(", ");
            self.refuse("rule_type", &format!("must be one of {types}"));
        }
        let mut parts = RuleParts::every(frequency.unwrap_or(Frequency::Daily), 1);
        parts.interval = self.number(hash, "interval").unwrap_or(1);
        parts.week_start = self.number(hash, "week_start").unwrap_or(0);
        parts.count = self.number(hash, "count");
        parts.until = self.until(hash);
        match hash.get("validations") {
            None | Some(Value::Null) => {}
            Some(Value::Object(validations)) => self.validations(validations, &mut parts),
            Some(_) => self.refuse("validations", "must be an object"),
        }
        parts
    }

    fn number(&mut self, hash: &Map<String, Value>, part: &'static str) -> Option<i64> {
        let value = hash.get(part).filter(|value| !value.is_null())?;
        let number = value.as_i64();
        if number.is_none() {
            self.refuse(part, "must be a whole number");
        }
        number
    }

    fn until(&mut self, hash: &Map<String, Value>) -> Option<Until> {
        let value = hash.get("until").filter(|value| !value.is_null())?;
        let text = value.as_str().or_else(|| value.get("time").and_then(Value::as_str));
        let until = text.and_then(read_until);
        if until.is_none() {
            self.refuse("until", "must be a date such as 2025-01-21, or an ISO 8601 instant");
        }
        until
    }

    fn validations(&mut self, validations: &Map<String, Value>, parts: &mut RuleParts) {
        for (name, value) in validations {
            match name.as_str() {
                "day" => parts.day = self.numbers("day", value),
                "day_of_month" => parts.day_of_month = self.numbers("day_of_month", value),
                "day_of_week" => parts.day_of_week = self.nth_weekdays(value),
                "day_of_year" => parts.day_of_year = self.numbers("day_of_year", value),
                "month_of_year" => parts.month_of_year = self.numbers("month_of_year", value),
                "hour_of_day" => parts.hour_of_day = self.numbers("hour_of_day", value),
                "minute_of_hour" => parts.minute_of_hour = self.numbers("minute_of_hour", value),
                "second_of_minute" => {
                    parts.second_of_minute = self.numbers("second_of_minute", value);
                }
                _ => self.refuse(
                    "validations",
                    "must only have day, day_of_month, day_of_week, day_of_year, month_of_year, \
                     hour_of_day, minute_of_hour and second_of_minute",
                ),
            }
        }
    }

    fn numbers(&mut self, part: &'static str, value: &Value) -> Vec<i64> {
        let numbers = match value {
            Value::Array(items) => items.iter().map(Value::as_i64).collect(),
            one => one.as_i64().map(|number| vec![number]),
        };
        numbers.unwrap_or_else(|| {
            self.refuse(part, "must be a list of whole numbers");
            Vec::new()
        })
    }

    fn nth_weekdays(&mut self, value: &Value) -> Vec<(i64, i64)> {
        let read = || {
            let mut entries = Vec::new();
            for (weekday, nths) in value.as_object()? {
                let weekday: i64 = weekday.parse().ok()?;
                for nth in nths.as_array()? {
                    entries.push((weekday, nth.as_i64()?));
                }
            }
            Some(entries)
        };
        read().unwrap_or_else(|| {
            let rule = r#"must be an object from weekdays to lists, such as {"2":[1,-1]}"#;
            self.refuse("day_of_week", rule);
            Vec::new()
        })
    }
}

/// A date alone, an ISO 8601 instant, or Ruby's own `2025-01-21 22:08:20 UTC`.
fn read_until(text: &str) -> Option<Until> {
    if text.len() == 10 {
        return Date::parse(text).ok().map(Until::Day);
    }
    let at = Instant::parse(text).or_else(|_| {
        let iso = text.replacen(' ', "T", 1).replace(" UTC", "Z").replace(' ', "");
        Instant::parse(&iso)
    });
    at.ok().map(Until::At)
}
