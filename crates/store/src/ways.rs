//! How contacts are reached: their own ways, and groups of contacts.

use domain::{
    AccountId, Channel, ContactGroup, ContactGroupId, ContactId, Hours, TenantId, Way, WayId,
};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::{among_keys, recurs};
use crate::rows::{FromCells, all, change, from_cells, one, word};
use crate::{Error, Link, Result};

from_cells!(Way, cells => Way {
    id: WayId(cells.next()?),
    contact_id: ContactId(cells.next()?),
    channel: word(cells.next()?, Channel::parse)?,
    address: cells.next()?,
    hours: Hours::parse(cells.next()?).map_err(Error::Corrupt)?,
});

from_cells!((AccountId, Way), cells => (AccountId(cells.next()?), Way::from_cells(cells)?));

from_cells!(ContactGroup, cells => ContactGroup {
    id: ContactGroupId(cells.next()?),
    account_id: AccountId(cells.next()?),
    name: cells.next()?,
    members: members(cells.next()?)?,
});

fn members(text: &str) -> Result<Vec<ContactId>> {
    let id = |part: &str| part.parse().map(ContactId).map_err(|_| Error::Corrupt(text.to_owned()));
    text.split_whitespace().map(id).collect()
}

/// The ways of all contacts of some accounts, each contact's in order.
pub async fn of_accounts(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<(AccountId, Way)>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT contacts.account_id, contact_ways.id, contact_id, channel, address, hours \
             FROM contact_ways JOIN contacts ON contacts.tenant_id = contact_ways.tenant_id \
             AND contacts.id = contact_ways.contact_id WHERE 1 = 1",
        );
        among_keys!(sql, "contacts.tenant_id", "contacts.account_id", accounts);
        sql.push(" ORDER BY contact_id, position, contact_ways.id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(<(AccountId, Way)>::from_row).collect()
    })
}

/// The ways of a contact, in order.
pub async fn of_contact(link: Link<'_>, tenant: TenantId, contact: ContactId) -> Result<Vec<Way>> {
    const SQL: &str = "SELECT id, contact_id, channel, address, hours FROM contact_ways \
        WHERE tenant_id = $1 AND contact_id = $2 ORDER BY position, id";
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
    if ways.is_empty() {
        return Ok(());
    }
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO contact_ways (tenant_id, contact_id, position, channel, address, hours) ",
        );
        sql.push_values(ways.iter().enumerate(), |mut row, (position, way)| {
            row.push_bind(tenant.0)
                .push_bind(contact.0)
                .push_bind(i64::try_from(position).unwrap_or(i64::MAX))
                .push_bind(way.channel.as_str())
                .push_bind(&way.address)
                .push_bind(way.hours.to_string());
        });
        sql.build().persistent(false).execute(c).await?;
    });
    Ok(())
}

/// The groups of contacts of some accounts, by name.
pub async fn groups(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<ContactGroup>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT id, account_id, name, members FROM contact_groups WHERE 1 = 1",
        );
        among_keys!(sql, "tenant_id", "account_id", accounts);
        sql.push(" ORDER BY account_id, name, id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(ContactGroup::from_row).collect()
    })
}

/// Keeps a group: a new one where its id is 0. Answers its id; `None` if it is gone.
pub async fn keep_group(
    link: Link<'_>,
    tenant: TenantId,
    group: &ContactGroup,
) -> Result<Option<ContactGroupId>> {
    const NEW: &str = "INSERT INTO contact_groups (tenant_id, account_id, name, members) \
        VALUES ($1, $2, $3, $4) RETURNING id";
    const KEPT: &str = "UPDATE contact_groups SET name = $3, members = $4 \
        WHERE tenant_id = $1 AND account_id = $2 AND id = $5 RETURNING id";
    let members: Vec<String> = group.members.iter().map(ToString::to_string).collect();
    let (account, id) = (group.account_id.0, group.id.0);
    let members = members.join(" ");
    macro_rules! bound {
        ($sql:expr) => {
            query($sql).bind(tenant.0).bind(account).bind(&group.name).bind(&members)
        };
    }
    let row = match id {
        0 => one!((i64,), link, bound!(NEW))?,
        _ => one!((i64,), link, bound!(KEPT).bind(id))?,
    };
    Ok(row.map(|(id,)| ContactGroupId(id)))
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
