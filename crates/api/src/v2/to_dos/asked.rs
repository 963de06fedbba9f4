//! What the OpenAPI document says about the bodies that make and change To Dos.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::answer::DeliveryTypeWord;

/// A To Do to be made: with a `schedule`, or with `run_at` for one that goes out once. It may also
/// stand under `"to_do"`. Keys that are not known are ignored.
#[derive(Debug, ToSchema)]
#[schema(as = NewToDo)]
#[expect(dead_code, reason = "stands in the OpenAPI document; super::given reads it")]
pub(super) struct NewToDoBody {
    /// The account's number.
    #[schema(min_length = 1, max_length = 500)]
    account_number: String,
    /// How it goes.
    delivery_type: DeliveryTypeWord,
    /// Whom it goes to: a phone, an e-mail address, or a name in the account's directory. The
    /// channel's address is found when it is sent; what leads nowhere fails that run.
    #[schema(min_length = 1, max_length = 500)]
    contact: String,
    /// The phone that it comes from; kept as digits.
    #[schema(max_length = 500)]
    from: Option<String>,
    /// The text.
    #[schema(min_length = 1, max_length = 10000)]
    message_text: String,
    /// The subject of an e-mail.
    #[schema(max_length = 500)]
    subject: Option<String>,
    /// The address that an e-mail is from.
    #[schema(max_length = 254)]
    from_email: Option<String>,
    /// The name that an e-mail is from.
    #[schema(max_length = 500)]
    sender_name: Option<String>,
    /// What an agent is to do, for a call.
    #[schema(max_length = 10000)]
    instructions: Option<String>,
    /// When it goes out, if only once: ISO 8601 with `Z` or an offset, not in the past.
    run_at: Option<String>,
    /// When it recurs.
    schedule: Option<NewScheduleBody>,
    /// Of an occurrence that nobody ran in time: `run_late` (the default; within the grace) or
    /// `skip`.
    misfire: Option<String>,
    /// How late it may still run; 3600 if nobody says otherwise.
    #[schema(minimum = 0, maximum = 604_800)]
    grace_seconds: Option<i64>,
    /// Of an occurrence while the one before is still being sent: `skip` (the default) or `send`.
    overlap: Option<String>,
    /// When nobody knows whether an attempt went out: `repeat` (the default of `sms` and `email`)
    /// or `stop` (the default of `call`).
    if_unsure: Option<String>,
}

/// A recurrence: in words, or as a `rule` in IceCube's form beside `times` and `starts_at`.
#[derive(Debug, ToSchema)]
#[schema(as = NewSchedule)]
#[expect(dead_code, reason = "stands in the OpenAPI document; super::schedule reads it")]
pub(super) struct NewScheduleBody {
    /// `minutely`, `hourly`, `daily`, `weekly`, `monthly` or `yearly`, in any letter case.
    frequency: Option<String>,
    /// Every how many of them; 1 if nobody says otherwise. Years at most 100.
    #[schema(minimum = 1, maximum = 1000)]
    interval: Option<i64>,
    /// Times of day in the account's zone: `9:00 AM` or `09:00`.
    #[schema(min_items = 1, max_items = 100)]
    times: Option<Vec<String>>,
    /// Weekdays: names, or their first three letters, in any letter case.
    #[schema(min_items = 1, max_items = 1000)]
    days: Option<Vec<String>>,
    /// Days of the month; negative ones count from its end.
    #[schema(min_items = 1, max_items = 1000)]
    days_of_month: Option<Vec<i64>>,
    /// Which weekdays of the month: `{"Monday": [1, -1]}` is the first and the last Monday.
    days_of_week: Option<BTreeMap<String, Vec<i64>>>,
    /// Days of the year; negative ones count from its end.
    #[schema(min_items = 1, max_items = 1000)]
    days_of_year: Option<Vec<i64>>,
    /// Months, 1 to 12.
    #[schema(min_items = 1, max_items = 1000)]
    months: Option<Vec<i64>>,
    /// The last day (`MM-DD-YYYY` or `YYYY-MM-DD`), or the last instant.
    until: Option<String>,
    /// How many occurrences in all.
    #[schema(minimum = 1, maximum = 10000)]
    count: Option<i64>,
    /// The instant from which it counts; now if nobody says otherwise.
    starts_at: Option<String>,
    /// The whole rule as IceCube's hash, instead of the words above.
    #[schema(value_type = Option<Object>)]
    rule: Option<Value>,
}

/// What may be changed about a To Do: what is given is changed, null clears. `schedule` replaces the
/// whole schedule and takes `run_at` away; `run_at` takes the schedule away. It may also stand
/// under `"to_do"`.
#[derive(Debug, ToSchema)]
#[schema(as = ToDoUpdate)]
#[expect(dead_code, reason = "stands in the OpenAPI document; super::given reads it")]
pub(super) struct ToDoUpdateBody {
    /// How it goes.
    #[schema(required = false)]
    delivery_type: DeliveryTypeWord,
    /// Whom it goes to.
    #[schema(required = false, min_length = 1, max_length = 500)]
    contact: String,
    /// The phone that it comes from.
    #[schema(max_length = 500)]
    from: Option<String>,
    /// The text.
    #[schema(required = false, min_length = 1, max_length = 10000)]
    message_text: String,
    /// The subject of an e-mail.
    #[schema(max_length = 500)]
    subject: Option<String>,
    /// The address that an e-mail is from.
    #[schema(max_length = 254)]
    from_email: Option<String>,
    /// The name that an e-mail is from.
    #[schema(max_length = 500)]
    sender_name: Option<String>,
    /// What an agent is to do, for a call.
    #[schema(max_length = 10000)]
    instructions: Option<String>,
    /// When it goes out, if only once.
    run_at: Option<String>,
    /// When it recurs.
    schedule: Option<NewScheduleBody>,
    /// `run_late` or `skip`; null is `run_late`.
    misfire: Option<String>,
    /// How late it may still run; null is 3600.
    #[schema(minimum = 0, maximum = 604_800)]
    grace_seconds: Option<i64>,
    /// `skip` or `send`; null is `skip`.
    overlap: Option<String>,
    /// `repeat` or `stop`; null is what the way that it goes suggests.
    if_unsure: Option<String>,
}
