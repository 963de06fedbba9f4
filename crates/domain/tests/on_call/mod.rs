//! Who is on call: each rule in a table, both DST nights, and what must hold for every roster.

mod federal;
mod properties;

use domain::on_call::{Holiday, Override, Roster, Rotation, Turn, Why};
use domain::{
    AccountId, ContactId, Date, HolidayId, Hours, Instant, OverrideId, RotationId, TenantId, Zone,
};

const JANE: ContactId = ContactId(1);
const PAUL: ContactId = ContactId(2);
const MARY: ContactId = ContactId(3);
const DESK: ContactId = ContactId(9);

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

/// Jane, Paul, Mary in New York, from Monday, 6 January 2025, 9:00 on.
fn roster(turn: Turn) -> Roster {
    Roster::of(Rotation {
        tenant_id: TenantId(1),
        id: RotationId(1),
        account_id: AccountId(1),
        name: "Nights".to_owned(),
        zone: Zone::named("America/New_York").expect("a zone"),
        turn,
        hand_off_minute: 9 * 60,
        starts_on: date("2025-01-06"),
        members: vec![JANE, PAUL, MARY],
        hours: Hours::always(),
        fallback: None,
        gap: None,
        revision: 1,
        created_at: at("2025-01-01T00:00:00Z"),
        updated_at: at("2025-01-01T00:00:00Z"),
    })
}

fn over(id: i64, contact: Option<ContactId>, from: &str, until: &str) -> Override {
    Override {
        id: OverrideId(id),
        rotation_id: RotationId(1),
        contact_id: contact,
        from: at(from),
        until: at(until),
        reason: format!("reason {id}"),
        created_by: None,
        created_at: at("2025-01-01T00:00:00Z"),
    }
}

fn holiday(day: &str, contact: Option<ContactId>) -> Holiday {
    Holiday {
        id: HolidayId(1),
        account_id: AccountId(1),
        date: date(day),
        name: "Day off".to_owned(),
        contact_id: contact,
    }
}

/// Who is on call at an instant, since when and until when.
fn check(
    roster: &Roster,
    instant: &str,
    contact: impl Into<Option<ContactId>>,
    why: Why,
    since: &str,
    until: &str,
) {
    let watch = roster.on_call(at(instant));
    let text = |at: Option<Instant>| at.map_or(String::new(), |at| at.rfc3339_ms().to_string());
    let full = |text: &str| match text {
        "" => String::new(),
        text => at(text).rfc3339_ms().to_string(),
    };
    assert_eq!(watch.contact_id, contact.into(), "{instant}");
    assert_eq!(watch.why, why, "{instant}");
    assert_eq!(text(watch.since), full(since), "since, {instant}");
    assert_eq!(text(watch.until), full(until), "until, {instant}");
}

#[test]
fn a_week_is_handed_over_on_the_weekday_of_the_first_hand_off() {
    let weekly = roster(Turn::Weekly);
    let hand_offs = [
        "2025-01-06T14:00:00Z",
        "2025-01-13T14:00:00Z",
        "2025-01-20T14:00:00Z",
        "2025-01-27T14:00:00Z",
    ];
    check(&weekly, "2025-01-06T14:00:00Z", JANE, Why::Rotation, hand_offs[0], hand_offs[1]);
    check(&weekly, "2025-01-13T13:59:59.999Z", JANE, Why::Rotation, hand_offs[0], hand_offs[1]);
    check(&weekly, "2025-01-13T14:00:00Z", PAUL, Why::Rotation, hand_offs[1], hand_offs[2]);
    check(&weekly, "2025-01-26T14:00:00Z", MARY, Why::Rotation, hand_offs[2], hand_offs[3]);
    check(&weekly, "2025-01-06T13:59:00Z", None, Why::Nobody, "", hand_offs[0]);
    // Far ahead, at once: 1,000 weeks later it is Paul's again (1,000 = 3 × 333 + 1).
    check(
        &weekly,
        "2044-03-07T15:00:00Z",
        PAUL,
        Why::Rotation,
        "2044-03-07T14:00:00Z",
        "2044-03-14T13:00:00Z",
    );
}

