//! Rules: what is refused and in which words, how they are written and read again, what they are called.

use recur::{Date, Frequency, Instant, Recurrence, Rule, RuleParts, Time, Until, Zone};

fn example() -> RuleParts {
    RuleParts { day: vec![2, 4, 6], ..RuleParts::every(Frequency::Weekly, 2) }
}

fn sentence(rrule: &str, times: &[&str]) -> String {
    let times = times.iter().map(|time| Time::parse(time).unwrap()).collect();
    let zone = Zone::named("America/New_York").unwrap();
    let start = Instant::parse("2024-11-28T17:28:12.723Z").unwrap();
    Recurrence::new(Rule::from_rrule(rrule).unwrap(), times, zone, start).sentence()
}

#[test]
fn the_documented_rule_is_written_with_its_three_keys_in_order() {
    let rule = Rule::new(example()).unwrap();
    let three = r#"{"rule_type":"IceCube::WeeklyRule","interval":2,"validations":{"day":[2,4,6]}}"#;
    assert_eq!(rule.ice_cube(), three);
    assert_eq!(Rule::from_ice_cube(three), Ok(rule.clone()));
    let full = r#"{"rule_type":"IceCube::WeeklyRule","interval":2,"validations":{"day":[2,4,6]},"week_start":0}"#;
    assert_eq!(rule.ice_cube_full(), full);
    assert_eq!(rule.rrule(), "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH,SA");
}

#[test]
fn the_full_form_loses_nothing() {
    let at = Instant::parse("2025-01-21T22:08:20.671Z").unwrap();
    for until in [Until::At(at), Until::Day(Date::new(2025, 1, 21).unwrap())] {
        let parts = RuleParts {
            week_start: 3,
            day_of_month: vec![-1, 15],
            day_of_week: vec![(5, 1), (1, -1), (5, 3)],
            day_of_year: vec![-300, 60],
            month_of_year: vec![12, 2],
            hour_of_day: vec![23, 0],
            minute_of_hour: vec![59],
            second_of_minute: vec![7],
            until: Some(until),
            count: Some(20),
            ..example()
        };
        let rule = Rule::new(parts).unwrap();
        assert_eq!(rule.parts().day_of_week, [(5, 1), (5, 3), (1, -1)]);
        assert_eq!(Rule::from_ice_cube(&rule.ice_cube_full()), Ok(rule));
    }
}

