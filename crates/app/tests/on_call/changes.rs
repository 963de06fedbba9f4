//! Rotations, overrides and holidays changed by those who may, and who is then on call.

use domain::on_call::HolidayEntry;
use domain::{OverrideId, RotationId};

use super::*;

#[tokio::test]
async fn the_week_is_handed_over_and_a_colleague_takes_a_shift() {
    let story = Story::new().await;
    let nights = story.make(story.weekly()).await;
    // It is Tuesday, 21 January: Jane's week; Paul's begins on Monday at nine.
    assert_eq!(story.who(&nights, "2025-01-27T13:59:00Z").await, "Jane Hart");
    assert_eq!(story.who(&nights, "2025-01-27T14:00:00Z").await, "Paul Lowe");
    // Carl, who is Paul in the directory, takes Saturday of Jane's week.
    let (app, client) = (&story.world.app, &story.office.client);
    let standing = on_call::find(app, client, nights.id, app.now()).await.expect("found");
    let me = on_call::stand_in(client, &standing).expect("Carl stands in the directory");
    assert_eq!(me.name, "Paul Lowe");
    let saturday = over(Some(me), "2025-01-25T05:00:00Z", "2025-01-26T05:00:00Z");
    let made = on_call::add_override(app, client, nights.id, saturday).await.expect("taken");
    assert_eq!(story.who(&nights, "2025-01-25T12:00:00Z").await, "Paul Lowe");
    assert_eq!(story.who(&nights, "2025-01-26T12:00:00Z").await, "Jane Hart");
    // It begins, and is taken back at noon: the morning stays as it was.
    story.clock("2025-01-25T17:00:00Z");
    on_call::withdraw(app, client, nights.id, made.id).await.expect("withdrawn");
    assert_eq!(story.who(&nights, "2025-01-25T17:00:00Z").await, "Jane Hart");
    let past = on_call::find(app, client, nights.id, at("2025-01-25T00:00:00Z")).await;
    let past = past.expect("found");
    let before = past.roster.on_call(at("2025-01-25T16:59:00Z"));
    assert_eq!(past.name(before.contact_id), "Paul Lowe");
    let hidden = on_call::withdraw(app, client, nights.id, made.id).await;
    assert!(is_hidden(hidden), "it is over");
    assert_eq!(
        story.said().await,
        [
            "Carl: rotation.create rotation 1 of account 1",
            "Carl: rotation.override rotation 1 of account 1: Paul Lowe from Jan 25, 2025, \
             12:00 AM EST to Jan 26, 2025, 12:00 AM EST, “Wedding”",
            "Carl: rotation.withdraw rotation 1 of account 1: Paul Lowe from Jan 25, 2025, \
             12:00 AM EST to Jan 26, 2025, 12:00 AM EST, “Wedding”",
        ]
    );
}

#[tokio::test]
async fn a_change_names_what_it_changed_and_knows_what_it_overwrites() {
    let story = Story::new().await;
    let nights = story.make(story.weekly()).await;
    let (app, owner) = (&story.world.app, &story.office.owner);
    let mut entry = story.weekly();
    entry.members = vec![story.paul.id, story.office.jane.id];
    entry.fallback = Some(story.reception.id);
    entry.hand_off = "17:30".to_owned();
    let changed = on_call::update(app, owner, nights.id, Some(1), entry.clone()).await;
    assert_eq!(changed.expect("changed").revision, 2);
    let stale = on_call::update(app, owner, nights.id, Some(1), story.weekly()).await;
    assert!(matches!(stale, Err(app::Error::Changed)));
    // The same again is no change.
    let same = on_call::update(app, owner, nights.id, Some(2), entry).await.expect("the same");
    assert_eq!(same.revision, 2);
    assert_eq!(
        story.said().await.last().map(String::as_str),
        Some(
            "Olivia: rotation.update rotation 1 of account 1: hand-off from “9:00 AM” to \
             “5:30 PM”; members from Jane Hart, Paul Lowe to Paul Lowe, Jane Hart; fallback from \
             nobody to The office"
        )
    );
    on_call::delete(app, owner, nights.id).await.expect("deleted");
    assert!(is_hidden(on_call::find(app, owner, nights.id, app.now()).await));
    assert_eq!(jobs::count(app).await.expect("a count"), 0, "its coverage check is gone");
}

