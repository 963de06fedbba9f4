//! What waits: for the run before it, and for quiet hours of the recipient to end.

use app::sending;
use domain::account::ContactEntry;
use domain::limits::HOUR_MS;
use domain::sending::{Quiet, QuietPolicy, Rules};

use super::*;

async fn night(story: &Story, policy: QuietPolicy) {
    let quiet = Quiet { from_minute: 21 * 60, until_minute: 8 * 60, policy };
    let rules = Rules { quiet: Some(quiet), ..Rules::default() };
    let office = &story.office;
    let set = sending::set_rules(&story.world.app, &office.owner, office.law.id, rules).await;
    set.expect("rules");
}

#[tokio::test]
async fn an_occurrence_is_skipped_while_the_one_before_is_still_being_sent() {
    let mut story = Story::new().await;
    let skips = story.make(&text(each("hourly", &[]))).await;
    let sends = ToDoEntry { overlap: "send".to_owned(), ..text(each("hourly", &[])) };
    let sends = story.make(&sends).await;
    story.world.clock.advance(HOUR_MS);
    assert_eq!(story.work_with(&One, Some(&later())).await.len(), 2);
    assert!(story.find(skips).await.is_sending);
    story.world.clock.advance(HOUR_MS);
    story.work_with(&One, Some(&later())).await;
    let open = [RunState::Sending; 2];
    assert_eq!(states(&story.runs(sends).await), open);
    assert_eq!(states(&story.runs(skips).await), [RunState::Sending, RunState::Skipped]);
    let why = &story.runs(skips).await[1].run.reason;
    assert_eq!(why, "The run before it was still being sent.");
    story.world.clock.advance(HOUR_MS / 2);
    story.work().await;
    assert!(!story.find(skips).await.is_sending);
}

#[tokio::test]
async fn a_text_at_night_waits_for_the_morning_of_its_recipient() {
    let mut story = Story::new().await;
    night(&story, QuietPolicy::Defer).await;
    let entry = ContactEntry {
        name: "Bob".to_owned(),
        phone: "+1 213 555 0100".to_owned(),
        zone: "America/Los_Angeles".to_owned(),
        ..ContactEntry::default()
    };
    let office = &story.office;
    let bob =
        app::accounts::add_contact(&story.world.app, office.tenant.id, None, office.law.id, entry);
    bob.await.expect("a contact");
    let here = story.make(&text(each("daily", &["10:00 PM"]))).await;
    let there = ToDoEntry { contact: "bob".to_owned(), ..text(each("daily", &["12:30 AM"])) };
    let there = story.make(&there).await;
    let number =
        ToDoEntry { contact: "(213) 555-0100".to_owned(), ..text(each("daily", &["5:00 AM"])) };
    let number = story.make(&number).await;
    let mail = ToDoEntry {
        delivery_type: "email".to_owned(),
        contact: "new@client.example".to_owned(),
        ..text(each("daily", &["11:00 PM"]))
    };
    let mail = story.make(&mail).await;

    for hour in ["22T03:00", "22T04:00", "22T05:30", "22T10:00"] {
        story.clock(&format!("2025-01-{hour}:00Z"));
        story.work().await;
    }
    assert_eq!(states(&story.runs(mail).await), [RunState::Sent], "mail is silent");
    let waiting = &story.runs(here).await[0];
    assert_eq!(waiting.run.state, RunState::Waiting);
    insta::assert_snapshot!(waiting.run.reason, @"It waits for quiet hours to end at Jan 22, 2025, 8:00 AM EST.");
    assert!(!story.find(here).await.is_sending);
    story.clock("2025-01-22T13:00:01Z");
    assert_eq!(story.work().await.len(), 1, "8:00 in New York");
    assert_eq!(states(&story.runs(here).await), [RunState::Sent]);
    story.clock("2025-01-22T16:00:01Z");
    assert_eq!(story.work().await.len(), 2, "8:00 in Los Angeles");
    assert_eq!(states(&story.runs(there).await), [RunState::Sent]);
    assert_eq!(states(&story.runs(number).await), [RunState::Sent]);
}

#[tokio::test]
async fn after_the_night_a_text_has_its_whole_time_to_be_tried() {
    let mut story = Story::new().await;
    night(&story, QuietPolicy::Defer).await;
    let id = story.make(&text(each("daily", &["10:00 PM"]))).await;
    story.clock("2025-01-22T03:00:00Z");
    story.work().await;
    story.clock("2025-01-22T13:00:01Z");
    story.work_with(&One, Some(&later())).await;
    story.world.clock.advance(HOUR_MS);
    assert_eq!(story.work().await.len(), 1);
    assert_eq!(states(&story.runs(id).await), [RunState::Sent]);
}

#[tokio::test]
async fn a_text_at_night_is_skipped_where_the_account_says_so() {
    let mut story = Story::new().await;
    night(&story, QuietPolicy::Skip).await;
    let id = story.make(&text(each("daily", &["10:00 PM"]))).await;
    story.clock("2025-01-22T03:00:00Z");
    assert!(story.work().await.is_empty());
    insta::assert_snapshot!(story.told(id).await, @"Tue, Jan 21, 2025, 10:00:00 PM EST skipped It came due in quiet hours, which end at Jan 22, 2025, 8:00 AM EST.");
}
