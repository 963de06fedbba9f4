//! Whoever is on call is told: hand-offs, overrides, and the nights in which clocks change.

use domain::on_call::{Override, Rotation, Turn};
use domain::{ContactId, Date, Hours, OverrideId, RotationId, Status, Zone};

use super::*;

/// A rotation of these people, who take turns of a day from two in the morning.
async fn rotation(story: &Story, members: &[ContactId]) -> RotationId {
    let now = story.now();
    let rotation = Rotation {
        tenant_id: story.office.tenant.id,
        id: RotationId(0),
        account_id: story.office.law.id,
        name: "Nights".to_owned(),
        zone: Zone::named("America/New_York").expect("a zone"),
        turn: Turn::Daily,
        hand_off_minute: 2 * 60,
        starts_on: Date::new(2025, 1, 20).expect("a date"),
        members: members.to_vec(),
        hours: Hours::always(),
        fallback: None,
        gap: None,
        revision: 1,
        created_at: now,
        updated_at: now,
    };
    let mut tx = story.world.db.begin().await.expect("a transaction");
    let id = store::rotations::insert(tx.link(), &rotation).await.expect("a rotation");
    tx.commit().await.expect("a commit");
    id
}

#[tokio::test]
async fn the_rotation_hands_over_between_two_levels() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    let nights = Target::Rotation(rotation(&story, &[bob.id, manager.id]).await);
    story.escalate(&[(nights, ANY, 30), (nights, ANY, 30)]).await;
    // Bob's turn is from the 20th, 02:00 in New York, Mia's from the 21st, Bob's from the 22nd.
    story.world.clock.set(at("2025-01-22T06:45:00Z"));
    let id = story.take("The alarm rings.").await;
    story.expect_text(MANAGER);
    story.pass(30).await;
    let told = story.expect(Channel::Sms, BOB, "The alarm rings.");
    assert_eq!(told.at, at("2025-01-22T07:15:00Z"));
    insta::assert_snapshot!(story.log(id).await, @"
    Ann took the message.
    Escalation “After hours” began with level 1.
    SMS to Mia (+15615550222) was queued: on call in Nights.
    SMS to Mia (+15615550222) was accepted by the carrier.
    It went up to level 2 of “After hours”.
    SMS to Bob (+15615550111) was queued: on call in Nights.
    SMS to Bob (+15615550111) was accepted by the carrier.
    ");
    story.set_status(id, Status::Acknowledged).await;
}

#[tokio::test]
async fn an_override_takes_the_shift_and_may_leave_nobody() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    let id = rotation(&story, &[bob.id]).await;
    story.escalate(&[(Target::Rotation(id), ANY, 30)]).await;
    let change = |contact_id, from: &str, until: &str| Override {
        id: OverrideId(0),
        rotation_id: id,
        contact_id,
        from: at(from),
        until: at(until),
        reason: "Holiday".to_owned(),
        created_by: None,
        created_at: at(from),
    };
    let tenant = story.office.tenant.id;
    let mut tx = story.world.db.begin().await.expect("a transaction");
    let mia = change(Some(manager.id), "2025-01-25T00:00:00Z", "2025-01-26T00:00:00Z");
    let none = change(None, "2025-01-26T00:00:00Z", "2025-01-27T00:00:00Z");
    for it in [mia, none] {
        store::rotations::insert_override(tx.link(), tenant, &it).await.expect("an override");
    }
    tx.commit().await.expect("a commit");
    story.world.clock.set(at("2025-01-25T12:00:00Z"));
    let first = story.take("One.").await;
    story.expect(Channel::Sms, MANAGER, "One.");
    story.set_status(first, Status::Closed).await;
    story.pass_until(at("2025-01-26T12:00:00Z")).await;
    let second = story.take("Two.").await;
    assert!(story.log(second).await.contains("Nobody is on call in Nights."));
    assert_eq!(story.queue().await.len(), 1, "the agents are");
    story.set_status(second, Status::Closed).await;
    story.pass_until(at("2025-01-27T12:00:00Z")).await;
    let third = story.take("Three.").await;
    story.expect(Channel::Sms, BOB, "Three.");
    story.set_status(third, Status::Closed).await;
}

#[tokio::test]
async fn in_the_nights_in_which_clocks_change_waits_are_exact_and_hand_offs_by_the_wall() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    let nights = Target::Rotation(rotation(&story, &[bob.id, manager.id]).await);
    story.escalate(&[(nights, &[Channel::Sms], 20), (nights, &[Channel::Sms], 20)]).await;
    // On 9 March 2025 it is 03:00 after 01:59: the hand-off at 02:00 comes at 03:00, 07:00 UTC.
    // The 8th is day 47 since the 20th of January, so Mia's until then, and Bob's from then on.
    story.world.clock.set(at("2025-03-09T06:45:00Z"));
    let spring = story.take("Spring.").await;
    story.expect(Channel::Sms, MANAGER, "Spring.");
    story.pass(20).await;
    let told = story.expect(Channel::Sms, BOB, "Spring.");
    assert_eq!(told.at, at("2025-03-09T07:05:00Z"), "twenty minutes are twenty minutes");
    story.set_status(spring, Status::Closed).await;
    // On 2 November 2025 it is 01:00 twice: the hand-off at 02:00 EST is 07:00 UTC, 25 hours after
    // the last one. The 1st is day 285, so Mia's until then, and Bob's from then on.
    story.world.clock.set(at("2025-11-02T05:50:00Z"));
    let fall = story.take("Fall.").await;
    story.expect(Channel::Sms, MANAGER, "Fall.");
    story.pass(20).await;
    let again = story.expect(Channel::Sms, MANAGER, "Fall.");
    assert_eq!(again.at, at("2025-11-02T06:10:00Z"), "01:10, the second time");
    story.set_status(fall, Status::Closed).await;
    story.world.clock.set(at("2025-11-02T07:00:00Z"));
    let after = story.take("After.").await;
    story.expect(Channel::Sms, BOB, "After.");
    story.set_status(after, Status::Closed).await;
}
