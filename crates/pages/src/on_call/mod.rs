//! On-call: who is on call now and next for each rotation, and what leads on from there.

mod calendar;
mod form;
mod holidays;
mod ics;
mod links;
mod overrides;
mod rotation;
mod write;

use app::on_call::Standing;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::on_call::{Watch, Why};
use domain::user::Right;
use domain::{Instant, Zone, limits};
use web::{Routes, Web};

use crate::session::{PageError, SignedIn, page};
use crate::ui::{Empty, Moment, Place, Shell, moment, phone};

pub(crate) use form::RotationForm;
pub(crate) use holidays::Holidays;
pub(crate) use links::LinkCreated;
pub(crate) use rotation::RotationPage;

/// Rotations that the list shows at once.
const ROWS: usize = 200;

/// `GET /on-call`: who is on call now and next, with gaps flagged.
#[derive(Debug, Clone, Template)]
#[template(path = "on_call/list.html")]
pub(crate) struct OnCall {
    /// The frame.
    pub(crate) shell: Shell,
    /// What is searched for.
    pub(crate) query: String,
    /// By account and name.
    pub(crate) rows: Vec<OnCallRow>,
    /// How many more there are, which a search would find.
    pub(crate) more: usize,
    /// Whether the reader may make and change rotations.
    pub(crate) may_change: bool,
}

/// One rotation in the list.
#[derive(Debug, Clone)]
pub(crate) struct OnCallRow {
    /// Its page.
    pub(crate) href: String,
    /// What people call it.
    pub(crate) name: String,
    /// The account's name.
    pub(crate) account: String,
    /// Who is on call now.
    pub(crate) now: Person,
    /// When that changes.
    pub(crate) until: Option<Moment>,
    /// Who is on call then.
    pub(crate) next: Option<Person>,
    /// When somebody should be on call, and nobody is: "from … to …".
    pub(crate) gap: Option<String>,
}

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
        .route(list)
        .get("/on-call/new", write::new)
        .post("/on-call", write::create)
        .post("/on-call/preview", write::preview_new)
        .get("/on-call/{id}", rotation::show)
        .get("/on-call/{id}/edit", write::edit)
        .post("/on-call/{id}", write::update)
        .post("/on-call/{id}/preview", write::preview_changed)
        .post("/on-call/{id}/overrides", overrides::add)
        .post("/on-call/{id}/overrides/{of_it}/withdraw", overrides::withdraw)
        .post("/on-call/{id}/take", overrides::take)
        .post("/on-call/{id}/calendar", links::make)
        .post("/on-call/{id}/calendar/revoke", links::revoke)
        .get("/on-call/calendar/{token}", links::feed)
        .get("/on-call/holidays/{id}", holidays::show)
        .post("/on-call/holidays/{id}", holidays::add)
        .post("/on-call/holidays/{id}/federal", holidays::add_federal)
        .post("/on-call/holidays/{id}/{of_it}/remove", holidays::remove)
        .post("/on-call/{id}/delete", write::delete)
}

/// `GET /on-call` (`q`).
async fn list(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let now = web.app.now();
    let query = asked(query.as_deref(), "q");
    let from = now.minus_ms(limits::DAY_MS);
    let mut found = app::on_call::list(&web.app, &visitor.actor, None, from).await?;
    let sought = query.to_lowercase();
    found.retain(|standing| {
        let texts = [&standing.rotation().name, &standing.account.name, &standing.account.number];
        texts.iter().any(|text| text.to_lowercase().contains(&sought))
    });
    let more = found.len().saturating_sub(ROWS);
    found.truncate(ROWS);
    let view = OnCall {
        shell: visitor.shell(&web, Place::OnCall).await?,
        query,
        rows: found.iter().map(|standing| OnCallRow::of(standing, now)).collect(),
        more,
        may_change: visitor.actor.role.may(Right::ChangeOnCall),
    };
    Ok(page(StatusCode::OK, &view))
}

/// What an address asks for under a name, `""` if nothing.
fn asked(query: Option<&str>, name: &str) -> String {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let found = pairs.into_iter().find(|(at, _)| at == name);
    found.map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
}

impl OnCallRow {
    fn of(standing: &Standing, now: Instant) -> Self {
        let rotation = standing.rotation();
        let watch = standing.roster.on_call(now);
        let next = standing.roster.after(&watch);
        // What the last check found, unless it is over.
        let gap = rotation.gap.filter(|(_, until)| *until > now);
        OnCallRow {
            href: format!("/on-call/{}", rotation.id),
            name: rotation.name.clone(),
            account: standing.account.name.clone(),
            until: watch.until.map(|at| Moment::at(at, now, &rotation.zone)),
            now: Person::of(standing, &watch),
            next: next.map(|next| Person::of(standing, &next)),
            gap: gap.map(|gap| span(gap.0.max(now), gap.1, &rotation.zone)),
        }
    }
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

    fn sample(name: &str, why: &str) -> Self {
        Person {
            name: name.to_owned(),
            phone: "(561) 555-0100".to_owned(),
            why: why.to_owned(),
            is_gap: false,
            is_nobody: false,
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

impl OnCall {
    /// What stands where there is no rotation, or none that fits.
    pub(crate) fn empty(&self) -> Empty {
        if !self.query.is_empty() {
            return Empty::new("search", "No rotation fits", "Try a part of another name.")
                .with_action("/on-call", "Show all");
        }
        let text = "A rotation says who is called at night and on weekends: people of one account \
                    who take turns. Who is on call now and next appears here.";
        let empty = Empty::new("phone-call", "No rotation yet", text);
        if self.may_change {
            empty.with_action("/on-call/new", "Make the first one")
        } else {
            empty
        }
    }

    /// Some rotations, one with a gap, one that is off.
    pub(crate) fn sample() -> Self {
        let row = |id, name: &str, now, next| OnCallRow {
            href: format!("/on-call/{id}"),
            name: name.to_owned(),
            account: "Hartwell & Boone".to_owned(),
            now,
            until: Some(moment("in 3 days")),
            next: Some(next),
            gap: None,
        };
        let jane = || Person::sample("Jane Hartwell", "By turn");
        let paul = || Person::sample("Paul Boone", "Override: Jane is at a wedding");
        let nobody = |why: &str| Person {
            is_nobody: true,
            is_gap: why == "There is nobody",
            phone: String::new(),
            ..Person::sample("Nobody", why)
        };
        let gap = OnCallRow {
            gap: Some("Sat, Mar 7, 2026, 6:00 PM EST to Sun, Mar 8, 2026, 8:00 AM EDT".to_owned()),
            ..row(2, "Weekends", nobody("There is nobody"), paul())
        };
        Self {
            shell: Shell::sample(Place::OnCall),
            query: String::new(),
            rows: vec![
                row(1, "Nights", jane(), paul()),
                gap,
                row(3, "Lunch", nobody("Outside its hours"), jane()),
                OnCallRow { until: None, next: None, ..row(4, "Always", jane(), paul()) },
            ],
            more: 12,
            may_change: true,
        }
    }

    /// Before the first one.
    pub(crate) fn sample_empty() -> Self {
        Self { rows: Vec::new(), more: 0, ..Self::sample() }
    }
}
