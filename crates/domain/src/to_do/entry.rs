//! A To Do as somebody wants to make or change it: checked, all faults at once.

use recur::{Frequency, Recurrence, Rule, RuleParts, Time, Until};

use super::{Misfire, Overlap, Policy, Schedule, ToDo};
use crate::account::phone_digits;
use crate::delivery::IfUnsure;
use crate::phone::e164;
use crate::user::{check_email, check_line};
use crate::{Channel, Date, Instant, Invalid, Zone, limits};

/// A To Do as somebody wants it. Texts are as they were given; `""` stands for absence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToDoEntry {
    /// `sms`, `email` or `call`.
    pub delivery_type: String,
    /// Whom it goes to: a phone, an e-mail address, or a name in the account's directory.
    pub contact: String,
    /// The phone that it comes from.
    pub from: String,
    /// The text.
    pub message_text: String,
    /// The subject of an e-mail.
    pub subject: String,
    /// The address that an e-mail is from.
    pub from_email: String,
    /// The name that an e-mail is from.
    pub sender_name: String,
    /// What an agent is to do, for a call.
    pub instructions: String,
    /// When it goes out, if only once: ISO 8601 with an offset.
    pub run_at: String,
    /// When it recurs.
    pub schedule: Option<ScheduleEntry>,
    /// `run_late` or `skip`.
    pub misfire: String,
    /// How late it may run, in seconds.
    pub grace_seconds: Option<i64>,
    /// `skip` or `send`.
    pub overlap: String,
    /// `repeat` or `stop`.
    pub if_unsure: String,
}

/// A recurrence as somebody wants it: in words, or as a rule in IceCube's form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScheduleEntry {
    /// `minutely`, `hourly`, `daily`, `weekly`, `monthly` or `yearly`.
    pub frequency: String,
    /// Every how many of them; `None` is 1.
    pub interval: Option<i64>,
    /// Times of day, such as `9:00 AM` or `09:00`.
    pub times: Vec<String>,
    /// Names of weekdays.
    pub days: Vec<String>,
    /// Days of the month, negative ones from its end.
    pub days_of_month: Vec<i64>,
    /// Which weekdays of the month: a name, and 1 for the first or -1 for the last.
    pub days_of_week: Vec<(String, i64)>,
    /// Days of the year, negative ones from its end.
    pub days_of_year: Vec<i64>,
    /// Months, 1 to 12.
    pub months: Vec<i64>,
    /// The weekday that a week begins with; `""` is Sunday.
    pub week_start: String,
    /// The last day, or the last instant.
    pub until: String,
    /// How many occurrences.
    pub count: Option<i64>,
    /// The instant from which it counts; `""` is now.
    pub starts_at: String,
    /// The whole rule in IceCube's form, as JSON text, instead of the words above.
    pub rule: String,
}

/// An entry that was found sound.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedToDo {
    /// How it goes.
    pub delivery_type: Channel,
    /// Whom it goes to.
    pub contact: String,
    /// The phone that it comes from, as digits.
    pub from: Option<String>,
    /// The text.
    pub message_text: String,
    /// The subject of an e-mail.
    pub subject: Option<String>,
    /// The address that an e-mail is from.
    pub from_email: Option<String>,
    /// The name that an e-mail is from.
    pub sender_name: Option<String>,
    /// What an agent is to do.
    pub instructions: Option<String>,
    /// When it goes out.
    pub timing: Timing,
    /// What happens when it cannot go as planned.
    pub policy: Policy,
}

/// When a To Do goes out.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one lives for a moment, most are of the large kind")]
pub enum Timing {
    /// Once.
    Once(Instant),
    /// Again and again.
    Recurring {
        /// The rule.
        rule: Rule,
        /// The times of day, as they were asked for.
        times: Vec<Time>,
        /// The instant from which it counts.
        starts_at: Instant,
    },
}

