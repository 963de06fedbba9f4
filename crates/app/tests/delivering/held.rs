//! What waits: for the time that was asked for, or for a digest.

use domain::Status;

use super::*;

fn office(story: &Story) -> Vec<Action> {
    let jane = Target::Contact(story.office.jane.id);
    vec![Action::Tell(telling(jane, ANY)), Action::Copy("office@hartlowe.example".to_owned())]
}

#[tokio::test]
async fn held_until_the_time_that_the_agent_was_asked_for() {
    let story = Story::new().await;
    story.close_with(Timing::AtOnce, office(&story)).await;
    let send_at = story.now().plus_ms(90 * MINUTE_MS);
    let entry = MessageEntry { send_at: Some(send_at), ..story.entry("Not before the hearing.") };
    let id = story.take_entry(entry).await;
    assert_eq!(story.find(id).await.status, Status::Held);
    story.pass(89).await;
    story.expect_silence();
    story.pass(1).await;
    let got = story.expect(Channel::Email, "jane@hartlowe.example", "Not before the hearing.");
    assert_eq!(got.at, send_at);
    story.expect(Channel::Email, "office@hartlowe.example", "Not before the hearing.");
    assert_eq!(story.find(id).await.status, Status::Delivered);
    let closed =
        MessageEntry { send_at: Some(story.now().plus_ms(MINUTE_MS)), ..story.entry("Never.") };
    let closed = story.take_entry(closed).await;
    story.set_status(closed, Status::Closed).await;
    story.pass(10).await;
}

