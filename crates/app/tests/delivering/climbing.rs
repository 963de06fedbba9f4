//! Levels, one after another, until somebody acknowledges.

use super::*;

#[tokio::test]
async fn the_columns_are_those_of_the_golden_message() {
    let story = Story::new().await;
    let jane = story.office.jane.id;
    let levels = [(Target::Contact(jane), ANY, 1), (Target::Contact(jane), ANY, 1)];
    let policy = story.escalate(&levels).await;
    let entry = MessageEntry { contact_id: Some(jane), ..story.entry("This is a test message") };
    let id = story.take_entry(entry).await;
    story.expect(Channel::Email, "jane@hartlowe.example", "This is a test message");
    let message = story.find(id).await;
    assert_eq!(message.status, domain::Status::Delivered, "but nobody acknowledged it");
    assert_eq!(message.escalation_level_id, Some(policy.levels[0].id.0));
    assert_eq!(message.next_escalation_at, Some(message.created_at.plus_ms(60_000)));
    assert_eq!(message.escalation_counter, 0);
    assert!(message.closing_action_group_id.is_some());
    assert_eq!(message.receiver_name, "Jane Hart");
}

#[tokio::test]
async fn acknowledged_in_time_nobody_else_is_told() {
    let story = Story::bob_then_mia(30).await;
    let id = story.take("The alarm rings.").await;
    let code = story.expect_text(BOB);
    story.pass(29).await;
    story.expect_silence();
    story.reply(BOB, &format!("{code} ok")).await;
    story.expect(Channel::Sms, BOB, "Acknowledged: message from Maria");
    story.pass(24 * 60).await;
    insta::assert_snapshot!(story.log(id).await, @"
    Ann took the message.
    Escalation “After hours” began with level 1.
    SMS to Bob (+15615550111) was queued.
    SMS to Bob (+15615550111) was accepted by the carrier.
    Bob acknowledged it by text.
    ");
}

#[tokio::test]
async fn two_levels_up_then_the_agents() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    let levels: [(Target, &[Channel], i64); 3] = [
        (Target::Contact(bob.id), ANY, 30),
        (Target::Contact(manager.id), &[Channel::Call], 15),
        (Target::Contact(bob.id), &[Channel::Call], 5),
    ];
    story.escalate(&levels).await;
    let id = story.take("The alarm rings.").await;
    story.expect_text(BOB);
    story.pass(30).await;
    let call = story.expect(Channel::Call, MANAGER, "The alarm rings.");
    let began = story.find(id).await.created_at;
    assert_eq!(call.at, began.plus_ms(30 * MINUTE_MS), "not a minute late");
    assert_eq!(story.find(id).await.escalation_counter, 1);
    story.pass(15).await;
    story.expect(Channel::Call, BOB, "The alarm rings.");
    assert!(story.queue().await.is_empty());
    story.pass(5).await;
    let queue = story.queue().await;
    assert_eq!(queue.len(), 1);
    assert!(queue[0].is_urgent, "loudly");
    assert_eq!(queue[0].title, "Message from Maria");
    assert_eq!(story.find(id).await.next_escalation_at, None);
    insta::assert_snapshot!(story.log(id).await, @"
    Ann took the message.
    Escalation “After hours” began with level 1.
    SMS to Bob (+15615550111) was queued.
    SMS to Bob (+15615550111) was accepted by the carrier.
    It went up to level 2 of “After hours”.
    Call to Mia (+15615550222) was queued.
    Call to Mia (+15615550222) was accepted by the carrier.
    It went up to level 3 of “After hours”.
    Call to Bob (+15615550111) was queued.
    Call to Bob (+15615550111) was accepted by the carrier.
    Nobody acknowledged it in time. Agents have to see to it.
    ");
    app::escalations::restart(&story.world.app, &story.office.agent, id).await.expect("again");
    story.work().await;
    story.expect_text(BOB);
    assert!(story.queue().await.is_empty());
    story.set_status(id, domain::Status::Acknowledged).await;
    story.pass(600).await;
}

#[tokio::test]
async fn rounds_begin_again_with_the_first_level() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let blank = story.blank(&[(Target::Contact(bob.id), &[Channel::Sms], 10)]);
    let policy = story.keep_policy(Policy { rounds: 3, ..blank }).await;
    story.close_with(Timing::AtOnce, vec![Action::Escalate(policy.id)]).await;
    let id = story.take("Call back.").await;
    let first = story.expect_text(BOB);
    story.pass(10).await;
    let second = story.expect_text(BOB);
    assert_ne!(first, second, "each text has a code of its own");
    story.pass(10).await;
    story.expect_text(BOB);
    story.pass(10).await;
    assert_eq!(story.find(id).await.escalation_counter, 2);
    assert_eq!(story.queue().await.len(), 1);
    story.reply(BOB, &first).await;
    story.expect(Channel::Sms, BOB, "Acknowledged");
    assert!(story.queue().await.is_empty(), "an early code still works, and empties the queue");
}

#[tokio::test]
async fn of_a_timer_and_an_acknowledgement_at_the_same_instant_one_comes_first() {
    let story = Story::bob_then_mia(10).await;
    let first = story.take("One.").await;
    let second = story.take("Two.").await;
    let (one, two) = (story.expect_text(BOB), story.expect_text(BOB));
    story.world.clock.advance(10 * MINUTE_MS);
    // The text comes in before the worker looks: nobody is told any more.
    story.reply(BOB, &one).await;
    story.expect(Channel::Sms, BOB, "Acknowledged");
    assert_eq!(story.find(first).await.status, domain::Status::Acknowledged);
    // The worker was first with the other one: the log says so.
    story.expect_text(MANAGER);
    story.reply(BOB, &two).await;
    story.expect(Channel::Sms, BOB, "Acknowledged");
    let told = story.log(second).await;
    let (up, ack) = (told.find("It went up to level 2"), told.find("Bob acknowledged it"));
    assert!(up.is_some() && up < ack, "{told}");
}

#[tokio::test]
async fn what_had_not_gone_out_is_taken_back_when_somebody_has_it_in_hand() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    story.escalate(&[(Target::Contact(bob.id), ANY, 10)]).await;
    let (app, office) = (&story.world.app, &story.office);
    let taken = messages::take(app, &office.agent, office.law.id, story.entry("One.")).await;
    let id = taken.expect("a message").message.id;
    let update = domain::message::Update {
        status: Some(domain::Status::Acknowledged),
        ..Default::default()
    };
    messages::update(app, &office.client, id, &update, None).await.expect("a change");
    story.work().await;
    story.expect_silence();
    assert!(story.log(id).await.ends_with(
        "SMS to Bob (+15615550111) was taken back: Somebody had taken charge before it went out."
    ));
}
