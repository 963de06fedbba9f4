//! Acknowledging by text, by key, by link, in the portal; withdrawn, expired, passed on, asked back.

use app::Links;
use app::acknowledgements::{LinkState, by_link, linked};
use domain::{Status, WorkKind};

use super::*;

#[tokio::test]
async fn a_bare_word_is_enough_where_one_message_waits_and_asks_which_where_several_do() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    story.escalate(&[(Target::Contact(bob.id), &[Channel::Sms], 60)]).await;
    let first = story.take("One.").await;
    let one = story.expect_text(BOB);
    let second = story.take("Two.").await;
    let two = story.expect_text(BOB);
    story.reply(BOB, "Ok").await;
    let asked = story.expect(Channel::Sms, BOB, "Several messages wait for you");
    assert!(asked.text.contains(&one) && asked.text.contains(&two), "{}", asked.text);
    story.reply(BOB, "999").await;
    story.expect(Channel::Sms, BOB, "999 is not a code that we sent to this phone.");
    story.reply(BOB, &two).await;
    story.expect(Channel::Sms, BOB, "Acknowledged");
    assert_eq!(story.find(second).await.status, Status::Acknowledged);
    assert_eq!(story.find(first).await.status, Status::Delivered);
    story.reply(BOB, "got it").await;
    story.expect(Channel::Sms, BOB, "Acknowledged");
    assert_eq!(story.find(first).await.status, Status::Acknowledged);
    story.reply(BOB, "ok").await;
    story.expect(Channel::Sms, BOB, "Nothing waits for you");
    story.reply(BOB, &two).await;
    story.expect(Channel::Sms, BOB, "is in hand already");
    // A stranger's yes means nothing, and hears nothing.
    story.reply("+15615559999", &one).await;
}

#[tokio::test]
async fn a_key_in_the_call_acknowledges() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    story.escalate(&[(Target::Contact(bob.id), &[Channel::Call], 5)]).await;
    *story.presses.lock().expect("a switch") = true;
    let id = story.take("The alarm rings.").await;
    story.expect(Channel::Call, BOB, "The alarm rings.");
    assert_eq!(story.find(id).await.status, Status::Acknowledged);
    assert!(story.log(id).await.ends_with("Bob acknowledged it with a key in the call."));
    story.pass(60).await;
}

#[tokio::test]
async fn a_question_back_reaches_the_agents_and_stops_nothing() {
    let story = Story::bob_then_mia(10).await;
    let id = story.take("Call me.").await;
    story.expect_text(BOB);
    story.reply(BOB, "Which house is it?").await;
    let queue = story.queue().await;
    assert_eq!((queue.len(), queue[0].kind), (1, WorkKind::Question));
    assert_eq!(queue[0].title, "Bob replied about the message from Maria");
    assert_eq!((queue[0].detail.as_str(), queue[0].message_id), ("Which house is it?", Some(id)));
    assert!(story.log(id).await.ends_with("Bob replied by text: “Which house is it?”"));
    story.pass(10).await;
    story.expect_text(MANAGER);
    story.set_status(id, Status::Closed).await;
}

#[tokio::test]
async fn passed_on_the_next_one_is_told_at_once() {
    let story = Story::bob_then_mia(60).await;
    let id = story.take("Call me.").await;
    let code = story.expect_text(BOB);
    story.pass(2).await;
    story.reply(BOB, &format!("no {code}")).await;
    story.expect(Channel::Sms, BOB, "Passed on");
    let told = story.expect(Channel::Sms, MANAGER, "Call me.");
    assert_eq!(told.at, story.find(id).await.created_at.plus_ms(2 * MINUTE_MS));
    assert!(story.log(id).await.contains("Bob passed it on to the next level by text."));
    story.set_status(id, Status::Acknowledged).await;
}

#[tokio::test]
async fn an_acknowledgement_that_is_withdrawn_lets_the_level_be_told_again() {
    let story = Story::bob_then_mia(10).await;
    let id = story.take("Call me.").await;
    story.expect_text(BOB);
    story.set_status(id, Status::Acknowledged).await;
    story.pass(60).await;
    story.set_status(id, Status::Delivered).await;
    story.expect_text(BOB);
    assert_eq!(story.find(id).await.escalation_counter, 0, "it is the same level");
    story.pass(10).await;
    story.expect_text(MANAGER);
    story.set_status(id, Status::Closed).await;
    story.pass(60).await;
    assert_eq!(story.find(id).await.escalation_counter, 1);
}

