//! Overrides: made with a form, taken with one press, withdrawn.

use app::Error;
use app::on_call::{self, Standing};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::on_call::OverrideEntry;
use domain::{ContactId, Date, Instant, Invalid, OverrideId, RotationId, Time, Zone};
use web::Web;

use super::rotation::{RotationPage, drawn, load};
use super::{span, when};
use crate::session::{Fields, Id, Ids, PageError, Posted, SignedIn, page};
use crate::ui::{Flash, blame, retype};

/// `POST /on-call/{id}/overrides`.
pub(crate) async fn add(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (standing, links) = load(&web, &visitor, RotationId(id)).await?;
    let zone = &standing.rotation().zone;
    let (entry, typing) = read(&fields, zone, web.app.now());
    let faults = match typing.is_empty() {
        true => {
            match on_call::add_override(&web.app, &visitor.actor, RotationId(id), entry).await {
                Ok(over) => {
                    let name = standing.name(over.contact_id);
                    let times = span(over.from, over.until, zone);
                    return Ok(done(
                        &web,
                        &visitor,
                        id,
                        &format!("{name} is on call from {times}."),
                    ));
                }
                Err(Error::Invalid(faults)) => faults,
                Err(error) => return Err(error.into()),
            }
        }
        false => typing,
    };
    let mut view = drawn(&web, &visitor, &standing, &links).await?;
    retype(&mut view.new_override, &fields);
    blamed(&mut view, &faults);
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// `POST /on-call/{id}/take` (`from`, `until`): whoever asks takes that shift.
pub(crate) async fn take(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (standing, _) = load(&web, &visitor, RotationId(id)).await?;
    let me = on_call::stand_in(&visitor.actor, &standing).ok_or(Error::NotFound)?;
    let now = web.app.now();
    let at = |name: &str| fields.text(name).parse().ok().map(Instant::from_ms);
    let (from, until) = (at("from").map(|at| at.max(now)), at("until"));
    let entry = OverrideEntry {
        contact_id: Some(me.id),
        from,
        until,
        reason: format!("Taken over{}", taken_from(&standing, from)),
    };
    on_call::add_override(&web.app, &visitor.actor, RotationId(id), entry).await?;
    let until = until.map(|at| when(at, &standing.rotation().zone)).unwrap_or_default();
    Ok(done(&web, &visitor, id, &format!("The shift is yours, until {until}.")))
}

/// " from Jane", if somebody had the shift.
fn taken_from(standing: &Standing, from: Option<Instant>) -> String {
    let had = from.and_then(|from| standing.roster.on_call(from).contact_id);
    had.map(|id| format!(" from {}", standing.name(Some(id)))).unwrap_or_default()
}

/// `POST /on-call/{id}/overrides/{of_it}/withdraw`.
pub(crate) async fn withdraw(
    State(web): State<Web>,
    Ids(id, over): Ids,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    let (app, actor) = (&web.app, &visitor.actor);
    on_call::withdraw(app, actor, RotationId(id), OverrideId(over)).await?;
    Ok(done(&web, &visitor, id, "The override is withdrawn."))
}

fn done(web: &Web, visitor: &SignedIn, id: i64, text: &str) -> Response {
    visitor.sent_to(web, &format!("/on-call/{id}"), &Flash::done(text))
}

/// What was typed as an entry, and what of it cannot be read.
fn read(posted: &Fields, zone: &Zone, now: Instant) -> (OverrideEntry, Invalid) {
    let mut invalid = Invalid::new();
    let contact = posted.text("contact_id");
    let contact_id: Option<ContactId> = contact.parse().ok().map(ContactId);
    let is_chosen = contact == "nobody" || contact_id.is_some();
    invalid.require(is_chosen, "contact_id", "must be chosen");
    let mut at = |path: &str, empty: Option<Instant>| {
        let (day, time) = (format!("{path}_on"), format!("{path}_time"));
        let (day, time) = (posted.text(&day).trim(), posted.text(&time).trim());
        if time.is_empty() && empty.is_some() {
            let is_now = day.is_empty() || Date::parse(day) == Ok(zone.date(now));
            // A day ahead without a time begins with the day.
            return match Date::parse(day) {
                _ if is_now => empty,
                Ok(date) => Some(zone.day_start(date)),
                Err(_) => {
                    invalid.add(path, "must be a day and a time");
                    None
                }
            };
        }
        match (Date::parse(day), Time::parse(time)) {
            (Ok(date), Some(time)) => Some(zone.at_minute(date, time.minute_of_day())),
            _ => {
                invalid.add(path, "must be a day and a time");
                None
            }
        }
    };
    let (from, until) = (at("from", Some(now)), at("until", None));
    let reason = posted.text("reason").to_owned();
    (OverrideEntry { contact_id, from, until, reason }, invalid)
}

/// Puts each fault beside its field.
pub(crate) fn blamed(view: &mut RotationPage, faults: &Invalid) {
    let control = |path: &str| match path {
        "from" => "from_on".to_owned(),
        "until" => "until_on".to_owned(),
        other => other.to_owned(),
    };
    let others = blame(&mut view.new_override, faults, control);
    view.error = (!others.is_empty()).then(|| others.join(" "));
}
