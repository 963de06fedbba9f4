//! Signing in and out, and forms that do not come from our pages.

use app::users;
use domain::{Role, limits};
use testkit::PASSWORD;

use super::browser::{House, SESSION};

const WRONG: &str = "E-mail or password is not right. Please try again.";

#[tokio::test]
async fn the_right_password_leads_where_one_wanted_to_go() {
    let house = House::new().await;
    let mut browser = house.browser("one");
    let turned = browser.get("/messages?q=heat").await;
    assert_eq!(turned.is(303).location(), "/sign-in?next=%2Fmessages%3Fq%3Dheat");
    let form = browser.follow(&turned).await;
    assert!(form.is(200).body.contains("name=\"next\" value=\"/messages?q=heat\""));
    let answer = browser.sign_in("Carl@HartLowe.example", PASSWORD, "/messages?q=heat").await;
    assert_eq!(answer.is(303).location(), "/messages?q=heat");
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), [SESSION], "the form's is gone");
    browser.follow(&answer).await.is(200).shows("No message fits");
    assert_eq!(browser.get("/sign-in?next=/outbox").await.is(303).location(), "/outbox");
}

#[tokio::test]
async fn a_page_tells_no_cache_and_no_frame_about_itself() {
    let house = House::new().await;
    let page = house.signed_in(&house.one.client).await.get("/messages").await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("x-frame-options"), "DENY");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
}

#[tokio::test]
async fn each_role_begins_where_its_work_is() {
    let house = House::new().await;
    let one = &house.one;
    for (actor, place) in [
        (&one.client, "/messages"),
        (&one.agent, "/console"),
        (&one.supervisor, "/console"),
        (&one.owner, "/console"),
    ] {
        let mut browser = house.signed_in(actor).await;
        assert_eq!(browser.get("/").await.is(303).location(), place, "{:?}", actor.role);
    }
}

#[tokio::test]
async fn who_may_not_sign_in_is_never_told_why() {
    let house = House::new().await;
    let one = &house.one;
    let gone = &one.law;
    let gone = house.world.user(&one.tenant, "gone@x.example", "G", Role::Client, gone).await;
    users::set_disabled(&house.world.app, &one.owner, gone.user_id, true).await.expect("disabled");
    let long = "x".repeat(100_000);
    let mut bodies = Vec::new();
    for (email, password) in [
        ("carl@hartlowe.example", "wrong"),
        ("carl@hartlowe.example", ""),
        ("carl@hartlowe.example", long.as_str()),
        ("gone@x.example", PASSWORD),
        ("nobody@x.example", PASSWORD),
        ("", ""),
        ("a\0b@x.example", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ] {
        let mut browser = house.browser("one");
        let answer = browser.sign_in(email, password, "/").await;
        answer.is(422).shows(WRONG);
        assert!(!browser.cookies.contains_key(SESSION), "{email:?}");
        let body = answer.body.replace(&answer.csrf(), "TOKEN");
        let (before, field) = body.split_once(" name=\"email\"").expect("a field");
        let (field, after) = field.split_once(" value=\"").expect("what was typed");
        let (_, after) = after.split_once('"').expect("its end");
        bodies.push(format!("{before}{field}{after}"));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "all refusals look alike");
    // Somebody of another tenant is nobody here.
    let other =
        house.world.user(&house.two.tenant, "two@x.example", "T", Role::Owner, &house.two.law);
    other.await;
    house.browser("one").sign_in("two@x.example", PASSWORD, "/").await.is(422).shows(WRONG);
}

#[tokio::test]
async fn whoever_guesses_must_wait_even_with_the_right_password() {
    let house = House::new().await;
    let mut browser = house.browser("one");
    // Nobody's address costs as much as somebody's, so the test guesses in parallel.
    let csrf = browser.get("/sign-in").await.csrf();
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (mut browser, csrf) = (browser.clone(), csrf.clone());
        guesses.spawn(async move {
            let fields = [("email", "carl@hartlowe.example"), ("password", "no"), ("csrf", &csrf)];
            browser.post_raw("/sign-in", &fields).await.status
        });
    }
    let statuses = guesses.join_all().await;
    let looked_at = statuses.iter().filter(|status| **status == 422).count();
    assert_eq!(looked_at, 30, "many at once gain nothing: {statuses:?}");
    let answer = browser.sign_in("carl@hartlowe.example", PASSWORD, "/").await;
    answer.is(429).shows("Please wait 60 seconds");
    assert_eq!(answer.header("retry-after"), "60");
    house.world.clock.advance(60_000);
    browser.sign_in("carl@hartlowe.example", PASSWORD, "/").await.is(303);
}

#[tokio::test]
async fn the_way_on_never_leads_to_another_site() {
    let house = House::new().await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"] {
        let mut browser = house.browser("one");
        let answer = browser.sign_in("carl@hartlowe.example", PASSWORD, next).await;
        assert_eq!(answer.is(303).location(), "/", "{next:?}");
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let again = browser.get(&format!("/sign-in?{query}")).await;
        assert_eq!(again.is(303).location(), "/", "{next:?}");
    }
}

