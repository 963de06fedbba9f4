//! Users: made by those above them, members of accounts.

use std::collections::HashMap;

use domain::user::{NewUser, Right, check_name, check_password};
use domain::{AccountId, Invalid, TenantId, User, UserId};
use store::Tx;

use crate::error::taken;
use crate::{Actor, App, Error, Result, audit};

/// Makes a user. `actor` is `None` on the command line, which may appoint anybody.
/// `password_hash` comes from [`crate::passwords::hash`] of the checked password.
#[crate::boxed]
pub async fn create(
    app: &App,
    tenant: TenantId,
    actor: Option<&Actor>,
    new: NewUser,
    password_hash: &str,
) -> Result<User> {
    if let Some(actor) = actor {
        actor.require(Right::ManageUsers)?;
        if !actor.role.may_appoint(new.role) {
            return Err(Invalid::field("role", "must be below your own").into());
        }
    }
    let new = new.checked()?;
    let now = app.now();
    let mut user = User {
        tenant_id: tenant,
        id: UserId(0),
        email: new.email,
        name: new.name,
        username: new.username,
        role: new.role,
        is_disabled: false,
        created_at: now,
    };
    let mut tx = app.db.begin().await?;
    let inserted = store::users::insert(tx.link(), &user, password_hash).await;
    user.id = inserted.map_err(taken("email"))?;
    for account in new.accounts {
        add(&mut tx, tenant, user.id, account).await?;
    }
    audit::record(&mut tx, tenant, actor, "user.create", &user.email, now).await?;
    tx.commit().await?;
    Ok(user)
}

/// Joins a user to an account of the same tenant.
async fn add(tx: &mut Tx, tenant: TenantId, user: UserId, account: AccountId) -> Result<()> {
    if store::accounts::find(tx.link(), tenant, account).await?.is_none() {
        return Err(Invalid::field("accounts", "must be accounts that exist").into());
    }
    Ok(store::users::join(tx.link(), tenant, user, account).await?)
}

/// Joins a user to an account on the command line. Once is enough; again changes nothing.
#[crate::boxed]
pub async fn join(app: &App, tenant: TenantId, email: &str, account: AccountId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let user = store::users::by_email(tx.link(), tenant, &email.to_lowercase()).await?;
    let user = user.ok_or(Error::NotFound)?;
    add(&mut tx, tenant, user.id, account).await?;
    let subject = format!("{}, account {account}", user.email);
    audit::record(&mut tx, tenant, None, "user.join", &subject, app.now()).await?;
    tx.commit().await?;
    app.keys.forget(|(actor, _)| actor.user_id == user.id);
    Ok(())
}

/// A user with the accounts that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user: User,
    /// The accounts that it belongs to.
    pub accounts: Vec<AccountId>,
}

/// All users of the tenant, by name.
#[crate::boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Member>> {
    actor.require(Right::ManageUsers)?;
    let mut reader = app.db.read().await?;
    let users = store::users::list(reader.link(), actor.tenant_id).await?;
    let mut of_user: HashMap<UserId, Vec<AccountId>> = HashMap::new();
    for (user, account) in store::users::memberships(reader.link(), actor.tenant_id).await? {
        of_user.entry(user).or_default().push(account);
    }
    let member = |user: User| {
        let accounts = of_user.remove(&user.id).unwrap_or_default();
        Member { user, accounts }
    };
    Ok(users.into_iter().map(member).collect())
}

/// A user of the tenant.
#[crate::boxed]
pub async fn find(app: &App, actor: &Actor, id: UserId) -> Result<Member> {
    actor.require(Right::ManageUsers)?;
    let mut reader = app.db.read().await?;
    let user = store::users::find(reader.link(), actor.tenant_id, id).await?;
    let user = user.ok_or(Error::NotFound)?;
    let accounts = store::users::accounts_of(reader.link(), actor.tenant_id, id).await?;
    Ok(Member { user, accounts })
}

/// Whether whoever asks may change a user: those below its own rank, and never itself.
pub fn may_change(actor: &Actor, user: &User) -> bool {
    user.id != actor.user_id && actor.role.may_appoint(user.role)
}

/// A user whom whoever asks may change.
async fn changeable(tx: &mut Tx, actor: &Actor, id: UserId) -> Result<User> {
    actor.require(Right::ManageUsers)?;
    let user = store::users::find(tx.link(), actor.tenant_id, id).await?.ok_or(Error::NotFound)?;
    if may_change(actor, &user) { Ok(user) } else { Err(Error::Forbidden(Right::ManageUsers)) }
}

