//! The vectors of the original library: every case, with its answer, its texts and its round trips.

use recur::{Instant, Recurrence, Rule, Time, Until, Zone};
use serde_json::Value;

struct Case {
    id: String,
    json: Value,
    recurrence: Recurrence,
    after: Instant,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("vectors/ice_cube.jsonl").lines();
    lines.map(|line| case(serde_json::from_str(line).unwrap())).collect()
}

fn case(json: Value) -> Case {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rule = Rule::from_ice_cube(&json["rule"].to_string()).unwrap();
    let times = json["times"].as_array().unwrap().iter();
    let times = times.map(|time| Time::parse(time.as_str().unwrap()).unwrap()).collect();
    let zone = Zone::named(&text(&json["time_zone"])).unwrap();
    let start = Instant::parse(&text(&json["start"]["utc"])).unwrap();
    let after = Instant::parse(&text(&json["after"])).unwrap();
    Case {
        id: text(&json["id"]),
        recurrence: Recurrence::new(rule, times, zone, start),
        json,
        after,
    }
}

/// The instants of `expected` or `recommended`.
fn instants(list: &Value) -> Vec<Instant> {
    let instant = |text: &str| {
        let seconds = if text.len() == 16 { ":00" } else { "" };
        Instant::parse(&format!("{text}{seconds}Z")).unwrap()
    };
    list.as_str().unwrap().split_whitespace().map(instant).collect()
}

#[test]
fn every_uncontested_answer_is_the_originals_and_every_contested_one_the_recommended() {
    let (mut uncontested, mut contested) = (0, 0);
    let mut wrong = Vec::new();
    for case in cases() {
        let is_contested = case.json.get("recommended").is_some();
        let wanted = instants(&case.json[if is_contested { "recommended" } else { "expected" }]);
        let found: Vec<Instant> = case.recurrence.occurrences(case.after).take(12).collect();
        if found != wanted {
            let rule = case.recurrence.sentence();
            wrong.push(format!("{} {rule}\n  wanted {wanted:?}\n  found  {found:?}", case.id));
        } else if is_contested {
            contested += 1;
        } else {
            uncontested += 1;
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((uncontested, contested), (2_094, 178));
}

#[test]
fn the_sentences_are_the_originals_with_the_times_added() {
    let mut compared = 0;
    for case in cases() {
        let Some(original) = case.json.get("to_s").map(|text| text.as_str().unwrap()) else {
            continue;
        };
        // "-306th to last" is the original's slip; an instant's date is told in our zone, not in UTC.
        if original.contains('-')
            || matches!(case.recurrence.rule().parts().until, Some(Until::At(_)))
        {
            continue;
        }
        let times: Vec<Time> = Vec::new();
        let bare = Recurrence::new(case.recurrence.rule().clone(), times, Zone::utc(), case.after);
        assert_eq!(bare.sentence(), original, "{}", case.id);
        compared += 1;
    }
    assert_eq!(compared, 954);
}

#[test]
fn the_rrule_texts_are_the_originals() {
    let mut compared = 0;
    for case in cases() {
        if let Some(original) = case.json.get("to_ical") {
            assert_eq!(case.recurrence.rule().rrule(), original.as_str().unwrap(), "{}", case.id);
            compared += 1;
        }
    }
    assert_eq!(compared, 1_069);
}

#[test]
fn every_rule_is_read_again_as_it_was_written() {
    for case in cases() {
        let rule = case.recurrence.rule();
        assert_eq!(Rule::from_ice_cube(&rule.ice_cube_full()).as_ref(), Ok(rule), "{}", case.id);
        let by_rrule = Rule::from_rrule(&rule.rrule()).unwrap();
        let again = Recurrence::new(
            by_rrule,
            case.recurrence.times().to_vec(),
            Zone::named(case.json["time_zone"].as_str().unwrap()).unwrap(),
            Instant::parse(case.json["start"]["utc"].as_str().unwrap()).unwrap(),
        );
        let next = |recurrence: &Recurrence| -> Vec<Instant> {
            recurrence.occurrences(case.after).take(3).collect()
        };
        assert_eq!(next(&again), next(&case.recurrence), "{}", case.id);
    }
}

#[test]
fn only_the_cases_without_a_single_date_never_match() {
    let never: Vec<String> = cases()
        .into_iter()
        .filter(|case| case.recurrence.never_matches())
        .map(|case| case.id)
        .collect();
    let no_date = ["p-monthly-dom-0086", "p-yearly-0012"];
    let ended_before_it_began = ["p-until-0032", "p-until-0074", "p-until-0082"];
    let made_for_it = ["p-never-0001", "p-never-0002", "p-never-0003"];
    assert_eq!(never, [&no_date[..], &ended_before_it_began, &made_for_it].concat());
}
