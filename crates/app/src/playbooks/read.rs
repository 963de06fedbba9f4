//! Playbooks: all that accounts want done with their messages, loaded in a few statements for many.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::closing::Action;
use domain::escalation::{Policy, Target, Telling};
use domain::{AccountId, Instant, Message, Playbook, TenantId};
use store::Link;

use crate::{Actor, App, Error, Result};

/// All that an account wants done with its messages, for whoever may see the account: its people and
/// how each is reached, its lines, groups, rotations, policies, closing actions and words.
#[crate::boxed]
pub async fn find(app: &App, actor: &Actor, account: AccountId) -> Result<Arc<Playbook>> {
    if !actor.sees(account) {
        return Err(Error::NotFound);
    }
    let mut reader = app.db.read().await?;
    of(reader.link(), actor.tenant_id, account, app.now()).await?.ok_or(Error::NotFound)
}

/// The playbooks of some accounts, as they stand now. An account that is gone is left out.
pub(crate) async fn load(
    mut link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
    now: Instant,
) -> Result<HashMap<AccountId, Arc<Playbook>>> {
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    accounts.dedup();
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let mut books = grounds(link.again(), &accounts).await?;
    for group in store::ways::groups(link.again(), &accounts).await? {
        books.entry(group.account_id).and_modify(|book| book.groups.push(group));
    }
    for policy in store::policies::of_accounts(link.again(), &accounts).await? {
        books.entry(policy.account_id).and_modify(|book| book.policies.push(policy));
    }
    for (_, roster) in store::rotations::rosters(link, &accounts, now).await? {
        books.entry(roster.rotation.account_id).and_modify(|book| book.rosters.push(roster));
    }
    Ok(books.into_iter().map(|(id, book)| (id, Arc::new(book))).collect())
}

/// The playbook of one account; `None` if it is gone.
pub(crate) async fn of(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    now: Instant,
) -> Result<Option<Arc<Playbook>>> {
    Ok(load(link, &[(tenant, account)], now).await?.remove(&account))
}

/// The playbook of one account without its groups, policies and rotations; `None` if it is gone.
pub(crate) async fn ground(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Option<Playbook>> {
    Ok(grounds(link, &[(tenant, account)]).await?.remove(&account))
}

/// Adds to a ground what the actions of a closing action group lead to.
pub(crate) async fn complete(
    mut link: Link<'_>,
    book: &mut Playbook,
    actions: &[Action],
    now: Instant,
) -> Result<()> {
    let (tenant, account) = (book.account.tenant_id, book.account.id);
    if actions.iter().any(|action| matches!(action, Action::Escalate(_))) {
        let all = store::policies::of_accounts(link.again(), &[(tenant, account)]).await?;
        let leads = |policy: &Policy| actions.contains(&Action::Escalate(policy.id));
        book.policies = all.into_iter().filter(leads).collect();
    }
    let levels = book.policies.iter().flat_map(|policy| &policy.levels);
    let tellings = levels.map(|level| &level.telling).chain(actions.iter().filter_map(told));
    let targets: Vec<Target> = tellings.flat_map(|telling| telling.targets.clone()).collect();
    if targets.iter().any(|target| matches!(target, Target::Group(_))) {
        book.groups = store::ways::groups(link.again(), &[(tenant, account)]).await?;
    }
    if targets.iter().any(|target| matches!(target, Target::Rotation(_))) {
        let people = &book.contacts;
        let rosters = store::rotations::rosters_among(link, tenant, account, people, now).await?;
        book.rosters = rosters;
    }
    Ok(())
}

fn told(action: &Action) -> Option<&Telling> {
    match action {
        Action::Tell(telling) => Some(telling),
        Action::Copy(_) | Action::Escalate(_) => None,
    }
}

async fn grounds(
    mut link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<HashMap<AccountId, Playbook>> {
    let mut books: HashMap<AccountId, Playbook> = HashMap::new();
    let found = store::closings::accounts_with_wordings(link.again(), accounts).await?;
    for (account, own, lines) in found {
        let book = Playbook::of(account);
        let wording = own.unwrap_or_else(|| book.wording.clone());
        books.insert(book.account.id, Playbook { wording, lines, ..book });
    }
    for (contact, ways) in store::ways::contacts_with_ways(link.again(), accounts).await? {
        books.entry(contact.account_id).and_modify(|book| {
            book.contacts.push(contact);
            book.ways.extend(ways);
        });
    }
    for group in store::closings::of_accounts(link, accounts).await? {
        books.entry(group.account_id).and_modify(|book| book.closings.push(group));
    }
    Ok(books)
}

/// The distinct accounts of some messages.
pub(crate) fn accounts_of<'m>(
    messages: impl Iterator<Item = &'m Message>,
) -> Vec<(TenantId, AccountId)> {
    let all: HashSet<(TenantId, AccountId)> =
        messages.map(|message| (message.tenant_id, message.account_id)).collect();
    all.into_iter().collect()
}
