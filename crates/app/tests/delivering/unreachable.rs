//! Ways that fail, phones that want no texts, hours at which nobody is to be had.

use domain::way::WayEntry;
use domain::{Status, WorkKind};

use super::*;

fn way(channel: &str, address: &str, hours: &str) -> WayEntry {
    WayEntry { channel: channel.to_owned(), address: address.to_owned(), hours: hours.to_owned() }
}

async fn set_ways(story: &Story, contact: &Contact, ways: &[WayEntry]) {
    let (app, office) = (&story.world.app, &story.office);
    let set = playbooks::set_ways(app, &office.supervisor, office.law.id, contact.id, ways).await;
    set.expect("ways");
}

#[tokio::test]
async fn stop_from_the_on_call_phone_the_call_is_used_and_the_supervisor_told() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    story.escalate(&[(Target::Contact(bob.id), ANY, 10)]).await;
    story.reply(BOB, "STOP").await;
    story.expect(Channel::Sms, BOB, "");
    let id = story.take("The alarm rings.").await;
    story.expect(Channel::Call, BOB, "The alarm rings.");
    let queue = story.queue().await;
    assert_eq!((queue.len(), queue[0].kind), (1, WorkKind::Notice));
    assert_eq!(queue[0].title, "Bob (+15615550111) sent STOP and gets no texts");
    insta::assert_snapshot!(story.log(id).await, @"
    Ann took the message.
    Escalation “After hours” began with level 1.
    SMS to Bob (+15615550111) was queued.
    SMS to Bob (+15615550111) failed: +15615550111 asked for no more texts (STOP).
    Call to Bob (+15615550111) was queued.
    Call to Bob (+15615550111) was accepted by the carrier.
    ");
    story.set_status(id, Status::Acknowledged).await;
}

#[tokio::test]
async fn every_way_of_a_level_fails_the_next_one_is_told_at_once() {
    let story = Story::bob_then_mia(60).await;
    story.dead.lock().expect("a set").insert(BOB.to_owned());
    let id = story.take("The alarm rings.").await;
    story.expect_text(MANAGER);
    assert_eq!(story.find(id).await.escalation_counter, 1);
    insta::assert_snapshot!(story.log(id).await, @"
    Ann took the message.
    Escalation “After hours” began with level 1.
    SMS to Bob (+15615550111) was queued.
    SMS to Bob (+15615550111) failed: There is no such subscriber.
    Call to Bob (+15615550111) was queued.
    Call to Bob (+15615550111) failed: There is no such subscriber.
    It went up to level 2 of “After hours”.
    SMS to Mia (+15615550222) was queued.
    SMS to Mia (+15615550222) was accepted by the carrier.
    ");
    story.set_status(id, Status::Acknowledged).await;
}

#[tokio::test]
async fn a_delivery_that_fails_for_good_without_a_policy_goes_to_the_agents() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    story.dead.lock().expect("a set").insert(BOB.to_owned());
    let entry = MessageEntry { contact_id: Some(bob.id), ..story.entry("Call me.") };
    let id = story.take_entry(entry).await;
    assert_eq!(story.find(id).await.status, Status::Failed);
    let queue = story.queue().await;
    assert_eq!((queue.len(), queue[0].kind), (1, WorkKind::Dispatch));
    let why = "Nobody could be reached: There is no such subscriber.";
    assert_eq!(queue[0].detail, why);
}

#[tokio::test]
async fn ways_are_used_in_their_order_and_at_their_hours() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let ways = [
        way("email", "bob@desk.example", "Mon-Fri 09:00-17:00"),
        way("sms", BOB, "07:00-22:00"),
        way("call", "+15615550112", ""),
    ];
    set_ways(&story, &bob, &ways).await;
    let usual = vec![Action::Tell(telling(Target::Contact(bob.id), ANY))];
    story.close_with(Timing::AtOnce, usual).await;
    // Wednesday, 10:00 in New York; 18:00; 23:30.
    story.world.clock.set(at("2025-01-22T15:00:00Z"));
    story.take("By day.").await;
    story.expect(Channel::Email, "bob@desk.example", "By day.");
    story.pass_until(at("2025-01-22T23:00:00Z")).await;
    story.take("In the evening.").await;
    story.expect(Channel::Sms, BOB, "In the evening.");
    story.pass_until(at("2025-01-23T04:30:00Z")).await;
    story.take("At night.").await;
    story.expect(Channel::Call, "+15615550112", "At night.");
    set_ways(&story, &bob, &ways[..1]).await;
    let id = story.take("At night, with nobody there.").await;
    assert!(story.log(id).await.ends_with("No way to reach Bob is open at this hour."));
    assert_eq!(story.queue().await.len(), 1, "it is not lost");
}

#[tokio::test]
async fn a_level_of_which_nobody_can_be_told_does_not_keep_the_next_one_waiting() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    set_ways(&story, &bob, &[way("sms", BOB, "Sun 03:00-03:01")]).await;
    story
        .escalate(&[(Target::Contact(bob.id), ANY, 60), (Target::Contact(manager.id), ANY, 60)])
        .await;
    let id = story.take("The alarm rings.").await;
    let got = story.expect(Channel::Sms, MANAGER, "The alarm rings.");
    assert_eq!(got.at, story.find(id).await.created_at);
    story.set_status(id, Status::Acknowledged).await;
}
