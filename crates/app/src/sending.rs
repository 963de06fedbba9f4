//! An account's rules for what is sent in its name.

use domain::AccountId;
use domain::sending::Rules;
use domain::user::Right;

use crate::{Actor, App, Result, audit};

/// An account's rules.
#[crate::boxed]
pub async fn rules(app: &App, actor: &Actor, account: AccountId) -> Result<Rules> {
    let mut reader = app.db.read().await?;
    let found = store::accounts::find(reader.link(), actor.tenant_id, account).await?;
    let account = actor.visible(found)?;
    Ok(store::sending::rules(reader.link(), actor.tenant_id, account.id).await?)
}

/// Gives an account rules of its own. They hold for everything that goes out from now on.
#[crate::boxed]
pub async fn set_rules(app: &App, actor: &Actor, account: AccountId, rules: Rules) -> Result<()> {
    actor.require(Right::ManageAccounts)?;
    let rules = rules.checked()?;
    let tenant = actor.tenant_id;
    let mut tx = app.db.begin().await?;
    let found = store::accounts::find(tx.link(), tenant, account).await?;
    let account = actor.visible(found)?;
    store::sending::set_rules(tx.link(), tenant, account.id, &rules).await?;
    let (number, now) = (&account.number, app.now());
    audit::record(&mut tx, tenant, Some(actor), "sending.update", number, now).await?;
    Ok(tx.commit().await?)
}
