//! Tenants, users, sessions, keys and the audit log.

use domain::token::{Key, Switch};
use domain::{AccountId, KeyId, Role, SwitchId, TenantId, User, UserId};
use store::sessions::Session;
use store::{
    Db, Error, audit as log, keys as key_rows, sessions as session_rows, tenants as rows,
    users as people,
};

use super::accounts::account;
use super::at;
use super::schema::tenant;

/// A user of a tenant.
pub(crate) async fn user(db: &Db, tenant: TenantId, email: &str) -> UserId {
    let mut tx = db.begin().await.expect("a transaction");
    let user = User {
        tenant_id: tenant,
        id: UserId(0),
        email: email.to_owned(),
        name: "Ann".to_owned(),
        username: "ann".to_owned(),
        role: Role::Agent,
        is_disabled: false,
        created_at: at(5),
    };
    let id = people::insert(tx.link(), &user, "hash").await.expect("a user");
    tx.commit().await.expect("committed");
    id
}

pub(crate) async fn tenants(db: &Db) {
    let id = tenant(db, "one").await;
    tenant(db, "two").await;
    let mut tx = db.begin().await.expect("a transaction");
    assert!(rows::hide_bad_tokens(tx.link(), id, true).await.expect("changed"));
    assert!(!rows::hide_bad_tokens(tx.link(), TenantId(99), true).await.expect("asked"));
    let origin = "https://app.example";
    assert!(rows::allow_origins(tx.link(), id, origin).await.expect("changed"));
    assert!(!rows::allow_origins(tx.link(), TenantId(99), origin).await.expect("asked"));
    tx.commit().await.expect("committed");
    let mut reader = db.read().await.expect("a connection");
    let found = rows::find(reader.link(), id).await.expect("asked").expect("one");
    assert_eq!(found.api_origins, origin);
    assert_eq!((found.subdomain.as_str(), found.hides_bad_tokens), ("one", true));
    assert_eq!(found.zone.name(), "America/New_York");
    assert_eq!(rows::list(reader.link()).await.expect("all").len(), 2);
    let secret = rows::link_secret(reader.link(), id).await.expect("asked");
    assert_eq!(secret.as_deref(), Some("secret"));
}

pub(crate) async fn users(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let ann = user(db, one, "ann@desk.example").await;
    user(db, two, "ann@desk.example").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    people::join(tx.link(), one, ann, law).await.expect("joined");
    people::join(tx.link(), one, ann, law).await.expect("joined already");
    assert!(people::set_disabled(tx.link(), one, ann, true).await.expect("changed"));
    assert!(!people::set_disabled(tx.link(), two, ann, true).await.expect("another tenant's"));
    assert!(people::set_password_hash(tx.link(), one, ann, "new").await.expect("changed"));
    tx.commit().await.expect("committed");

    let mut reader = db.read().await.expect("a connection");
    let found = people::by_email(reader.link(), one, "ann@desk.example").await.expect("asked");
    let found = found.expect("Ann");
    assert_eq!((found.id, found.role, found.is_disabled), (ann, Role::Agent, true));
    assert_eq!(people::find(reader.link(), one, ann).await.expect("asked"), Some(found));
    let hash = people::password_hash(reader.link(), one, ann).await.expect("asked");
    assert_eq!(hash.as_deref(), Some("new"));
    assert_eq!(people::accounts_of(reader.link(), one, ann).await.expect("asked"), [law]);
    assert_eq!(people::list(reader.link(), one).await.expect("all").len(), 1);
    assert_eq!(people::memberships(reader.link(), one).await.expect("all"), [(ann, law)]);
    assert_eq!(people::memberships(reader.link(), two).await.expect("none"), []);
    drop(reader);

    let mut tx = db.begin().await.expect("a transaction");
    assert!(people::rename(tx.link(), one, ann, "Ann Lee").await.expect("renamed"));
    assert!(!people::rename(tx.link(), two, ann, "Eve").await.expect("another tenant's"));
    let found = people::find(tx.link(), one, ann).await.expect("asked").expect("Ann");
    assert_eq!(found.name, "Ann Lee");
    assert!(people::leave(tx.link(), one, ann, law).await.expect("left"));
    assert!(!people::leave(tx.link(), one, ann, law).await.expect("was gone"));
    let nowhere = people::join(tx.link(), one, ann, AccountId(999)).await;
    assert!(matches!(nowhere, Err(Error::Sql(_))), "{nowhere:?}");
    drop(tx);

    let mut tx = db.begin().await.expect("a transaction");
    let twin = User {
        tenant_id: one,
        id: UserId(0),
        email: "ann@desk.example".to_owned(),
        name: String::new(),
        username: String::new(),
        role: Role::Client,
        is_disabled: false,
        created_at: at(6),
    };
    let taken = people::insert(tx.link(), &twin, "").await;
    assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
}

