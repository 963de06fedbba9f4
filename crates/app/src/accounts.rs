//! Accounts, their lines and their directories.

mod read;

use domain::account::{AccountEntry, ContactEntry, phone_digits};
use domain::user::{Right, check_line};
use domain::{Account, AccountId, Contact, ContactId, Did, DidId, Invalid, TenantId};

pub(crate) use read::numbered;
pub use read::{by_number, contact, find, lines, list, of_tenant, search};

use crate::error::taken;
use crate::{Actor, App, Error, Result, audit, on_call, to_dos};

/// Makes an account. `actor` is `None` on the command line.
#[crate::boxed]
pub async fn create(
    app: &App,
    tenant: TenantId,
    actor: Option<&Actor>,
    entry: AccountEntry,
) -> Result<Account> {
    may_manage(actor)?;
    let (entry, zone) = entry.checked()?;
    let now = app.now();
    let mut account = Account {
        tenant_id: tenant,
        id: AccountId(0),
        number: entry.number,
        name: entry.name,
        zone,
        greeting: entry.greeting,
        facts: entry.facts,
        created_at: now,
    };
    let mut tx = app.db.begin().await?;
    let inserted = store::accounts::insert(tx.link(), &account).await;
    account.id = inserted.map_err(taken("account_number"))?;
    audit::record(&mut tx, tenant, actor, "account.create", &account.number, now).await?;
    tx.commit().await?;
    Ok(account)
}

/// Changes an account.
#[crate::boxed]
pub async fn update(
    app: &App,
    actor: &Actor,
    id: AccountId,
    entry: AccountEntry,
) -> Result<Account> {
    actor.require(Right::ManageAccounts)?;
    let (entry, zone) = entry.checked()?;
    let mut tx = app.db.begin().await?;
    let account = store::accounts::find(tx.link(), actor.tenant_id, id).await?;
    let mut account = actor.visible(account)?;
    account.number = entry.number;
    account.name = entry.name;
    let before = std::mem::replace(&mut account.zone, zone);
    account.greeting = entry.greeting;
    account.facts = entry.facts;
    store::accounts::update(tx.link(), &account).await.map_err(taken("account_number"))?;
    if account.zone != before {
        to_dos::move_zone(&mut tx, &account, &before, app.now()).await?;
    }
    let (tenant, number) = (actor.tenant_id, &account.number);
    audit::record(&mut tx, tenant, Some(actor), "account.update", number, app.now()).await?;
    tx.commit().await?;
    Ok(account)
}

/// Gives an account a line. The number is kept as digits.
#[crate::boxed]
pub async fn add_did(
    app: &App,
    tenant: TenantId,
    actor: Option<&Actor>,
    account: AccountId,
    number: &str,
    label: &str,
) -> Result<Did> {
    may_manage(actor)?;
    let digits = phone_digits(number);
    let mut invalid = Invalid::new();
    invalid.require((3..=15).contains(&digits.len()), "number", "must have 3 to 15 digits");
    check_line(&mut invalid, "label", label);
    invalid.or(())?;
    let label = label.trim().to_owned();
    let mut did = Did { id: DidId(0), account_id: account, number: digits, label };
    let mut tx = app.db.begin().await?;
    exists(&mut tx, tenant, account).await?;
    let inserted = store::accounts::insert_did(tx.link(), tenant, &did).await;
    did.id = inserted.map_err(taken("number"))?;
    audit::record(&mut tx, tenant, actor, "did.create", &did.number, app.now()).await?;
    tx.commit().await?;
    Ok(did)
}

/// Adds a person to an account's directory.
#[crate::boxed]
pub async fn add_contact(
    app: &App,
    tenant: TenantId,
    actor: Option<&Actor>,
    account: AccountId,
    entry: ContactEntry,
) -> Result<Contact> {
    may_manage(actor)?;
    let (entry, zone) = entry.checked()?;
    let mut contact = Contact {
        id: ContactId(0),
        account_id: account,
        name: entry.name,
        title: entry.title,
        email: entry.email,
        phone: entry.phone,
        zone,
    };
    let mut tx = app.db.begin().await?;
    exists(&mut tx, tenant, account).await?;
    contact.id = store::accounts::insert_contact(tx.link(), tenant, &contact).await?;
    audit::record(&mut tx, tenant, actor, "contact.create", &contact.name, app.now()).await?;
    tx.commit().await?;
    Ok(contact)
}

/// Takes a line from an account. Messages that came in on it stay.
#[crate::boxed]
pub async fn remove_did(app: &App, actor: &Actor, account: AccountId, id: DidId) -> Result<()> {
    actor.require(Right::ManageAccounts)?;
    let tenant = actor.tenant_id;
    let mut tx = app.db.begin().await?;
    let dids = store::accounts::dids(tx.link(), tenant, account).await?;
    let did = dids.into_iter().find(|did| did.id == id).ok_or(Error::NotFound)?;
    store::accounts::delete_did(tx.link(), tenant, account, id).await?;
    audit::record(&mut tx, tenant, Some(actor), "did.remove", &did.number, app.now()).await?;
    Ok(tx.commit().await?)
}

/// Changes a person of an account's directory. What is already queued goes where it was to go.
#[crate::boxed]
pub async fn change_contact(
    app: &App,
    actor: &Actor,
    account: AccountId,
    id: ContactId,
    entry: ContactEntry,
) -> Result<Contact> {
    actor.require(Right::ManageAccounts)?;
    let before = contact(app, actor, account, id).await?;
    let (ContactEntry { name, title, email, phone, .. }, zone) = entry.checked()?;
    let contact = Contact { name, title, email, phone, zone, ..before };
    let tenant = actor.tenant_id;
    let mut tx = app.db.begin().await?;
    if !store::accounts::update_contact(tx.link(), tenant, &contact).await? {
        return Err(Error::NotFound);
    }
    let (name, now) = (&contact.name, app.now());
    audit::record(&mut tx, tenant, Some(actor), "contact.update", name, now).await?;
    tx.commit().await?;
    Ok(contact)
}

/// Takes a person out of an account's directory. Messages for it keep its name and address.
#[crate::boxed]
pub async fn remove_contact(
    app: &App,
    actor: &Actor,
    account: AccountId,
    id: ContactId,
) -> Result<()> {
    actor.require(Right::ManageAccounts)?;
    let contact = contact(app, actor, account, id).await?;
    let (tenant, name) = (actor.tenant_id, &contact.name);
    let mut tx = app.db.begin().await?;
    if !store::accounts::delete_contact(tx.link(), tenant, account, id).await? {
        return Err(Error::NotFound);
    }
    audit::record(&mut tx, tenant, Some(actor), "contact.remove", name, app.now()).await?;
    on_call::recheck_account(&mut tx, tenant, account, app.now()).await?;
    Ok(tx.commit().await?)
}

fn may_manage(actor: Option<&Actor>) -> Result<()> {
    actor.map_or(Ok(()), |actor| actor.require(Right::ManageAccounts))
}

async fn exists(tx: &mut store::Tx, tenant: TenantId, account: AccountId) -> Result<()> {
    let found = store::accounts::find(tx.link(), tenant, account).await?;
    found.map(|_| ()).ok_or(Error::NotFound)
}