#[tokio::test]
async fn a_digest_at_five_holds_the_days_messages_but_no_emergency() {
    let story = Story::new().await;
    let five = Timing::Digest(vec![12 * 60, 17 * 60]);
    let group = story.close_with(five, office(&story)).await;
    // 17:08 in New York: today's digests are over.
    story.world.clock.set(at("2025-01-22T17:30:00Z"));
    let one = story.take("One.").await;
    story.pass(120).await;
    let two = story.take("Two.").await;
    let urgent = MessageEntry { is_emergency: true, ..story.entry("The roof is on fire.") };
    let urgent = story.take_entry(urgent).await;
    story.expect(Channel::Email, "jane@hartlowe.example", "The roof is on fire.");
    story.expect(Channel::Email, "office@hartlowe.example", "The roof is on fire.");
    assert_eq!(story.find(urgent).await.status, Status::Delivered);
    let held = story.find(one).await;
    assert_eq!((held.status, held.send_at), (Status::Held, Some(at("2025-01-22T22:00:00Z"))));
    assert_eq!(held.closing_action_group_id, Some(group.id.0));
    story.pass_until(at("2025-01-22T21:59:59Z")).await;
    story.expect_silence();
    story.pass_until(at("2025-01-22T22:00:00Z")).await;
    let got = story.expect(Channel::Email, "jane@hartlowe.example", "2 messages for Hart");
    assert!(got.text.contains("One.") && got.text.contains("Two."), "{}", got.text);
    story.expect(Channel::Email, "office@hartlowe.example", "Two.");
    for id in [one, two] {
        let message = story.find(id).await;
        assert_eq!(message.status, Status::Delivered);
        assert_eq!(message.delivered_to.as_deref(), Some("office@hartlowe.example"));
    }
    insta::assert_snapshot!(story.log(one).await, @"
    Ann took the message.
    It is held until the digest “Usual”, Jan 22, 2025, 5:00 PM EST.
    It was let out in the digest “Usual”.
    E-mail to Jane Hart (jane@hartlowe.example) was queued.
    E-mail to the office (office@hartlowe.example) was queued.
    E-mail to Jane Hart (jane@hartlowe.example) was accepted by the mail server.
    E-mail to the office (office@hartlowe.example) was accepted by the mail server.
    ");
    // A day without messages has no digest.
    story.pass(48 * 60).await;
}

#[tokio::test]
async fn a_digest_whose_group_was_removed_goes_out_all_the_same() {
    let story = Story::new().await;
    let group = story.close_with(Timing::Digest(vec![17 * 60]), office(&story)).await;
    let entry = MessageEntry { contact_id: Some(story.office.jane.id), ..story.entry("One.") };
    let id = story.take_entry(entry).await;
    let (app, office) = (&story.world.app, &story.office);
    playbooks::remove_closing(app, &office.owner, office.law.id, group.id).await.expect("removed");
    story.pass(24 * 60).await;
    story.expect(Channel::Email, "jane@hartlowe.example", "One.");
    assert_eq!(story.find(id).await.status, Status::Delivered);
}

#[tokio::test]
async fn a_group_that_sends_no_digests_any_more_lets_each_message_out_by_itself() {
    let story = Story::new().await;
    let group = story.close_with(Timing::Digest(vec![17 * 60]), office(&story)).await;
    let (one, two) = (story.take("One.").await, story.take("Two.").await);
    let (app, owner) = (&story.world.app, &story.office.owner);
    let now_at_once = ClosingGroup { timing: Timing::AtOnce, ..group };
    playbooks::keep_closing(app, owner, now_at_once).await.expect("changed");
    story.pass(24 * 60).await;
    for content in ["One.", "Two."] {
        story.expect(Channel::Email, "jane@hartlowe.example", content);
        story.expect(Channel::Email, "office@hartlowe.example", content);
    }
    assert_eq!(story.find(one).await.status, Status::Delivered);
    assert_eq!(story.find(two).await.status, Status::Delivered);
}

#[tokio::test]
async fn an_emergency_has_a_group_of_its_own_and_an_agent_may_choose() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    story.close_with(Timing::AtOnce, office(&story)).await;
    let group = |name: &str, usage, actions| ClosingGroup {
        id: ClosingGroupId(0),
        account_id: story.office.law.id,
        name: name.to_owned(),
        usage,
        timing: Timing::AtOnce,
        actions,
    };
    let call = vec![Action::Tell(telling(Target::Contact(bob.id), &[Channel::Call]))];
    let copy = vec![Action::Copy("books@hartlowe.example".to_owned())];
    let (app, owner) = (&story.world.app, &story.office.owner);
    let urgent = playbooks::keep_closing(app, owner, group("Urgent", Usage::Emergency, call)).await;
    urgent.expect("a group");
    let books = playbooks::keep_closing(app, owner, group("Books", Usage::Chosen, copy)).await;
    let books = books.expect("a group").id;
    story.take_entry(MessageEntry { is_emergency: true, ..story.entry("Fire.") }).await;
    story.expect(Channel::Call, BOB, "EMERGENCY");
    let (app, office) = (&story.world.app, &story.office);
    let gone = MessageEntry { closing_group_id: Some(ClosingGroupId(999)), ..story.entry("Lost?") };
    let refused = messages::take(app, &office.agent, office.law.id, gone).await;
    let Err(app::Error::Invalid(invalid)) = refused else { panic!("{refused:?}") };
    assert!(invalid.faults().any(|(path, _)| path == "closing_group_id"));
    let chosen = MessageEntry { closing_group_id: Some(books), ..story.entry("An invoice.") };
    story.take_entry(chosen).await;
    story.expect(Channel::Email, "books@hartlowe.example", "An invoice.");
}

#[tokio::test]
async fn what_is_no_message_tells_nobody() {
    let story = Story::new().await;
    story.close_with(Timing::AtOnce, office(&story)).await;
    let entry = MessageEntry {
        answers: Vec::new(),
        non_message_type: "hang_up".to_owned(),
        ..story.entry("")
    };
    let id = story.take_entry(entry).await;
    let message = story.find(id).await;
    assert_eq!((message.status, message.non_message_type.as_str()), (Status::Closed, "hang_up"));
    assert!(story.log(id).await.ends_with("Ann noted that it is no message: hang up."));
    let bad = MessageEntry { non_message_type: "nonsense".to_owned(), ..story.entry("") };
    let (app, office) = (&story.world.app, &story.office);
    let refused = messages::take(app, &office.agent, office.law.id, bad).await;
    let Err(app::Error::Invalid(invalid)) = refused else { panic!("{refused:?}") };
    assert!(invalid.faults().any(|(path, _)| path == "non_message_type"));
}
