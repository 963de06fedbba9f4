//! A rule as the text of an iCalendar RRULE, written as ice_cube writes it and read as it reads it.

use std::fmt::Write;

use super::parts::{Frequency, RuleParts, Until};
use super::{RULE_TEXT_MAX_BYTES, Rule, RuleFault};
use crate::date::Date;
use crate::instant::Instant;

const WEEKDAYS: [&str; 7] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

impl Rule {
    /// `FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH,SA`: the value of an RRULE (RFC 5545, 3.3.10).
    ///
    /// It describes the rule. Another library may mean something else by it: RFC 5545 skips months
    /// without the start's day, and begins weeks on Monday where `WKST` is not written.
    pub fn rrule(&self) -> String {
        let parts = self.parts();
        let mut text = format!("FREQ={}", parts.frequency.as_str().to_ascii_uppercase());
        if parts.interval > 1 {
            put(&mut text, "INTERVAL", parts.interval);
            if parts.frequency == Frequency::Weekly {
                put(&mut text, "WKST", weekday(parts.week_start));
            }
        }
        put_numbers(&mut text, "BYMONTH", &parts.month_of_year);
        put_numbers(&mut text, "BYYEARDAY", &parts.day_of_year);
        put_numbers(&mut text, "BYMONTHDAY", &parts.day_of_month);
        let days = parts.day.iter().map(|&day| weekday(day).to_owned());
        let nth_days = parts.day_of_week.iter().map(|&(day, nth)| format!("{nth}{}", weekday(day)));
        put_items(&mut text, "BYDAY", days.chain(nth_days).collect());
        put_numbers(&mut text, "BYHOUR", &parts.hour_of_day);
        put_numbers(&mut text, "BYMINUTE", &parts.minute_of_hour);
        put_numbers(&mut text, "BYSECOND", &parts.second_of_minute);
        if let Some(count) = parts.count {
            put(&mut text, "COUNT", count);
        }
        match parts.until {
            Some(Until::At(at)) => put(&mut text, "UNTIL", compact(at)),
            Some(Until::Day(day)) => put(&mut text, "UNTIL", day.to_string().replace('-', "")),
            None => {}
        }
        text
    }

    /// Reads an RRULE, with or without `RRULE:` before it, in any letter case.
    ///
    /// It means what ice_cube would make of it: weeks begin on Sunday unless `WKST` says otherwise,
    /// and of several `BY…` all must hold. `UNTIL` is a date, or an instant that ends in `Z`.
    /// `FREQ=SECONDLY`, `BYSETPOS` and `BYWEEKNO` are refused, as is every other unknown part.
    pub fn from_rrule(text: &str) -> Result<Self, Vec<RuleFault>> {
        if text.len() > RULE_TEXT_MAX_BYTES {
            let rule = format!("must have at most {RULE_TEXT_MAX_BYTES} bytes");
            return Err(vec![RuleFault::new("rule", rule)]);
        }
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let mut parts = RuleParts::every(Frequency::Daily, 1);
        let mut faults = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for item in text.split(';').filter(|item| !item.is_empty()) {
            let (name, value) = item.split_once('=').unwrap_or((item, ""));
            if seen.contains(&name) {
                faults.push(RuleFault::new("rule", "must not name a part twice"));
            } else if let Err(fault) = read_part(&mut parts, name, value) {
                faults.push(fault);
            }
            seen.push(name);
        }
        if !seen.contains(&"FREQ") {
            faults.push(RuleFault::new("frequency", "must be given as FREQ"));
        }
        if faults.is_empty() { Rule::new(parts) } else { Err(faults) }
    }
}

fn weekday(day: i64) -> &'static str {
    WEEKDAYS[day.rem_euclid(7) as usize]
}

/// `20250121T220820Z`.
fn compact(at: Instant) -> String {
    at.with_rfc3339_ms(|text| format!("{}Z", text[..19].replace(['-', ':'], "")))
}

fn put(text: &mut String, name: &str, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(text, ";{name}={value}");
}

fn put_numbers(text: &mut String, name: &str, numbers: &[i64]) {
    put_items(text, name, numbers.iter().map(i64::to_string).collect());
}

fn put_items(text: &mut String, name: &str, items: Vec<String>) {
    if !items.is_empty() {
        put(text, name, items.join(","));
    }
}

fn read_part(parts: &mut RuleParts, name: &str, value: &str) -> Result<(), RuleFault> {
    match name {
        "FREQ" => {
            let words = "must be MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY";
            parts.frequency =
                Frequency::parse(value).ok_or_else(|| RuleFault::new("frequency", words))?;
        }
        "INTERVAL" => parts.interval = number("interval", value)?,
        "COUNT" => parts.count = Some(number("count", value)?),
        "UNTIL" => parts.until = Some(read_until(value)?),
        "WKST" => {
            let day = read_weekday(value);
            parts.week_start = day.ok_or_else(|| {
                RuleFault::new("week_start", "must be SU, MO, TU, WE, TH, FR or SA")
            })?;
        }
        "BYDAY" => read_days(parts, value)?,
        "BYMONTH" => parts.month_of_year = numbers("month_of_year", value)?,
        "BYYEARDAY" => parts.day_of_year = numbers("day_of_year", value)?,
        "BYMONTHDAY" => parts.day_of_month = numbers("day_of_month", value)?,
        "BYHOUR" => parts.hour_of_day = numbers("hour_of_day", value)?,
        "BYMINUTE" => parts.minute_of_hour = numbers("minute_of_hour", value)?,
        "BYSECOND" => parts.second_of_minute = numbers("second_of_minute", value)?,
        _ => {
            let name: String = name.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
            return Err(RuleFault::new("rule", format!("must not have the part {name}")));
        }
    }
    Ok(())
}

fn number(part: &'static str, value: &str) -> Result<i64, RuleFault> {
    value.parse().map_err(|_| RuleFault::new(part, "must be a whole number"))
}

fn numbers(part: &'static str, value: &str) -> Result<Vec<i64>, RuleFault> {
    value.split(',').map(|item| number(part, item)).collect()
}

fn read_weekday(text: &str) -> Option<i64> {
    WEEKDAYS.iter().position(|&name| name == text).map(|day| day as i64)
}

fn read_days(parts: &mut RuleParts, value: &str) -> Result<(), RuleFault> {
    let fault = || RuleFault::new("day", "must be days such as MO, 2TU or -1FR");
    for item in value.split(',') {
        let at = item.len().checked_sub(2).ok_or_else(fault)?;
        let (nth, name) = item.split_at_checked(at).ok_or_else(fault)?;
        let day = read_weekday(name).ok_or_else(fault)?;
        if nth.is_empty() {
            parts.day.push(day);
        } else {
            parts.day_of_week.push((day, nth.parse().map_err(|_| fault())?));
        }
    }
    Ok(())
}

fn read_until(text: &str) -> Result<Until, RuleFault> {
    let read = || {
        let date = format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..8)?);
        if text.len() == 8 {
            return Date::parse(&date).ok().map(Until::Day);
        }
        // All three digits of milliseconds: only that spelling reaches to the end of the year 9999.
        let clock = text.get(8..).filter(|_| text.len() == 16)?.strip_suffix('Z')?;
        let (hour, minute, second) = (clock.get(..3)?, clock.get(3..5)?, clock.get(5..)?);
        Instant::parse(&format!("{date}{hour}:{minute}:{second}.000Z")).ok().map(Until::At)
    };
    read().ok_or_else(|| RuleFault::new("until", "must be like 20250121 or 20250121T220820Z"))
}