#[test]
fn an_end_is_read_in_all_the_spellings_that_the_original_wrote() {
    let at = Until::At(Instant::parse("2025-01-21T22:08:20Z").unwrap());
    let day = Until::Day(Date::new(2025, 1, 21).unwrap());
    for (until, expected) in [
        (r#"{"time":"2025-01-21T22:08:20.000Z","zone":"America/New_York"}"#, at),
        (r#""2025-01-21T17:08:20-05:00""#, at),
        (r#""2025-01-21 22:08:20 UTC""#, at),
        (r#""2025-01-21 17:08:20 -0500""#, at),
        (r#""2025-01-21""#, day),
    ] {
        let json = format!(r#"{{"rule_type":"IceCube::DailyRule","until":{until}}}"#);
        assert_eq!(Rule::from_ice_cube(&json).unwrap().parts().until, Some(expected), "{until}");
    }
    assert_eq!(
        Rule::from_rrule("FREQ=DAILY;UNTIL=20250121T220820Z").unwrap().parts().until,
        Some(at)
    );
    assert_eq!(
        Rule::from_rrule("rrule:freq=daily;until=20250121").unwrap().parts().until,
        Some(day)
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let parts = RuleParts {
        interval: 0,
        week_start: 7,
        day: vec![7],
        day_of_month: vec![0],
        day_of_week: vec![(1, 6)],
        day_of_year: vec![-367],
        month_of_year: vec![13],
        hour_of_day: vec![24],
        minute_of_hour: vec![-1],
        second_of_minute: vec![i64::MIN],
        count: Some(0),
        ..example()
    };
    let faults = Rule::new(parts).unwrap_err();
    let words: Vec<String> = faults.iter().map(|f| format!("{} {}", f.part, f.rule)).collect();
    assert_eq!(
        words,
        [
            "interval must be 1 to 1000",
            "week_start must be 0 (Sunday) to 6 (Saturday)",
            "day must be days from 0 (Sunday) to 6 (Saturday)",
            "day_of_month must be numbers from 1 to 31, or -1 to -31",
            "day_of_year must be numbers from 1 to 366, or -1 to -366",
            "month_of_year must be numbers from 1 to 12",
            "hour_of_day must be numbers from 0 to 23",
            "minute_of_hour must be numbers from 0 to 59",
            "second_of_minute must be numbers from 0 to 59",
            "day_of_week must be days 0 (Sunday) to 6 (Saturday), each the 1st to 5th or -1st to -5th",
            "count must be 1 to 10000",
        ]
    );
}

#[test]
fn absurd_numbers_are_refused_by_name() {
    for (frequency, interval) in
        [(Frequency::Daily, i64::MAX), (Frequency::Daily, -1), (Frequency::Yearly, 101)]
    {
        let faults = Rule::new(RuleParts::every(frequency, interval)).unwrap_err();
        assert_eq!(faults[0].part, "interval");
    }
    let every_second = RuleParts {
        hour_of_day: (0..24).collect(),
        minute_of_hour: (0..60).collect(),
        second_of_minute: (0..60).collect(),
        ..RuleParts::every(Frequency::Daily, 1)
    };
    assert_eq!(Rule::new(every_second).unwrap_err()[0].part, "second_of_minute");
    let long = RuleParts { day: vec![1; 100_000], ..example() };
    assert_eq!(Rule::new(long).unwrap_err()[0].rule, "must have at most 1000 entries");
}

#[test]
fn texts_that_are_no_rule_are_refused_by_name() {
    for (json, part) in [
        ("", "rule"),
        ("[]", "rule"),
        ("{}", "rule_type"),
        (r#"{"rule_type":"IceCube::SecondlyRule"}"#, "rule_type"),
        (r#"{"rule_type":"IceCube::DailyRule","interval":1e400}"#, "rule"),
        (r#"{"rule_type":"IceCube::DailyRule","interval":1.5}"#, "interval"),
        (r#"{"rule_type":"IceCube::DailyRule","interval":9223372036854775808}"#, "interval"),
        (r#"{"rule_type":"IceCube::DailyRule","validations":[]}"#, "validations"),
        (r#"{"rule_type":"IceCube::DailyRule","validations":{"moon":[1]}}"#, "validations"),
        (r#"{"rule_type":"IceCube::DailyRule","validations":{"day":["x"]}}"#, "day"),
        (r#"{"rule_type":"IceCube::DailyRule","validations":{"day_of_week":[1]}}"#, "day_of_week"),
        (r#"{"rule_type":"IceCube::DailyRule","until":"02-30-2025"}"#, "until"),
        (r#"{"rule_type":"IceCube::DailyRule","count":0}"#, "count"),
    ] {
        assert_eq!(Rule::from_ice_cube(json).unwrap_err()[0].part, part, "{json}");
    }
    for (rrule, part) in [
        ("", "frequency"),
        ("FREQ=SECONDLY", "frequency"),
        ("FREQ=DAILY;INTERVAL=x", "interval"),
        ("FREQ=DAILY;BYSETPOS=1", "rule"),
        ("FREQ=DAILY;COUNT=1;COUNT=2", "rule"),
        ("FREQ=DAILY;BYDAY=é", "day"),
        ("FREQ=DAILY;UNTIL=20250121T220820", "until"),
        ("FREQ=DAILY;UNTIL=2025é121T22082", "until"),
        ("FREQ=WEEKLY;WKST=XX", "week_start"),
        ("FREQ=YEARLY;BYMONTH=13", "month_of_year"),
    ] {
        assert_eq!(Rule::from_rrule(rrule).unwrap_err()[0].part, part, "{rrule}");
    }
    let long = " ".repeat(100_000);
    assert_eq!(Rule::from_ice_cube(&long).unwrap_err()[0].part, "rule");
    assert_eq!(Rule::from_rrule(&long).unwrap_err()[0].part, "rule");
    assert_eq!(Rule::from_ice_cube(&"[".repeat(10_000)).unwrap_err()[0].part, "rule");
}

#[test]
fn a_sentence_says_it_all() {
    for (rrule, times, expected) in [
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH,SA",
            &["9:00 AM"][..],
            "Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM",
        ),
        (
            "FREQ=DAILY;COUNT=3;UNTIL=20250301T045959Z",
            &["17:00", "9:00 AM", "9:00"],
            "Daily at 9:00 AM and 5:00 PM 3 times until February 28, 2025",
        ),
        ("FREQ=MONTHLY;BYDAY=1MO,-2FR", &[], "Monthly on the 1st Monday and 2nd to last Friday"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1,-3",
            &[],
            "Monthly on the last and 3rd to last days of the month",
        ),
        ("FREQ=YEARLY;BYYEARDAY=111;COUNT=1", &[], "Yearly on the 111th day of the year 1 time"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,TU,WE,TH", &["12:00 PM"], "Weekly on Weekdays at 12:00 PM"),
    ] {
        assert_eq!(sentence(rrule, times), expected);
    }
}

#[test]
fn a_rule_that_no_date_matches_is_seen() {
    let start = Instant::parse("2024-11-28T17:28:12.723Z").unwrap();
    let never = |rrule: &str, times: &[&str]| {
        let times = times.iter().map(|time| Time::parse(time).unwrap()).collect();
        let zone = Zone::named("America/New_York").unwrap();
        Recurrence::new(Rule::from_rrule(rrule).unwrap(), times, zone, start).never_matches()
    };
    assert!(never("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", &[]));
    assert!(never("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", &["9:00 AM"]));
    assert!(never("FREQ=MONTHLY;BYMONTH=4,6,9,11;BYMONTHDAY=-31", &[]));
    assert!(never("FREQ=MONTHLY;INTERVAL=12;BYMONTH=10", &[]));
    assert!(never("FREQ=DAILY;BYMONTHDAY=1;BYDAY=2MO", &[]));
    assert!(never("FREQ=DAILY;BYHOUR=9", &["10:00 AM"]));
    assert!(never("FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1", &[]));
    assert!(never("FREQ=HOURLY;INTERVAL=168;BYDAY=MO", &[]));
    assert!(never("FREQ=DAILY;UNTIL=20241128", &["9:00 AM"]));
    assert!(!never("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", &[]));
    assert!(!never("FREQ=MONTHLY;BYDAY=5MO", &[]));
    assert!(!never("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=FR", &[]));
}

#[test]
fn a_count_ends_the_same_from_anywhere() {
    let start = Instant::parse("2024-11-28T17:28:12.723Z").unwrap();
    for (rrule, times) in [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH,SU", &["1:30 AM", "2:30 AM", "3:30 AM"][..]),
        ("FREQ=HOURLY;INTERVAL=7;BYDAY=SU,MO", &[]),
        ("FREQ=MINUTELY;INTERVAL=25;BYHOUR=0,1,2,3", &[]),
    ] {
        let zone = Zone::named("America/New_York").unwrap();
        let times: Vec<Time> = times.iter().map(|time| Time::parse(time).unwrap()).collect();
        let made = |rrule: &str| {
            Recurrence::new(Rule::from_rrule(rrule).unwrap(), times.clone(), zone.clone(), start)
        };
        let all: Vec<Instant> = made(rrule).occurrences(Instant::MIN).take(700).collect();
        for count in [1, 2, 3, 57, 123, 500, 699] {
            let counted = made(&format!("{rrule};COUNT={count}"));
            assert_eq!(
                counted.occurrences(Instant::MIN).collect::<Vec<_>>(),
                all[..count],
                "{rrule}"
            );
            assert_eq!(counted.next(all[count - 1]), None, "{rrule} {count}");
            assert_eq!(counted.next(all[count - 1].minus_ms(1)), Some(all[count - 1]));
        }
    }
}