#[test]
fn a_day_is_handed_over_at_the_same_wall_clock_time_in_both_dst_nights() {
    let daily = roster(Turn::Daily);
    // Forward on 9 March 2025: that turn has 23 hours. Back on 2 November: 25 hours.
    check(
        &daily,
        "2025-03-09T06:00:00Z",
        PAUL,
        Why::Rotation,
        "2025-03-08T14:00:00Z",
        "2025-03-09T13:00:00Z",
    );
    check(
        &daily,
        "2025-03-09T13:00:00Z",
        MARY,
        Why::Rotation,
        "2025-03-09T13:00:00Z",
        "2025-03-10T13:00:00Z",
    );
    check(
        &daily,
        "2025-11-02T06:00:00Z",
        MARY,
        Why::Rotation,
        "2025-11-01T13:00:00Z",
        "2025-11-02T14:00:00Z",
    );
}

#[test]
fn a_hand_off_that_does_not_exist_comes_later_and_one_that_exists_twice_the_first_time() {
    let mut daily = roster(Turn::Daily);
    daily.rotation.hand_off_minute = 2 * 60 + 30;
    // 02:30 does not exist on 9 March 2025: 03:30 EDT is as much later as the clocks skip.
    check(
        &daily,
        "2025-03-09T07:29:00Z",
        PAUL,
        Why::Rotation,
        "2025-03-08T07:30:00Z",
        "2025-03-09T07:30:00Z",
    );
    check(
        &daily,
        "2025-03-09T07:30:00Z",
        MARY,
        Why::Rotation,
        "2025-03-09T07:30:00Z",
        "2025-03-10T06:30:00Z",
    );
    // 01:30 exists twice on 2 November 2025: 05:30Z (EDT) is the first.
    daily.rotation.hand_off_minute = 60 + 30;
    check(
        &daily,
        "2025-11-02T05:30:00Z",
        JANE,
        Why::Rotation,
        "2025-11-02T05:30:00Z",
        "2025-11-03T06:30:00Z",
    );
    check(
        &daily,
        "2025-11-02T06:30:00Z",
        JANE,
        Why::Rotation,
        "2025-11-02T05:30:00Z",
        "2025-11-03T06:30:00Z",
    );
}

#[test]
fn hours_count_what_passes() {
    let shifts = roster(Turn::Hours(12));
    // 9:00 and 21:00 in winter; after the clocks went forward, 10:00 and 22:00.
    check(
        &shifts,
        "2025-01-06T14:00:00Z",
        JANE,
        Why::Rotation,
        "2025-01-06T14:00:00Z",
        "2025-01-07T02:00:00Z",
    );
    check(
        &shifts,
        "2025-01-07T02:00:00Z",
        PAUL,
        Why::Rotation,
        "2025-01-07T02:00:00Z",
        "2025-01-07T14:00:00Z",
    );
    check(
        &shifts,
        "2025-03-09T08:00:00Z",
        JANE,
        Why::Rotation,
        "2025-03-09T02:00:00Z",
        "2025-03-09T14:00:00Z",
    );
    check(
        &shifts,
        "2025-03-09T14:00:00Z",
        PAUL,
        Why::Rotation,
        "2025-03-09T14:00:00Z",
        "2025-03-10T02:00:00Z",
    );
}

#[test]
fn the_end_of_a_year_is_a_day_like_another() {
    let days = roster(Turn::Days(3));
    check(
        &days,
        "2025-12-31T23:00:00Z",
        MARY,
        Why::Rotation,
        "2025-12-29T14:00:00Z",
        "2026-01-01T14:00:00Z",
    );
    check(
        &days,
        "2026-01-01T14:00:00Z",
        JANE,
        Why::Rotation,
        "2026-01-01T14:00:00Z",
        "2026-01-04T14:00:00Z",
    );
    // At the end of the calendar nothing breaks.
    let last = days.on_call(Instant::MAX);
    assert!(last.contact_id.is_some());
    assert!(days.shifts(Instant::MAX.minus_ms(86_400_000 * 9), Instant::MAX).len() > 2);
    assert!(days.on_call(Instant::MIN).until.is_some());
}

