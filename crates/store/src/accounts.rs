//! Accounts, their lines and the people in their directories.

use domain::{Account, AccountId, Contact, ContactId, Did, DidId, TenantId};
use sqlx::{QueryBuilder, query};

use crate::cells::OrEmpty;
use crate::db::on;
use crate::narrow::{among, among_keys, containing, recurs};
use crate::rows::{all, change, insert, one, only, read, row, select, update};
use crate::{Link, Result};

row! { account: Account, "accounts"
    reads { id }
    inserts { tenant_id, created_at }
    updates { number, name, zone, greeting, facts }
}

row! { did: Did, "dids"
    reads { id }
    inserts { account_id, number, label }
}

row! { contact: Contact, "contacts"
    reads { id }
    inserts { account_id }
    updates { name, title, email, phone; zone = OrEmpty(contact.zone.as_ref()) }
    with { zone: OrEmpty::get(zone) }
}

/// Makes an account; its id is ignored. The number must be new in the tenant.
pub async fn insert(link: Link<'_>, account: &Account) -> Result<AccountId> {
    let id = insert!(link, "accounts", [account], |account| {
        ..account
    }, " RETURNING id" => AccountId)?;
    only(id)
}

/// Changes an account, found by its id.
pub async fn update(link: Link<'_>, account: &Account) -> Result<bool> {
    let changed = update!(link, "accounts", [account], |account| {
        tenant_id = account.tenant_id, id = account.id,
    } set { ..account });
    Ok(changed > 0)
}

/// The account with this id.
pub async fn find(link: Link<'_>, tenant: TenantId, id: AccountId) -> Result<Option<Account>> {
    const SQL: &str = select!(Account, " WHERE tenant_id = $1 AND id = $2");
    one!(Account, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The account with a number.
pub async fn by_number(link: Link<'_>, tenant: TenantId, number: &str) -> Result<Option<Account>> {
    const SQL: &str = select!(Account, " WHERE tenant_id = $1 AND number = $2");
    one!(Account, link, query(SQL).bind(tenant.0).bind(number))
}

/// All accounts of a tenant, by name.
pub async fn list(link: Link<'_>, tenant: TenantId) -> Result<Vec<Account>> {
    const SQL: &str = select!(Account, " WHERE tenant_id = $1 ORDER BY name, id");
    all!(Account, link, query(SQL).bind(tenant.0))
}

/// These accounts of a tenant, by name.
pub async fn by_ids(link: Link<'_>, tenant: TenantId, ids: &[AccountId]) -> Result<Vec<Account>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Account, " WHERE tenant_id = "));
        sql.push_bind(tenant.0);
        among!(sql, "id", ids);
        sql.push(" ORDER BY name, id");
        sql.build().fetch_all(c).await?.iter().map(read).collect()
    })
}

/// Some accounts of any tenant, for work that is done for all tenants at once.
pub async fn of_any_tenant(link: Link<'_>, ids: &[(TenantId, AccountId)]) -> Result<Vec<Account>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Account, " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
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
    const SQL: &str = select!(
        Account,
        " WHERE tenant_id = $1 AND (\
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
    let id = insert!(link, "dids", [did], |did| {
        tenant_id = tenant, ..did
    }, " RETURNING id" => DidId)?;
    only(id)
}

/// The lines of an account, by number.
pub async fn dids(link: Link<'_>, tenant: TenantId, account: AccountId) -> Result<Vec<Did>> {
    const SQL: &str = select!(Did, " WHERE tenant_id = $1 AND account_id = $2 ORDER BY number");
    all!(Did, link, query(SQL).bind(tenant.0).bind(account.0))
}

/// The lines of some accounts of any tenant, oldest first.
pub async fn lines_of_any_tenant(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<Did>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Did, " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// The lines of these accounts, by number.
pub async fn dids_of(link: Link<'_>, tenant: TenantId, accounts: &[AccountId]) -> Result<Vec<Did>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Did, " WHERE tenant_id = "));
        sql.push_bind(tenant.0);
        among!(sql, "account_id", accounts);
        sql.push(" ORDER BY number");
        sql.build().fetch_all(c).await?.iter().map(read).collect()
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
    const SQL: &str = select!(Did, " WHERE tenant_id = $1 AND number = $2");
    one!(Did, link, query(SQL).bind(tenant.0).bind(number))
}

/// Makes a contact; its id is ignored.
pub async fn insert_contact(
    link: Link<'_>,
    tenant: TenantId,
    contact: &Contact,
) -> Result<ContactId> {
    let id = insert!(link, "contacts", [contact], |contact| {
        tenant_id = tenant, ..contact
    }, " RETURNING id" => ContactId)?;
    only(id)
}

/// The directory of an account, by name.
pub async fn contacts(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<Contact>> {
    const SQL: &str =
        select!(Contact, " WHERE tenant_id = $1 AND account_id = $2 ORDER BY name, id");
    all!(Contact, link, query(SQL).bind(tenant.0).bind(account.0))
}

/// The directories of some accounts of any tenants, by name.
pub async fn contacts_of_any_tenant(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<Contact>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Contact, " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY name, id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// The contact with this id.
pub async fn contact(link: Link<'_>, tenant: TenantId, id: ContactId) -> Result<Option<Contact>> {
    const SQL: &str = select!(Contact, " WHERE tenant_id = $1 AND id = $2");
    one!(Contact, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// Changes a contact, found by its id and account.
pub async fn update_contact(link: Link<'_>, tenant: TenantId, contact: &Contact) -> Result<bool> {
    let changed = update!(link, "contacts", [contact], |contact| {
        tenant_id = tenant, account_id = contact.account_id, id = contact.id,
    } set { ..contact });
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
