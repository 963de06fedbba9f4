//! Overrides: made with a form on the rotation's page, taken with one press, withdrawn.

use app::Error;
use app::on_call::{self, RotationDetail};
use axum::extract::State;
use domain::on_call::OverrideEntry;
use domain::{ContactId, Date, Instant, Invalid, OverrideId, RotationId, Time, Zone};
use web::Web;

use super::rotation::{RotationPage, RotationPageGround};
use super::words::{span, when};
use crate::form::{Answer, Ask, Editor, Form};
use crate::session::{Fields, Id, Ids, PageError, Posted};
use crate::ui::{Choice, Field, FieldKind, Place, Shell};

/// `GET /on-call/{id}` shows the page with the form → `POST /on-call/{id}/overrides`.
#[derive(Debug)]
pub(crate) struct OverrideEditor;

impl Editor for OverrideEditor {
    const PLACE: Place = Place::OnCall;
    type Ground = RotationPageGround;
    type Page = RotationPage;

    async fn ground(ask: Ask<'_>) -> Result<RotationPageGround, PageError> {
        Ok(RotationPageGround::load(ask.web, ask.visitor, RotationId(ask.id(0))).await?)
    }

    /// From the day that it is there.
    fn form(ground: &RotationPageGround, typed: Option<&Fields>) -> Form {
        let zone = &ground.standing.rotation().zone;
        let hint = format!("By the clock of {}. No time given: now.", zone.name());
        Form::new([
            Field::choice("contact_id", "Who is on call", &[("", "Choose…")])
                .required()
                .choices(&ground.standing.people)
                .choices([Choice::new("nobody", "Nobody")]),
            Field::new(FieldKind::Text, "reason", "Why").hint("Shown to everybody who sees this."),
            Field::new(FieldKind::Date, "from_on", "From")
                .at("from")
                .value(&zone.date(ground.now).to_string()),
            Field::new(FieldKind::Time, "from_time", "From, at").hint(&hint),
            Field::new(FieldKind::Date, "until_on", "Until").at("until").required(),
            Field::new(FieldKind::Time, "until_time", "Until, at").required(),
        ])
        .filled(typed)
    }

    fn draw(shell: Shell, ground: &RotationPageGround, form: Form) -> RotationPage {
        RotationPage::draw(shell, ground, form)
    }

    async fn save(ask: Ask<'_>, ground: &RotationPageGround, typed: &Fields) -> Answer {
        let (rotation, zone) = (ground.standing.rotation(), &ground.standing.rotation().zone);
        let (entry, faults) = read(typed, zone, ground.now);
        let entry = faults.or(entry)?;
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let over = on_call::add_override(app, actor, rotation.id, entry).await?;
        let name = ground.standing.name(over.contact_id);
        let text = format!("{name} is on call from {}.", span(over.from, over.until, zone));
        ask.done(&format!("/on-call/{}", rotation.id), &text)
    }
}

/// `POST /on-call/{id}/take` (`from`, `until`): whoever asks takes that shift.
pub(crate) async fn take(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Answer {
    let now = web.app.now();
    let standing = on_call::find(&web.app, &visitor.actor, RotationId(id), now).await?;
    let me = on_call::stand_in(&visitor.actor, &standing).ok_or(Error::NotFound)?;
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
    let text = format!("The shift is yours, until {until}.");
    Ok(visitor.done(&web, &format!("/on-call/{id}"), &text))
}

/// " from Jane", if somebody had the shift.
fn taken_from(standing: &RotationDetail, from: Option<Instant>) -> String {
    let had = from.and_then(|from| standing.roster.on_call(from).contact_id);
    had.map(|id| format!(" from {}", standing.name(Some(id)))).unwrap_or_default()
}

/// `POST /on-call/{id}/overrides/{of_it}/withdraw`.
pub(crate) async fn withdraw(
    State(web): State<Web>,
    Ids(id, over): Ids,
    Posted { visitor, .. }: Posted,
) -> Answer {
    let (app, actor) = (&web.app, &visitor.actor);
    on_call::withdraw(app, actor, RotationId(id), OverrideId(over)).await?;
    Ok(visitor.done(&web, &format!("/on-call/{id}"), "The override is withdrawn."))
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
