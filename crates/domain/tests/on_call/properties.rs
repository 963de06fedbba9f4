//! What holds for every roster: shifts tile the time, and each answer agrees with every other.

use domain::on_call::{Holiday, Override, Roster, Rotation, Turn, Watch};
use domain::{
    AccountId, ContactId, Date, HolidayId, Hours, Instant, OverrideId, RotationId, TenantId, Zone,
};
use proptest::prelude::*;

const ZONES: [&str; 6] = [
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Kolkata",
];
const HOURS: [&str; 6] = [
    "",
    "Mon-Fri 18:00-08:00; Sat,Sun 00:00-24:00",
    "09:00-17:00",
    "Sun 02:15-02:45",
    "00:00-24:00",
    "Fri 20:00-20:00; Sat 12:00-13:00",
];
const HOUR_MS: i64 = 3_600_000;

fn somebody() -> impl Strategy<Value = Option<ContactId>> {
    prop::option::of((1..5_i64).prop_map(ContactId))
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        Just(Turn::Daily),
        Just(Turn::Weekly),
        (1..10_u16).prop_map(Turn::Days),
        (1..50_u16).prop_map(Turn::Hours),
    ]
}

/// The first instant of one of some years, and an hour of it.
fn instant() -> impl Strategy<Value = Instant> {
    (0..600_i64, 0..24 * 4_i64).prop_map(|(day, quarter)| {
        let begin = Instant::parse("2018-01-01T00:00:00Z").expect("an instant");
        begin.plus_ms(day * 24 * HOUR_MS + quarter * HOUR_MS / 4)
    })
}

fn rotation() -> impl Strategy<Value = Rotation> {
    let zone = prop::sample::select(&ZONES[..]);
    let hours = prop::sample::select(&HOURS[..]);
    let members = prop::collection::vec((1..5_i64).prop_map(ContactId), 0..5);
    let start = Date::parse("2018-01-01").expect("a date");
    (zone, hours, turn(), 0..1_440_u16, 0..500_i64, members, somebody()).prop_map(
        move |(zone, hours, turn, minute, day, members, fallback)| Rotation {
            tenant_id: TenantId(1),
            id: RotationId(1),
            account_id: AccountId(1),
            name: String::new(),
            zone: Zone::named(zone).expect("a zone"),
            turn,
            hand_off_minute: minute,
            starts_on: start.plus_days(day).expect("a date"),
            members,
            hours: Hours::parse(hours).expect("hours"),
            fallback,
            gap: None,
            revision: 1,
            created_at: Instant::MIN,
            updated_at: Instant::MIN,
        },
    )
}

fn roster() -> impl Strategy<Value = Roster> {
    let over = (instant(), 1..2_000_i64, somebody(), 0..3_i64);
    let day = (0..600_i64, somebody());
    (
        rotation(),
        prop::collection::vec(over, 0..6),
        prop::collection::vec(day, 0..6),
        prop::collection::vec((1..5_i64).prop_map(ContactId), 0..2),
    )
        .prop_map(|(rotation, overrides, days, absent)| {
            let override_of = |(id, (from, quarters, contact_id, made))| Override {
                id: OverrideId(id),
                rotation_id: RotationId(1),
                contact_id,
                from,
                until: Instant::plus_ms(from, quarters * HOUR_MS / 4),
                reason: String::new(),
                created_by: None,
                created_at: Instant::from_ms(made),
            };
            let start = Date::parse("2018-01-01").expect("a date");
            let mut holidays: Vec<Holiday> = Vec::new();
            for (id, (day, contact_id)) in (1..).zip(days) {
                let date = start.plus_days(day).expect("a date");
                if holidays.iter().all(|other| other.date != date) {
                    let (account_id, name) = (AccountId(1), format!("{id}"));
                    holidays.push(Holiday {
                        id: HolidayId(id),
                        account_id,
                        date,
                        name,
                        contact_id,
                    });
                }
            }
            let overrides = (1..).zip(overrides).map(override_of).collect();
            Roster { rotation, overrides, holidays, absent }
        })
}

fn is_like(one: &Watch, other: &Watch) -> bool {
    one.contact_id == other.contact_id && one.why == other.why
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn shifts_tile_the_time(roster in roster(), from in instant(), days in 1..40_i64) {
        let until = from.plus_ms(days * 24 * HOUR_MS);
        let shifts = roster.shifts(from, until);
        prop_assert_eq!(shifts.first().map(|shift| shift.from), Some(from));
        prop_assert_eq!(shifts.last().map(|shift| shift.until), Some(until));
        for pair in shifts.windows(2) {
            prop_assert_eq!(pair[0].until, pair[1].from);
            prop_assert!((&pair[0].contact_id, &pair[0].why) != (&pair[1].contact_id, &pair[1].why));
        }
        let gaps = roster.gaps(from, until);
        for shift in &shifts {
            prop_assert!(shift.from < shift.until);
            let middle = shift.from.plus_ms(shift.until.ms_since(shift.from) / 2);
            for at in [shift.from, middle, shift.until.minus_ms(1)] {
                let watch = roster.on_call(at);
                prop_assert_eq!((&watch.contact_id, &watch.why), (&shift.contact_id, &shift.why));
                let holds = gaps.iter().any(|(from, until)| *from <= at && at < *until);
                prop_assert_eq!(holds, shift.is_gap());
            }
        }
    }

    #[test]
    fn an_answer_holds_exactly_until_it_changes(roster in roster(), at in instant()) {
        let watch = roster.on_call(at);
        if let Some(until) = watch.until {
            prop_assert!(at < until);
            prop_assert!(is_like(&roster.on_call(until.minus_ms(1)), &watch));
            prop_assert!(!is_like(&roster.on_call(until), &watch));
        }
        if let Some(since) = watch.since {
            prop_assert!(since <= at);
            prop_assert!(is_like(&roster.on_call(since), &watch));
            prop_assert!(!is_like(&roster.on_call(since.minus_ms(1)), &watch));
        }
        // Between the two it is the same.
        let from = watch.since.unwrap_or(at);
        let length = watch.until.unwrap_or(at).ms_since(from);
        for part in 0..10 {
            let then = from.plus_ms(length / 10 * part);
            prop_assert!(is_like(&roster.on_call(then), &watch), "{then:?}");
        }
    }

    #[test]
    fn who_left_is_never_on_call(roster in roster(), at in instant()) {
        let watch = roster.on_call(at);
        prop_assert!(watch.contact_id.is_none_or(|id| !roster.absent.contains(&id)));
    }
}
