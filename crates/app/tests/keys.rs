//! Application Keys, sessions and the audit log, in the words of those who use them.

use app::audit::{self, AuditVerdict};
use app::{keys, sessions, users};
use domain::limits::{DAY_MS, MINUTE_MS};
use testkit::World;

#[tokio::test]
async fn a_key_works_until_it_is_revoked_and_not_a_request_longer() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let created = keys::create(&world.app, &office.client, "CRM", None).await.expect("a key");
    let open = async || keys::open(&world.app, office.tenant.id, &created.token, "192.0.2.1").await;
    assert_eq!(open().await.expect("opened").as_ref(), Some(&office.client));
    keys::revoke(&world.app, &office.client, created.key.id).await.expect("revoked");
    assert_eq!(open().await.expect("asked"), None);
    assert!(!keys::list(&world.app, &office.client).await.expect("keys").contains(&created.key));
}

#[tokio::test]
async fn a_revocation_on_another_node_is_seen_within_a_second() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let node = app::App::new(world.db.clone(), world.clock.clone(), world.app.entropy().clone());
    let created = keys::create(&world.app, &office.client, "CRM", None).await.expect("a key");
    let open = async || keys::open(&node, office.tenant.id, &created.token, "192.0.2.1").await;
    assert!(open().await.expect("opened").is_some());
    keys::revoke(&world.app, &office.client, created.key.id).await.expect("revoked");
    world.clock.advance(1_000);
    assert_eq!(open().await.expect("asked"), None);
}

#[tokio::test]
async fn a_key_expires() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let tomorrow = world.app.now().plus_ms(DAY_MS);
    let created =
        keys::create(&world.app, &office.client, "CRM", Some(tomorrow)).await.expect("key");
    let open = async || keys::open(&world.app, office.tenant.id, &created.token, "::1").await;
    world.clock.advance(DAY_MS - 500);
    assert!(open().await.expect("opened").is_some());
    world.clock.advance(500);
    assert_eq!(open().await.expect("asked"), None, "also from what was read half a second ago");
}

#[tokio::test]
async fn a_key_tells_when_and_from_where_it_was_used() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let used = world.app.now().plus_ms(MINUTE_MS);
    world.clock.set(used);
    keys::open(&world.app, office.tenant.id, &office.key, "198.51.100.7").await.expect("opened");
    let key = keys::list(&world.app, &office.client).await.expect("keys").remove(0);
    assert_eq!(key.last_used_at, Some(used));
    assert_eq!(key.last_used_from, "198.51.100.7");
}

#[tokio::test]
async fn a_key_is_no_key_on_another_tenant() {
    let world = World::new().await;
    let (office, other) = (world.tenancy("desk").await, world.tenancy("other").await);
    let open = keys::open(&world.app, other.tenant.id, &office.key, "::1").await;
    assert_eq!(open.expect("asked"), None);
    let switch = keys::open_switch(&world.app, other.tenant.id, &office.switch.1).await;
    assert_eq!(switch.expect("asked"), None);
}

#[tokio::test]
async fn a_user_who_is_disabled_is_out_at_once() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let credentials = sessions::credentials(&world.app, office.tenant.id, "Carl@HartLowe.example");
    let credentials = credentials.await.expect("asked").expect("Carl");
    assert!(app::passwords::verify(testkit::PASSWORD, Some(&credentials.password_hash)));
    let cookie = sessions::begin(&world.app, &credentials.user).await.expect("a session");
    let session = async || sessions::of_cookie(&world.app, office.tenant.id, &cookie).await;
    assert_eq!(session().await.expect("asked").expect("signed in").actor, office.client);
    assert!(
        keys::open(&world.app, office.tenant.id, &office.key, "::1").await.expect("ok").is_some()
    );

    users::set_disabled(&world.app, &office.owner, office.client.user_id, true).await.expect("out");
    assert!(session().await.expect("asked").is_none());
    assert!(
        keys::open(&world.app, office.tenant.id, &office.key, "::1").await.expect("ok").is_none()
    );
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let credentials = sessions::credentials(&world.app, office.tenant.id, "ann@desk.example").await;
    let user = credentials.expect("asked").expect("Ann").user;
    let cookie = sessions::begin(&world.app, &user).await.expect("a session");
    let session = async || sessions::of_cookie(&world.app, office.tenant.id, &cookie).await;
    for _ in 0..3 {
        world.clock.advance(11 * 60 * MINUTE_MS);
        assert!(session().await.expect("asked").is_some());
    }
    world.clock.advance(12 * 60 * MINUTE_MS);
    assert!(session().await.expect("asked").is_none());
}

#[tokio::test]
async fn the_audit_log_finds_a_changed_row() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let AuditVerdict::Sound(rows) =
        audit::verify(&world.app, office.tenant.id).await.expect("checked")
    else {
        panic!("a fresh log is sound");
    };
    assert!(rows > 10);
    let path = world.folder.path().join("liberty.db");
    let sql = "UPDATE audit_entries SET subject = 'nobody' WHERE id = 5";
    let done = std::process::Command::new("sqlite3").arg(path).arg(sql).status();
    assert!(done.expect("sqlite3, which script/bootstrap installs").success());
    let verdict = audit::verify(&world.app, office.tenant.id).await.expect("checked");
    assert_eq!(verdict, AuditVerdict::Broken(5));
}
