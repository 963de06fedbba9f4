//! Contract, authentication: keys that work, keys that do not, and guessing (S4, S5).

use axum::http::Method;
use domain::limits::{DAY_MS, MINUTE_MS};
use serde_json::Value;

use super::support::{House, ask, golden};

const PATHS: [&str; 5] = [
    "/api/v2/messages",
    "/v2/messages/1",
    "/v2/messages?limit=nonsense",
    "/api/v2/call-recordings",
    "/v2/me",
];

#[tokio::test]
async fn a_key_sees_what_its_user_may_see() {
    let house = House::new().await;
    let (tenant, now) = (house.one.tenant.id, house.world.app.now());
    let law = house.world.add_message(tenant, house.one.law.id, now, |_| {}).await.0;
    let dental = house.world.add_message(tenant, house.one.dental.id, now, |_| {}).await.0;
    let check = async |actor: &app::Actor, wanted: &[i64]| {
        let key = app::keys::create(&house.world.app, actor, "k", None).await.expect("a key").token;
        let reply = house.send(ask(Method::GET, "one", "/v2/messages").token(&key).empty()).await;
        assert_eq!(reply.ids(), wanted, "{}", actor.name);
        let me = house.send(ask(Method::GET, "one", "/v2/me").token(&key).empty()).await.json();
        assert_eq!(me["data"]["email"], actor.email);
    };
    check(&house.one.client, &[law]).await;
    check(&house.one.other_client, &[dental]).await;
    check(&house.one.agent, &[dental, law]).await;
    check(&house.one.owner, &[dental, law]).await;
}

#[tokio::test]
async fn a_bad_missing_revoked_expired_or_foreign_token_is_the_golden_401() {
    let house = House::new().await;
    let app = &house.world.app;
    let actor = &house.one.client;
    let soon = app.now().plus_ms(DAY_MS);
    let expired = app::keys::create(app, actor, "short", Some(soon)).await.expect("a key").token;
    let revoked = app::keys::create(app, actor, "gone", None).await.expect("a key");
    for token in [&expired, &revoked.token] {
        let reply = house.send(ask(Method::GET, "one", "/v2/me").token(token).empty()).await;
        assert_eq!(reply.status, 200, "it works at first");
    }
    app::keys::revoke(app, actor, revoked.key.id).await.expect("revoked");
    let reply = house.send(ask(Method::GET, "one", "/v2/me").token(&revoked.token).empty()).await;
    assert_eq!(reply.status, 401, "from the next request on");
    house.world.clock.advance(DAY_MS);

    let right = &house.one.key;
    let wrong_end = format!("{}a", &right[..right.len() - 1]);
    let wrong_start = right.replacen("lk_", "lk_7", 1);
    let upper = right.to_uppercase();
    let long = "lk_".repeat(1_000);
    let tokens = [
        &expired,
        &revoked.token,
        &house.two.key,
        &wrong_end,
        &wrong_start,
        &upper,
        &long,
        &right[..11],
        &house.one.switch.1,
        "é",
        "lk_",
        "0",
    ];
    let wanted = golden("invalid_token.json").to_string();
    let check = async |request| {
        let reply = house.send(request).await;
        assert_eq!((reply.status.as_u16(), reply.text()), (401, wanted.clone()));
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    };
    for path in PATHS {
        for token in tokens {
            check(ask(Method::GET, "one", path).token(token).empty()).await;
        }
        check(ask(Method::GET, "one", path).empty()).await;
        check(ask(Method::GET, "one", path).header("authorization", right).empty()).await;
        check(ask(Method::GET, "one", path).header("authorization", "Bearer ").empty()).await;
        check(ask(Method::GET, "one", path).header("authorization", "Basic eA==").empty()).await;
        let in_query = format!("/v2/me?token={right}&access_token={right}");
        check(ask(Method::GET, "one", &in_query).empty()).await;
    }
    let lower =
        ask(Method::GET, "one", "/v2/me").header("authorization", &format!("bearer  {right}"));
    assert_eq!(house.send(lower.empty()).await.status, 200, "the scheme's case is free");
}

