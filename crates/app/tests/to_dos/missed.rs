//! What was due while nobody was there, and clocks that step.

use domain::limits::{DAY_MS, HOUR_MS, MINUTE_MS};

use super::*;

#[tokio::test]
async fn a_missed_occurrence_runs_late_within_its_grace_or_says_that_it_was_missed() {
    let mut story = Story::new().await;
    let usual = story.make(&text(each("daily", &["9:00 AM"]))).await;
    let short = ToDoEntry { grace_seconds: Some(600), ..text(each("daily", &["9:00 AM"])) };
    let short = story.make(&short).await;
    let never = ToDoEntry { misfire: "skip".to_owned(), ..text(each("daily", &["9:00 AM"])) };
    let never = story.make(&never).await;
    story.clock("2025-01-22T14:00:30Z");
    assert_eq!(story.work().await.len(), 3, "half a minute is in time");
    story.clock("2025-01-23T14:30:00Z");
    assert_eq!(story.work().await.len(), 1);
    story.clock("2025-01-24T15:00:01Z");
    assert_eq!(story.work().await.len(), 0);
    insta::assert_snapshot!(story.told(usual).await, @"
    Wed, Jan 22, 2025, 9:00:00 AM EST sent
    Thu, Jan 23, 2025, 9:00:00 AM EST sent
    Fri, Jan 24, 2025, 9:00:00 AM EST skipped It was missed: 60 minutes late is more than its grace of 60 minutes.
    ");
    insta::assert_snapshot!(story.told(short).await, @"
    Wed, Jan 22, 2025, 9:00:00 AM EST sent
    Thu, Jan 23, 2025, 9:00:00 AM EST skipped It was missed: 30 minutes late is more than its grace of 10 minutes.
    Fri, Jan 24, 2025, 9:00:00 AM EST skipped It was missed: 60 minutes late is more than its grace of 10 minutes.
    ");
    insta::assert_snapshot!(story.told(never).await, @"
    Wed, Jan 22, 2025, 9:00:00 AM EST sent
    Thu, Jan 23, 2025, 9:00:00 AM EST skipped It was missed: nobody ran it until 30 minutes later.
    Fri, Jan 24, 2025, 9:00:00 AM EST skipped It was missed: nobody ran it until 60 minutes later.
    ");
}

#[tokio::test]
async fn after_three_days_away_only_the_last_of_every_minute_runs() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("minutely", &[]))).await;
    story.world.clock.advance(3 * DAY_MS + 10_000);
    let mut looks = 0;
    while story.fire().await > 0 {
        looks += 1;
        story.check().await;
    }
    assert_eq!(looks, 4_320_usize.div_ceil(limits::CAUGHT_UP), "each look is bounded");
    assert_eq!(story.work().await.len(), 1);
    let runs = story.runs(id).await;
    assert_eq!(runs.len(), 4_320);
    let mut expected = vec![RunState::Skipped; 4_319];
    expected.push(RunState::Sent);
    assert_eq!(states(&runs), expected);
    let why = "It was missed, and a later one was due as well.";
    assert!(runs[..4_319].iter().all(|detail| detail.run.reason == why));
}

#[tokio::test]
async fn many_that_were_all_missed_many_times_are_caught_up_in_bounded_transactions() {
    let mut story = Story::new().await;
    for _ in 0..200 {
        story.make_unchecked(&text(each("minutely", &[]))).await;
    }
    // Two hours: 24,000 occurrences, more than one statement can write.
    story.world.clock.advance(2 * HOUR_MS + 10_000);
    while story.fire().await > 0 {}
    let runs = store_count(&story).await;
    assert_eq!(runs, 200 * 120);
    assert_eq!(story.work().await.len(), 10, "to one phone no more go out in a minute");
}

#[tokio::test]
async fn a_clock_that_steps_back_fires_nothing_again() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("hourly", &[]))).await;
    story.clock("2025-01-22T00:08:21Z");
    story.work().await;
    let sent = story.runs(id).await.len();
    for back in [HOUR_MS, DAY_MS] {
        story.world.clock.advance(-back);
        assert_eq!(story.work().await.len(), 0);
        assert_eq!(story.runs(id).await.len(), sent);
        story.world.clock.advance(back);
        assert_eq!(story.work().await.len(), 0);
    }
}

#[tokio::test]
async fn a_clock_that_steps_forward_brings_one_run_at_most() {
    let mut story = Story::new().await;
    let hourly = story.make(&text(each("hourly", &[]))).await;
    let quarterly = ScheduleEntry { interval: Some(15), ..each("minutely", &[]) };
    let quarterly = story.make(&text(quarterly)).await;
    let daily = story.make(&text(each("daily", &["9:00 AM"]))).await;
    story.world.clock.advance(HOUR_MS);
    assert_eq!(story.work().await.len(), 2, "one each");
    story.world.clock.advance(DAY_MS);
    assert_eq!(story.work().await.len(), 2, "and 9:00 was 8 hours ago");
    // Back where the time really is: what was dealt with is not dealt with again.
    story.world.clock.advance(-DAY_MS);
    for _ in 0..24 * 60 {
        story.world.clock.advance(MINUTE_MS);
        assert_eq!(story.fire().await, 0);
    }
    assert_eq!(story.runs(hourly).await.len(), 25);
    assert_eq!(story.runs(quarterly).await.len(), 100);
    assert_eq!(story.runs(daily).await.len(), 1);
}

#[tokio::test]
async fn a_claim_before_the_step_back_fires_when_its_time_comes() {
    let mut story = Story::new().await;
    let id = story.make(&text(each("hourly", &[]))).await;
    let app = &story.world.app;
    story.world.clock.advance(HOUR_MS);
    let claimed = jobs::claim(app, JobKind::Fire, 10).await.expect("a queue");
    story.world.clock.advance(-MINUTE_MS);
    to_dos::fire_all(app, &claimed).await.expect("fired");
    assert!(story.runs(id).await.is_empty(), "it is not due yet");
    story.check().await;
    story.world.clock.advance(MINUTE_MS);
    assert_eq!(story.work().await.len(), 1);
}

async fn store_count(story: &Story) -> i64 {
    let mut reader = story.world.db.read().await.expect("a reader");
    store::runs::count(reader.link(), story.office.tenant.id).await.expect("a count")
}
