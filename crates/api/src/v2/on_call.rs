//! `/on-call` of version 2: who is on call now and next, and the shifts of a rotation.

use app::on_call::Standing;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::on_call::{Shift, Watch, Why};
use domain::{ContactId, Date, Instant, Invalid, RotationId, limits};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use web::Web;
use web::refusal::Refusal;

use crate::auth::Caller;
use crate::query::FreeQuery;
use crate::{Data, Id, ListRefusals, Utc, day};

/// Days that are told where nobody says how many.
const DAYS: i64 = 28;

/// Whose rotations, and when.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the OpenAPI document; list reads it")]
pub(super) struct OnCallParameters {
    /// Of the account with this number.
    #[param(min_length = 1, max_length = 500, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    account_number: Option<String>,
    /// At this instant instead of now, ISO 8601 with `Z` or an offset.
    #[param(value_type = Option<String>, format = "date-time")]
    at: Option<Instant>,
}

/// Which days.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the OpenAPI document; shifts reads it")]
pub(super) struct ShiftParameters {
    /// The first day, `MM-DD-YYYY` or `YYYY-MM-DD`, in the rotation's zone; today if not given.
    #[param(schema_with = day)]
    from_date: Option<Date>,
    /// The last day, at most 92 in all; four weeks from the first if not given.
    #[param(schema_with = day)]
    to_date: Option<Date>,
}

/// A rotation, and who is on call in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnCall)]
pub(super) struct OnCallBody {
    /// The rotation's id.
    id: i64,
    /// What people call it.
    #[schema(example = "Nights")]
    name: String,
    /// The number of its account.
    account_number: String,
    /// The name of its account.
    account_name: String,
    /// The zone of its hand-offs.
    #[schema(example = "America/New_York")]
    zone: String,
    /// Who is on call at the instant that was asked for.
    now: WatchBody,
    /// Who is on call after that; null if it does not change.
    next: Option<WatchBody>,
    /// The first time within 14 days that somebody should be on call and nobody is, as the last
    /// check found it; null if there is none.
    gap: Option<GapBody>,
}

/// Who is on call, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Watch)]
pub(super) struct WatchBody {
    /// The person; null if nobody is on call.
    contact: Option<PersonBody>,
    /// Since when; null if it was never otherwise.
    since: Option<Utc>,
    /// Until when; null if it does not change.
    until: Option<Utc>,
    /// Why.
    why: WhyWord,
    /// The reason of an override, the name of a holiday; else empty.
    reason: String,
}

/// A time in which nobody is on call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Gap)]
pub(super) struct GapBody {
    from: Utc,
    until: Utc,
}

/// Somebody in the account's directory.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnCallPerson)]
pub(super) struct PersonBody {
    /// The contact's id.
    id: i64,
    /// The person's name.
    name: String,
    /// The person's phone as entered, or empty.
    phone: String,
    /// The person's e-mail address, or empty.
    email: String,
}

/// A shift of a rotation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Shift)]
pub(super) struct ShiftBody {
    /// The person; null if nobody is on call.
    contact: Option<PersonBody>,
    /// Its first instant.
    from: Utc,
    /// The instant that it ends before; the next shift begins then.
    until: Utc,
    /// Why.
    why: WhyWord,
    /// The reason of an override, the name of a holiday; else empty.
    reason: String,
    /// Whether somebody should be on call, and nobody is.
    is_gap: bool,
}

/// Why somebody is on call, or nobody is: the person's turn, an override, a holiday, the fallback;
/// outside of the rotation's hours; or there is nobody.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WhyOnCall)]
pub(super) enum WhyWord {
    Rotation,
    Override,
    Holiday,
    Fallback,
    OffHours,
    Nobody,
}

/// Who is on call
///
/// The rotations that the token sees, by account and name, each with who is on call now and next.
#[utoipa::path(
    get, path = "/on-call", operation_id = "list_on_call", tag = "On-call",
    params(OnCallParameters),
    responses(
        (status = 200, description = "The rotations", body = Data<Vec<OnCallBody>>,
         links(("shifts" = (operation_id = "list_shifts",
                            parameters(("id" = "$response.body#/data/0/id")))))),
        ListRefusals,
    ),
    security(("bearer" = [])),
)]
pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    FreeQuery(mut asked): FreeQuery,
) -> Result<Response, Refusal> {
    let (number, at) = (asked.line("account_number"), asked.instant("at"));
    asked.or(()).map_err(Refusal::from)?;
    let at = at.unwrap_or_else(|| web.app.now());
    let from = at.minus_ms(limits::DAY_MS);
    let found = app::on_call::list(&web.app, &caller.actor, number.as_deref(), from).await?;
    let data: Vec<OnCallBody> = found.iter().map(|standing| body(standing, at)).collect();
    Ok(Data { data }.into_response())
}