#[tokio::test]
async fn a_sign_in_form_must_be_one_that_this_browser_was_given() {
    let house = House::new().await;
    let right = [("email", "carl@hartlowe.example"), ("password", PASSWORD)];
    let with = |token: &'static str| {
        let mut fields = right.to_vec();
        fields.push(("csrf", token));
        fields
    };
    let zeros = "0000000000000000000000000000000000000000000000000000000000000000";
    for fields in [right.to_vec(), with(""), with(zeros)] {
        let mut fresh = house.browser("one");
        fresh.post_raw("/sign-in", &fields).await.is(403).shows("open for too long");
        assert!(!fresh.cookies.contains_key(SESSION));
        let mut given = house.browser("one");
        given.get("/sign-in").await.is(200);
        given.post_raw("/sign-in", &fields).await.is(403).shows("open for too long");
        assert!(!given.cookies.contains_key(SESSION));
    }
    let mut theirs = house.browser("one");
    let token = theirs.get("/sign-in").await.csrf();
    let mut fields = right.to_vec();
    fields.push(("csrf", &token));
    house.browser("one").post_raw("/sign-in", &fields).await.is(403);
    theirs.headers = vec![("sec-fetch-site", "cross-site".to_owned())];
    theirs.post_raw("/sign-in", &fields).await.is(403);
    theirs.headers = vec![("origin", "https://evil.example".to_owned())];
    theirs.post_raw("/sign-in", &fields).await.is(403);
    theirs.headers = vec![("sec-fetch-site", "same-origin".to_owned())];
    theirs.post_raw("/sign-in", &fields).await.is(303);
}

#[tokio::test]
async fn a_session_ends_with_the_sign_out_and_with_time() {
    let house = House::new().await;
    let mut browser = house.signed_in(&house.one.client).await;
    let stolen = browser.clone();
    assert_eq!(browser.post("/sign-out", &[]).await.is(303).location(), "/sign-in");
    assert!(!browser.cookies.contains_key(SESSION));
    stolen.clone().get("/messages").await.is(303);

    let mut idle = house.signed_in(&house.one.client).await;
    house.world.clock.advance(limits::SESSION_IDLE_MS - 1);
    idle.get("/messages").await.is(200);
    house.world.clock.advance(limits::SESSION_IDLE_MS);
    idle.get("/messages").await.is(303);
}

#[tokio::test]
async fn signing_in_ends_the_session_before() {
    let house = House::new().await;
    let mut browser = house.signed_in(&house.one.client).await;
    let before = browser.clone();
    let csrf = {
        let mut fresh = browser.clone();
        fresh.cookies.remove(SESSION);
        let csrf = fresh.get("/sign-in").await.csrf();
        browser.cookies.extend(fresh.cookies);
        csrf
    };
    let fields = [("email", "ann@desk.example"), ("password", PASSWORD), ("csrf", &csrf)];
    browser.post_raw("/sign-in", &fields).await.is(303);
    browser.get("/profile").await.is(200).shows("ann@desk.example");
    before.clone().get("/profile").await.is(303);
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once() {
    let house = House::new().await;
    let mut browser = house.signed_in(&house.one.client).await;
    let (app, one) = (&house.world.app, &house.one);
    users::set_disabled(app, &one.owner, one.client.user_id, true).await.expect("disabled");
    browser.get("/messages").await.is(303);
}

#[tokio::test]
async fn a_form_without_the_sessions_own_token_changes_nothing() {
    let house = House::new().await;
    let message = house.take().await;
    let mut carl = house.signed_in(&house.one.client).await;
    let others = house.signed_in(&house.one.agent).await.csrf().await;
    let carls_other = house.signed_in(&house.one.client).await.csrf().await;
    let own = carl.csrf().await;
    let path = format!("/messages/{}/acknowledge", message.id);
    let cut = own[..own.len() - 1].to_owned();
    for token in ["", "0", &others, &carls_other, &cut] {
        let answer = carl.post_raw(&path, &[("csrf", token)]).await;
        answer.is(403).shows("Nothing was changed");
    }
    carl.post_raw(&path, &[]).await.is(403);
    for (name, value) in
        [("sec-fetch-site", "same-site"), ("origin", "https://two.liberty.example")]
    {
        carl.headers = vec![(name, value.to_owned())];
        carl.post_raw(&path, &[("csrf", &own)]).await.is(403);
    }
    carl.headers.clear();
    let big = "x".repeat(600 * 1024);
    carl.post_raw(&path, &[("csrf", &own), ("big", &big)]).await.is(413);
    let json = carl.send("POST", &path, Some("{\"csrf\":1}".to_owned())).await;
    json.is(403);
    let found = app::messages::find(&house.world.app, &house.one.agent, message.id).await;
    assert_eq!(found.expect("a message"), message, "nothing was changed");
    carl.post_raw(&path, &[("csrf", &own)]).await.is(303);
}

#[tokio::test]
async fn a_host_that_is_no_tenant_has_no_pages() {
    let house = House::new().await;
    for path in ["/", "/sign-in", "/messages"] {
        house.browser("three").get(path).await.is(404).shows("This page is not here");
    }
    house.browser("one").get("/no/such/page").await.is(404).shows("This page is not here");
}

#[tokio::test]
async fn a_database_that_is_away_is_told_in_words() {
    let house = House::new().await;
    let mut carl = house.signed_in(&house.one.client).await;
    house.world.db.close().await;
    house.world.clock.advance(limits::MINUTE_MS);
    for path in ["/messages", "/sign-in", "/profile", "/messages.csv"] {
        let page = carl.get(path).await;
        page.is(503).shows("We will be back in a moment");
        assert_eq!(page.header("retry-after"), "60");
    }
}
