//! One message: read, settled, and what its page tells of it.

use domain::delivery::Outcome;
use domain::limits;
use testkit::carriers::later;

use super::browser::House;

#[tokio::test]
async fn a_client_reads_a_message_by_opening_it_and_others_do_not() {
    let house = House::new().await;
    let message = house.take().await;
    let path = format!("/messages/{}", message.id);
    for actor in [&house.one.agent, &house.one.owner] {
        house.signed_in(actor).await.get(&path).await.is(200).shows("Mark read");
    }
    let mut carl = house.signed_in(&house.one.client).await;
    carl.get("/messages").await.is(200).shows("1 unread").shows("Maria Lopez , unread");
    carl.send("HEAD", &path, None).await.is(200);
    carl.headers = vec![("sec-purpose", "prefetch".to_owned())];
    carl.get(&path).await.is(200).shows("Mark read");
    carl.headers.clear();

    let page = carl.get(&path).await;
    page.is(200)
        .shows("Carl marked it as read.")
        .shows("Mark unread")
        .hides(" unread</span></span>");
    carl.get(&path).await.is(200);
    let log = app::messages::detail(&house.world.app, &house.one.agent, message.id).await;
    let log = log.expect("a detail").activities;
    let said: Vec<String> = log.iter().map(|activity| activity.event.sentence()).collect();
    let read = said.iter().filter(|line| *line == "Carl marked it as read.").count();
    assert_eq!(read, 1, "{said:?}");

    let answer = carl.post(&format!("{path}/unread?read=false"), &[]).await;
    assert_eq!(answer.location(), "/messages?read=false", "it would be read again");
    let list = carl.follow(&answer).await;
    list.is(200).shows("The message from Maria Lopez is marked as unread.").shows("1 unread");
    carl.get("/messages").await.hides("is marked as unread.");
}

#[tokio::test]
async fn a_message_tells_what_was_said_and_how_to_answer() {
    let house = House::new().await;
    let message = house.take().await;
    let mut carl = house.signed_in(&house.one.client).await;
    let page = carl.get(&format!("/messages/{}", message.id)).await;
    page.is(200)
        .shows("Please call me about the hearing.")
        .shows("for Jane Hart at Hart & Lowe, Attorneys")
        .shows("Meeting preference Virtual")
        .shows("taken by Ann")
        .shows("Tue, Jan 21, 2025, 5:08:20 PM EST")
        .shows("just now")
        .shows("Ann took the message.")
        .shows("E-mail to Jane Hart (jane@hartlowe.example) was queued.")
        .shows("Jane Hart <jane@hartlowe.example> Pending");
    assert!(page.body.contains("href=\"tel:+19548326297\""));
    assert_eq!(page.body.matches("tel:").count(), 1, "the same number is offered once");
    assert!(page.body.contains("data-print"));
}

#[tokio::test]
async fn a_message_is_settled_step_by_step_and_each_step_is_told() {
    let house = House::new().await;
    let message = house.take().await;
    let mut carl = house.signed_in(&house.one.client).await;
    let path = format!("/messages/{}", message.id);
    for (deed, told, shown) in [
        ("pick-up", "Carl picked it up.", "Picked up by Carl"),
        ("put-back", "Carl put it back.", "Pick up"),
        ("pick-up", "Carl picked it up.", "Put back"),
        ("acknowledge", "Carl acknowledged it.", "Acknowledged"),
        ("close", "Carl closed it.", "Closed"),
        ("reopen", "Carl reopened it.", "Acknowledge"),
        ("read", "Carl marked it as read.", "Mark unread"),
    ] {
        let answer = carl.post(&format!("{path}/{deed}?status=&q=hearing"), &[]).await;
        assert_eq!(answer.location(), format!("{path}?q=hearing"), "{deed}");
        let page = carl.follow(&answer).await;
        page.is(200).shows(told).shows(shown).shows("The message from Maria Lopez is");
    }
    // Done twice is done once, and says so without another line in the log.
    carl.post(&format!("{path}/acknowledge"), &[]).await.is(303);
    carl.post(&format!("{path}/acknowledge"), &[]).await.is(303);
    let page = carl.get(&path).await;
    assert_eq!(page.body.matches("Carl acknowledged it.").count(), 2);
}

#[tokio::test]
async fn a_failed_mail_tells_why_and_when_it_is_tried_again() {
    let house = House::new().await;
    let message = house.take().await;
    house.attempt(later("451 4.3.2 too busy")).await;
    let mut carl = house.signed_in(&house.one.client).await;
    let path = format!("/messages/{}", message.id);
    let page = carl.get(&path).await;
    page.is(200)
        .shows("Retrying")
        .shows("Put off: 451 4.3.2 too busy")
        .shows("Will be tried again")
        .shows("did not go out and is tried again: 451 4.3.2 too busy");
    house.world.clock.advance(limits::MINUTE_MS);
    house.attempt(Outcome::Never("550 5.1.1 no such mailbox".to_owned())).await;
    let page = carl.get(&path).await;
    page.shows("Attempt 2").shows("Refused for good: 550 5.1.1 no such mailbox").shows("Failed");
    page.hides("Will be tried again");
}

#[tokio::test]
async fn captured_mail_is_never_taken_for_sent() {
    let house = House::new().await;
    let message = house.take().await;
    house.attempt(Outcome::Captured).await;
    let path = format!("/messages/{}", message.id);
    let banner = "Captured, not sent. No carrier is set up for it, so this mail was kept instead.";
    let mut carl = house.signed_in(&house.one.client).await;
    carl.get("/messages").await.shows("Captured, not sent");
    carl.get(&path).await.shows(banner).hides("/outbox");
    carl.get("/outbox").await.is(403);

    let mut olivia = house.signed_in(&house.one.owner).await;
    olivia.get(&path).await.shows(banner).shows("See the mail");
    let outbox = olivia.get("/outbox").await;
    outbox.is(200).shows("Nobody has received what stands here").shows("jane@hartlowe.example");
    let (_, href) = outbox.body.split_once("href=\"/outbox/").expect("a mail");
    let href = format!("/outbox/{}", href.split('"').next().expect("an id"));
    let mail = olivia.get(&href).await;
    mail.is(200)
        .shows("Nobody has received this mail.")
        .shows("Jane Hart <jane@hartlowe.example>")
        .shows("Please call me about the hearing.");
    assert!(mail.body.contains(&format!("href=\"{path}\"")));
}
