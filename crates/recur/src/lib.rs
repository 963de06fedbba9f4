//! Floor 0: instants, civil dates, time zones and wall-clock rules, without a clock.
//!
//! An [`Instant`] is a UTC millisecond, a [`Date`] is a day on somebody's calendar, and a [`Zone`]
//! says which instants that day has. A [`Rule`] says what happens again, and a [`Recurrence`] when:
//! with times of day, in a zone, from a start on. Nothing here reads the time of day: it is always
//! an argument.

mod date;
mod instant;
mod recurrence;
mod rule;
mod time;
mod zone;

pub use date::{Date, DateError};
pub use instant::{Instant, InstantError};
pub use recurrence::Recurrence;
pub use rule::{
    COUNT_MAX, Frequency, INTERVAL_MAX, INTERVAL_MAX_YEARS, MOMENTS_PER_DAY_MAX,
    RULE_TEXT_MAX_BYTES, Rule, RuleFault, RuleParts, Until,
};
pub use time::Time;
pub use zone::{UnknownZone, Zone};

// What uses the crate from outside is tested in the same binary as its parts.
#[cfg(test)]
extern crate self as recur;
#[cfg(test)]
#[path = "../tests/main.rs"]
mod tests;