impl ToDoEntry {
    /// The entry that would make a To Do as it is, to be changed in part.
    pub fn of(to_do: &ToDo, schedule: Option<&Schedule>) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        ToDoEntry {
            delivery_type: to_do.delivery_type.as_str().to_owned(),
            contact: to_do.contact.clone(),
            from: text(&to_do.from),
            message_text: to_do.message_text.clone(),
            subject: text(&to_do.subject),
            from_email: text(&to_do.from_email),
            sender_name: text(&to_do.sender_name),
            instructions: text(&to_do.instructions),
            run_at: to_do.run_at.map(Instant::rfc3339_ms).unwrap_or_default(),
            schedule: schedule.map(ScheduleEntry::of),
            misfire: to_do.policy.misfire.as_str().to_owned(),
            grace_seconds: Some(to_do.policy.grace_ms / limits::SECOND_MS),
            overlap: to_do.policy.overlap.as_str().to_owned(),
            if_unsure: to_do.policy.if_unsure.as_str().to_owned(),
        }
    }

    /// Whether it goes out at other times than another entry does.
    pub fn is_moved(&self, before: &ToDoEntry) -> bool {
        self.schedule != before.schedule || self.run_at != before.run_at
    }

    /// Checks it for an account in `zone`: all faults at once, by the path of the field.
    pub fn checked(&self, zone: &Zone, now: Instant) -> Result<CheckedToDo, Invalid> {
        let mut invalid = Invalid::new();
        let delivery_type = Channel::parse(self.delivery_type.trim());
        let rule = "must be sms, email or call";
        invalid.require(delivery_type.is_some(), "delivery_type", rule);
        self.check_texts(&mut invalid);
        let from = self.from(&mut invalid);
        let policy = self.policy(delivery_type.unwrap_or(Channel::Sms), &mut invalid);
        let timing = self.timing(zone, now, &mut invalid);
        let (Some(delivery_type), Some(timing)) = (delivery_type, timing) else {
            return Err(invalid);
        };
        let maybe = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        invalid.or(CheckedToDo {
            delivery_type,
            contact: self.contact.trim().to_owned(),
            from,
            message_text: self.message_text.clone(),
            subject: maybe(&self.subject),
            from_email: maybe(&self.from_email),
            sender_name: maybe(&self.sender_name),
            instructions: maybe(&self.instructions),
            timing,
            policy,
        })
    }

    /// Checks only when it goes out, for a preview of an entry that is not complete yet.
    pub fn timed(&self, zone: &Zone, now: Instant) -> Result<Timing, Invalid> {
        let mut invalid = Invalid::new();
        match self.timing(zone, now, &mut invalid) {
            Some(timing) => invalid.or(timing),
            None => Err(invalid),
        }
    }

    fn check_texts(&self, invalid: &mut Invalid) {
        let lines = [
            ("contact", &self.contact),
            ("subject", &self.subject),
            ("sender_name", &self.sender_name),
        ];
        for (path, text) in lines {
            check_line(invalid, path, text);
        }
        invalid.require(!self.contact.trim().is_empty(), "contact", "must not be empty");
        let has_text = !self.message_text.trim().is_empty();
        invalid.require(has_text, "message_text", "must not be empty");
        for (path, text) in
            [("message_text", &self.message_text), ("instructions", &self.instructions)]
        {
            let short = text.len() <= limits::TO_DO_TEXT_BYTES;
            invalid.require(short, path, "must have at most 10,000 bytes");
            let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
            invalid.require(!text.contains(is_odd), path, "must not hold control characters");
        }
        if !self.from_email.trim().is_empty()
            && let Err(rule) = check_email(self.from_email.trim())
        {
            invalid.add("from_email", rule);
        }
    }

    fn from(&self, invalid: &mut Invalid) -> Option<String> {
        let text = self.from.trim();
        if text.is_empty() {
            return None;
        }
        if let Err(rule) = e164(text) {
            invalid.add("from", rule);
        }
        Some(phone_digits(text))
    }

    fn policy(&self, channel: Channel, invalid: &mut Invalid) -> Policy {
        let usual = Policy::usual(channel);
        let grace_ms = self.grace_seconds.map(|s| s.saturating_mul(limits::SECOND_MS));
        let grace_ms = grace_ms.unwrap_or(usual.grace_ms);
        let in_range = (0..=limits::GRACE_LONGEST_MS).contains(&grace_ms);
        invalid.require(in_range, "grace_seconds", "must be 0 to 604800");
        let policy = Policy {
            misfire: choice(&self.misfire, Misfire::parse).unwrap_or(usual.misfire),
            grace_ms,
            overlap: choice(&self.overlap, Overlap::parse).unwrap_or(usual.overlap),
            if_unsure: choice(&self.if_unsure, IfUnsure::parse).unwrap_or(usual.if_unsure),
        };
        let words = [
            ("misfire", &self.misfire, policy.misfire.as_str(), "must be run_late or skip"),
            ("overlap", &self.overlap, policy.overlap.as_str(), "must be skip or send"),
            ("if_unsure", &self.if_unsure, policy.if_unsure.as_str(), "must be repeat or stop"),
        ];
        for (path, given, taken, rule) in words {
            invalid.require(given.is_empty() || given == taken, path, rule);
        }
        policy
    }

    fn timing(&self, zone: &Zone, now: Instant, invalid: &mut Invalid) -> Option<Timing> {
        match (&self.schedule, self.run_at.trim()) {
            (None, "") => {
                invalid.add("schedule", "must be given, or run_at for a To Do that goes out once");
                None
            }
            (Some(schedule), run_at) if !run_at.is_empty() => {
                invalid.add("run_at", "must not be given together with schedule");
                schedule.timing(zone, now, invalid);
                None
            }
            (None, run_at) => instant(run_at, "run_at", invalid).map(Timing::Once),
            (Some(schedule), _) => schedule.timing(zone, now, invalid),
        }
    }
}

