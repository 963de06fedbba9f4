//! Webhooks: where an account's events are posted to, and who listens to what.

pub mod posts;

use domain::webhook::DisabledWhy;
use domain::webhook::payload::EndedRun;
use domain::{AccountId, HookKind, Instant, RunId, TenantId, Webhook, WebhookId};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::cells::{OrEmpty, cells, corrupt, joined, list};
use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{Row, all, change, insert, one, only, read, row, select, text, update};
use crate::{Link, Result};

row! { webhook: Webhook, "webhooks"
    reads { id }
    inserts { tenant_id, account_id, created_at }
    updates {
        url, description, kinds, secret, failing_since, updated_at;
        old_secret = OrEmpty(webhook.old_secret.as_ref().map(|(secret, _)| secret)),
        old_secret_until = webhook.old_secret.as_ref().map(|(_, until)| until),
        disabled_at = webhook.disabled.map(|(at, _)| at),
        disabled_why = OrEmpty(webhook.disabled.map(|(_, why)| why)),
    }
    with {
        old_secret: OrEmpty::get(old_secret).zip(old_secret_until),
        disabled: disabled(disabled_at, OrEmpty::get(disabled_why))?,
    }
}

fn disabled(
    at: Option<Instant>,
    why: Option<DisabledWhy>,
) -> Result<Option<(Instant, DisabledWhy)>> {
    let why = |at| why.map(|why| (at, why)).ok_or_else(|| corrupt("disabled_why", ""));
    at.map(why).transpose()
}

cells! {
    Vec<HookKind> as text made,
    |text| list(text, ' ', HookKind::parse),
    |kinds| Ok(joined(kinds.iter().map(|kind| kind.as_str()), ' '));
}

/// Adds a webhook; its id is ignored.
pub async fn insert(link: Link<'_>, webhook: &Webhook) -> Result<WebhookId> {
    let id = insert!(link, "webhooks", [webhook], |webhook| {
        ..webhook
    }, " RETURNING id" => WebhookId)?;
    only(id)
}

/// Writes down all of a webhook that can change.
pub async fn update(link: Link<'_>, webhook: &Webhook) -> Result<()> {
    update!(link, "webhooks", [webhook], |webhook| {
        tenant_id = webhook.tenant_id, id = webhook.id,
    } set { ..webhook });
    Ok(())
}

/// Deletes a webhook: nobody finds it any more, and its log goes with its age.
pub async fn delete(link: Link<'_>, tenant: TenantId, id: WebhookId, at: Instant) -> Result<()> {
    const SQL: &str = "UPDATE webhooks SET deleted_at = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(at.as_ms()));
    Ok(())
}

/// The webhook with this id, unless it was deleted.
pub async fn find(link: Link<'_>, tenant: TenantId, id: WebhookId) -> Result<Option<Webhook>> {
    const SQL: &str = select!(Webhook, " WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL");
    one!(Webhook, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// A webhook that is then changed in the same transaction.
pub async fn find_to_change(
    link: Link<'_>,
    tenant: TenantId,
    id: WebhookId,
) -> Result<Option<Webhook>> {
    const SQL: &str = select!(Webhook, " WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL");
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    one!(Webhook, link, query(sql).bind(tenant.0).bind(id.0))
}

/// Some webhooks of any tenant; those that were deleted are missing.
pub async fn of_any_tenant(link: Link<'_>, ids: &[(TenantId, WebhookId)]) -> Result<Vec<Webhook>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Webhook, " WHERE deleted_at IS NULL"));
        among_keys!(sql, "tenant_id", "id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// The webhooks of an account, oldest first.
pub async fn of_account(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<Webhook>> {
    const SQL: &str = select!(
        Webhook,
        " WHERE tenant_id = $1 AND account_id = $2 AND deleted_at IS NULL ORDER BY id"
    );
    all!(Webhook, link, query(SQL).bind(tenant.0).bind(account.0))
}

/// The webhooks of some accounts that were disabled by themselves; of all accounts for `None`.
pub async fn alarming(
    link: Link<'_>,
    tenant: TenantId,
    accounts: Option<&[AccountId]>,
) -> Result<Vec<Webhook>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(
            Webhook,
            " WHERE deleted_at IS NULL AND disabled_why IN ('gone', 'failing') AND tenant_id = "
        ));
        sql.push_bind(tenant.0);
        if let Some(accounts) = accounts {
            among!(sql, "account_id", accounts);
        }
        sql.push(" ORDER BY id");
        sql.build().persistent(false).fetch_all(c).await?.iter().map(read).collect()
    })
}

/// Somebody who listens: a webhook, the account that it belongs to, and what it wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The tenant of the account.
    pub tenant_id: TenantId,
    /// The account that it belongs to.
    pub account_id: AccountId,
    /// That account's number, as payloads name it.
    pub account_number: String,
    /// Where events are posted to.
    pub webhook_id: WebhookId,
    /// What it wants to hear.
    pub kinds: Vec<HookKind>,
}

row! { listener: Listener, "webhooks", "webhooks JOIN accounts \
    ON accounts.tenant_id = webhooks.tenant_id AND accounts.id = webhooks.account_id"
    reads {
        tenant_id, account_id, account_number: "accounts.number", webhook_id: "webhooks.id", kinds,
    }
}

/// The webhooks of some accounts that are not disabled.
pub async fn listeners(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<Listener>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(
            Listener,
            " WHERE webhooks.deleted_at IS NULL AND disabled_at IS NULL"
        ));
        among_keys!(sql, "webhooks.tenant_id", "account_id", accounts);
        sql.push(" ORDER BY webhooks.id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// Which of some tenants have a webhook that is not disabled and may want to hear of a kind.
pub async fn listening_tenants(
    link: Link<'_>,
    tenants: &[TenantId],
    kind: HookKind,
) -> Result<Vec<TenantId>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT DISTINCT tenant_id FROM webhooks \
             WHERE deleted_at IS NULL AND disabled_at IS NULL AND kinds LIKE ",
        );
        sql.push_bind(format!("%{}%", kind.as_str()));
        among!(sql, "tenant_id", tenants);
        let rows = sql.build().persistent(recurs(tenants.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}

/// A run that has ended, and whose it is.
pub type OwnedRun = (TenantId, AccountId, EndedRun);

row! { run: EndedRun, "runs", "runs JOIN to_dos \
    ON to_dos.tenant_id = runs.tenant_id AND to_dos.id = to_do_id"
    reads { id, to_do_id, channel: "to_dos.delivery_type", due_at, state, reason, finished_at }
}

/// Those of some runs that have ended.
pub async fn ended_runs(link: Link<'_>, ids: &[(TenantId, RunId)]) -> Result<Vec<OwnedRun>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(text!(
            "SELECT runs.tenant_id, to_dos.account_id, ",
            EndedRun::SELECT,
            " FROM ",
            EndedRun::FROM,
            " WHERE finished_at IS NOT NULL",
        ));
        among_keys!(sql, "runs.tenant_id", "runs.id", ids);
        sql.push(" ORDER BY runs.id");
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(read).collect()
    })
}
