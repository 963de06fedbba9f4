//! Who is on call, when and why, in the words of the pages.

use app::on_call::RotationDetail;
use domain::on_call::{Watch, Why};
use domain::{ContactId, Date, Instant, Zone};

use crate::ui::phone;

/// Somebody who is on call, or nobody.
#[derive(Debug, Clone)]
pub(crate) struct OnCallPerson {
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

impl OnCallPerson {
    /// Who is on call for a reason, as far as they are still in the directory.
    pub(crate) fn of(standing: &RotationDetail, id: Option<ContactId>, reason: &Why) -> Self {
        let contact = id.and_then(|id| standing.person(id));
        OnCallPerson {
            name: standing.name(id).to_owned(),
            phone: contact.map(|contact| phone(&contact.phone)).unwrap_or_default(),
            why: why(reason),
            is_gap: id.is_none() && *reason != Why::OffHours,
            is_nobody: id.is_none(),
        }
    }

    /// Who is on call while a watch lasts.
    pub(crate) fn on(standing: &RotationDetail, watch: &Watch) -> Self {
        Self::of(standing, watch.contact_id, &watch.why)
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

/// `Mon, Jan 27, 2025`.
pub(crate) fn day(date: &Date) -> String {
    format!("{}, {}", date.weekday(), date.in_words())
}

/// `Mon, Jan 27, 2025, 9:00 AM EST`.
pub(crate) fn when(at: Instant, zone: &Zone) -> String {
    format!("{}, {}", zone.date(at).weekday(), zone.portal(at))
}

/// `Mon, Jan 27, 2025, 9:00 AM EST to Tue, …`.
pub(crate) fn span(from: Instant, until: Instant, zone: &Zone) -> String {
    format!("{} to {}", when(from, zone), when(until, zone))
}
