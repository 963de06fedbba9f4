//! `/on-call` of version 2: who is on call now and next, and the shifts of a rotation.

use app::on_call::RotationDetail;
use domain::on_call::{Shift, Watch, Why};
use domain::{Contact, ContactId, Date, Instant, Invalid, RotationId, limits};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::bodies::{DateTime, answer};
use crate::query::{AccountNumbers, FirstDay, LastDay, Query, parameters};
use crate::{Data, Id, ListRefusals, Result, Utc};

/// Days that are told where nobody says how many.
const DAYS: i64 = 28;

parameters! {
    /// Whose rotations, and when.
    pub(super) OnCallParameters;
    /// Of the account with this number; of several with `account_number[]`, given once for each.
    account_number: AccountNumbers,
    /// At this instant instead of now, ISO 8601 with `Z` or an offset.
    at: DateTime,
}

parameters! {
    /// Which days.
    pub(super) ShiftParameters;
    /// The first day, `MM-DD-YYYY` or `YYYY-MM-DD`, in the rotation's zone; today if not given.
    from_date: FirstDay,
    /// The last day, at most 92 in all; four weeks from the first if not given.
    to_date: LastDay,
}

answer! {
    /// A rotation, and who is on call in it.
    #[schema(as = OnCall)]
    pub(super) struct OnCallBody(standing: &RotationDetail, at: Instant) {
        /// The rotation's id.
        id: i64 = standing.rotation().id.0,
        /// What people call it.
        #[schema(example = "Nights")]
        name: String = standing.rotation().name.clone(),
        /// The number of its account.
        account_number: String = standing.account.number.clone(),
        /// The name of its account.
        account_name: String = standing.account.name.clone(),
        /// The zone of its hand-offs.
        #[schema(example = "America/New_York")]
        zone: String = standing.rotation().zone.name().to_owned(),
        /// Who is on call at the instant that was asked for.
        now: WatchBody = WatchBody::new(standing, &standing.roster.on_call(at)),
        /// Who is on call after that; null if it does not change.
        next: Option<WatchBody> = standing
            .roster
            .after(&standing.roster.on_call(at))
            .map(|next| WatchBody::new(standing, &next)),
        /// The first time within 14 days that somebody should be on call and nobody is, as the last
        /// check found it; null if there is none.
        gap: Option<GapBody> = standing.rotation().gap.map(GapBody::new),
    }
}

answer! {
    /// Who is on call, and why.
    #[schema(as = Watch)]
    pub(super) struct WatchBody(standing: &RotationDetail, watch: &Watch) {
        /// The person; null if nobody is on call.
        contact: Option<PersonBody> = person(standing, watch.contact_id),
        /// Since when; null if it was never otherwise.
        since: Option<Utc> = watch.since.map(Utc),
        /// Until when; null if it does not change.
        until: Option<Utc> = watch.until.map(Utc),
        /// Why.
        why: WhyOnCall = (&watch.why).into(),
        /// The reason of an override, the name of a holiday; else empty.
        reason: String = reason(&watch.why),
    }
}

answer! {
    /// A time in which nobody is on call.
    #[schema(as = Gap)]
    pub(super) struct GapBody(gap: (Instant, Instant)) {
        /// Its first instant.
        from: Utc = Utc(gap.0),
        /// The instant that it ends before.
        until: Utc = Utc(gap.1),
    }
}

answer! {
    /// Somebody in the account's directory.
    #[schema(as = OnCallPerson)]
    pub(super) struct PersonBody(contact: &Contact) {
        /// The contact's id.
        id: i64 = contact.id.0,
        /// The person's name.
        name: String = contact.name.clone(),
        /// The person's phone as entered, or empty.
        phone: String = contact.phone.clone(),
        /// The person's e-mail address, or empty.
        email: String = contact.email.clone(),
    }
}

answer! {
    /// A shift of a rotation.
    #[schema(as = Shift)]
    pub(super) struct ShiftBody(standing: &RotationDetail, shift: &Shift) {
        /// The person; null if nobody is on call.
        contact: Option<PersonBody> = person(standing, shift.contact_id),
        /// Its first instant.
        from: Utc = Utc(shift.from),
        /// The instant that it ends before; the next shift begins then.
        until: Utc = Utc(shift.until),
        /// Why.
        why: WhyOnCall = (&shift.why).into(),
        /// The reason of an override, the name of a holiday; else empty.
        reason: String = reason(&shift.why),
        /// Whether somebody should be on call, and nobody is.
        is_gap: bool = shift.is_gap(),
    }
}

/// Why somebody is on call, or nobody is: the person's turn, an override, a holiday, the fallback;
/// outside of the rotation's hours; or there is nobody.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum WhyOnCall {
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
    responses((status = 200, description = "The rotations", body = Data<Vec<OnCallBody>>),
        ListRefusals),
)]
pub(super) async fn list(
    caller: Caller,
    Query(query): Query<OnCallParameters>,
) -> Result<Data<Vec<OnCallBody>>> {
    let OnCallParameters { account_number, at } = query?;
    let (app, actor) = (&caller.web.app, &caller.actor);
    let at = at.unwrap_or_else(|| app.now());
    let found =
        app::on_call::list(app, actor, &account_number, at.minus_ms(limits::DAY_MS)).await?;
    Ok(Data { data: found.iter().map(|standing| OnCallBody::new(standing, at)).collect() })
}

/// List the shifts of a rotation
///
/// Whole days, both included, in the rotation's zone. Each shift begins where the one before it
/// ends; those in which nobody is on call stand there too.
#[utoipa::path(
    get, path = "/on-call/{id}/shifts", operation_id = "list_shifts", tag = "On-call",
    params(ShiftParameters),
    responses((status = 200, description = "The shifts", body = Data<Vec<ShiftBody>>),
        ListRefusals),
)]
pub(super) async fn shifts(
    caller: Caller,
    Id(id): Id,
    Query(query): Query<ShiftParameters>,
) -> Result<Data<Vec<ShiftBody>>> {
    let now = caller.web.app.now();
    let early = match &query {
        // Overrides that ended before the first day, in any zone, change nothing.
        Ok(ShiftParameters { from_date: Some(from), .. }) => {
            domain::Zone::utc().day_start(*from).minus_ms(limits::DAY_MS)
        }
        _ => now.minus_ms(2 * limits::DAY_MS),
    };
    let early = early.min(now.minus_ms(2 * limits::DAY_MS));
    let standing =
        app::on_call::find(&caller.web.app, &caller.actor, RotationId(id), early).await?;
    let ShiftParameters { from_date: from, to_date: to } = query?;
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
    Ok(Data { data: shifts.iter().map(|shift| ShiftBody::new(&standing, shift)).collect() })
}

fn person(standing: &RotationDetail, id: Option<ContactId>) -> Option<PersonBody> {
    standing.person(id?).map(PersonBody::new)
}

impl From<&Why> for WhyOnCall {
    fn from(why: &Why) -> Self {
        match why {
            Why::Rotation => WhyOnCall::Rotation,
            Why::Override(_) => WhyOnCall::Override,
            Why::Holiday(_) => WhyOnCall::Holiday,
            Why::Fallback => WhyOnCall::Fallback,
            Why::OffHours => WhyOnCall::OffHours,
            Why::Nobody => WhyOnCall::Nobody,
        }
    }
}

fn reason(why: &Why) -> String {
    match why {
        Why::Override(reason) | Why::Holiday(reason) => reason.clone(),
        _ => String::new(),
    }
}
