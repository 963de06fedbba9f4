//! To Dos that are changed, paused, deleted or moved to another zone, also while something waits.

use app::accounts;
use domain::account::AccountEntry;
use domain::limits::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

use super::*;

impl Story {
    async fn edit(&self, id: ToDoId, change: impl FnOnce(&mut ToDoEntry)) {
        let edited = to_dos::update(&self.world.app, &self.office.client, id, None, change).await;
        edited.expect("a change");
        self.check().await;
    }

    async fn pause(&self, id: ToDoId) {
        to_dos::pause(&self.world.app, &self.office.client, id).await.expect("a pause");
        self.check().await;
    }

    async fn resume(&self, id: ToDoId) {
        to_dos::resume(&self.world.app, &self.office.client, id).await.expect("going on");
        self.check().await;
    }
}

#[tokio::test]
async fn a_paused_one_sends_nothing_and_goes_on_with_the_next_occurrence() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("hourly", &[]))).await;
    story.world.clock.advance(HOUR_MS);
    story.work().await;
    story.pause(id).await;
    story.world.clock.advance(5 * HOUR_MS);
    assert!(story.work().await.is_empty());
    story.resume(id).await;
    assert!(story.work().await.is_empty(), "what came due meanwhile is not sent");
    story.world.clock.advance(HOUR_MS);
    assert_eq!(story.work().await.len(), 1);
    assert_eq!(states(&story.runs(id).await), [RunState::Sent; 2]);
}

#[tokio::test]
async fn what_was_due_before_the_pause_is_written_down_as_skipped() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("hourly", &[]))).await;
    story.world.clock.advance(2 * HOUR_MS + SECOND_MS);
    story.pause(id).await;
    insta::assert_snapshot!(story.told(id).await, @"
    Tue, Jan 21, 2025, 6:08:20 PM EST skipped The To Do was changed or paused before it was sent.
    Tue, Jan 21, 2025, 7:08:20 PM EST skipped The To Do was changed or paused before it was sent.
    ");
}

#[tokio::test]
async fn one_that_goes_out_once_goes_out_once() {
    let mut story = Story::new().await;
    let id = story.make(&once("2025-01-22T09:00:00-05:00")).await;
    story.clock("2025-01-22T14:00:00Z");
    assert_eq!(story.work().await.len(), 1);
    // Neither a pause nor another text sends it again.
    story.pause(id).await;
    story.resume(id).await;
    story.edit(id, |entry| entry.message_text = "Another text.".to_owned()).await;
    story.world.clock.advance(HOUR_MS / 2);
    assert!(story.work().await.is_empty());
    story.edit(id, |entry| entry.run_at = "2025-01-23T14:00:00Z".to_owned()).await;
    story.clock("2025-01-23T14:00:00Z");
    assert_eq!(story.work().await.len(), 1, "another time does");
    assert_eq!(states(&story.runs(id).await), [RunState::Sent; 2]);
}

#[tokio::test]
async fn one_that_was_paused_over_its_time_goes_out_late_or_says_why_not() {
    let mut story = Story::new().await;
    let late = story.make(&once("2025-01-22T14:00:00Z")).await;
    let missed = ToDoEntry { grace_seconds: Some(60), ..once("2025-01-22T14:00:00Z") };
    let missed = story.make(&missed).await;
    story.pause(late).await;
    story.pause(missed).await;
    story.clock("2025-01-22T14:30:00Z");
    assert!(story.work().await.is_empty());
    story.resume(late).await;
    story.resume(missed).await;
    assert_eq!(story.work().await.len(), 1);
    assert_eq!(states(&story.runs(late).await), [RunState::Sent]);
    insta::assert_snapshot!(story.told(missed).await, @"Wed, Jan 22, 2025, 9:00:00 AM EST skipped It was missed: 30 minutes late is more than its grace of 60 seconds.");
}

#[tokio::test]
async fn another_time_moves_the_next_occurrence() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("daily", &["9:00 AM"]))).await;
    let other = each("daily", &["10:30 AM"]);
    story.edit(id, |entry| entry.schedule = Some(other)).await;
    story.clock("2025-01-22T14:00:00Z");
    assert!(story.work().await.is_empty());
    story.clock("2025-01-22T15:30:00Z");
    assert_eq!(story.work().await.len(), 1);
    assert_eq!(story.find(id).await.schedule.expect("one").next, Some(at("2025-01-23T15:30:00Z")));
}

#[tokio::test]
async fn what_waits_goes_out_as_the_to_do_now_stands() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("daily", &["9:00 AM"]))).await;
    story.clock("2025-01-22T14:00:00Z");
    while story.fire().await > 0 {}
    story.edit(id, |entry| entry.message_text = "Take two.".to_owned()).await;
    story
        .edit(id, |entry| {
            entry.delivery_type = "call".to_owned();
            entry.contact = "Jane Hart".to_owned();
            entry.if_unsure = "stop".to_owned();
        })
        .await;
    let started = story.work().await;
    let [Started { delivery, .. }] = started.as_slice() else { panic!("{started:?}") };
    let sent = (delivery.channel, delivery.address.as_str(), delivery.body.as_str());
    assert_eq!(sent, (Channel::Call, "+15615550100", "Take two."));
    assert_eq!(delivery.if_unsure, domain::delivery::IfUnsure::Stop);
    assert_eq!(delivery.expires_at, delivery.created_at.plus_ms(limits::CALL_LIFE_MS));
}

