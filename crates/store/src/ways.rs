//! How contacts are reached: their own ways, and groups of contacts.

use domain::{AccountId, ContactGroup, ContactGroupId, ContactId, TenantId, Way};
use sqlx::{QueryBuilder, query};

use crate::cells::Ids;
use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::rows::{Row, all, change, insert, only, read, row, select, text, update};
use crate::{Link, Result};

row! { way: Way, "contact_ways"
    reads { id, contact_id }
    inserts { channel, address, hours }
}

row! { group: ContactGroup, "contact_groups"
    reads { id }
    inserts { account_id }
    updates { name; members = Ids::<' '>(group.members.clone()) }
    with { members: Ids::<' '>::get(members) }
}

/// The ways of all contacts of some accounts, each contact's in order.
pub async fn of_accounts(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<(AccountId, Way)>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(text!(
            "SELECT contacts.account_id, ",
            Way::SELECT,
            " FROM contact_ways JOIN contacts ON contacts.tenant_id = contact_ways.tenant_id \
             AND contacts.id = contact_ways.contact_id WHERE 1 = 1",
        ));
        among_keys!(sql, "contacts.tenant_id", "contacts.account_id", accounts);
        sql.push(" ORDER BY contact_id, position, contact_ways.id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// The ways of a contact, in order.
pub async fn of_contact(link: Link<'_>, tenant: TenantId, contact: ContactId) -> Result<Vec<Way>> {
    const SQL: &str =
        select!(Way, " WHERE tenant_id = $1 AND contact_id = $2 ORDER BY position, id");
    all!(Way, link, query(SQL).bind(tenant.0).bind(contact.0))
}

/// Gives a contact these ways instead of those that it had.
pub async fn replace(
    mut link: Link<'_>,
    tenant: TenantId,
    contact: ContactId,
    ways: &[Way],
) -> Result<()> {
    const GONE: &str = "DELETE FROM contact_ways WHERE tenant_id = $1 AND contact_id = $2";
    change!(link.again(), query(GONE).bind(tenant.0).bind(contact.0));
    insert!(link, "contact_ways", ways.iter().enumerate(), |(position, way)| {
        tenant_id = tenant,
        contact_id = contact,
        position = i64::try_from(position).unwrap_or(i64::MAX),
        ..way
    });
    Ok(())
}

/// The groups of contacts of some accounts, by name.
pub async fn groups(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<ContactGroup>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(ContactGroup, " WHERE 1 = 1"));
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY account_id, name, id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// Keeps a group: a new one where its id is 0. Answers its id; `None` if it is gone.
pub async fn keep_group(
    link: Link<'_>,
    tenant: TenantId,
    group: &ContactGroup,
) -> Result<Option<ContactGroupId>> {
    if group.id.0 == 0 {
        let id = insert!(link, "contact_groups", [group], |group| {
            tenant_id = tenant, ..group
        }, " RETURNING id" => ContactGroupId)?;
        return only(id).map(Some);
    }
    let changed = update!(link, "contact_groups", [group], |group| {
        tenant_id = tenant, account_id = group.account_id, id = group.id,
    } set { ..group });
    Ok((changed > 0).then_some(group.id))
}

/// Removes a group. False if there was none.
pub async fn delete_group(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    id: ContactGroupId,
) -> Result<bool> {
    const SQL: &str =
        "DELETE FROM contact_groups WHERE tenant_id = $1 AND account_id = $2 AND id = $3";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(account.0).bind(id.0)) > 0)
}
