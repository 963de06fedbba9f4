//! Reading rotations: those of the accounts that somebody may see, with the people they name.

use std::collections::BTreeMap;

use domain::on_call::{Roster, Rotation, RotationEntry};
use domain::{Account, AccountId, Contact, ContactId, Instant, RotationId};
use store::Tx;

use crate::{Actor, App, Error, Result, accounts};

/// Accounts whose rotations one statement reads.
const ACCOUNTS_AT_ONCE: usize = 2_000;

/// A rotation with all that a reader needs to understand it.
#[derive(Clone, Debug)]
pub struct RotationDetail {
    /// The rotation, and what changes it.
    pub roster: Roster,
    /// Its account.
    pub account: Account,
    /// Those whom it names and who are still in the directory, by name.
    pub people: Vec<Contact>,
}

impl RotationDetail {
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

/// All rotations that whoever asks may see, by account and name, or those of the accounts
/// with these numbers, if any is named. Overrides that ended before `from` are left out.
#[crate::boxed]
pub async fn list(
    app: &App,
    actor: &Actor,
    account_numbers: &[String],
    from: Instant,
) -> Result<Vec<RotationDetail>> {
    let mut accounts = accounts::list(app, actor).await?;
    if !account_numbers.is_empty() {
        accounts.retain(|account| account_numbers.contains(&account.number));
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
            standing.push(RotationDetail { roster, account: account.clone(), people: Vec::new() });
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
#[crate::boxed]
pub async fn find(
    app: &App,
    actor: &Actor,
    id: RotationId,
    from: Instant,
) -> Result<RotationDetail> {
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    let roster = store::rotations::roster(reader.link(), tenant, id, from).await?;
    let roster = visible(actor, roster)?;
    let account = roster.rotation.account_id;
    let people = store::accounts::contacts(reader.link(), tenant, account).await?;
    let account = store::accounts::find(reader.link(), tenant, account).await?;
    let account = account.ok_or(Error::NotFound)?;
    Ok(RotationDetail { roster, account, people })
}

/// The rotation that an entry would make for an account; writes nothing.
#[crate::boxed]
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

pub(super) fn visible(actor: &Actor, roster: Option<Roster>) -> Result<Roster> {
    roster.filter(|roster| actor.sees(roster.rotation.account_id)).ok_or(Error::NotFound)
}

/// An account with its directory.
pub(super) async fn ground(
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

/// A rotation that is then changed in the same transaction, locked.
pub(super) async fn to_change(
    tx: &mut Tx,
    actor: &Actor,
    id: RotationId,
    now: Instant,
) -> Result<Roster> {
    store::rotations::lock_all(tx.link(), &[(actor.tenant_id, id)]).await?;
    let found = store::rotations::roster(tx.link(), actor.tenant_id, id, now).await?;
    visible(actor, found)
}