/// List the shifts of a rotation
///
/// Whole days, both included, in the rotation's zone. Each shift begins where the one before it
/// ends; those in which nobody is on call stand there too.
#[utoipa::path(
    get, path = "/on-call/{id}/shifts", operation_id = "list_shifts", tag = "On-call",
    params(("id" = i64, Path, description = "The rotation's id", minimum = 1), ShiftParameters),
    responses((status = 200, description = "The shifts", body = Data<Vec<ShiftBody>>),
        ListRefusals),
    security(("bearer" = [])),
)]
pub(super) async fn shifts(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    FreeQuery(mut asked): FreeQuery,
) -> Result<Response, Refusal> {
    let (from, to) = asked.period("from_date", "to_date");
    let asked = asked.or((from, to));
    let now = web.app.now();
    let early = match &asked {
        // Overrides that ended before the first day, in any zone, change nothing.
        Ok((Some(from), _)) => domain::Zone::utc().day_start(*from).minus_ms(limits::DAY_MS),
        _ => now.minus_ms(2 * limits::DAY_MS),
    };
    let early = early.min(now.minus_ms(2 * limits::DAY_MS));
    let standing = app::on_call::find(&web.app, &caller.actor, RotationId(id), early).await?;
    let (from, to) = asked.map_err(Refusal::from)?;
    let zone = &standing.rotation().zone;
    let first = match (from, to) {
        (Some(from), _) => from,
        // Up to a day that is over: that day alone, and what came before it.
        (None, Some(to)) => zone.date(now).min(to),
        (None, None) => zone.date(now),
    };
    let last = to.or_else(|| first.plus_days(DAYS - 1)).unwrap_or(Date::MAX);
    if last.days_since_1970() - first.days_since_1970() >= limits::SHIFT_DAYS {
        let rule = "must lie less than 92 days after the first day";
        return Err(Invalid::field("to_date", rule).into());
    }
    let shifts = standing.roster.shifts(zone.day_start(first), zone.day_end(last));
    let data: Vec<ShiftBody> = shifts.iter().map(|shift| shift_body(&standing, shift)).collect();
    Ok(Data { data }.into_response())
}

fn body(standing: &Standing, at: Instant) -> OnCallBody {
    let rotation = standing.rotation();
    let watch = standing.roster.on_call(at);
    let next = standing.roster.after(&watch);
    OnCallBody {
        id: rotation.id.0,
        name: rotation.name.clone(),
        account_number: standing.account.number.clone(),
        account_name: standing.account.name.clone(),
        zone: rotation.zone.name().to_owned(),
        now: watch_body(standing, &watch),
        next: next.map(|next| watch_body(standing, &next)),
        gap: rotation.gap.map(|(from, until)| GapBody { from: Utc(from), until: Utc(until) }),
    }
}

fn watch_body(standing: &Standing, watch: &Watch) -> WatchBody {
    let (why, reason) = told(&watch.why);
    WatchBody {
        contact: person(standing, watch.contact_id),
        since: watch.since.map(Utc),
        until: watch.until.map(Utc),
        why,
        reason,
    }
}

fn shift_body(standing: &Standing, shift: &Shift) -> ShiftBody {
    let (why, reason) = told(&shift.why);
    ShiftBody {
        contact: person(standing, shift.contact_id),
        from: Utc(shift.from),
        until: Utc(shift.until),
        why,
        reason,
        is_gap: shift.is_gap(),
    }
}

fn person(standing: &Standing, id: Option<ContactId>) -> Option<PersonBody> {
    let contact = standing.person(id?)?;
    Some(PersonBody {
        id: contact.id.0,
        name: contact.name.clone(),
        phone: contact.phone.clone(),
        email: contact.email.clone(),
    })
}

fn told(why: &Why) -> (WhyWord, String) {
    match why {
        Why::Rotation => (WhyWord::Rotation, String::new()),
        Why::Override(reason) => (WhyWord::Override, reason.clone()),
        Why::Holiday(name) => (WhyWord::Holiday, name.clone()),
        Why::Fallback => (WhyWord::Fallback, String::new()),
        Why::OffHours => (WhyWord::OffHours, String::new()),
        Why::Nobody => (WhyWord::Nobody, String::new()),
    }
}