impl ScheduleEntry {
    /// The entry that would make a schedule as it is.
    fn of(schedule: &Schedule) -> Self {
        ScheduleEntry {
            rule: schedule.rule.ice_cube_full(),
            times: schedule.times.iter().map(Time::to_string).collect(),
            starts_at: schedule.starts_at.rfc3339_ms(),
            ..ScheduleEntry::default()
        }
    }

    fn timing(&self, zone: &Zone, now: Instant, invalid: &mut Invalid) -> Option<Timing> {
        let starts_at = match self.starts_at.trim() {
            "" => Some(now),
            text => instant(text, "schedule.starts_at", invalid),
        };
        let times = self.times(invalid);
        let rule = if self.rule.is_empty() { self.words(invalid) } else { self.rule(invalid) };
        let (starts_at, times, rule) = (starts_at?, times?, rule?);
        let recurrence = Recurrence::new(rule.clone(), times.clone(), zone.clone(), starts_at);
        if recurrence.never_matches() {
            invalid.add("schedule", "must have an occurrence: no date ever fits it");
            return None;
        }
        Some(Timing::Recurring { rule, times, starts_at })
    }

    fn times(&self, invalid: &mut Invalid) -> Option<Vec<Time>> {
        if self.times.len() > limits::SCHEDULE_TIMES {
            invalid.add("schedule.times", "must be at most 100 times of day");
            return None;
        }
        let mut times = Some(Vec::new());
        for (i, text) in self.times.iter().enumerate() {
            let Some(time) = Time::parse(text) else {
                let path = format!("schedule.times[{i}]");
                invalid.add(path, "must be a time of day such as 9:00 AM or 09:00");
                times = None;
                continue;
            };
            if let Some(times) = &mut times {
                times.push(time);
            }
        }
        times
    }

    fn rule(&self, invalid: &mut Invalid) -> Option<Rule> {
        match Rule::from_ice_cube(&self.rule) {
            Ok(rule) => Some(rule),
            Err(faults) => {
                for fault in faults {
                    invalid.add(format!("schedule.rule.{}", fault.part), fault.rule);
                }
                None
            }
        }
    }

