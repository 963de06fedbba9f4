//! People: made, changed, shut out and let in again by those above them.

use app::{sessions, users};
use axum::http::StatusCode;
use domain::Role;

use super::support::House;

const NEW: [(&str, &str); 4] = [
    ("name", "Nora New"),
    ("email", "Nora@HartLowe.example"),
    ("role", "client"),
    ("password", "twelve letters"),
];

#[tokio::test]
async fn a_client_is_added_with_accounts_and_signs_in() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let law = house.one.law.id.to_string();
    let added = house.post(&sam, "/people", &[&NEW[..], &[("account_id", &law)]].concat()).await;
    let list = house.follow(&sam, &added).await;
    assert!(list.says("Nora New can sign in with nora@hartlowe.example."));
    let (app, tenant) = (&house.world.app, house.one.tenant.id);
    let found = sessions::credentials(app, tenant, "nora@hartlowe.example").await;
    let hash = found.expect("asked").expect("Nora").password_hash;
    assert!(app::passwords::verify("twelve letters", Some(&hash)));
    let nora = users::actor_of(app, tenant, "nora@hartlowe.example").await.expect("Nora");
    assert!(nora.sees(house.one.law.id) && !nora.sees(house.one.dental.id));
    let found = house.get(&sam, "/people?q=nora").await;
    assert!(found.says("Nora New") && !found.says("Carl"));
}

#[tokio::test]
async fn a_refused_person_keeps_all_but_the_password() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let (law, foreign) = (house.one.law.id.to_string(), house.two.law.id.to_string());
    let refused = async |change: (&str, &str), account: &str| {
        let mut sent = NEW.to_vec();
        if let Some(field) = sent.iter_mut().find(|(name, _)| *name == change.0) {
            field.1 = change.1;
        }
        if !account.is_empty() {
            sent.push(("account_id", account));
        }
        let reply = house.post(&sam, "/people", &sent).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{change:?} {account}");
        assert!(!reply.html.contains("twelve letters"), "a password is never sent back");
        reply
    };
    let page = refused(("name", "a\r\nb"), &law).await;
    assert!(page.control("name").contains("Name must not hold line breaks"));
    let page = refused(("email", "carl@hartlowe.example"), &law).await;
    assert!(page.control("email").contains("E-mail is taken already."));
    let page = refused(("email", "a@b.example\r\nBcc: c@d.example"), &law).await;
    assert!(page.control("email").contains("E-mail must be an e-mail address"));
    let page = refused(("password", "short"), &law).await;
    assert!(page.control("password").contains("First password must have at least 12 characters."));
    assert!(page.control("name").contains("value=\"Nora New\""));
    assert!(page.says(&format!("value=\"{law}\" checked")));
    for role in ["owner", "supervisor"] {
        let page = refused(("role", role), &law).await;
        assert!(page.control("role").contains("Role must be below your own."), "{role}");
    }
    let page = refused(("role", "king"), &law).await;
    assert!(page.control("role").contains("Role must be one of the list."));
    let page = refused(("name", "Nora New"), "").await;
    assert!(page.says("These must be at least one for a client."));
    for account in [foreign.as_str(), "nine"] {
        let page = refused(("name", "Nora New"), account).await;
        assert!(page.says("These must be accounts that exist."), "{account}: {}", page.html);
    }
}

#[tokio::test]
async fn roles_offered_are_those_that_one_may_give() {
    let house = House::new().await;
    let offered = async |who| house.get(&who, "/people/new").await.control("role").to_owned();
    let sam = offered(house.supervisor().await).await;
    assert!(sam.contains("value=\"agent\"") && !sam.contains("value=\"supervisor\""));
    let olivia = offered(house.enters(&house.one.owner).await).await;
    assert!(olivia.contains("value=\"supervisor\""));
}

#[tokio::test]
async fn name_accounts_and_password_are_changed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let carl = house.enters(&house.one.client).await;
    let page = format!("/people/{}", house.one.client.user_id);
    let dental = house.one.dental.id.to_string();
    let saved = house.post(&sam, &page, &[("name", "Carl Hart"), ("account_id", &dental)]).await;
    let shown = house.follow(&sam, &saved).await;
    assert!(shown.says("Carl Hart") && shown.says(&format!("value=\"{dental}\" checked")));
    let none = house.post(&sam, &page, &[("name", "Carl Hart")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.says("These must be at least one for a client."));

    let password = format!("{page}/password");
    let short = house.post(&sam, &password, &[("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.says("New password must have at least 12 characters."));
    assert_eq!(house.get(&carl, "/profile").await.status, StatusCode::OK);
    let set = house.post(&sam, &password, &[("password", "a wholly new one")]).await;
    assert!(house.follow(&sam, &set).await.says("signs in with the new password"));
    assert_eq!(house.get(&carl, "/profile").await.status, StatusCode::SEE_OTHER, "signed out");
}

#[tokio::test]
async fn somebody_is_shut_out_and_let_in_again() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let carl = house.enters(&house.one.client).await;
    let page = format!("/people/{}", house.one.client.user_id);
    let out = house.post(&sam, &format!("{page}/disable"), &[]).await;
    assert!(house.follow(&sam, &out).await.says("May not sign in"));
    assert_eq!(house.get(&carl, "/messages").await.status, StatusCode::SEE_OTHER);
    assert!(house.get(&sam, "/people").await.says("Disabled"));
    let back = house.post(&sam, &format!("{page}/enable"), &[]).await;
    assert!(house.follow(&sam, &back).await.says("May sign in again"));
}

#[tokio::test]
async fn those_of_ones_rank_are_shown_and_not_changed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    for (actor, role) in
        [(&house.one.owner, Role::Owner), (&house.one.supervisor, Role::Supervisor)]
    {
        let page = format!("/people/{}", actor.user_id);
        let shown = house.get(&sam, &page).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(!shown.html.contains(&format!("action=\"{page}")), "{role:?}: nothing to send");
        for (way, sent) in [
            ("", vec![("name", "Eve")]),
            ("/password", vec![("password", "a wholly new one")]),
            ("/disable", vec![]),
            ("/enable", vec![]),
        ] {
            let reply = house.post(&sam, &format!("{page}{way}"), &sent).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{role:?} {way}");
        }
        let app = &house.world.app;
        let kept = users::actor_of(app, actor.tenant_id, &actor.email).await.expect("there");
        assert_eq!(&kept, actor);
    }
}
