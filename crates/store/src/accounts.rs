//! Accounts, their lines and the people in their directories.

use domain::{Account, AccountId, Contact, ContactId, Did, DidId, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among, among_keys, containing, recurs};
use crate::rows::{FromCells, all, change, from_cells, instant, one, zone};
use crate::{Link, Result};

macro_rules! columns {
    () => {
        "accounts.tenant_id, accounts.id, accounts.number, accounts.name, accounts.zone, \
         accounts.greeting, accounts.facts, accounts.created_at"
    };
}

from_cells!(Account, cells => Account {
    tenant_id: TenantId(cells.next()?),
    id: AccountId(cells.next()?),
    number: cells.next()?,
    name: cells.next()?,
    zone: zone(cells.next()?)?,
    greeting: cells.next()?,
    facts: cells.next()?,
    created_at: instant(cells.next()?),
});

from_cells!(Did, cells => Did {
    id: DidId(cells.next()?),
    account_id: AccountId(cells.next()?),
    number: cells.next()?,
    label: cells.next()?,
});

from_cells!(Contact, cells => Contact {
    id: ContactId(cells.next()?),
    account_id: AccountId(cells.next()?),
    name: cells.next()?,
    title: cells.next()?,
    email: cells.next()?,
    phone: cells.next()?,
    zone: match cells.next()? {
        "" => None,
        name => Some(zone(name)?),
    },
});

/// Makes an account; its id is ignored. The number must be new in the tenant.
pub async fn insert(link: Link<'_>, account: &Account) -> Result<AccountId> {
    const SQL: &str = "INSERT INTO accounts \
        (tenant_id, number, name, zone, greeting, facts, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(account.tenant_id.0)
            .bind(&account.number)
            .bind(&account.name)
            .bind(account.zone.name())
            .bind(&account.greeting)
            .bind(&account.facts)
            .bind(account.created_at.as_ms())
    )?;
    Ok(AccountId(row.map_or(0, |(id,)| id)))
}

/// Changes an account, found by its id.
pub async fn update(link: Link<'_>, account: &Account) -> Result<bool> {
    const SQL: &str = "UPDATE accounts \
        SET number = $3, name = $4, zone = $5, greeting = $6, facts = $7 \
        WHERE tenant_id = $1 AND id = $2";
    let changed = change!(
        link,
        query(SQL)
            .bind(account.tenant_id.0)
            .bind(account.id.0)
            .bind(&account.number)
            .bind(&account.name)
            .bind(account.zone.name())
            .bind(&account.greeting)
            .bind(&account.facts)
    );
    Ok(changed > 0)
}

/// An account.
pub async fn find(link: Link<'_>, tenant: TenantId, id: AccountId) -> Result<Option<Account>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM accounts WHERE tenant_id = $1 AND id = $2");
    one!(Account, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The account with a number.
pub async fn by_number(link: Link<'_>, tenant: TenantId, number: &str) -> Result<Option<Account>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM accounts WHERE tenant_id = $1 AND number = $2");
    one!(Account, link, query(SQL).bind(tenant.0).bind(number))
}

/// All accounts of a tenant, by name.
pub async fn list(link: Link<'_>, tenant: TenantId) -> Result<Vec<Account>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM accounts WHERE tenant_id = $1 ORDER BY name, id");
    all!(Account, link, query(SQL).bind(tenant.0))
}

/// These accounts of a tenant, by name.
pub async fn by_ids(link: Link<'_>, tenant: TenantId, ids: &[AccountId]) -> Result<Vec<Account>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(concat!(
            "SELECT ", columns!(), " FROM accounts WHERE tenant_id = "
        ));
        sql.push_bind(tenant.0);
        among!(sql, "id", ids);
        sql.push(" ORDER BY name, id");
        sql.build().fetch_all(c).await?.iter().map(Account::from_row).collect()
    })
}

/// Some accounts of any tenant, for work that is done for all tenants at once.
pub async fn of_any_tenant(link: Link<'_>, ids: &[(TenantId, AccountId)]) -> Result<Vec<Account>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(concat!("SELECT ", columns!(), " FROM accounts WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(Account::from_row).collect()
    })
}

/// Accounts whose number or name holds a text, or one of whose lines holds its digits (if it has
/// any); by name, at most `limit`.
pub async fn search(
    link: Link<'_>,
    tenant: TenantId,
    text: &str,
    digits: &str,
    limit: i64,
) -> Result<Vec<Account>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM accounts WHERE tenant_id = $1 AND (\
          lower(number) LIKE lower($2) ESCAPE '\\' OR lower(name) LIKE lower($2) ESCAPE '\\' \
          OR EXISTS (SELECT 1 FROM dids WHERE dids.tenant_id = accounts.tenant_id \
            AND dids.account_id = accounts.id AND $3 <> '%%' AND dids.number LIKE $3)) \
          ORDER BY name, id LIMIT $4"
    );
    let text = containing(text);
    let digits = containing(digits);
    all!(Account, link, query(SQL).bind(tenant.0).bind(&text).bind(&digits).bind(limit))
}

