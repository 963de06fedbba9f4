//! Sessions of people who sign in with a password.

use data_encoding::HEXLOWER;
use domain::{TenantId, User, limits};
use sha2::{Digest, Sha256};
use store::sessions::Session;

use crate::{Actor, App, Result, audit};

/// A user and the hash that its password must fit.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The user.
    pub user: User,
    /// What [`crate::passwords::verify`] compares with.
    pub password_hash: String,
}

/// What somebody who may sign in has to prove; `None` if nobody may with that address.
#[crate::boxed]
pub async fn credentials(app: &App, tenant: TenantId, email: &str) -> Result<Option<Credentials>> {
    let mut reader = app.db.read().await?;
    let email = email.trim().to_lowercase();
    let user = store::users::by_email(reader.link(), tenant, &email).await?;
    let Some(user) = user.filter(|user| !user.is_disabled) else {
        return Ok(None);
    };
    let hash = store::users::password_hash(reader.link(), tenant, user.id).await?;
    Ok(hash.map(|password_hash| Credentials { user, password_hash }))
}

/// Begins a session for a user whose password was verified; answers the cookie, shown once.
#[crate::boxed]
pub async fn begin(app: &App, user: &User) -> Result<String> {
    let now = app.now();
    let cookie = HEXLOWER.encode(&app.entropy.bytes::<32>());
    let session = Session {
        user_id: user.id,
        csrf: HEXLOWER.encode(&app.entropy.bytes::<32>()),
        created_at: now,
        seen_at: now,
        expires_at: now.plus_ms(limits::SESSION_LIFE_MS),
    };
    let mut tx = app.db.begin().await?;
    store::sessions::delete_ended(tx.link(), now).await?;
    let used_since = now.minus_ms(limits::SESSION_IDLE_MS);
    store::live::leave(tx.link(), user.tenant_id, user.id, now, used_since).await?;
    store::sessions::insert(tx.link(), user.tenant_id, &hash(&cookie), &session).await?;
    let actor = Actor::new(user, Vec::new());
    let email = &user.email;
    audit::record(&mut tx, user.tenant_id, Some(&actor), "session.begin", email, now).await?;
    tx.commit().await?;
    Ok(cookie)
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who it is.
    pub actor: Actor,
    /// What every form of the session must carry.
    pub csrf: String,
}

/// Who a cookie belongs to; `None` if its session is over.
#[crate::boxed]
pub async fn of_cookie(app: &App, tenant: TenantId, cookie: &str) -> Result<Option<SignedIn>> {
    let now = app.now();
    let hash = hash(cookie);
    let found = look(app, tenant, &hash).await?;
    if let Some((session, _)) = &found
        && now.ms_since(session.seen_at) >= limits::MINUTE_MS
    {
        let mut tx = app.db.begin().await?;
        store::sessions::touch(tx.link(), tenant, &hash, now).await?;
        tx.commit().await?;
    }
    Ok(found.map(|(session, actor)| SignedIn { actor, csrf: session.csrf }))
}

/// Who a cookie belongs to, without counting as a use of its session: for what stays open by
/// itself. `None` if its session is over.
#[crate::boxed]
pub async fn peek(app: &App, tenant: TenantId, cookie: &str) -> Result<Option<Actor>> {
    Ok(look(app, tenant, &hash(cookie)).await?.map(|(_, actor)| actor))
}

/// The session that lives under a hash, and whose it is.
async fn look(app: &App, tenant: TenantId, hash: &str) -> Result<Option<(Session, Actor)>> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let session = store::sessions::find(reader.link(), tenant, hash).await?;
    let lives = |session: &Session| {
        now < session.expires_at && now < session.seen_at.plus_ms(limits::SESSION_IDLE_MS)
    };
    let Some(session) = session.filter(lives) else {
        return Ok(None);
    };
    let user = store::users::find(reader.link(), tenant, session.user_id).await?;
    let Some(user) = user.filter(|user| !user.is_disabled) else {
        return Ok(None);
    };
    let accounts = store::users::accounts_of(reader.link(), tenant, user.id).await?;
    Ok(Some((session, Actor::new(&user, accounts))))
}

/// Ends the session of a cookie.
#[crate::boxed]
pub async fn end(app: &App, tenant: TenantId, cookie: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::sessions::delete(tx.link(), tenant, &hash(cookie)).await?;
    tx.commit().await?;
    Ok(())
}

fn hash(cookie: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(cookie.as_bytes()))
}
