//! Playbooks: all that accounts wish about their messages, loaded in a few statements for many.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::{AccountId, Instant, Message, Playbook, TenantId};
use store::Link;

use crate::Result;

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
    let mut books: HashMap<AccountId, Playbook> = HashMap::new();
    for account in store::accounts::of_any_tenant(link.again(), &accounts).await? {
        books.insert(account.id, Playbook::of(account));
    }
    for line in store::accounts::lines_of_any_tenant(link.again(), &accounts).await? {
        books.entry(line.account_id).and_modify(|book| book.lines.push(line));
    }
    for contact in store::accounts::contacts_of_any_tenant(link.again(), &accounts).await? {
        books.entry(contact.account_id).and_modify(|book| book.contacts.push(contact));
    }
    for (account, way) in store::ways::of_accounts(link.again(), &accounts).await? {
        books.entry(account).and_modify(|book| book.ways.push(way));
    }
    for group in store::ways::groups(link.again(), &accounts).await? {
        books.entry(group.account_id).and_modify(|book| book.groups.push(group));
    }
    for (_, roster) in store::rotations::rosters(link.again(), &accounts, now).await? {
        books.entry(roster.rotation.account_id).and_modify(|book| book.rosters.push(roster));
    }
    for policy in store::policies::of_accounts(link.again(), &accounts).await? {
        books.entry(policy.account_id).and_modify(|book| book.policies.push(policy));
    }
    for group in store::closings::of_accounts(link.again(), &accounts).await? {
        books.entry(group.account_id).and_modify(|book| book.closings.push(group));
    }
    for (account, wording) in store::closings::wordings(link, &accounts).await? {
        books.entry(account).and_modify(|book| book.wording = wording);
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

/// The distinct accounts of some messages.
pub(crate) fn accounts_of<'m>(
    messages: impl Iterator<Item = &'m Message>,
) -> Vec<(TenantId, AccountId)> {
    let all: HashSet<(TenantId, AccountId)> =
        messages.map(|message| (message.tenant_id, message.account_id)).collect();
    all.into_iter().collect()
}
