//! Floor 0: instants, civil dates and time zones, without a clock and without a calendar of our own.
//!
//! An [`Instant`] is a UTC millisecond, a [`Date`] is a day on somebody's calendar, and a [`Zone`]
//! says which instants that day has. Nothing here reads the time of day: it is always an argument.

mod date;
mod instant;
mod zone;

pub use date::{Date, DateError};
pub use instant::{Instant, InstantError};
pub use zone::{UnknownZone, Zone};
