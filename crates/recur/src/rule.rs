//! A rule that was checked: when something happens again, without times beside it, zone or start.

mod check;
mod ice_cube;
mod names;
mod parts;
mod rrule;

pub use check::{COUNT_MAX, INTERVAL_MAX, INTERVAL_MAX_YEARS, MOMENTS_PER_DAY_MAX, RuleFault};
pub(crate) use names::{listed, ordinal, weekday_name};
pub use parts::{Frequency, RuleParts, Until};

/// The longest text of a rule that is read, in bytes.
pub const RULE_TEXT_MAX_BYTES: usize = 65_536;

/// A rule in the sense of Ruby's ice_cube, checked by [`Rule::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    parts: RuleParts,
}

impl Rule {
    /// The rule of these parts, or everything that is wrong with them.
    ///
    /// What was said twice is kept once, and `day_of_week` is put together by weekday; otherwise the
    /// order stays. That no date ever matches is not seen here: see [`crate::Recurrence::never_matches`].
    pub fn new(mut parts: RuleParts) -> Result<Self, Vec<RuleFault>> {
        let faults = check::faults(&parts);
        if !faults.is_empty() {
            return Err(faults);
        }
        for list in [
            &mut parts.day,
            &mut parts.day_of_month,
            &mut parts.day_of_year,
            &mut parts.month_of_year,
            &mut parts.hour_of_day,
            &mut parts.minute_of_hour,
            &mut parts.second_of_minute,
        ] {
            keep_first(list);
        }
        keep_first(&mut parts.day_of_week);
        by_weekday(&mut parts.day_of_week);
        Ok(Self { parts })
    }

    /// What the rule says.
    pub fn parts(&self) -> &RuleParts {
        &self.parts
    }
}

fn keep_first<T: Copy + PartialEq>(list: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::with_capacity(list.len());
    for &item in list.iter() {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}

/// Puts the entries of one weekday together, in the order in which weekdays were first named.
fn by_weekday(list: &mut [(i64, i64)]) {
    let mut named: Vec<i64> = list.iter().map(|&(weekday, _)| weekday).collect();
    keep_first(&mut named);
    list.sort_by_key(|&(weekday, _)| named.iter().position(|&other| other == weekday));
}
