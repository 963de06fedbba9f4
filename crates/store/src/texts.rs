//! Texts that people send to us, and the phones that asked for no more.

use domain::{Instant, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::recurs;
use crate::rows::{FromCells, all, change, from_cells, instant, one};
use crate::{Link, Result};

/// A phone that asked for no more texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOut {
    /// The phone: `+` and digits.
    pub address: String,
    /// What it said, or `""` if a user put it on the list.
    pub word: String,
    /// When.
    pub opted_out_at: Instant,
}

from_cells!(OptOut, cells => OptOut {
    address: cells.next()?,
    word: cells.next()?,
    opted_out_at: instant(cells.next()?),
});

/// Puts a phone on the list. False if it was on it already.
pub async fn opt_out(link: Link<'_>, tenant: TenantId, row: &OptOut) -> Result<bool> {
    const SQL: &str = "INSERT INTO opt_outs (tenant_id, address, word, opted_out_at) \
        VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let added = change!(
        link,
        query(SQL).bind(tenant.0).bind(&row.address).bind(&row.word).bind(row.opted_out_at.as_ms())
    );
    Ok(added > 0)
}

/// Takes a phone off the list. False if it was not on it.
pub async fn opt_in(link: Link<'_>, tenant: TenantId, address: &str) -> Result<bool> {
    const SQL: &str = "DELETE FROM opt_outs WHERE tenant_id = $1 AND address = $2";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(address)) > 0)
}

/// The list, newest first, at most `limit`.
pub async fn opt_outs(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<OptOut>> {
    const SQL: &str = "SELECT address, word, opted_out_at FROM opt_outs WHERE tenant_id = $1 \
        ORDER BY opted_out_at DESC, address LIMIT $2";
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
        let read = |row| <(i64, String)>::from_row(row).map(|(id, text)| (TenantId(id), text));
        rows.iter().map(read).collect()
    })
}

from_cells!((i64, String), cells => (cells.next()?, cells.next()?));

/// A text that somebody sent to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundText {
    /// The carrier that brought it.
    pub carrier: String,
    /// The carrier's id of it, or `""`.
    pub reference: String,
    /// Who sent it.
    pub sender: String,
    /// Our number that it was sent to.
    pub recipient: String,
    /// The text.
    pub text: String,
    /// What was made of it: `stop`, `start`, `help`, or `text`.
    pub meaning: String,
    /// When it came.
    pub received_at: Instant,
}

from_cells!(InboundText, cells => InboundText {
    carrier: cells.next()?,
    reference: cells.next()?,
    sender: cells.next()?,
    recipient: cells.next()?,
    text: cells.next()?,
    meaning: cells.next()?,
    received_at: instant(cells.next()?),
});

/// Keeps a text, and answers its id. `None` if the carrier handed it over before.
pub async fn receive(link: Link<'_>, tenant: TenantId, text: &InboundText) -> Result<Option<i64>> {
    const SQL: &str = "INSERT INTO inbound_texts (tenant_id, carrier, reference, sender, \
        recipient, text, meaning, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT DO NOTHING RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(&text.carrier)
            .bind(&text.reference)
            .bind(&text.sender)
            .bind(&text.recipient)
            .bind(&text.text)
            .bind(&text.meaning)
            .bind(text.received_at.as_ms())
    )?;
    Ok(row.map(|(id,)| id))
}

/// Writes down what was made of a text.
pub async fn understand(link: Link<'_>, tenant: TenantId, id: i64, meaning: &str) -> Result<()> {
    const SQL: &str = "UPDATE inbound_texts SET meaning = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id).bind(meaning));
    Ok(())
}

/// The texts that came in, newest first, at most `limit`.
pub async fn received(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<InboundText>> {
    const SQL: &str = "SELECT carrier, reference, sender, recipient, text, meaning, received_at \
        FROM inbound_texts WHERE tenant_id = $1 ORDER BY id DESC LIMIT $2";
    all!(InboundText, link, query(SQL).bind(tenant.0).bind(limit))
}

/// The tenants that have a line with this number, as digits.
pub async fn tenants_with_line(link: Link<'_>, digits: &str) -> Result<Vec<TenantId>> {
    const SQL: &str = "SELECT DISTINCT tenant_id FROM dids WHERE number = $1 ORDER BY tenant_id";
    let rows = all!((i64,), link, query(SQL).bind(digits))?;
    Ok(rows.into_iter().map(|(id,)| TenantId(id)).collect())
}
