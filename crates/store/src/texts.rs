//! Texts that people send to us, and the phones that asked for no more.

use domain::{Instant, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::recurs;
use crate::rows::{all, change, insert, read, row, select};
use crate::{Link, Result};

/// A phone that asked for no more texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOut {
    /// The phone: `+` and digits.
    pub address: String,
    /// What it said, or `""` if a user put it on the list.
    pub word: String,
    /// When it was put on the list.
    pub opted_out_at: Instant,
}

row! { row: OptOut, "opt_outs" inserts { address, word, opted_out_at } }

/// Puts a phone on the list. False if it was on it already.
pub async fn opt_out(link: Link<'_>, tenant: TenantId, row: &OptOut) -> Result<bool> {
    let added = insert!(link, "opt_outs", [row], |row| {
        tenant_id = tenant, ..row
    }, " ON CONFLICT DO NOTHING");
    Ok(added > 0)
}

/// Takes a phone off the list. False if it was not on it.
pub async fn opt_in(link: Link<'_>, tenant: TenantId, address: &str) -> Result<bool> {
    const SQL: &str = "DELETE FROM opt_outs WHERE tenant_id = $1 AND address = $2";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(address)) > 0)
}

/// The list, newest first, at most `limit`.
pub async fn opt_outs(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<OptOut>> {
    const SQL: &str =
        select!(OptOut, " WHERE tenant_id = $1 ORDER BY opted_out_at DESC, address LIMIT $2");
    all!(OptOut, link, query(SQL).bind(tenant.0).bind(limit))
}

/// Which of some phones of tenants are on the list.
pub async fn opted_out_among(
    link: Link<'_>,
    phones: &[(TenantId, &str)],
) -> Result<Vec<(TenantId, String)>> {
    if phones.is_empty() {
        return Ok(Vec::new());
    }
    on!(link, c => {
        let mut sql =
            QueryBuilder::new("SELECT tenant_id, address FROM opt_outs WHERE address IN (");
        let mut list = sql.separated(", ");
        for (_, address) in phones {
            list.push_bind(*address);
        }
        sql.push(") AND tenant_id IN (");
        let mut list = sql.separated(", ");
        let mut tenants: Vec<i64> = phones.iter().map(|(tenant, _)| tenant.0).collect();
        tenants.sort_unstable();
        tenants.dedup();
        for tenant in tenants {
            list.push_bind(tenant);
        }
        sql.push(")");
        let rows = sql.build().persistent(recurs(phones.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// A text that somebody sent to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundText {
    /// The carrier that brought it.
    pub carrier: String,
    /// The carrier's id of it, or `""`.
    pub reference: String,
    /// The phone that sent it.
    pub sender: String,
    /// Our number that it was sent to.
    pub recipient: String,
    /// The text as it was sent.
    pub text: String,
    /// What was made of it: `stop`, `start`, `help`, or `text`.
    pub meaning: String,
    /// When the carrier handed it over.
    pub received_at: Instant,
}

row! { text: InboundText, "inbound_texts"
    inserts { carrier, reference, sender, recipient, text, meaning, received_at }
}

/// Keeps a text, and answers its id. `None` if the carrier handed it over before.
pub async fn receive(link: Link<'_>, tenant: TenantId, text: &InboundText) -> Result<Option<i64>> {
    let ids = insert!(link, "inbound_texts", [text], |text| {
        tenant_id = tenant, ..text
    }, " ON CONFLICT DO NOTHING RETURNING id" => i64)?;
    Ok(ids.into_iter().next())
}

/// Writes down what was made of a text.
pub async fn understand(link: Link<'_>, tenant: TenantId, id: i64, meaning: &str) -> Result<()> {
    const SQL: &str = "UPDATE inbound_texts SET meaning = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id).bind(meaning));
    Ok(())
}

/// The texts that came in, newest first, at most `limit`.
pub async fn received(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<InboundText>> {
    const SQL: &str = select!(InboundText, " WHERE tenant_id = $1 ORDER BY id DESC LIMIT $2");
    all!(InboundText, link, query(SQL).bind(tenant.0).bind(limit))
}

/// The tenants that have a line with this number, as digits.
pub async fn tenants_with_line(link: Link<'_>, digits: &str) -> Result<Vec<TenantId>> {
    const SQL: &str = "SELECT DISTINCT tenant_id FROM dids WHERE number = $1 ORDER BY tenant_id";
    all!(TenantId, link, query(SQL).bind(digits))
}
