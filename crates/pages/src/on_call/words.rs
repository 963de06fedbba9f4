//! Who is on call, when and why, in the words of the pages.

use app::on_call::RotationDetail;
use domain::on_call::{Watch, Why};
use domain::{Instant, Zone};

use crate::ui::phone;

/// Somebody who is on call, or nobody.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The name, or "Nobody".
    pub(crate) name: String,
    /// The phone as a person reads it, or empty.
    pub(crate) phone: String,
    /// Why: "By turn", "Holiday: Christmas Day".
    pub(crate) why: String,
    /// There should be somebody, and there is nobody.
    pub(crate) is_gap: bool,
    /// There is nobody, by design or not.
    pub(crate) is_nobody: bool,
}

impl Person {
    pub(crate) fn of(standing: &RotationDetail, watch: &Watch) -> Self {
        let contact = watch.contact_id.and_then(|id| standing.person(id));
        Person {
            name: standing.name(watch.contact_id).to_owned(),
            phone: contact.map(|contact| phone(&contact.phone)).unwrap_or_default(),
            why: why(&watch.why),
            is_gap: watch.contact_id.is_none() && watch.why != Why::OffHours,
            is_nobody: watch.contact_id.is_none(),
        }
    }
}

/// Why somebody is on call, in words.
pub(crate) fn why(why: &Why) -> String {
    match why {
        Why::Rotation => "By turn".to_owned(),
        Why::Override(reason) if reason.is_empty() => "Override".to_owned(),
        Why::Override(reason) => format!("Override: {reason}"),
        Why::Holiday(name) => format!("Holiday: {name}"),
        Why::Fallback => "Fallback".to_owned(),
        Why::OffHours => "Outside its hours".to_owned(),
        Why::Nobody => "There is nobody".to_owned(),
    }
}

/// `Mon, Jan 27, 2025, 9:00 AM EST`.
pub(crate) fn when(at: Instant, zone: &Zone) -> String {
    format!("{}, {}", zone.date(at).weekday(), zone.portal(at))
}

/// `Mon, Jan 27, 2025, 9:00 AM EST to Tue, …`.
pub(crate) fn span(from: Instant, until: Instant, zone: &Zone) -> String {
    format!("{} to {}", when(from, zone), when(until, zone))
}
