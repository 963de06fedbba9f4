//! The link in an e-mail: scanners look and change nothing, a person presses once.

use app::Links;
use axum::http::Method;
use domain::limits::{ACK_LINK_LIFE_MS, TOKEN_GUESSES};
use domain::{Message, Status};

use super::browser::{Browser, House};

impl House {
    /// A house whose e-mails carry links.
    async fn linked() -> Self {
        House::with_links(Links {
            public_url: "https://liberty.example".to_owned(),
            base_domain: "liberty.example".to_owned(),
        })
        .await
    }

    /// The path of the link in the e-mail about a message.
    async fn link_of(&self, message: &Message) -> String {
        let (app, owner) = (&self.world.app, &self.one.owner);
        let detail = app::messages::detail(app, owner, message.id).await.expect("a message");
        let (mail, _) = detail.deliveries.first().expect("a mail");
        let (_, link) = mail.body.split_once("https://one.liberty.example").expect("a link");
        link.split_whitespace().next().expect("its end").to_owned()
    }

    async fn message(&self, message: &Message) -> Message {
        let (app, owner) = (&self.world.app, &self.one.owner);
        app::messages::find(app, owner, message.id).await.expect("a message")
    }
}

/// What a page of the link must never let happen to it.
fn is_private(answer: &super::browser::Answer) {
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("x-robots-tag").contains("noindex"));
    assert!(answer.header("content-security-policy").contains("form-action 'self'"));
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn scanners_look_in_vain_and_a_person_acknowledges_once() {
    let house = House::linked().await;
    let message = house.take().await;
    let link = house.link_of(&message).await;
    let before = house.message(&message).await;
    let mut scanner = house.browser("one");
    for _ in 0..20 {
        let page = scanner.get(&link).await;
        page.is(200).shows("Maria Lopez called").shows("Please call me about the hearing.");
        page.shows("Nobody has acknowledged this message yet.").shows("I take charge of it");
        is_private(&page);
        let head = scanner.send(Method::HEAD.as_str(), &link, None).await;
        is_private(head.is(200));
        assert_eq!(head.body, "");
    }
    assert_eq!(house.message(&message).await, before, "looking changes nothing");

    let mut jane: Browser = house.browser("one");
    let pressed = jane.send("POST", &link, Some(String::new())).await;
    pressed.is(200).shows("Thank you. It is acknowledged").hides("I take charge of it");
    is_private(&pressed);
    let after = house.message(&message).await;
    assert_eq!(after.status, Status::Acknowledged);
    let again = jane.send("POST", &link, Some("name=anything".to_owned())).await;
    again.is(200).shows("It was acknowledged with this link before.").hides("<form");
    scanner.get(&link).await.is(200).shows("acknowledged with this link before");
    assert_eq!(house.message(&message).await, after, "the second press changes nothing");
    let mut carl = house.signed_in(&house.one.client).await;
    let page = carl.get(&format!("/messages/{}", message.id)).await;
    page.is(200).shows("Jane Hart acknowledged it by e-mail.");
}

#[tokio::test]
async fn a_link_says_when_somebody_else_was_faster_or_it_is_too_old() {
    let house = House::linked().await;
    let (first, second) = (house.take().await, house.take().await);
    let links = [house.link_of(&first).await, house.link_of(&second).await];
    let mut carl = house.signed_in(&house.one.client).await;
    carl.post(&format!("/messages/{}/acknowledge", first.id), &[]).await.is(303);
    let mut jane = house.browser("one");
    for method in ["GET", "POST"] {
        let page = jane.send(method, &links[0], None).await;
        page.is(200).shows("Somebody has taken charge of it already.").hides("<form");
    }
    house.world.clock.advance(ACK_LINK_LIFE_MS);
    for method in ["GET", "POST"] {
        let page = jane.send(method, &links[1], None).await;
        page.is(200).shows("This link is too old").hides("hearing").hides("Maria").hides("<form");
        jane.get(&links[0]).await.is(200).hides("hearing");
    }
    assert_ne!(house.message(&second).await.status, Status::Acknowledged);
}

#[tokio::test]
async fn a_wrong_or_foreign_link_leads_nowhere_and_guessing_is_slowed() {
    let house = House::linked().await;
    let message = house.take().await;
    let link = house.link_of(&message).await;
    let (mut one, mut two) = (house.browser("one"), house.browser("two"));
    let nobodys = one.get("/a/1.x.AAAAAAAAAAAAAAAAAAAAAA").await;
    nobodys.is(404).shows("This link leads nowhere");
    is_private(&nobodys);
    let foreign = two.get(&link).await;
    assert_eq!((foreign.status, &foreign.body), (nobodys.status, &nobodys.body));
    two.send("POST", &link, None).await.is(404);
    let cut = &link[..link.len() - 3];
    one.get(cut).await.is(404);
    for odd in ["/a/%00", "/a/%ff%fe", "/a/..%2f..", "/a/939.k.%F0%9F%92%A9"] {
        let status = one.get(odd).await.status;
        assert!(status == 404 || status == 400, "{odd} {status}");
    }
    for _ in 0..TOKEN_GUESSES {
        one.send("POST", "/a/guess", None).await;
    }
    let slowed = one.get("/a/guess").await;
    slowed.is(429).shows("Too many wrong links");
    assert!(!slowed.header("retry-after").is_empty());
    one.get(&link).await.is(200).shows("Maria Lopez called");
    assert_ne!(house.message(&message).await.status, Status::Acknowledged);
}