#[tokio::test]
async fn what_was_tried_before_goes_out_as_it_was() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("daily", &["9:00 AM"]))).await;
    story.clock("2025-01-22T14:00:00Z");
    story.work_with(&One, Some(&later())).await;
    story.edit(id, |entry| entry.message_text = "Take two.".to_owned()).await;
    story.world.clock.advance(MINUTE_MS);
    assert_eq!(story.work().await[0].delivery.body, "Take your pills.");
}

#[tokio::test]
async fn deleting_takes_back_what_waits() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("daily", &["9:00 AM"]))).await;
    story.clock("2025-01-22T14:00:00Z");
    story.work_with(&One, Some(&later())).await;
    let runs = story.runs(id).await;
    to_dos::delete(&story.world.app, &story.office.client, id).await.expect("gone");
    assert_eq!(jobs::count(&story.world.app).await.expect("a count"), 0);
    let (delivery, _) = runs[0].delivery.as_ref().expect("a delivery");
    let mut reader = story.world.db.read().await.expect("a reader");
    let tenant = story.office.tenant.id;
    let run = store::runs::find(reader.link(), tenant, runs[0].run.id).await.expect("a read");
    let run = run.expect("its runs stay");
    assert_eq!((run.state, run.reason.as_str()), (RunState::Cancelled, "The To Do was deleted."));
    let row = store::deliveries::find(reader.link(), tenant, delivery.id).await.expect("a read");
    assert_eq!(row.expect("it stays").state, domain::delivery::State::Cancelled);
}

#[tokio::test]
async fn deleting_does_not_call_back_what_is_being_sent_but_it_is_not_sent_again() {
    let mut story = Story::new().await;
    let app = story.world.app.clone();
    let ids = [story.make(&text(each("daily", &["9:00 AM"]))).await; 1];
    let other = story.make(&text(each("daily", &["9:00 AM"]))).await;
    story.clock("2025-01-22T14:00:00Z");
    let started = story.work_with(&One, None).await;
    for id in [ids[0], other] {
        to_dos::delete(&app, &story.office.client, id).await.expect("gone");
    }
    let ends = [(&started[0], &taken()), (&started[1], &later())];
    assert_eq!(deliveries::record_all(&app, &ends, &One).await.expect("written"), 2);
    story.world.clock.advance(HOUR_MS);
    assert!(story.work().await.is_empty(), "the carrier is not asked again");
    let mut reader = story.world.db.read().await.expect("a reader");
    for (started, state) in started.iter().zip(["sent", "failed"]) {
        let (tenant, id) = (story.office.tenant.id, started.delivery.id);
        let row = store::deliveries::find(reader.link(), tenant, id).await.expect("a read");
        assert_eq!(row.expect("it stays").state.as_str(), state);
    }
    assert_eq!(jobs::count(&app).await.expect("a count"), 0);
}

#[tokio::test]
async fn an_account_that_moves_takes_its_to_dos_along() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("daily", &["9:00 AM"]))).await;
    let paused = story.make(&text(each("daily", &["9:00 AM"]))).await;
    story.pause(paused).await;
    story.clock("2025-01-22T14:00:00Z");
    story.work().await;
    let entry = AccountEntry {
        number: "W0411".to_owned(),
        name: "Hart & Lowe, Attorneys".to_owned(),
        zone: "America/Los_Angeles".to_owned(),
        ..AccountEntry::default()
    };
    story.world.clock.advance(DAY_MS - HOUR_MS);
    let (app, office) = (&story.world.app, &story.office);
    accounts::update(app, &office.owner, office.law.id, entry).await.expect("moved");
    story.check().await;
    assert_eq!(story.find(id).await.schedule.expect("one").next, Some(at("2025-01-23T17:00:00Z")));
    assert_eq!(story.find(paused).await.schedule.expect("one").next, None);
    story.clock("2025-01-23T17:00:00Z");
    assert_eq!(story.work().await.len(), 1);
}

#[tokio::test]
async fn a_contact_that_is_nobody_fails_with_a_plain_reason() {
    let mut story = Story::new().await;
    let nobody = ToDoEntry { contact: "Grandma".to_owned(), ..text(each("daily", &["9:00 AM"])) };
    let id = story.make(&nobody).await;
    story.clock("2025-01-22T14:00:00Z");
    assert!(story.work().await.is_empty());
    insta::assert_snapshot!(story.told(id).await, @"Wed, Jan 22, 2025, 9:00:00 AM EST failed “Grandma” is not a phone number, and nobody in the directory has that name or address.");
}
