//! The example of the contract over a year: every other week, Tuesdays, Thursdays and Saturdays at
//! 9:00 AM in New York, across both changes of its clocks.

use super::*;

#[tokio::test]
async fn every_occurrence_of_a_year_goes_out_once_at_nine_by_the_clock_on_the_wall() {
    let mut story = Story::new().await;
    let days = ["Tuesday", "Thursday", "Saturday"].map(str::to_owned).to_vec();
    let schedule = ScheduleEntry { interval: Some(2), days, ..each("weekly", &["9:00 AM"]) };
    let id = story.make(&text(schedule)).await;
    let preview = to_dos::preview(&story.world.app, &story.office.client, id, 1).await;
    let said = "Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM";
    assert_eq!(preview.expect("a preview").sentence, said);

    let end = at("2026-01-21T22:08:20Z");
    let mut keys = Vec::new();
    while let Some(next) = story.find(id).await.schedule.and_then(|schedule| schedule.next)
        && next < end
    {
        story.world.clock.set(next.minus_ms(1));
        assert_eq!(story.work().await.len(), 0, "nothing goes out a millisecond early");
        story.world.clock.set(next);
        keys.extend(story.work().await.into_iter().map(|started| started.delivery.key));
    }
    let runs = story.runs(id).await;
    let due: Vec<Instant> = runs.iter().map(|detail| detail.run.due_at).collect();
    assert_eq!(due, by_hand());
    assert!(runs.iter().all(|detail| detail.run.state == RunState::Sent));
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), due.len(), "each was sent once, with a key of its own");
}

/// The same worked out by counting days: 2025-01-19 began the first week, and New York is four hours
/// behind UTC from 9 March to 2 November 2025, else five.
fn by_hand() -> Vec<Instant> {
    let sunday = at("2025-01-19T00:00:00Z");
    let summer = at("2025-03-09T07:00:00Z")..at("2025-11-02T06:00:00Z");
    let occurrence = |day: i64| {
        let midnight = sunday.plus_ms(day * limits::DAY_MS);
        let hours = if summer.contains(&midnight.plus_ms(13 * limits::HOUR_MS)) { 13 } else { 14 };
        midnight.plus_ms(hours * limits::HOUR_MS)
    };
    let is_on = |day: &i64| day / 7 % 2 == 0 && [2, 4, 6].contains(&(day % 7));
    // The first Tuesday had begun to end when it was made.
    (3..367).filter(is_on).map(occurrence).collect()
}
