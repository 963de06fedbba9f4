//! Which carrier the next attempt takes.

use super::Delivery;
use crate::Instant;

/// A carrier that serves a tenant and a channel, in the operator's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServingCarrier<'a> {
    /// Its name in the configuration.
    pub carrier: &'a str,
    /// Until when it is left alone because its last sends failed; `None` while it works.
    pub shut_until: Option<Instant>,
}

/// What the next attempt does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// Asks this carrier.
    Ask(&'a str),
    /// Keeps it instead of sending: the tenant has no carrier for the channel.
    Capture,
    /// Makes no attempt now, but at this instant.
    Wait(Instant),
    /// Can never be made: only a carrier that is no longer configured may be asked.
    Nowhere,
}

impl Delivery {
    /// Chooses among a tenant's carriers for the channel, best first.
    ///
    /// A send of unknown outcome stays with its carrier: handed to another, it could arrive twice
    /// without anybody being able to tell. Otherwise the first that works is taken, but not the one
    /// that failed last if there is another.
    pub fn route<'a>(&self, ways: &[ServingCarrier<'a>]) -> Route<'a> {
        let ask = |way: &ServingCarrier<'a>| match way.shut_until {
            None => Route::Ask(way.carrier),
            Some(until) => Route::Wait(until),
        };
        if !self.pinned.is_empty() {
            let pinned = ways.iter().find(|way| way.carrier == self.pinned);
            return pinned.map_or(Route::Nowhere, ask);
        }
        let open = |way: &&ServingCarrier<'a>| way.shut_until.is_none();
        let fresh = ways.iter().filter(open).find(|way| way.carrier != self.carrier);
        let any = fresh.or_else(|| ways.iter().find(open));
        let soonest = || ways.iter().min_by_key(|way| way.shut_until);
        any.or_else(soonest).map_or(Route::Capture, ask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Cause, Channel};
    use crate::{AccountId, limits};

    #[test]
    fn the_next_carrier_is_the_first_that_works_and_did_not_just_fail() {
        let later = Instant::from_ms(limits::MINUTE_MS);
        let (one, two) = (("one", None), ("two", None));
        let (one_shut, two_shut) = (("one", Some(later)), ("two", Some(later.plus_ms(1))));
        let check = |last: &str, pinned: &str, ways: &[(&str, Option<Instant>)], route| {
            let now = Instant::from_ms(0);
            let (address, key) = (String::new(), String::new());
            let mut delivery =
                Delivery::queued(AccountId(1), Cause::Reply, Channel::Sms, address, key, now);
            delivery.carrier = last.to_owned();
            delivery.pinned = pinned.to_owned();
            let ways: Vec<ServingCarrier<'_>> = ways
                .iter()
                .map(|&(carrier, shut_until)| ServingCarrier { carrier, shut_until })
                .collect();
            assert_eq!(delivery.route(&ways), route, "{last:?} {pinned:?} {ways:?}");
        };
        check("", "", &[], Route::Capture);
        check("", "", &[one, two], Route::Ask("one"));
        check("one", "", &[one, two], Route::Ask("two"));
        check("two", "", &[one, two], Route::Ask("one"));
        check("one", "", &[one], Route::Ask("one"));
        check("", "", &[one_shut, two], Route::Ask("two"));
        check("two", "", &[one_shut, two], Route::Ask("two"));
        check("", "", &[two_shut, one_shut], Route::Wait(later));
        check("one", "one", &[one, two], Route::Ask("one"));
        check("one", "one", &[one_shut, two], Route::Wait(later));
        check("one", "one", &[two], Route::Nowhere);
        check("one", "one", &[], Route::Nowhere);
    }
}