/// Makes a line; its id is ignored. The number must be new in the tenant.
pub async fn insert_did(link: Link<'_>, tenant: TenantId, did: &Did) -> Result<DidId> {
    const SQL: &str = "INSERT INTO dids (tenant_id, account_id, number, label) \
        VALUES ($1, $2, $3, $4) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL).bind(tenant.0).bind(did.account_id.0).bind(&did.number).bind(&did.label)
    )?;
    Ok(DidId(row.map_or(0, |(id,)| id)))
}

/// The lines of an account, by number.
pub async fn dids(link: Link<'_>, tenant: TenantId, account: AccountId) -> Result<Vec<Did>> {
    const SQL: &str = "SELECT id, account_id, number, label FROM dids \
        WHERE tenant_id = $1 AND account_id = $2 ORDER BY number";
    all!(Did, link, query(SQL).bind(tenant.0).bind(account.0))
}

/// The lines of some accounts of any tenant, oldest first.
pub async fn lines_of_any_tenant(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<Did>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new("SELECT id, account_id, number, label FROM dids WHERE 1 = 1");
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(Did::from_row).collect()
    })
}

/// The lines of these accounts, by number.
pub async fn dids_of(link: Link<'_>, tenant: TenantId, accounts: &[AccountId]) -> Result<Vec<Did>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT id, account_id, number, label FROM dids WHERE tenant_id = ",
        );
        sql.push_bind(tenant.0);
        among!(sql, "account_id", accounts);
        sql.push(" ORDER BY number");
        sql.build().fetch_all(c).await?.iter().map(Did::from_row).collect()
    })
}

/// Removes a line of an account.
pub async fn delete_did(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    id: DidId,
) -> Result<bool> {
    const SQL: &str = "DELETE FROM dids WHERE tenant_id = $1 AND account_id = $2 AND id = $3";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(account.0).bind(id.0)) > 0)
}

/// The line with a number.
pub async fn did_by_number(link: Link<'_>, tenant: TenantId, number: &str) -> Result<Option<Did>> {
    const SQL: &str = "SELECT id, account_id, number, label FROM dids \
        WHERE tenant_id = $1 AND number = $2";
    one!(Did, link, query(SQL).bind(tenant.0).bind(number))
}

/// Makes a contact; its id is ignored.
pub async fn insert_contact(
    link: Link<'_>,
    tenant: TenantId,
    contact: &Contact,
) -> Result<ContactId> {
    const SQL: &str = "INSERT INTO contacts (tenant_id, account_id, name, title, email, phone, zone) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(contact.account_id.0)
            .bind(&contact.name)
            .bind(&contact.title)
            .bind(&contact.email)
            .bind(&contact.phone)
            .bind(contact.zone.as_ref().map_or("", |zone| zone.name()))
    )?;
    Ok(ContactId(row.map_or(0, |(id,)| id)))
}

/// The directory of an account, by name.
pub async fn contacts(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<Contact>> {
    const SQL: &str = "SELECT id, account_id, name, title, email, phone, zone FROM contacts \
        WHERE tenant_id = $1 AND account_id = $2 ORDER BY name, id";
    all!(Contact, link, query(SQL).bind(tenant.0).bind(account.0))
}

/// The directories of some accounts of any tenants, by name.
pub async fn contacts_of_any_tenant(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<Contact>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT id, account_id, name, title, email, phone, zone FROM contacts WHERE 1 = 1",
        );
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY name, id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(Contact::from_row).collect()
    })
}

/// A contact.
pub async fn contact(link: Link<'_>, tenant: TenantId, id: ContactId) -> Result<Option<Contact>> {
    const SQL: &str = "SELECT id, account_id, name, title, email, phone, zone FROM contacts \
        WHERE tenant_id = $1 AND id = $2";
    one!(Contact, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// Changes a contact, found by its id and account.
pub async fn update_contact(link: Link<'_>, tenant: TenantId, contact: &Contact) -> Result<bool> {
    const SQL: &str = "UPDATE contacts SET name = $4, title = $5, email = $6, phone = $7, zone = $8 \
        WHERE tenant_id = $1 AND account_id = $2 AND id = $3";
    let changed = change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(contact.account_id.0)
            .bind(contact.id.0)
            .bind(&contact.name)
            .bind(&contact.title)
            .bind(&contact.email)
            .bind(&contact.phone)
            .bind(contact.zone.as_ref().map_or("", |zone| zone.name()))
    );
    Ok(changed > 0)
}

/// Removes a contact of an account. Messages that went to it keep its name and address.
pub async fn delete_contact(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    id: ContactId,
) -> Result<bool> {
    const SQL: &str = "DELETE FROM contacts WHERE tenant_id = $1 AND account_id = $2 AND id = $3";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(account.0).bind(id.0)) > 0)
}