#[tokio::test]
async fn every_fault_is_named_by_field_at_once() {
    let story = Story::new().await;
    let (app, client) = (&story.world.app, &story.office.client);
    let bad = RotationEntry {
        name: "  ".to_owned(),
        zone: "Mars/Olympus".to_owned(),
        turn: "fortnightly".to_owned(),
        hand_off: "25:00".to_owned(),
        starts_on: "2025-02-30".to_owned(),
        members: vec![domain::ContactId(999)],
        hours: "9-17".to_owned(),
        fallback: Some(domain::ContactId(998)),
    };
    let refused = on_call::create(app, client, story.office.law.id, bad).await;
    assert_eq!(
        faults(refused),
        [
            "name must not be empty",
            "zone must be the name of an IANA time zone, such as America/New_York",
            "turn must be daily, weekly, or a number of days (to 365) or hours (to 744)",
            "hand_off must be a time like 9:00 AM or 21:30",
            "starts_on February 2025 has the days 01 to 28, not 30",
            "members must stand in the account's directory",
            "fallback must stand in the account's directory",
            "hours must be like “Mon-Fri 09:00-17:00”, and not “9-17”",
        ]
    );
    let nights = story.make(story.weekly()).await;
    let check = async |entry: OverrideEntry| {
        faults(on_call::add_override(app, client, nights.id, entry).await)
    };
    let none = OverrideEntry::default();
    assert_eq!(
        check(none).await,
        ["from must be a day and a time", "until must be a day and a time"]
    );
    let past = over(None, "2025-01-21T20:00:00Z", "2025-01-21T21:00:00Z");
    assert_eq!(
        check(past).await,
        ["from must not lie before now", "until must lie after the beginning and after now"]
    );
    let far = over(None, "2025-01-22T20:00:00Z", "2028-01-21T21:00:00Z");
    assert_eq!(check(far).await, ["until must lie within two years from now"]);
    let long = OverrideEntry {
        reason: "x".repeat(501),
        contact_id: Some(domain::ContactId(999)),
        ..over(None, "2025-01-22T20:00:00Z", "2025-01-22T21:00:00Z")
    };
    assert_eq!(
        check(long).await,
        ["reason must have at most 500 bytes", "contact_id must stand in the account's directory"]
    );
    let day = HolidayEntry { date: "2025-01-20".to_owned(), ..HolidayEntry::default() };
    assert_eq!(
        faults(on_call::add_holiday(app, client, story.office.law.id, day).await),
        ["name must not be empty", "date must not lie before today"]
    );
    let year = on_call::add_federal(app, client, story.office.law.id, 1999).await;
    assert_eq!(faults(year), ["year must be this year, or one of the five after it"]);
}

#[tokio::test]
async fn holidays_are_added_once_and_the_fallback_has_them() {
    let story = Story::new().await;
    let mut entry = story.weekly();
    entry.fallback = Some(story.reception.id);
    let nights = story.make(entry).await;
    let (app, client, law) = (&story.world.app, &story.office.client, story.office.law.id);
    let own = HolidayEntry {
        date: "07-04-2025".to_owned(),
        name: "Founders' day".to_owned(),
        contact_id: Some(story.office.jane.id),
    };
    on_call::add_holiday(app, client, law, own.clone()).await.expect("added");
    let twice = on_call::add_holiday(app, client, law, own).await;
    assert_eq!(faults(twice), ["date is a holiday already"]);
    // Of eleven, New Year's Day and Martin Luther King's are past, and 4 July is there already.
    assert_eq!(on_call::add_federal(app, client, law, 2025).await.expect("added"), 8);
    assert_eq!(on_call::add_federal(app, client, law, 2025).await.expect("again"), 0);
    assert_eq!(story.who(&nights, "2025-12-25T17:00:00Z").await, "The office");
    assert_eq!(story.who(&nights, "2025-07-04T17:00:00Z").await, "Jane Hart");
    let days = on_call::holidays(app, client, law).await.expect("holidays");
    let christmas = days.iter().find(|day| day.name == "Christmas Day").expect("Christmas");
    on_call::remove_holiday(app, client, law, christmas.id).await.expect("removed");
    assert_ne!(story.who(&nights, "2025-12-25T17:00:00Z").await, "The office");
    assert!(is_hidden(on_call::remove_holiday(app, client, law, christmas.id).await));
}

#[tokio::test]
async fn each_does_what_its_role_may() {
    let story = Story::new().await;
    let nights = story.make(story.weekly()).await;
    let (app, agent, law) = (&story.world.app, &story.office.agent, story.office.law.id);
    assert!(is_forbidden(on_call::create(app, agent, law, story.weekly()).await));
    assert!(is_forbidden(on_call::update(app, agent, nights.id, None, story.weekly()).await));
    assert!(is_forbidden(on_call::delete(app, agent, nights.id).await));
    assert!(is_forbidden(on_call::add_federal(app, agent, law, 2025).await));
    let tonight = || over(Some(&story.paul), "2025-01-22T00:00:00Z", "2025-01-22T12:00:00Z");
    let noted = on_call::add_override(app, agent, nights.id, tonight()).await;
    noted.expect("an agent notes who stands in");
    for stranger in strangers(&story) {
        assert!(is_hidden(on_call::find(app, stranger, nights.id, app.now()).await));
        assert!(is_hidden(on_call::create(app, stranger, law, story.weekly()).await));
        assert!(is_hidden(on_call::update(app, stranger, nights.id, None, story.weekly()).await));
        assert!(is_hidden(on_call::delete(app, stranger, nights.id).await));
        assert!(is_hidden(on_call::add_override(app, stranger, nights.id, tonight()).await));
        assert!(is_hidden(on_call::withdraw(app, stranger, nights.id, OverrideId(1)).await));
        assert!(is_hidden(on_call::holidays(app, stranger, law).await));
        assert!(is_hidden(on_call::add_federal(app, stranger, law, 2025).await));
        let seen = on_call::list(app, stranger, &[], app.now()).await.expect("a list");
        assert!(seen.is_empty());
    }
    let unknown = on_call::find(app, agent, RotationId(99), app.now()).await;
    assert!(is_hidden(unknown));
}