    fn words(&self, invalid: &mut Invalid) -> Option<Rule> {
        let before = invalid.faults().count();
        let frequency = Frequency::parse(self.frequency.trim());
        let rule = "must be minutely, hourly, daily, weekly, monthly or yearly";
        invalid.require(frequency.is_some(), "schedule.frequency", rule);
        let frequency = frequency.unwrap_or(Frequency::Daily);
        let mut parts = RuleParts::every(frequency, self.interval.unwrap_or(1));
        parts.day = weekdays(&self.days, "schedule.days", invalid);
        let names: Vec<String> = self.days_of_week.iter().map(|(name, _)| name.clone()).collect();
        let days = weekdays(&names, "schedule.days_of_week", invalid);
        parts.day_of_week =
            days.into_iter().zip(self.days_of_week.iter().map(|(_, nth)| *nth)).collect();
        parts.day_of_month.clone_from(&self.days_of_month);
        parts.day_of_year.clone_from(&self.days_of_year);
        parts.month_of_year.clone_from(&self.months);
        parts.week_start = self.week_start(invalid);
        parts.until = self.until(invalid);
        parts.count = self.count;
        match Rule::new(parts) {
            Ok(rule) if invalid.faults().count() == before => Some(rule),
            Ok(_) => None,
            Err(faults) => {
                for fault in faults {
                    invalid.add(format!("schedule.{}", field(fault.part)), fault.rule);
                }
                None
            }
        }
    }

    fn week_start(&self, invalid: &mut Invalid) -> i64 {
        let text = self.week_start.trim();
        let day = if text.is_empty() { Some(0) } else { weekday(text) };
        invalid.require(day.is_some(), "schedule.week_start", WEEKDAY);
        day.unwrap_or_default()
    }

    fn until(&self, invalid: &mut Invalid) -> Option<Until> {
        let text = self.until.trim();
        if text.is_empty() {
            return None;
        }
        let until = Date::parse(text).map(Until::Day).ok();
        let until = until.or_else(|| Instant::parse(text).map(Until::At).ok());
        if until.is_none() {
            invalid
                .add("schedule.until", "must be a date, MM-DD-YYYY or YYYY-MM-DD, or an instant");
        }
        until
    }
}

/// The field of an entry that a part of a rule comes from.
fn field(part: &'static str) -> &'static str {
    match part {
        "day" => "days",
        "day_of_month" => "days_of_month",
        "day_of_week" => "days_of_week",
        "day_of_year" => "days_of_year",
        "month_of_year" => "months",
        other => other,
    }
}

fn instant(text: &str, path: &str, invalid: &mut Invalid) -> Option<Instant> {
    let instant = Instant::parse(text).ok();
    if instant.is_none() {
        invalid.add(path, "must be an instant such as 2025-01-21T22:08:20Z");
    }
    instant
}

fn choice<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    if text.is_empty() { None } else { parse(text) }
}

/// What is told about a text that is no weekday.
const WEEKDAY: &str = "must be a weekday such as Monday or Mon";

/// A weekday by name or by its first three letters, in any case; Sunday is 0.
fn weekday(name: &str) -> Option<i64> {
    const NAMES: [&str; 7] =
        ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    let name = name.trim().to_lowercase();
    let is_it = |full: &&str| **full == name || full[..3] == name;
    NAMES.iter().zip(0..).find(|(full, _)| is_it(full)).map(|(_, day)| day)
}

fn weekdays(names: &[String], path: &str, invalid: &mut Invalid) -> Vec<i64> {
    let mut days = Vec::new();
    for (i, name) in names.iter().enumerate() {
        match weekday(name) {
            Some(day) => days.push(day),
            None => invalid.add(format!("{path}[{i}]"), WEEKDAY),
        }
    }
    days
}
