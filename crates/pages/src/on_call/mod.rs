//! On-call: who is on call now and next for each rotation, and what leads on from there.

mod calendar;
mod form;
mod holidays;
mod ics;
mod links;
mod list;
mod overrides;
mod rotation;
mod write;

use app::on_call::Standing;
use domain::on_call::{Watch, Why};
use domain::{Instant, Zone};
use web::Routes;

use crate::form::editor::{create, edit, new, preview, preview_new, update};
use crate::list::{export, table};
use crate::ui::{Place, phone};

pub(crate) use holidays::{FederalEditor, HolidayEditor, HolidaysGround};
pub(crate) use links::LinkCreated;
pub(crate) use list::OnCall;
pub(crate) use overrides::OverrideEditor;
pub(crate) use rotation::RotationPageGround;
pub(crate) use write::{RotationEditor, RotationGround};

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

/// The addresses of on-call.
pub(crate) fn routes() -> Routes {
    Place::OnCall
        .route(table::<OnCall>)
        .get("/on-call.csv", export::<OnCall>)
        .get("/on-call/new", new::<RotationEditor>)
        .post("/on-call", create::<RotationEditor>)
        .post("/on-call/preview", preview_new::<RotationEditor>)
        .get("/on-call/{id}", edit::<OverrideEditor>)
        .get("/on-call/{id}/edit", edit::<RotationEditor>)
        .post("/on-call/{id}", update::<RotationEditor>)
        .post("/on-call/{id}/preview", preview::<RotationEditor>)
        .post("/on-call/{id}/overrides", update::<OverrideEditor>)
        .post("/on-call/{id}/overrides/{of_it}/withdraw", overrides::withdraw)
        .post("/on-call/{id}/take", overrides::take)
        .post("/on-call/{id}/calendar", links::make)
        .post("/on-call/{id}/calendar/revoke", links::revoke)
        .get("/on-call/calendar/{token}", links::feed)
        .get("/on-call/holidays/{id}", edit::<HolidayEditor>)
        .post("/on-call/holidays/{id}", update::<HolidayEditor>)
        .post("/on-call/holidays/{id}/federal", update::<FederalEditor>)
        .post("/on-call/holidays/{id}/{of_it}/remove", holidays::remove)
        .post("/on-call/{id}/delete", write::delete)
}

impl Person {
    fn of(standing: &Standing, watch: &Watch) -> Self {
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
fn why(why: &Why) -> String {
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
fn when(at: Instant, zone: &Zone) -> String {
    format!("{}, {}", zone.date(at).weekday(), zone.portal(at))
}

/// `Mon, Jan 27, 2025, 9:00 AM EST to Tue, …`.
fn span(from: Instant, until: Instant, zone: &Zone) -> String {
    format!("{} to {}", when(from, zone), when(until, zone))
}