/// Changes a user's name, and the accounts that it belongs to: from its next request on it sees
/// these and no others.
#[crate::boxed]
pub async fn update(
    app: &App,
    actor: &Actor,
    id: UserId,
    name: &str,
    accounts: &[AccountId],
) -> Result<()> {
    let tenant = actor.tenant_id;
    let mut tx = app.db.begin().await?;
    let user = changeable(&mut tx, actor, id).await?;
    let name = check_name(name)?;
    if name != user.name {
        store::users::rename(tx.link(), tenant, id, &name).await?;
        let subject = &user.email;
        audit::record(&mut tx, tenant, Some(actor), "user.rename", subject, app.now()).await?;
    }
    set_memberships(app, &mut tx, actor, &user, accounts).await?;
    tx.commit().await?;
    app.keys.forget(|(actor, _)| actor.user_id == id);
    Ok(())
}

async fn set_memberships(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    user: &User,
    accounts: &[AccountId],
) -> Result<()> {
    let tenant = actor.tenant_id;
    let before = store::users::accounts_of(tx.link(), tenant, user.id).await?;
    let gone = before.iter().filter(|account| !accounts.contains(account));
    let new = accounts.iter().filter(|account| !before.contains(account));
    let mut steps = Vec::new();
    for account in gone {
        store::users::leave(tx.link(), tenant, user.id, *account).await?;
        steps.push(("user.leave", account));
    }
    for account in new {
        add(tx, tenant, user.id, *account).await?;
        steps.push(("user.join", account));
    }
    for (action, account) in steps {
        let subject = format!("{}, account {account}", user.email);
        audit::record(tx, tenant, Some(actor), action, &subject, app.now()).await?;
    }
    Ok(())
}

/// Gives a user a new password and ends its sessions. Its Application Keys go on working.
/// `password_hash` comes from [`crate::passwords::hash`] of the checked password.
#[crate::boxed]
pub async fn change_password(
    app: &App,
    actor: &Actor,
    id: UserId,
    password: &str,
    password_hash: &str,
) -> Result<()> {
    check_password(password).map_err(|rule| Invalid::field("password", rule))?;
    let tenant = actor.tenant_id;
    let mut tx = app.db.begin().await?;
    let user = changeable(&mut tx, actor, id).await?;
    store::users::set_password_hash(tx.link(), tenant, id, password_hash).await?;
    store::sessions::delete_of_user(tx.link(), tenant, id).await?;
    let (email, now) = (&user.email, app.now());
    audit::record(&mut tx, tenant, Some(actor), "user.change_password", email, now).await?;
    Ok(tx.commit().await?)
}

/// Lets a user sign in, or no longer; the latter ends its sessions and silences its keys.
#[crate::boxed]
pub async fn set_disabled(app: &App, actor: &Actor, id: UserId, is_disabled: bool) -> Result<()> {
    let tenant = actor.tenant_id;
    let mut tx = app.db.begin().await?;
    let user = changeable(&mut tx, actor, id).await?;
    store::users::set_disabled(tx.link(), tenant, id, is_disabled).await?;
    let action = if is_disabled { "user.disable" } else { "user.enable" };
    if is_disabled {
        store::sessions::delete_of_user(tx.link(), tenant, id).await?;
    }
    audit::record(&mut tx, tenant, Some(actor), action, &user.email, app.now()).await?;
    tx.commit().await?;
    app.keys.forget(|(actor, _)| actor.user_id == id);
    Ok(())
}

/// Replaces a user's password on the command line, and ends its sessions.
#[crate::boxed]
pub async fn reset_password(
    app: &App,
    tenant: TenantId,
    email: &str,
    password: &str,
    password_hash: &str,
) -> Result<()> {
    check_password(password).map_err(|rule| Invalid::field("password", rule))?;
    let mut tx = app.db.begin().await?;
    let user = store::users::by_email(tx.link(), tenant, &email.to_lowercase()).await?;
    let user = user.ok_or(Error::NotFound)?;
    store::users::set_password_hash(tx.link(), tenant, user.id, password_hash).await?;
    store::sessions::delete_of_user(tx.link(), tenant, user.id).await?;
    audit::record(&mut tx, tenant, None, "user.reset_password", &user.email, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The actor of a user by address, for the command line and the demo.
#[crate::boxed]
pub async fn actor_of(app: &App, tenant: TenantId, email: &str) -> Result<Actor> {
    let mut reader = app.db.read().await?;
    let user = store::users::by_email(reader.link(), tenant, &email.to_lowercase()).await?;
    let user = user.filter(|user| !user.is_disabled).ok_or(Error::NotFound)?;
    let accounts = store::users::accounts_of(reader.link(), tenant, user.id).await?;
    Ok(Actor::new(&user, accounts))
}