#[tokio::test]
async fn an_acknowledgement_expires_unless_the_message_is_closed() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let blank = story.blank(&[(Target::Contact(bob.id), &[Channel::Sms], 10)]);
    let policy = story.keep_policy(Policy { ack_expires_ms: Some(30 * MINUTE_MS), ..blank }).await;
    story.close_with(Timing::AtOnce, vec![Action::Escalate(policy.id)]).await;
    let (open, closed) = (story.take("One.").await, story.take("Two.").await);
    let codes = [story.expect_text(BOB), story.expect_text(BOB)];
    for code in &codes {
        story.reply(BOB, code).await;
        story.expect(Channel::Sms, BOB, "Acknowledged");
    }
    story.set_status(closed, Status::Closed).await;
    story.pass(29).await;
    story.expect_silence();
    story.pass(1).await;
    story.expect(Channel::Sms, BOB, "One.");
    let told = story.log(open).await;
    assert!(told.contains("The acknowledgement expired: level 1 of “After hours”"), "{told}");
    assert_eq!(story.find(open).await.status, Status::Delivered);
    story.pass(10).await;
    assert_eq!(story.queue().await.len(), 1, "nobody was left to be told");
}

#[tokio::test]
async fn a_link_acknowledges_once_and_only_when_a_person_means_it() {
    let mut world = World::new().await;
    world.app = world.app.with_links(Links {
        public_url: "https://liberty.example".to_owned(),
        base_domain: "liberty.example".to_owned(),
    });
    let story = Story::in_world(world).await;
    let jane = story.office.jane.id;
    story.escalate(&[(Target::Contact(jane), &[Channel::Email], 10)]).await;
    let id = story.take("Call me.").await;
    let got =
        story.expect(Channel::Email, "jane@hartlowe.example", "Acknowledge it: https://desk.");
    let token = got.text.split("/a/").nth(1).expect("a link").trim().to_owned();
    let (app, tenant) = (&story.world.app, story.office.tenant.id);
    for _ in 0..20 {
        // A link scanner looks again and again.
        let seen = linked(app, tenant, &token).await.expect("a message");
        assert_eq!(seen.state, LinkState::Open);
    }
    assert_eq!(story.find(id).await.status, Status::Delivered);
    // Only what we wrote ourselves leads anywhere, and only at its own tenant.
    let message = id.to_string();
    let forged = [
        token.replacen(&message, &(id.0 + 1).to_string(), 1),
        format!("{token}A"),
        token.rsplit_once('.').expect("a signature").0.to_owned(),
        format!("{message}.key.AAAAAAAAAAAAAAAAAAAAAA"),
        format!("{message}.key.AAAA"),
        message,
        String::new(),
    ];
    for forged in &forged {
        let followed = by_link(app, tenant, forged).await;
        assert!(matches!(followed, Err(app::Error::NotFound)), "{forged}: {followed:?}");
    }
    let other = story.world.tenancy("other").await.tenant.id;
    assert!(matches!(by_link(app, other, &token).await, Err(app::Error::NotFound)));
    assert_eq!(by_link(app, tenant, &token).await.expect("a click").state, LinkState::Open);
    assert_eq!(story.find(id).await.status, Status::Acknowledged);
    assert!(story.log(id).await.ends_with("Jane Hart acknowledged it by e-mail."));
    assert_eq!(by_link(app, tenant, &token).await.expect("again").state, LinkState::Used);
    // Used is used, even when it is open again.
    story.set_status(id, Status::Delivered).await;
    let again = story.expect(Channel::Email, "jane@hartlowe.example", "Acknowledge it");
    assert_eq!(by_link(app, tenant, &token).await.expect("again").state, LinkState::Used);
    assert_eq!(story.find(id).await.status, Status::Delivered);
    let fresh = again.text.split("/a/").nth(1).expect("a link").trim().to_owned();
    story.pass(8 * 24 * 60).await;
    assert_eq!(linked(app, tenant, &fresh).await.expect("old").state, LinkState::Expired);
    story.set_status(id, Status::Closed).await;
}
