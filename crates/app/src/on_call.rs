//! On-call rotations: who sees them, who changes them, and what each change does.

mod calendar;
mod coverage;
mod holidays;
mod overrides;
mod read;
mod report;

use domain::on_call::{Rotation, RotationEntry};
use domain::user::Right;
use domain::{AccountId, Contact, ContactId, JobKind, RotationId, limits};

pub use calendar::{Feed, FeedShift, Links, links, make_link, open_link, revoke_link};
pub use coverage::check_all;
pub(crate) use coverage::recheck_account;
pub use holidays::{add_federal, add_holiday, holidays, remove_holiday};
pub use overrides::{add_override, stand_in, withdraw};
pub use read::{RotationDetail, draft, find, list};
pub use report::changes;

use self::read::{ground, to_change};
use self::report::log;
use crate::{Actor, App, Error, Result};

/// Makes a rotation for an account.
#[crate::boxed]
pub async fn create(
    app: &App,
    actor: &Actor,
    account: AccountId,
    entry: RotationEntry,
) -> Result<Rotation> {
    actor.require(Right::ChangeOnCall)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (account, people) = ground(tx.link(), actor, account).await?;
    let mut rotation = entry.checked(&account, &people, now)?;
    let held = store::rotations::lock_of_account(tx.link(), actor.tenant_id, account.id).await?;
    if held.len() >= limits::ROTATIONS {
        let rule = "must wait: delete a rotation first, 50 are the most";
        return Err(domain::Invalid::field("name", rule).into());
    }
    rotation.id = store::rotations::insert(tx.link(), &rotation).await?;
    log(&mut tx, Some(actor), "rotation.create", &rotation, "", now).await?;
    coverage::recheck(&mut tx, actor.tenant_id, rotation.id, now).await?;
    tx.commit().await?;
    Ok(rotation)
}

/// Changes a rotation, its members and their order among it. `revision` is the one that whoever
/// asks last saw, if it matters to them.
#[crate::boxed]
pub async fn update(
    app: &App,
    actor: &Actor,
    id: RotationId,
    revision: Option<i64>,
    entry: RotationEntry,
) -> Result<Rotation> {
    actor.require(Right::ChangeOnCall)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let before = to_change(&mut tx, actor, id, now).await?.rotation;
    if revision.is_some_and(|revision| revision != before.revision) {
        return Err(Error::Changed);
    }
    let (account, people) = ground(tx.link(), actor, before.account_id).await?;
    let rotation = Rotation {
        id,
        gap: before.gap,
        revision: before.revision + 1,
        created_at: before.created_at,
        ..entry.checked(&account, &people, now)?
    };
    let what = differences(&before, &rotation, &people);
    if what.is_empty() {
        return Ok(before);
    }
    store::rotations::update(tx.link(), &rotation).await?;
    log(&mut tx, Some(actor), "rotation.update", &rotation, &what, now).await?;
    coverage::recheck(&mut tx, actor.tenant_id, id, now).await?;
    tx.commit().await?;
    Ok(rotation)
}

/// Deletes a rotation, with the links of its calendar.
#[crate::boxed]
pub async fn delete(app: &App, actor: &Actor, id: RotationId) -> Result<Rotation> {
    actor.require(Right::ChangeOnCall)?;
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let rotation = to_change(&mut tx, actor, id, now).await?.rotation;
    store::rotations::delete(tx.link(), tenant, id, now).await?;
    store::jobs::remove(tx.link(), tenant, JobKind::Coverage, id.0).await?;
    let subject = domain::on_call::Subject::Rotation(id);
    store::rotations::delete_link(tx.link(), tenant, subject).await?;
    log(&mut tx, Some(actor), "rotation.delete", &rotation, "", now).await?;
    tx.commit().await?;
    Ok(rotation)
}

/// What changed, in words for the report: empty if nothing did.
fn differences(before: &Rotation, after: &Rotation, people: &[Contact]) -> String {
    let name = |id: &ContactId| {
        let known = people.iter().find(|contact| contact.id == *id);
        known.map_or_else(|| "somebody who left".to_owned(), |contact| contact.name.clone())
    };
    let names = |ids: &[ContactId]| match ids {
        [] => "nobody".to_owned(),
        ids => ids.iter().map(name).collect::<Vec<_>>().join(", "),
    };
    let mut what = Vec::new();
    let mut tell = |label: &str, old: String, new: String| {
        if old != new {
            what.push(format!("{label} from “{old}” to “{new}”"));
        }
    };
    tell("name", before.name.clone(), after.name.clone());
    tell("zone", before.zone.to_string(), after.zone.to_string());
    tell("turn", before.turn.to_string(), after.turn.to_string());
    let (old, new) = (RotationEntry::of(before), RotationEntry::of(after));
    tell("hand-off", old.hand_off, new.hand_off);
    tell("start", old.starts_on, new.starts_on);
    tell("hours", old.hours, new.hours);
    if before.members != after.members {
        what.push(format!("members from {} to {}", names(&before.members), names(&after.members)));
    }
    if before.fallback != after.fallback {
        let one = |id: Option<ContactId>| names(id.as_slice());
        what.push(format!("fallback from {} to {}", one(before.fallback), one(after.fallback)));
    }
    what.join("; ")
}
