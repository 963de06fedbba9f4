//! The documentation: pages for people, Markdown for programs, answers for both.

use super::browser::House;

const GUIDE: &str = "/docs/guides/delivery";

#[tokio::test]
async fn a_page_is_open_to_everybody_and_the_same_as_markdown() {
    let house = House::new().await;
    let mut stranger = house.browser("one");
    let page = stranger.get(GUIDE).await;
    page.is(200).shows("Escalation").shows("Sign in");
    assert!(page.body.contains("href=\"/docs/guides/on-call\"") || page.body.contains("Contents"));
    assert!(!page.body.contains("noindex"), "it is to be found");
    let markdown = stranger.get("/docs/guides/delivery.md").await;
    markdown.is(200);
    assert_eq!(markdown.header("content-type"), "text/markdown; charset=utf-8");
    assert!(markdown.body.starts_with("# Delivery"), "{}", &markdown.body[..40]);
    let api = stranger.get("/docs/guides/api.md").await;
    assert!(api.body.contains("https://one.liberty.example/api/v2/messages"), "its own address");
    stranger.get("/docs").await.is(200).shows("Webhooks");
    stranger.get("/docs/guides/nothing").await.is(404);
    let missing = stranger.get("/docs/guides/nothing.md").await;
    assert_eq!(
        (missing.status.as_u16(), missing.header("content-type")),
        (404, "application/json")
    );
}

#[tokio::test]
async fn a_question_is_answered_with_its_sources_or_it_is_said_that_nothing_does() {
    let house = House::new().await;
    let mut stranger = house.browser("one");
    let answer = stranger.get(&format!("{GUIDE}.md?ask=how+do+I+acknowledge+by+text")).await;
    answer.is(200);
    assert!(answer.body.contains("`OK`") && answer.body.contains("## Sources"), "{}", answer.body);
    let page = stranger.get(&format!("{GUIDE}?ask=how+do+I+acknowledge+by+text")).await;
    page.is(200).shows("how do I acknowledge by text").shows("Sources");
    let none = stranger.get(&format!("{GUIDE}.md?ask=who+won+the+world+cup")).await;
    let said = "The documentation does not answer this question.";
    assert!(none.body.starts_with(said), "{}", none.body);
}

#[tokio::test]
async fn a_question_is_short_and_never_becomes_html() {
    let house = House::new().await;
    let mut stranger = house.browser("one");
    let most = "a".repeat(500);
    stranger.get(&format!("{GUIDE}.md?ask={most}")).await.is(200);
    let refused = stranger.get(&format!("{GUIDE}.md?ask={most}a")).await;
    refused.is(422);
    assert!(refused.body.contains("ask must have at most 500 characters"), "{}", refused.body);
    let page = stranger.get(&format!("{GUIDE}?ask={most}a")).await;
    page.is(422).shows("at most 500 characters");
    let script = "%3Cscript%3Ealert(1)%3C/script%3E+escalation";
    for address in [format!("{GUIDE}?ask={script}"), format!("{GUIDE}.md?ask={script}")] {
        assert!(!stranger.get(&address).await.body.contains("<script>alert"), "{address}");
    }
}

#[tokio::test]
async fn lists_of_all_pages_lead_to_them_at_ones_own_address() {
    let house = House::new().await;
    let mut stranger = house.browser("two");
    let models = stranger.get("/llms.txt").await;
    models.is(200);
    let page = "(https://two.liberty.example/docs/guides/webhooks.md)";
    assert!(models.body.contains(page) && models.body.contains("?ask="), "{}", models.body);
    let map = stranger.get("/sitemap.xml").await;
    map.is(200);
    let page = "<loc>https://two.liberty.example/docs/guides/webhooks</loc>";
    assert!(map.body.contains(page), "{}", map.body);
    for before in ["/api", "/api/reference"] {
        let moved = stranger.get(before).await;
        let to = "/docs/api-reference/user-portal-apis/api-reference";
        assert_eq!((moved.status.as_u16(), moved.header("location")), (308, to));
    }
}

#[tokio::test]
async fn examples_begin_ones_key_for_whoever_is_signed_in_and_has_one() {
    let house = House::new().await;
    let mut doris = house.signed_in(&house.one.other_client).await;
    doris.get("/docs/sample").await.is(200).shows("Bearer {AUTH_TOKEN}").shows("To the portal");
    let made = app::keys::create(&house.world.app, &house.one.other_client, "Mine", None).await;
    let made = made.expect("a key");
    let page = doris.get("/docs/sample").await;
    page.is(200).shows(&format!("Bearer {}…", made.key.prefix)).hides(&made.token);
    house.browser("one").get("/docs/sample").await.is(200).shows("Bearer {AUTH_TOKEN}");
}
