//! On-call rotations: who sees them, who changes them, and what each change comes to.

mod calendar;
mod coverage;
mod holidays;
mod overrides;

use std::collections::BTreeMap;

use domain::on_call::{ChangeNote, Roster, Rotation, RotationEntry};
use domain::user::Right;
use domain::{
    Account, AccountId, Contact, ContactId, Instant, JobKind, RotationId, TenantId, limits,
};
use store::Tx;

pub use calendar::{Feed, FeedShift, Links, links, make_link, open_link, revoke_link};
pub use coverage::check_all;
pub(crate) use coverage::recheck_account;
pub use holidays::{add_federal, add_holiday, holidays, remove_holiday};
pub use overrides::{add_override, stand_in, withdraw};

use crate::{Actor, App, Error, Result, audit};

/// Accounts whose rotations one statement reads.
const ACCOUNTS_AT_ONCE: usize = 2_000;

/// A rotation with all that a reader needs to understand it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The rotation, and what changes it.
    pub roster: Roster,
    /// Its account.
    pub account: Account,
    /// Those whom it names and who are still in the directory, by name.
    pub people: Vec<Contact>,
}

impl Standing {
    /// The rotation.
    pub fn rotation(&self) -> &Rotation {
        &self.roster.rotation
    }

    /// The person with an id, if it is still in the directory.
    pub fn person(&self, id: ContactId) -> Option<&Contact> {
        self.people.iter().find(|contact| contact.id == id)
    }

    /// What the person is called, or what stands for nobody.
    pub fn name(&self, id: Option<ContactId>) -> &str {
        id.and_then(|id| self.person(id)).map_or("Nobody", |contact| &contact.name)
    }
}

/// All rotations that whoever asks may see, by account and name, or those of the account with a
/// number. Overrides that ended before `from` are left out.
pub async fn list(
    app: &App,
    actor: &Actor,
    account_number: Option<&str>,
    from: Instant,
) -> Result<Vec<Standing>> {
    let mut accounts = crate::accounts::list(app, actor).await?;
    if let Some(number) = account_number {
        accounts.retain(|account| account.number == number);
    }
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    let mut found: BTreeMap<AccountId, Vec<Roster>> = BTreeMap::new();
    for accounts in accounts.chunks(ACCOUNTS_AT_ONCE) {
        let keys: Vec<_> = accounts.iter().map(|account| (tenant, account.id)).collect();
        for (_, roster) in store::rotations::rosters(reader.link(), &keys, from).await? {
            found.entry(roster.rotation.account_id).or_default().push(roster);
        }
    }
    let mut standing = Vec::new();
    for account in accounts {
        for roster in found.remove(&account.id).unwrap_or_default() {
            standing.push(Standing { roster, account: account.clone(), people: Vec::new() });
        }
    }
    let mut named: Vec<ContactId> = standing.iter().flat_map(|it| it.roster.named()).collect();
    named.sort_unstable();
    named.dedup();
    let people = store::rotations::people(reader.link(), tenant, &named).await?;
    for it in &mut standing {
        let named = it.roster.named();
        let ours = |person: &&Contact| {
            person.account_id == it.account.id && named.binary_search(&person.id).is_ok()
        };
        it.people = people.iter().filter(ours).cloned().collect();
    }
    Ok(standing)
}

/// A rotation, with its whole directory among the people.
pub async fn find(app: &App, actor: &Actor, id: RotationId, from: Instant) -> Result<Standing> {
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    let roster = store::rotations::roster(reader.link(), tenant, id, from).await?;
    let roster = visible(actor, roster)?;
    let account = roster.rotation.account_id;
    let people = store::accounts::contacts(reader.link(), tenant, account).await?;
    let account = store::accounts::find(reader.link(), tenant, account).await?;
    let account = account.ok_or(Error::NotFound)?;
    Ok(Standing { roster, account, people })
}

fn visible(actor: &Actor, roster: Option<Roster>) -> Result<Roster> {
    roster.filter(|roster| actor.sees(roster.rotation.account_id)).ok_or(Error::NotFound)
}

/// What an entry would come to as a new rotation of an account; writes nothing.
pub async fn draft(
    app: &App,
    actor: &Actor,
    account: AccountId,
    entry: RotationEntry,
) -> Result<Roster> {
    let mut reader = app.db.read().await?;
    let (account, people) = ground(reader.link(), actor, account).await?;
    let rotation = entry.checked(&account, &people, app.now())?;
    Ok(Roster::of(rotation))
}

/// Makes a rotation for an account.
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

/// A rotation that is then changed in the same transaction, locked.
async fn to_change(tx: &mut Tx, actor: &Actor, id: RotationId, now: Instant) -> Result<Roster> {
    store::rotations::lock_all(tx.link(), &[(actor.tenant_id, id)]).await?;
    let found = store::rotations::roster(tx.link(), actor.tenant_id, id, now).await?;
    visible(actor, found)
}

/// An account with its directory.
async fn ground(
    mut link: store::Link<'_>,
    actor: &Actor,
    account: AccountId,
) -> Result<(Account, Vec<Contact>)> {
    let tenant = actor.tenant_id;
    let found = store::accounts::find(link.again(), tenant, account).await?;
    let account = actor.visible(found)?;
    let people = store::accounts::contacts(link, tenant, account.id).await?;
    Ok((account, people))
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

/// The last changes of a rotation, the newest first.
pub async fn changes(app: &App, actor: &Actor, id: RotationId) -> Result<Vec<ChangeNote>> {
    const SHOWN: i64 = 20;
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    visible(actor, store::rotations::roster(reader.link(), tenant, id, app.now()).await?)?;
    Ok(store::rotations::changes(reader.link(), tenant, id, SHOWN).await?)
}

/// Writes into the audit log and into the rotation's report what was done about it.
async fn log(
    tx: &mut Tx,
    actor: Option<&Actor>,
    action: &str,
    rotation: &Rotation,
    what: &str,
    now: Instant,
) -> Result<()> {
    let gap = if what.is_empty() { "" } else { ": " };
    let (id, account) = (rotation.id, rotation.account_id);
    let subject = format!("rotation {id} of account {account}{gap}{what}");
    let tenant: TenantId = rotation.tenant_id;
    let note = ChangeNote {
        actor_name: actor.map_or("coverage check", |actor| &actor.name).to_owned(),
        action: action.to_owned(),
        what: what.to_owned(),
        at: now,
    };
    store::rotations::insert_change(tx.link(), tenant, rotation.id, &note).await?;
    match actor {
        Some(actor) => audit::record(tx, tenant, Some(actor), action, &subject, now).await,
        None => {
            let who = audit::Who::Named("coverage check");
            audit::record_by(tx, tenant, who, action, &subject, now).await
        }
    }
}