#[tokio::test]
async fn gaps_are_found_before_they_happen_and_said_once() {
    let story = Story::new().await;
    let nights = story.make(story.weekly()).await;
    assert_eq!(story.find(&nights).await.roster.rotation.gap, None);
    // Nobody in the night from 10 to 11 February: too far ahead for now.
    let (app, client) = (&story.world.app, &story.office.client);
    let nobody = over(None, "2025-02-11T03:00:00Z", "2025-02-11T12:00:00Z");
    on_call::add_override(app, client, nights.id, nobody.clone()).await.expect("made");
    assert_eq!(story.find(&nights).await.roster.rotation.gap, None);
    assert_eq!(story.check().await, 0, "nothing is due before the morning");
    for day in ["22", "23", "24", "25", "26", "27", "28", "29", "30"] {
        story.clock(&format!("2025-01-{day}T14:00:00Z"));
        assert_eq!(story.check().await, 1, "each day at nine");
    }
    let gap = Some((at("2025-02-11T03:00:00Z"), at("2025-02-11T12:00:00Z")));
    assert_eq!(story.find(&nights).await.roster.rotation.gap, gap);
    let gaps = async || {
        let said = story.said().await;
        said.into_iter().filter(|row| row.contains("rotation.gap")).collect::<Vec<_>>()
    };
    assert_eq!(
        gaps().await,
        ["coverage check: rotation.gap rotation 1 of account 1: nobody from Feb 10, 2025, \
             10:00 PM EST to Feb 11, 2025, 7:00 AM EST"]
    );
    // Paul takes it: the gap is gone at once, not at the next check.
    let covered = OverrideEntry { contact_id: Some(story.paul.id), ..nobody };
    on_call::add_override(app, client, nights.id, covered).await.expect("covered");
    assert_eq!(story.find(&nights).await.roster.rotation.gap, None);
    // Paul, then Jane leave the directory: nobody is left, from now on.
    let (supervisor, law) = (&story.office.supervisor, story.office.law.id);
    app::accounts::remove_contact(app, supervisor, law, story.paul.id).await.expect("removed");
    assert_eq!(story.who(&nights, "2025-02-04T12:00:00Z").await, "Jane Hart");
    app::accounts::remove_contact(app, supervisor, law, story.office.jane.id).await.expect("gone");
    let gap = story.find(&nights).await.roster.rotation.gap.expect("a gap");
    assert_eq!(gap.0, app.now());
    let before = gaps().await.len();
    story.clock("2025-01-31T14:00:00Z");
    assert_eq!(story.check().await, 1);
    assert_eq!(gaps().await.len(), before, "it is the same gap the day after");
}

#[tokio::test]
async fn a_rotation_without_members_is_a_gap_and_a_deleted_one_is_checked_no_more() {
    let story = Story::new().await;
    let mut entry = story.weekly();
    entry.members.clear();
    let empty = story.make(entry).await;
    let rotation = story.find(&empty).await.roster.rotation;
    assert_eq!(rotation.gap.map(|gap| gap.0), Some(story.world.app.now()));
    // Many tenants are looked at in one transaction.
    let other = story.world.tenancy("other").await;
    let entry = RotationEntry {
        name: "Other".to_owned(),
        turn: "2 days".to_owned(),
        hand_off: "08:00".to_owned(),
        starts_on: "2025-01-01".to_owned(),
        members: vec![other.jane.id],
        ..RotationEntry::default()
    };
    let app = &story.world.app;
    on_call::create(app, &other.owner, other.law.id, entry).await.expect("a rotation");
    story.clock("2025-01-22T14:00:00Z");
    assert_eq!(story.check().await, 2);
    assert_eq!(jobs::count(app).await.expect("a count"), 2, "both are due again tomorrow");
    let seen = on_call::list(app, &other.owner, &[], app.now()).await.expect("a list");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].name(seen[0].roster.on_call(app.now()).contact_id), "Jane Hart");
}
