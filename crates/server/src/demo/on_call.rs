//! On-call of the demo: two rotations, a swap, holidays; a night that nobody has, a calendar link.

use app::{Actor, App, on_call};
use domain::on_call::{OverrideEntry, RotationEntry, Subject};
use domain::{Account, Contact, ContactId, Date, Instant, Zone, limits};

use crate::Failure;

/// A Monday on which all turns began.
const BEGAN: &str = "2025-01-06";

/// Makes the rotations of an account: its people by nights and weekends, and by the week.
pub(super) async fn write(
    app: &App,
    owner: &Actor,
    account: &Account,
    people: &[Contact],
) -> Result<(), Failure> {
    let ids: Vec<ContactId> = people.iter().map(|contact| contact.id).collect();
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(()) };
    let nights = RotationEntry {
        name: "Nights and weekends".to_owned(),
        turn: "weekly".to_owned(),
        hand_off: "8:00 AM".to_owned(),
        starts_on: BEGAN.to_owned(),
        members: ids.iter().take(3).copied().collect(),
        fallback: Some(*last),
        ..RotationEntry::default()
    };
    let nights = on_call::create(app, owner, account.id, nights).await?;
    let day = RotationEntry {
        name: "Emergencies by day".to_owned(),
        turn: "2 days".to_owned(),
        hand_off: "9:00 AM".to_owned(),
        starts_on: BEGAN.to_owned(),
        members: ids.iter().rev().take(2).copied().collect(),
        hours: "Mon-Fri 08:00-18:00".to_owned(),
        fallback: None,
        ..RotationEntry::default()
    };
    on_call::create(app, owner, account.id, day).await?;
    let (zone, now) = (&account.zone, app.now());
    let over = |contact_id, day: i64, minutes: (u16, u16), reason: &str| OverrideEntry {
        contact_id,
        from: Some(hour(zone, now, day, minutes.0)),
        until: Some(hour(zone, now, day, minutes.1)),
        reason: reason.to_owned(),
    };
    let evening = (18 * 60, 23 * 60);
    let swap = over(Some(*last), 2, evening, "Swapped for a school play");
    on_call::add_override(app, owner, nights.id, swap).await?;
    let year = zone.date(now).year();
    for year in [year, year + 1] {
        on_call::add_federal(app, owner, account.id, year).await?;
    }
    if account.number != super::law::LAW.number {
        return Ok(());
    }
    on_call::make_link(app, owner, account.id, Subject::Contact(*first)).await?;
    let nobody = over(None, 5, (60, 6 * 60), "The phones are moved to the new office");
    on_call::add_override(app, owner, nights.id, nobody).await?;
    Ok(())
}

/// A minute of a day that many days ahead.
fn hour(zone: &Zone, now: Instant, days: i64, minute: u16) -> Instant {
    let date: Option<Date> = zone.date(now).plus_days(days);
    date.map_or_else(|| now.plus_ms(days * limits::DAY_MS), |date| zone.at_minute(date, minute))
}
