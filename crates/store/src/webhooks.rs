//! Webhooks: where an account's events are posted to, and who listens to what.

use domain::to_do::RunState;
use domain::webhook::DisabledWhy;
use domain::webhook::payload::EndedRun;
use domain::{
    AccountId, Channel, HookKind, HookSecret, Instant, RunId, TenantId, ToDoId, Webhook, WebhookId,
};
use sqlx::{AssertSqlSafe, QueryBuilder, query};

use crate::db::on;
use crate::dialect::for_update;
use crate::narrow::{among, among_keys, recurs};
use crate::rows::{FromCells, all, change, from_cells, instant, maybe, ms, one, word};
use crate::{Error, Link, Result};

macro_rules! columns {
    () => {
        "tenant_id, id, account_id, url, description, kinds, secret, old_secret, \
         old_secret_until, failing_since, disabled_at, disabled_why, created_at, updated_at"
    };
}

from_cells!(Webhook, cells => Webhook {
    tenant_id: TenantId(cells.next()?),
    id: WebhookId(cells.next()?),
    account_id: AccountId(cells.next()?),
    url: cells.next()?,
    description: cells.next()?,
    kinds: kinds(cells.next()?)?,
    secret: HookSecret(cells.next()?),
    old_secret: old_secret(cells.next()?, cells.next()?),
    failing_since: maybe(cells.next()?),
    disabled: disabled(cells.next()?, cells.next()?)?,
    created_at: instant(cells.next()?),
    updated_at: instant(cells.next()?),
});

fn kinds(words: &str) -> Result<Vec<HookKind>> {
    words.split_whitespace().map(|one| word(one, HookKind::parse)).collect()
}

fn written(kinds: &[HookKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    words.join(" ")
}

fn old_secret(secret: String, until: Option<i64>) -> Option<(HookSecret, Instant)> {
    maybe(until).map(|until| (HookSecret(secret), until))
}

fn disabled(at: Option<i64>, why: &str) -> Result<Option<(Instant, DisabledWhy)>> {
    let Some(at) = maybe(at) else { return Ok(None) };
    Ok(Some((at, word(why, DisabledWhy::parse)?)))
}

/// Adds a webhook; its id is ignored.
pub async fn insert(link: Link<'_>, webhook: &Webhook) -> Result<WebhookId> {
    const SQL: &str = "INSERT INTO webhooks (tenant_id, account_id, url, description, kinds, \
        secret, old_secret, disabled_at, disabled_why, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, $10) RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(webhook.tenant_id.0)
            .bind(webhook.account_id.0)
            .bind(&webhook.url)
            .bind(&webhook.description)
            .bind(written(&webhook.kinds))
            .bind(&webhook.secret.0)
            .bind(webhook.disabled.map(|(at, _)| at.as_ms()))
            .bind(webhook.disabled.map_or("", |(_, why)| why.as_str()))
            .bind(webhook.created_at.as_ms())
            .bind(webhook.updated_at.as_ms())
    )?;
    row.map(|(id,)| WebhookId(id)).ok_or_else(|| Error::Corrupt("no id".to_owned()))
}

/// Writes down all of a webhook that can change.
pub async fn update(link: Link<'_>, webhook: &Webhook) -> Result<()> {
    const SQL: &str = "UPDATE webhooks SET url = $3, description = $4, kinds = $5, secret = $6, \
        old_secret = $7, old_secret_until = $8, failing_since = $9, disabled_at = $10, \
        disabled_why = $11, updated_at = $12 WHERE tenant_id = $1 AND id = $2";
    let old = webhook.old_secret.as_ref();
    change!(
        link,
        query(SQL)
            .bind(webhook.tenant_id.0)
            .bind(webhook.id.0)
            .bind(&webhook.url)
            .bind(&webhook.description)
            .bind(written(&webhook.kinds))
            .bind(&webhook.secret.0)
            .bind(old.map_or("", |(secret, _)| secret.0.as_str()))
            .bind(ms(old.map(|(_, until)| *until)))
            .bind(ms(webhook.failing_since))
            .bind(webhook.disabled.map(|(at, _)| at.as_ms()))
            .bind(webhook.disabled.map_or("", |(_, why)| why.as_str()))
            .bind(webhook.updated_at.as_ms())
    );
    Ok(())
}

/// Deletes a webhook: nobody finds it any more, and its log goes with its age.
pub async fn delete(link: Link<'_>, tenant: TenantId, id: WebhookId, at: Instant) -> Result<()> {
    const SQL: &str = "UPDATE webhooks SET deleted_at = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(at.as_ms()));
    Ok(())
}

