//! Application Keys in the profile: made, shown once, used, reviewed, revoked.

use domain::Instant;

use super::browser::House;

/// The key on a page.
fn token(body: &str) -> String {
    let (_, rest) = body.split_once("<code id=\"token\">").expect("a key");
    rest.split('<').next().expect("a key").to_owned()
}

#[tokio::test]
async fn a_key_is_shown_once_works_and_ends_when_it_is_revoked() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let mut doris = house.signed_in(&one.other_client).await;
    let fields = [("name", "Practice software"), ("expires_on", "")];
    let page = doris.post("/profile/keys", &fields).await;
    page.is(200).shows("“Practice software” is ready").shows("Expires Never");
    assert_eq!(page.header("cache-control"), "no-store");
    let token = token(&page.body);
    let curl = format!("curl -H 'Authorization: Bearer {token}' \\ 'https://one.liberty.example/");
    page.shows(&format!("{curl}api/v2/messages?limit=1'"));

    let opened = app::keys::open(app, one.tenant.id, &token, "203.0.113.24").await;
    assert_eq!(opened.expect("asked").expect("it works").user_id, one.other_client.user_id);
    let profile = doris.get("/profile").await;
    profile.is(200).shows(&token[..11]).shows("just now from 203.0.113.24").hides(&token);

    let id = app::keys::list(app, &one.other_client).await.expect("keys")[0].id;
    // A key of another's is not there, not even for the owner.
    let mut olivia = house.signed_in(&one.owner).await;
    let theirs = olivia.post(&format!("/profile/keys/{id}/revoke"), &[]).await;
    theirs.is(404);
    let answer = doris.post(&format!("/profile/keys/{id}/revoke"), &[]).await;
    let page = doris.follow(&answer).await;
    page.is(200).shows("“Practice software” is revoked").shows("No keys yet");
    let opened = app::keys::open(app, one.tenant.id, &token, "203.0.113.24").await;
    assert_eq!(opened.expect("asked"), None, "its next request is refused");
    doris.post(&format!("/profile/keys/{id}/revoke"), &[]).await.is(404);
}

#[tokio::test]
async fn a_key_works_to_the_end_of_its_last_day_in_the_zone_of_the_service() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let mut carl = house.signed_in(&one.client).await;
    // It is 5 PM on January 21 in New York, and 10 PM in Greenwich.
    let fields = [("name", "Today"), ("expires_on", "2025-01-21")];
    let page = carl.post("/profile/keys", &fields).await;
    page.is(200).shows("Expires Jan 21, 2025");
    let token = token(&page.body);
    let key = app::keys::list(app, &one.client).await.expect("keys")[0].clone();
    let midnight = Instant::parse("2025-01-22T05:00:00Z").expect("an instant");
    assert_eq!(key.expires_at, Some(midnight));
    house.world.clock.set(midnight.minus_ms(1));
    assert!(app::keys::open(app, one.tenant.id, &token, "x").await.expect("asked").is_some());
    house.world.clock.set(midnight);
    assert!(app::keys::open(app, one.tenant.id, &token, "x").await.expect("asked").is_none());
    carl.get("/profile").await.is(200).shows("Jan 21, 2025 Expired");
}

#[tokio::test]
async fn what_is_wrong_with_a_key_stands_beside_its_field() {
    let house = House::new().await;
    let mut carl = house.signed_in(&house.one.client).await;
    let long = "x".repeat(501);
    for (name, day, said) in [
        ("", "", "Give the key a name, so that you know it again."),
        ("  ", "", "Give the key a name, so that you know it again."),
        (long.as_str(), "", "Must have at most 500 bytes."),
        ("a\r\nb", "", "Must not hold line breaks"),
        ("Old", "2025-01-20", "This day is already over."),
        ("Never", "2025-13-01", "The month must be 01 to 12, not 13."),
        ("Never", "tomorrow", "Must be"),
    ] {
        let page = carl.post("/profile/keys", &[("name", name), ("expires_on", day)]).await;
        page.is(422).shows(said);
        assert!(page.body.contains(&format!("value=\"{day}\"")), "what was typed is kept");
    }
    let keys = app::keys::list(&house.world.app, &house.one.client).await.expect("keys");
    assert_eq!(keys.len(), 1, "only the one that he had");
}

#[tokio::test]
async fn a_profile_tells_who_one_is() {
    let house = House::new().await;
    let one = &house.one;
    let mut carl = house.signed_in(&one.client).await;
    carl.get("/profile")
        .await
        .shows("Name Carl")
        .shows("E-mail carl@hartlowe.example")
        .shows("Role Client")
        .shows("Accounts Hart & Lowe, Attorneys");
    let mut olivia = house.signed_in(&one.owner).await;
    olivia.get("/profile").await.shows("Role Owner").shows("Accounts All accounts");
}

#[tokio::test]
async fn a_key_may_be_limited_and_says_to_what() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let mut olivia = house.signed_in(&one.owner).await;
    olivia.get("/profile").await.is(200).shows("Only these parts of the API").shows("On-call");
    let account = one.law.id.to_string();
    let fields = [
        ("name", "Wall display"),
        ("read_only", "true"),
        ("addresses", "203.0.113.0/24, 2001:db8::1"),
        ("resource", "messages"),
        ("resource", "on-call"),
        ("account_id", &account),
    ];
    olivia.post("/profile/keys", &fields).await.is(200).shows("“Wall display” is ready");
    let key = app::keys::list(app, &one.owner).await.expect("keys")[0].clone();
    let limits = format!(
        "read-only; accounts {account}; addresses 203.0.113.0/24 2001:db8::1/128; \
         resources messages on-call"
    );
    assert_eq!(key.limits.to_string(), limits);
    let profile = olivia.get("/profile").await;
    profile.shows("Only reads").shows("Only Messages, On-call");
    profile.shows(&format!("Only for {}", one.law.name));
    profile.shows("Only from 203.0.113.0/24, 2001:db8::1/128");

    let wrong = [("name", "Display"), ("addresses", "the office"), ("account_id", "x")];
    let page = olivia.post("/profile/keys", &wrong).await;
    page.is(422).shows("These must be IP addresses or networks");
    let mut carl = house.signed_in(&one.client).await;
    let dental = one.dental.id.to_string();
    let page = carl.post("/profile/keys", &[("name", "k"), ("account_id", &*dental)]).await;
    page.is(422).shows("These must be accounts that you may see");
}
