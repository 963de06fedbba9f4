//! Holidays of an account: one by one, or those of the United States for a year at once.

use domain::on_call::{Holiday, HolidayEntry, federal_holidays};
use domain::user::Right;
use domain::{AccountId, HolidayId, Invalid, limits};

use super::coverage;
use super::read::ground;
use crate::{Actor, App, Error, Result, audit};

/// Years ahead for which the federal holidays may be added.
const YEARS_AHEAD: i16 = 5;

/// The holidays of an account, past ones too, by day.
#[crate::boxed]
pub async fn holidays(app: &App, actor: &Actor, account: AccountId) -> Result<Vec<Holiday>> {
    let mut reader = app.db.read().await?;
    let found = store::accounts::find(reader.link(), actor.tenant_id, account).await?;
    let account = actor.visible(found)?;
    Ok(store::rotations::holidays(reader.link(), actor.tenant_id, account.id).await?)
}

/// Makes a day a holiday.
#[crate::boxed]
pub async fn add_holiday(
    app: &App,
    actor: &Actor,
    account: AccountId,
    entry: HolidayEntry,
) -> Result<Holiday> {
    actor.require(Right::ChangeOnCall)?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let (account, people) = ground(tx.link(), actor, account).await?;
    let held = store::rotations::holidays(tx.link(), tenant, account.id).await?;
    let day = entry.checked(&account, &people, &held, now)?;
    store::rotations::insert_holidays(tx.link(), tenant, std::slice::from_ref(&day)).await?;
    let subject = format!("account {}: {} {}", account.id, day.date, day.name);
    audit::record(&mut tx, tenant, Some(actor), "holiday.create", &subject, now).await?;
    coverage::recheck_account(&mut tx, tenant, account.id, now).await?;
    tx.commit().await?;
    Ok(day)
}

/// Makes the federal holidays of a year holidays, but those that are past and those days that are
/// holidays already; answers how many were added.
#[crate::boxed]
pub async fn add_federal(app: &App, actor: &Actor, account: AccountId, year: i16) -> Result<u64> {
    actor.require(Right::ChangeOnCall)?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let (account, _) = ground(tx.link(), actor, account).await?;
    let today = account.zone.date(now);
    if !(today.year()..=today.year() + YEARS_AHEAD).contains(&year) {
        let rule = "must be this year, or one of the five after it";
        return Err(Invalid::field("year", rule).into());
    }
    let held = store::rotations::holidays(tx.link(), tenant, account.id).await?;
    let is_new = |date| date >= today && held.iter().all(|day| day.date != date);
    let days: Vec<Holiday> = federal_holidays(year)
        .into_iter()
        .filter(|(date, _)| is_new(*date))
        .map(|(date, name)| Holiday {
            id: HolidayId(0),
            account_id: account.id,
            date,
            name,
            contact_id: None,
        })
        .collect();
    if held.len() + days.len() > limits::HOLIDAYS {
        let rule = "must wait: remove a holiday first, 500 are the most";
        return Err(Invalid::field("year", rule).into());
    }
    let added = store::rotations::insert_holidays(tx.link(), tenant, &days).await?;
    if added > 0 {
        let subject = format!("account {}: {added} federal holidays of {year}", account.id);
        audit::record(&mut tx, tenant, Some(actor), "holiday.create", &subject, now).await?;
        coverage::recheck_account(&mut tx, tenant, account.id, now).await?;
    }
    tx.commit().await?;
    Ok(added)
}

/// Makes a holiday a day like any other.
#[crate::boxed]
pub async fn remove_holiday(
    app: &App,
    actor: &Actor,
    account: AccountId,
    id: HolidayId,
) -> Result<Holiday> {
    actor.require(Right::ChangeOnCall)?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let (account, _) = ground(tx.link(), actor, account).await?;
    let held = store::rotations::holidays(tx.link(), tenant, account.id).await?;
    let day = held.into_iter().find(|day| day.id == id).ok_or(Error::NotFound)?;
    store::rotations::delete_holiday(tx.link(), tenant, account.id, id).await?;
    let subject = format!("account {}: {} {}", account.id, day.date, day.name);
    audit::record(&mut tx, tenant, Some(actor), "holiday.remove", &subject, now).await?;
    coverage::recheck_account(&mut tx, tenant, account.id, now).await?;
    tx.commit().await?;
    Ok(day)
}
