//! Whatever is asked of a rule, it answers: never a panic, never an unbounded search.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use recur::{Date, Frequency, Instant, Recurrence, Rule, RuleParts, Time, Until, Zone};

/// What a search may look at, in months and moments, to find or to give up a hundred years on. In an
/// optimised program a step costs some nanoseconds, so this is less than a millisecond.
const STEPS_MAX: u64 = 100_000;

const ZONES: [&str; 9] = [
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Juneau",
    "Antarctica/Troll",
];

fn numbers(from: i64, to: i64) -> impl Strategy<Value = Vec<i64>> {
    prop_oneof![3 => Just(Vec::new()), 2 => vec(from..=to, 1..4), 1 => vec(from..=to, 1..40)]
}

fn instant() -> impl Strategy<Value = Instant> {
    prop_oneof![
        Just(Instant::MIN),
        Just(Instant::MAX),
        (Instant::MIN.as_ms()..=Instant::MAX.as_ms()).prop_map(Instant::from_ms),
        // The years 1970 to 2100.
        (0..4_102_444_800_000_i64).prop_map(Instant::from_ms),
    ]
}

fn until() -> impl Strategy<Value = Until> {
    let days = Date::MIN.days_since_1970()..=Date::MAX.days_since_1970();
    let day = days.prop_filter_map("a day of the calendar", |days| {
        Date::new(1970, 1, 1).ok()?.plus_days(days)
    });
    prop_oneof![instant().prop_map(Until::At), day.prop_map(Until::Day)]
}

/// Parts that make a rule.
fn parts() -> impl Strategy<Value = RuleParts> {
    let frequency = prop::sample::select(&Frequency::ALL[..]);
    let interval = prop_oneof![1..=4_i64, 1..=100_i64, 1..=1_000_i64];
    let days = (
        numbers(0, 6),
        prop_oneof![numbers(1, 31), numbers(-31, -1)],
        prop_oneof![
            2 => Just(Vec::new()),
            1 => vec((0..=6_i64, prop_oneof![1..=5_i64, -5..=-1_i64]), 1..4)
        ],
        prop_oneof![4 => Just(Vec::new()), 1 => numbers(1, 366), 1 => numbers(-366, -1)],
        numbers(1, 12),
    );
    let clock = (numbers(0, 23), numbers(0, 59), vec(0..=59_i64, 0..2));
    let ends = (0..=6_i64, option::weighted(0.1, until()), option::weighted(0.1, 1..=10_000_i64));
    (frequency, interval, days, clock, ends).prop_map(|(frequency, interval, days, clock, ends)| {
        let yearly_max = if frequency == Frequency::Yearly { 100 } else { 1_000 };
        RuleParts {
            frequency,
            interval: interval.min(yearly_max),
            week_start: ends.0,
            day: days.0,
            day_of_month: days.1,
            day_of_week: days.2,
            day_of_year: days.3,
            month_of_year: days.4,
            hour_of_day: clock.0,
            minute_of_hour: clock.1,
            second_of_minute: clock.2,
            until: ends.1,
            count: ends.2,
        }
    })
}

fn any_parts() -> impl Strategy<Value = RuleParts> {
    let list = || vec(any::<i64>(), 0..3);
    (
        parts(),
        any::<(i64, i64, Option<i64>)>(),
        vec(any::<(i64, i64)>(), 0..3),
        list(),
        list(),
        list(),
    )
        .prop_map(|(parts, (interval, week_start, count), day_of_week, day, month, minute)| {
            RuleParts {
                interval,
                week_start,
                count,
                day_of_week,
                day: day.clone(),
                day_of_month: day.clone(),
                day_of_year: day,
                month_of_year: month,
                minute_of_hour: minute,
                ..parts
            }
        })
}

fn times() -> impl Strategy<Value = Vec<Time>> {
    vec((0..1_440_u16).prop_filter_map("a time", Time::from_minute_of_day), 0..5)
}

fn zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(&ZONES[..]).prop_filter_map("a zone", |name| Zone::named(name).ok())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_search_is_bounded_and_goes_forward(
        parts in parts(), times in times(), zone in zone(), start in instant(), after in instant(),
    ) {
        let Ok(rule) = Rule::new(parts) else { return Ok(()) };
        let recurrence = Recurrence::new(rule, times, zone, start);
        recurrence.sentence();
        recurrence.never_matches();
        let mut after = after;
        for _ in 0..5 {
            let (next, steps) = recurrence.next_and_effort(after);
            prop_assert!(steps <= STEPS_MAX, "{steps} steps");
            let Some(next) = next else { break };
            prop_assert!(next > after);
            prop_assert!(next >= start || start.ms_since(next) < 1_000);
            prop_assert_eq!(next.as_ms() % 1_000, 0);
            // Nothing lies between: a moment before, the answer is the same.
            prop_assert_eq!(recurrence.next(next.minus_ms(1)), Some(next));
            after = next;
        }
    }

    #[test]
    fn a_rule_is_read_again_from_all_its_texts(parts in parts()) {
        let Ok(rule) = Rule::new(parts) else { return Ok(()) };
        prop_assert_eq!(Rule::from_ice_cube(&rule.ice_cube_full()), Ok(rule.clone()));
        let three_keys = Rule::from_ice_cube(&rule.ice_cube());
        let ends_and_week = |parts: &RuleParts| RuleParts { until: None, count: None, week_start: 0, ..parts.clone() };
        prop_assert_eq!(three_keys, Rule::new(ends_and_week(rule.parts())));
        // An RRULE holds whole seconds, and the week's start only where it matters.
        let until = rule.parts().until.map(|until| match until {
            Until::At(at) => Until::At(Instant::from_ms(at.as_ms().div_euclid(1_000) * 1_000)),
            day => day,
        });
        let is_weekly = rule.parts().frequency == Frequency::Weekly && rule.parts().interval > 1;
        let week_start = if is_weekly { rule.parts().week_start } else { 0 };
        let as_rrule = Rule::new(RuleParts { until, week_start, ..rule.parts().clone() });
        prop_assert_eq!(Rule::from_rrule(&rule.rrule()), as_rrule);
    }

    #[test]
    fn parts_of_any_numbers_are_a_rule_or_are_refused_with_words(parts in any_parts()) {
        if let Err(faults) = Rule::new(parts) {
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.iter().all(|fault| fault.rule.starts_with("must ")));
        }
    }

    #[test]
    fn any_text_is_a_rule_or_is_refused(text in "\\PC*") {
        prop_assert!(Rule::from_ice_cube(&text).is_err());
        let _ = Rule::from_rrule(&text);
        let _ = Time::parse(&text);
    }

    #[test]
    fn a_damaged_text_is_a_rule_or_is_refused(
        parts in parts(), at in 0..200_usize, with in "\\PC{0,3}", length in 0..9_usize,
    ) {
        let Ok(rule) = Rule::new(parts) else { return Ok(()) };
        for text in [rule.ice_cube_full(), rule.rrule()] {
            let (from, to) = (at.min(text.len()), (at + length).min(text.len()));
            let damaged = format!("{}{with}{}", &text[..from], &text[to..]);
            let _ = Rule::from_ice_cube(&damaged);
            let _ = Rule::from_rrule(&damaged);
        }
    }
}