/// A webhook.
pub async fn find(link: Link<'_>, tenant: TenantId, id: WebhookId) -> Result<Option<Webhook>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM webhooks WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL"
    );
    one!(Webhook, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// A webhook that is then changed in the same transaction.
pub async fn find_to_change(
    link: Link<'_>,
    tenant: TenantId,
    id: WebhookId,
) -> Result<Option<Webhook>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM webhooks WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL"
    );
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    one!(Webhook, link, query(sql).bind(tenant.0).bind(id.0))
}

/// Some webhooks of any tenant; those that were deleted are missing.
pub async fn of_any_tenant(link: Link<'_>, ids: &[(TenantId, WebhookId)]) -> Result<Vec<Webhook>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(concat!(
            "SELECT ",
            columns!(),
            " FROM webhooks WHERE deleted_at IS NULL"
        ));
        among_keys!(sql, "tenant_id", "id", ids);
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(Webhook::from_row).collect()
    })
}

/// The webhooks of an account, oldest first.
pub async fn of_account(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Vec<Webhook>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM webhooks WHERE tenant_id = $1 AND account_id = $2 AND deleted_at IS NULL \
          ORDER BY id"
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
        let mut sql = QueryBuilder::new(concat!(
            "SELECT ",
            columns!(),
            " FROM webhooks WHERE deleted_at IS NULL AND disabled_why IN ('gone', 'failing') \
              AND tenant_id = ",
        ));
        sql.push_bind(tenant.0);
        if let Some(accounts) = accounts {
            among!(sql, "account_id", accounts);
        }
        sql.push(" ORDER BY id");
        sql.build().persistent(false).fetch_all(c).await?.iter().map(Webhook::from_row).collect()
    })
}

/// Somebody who listens: a webhook, the account that it belongs to, and what it wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The account.
    pub account_id: AccountId,
    /// The account's number.
    pub account_number: String,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// What it wants to hear.
    pub kinds: Vec<HookKind>,
}

from_cells!(Listener, cells => Listener {
    tenant_id: TenantId(cells.next()?),
    account_id: AccountId(cells.next()?),
    account_number: cells.next()?,
    webhook_id: WebhookId(cells.next()?),
    kinds: kinds(cells.next()?)?,
});

/// The webhooks of some accounts that are not disabled.
pub async fn listeners(
    link: Link<'_>,
    accounts: &[(TenantId, AccountId)],
) -> Result<Vec<Listener>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT webhooks.tenant_id, account_id, accounts.number, webhooks.id, kinds \
             FROM webhooks JOIN accounts ON accounts.tenant_id = webhooks.tenant_id \
             AND accounts.id = webhooks.account_id \
             WHERE webhooks.deleted_at IS NULL AND disabled_at IS NULL",
        );
        among_keys!(sql, "webhooks.tenant_id", "account_id", accounts);
        sql.push(" ORDER BY webhooks.id");
        let rows = sql.build().persistent(recurs(accounts.len())).fetch_all(c).await?;
        rows.iter().map(Listener::from_row).collect()
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
        rows.iter().map(|row| <(i64,)>::from_row(row).map(|(id,)| TenantId(id))).collect()
    })
}

/// A run that has ended, and whose it is.
pub type OwnedRun = (TenantId, AccountId, EndedRun);

from_cells!(OwnedRun, cells => (
    TenantId(cells.next()?),
    AccountId(cells.next()?),
    EndedRun {
        id: RunId(cells.next()?),
        to_do_id: ToDoId(cells.next()?),
        channel: word(cells.next()?, Channel::parse)?,
        due_at: instant(cells.next()?),
        state: word(cells.next()?, RunState::parse)?,
        reason: cells.next()?,
        finished_at: maybe(cells.next()?),
    },
));

/// Those of some runs that have ended.
pub async fn ended_runs(link: Link<'_>, ids: &[(TenantId, RunId)]) -> Result<Vec<OwnedRun>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(
            "SELECT runs.tenant_id, account_id, runs.id, to_do_id, delivery_type, due_at, state, \
             reason, finished_at FROM runs JOIN to_dos ON to_dos.tenant_id = runs.tenant_id \
             AND to_dos.id = to_do_id WHERE finished_at IS NOT NULL",
        );
        among_keys!(sql, "runs.tenant_id", "runs.id", ids);
        sql.push(" ORDER BY runs.id");
        let rows = sql.build().persistent(recurs(ids.len())).fetch_all(c).await?;
        rows.iter().map(OwnedRun::from_row).collect()
    })
}