pub(crate) async fn sessions(db: &Db) {
    let one = tenant(db, "one").await;
    let ann = user(db, one, "ann@desk.example").await;
    let session = Session {
        user_id: ann,
        csrf: "token".to_owned(),
        created_at: at(10),
        seen_at: at(10),
        expires_at: at(100),
    };
    let mut tx = db.begin().await.expect("a transaction");
    for hash in ["a", "b", "c"] {
        session_rows::insert(tx.link(), one, hash, &session).await.expect("a session");
    }
    session_rows::touch(tx.link(), one, "a", at(50)).await.expect("touched");
    session_rows::delete(tx.link(), one, "b").await.expect("deleted");
    tx.commit().await.expect("committed");
    let mut tx = db.begin().await.expect("a transaction");
    let found = session_rows::find(tx.link(), one, "a").await.expect("asked");
    assert_eq!(found, Some(Session { seen_at: at(50), ..session }));
    assert_eq!(session_rows::find(tx.link(), one, "b").await.expect("asked"), None);
    assert_eq!(session_rows::find(tx.link(), TenantId(9), "a").await.expect("asked"), None);
    assert_eq!(session_rows::delete_ended(tx.link(), at(99)).await.expect("none"), 0);
    assert_eq!(session_rows::delete_ended(tx.link(), at(100)).await.expect("ended"), 2);
    session_rows::delete_of_user(tx.link(), one, ann).await.expect("none left");
}

pub(crate) async fn keys(db: &Db) {
    let one = tenant(db, "one").await;
    let ann = user(db, one, "ann@desk.example").await;
    let mut key = Key {
        id: KeyId(0),
        user_id: ann,
        name: "CRM".to_owned(),
        prefix: "lk_abc".to_owned(),
        created_at: at(10),
        expires_at: Some(at(99)),
        last_used_at: None,
        last_used_from: String::new(),
        limits: Default::default(),
        revoked_at: None,
    };
    let mut tx = db.begin().await.expect("a transaction");
    key.id = key_rows::insert(tx.link(), one, &key, "hash").await.expect("a key");
    assert_eq!(key_rows::by_hash(tx.link(), one, "hash").await.expect("asked"), Some(key.clone()));
    assert_eq!(key_rows::by_hash(tx.link(), TenantId(9), "hash").await.expect("asked"), None);
    key_rows::touch(tx.link(), one, key.id, at(20), "::1").await.expect("touched");
    let found = key_rows::find(tx.link(), one, ann, key.id).await.expect("asked").expect("a key");
    assert_eq!((found.last_used_at, found.last_used_from.as_str()), (Some(at(20)), "::1"));
    assert_eq!(key_rows::find(tx.link(), one, UserId(9), key.id).await.expect("asked"), None);
    key_rows::revoke(tx.link(), one, key.id, at(30)).await.expect("revoked");
    assert_eq!(key_rows::of_user(tx.link(), one, ann).await.expect("all"), []);
    let found = key_rows::by_hash(tx.link(), one, "hash").await.expect("asked").expect("a key");
    assert_eq!(found.revoked_at, Some(at(30)));

    let mut switch = Switch {
        id: SwitchId(0),
        name: "tascom".to_owned(),
        prefix: "ls_abc".to_owned(),
        created_at: at(10),
    };
    switch.id = key_rows::insert_switch(tx.link(), one, &switch, "machine").await.expect("one");
    let found = key_rows::switch_by_hash(tx.link(), one, "machine").await.expect("asked");
    assert_eq!(found, Some(switch));
    assert_eq!(key_rows::switch_by_hash(tx.link(), one, "hash").await.expect("asked"), None);
}

pub(crate) async fn audit(db: &Db) {
    let one = tenant(db, "one").await;
    let mut tx = db.begin().await.expect("a transaction");
    for (i, hash) in ["h1", "h2"].into_iter().enumerate() {
        let before = log::lock_head(tx.link(), one).await.expect("a head");
        assert_eq!(before, if i == 0 { "" } else { "h1" });
        let entry = log::AuditEntry {
            actor_id: None,
            actor_name: "command line".to_owned(),
            action: "tenant.create".to_owned(),
            subject: "one".to_owned(),
            at: at(7),
            hash: hash.to_owned(),
        };
        log::append(tx.link(), one, &entry).await.expect("appended");
    }
    tx.commit().await.expect("committed");
    let mut reader = db.read().await.expect("a connection");
    let entries = log::list(reader.link(), one).await.expect("all");
    assert_eq!(entries.iter().map(|entry| entry.hash.as_str()).collect::<Vec<_>>(), ["h1", "h2"]);
    assert_eq!(log::head(reader.link(), one).await.expect("a head"), "h2");
}
