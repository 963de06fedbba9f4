//! Application Keys: made, reviewed and revoked by their users; and the machine keys of switches.
//!
//! A token is looked up by its SHA-256, so nothing secret is ever compared byte by byte.

use data_encoding::HEXLOWER;
use domain::token::{self, Key, KeyLimits, Switch, TOKEN_BYTES, TokenKind};
use domain::{Instant, Invalid, KeyId, SwitchId, TenantId, limits};
use sha2::{Digest, Sha256};

use crate::{Actor, App, Error, Result, audit};

/// A new key and its token, which is shown now and never again.
#[derive(Clone, Debug)]
pub struct Created {
    /// The key.
    pub key: Key,
    /// The token.
    pub token: String,
}

/// Makes a key for whoever asks, with all that they may do.
#[crate::boxed]
pub async fn create(
    app: &App,
    actor: &Actor,
    name: &str,
    expires_at: Option<Instant>,
) -> Result<Created> {
    create_limited(app, actor, name, expires_at, KeyLimits::default()).await
}

/// Makes a key for whoever asks, with less than they may do.
#[crate::boxed]
pub async fn create_limited(
    app: &App,
    actor: &Actor,
    name: &str,
    expires_at: Option<Instant>,
    limits: KeyLimits,
) -> Result<Created> {
    let now = app.now();
    token::check_key(name, expires_at, now)?;
    let is_bounded = limits.addresses.len() <= limits::KEY_ADDRESSES
        && limits.accounts.len() <= limits::ACCOUNTS_NAMED;
    let are_seen = is_bounded && limits.accounts.iter().all(|id| actor.sees(*id));
    if !are_seen {
        let rule = "must be accounts that you may see, 100 at most";
        return Err(Invalid::field("accounts", rule).into());
    }
    let token = token::write(TokenKind::Application, &app.entropy.bytes::<TOKEN_BYTES>());
    let mut key = Key {
        id: KeyId(0),
        user_id: actor.user_id,
        name: name.trim().to_owned(),
        prefix: token::prefix(&token).to_owned(),
        created_at: now,
        expires_at,
        last_used_at: None,
        last_used_from: String::new(),
        revoked_at: None,
        limits,
    };
    let mut tx = app.db.begin().await?;
    let held = store::keys::of_user(tx.link(), actor.tenant_id, actor.user_id).await?;
    if held.len() >= limits::KEYS_PER_USER {
        return Err(Invalid::field("name", "must wait: revoke a key first, 50 are the most").into());
    }
    key.id = store::keys::insert(tx.link(), actor.tenant_id, &key, &hash(&token)).await?;
    audit::record(&mut tx, actor.tenant_id, Some(actor), "key.create", &key.prefix, now).await?;
    tx.commit().await?;
    Ok(Created { key, token })
}

/// The keys of whoever asks that are not revoked, newest first.
#[crate::boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Key>> {
    let mut reader = app.db.read().await?;
    Ok(store::keys::of_user(reader.link(), actor.tenant_id, actor.user_id).await?)
}

/// Revokes a key of whoever asks: at once here, within a second on other nodes.
#[crate::boxed]
pub async fn revoke(app: &App, actor: &Actor, id: KeyId) -> Result<Key> {
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    let key = store::keys::find(tx.link(), tenant, actor.user_id, id).await?;
    let key = key.ok_or(Error::NotFound)?;
    store::keys::revoke(tx.link(), tenant, id, now).await?;
    audit::record(&mut tx, tenant, Some(actor), "key.revoke", &key.prefix, now).await?;
    tx.commit().await?;
    app.keys.forget(|(_, key)| key.id == id);
    Ok(key)
}

/// Whom a token stands for on a tenant; `None` if it does not work there. `from` is the address
/// that it is used from, kept with the time of use once a minute. It sees the accounts that its key
/// lets it; its other limits are for the door to ask (`Actor::limits`), which knows what is wanted.
#[crate::boxed]
pub async fn open(app: &App, tenant: TenantId, token: &str, from: &str) -> Result<Option<Actor>> {
    let now = app.now();
    let hash = hash(token);
    let place = format!("{tenant}/{hash}");
    if let Some((actor, key)) = app.keys.at(&place, now) {
        return Ok(key.works_at(now).then_some(actor));
    }
    let Some((actor, key)) = read(app, tenant, &hash, now).await? else {
        return Ok(None);
    };
    let stale = |used: Instant| now.ms_since(used) >= limits::MINUTE_MS;
    if key.last_used_at.is_none_or(stale) || key.last_used_from != from {
        match touch(app, tenant, key.id, now, from).await {
            // Where nothing can be written just now, reading still works.
            Ok(()) | Err(Error::Full(_) | Error::Unavailable(_)) => {}
            Err(error) => return Err(error),
        }
    }
    app.keys.keep(place, (actor.clone(), key), now);
    Ok(Some(actor))
}

async fn touch(app: &App, tenant: TenantId, id: KeyId, now: Instant, from: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::keys::touch(tx.link(), tenant, id, now, from).await?;
    Ok(tx.commit().await?)
}

async fn read(
    app: &App,
    tenant: TenantId,
    hash: &str,
    now: Instant,
) -> Result<Option<(Actor, Key)>> {
    let mut reader = app.db.read().await?;
    let key = store::keys::by_hash(reader.link(), tenant, hash).await?;
    let Some(key) = key.filter(|key| key.works_at(now)) else {
        return Ok(None);
    };
    let user = store::users::find(reader.link(), tenant, key.user_id).await?;
    let Some(user) = user.filter(|user| !user.is_disabled) else {
        return Ok(None);
    };
    let accounts = store::users::accounts_of(reader.link(), tenant, user.id).await?;
    Ok(Some((Actor::new(&user, accounts).limited(&key.limits), key)))
}

/// Makes a machine key for a switch, on the command line; answers its token, shown once.
#[crate::boxed]
pub async fn create_switch(app: &App, tenant: TenantId, name: &str) -> Result<(Switch, String)> {
    let now = app.now();
    token::check_key(name, None, now)?;
    let token = token::write(TokenKind::Switch, &app.entropy.bytes::<TOKEN_BYTES>());
    let mut switch = Switch {
        id: SwitchId(0),
        name: name.trim().to_owned(),
        prefix: token::prefix(&token).to_owned(),
        created_at: now,
    };
    let mut tx = app.db.begin().await?;
    switch.id = store::keys::insert_switch(tx.link(), tenant, &switch, &hash(&token)).await?;
    audit::record(&mut tx, tenant, None, "switch.create", &switch.prefix, now).await?;
    tx.commit().await?;
    Ok((switch, token))
}

/// The switch that a machine key stands for on a tenant.
#[crate::boxed]
pub async fn open_switch(app: &App, tenant: TenantId, token: &str) -> Result<Option<Switch>> {
    let mut reader = app.db.read().await?;
    Ok(store::keys::switch_by_hash(reader.link(), tenant, &hash(token)).await?)
}

/// The hash under which a token is kept.
pub(crate) fn hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}
