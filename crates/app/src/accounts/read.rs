//! Reading accounts, their lines and their directories.

use domain::account::phone_digits;
use domain::user::{Right, Scope};
use domain::{Account, AccountId, Contact, ContactId, Did, TenantId};

use crate::{Actor, App, Error, Result};

/// Accounts that a search answers with at most.
const SEARCH_ROWS: i64 = 20;

/// The accounts that whoever asks may see, by name.
#[crate::boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Account>> {
    let mut reader = app.db.read().await?;
    let accounts = match &actor.scope {
        Scope::All => store::accounts::list(reader.link(), actor.tenant_id).await?,
        Scope::Accounts(ids) => {
            store::accounts::by_ids(reader.link(), actor.tenant_id, ids).await?
        }
    };
    Ok(accounts)
}

/// All accounts of a tenant by name, for the command line.
#[crate::boxed]
pub async fn of_tenant(app: &App, tenant: TenantId) -> Result<Vec<Account>> {
    Ok(store::accounts::list(app.db.read().await?.link(), tenant).await?)
}

/// An account, for whoever may see it.
#[crate::boxed]
pub async fn find(app: &App, actor: &Actor, id: AccountId) -> Result<Account> {
    let mut reader = app.db.read().await?;
    let account = store::accounts::find(reader.link(), actor.tenant_id, id).await?;
    actor.visible(account)
}

/// The account with a number, for the command line.
#[crate::boxed]
pub async fn by_number(app: &App, tenant: TenantId, number: &str) -> Result<Account> {
    let mut reader = app.db.read().await?;
    let account = store::accounts::by_number(reader.link(), tenant, number).await?;
    account.ok_or(Error::NotFound)
}

/// Those of the accounts with these numbers that whoever asks may see, each once.
pub(crate) async fn numbered(app: &App, actor: &Actor, numbers: &[String]) -> Result<Vec<Account>> {
    let mut reader = app.db.read().await?;
    let mut found: Vec<Account> = Vec::new();
    for number in numbers {
        let account = store::accounts::by_number(reader.link(), actor.tenant_id, number).await?;
        let is_new = |account: &Account| found.iter().all(|known| known.id != account.id);
        found.extend(account.filter(|account| actor.sees(account.id) && is_new(account)));
    }
    Ok(found)
}

/// Accounts by number, name or line, for an agent with a call on the line.
#[crate::boxed]
pub async fn search(app: &App, actor: &Actor, text: &str) -> Result<Vec<Account>> {
    actor.require(Right::TakeMessages)?;
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    let digits = if text.chars().any(char::is_alphabetic) { "" } else { &phone_digits(text) };
    Ok(store::accounts::search(reader.link(), tenant, text.trim(), digits, SEARCH_ROWS).await?)
}

/// The lines of the accounts that whoever asks may see among these, by number.
#[crate::boxed]
pub async fn lines(app: &App, actor: &Actor, ids: &[AccountId]) -> Result<Vec<Did>> {
    let ids: Vec<AccountId> = ids.iter().copied().filter(|id| actor.sees(*id)).collect();
    let mut reader = app.db.read().await?;
    Ok(store::accounts::dids_of(reader.link(), actor.tenant_id, &ids).await?)
}

/// A person of an account's directory.
#[crate::boxed]
pub async fn contact(
    app: &App,
    actor: &Actor,
    account: AccountId,
    id: ContactId,
) -> Result<Contact> {
    let mut reader = app.db.read().await?;
    let contact = store::accounts::contact(reader.link(), actor.tenant_id, id).await?;
    let contact = contact.filter(|contact| contact.account_id == account && actor.sees(account));
    contact.ok_or(Error::NotFound)
}