#[test]
fn of_overlapping_overrides_the_one_made_last_counts() {
    let mut daily = roster(Turn::Weekly);
    daily.overrides = vec![
        over(1, Some(PAUL), "2025-01-07T00:00:00Z", "2025-01-09T00:00:00Z"),
        over(2, Some(MARY), "2025-01-08T00:00:00Z", "2025-01-08T12:00:00Z"),
    ];
    let why = |id: i64| Why::Override(format!("reason {id}"));
    check(
        &daily,
        "2025-01-06T20:00:00Z",
        JANE,
        Why::Rotation,
        "2025-01-06T14:00:00Z",
        "2025-01-07T00:00:00Z",
    );
    check(
        &daily,
        "2025-01-07T00:00:00Z",
        PAUL,
        why(1),
        "2025-01-07T00:00:00Z",
        "2025-01-08T00:00:00Z",
    );
    check(
        &daily,
        "2025-01-08T06:00:00Z",
        MARY,
        why(2),
        "2025-01-08T00:00:00Z",
        "2025-01-08T12:00:00Z",
    );
    check(
        &daily,
        "2025-01-08T12:00:00Z",
        PAUL,
        why(1),
        "2025-01-08T12:00:00Z",
        "2025-01-09T00:00:00Z",
    );
    // Mary leaves the directory: her override counts no more.
    let left = daily.clone().without(MARY);
    check(
        &left,
        "2025-01-08T06:00:00Z",
        PAUL,
        why(1),
        "2025-01-07T00:00:00Z",
        "2025-01-09T00:00:00Z",
    );
    // Nobody, said on purpose, is a gap all the same.
    daily.overrides.push(over(3, None, "2025-01-07T06:00:00Z", "2025-01-07T07:00:00Z"));
    check(
        &daily,
        "2025-01-07T06:30:00Z",
        None,
        why(3),
        "2025-01-07T06:00:00Z",
        "2025-01-07T07:00:00Z",
    );
    let gaps = daily.gaps(at("2025-01-06T14:00:00Z"), at("2025-02-06T14:00:00Z"));
    assert_eq!(gaps, [(at("2025-01-07T06:00:00Z"), at("2025-01-07T07:00:00Z"))]);
}

#[test]
fn a_holiday_is_the_whole_local_day() {
    let mut weekly = roster(Turn::Weekly);
    let name = || Why::Holiday("Day off".to_owned());
    // With nobody for it and no fallback, the day is like any other.
    weekly.holidays = vec![holiday("2025-01-08", None)];
    check(
        &weekly,
        "2025-01-08T12:00:00Z",
        JANE,
        Why::Rotation,
        "2025-01-06T14:00:00Z",
        "2025-01-13T14:00:00Z",
    );
    weekly.rotation.fallback = Some(DESK);
    check(
        &weekly,
        "2025-01-08T05:00:00Z",
        DESK,
        name(),
        "2025-01-08T05:00:00Z",
        "2025-01-09T05:00:00Z",
    );
    check(
        &weekly,
        "2025-01-09T05:00:00Z",
        JANE,
        Why::Rotation,
        "2025-01-09T05:00:00Z",
        "2025-01-13T14:00:00Z",
    );
    weekly.holidays = vec![holiday("2025-01-08", Some(PAUL))];
    check(
        &weekly,
        "2025-01-09T04:59:00Z",
        PAUL,
        name(),
        "2025-01-08T05:00:00Z",
        "2025-01-09T05:00:00Z",
    );
    // Paul leaves: the fallback stands in. On the night in which clocks change, the day is shorter.
    let left = weekly.clone().without(PAUL);
    check(
        &left,
        "2025-01-08T12:00:00Z",
        DESK,
        name(),
        "2025-01-08T05:00:00Z",
        "2025-01-09T05:00:00Z",
    );
    weekly.holidays = vec![holiday("2025-03-09", Some(PAUL))];
    check(
        &weekly,
        "2025-03-09T12:00:00Z",
        PAUL,
        name(),
        "2025-03-09T05:00:00Z",
        "2025-03-10T04:00:00Z",
    );
    // An override counts more.
    weekly.overrides = vec![over(1, Some(MARY), "2025-03-09T12:00:00Z", "2025-03-09T13:00:00Z")];
    let why = Why::Override("reason 1".to_owned());
    check(
        &weekly,
        "2025-03-09T12:00:00Z",
        MARY,
        why,
        "2025-03-09T12:00:00Z",
        "2025-03-09T13:00:00Z",
    );
}

