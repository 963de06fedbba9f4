//! Overrides: somebody else is on call for some hours, or nobody is.

use domain::on_call::{Override, OverrideEntry};
use domain::user::Right;
use domain::{Contact, OverrideId, RotationId};

use super::coverage;
use super::read::{RotationDetail, ground, to_change};
use super::report::log;
use crate::{Actor, App, Error, Result};

/// Says that somebody else is on call for some hours.
#[crate::boxed]
pub async fn add_override(
    app: &App,
    actor: &Actor,
    id: RotationId,
    entry: OverrideEntry,
) -> Result<Override> {
    actor.require(Right::OverrideOnCall)?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let roster = to_change(&mut tx, actor, id, now).await?;
    let (_, people) = ground(tx.link(), actor, roster.rotation.account_id).await?;
    let mut over = entry.checked(&roster, &people, Some(actor.user_id), now)?;
    over.id = store::rotations::insert_override(tx.link(), tenant, &over).await?;
    let what = said(&over, &roster.rotation, &people);
    log(&mut tx, Some(actor), "rotation.override", &roster.rotation, &what, now).await?;
    coverage::recheck(&mut tx, tenant, id, now).await?;
    tx.commit().await?;
    Ok(over)
}

/// Takes an override back. One that has begun ends now: what was is not rewritten.
#[crate::boxed]
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    id: RotationId,
    over: OverrideId,
) -> Result<Override> {
    actor.require(Right::OverrideOnCall)?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let roster = to_change(&mut tx, actor, id, now).await?;
    let found = roster.overrides.iter().find(|it| it.id == over).cloned();
    let found = found.ok_or(Error::NotFound)?;
    if found.from < now {
        store::rotations::end_override(tx.link(), tenant, over, now).await?;
    } else {
        store::rotations::delete_override(tx.link(), tenant, id, over).await?;
    }
    let (_, people) = ground(tx.link(), actor, roster.rotation.account_id).await?;
    let what = said(&found, &roster.rotation, &people);
    log(&mut tx, Some(actor), "rotation.withdraw", &roster.rotation, &what, now).await?;
    coverage::recheck(&mut tx, tenant, id, now).await?;
    tx.commit().await?;
    Ok(found)
}

/// The person of an account's directory whom a user is, by the e-mail address: who may take a
/// shift with one press.
pub fn stand_in<'s>(actor: &Actor, standing: &'s RotationDetail) -> Option<&'s Contact> {
    let is_same = |contact: &&Contact| contact.email.eq_ignore_ascii_case(&actor.email);
    standing.people.iter().find(is_same)
}

/// An override in words for the report.
fn said(over: &Override, rotation: &domain::Rotation, people: &[Contact]) -> String {
    let named = |contact: &&Contact| Some(contact.id) == over.contact_id;
    let name = people.iter().find(named).map_or("nobody", |contact| &contact.name);
    let zone = &rotation.zone;
    let times = format!("{} to {}", zone.portal(over.from), zone.portal(over.until));
    match over.reason.as_str() {
        "" => format!("{name} from {times}"),
        reason => format!("{name} from {times}, “{reason}”"),
    }
}
