//! People and directories, changed by those who may: what it leaves in rights, lists and the log.

use app::audit::{self, AuditVerdict};
use app::{Actor, Error, accounts, keys, messages, passwords, sessions, users};
use domain::account::ContactEntry;
use domain::user::Scope;
use domain::{DidId, UserId};
use testkit::{Tenancy, World};

async fn actor(world: &World, office: &Tenancy, email: &str) -> Actor {
    users::actor_of(&world.app, office.tenant.id, email).await.expect("an actor")
}

#[tokio::test]
async fn a_changed_membership_counts_from_the_next_request_on() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let open = async || keys::open(&world.app, office.tenant.id, &office.key, "::1").await;
    let scope = async || open().await.expect("opened").expect("Carl's key").scope;
    assert_eq!(scope().await, Scope::Accounts(vec![office.law.id]));
    let carl = office.client.user_id;
    let only = [office.dental.id];
    users::update(&world.app, &office.supervisor, carl, "Carl Lowe", &only).await.expect("changed");
    assert_eq!(scope().await, Scope::Accounts(vec![office.dental.id]));
    let found = users::find(&world.app, &office.owner, carl).await.expect("Carl");
    assert_eq!((found.user.name.as_str(), found.accounts), ("Carl Lowe", vec![office.dental.id]));
    let log = audit::verify(&world.app, office.tenant.id).await.expect("checked");
    users::update(&world.app, &office.supervisor, carl, "Carl Lowe", &only)
        .await
        .expect("the same");
    let again = audit::verify(&world.app, office.tenant.id).await.expect("checked");
    assert!(
        matches!(log, AuditVerdict::Sound(_)) && log == again,
        "nothing changed, nothing logged"
    );
}

#[tokio::test]
async fn an_account_of_another_tenant_cannot_be_joined() {
    let world = World::new().await;
    let (office, other) = (world.tenancy("desk").await, world.tenancy("other").await);
    let carl = office.client.user_id;
    let refused = users::update(&world.app, &office.owner, carl, "Carl", &[other.law.id]).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert_eq!(actor(&world, &office, "carl@hartlowe.example").await, office.client);
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let credentials = async || {
        let found = sessions::credentials(&world.app, office.tenant.id, "ann@desk.example").await;
        found.expect("asked").expect("Ann")
    };
    let cookie = sessions::begin(&world.app, &credentials().await.user).await.expect("a session");
    let ann = office.agent.user_id;
    let hash = passwords::hash(&world.app, "a wholly new one");
    let short = users::change_password(&world.app, &office.supervisor, ann, "short", &hash).await;
    assert!(matches!(short, Err(Error::Invalid(_))), "{short:?}");
    users::change_password(&world.app, &office.supervisor, ann, "a wholly new one", &hash)
        .await
        .expect("changed");
    assert!(
        sessions::of_cookie(&world.app, office.tenant.id, &cookie).await.expect("ok").is_none()
    );
    let kept = credentials().await.password_hash;
    assert!(passwords::verify("a wholly new one", Some(&kept)));
    assert!(!passwords::verify(testkit::PASSWORD, Some(&kept)));
}

#[tokio::test]
async fn nobody_changes_themselves_their_equals_or_strangers() {
    let world = World::new().await;
    let (office, other) = (world.tenancy("desk").await, world.tenancy("other").await);
    let hash = passwords::hash(&world.app, "a wholly new one");
    let refused = async |actor: &Actor, id: UserId| {
        let app = &world.app;
        let update = users::update(app, actor, id, "Eve", &[]).await.expect_err("refused");
        let password = users::change_password(app, actor, id, "a wholly new one", &hash).await;
        let password = password.expect_err("refused");
        assert_eq!(update.to_string(), password.to_string());
        update
    };
    let forbidden = [
        (&office.supervisor, office.owner.user_id),
        (&office.supervisor, office.supervisor.user_id),
        (&office.owner, office.owner.user_id),
        (&office.agent, office.client.user_id),
        (&office.client, office.client.user_id),
    ];
    for (actor, id) in forbidden {
        let error = refused(actor, id).await;
        assert!(matches!(error, Error::Forbidden(_)), "{actor:?} {id}: {error:?}");
    }
    for id in [other.client.user_id, UserId(999)] {
        let error = refused(&office.owner, id).await;
        assert!(matches!(error, Error::NotFound), "{id}: {error:?}");
    }
    assert_eq!(actor(&world, &other, "carl@hartlowe.example").await, other.client);
}

#[tokio::test]
async fn contacts_and_lines_change_and_go() {
    let world = World::new().await;
    let (office, other) = (world.tenancy("desk").await, world.tenancy("other").await);
    let (app, law, jane) = (&world.app, office.law.id, office.jane.id);
    let entry = |name: &str| ContactEntry { name: name.to_owned(), ..ContactEntry::default() };
    let changed =
        accounts::change_contact(app, &office.supervisor, law, jane, entry("Jane H.")).await;
    assert_eq!(changed.expect("changed").email, "");
    let nameless = accounts::change_contact(app, &office.supervisor, law, jane, entry(" ")).await;
    assert!(matches!(nameless, Err(Error::Invalid(_))), "{nameless:?}");

    let elsewhere = [(&office.owner, office.dental.id, jane), (&office.owner, law, other.jane.id)];
    for (actor, account, contact) in elsewhere {
        let changed = accounts::change_contact(app, actor, account, contact, entry("Eve")).await;
        assert!(matches!(changed, Err(Error::NotFound)), "{changed:?}");
        let removed = accounts::remove_contact(app, actor, account, contact).await;
        assert!(matches!(removed, Err(Error::NotFound)), "{removed:?}");
    }
    for line in [other.line.id, DidId(999)] {
        let removed = accounts::remove_did(app, &office.owner, law, line).await;
        assert!(matches!(removed, Err(Error::NotFound)), "{removed:?}");
    }
    let forbidden = accounts::remove_contact(app, &office.agent, law, jane).await;
    assert!(matches!(forbidden, Err(Error::Forbidden(_))), "{forbidden:?}");

    accounts::remove_contact(app, &office.owner, law, jane).await.expect("removed");
    accounts::remove_did(app, &office.owner, law, office.line.id).await.expect("removed");
    let left = app::playbooks::find(app, &office.owner, law).await.expect("a playbook");
    assert_eq!((left.contacts.len(), left.lines.len()), (0, 0));
}

#[tokio::test]
async fn lines_are_told_of_accounts_that_one_sees_only() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let ids = [office.law.id, office.dental.id];
    let lines = async |actor| accounts::lines(&world.app, actor, &ids).await.expect("lines");
    assert_eq!(lines(&office.agent).await, std::slice::from_ref(&office.line));
    assert_eq!(lines(&office.client).await, std::slice::from_ref(&office.line));
    assert_eq!(lines(&office.other_client).await, []);
    let mine = messages::mine(&world.app, &office.client, 5).await;
    assert!(matches!(mine, Err(Error::Forbidden(_))), "{mine:?}");
}