#[tokio::test]
async fn a_tenant_may_answer_404_to_a_bad_token() {
    let house = House::new().await;
    let tenant = house.one.tenant.id;
    app::tenants::hide_bad_tokens(&house.world.app, tenant, true).await.expect("set");
    let wanted = golden("invalid_token.json").to_string();
    for path in PATHS {
        let reply = house.send(ask(Method::GET, "one", path).token("lk_x").empty()).await;
        assert_eq!((reply.status.as_u16(), reply.text()), (404, wanted.clone()), "{path}");
    }
    let other = house.send(ask(Method::GET, "two", "/v2/me").empty()).await;
    assert_eq!(other.status, 401, "the other tenant's own setting");
}

#[tokio::test]
async fn guessing_is_slowed_by_address_and_never_locks_a_right_token_out() {
    let house = House::new().await;
    let get = async |token: &str, peer: &str| {
        let request = ask(Method::GET, "one", "/v2/me").from(peer).token(token).empty();
        house.send(request).await
    };
    let guess = |i: usize| format!("{}{i:032}", &house.one.key[..12]);
    let mut statuses = [0; 2];
    for i in 0..1_000 {
        let reply = get(&guess(i), "192.0.2.7:1").await;
        match reply.status.as_u16() {
            401 => statuses[0] += 1,
            429 => {
                let seconds: i64 = reply.header("retry-after").parse().expect("seconds");
                assert!((1..=60).contains(&seconds));
                reply.refused(429);
                statuses[1] += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(statuses, [300, 700]);
    assert_eq!(get(&house.one.key, "192.0.2.7:2").await.status, 200, "a right one passes");
    assert_eq!(get(&guess(0), "192.0.2.8:1").await.status, 401, "another address");
    let missing = ask(Method::GET, "one", "/v2/me").from("192.0.2.7:3").empty();
    assert_eq!(house.send(missing).await.status, 401, "no token is no guess");
    let legacy = ask(Method::GET, "one", "/v1/messages").from("192.0.2.7:4");
    let legacy = legacy.legacy("carl@hartlowe.example", "lk_no").empty();
    assert_eq!(house.send(legacy).await.status, 429, "one count for all doors");
    let hook = ask(Method::POST, "one", "/hooks/v1/calls").from("192.0.2.7:5").token("ls_no");
    assert_eq!(house.send(hook.empty()).await.status, 429);
    house.world.clock.advance(MINUTE_MS);
    assert_eq!(get(&guess(1), "192.0.2.7:6").await.status, 401, "the next minute");
}

#[tokio::test]
async fn a_thousand_addresses_open_nothing_either() {
    let house = House::new().await;
    for i in 0..1_000 {
        let token = format!("{}{i:032}", &house.one.key[..12]);
        let peer = format!("198.51.{}.{}:1", i / 256, i % 256);
        let request = ask(Method::GET, "one", "/v2/me").from(&peer).token(&token).empty();
        assert_eq!(house.send(request).await.status, 401);
    }
    assert_eq!(house.get("/v2/me").await.status, 200);
}

/// S5: what is compared is the SHA-256 of what came in, by the index of a table. Nothing secret is
/// compared byte by byte, so a longer common beginning takes no longer; what is stored tells no
/// token either.
#[tokio::test]
async fn a_token_is_looked_up_by_its_hash() {
    let house = House::new().await;
    let token = &house.one.key;
    assert_eq!(token.len(), 44, "kind, name, and 160 secret bits");
    let keys = app::keys::list(&house.world.app, &house.one.client).await.expect("keys");
    assert!(keys.iter().all(|key| !format!("{key:?}").contains(&token[12..])));
    for wal in ["liberty.db", "liberty.db-wal"] {
        let file = std::fs::read(house.world.folder.path().join(wal)).unwrap_or_default();
        assert!(!file.windows(32).any(|bytes| bytes == &token.as_bytes()[12..]), "{wal}");
    }
}

#[tokio::test]
async fn an_unknown_host_has_no_tenant() {
    let house = House::new().await;
    let request = ask(Method::GET, "nobody", "/v2/me").token(&house.one.key).empty();
    house.send(request).await.refused(404);
    let me = house.get("/v2/me").await.json();
    assert_eq!(me["data"]["tenant"]["subdomain"], "one");
    let numbers: Vec<&Value> = me["data"]["accounts"].as_array().expect("a list").iter().collect();
    assert_eq!(numbers[0]["account_number"], "W0411");
    assert_eq!(numbers.len(), 1);
}
