//! Policies and directories that change while messages are on their way.

use domain::{Status, WorkKind};

use super::*;

#[tokio::test]
async fn a_policy_edited_mid_flight_is_followed_as_it_then_stands() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    let eve = story.person("Eve", "+15615550333").await;
    let levels: [(Target, &[Channel], i64); 3] = [
        (Target::Contact(bob.id), ANY, 10),
        (Target::Contact(manager.id), ANY, 10),
        (Target::Contact(eve.id), ANY, 10),
    ];
    let mut policy = story.escalate(&levels).await;
    let id = story.take("The alarm rings.").await;
    story.expect_text(BOB);
    // The second level goes while the first one waits: the third is next.
    policy.levels.remove(1);
    policy = story.keep_policy(policy).await;
    story.pass(10).await;
    story.expect_text("+15615550333");
    // The level that it stands on goes too, and one comes in its place: that one is next.
    policy.levels.pop();
    policy.levels.push(Level {
        id: LevelId(0),
        delay_ms: 5 * MINUTE_MS,
        telling: telling(Target::Contact(manager.id), ANY),
    });
    let policy = story.keep_policy(policy).await;
    story.pass(10).await;
    story.expect_text(MANAGER);
    let message = story.find(id).await;
    assert_eq!(message.escalation_level_id, Some(policy.levels[1].id.0));
    assert_eq!(message.escalation_counter, 2);
    story.pass(5).await;
    assert_eq!(story.queue().await.len(), 1);
}

#[tokio::test]
async fn a_policy_removed_mid_flight_leaves_its_messages_to_the_agents() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let policy = story.policy(&[(Target::Contact(bob.id), ANY, 60)]).await;
    let group = story.close_with(Timing::AtOnce, vec![Action::Escalate(policy.id)]).await;
    let id = story.take("The alarm rings.").await;
    story.expect_text(BOB);
    let (app, office) = (&story.world.app, &story.office);
    let refused = playbooks::remove_policy(app, &office.owner, office.law.id, policy.id).await;
    assert!(matches!(refused, Err(app::Error::Invalid(_))), "{refused:?}");
    playbooks::remove_closing(app, &office.owner, office.law.id, group.id).await.expect("removed");
    playbooks::remove_policy(app, &office.owner, office.law.id, policy.id).await.expect("removed");
    story.work().await;
    let queue = story.queue().await;
    assert_eq!((queue.len(), queue[0].kind), (1, WorkKind::Dispatch));
    assert_eq!(queue[0].detail, "The escalation policy is gone.");
    story.set_status(id, Status::Acknowledged).await;
    assert!(story.queue().await.is_empty());
}

#[tokio::test]
async fn a_contact_deleted_mid_flight_is_passed_over() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let manager = story.person("Mia", MANAGER).await;
    let eve = story.person("Eve", "+15615550333").await;
    let levels: [(Target, &[Channel], i64); 3] = [
        (Target::Contact(bob.id), ANY, 10),
        (Target::Contact(manager.id), ANY, 10),
        (Target::Contact(eve.id), ANY, 10),
    ];
    story.escalate(&levels).await;
    let id = story.take("The alarm rings.").await;
    story.expect_text(BOB);
    let (app, office) = (&story.world.app, &story.office);
    let gone = app::accounts::remove_contact(app, &office.owner, office.law.id, manager.id).await;
    gone.expect("removed");
    story.pass(10).await;
    story.expect_text("+15615550333");
    let told = story.log(id).await;
    assert!(
        told.contains("A person whom the policy names is no longer in the directory."),
        "{told}"
    );
    story.set_status(id, Status::Acknowledged).await;
}