#[test]
fn the_fallback_takes_what_nobody_else_does() {
    let mut nights = roster(Turn::Weekly);
    nights.rotation.hours = Hours::parse("Mon-Fri 18:00-08:00").expect("hours");
    // By design: nobody, and no gap.
    check(
        &nights,
        "2025-01-07T18:00:00Z",
        None,
        Why::OffHours,
        "2025-01-07T13:00:00Z",
        "2025-01-07T23:00:00Z",
    );
    assert_eq!(nights.gaps(at("2025-01-06T14:00:00Z"), at("2025-02-06T14:00:00Z")), []);
    check(
        &nights,
        "2025-01-07T23:00:00Z",
        JANE,
        Why::Rotation,
        "2025-01-07T23:00:00Z",
        "2025-01-08T13:00:00Z",
    );
    nights.rotation.fallback = Some(DESK);
    check(
        &nights,
        "2025-01-07T18:00:00Z",
        DESK,
        Why::Fallback,
        "2025-01-07T13:00:00Z",
        "2025-01-07T23:00:00Z",
    );
    // Without members it is the fallback's always; without that one too, a gap.
    nights.rotation.members.clear();
    nights.rotation.hours = Hours::always();
    check(&nights, "2025-01-07T18:00:00Z", DESK, Why::Fallback, "", "");
    let nobody = nights.without(DESK);
    check(&nobody, "2025-01-07T18:00:00Z", None, Why::Nobody, "", "");
}

#[test]
fn the_turns_of_somebody_who_left_fall_to_the_next_and_move_nobody_else() {
    let weekly = roster(Turn::Weekly).without(PAUL);
    // Mary takes Paul's week before her own; Jane's stays where it was.
    check(
        &weekly,
        "2025-01-14T00:00:00Z",
        MARY,
        Why::Rotation,
        "2025-01-13T14:00:00Z",
        "2025-01-27T14:00:00Z",
    );
    check(
        &weekly,
        "2025-01-27T14:00:00Z",
        JANE,
        Why::Rotation,
        "2025-01-27T14:00:00Z",
        "2025-02-03T14:00:00Z",
    );
    // One alone is on call without an end.
    let alone = weekly.without(MARY);
    check(&alone, "2025-01-14T00:00:00Z", JANE, Why::Rotation, "2025-01-06T14:00:00Z", "");
}

#[test]
fn turns_have_words() {
    for (turn, word) in [
        (Turn::Daily, "daily"),
        (Turn::Weekly, "weekly"),
        (Turn::Days(3), "3 days"),
        (Turn::Hours(12), "12 hours"),
    ] {
        assert_eq!(turn.to_string(), word);
        assert_eq!(Turn::parse(word), Some(turn));
    }
    for bad in ["", "0 days", "-1 days", "366 days", "745 hours", "3 weeks", "3", "3  days"] {
        assert_eq!(Turn::parse(bad), None, "{bad:?}");
    }
}
