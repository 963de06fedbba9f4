//! What carriers report before their own answer is written down.

use super::*;

/// A text to Bob whose carrier reports before anybody knows which text it means.
async fn reported_early(report: Result<Reach, String>) -> (Story, MessageId) {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    let (app, office) = (&story.world.app, &story.office);
    let entry = MessageEntry { contact_id: Some(bob.id), ..story.entry("Call me.") };
    let taken = messages::take(app, &office.agent, office.law.id, entry).await.expect("a message");
    let due = jobs::claim(app, JobKind::Deliver(Channel::Sms), 1).await.expect("a job");
    let started = deliveries::start_all(app, &due, &ONE).await.expect("an attempt");
    for carrier in ["one", "another"] {
        let learned = deliveries::learn(app, carrier, "A1", &report).await;
        assert!(!learned.expect("an answer"), "nobody knows of A1 yet");
    }
    let outcome = Outcome::Sent {
        response: "OK".to_owned(),
        reach: Reach::Carrier,
        references: vec!["A1".to_owned()],
    };
    let ends: Vec<_> = started.iter().map(|started| (started, &outcome)).collect();
    assert_eq!(deliveries::record_all(app, &ends, &ONE).await.expect("recorded"), 1);
    (story, taken.message.id)
}

#[tokio::test]
async fn how_far_it_got_counts_as_soon_as_the_text_is_known() {
    for reach in [Reach::Handset, Reach::Read, Reach::Acknowledged] {
        let (story, id) = reported_early(Ok(reach)).await;
        let (delivery, _) = &story.detail(id).await.deliveries[0];
        assert_eq!(delivery.reach, Some(reach));
        let learned = deliveries::learn(&story.world.app, "one", "A1", &Ok(reach)).await;
        assert!(!learned.expect("an answer"), "it is no news any more");
    }
}

#[tokio::test]
async fn a_failure_keeps_its_reason_and_the_next_way_is_taken() {
    let (story, id) = reported_early(Err("No. Never!".to_owned())).await;
    let (delivery, _) = &story.detail(id).await.deliveries[0];
    assert_eq!((delivery.rung(), delivery.detail.as_str()), ("failed", "No. Never!"));
    story.work().await;
    story.expect(Channel::Call, BOB, "Call me.");
}
