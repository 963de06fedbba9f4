//! S2 and S9 for To Dos: poisonous bodies are refused with every field named, or are harmless.

use std::time::Instant;

use axum::http::Method;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

use super::contract_to_dos::{GOLDEN_AT, body, create};
use super::support::House;

/// The golden schedule with one key set.
fn schedule(key: &str, value: Value) -> Value {
    let mut schedule = json!({"frequency": "weekly", "times": ["9:00 AM"], "days": ["Tuesday"]});
    schedule[key] = value;
    json!({"schedule": schedule})
}

fn whole(value: Value) -> Value {
    json!({ "schedule": value })
}

/// Changes of the golden body, and the fields that are named.
type Case = (Value, Vec<&'static str>);

fn table() -> Vec<Case> {
    let mut table = fields();
    table.extend(schedules());
    for name in ["contact", "subject", "sender_name"] {
        for bad in ["a\r\nBcc: x@y.example", "a\0b", "a\u{85}b", &"x".repeat(501)] {
            table.push((json!({ name: bad }), vec![name]));
        }
        table.push((json!({ name: {"$gt": ""} }), vec![name]));
    }
    table
}

fn fields() -> Vec<Case> {
    let long = "x".repeat(900_000);
    vec![
        (json!({"account_number": null}), vec!["account_number"]),
        (json!({"account_number": "none"}), vec!["account_number"]),
        (json!({"account_number": "a\0b"}), vec!["account_number"]),
        (json!({"account_number": ["W0411"]}), vec!["account_number"]),
        (json!({"delivery_type": "fax"}), vec!["delivery_type"]),
        (json!({"delivery_type": ""}), vec!["delivery_type"]),
        (json!({"contact": null}), vec!["contact"]),
        (json!({"contact": " "}), vec!["contact"]),
        (json!({"message_text": null}), vec!["message_text"]),
        (json!({"message_text": "a\0b"}), vec!["message_text"]),
        (json!({"message_text": "\u{1b}[2J"}), vec!["message_text"]),
        (json!({"message_text": long}), vec!["message_text"]),
        (json!({"message_text": 1e300}), vec!["message_text"]),
        (json!({"instructions": long}), vec!["instructions"]),
        (json!({"instructions": "a\0b"}), vec!["instructions"]),
        (json!({"from": "+1754283\r\n8007"}), vec!["from"]),
        (json!({"from": "911"}), vec!["from"]),
        (json!({"from": 17542838007_i64}), vec!["from"]),
        (json!({"from_email": "a@b.example\r\nBcc: c@d.example"}), vec!["from_email"]),
        (json!({"from_email": "a@b.example, c@d.example"}), vec!["from_email"]),
        (json!({"grace_seconds": -1}), vec!["grace_seconds"]),
        (json!({"grace_seconds": i64::MAX}), vec!["grace_seconds"]),
        (json!({"grace_seconds": 9223372036854775808_u64}), vec!["grace_seconds"]),
        (json!({"grace_seconds": "60"}), vec!["grace_seconds"]),
        (
            json!({"misfire": "x", "overlap": "x", "if_unsure": 1}),
            vec!["if_unsure", "misfire", "overlap"],
        ),
    ]
}

fn schedules() -> Vec<Case> {
    let many = vec![json!("Monday"); 1_001];
    vec![
        (json!({"schedule": null}), vec!["schedule"]),
        (json!({"schedule": 5}), vec!["schedule"]),
        (json!({"schedule": {}}), vec!["schedule.frequency"]),
        (json!({"run_at": "2024-12-01T09:00:00Z"}), vec!["run_at"]),
        (json!({"schedule": null, "run_at": 5}), vec!["run_at"]),
        (json!({"schedule": null, "run_at": "tomorrow"}), vec!["run_at"]),
        (json!({"schedule": null, "run_at": "2024-11-28"}), vec!["run_at"]),
        (json!({"schedule": null, "run_at": "2020-01-01T00:00:00Z"}), vec!["run_at"]),
        (json!({"schedule": null, "run_at": "10000-01-01T00:00:00Z"}), vec!["run_at"]),
        (schedule("frequency", json!("fortnightly")), vec!["schedule.frequency"]),
        (schedule("interval", json!(0)), vec!["schedule.interval"]),
        (schedule("interval", json!(-1)), vec!["schedule.interval"]),
        (schedule("interval", json!(9223372036854775808_u64)), vec!["schedule.interval"]),
        (schedule("interval", json!(i64::MAX)), vec!["schedule.interval"]),
        (schedule("interval", json!("two")), vec!["schedule.interval"]),
        (schedule("interval", json!(1.5)), vec!["schedule.interval"]),
        (schedule("days", json!([])), vec!["schedule.days"]),
        (schedule("days", json!([7])), vec!["schedule.days[0]"]),
        (schedule("days", json!("Monday")), vec!["schedule.days"]),
        (schedule("days", json!(many)), vec!["schedule.days"]),
        (schedule("days", json!(["Mon", "Funday", 5])), vec!["schedule.days[2]"]),
        (schedule("days", json!(["Mon", "Funday"])), vec!["schedule.days[1]"]),
        (schedule("times", json!([])), vec!["schedule.times"]),
        (schedule("times", json!(["25:00 PM", "9:00"])), vec!["schedule.times[0]"]),
        (schedule("times", json!("9:00 AM")), vec!["schedule.times"]),
        (schedule("times", json!(vec!["9:00 AM"; 101])), vec!["schedule.times"]),
        (schedule("days_of_month", json!([0])), vec!["schedule.days_of_month"]),
        (schedule("days_of_month", json!(["1"])), vec!["schedule.days_of_month[0]"]),
        (schedule("days_of_year", json!([367])), vec!["schedule.days_of_year"]),
        (schedule("months", json!([13])), vec!["schedule.months"]),
        (schedule("days_of_week", json!({})), vec!["schedule.days_of_week"]),
        (schedule("days_of_week", json!({"Funday": [1]})), vec!["schedule.days_of_week[0]"]),
        (schedule("days_of_week", json!({"Monday": [6]})), vec!["schedule.days_of_week"]),
        (schedule("days_of_week", json!({"Monday": 1})), vec!["schedule.days_of_week.Monday"]),
        (schedule("until", json!("02-30-2025")), vec!["schedule.until"]),
        (schedule("until", json!("01-01-2020")), vec!["schedule"]),
        (schedule("count", json!(0)), vec!["schedule.count"]),
        (schedule("starts_at", json!("0000-01-01T00:00:00Z")), vec!["schedule.starts_at"]),
        (schedule("rule", json!({"rule_type": "IceCube::DailyRule"})), vec!["schedule.rule"]),
        (whole(json!({"rule": {}})), vec!["schedule.rule.rule_type"]),
        (whole(json!({"rule": "IceCube::DailyRule"})), vec!["schedule.frequency", "schedule.rule"]),
        (
            whole(json!({"frequency": "yearly", "months": [2], "days_of_month": [30]})),
            vec!["schedule"],
        ),
        (
            json!({"contact": "a\nb", "message_text": "", "from": "x", "delivery_type": 5,
                "schedule": {"interval": "x", "days": ["Funday"], "times": ["25:00"]}}),
            vec![
                "contact",
                "delivery_type",
                "from",
                "message_text",
                "schedule.days[0]",
                "schedule.frequency",
                "schedule.interval",
                "schedule.times[0]",
            ],
        ),
    ]
}

#[expect(clippy::disallowed_methods, reason = "measures how long an answer takes")]
async fn refused(house: House) {
    house.world.clock.set(domain::Instant::parse(GOLDEN_AT).expect("an instant"));
    for (changes, fields) in table() {
        for wraps in [false, true] {
            let mut text = body(changes.clone());
            if wraps {
                text = format!("{{\"to_do\": {text}}}");
            }
            let began = Instant::now();
            let reply = house.json(Method::POST, "/v2/to-dos", text).await;
            let took = began.elapsed().as_millis();
            let start: String = changes.to_string().chars().take(80).collect();
            let mut named = reply.refused(422);
            named.sort();
            let path = |field: &&str| format!("{}{field}", if wraps { "to_do." } else { "" });
            assert_eq!(named, fields.iter().map(path).collect::<Vec<_>>(), "{start}");
            assert!(took < 1_000 && reply.body.len() < 5_000, "{start}: {took} ms");
        }
    }
    for (text, status) in [
        (r#"{"contact": "\ud800"}"#, 422),
        (r#"{"schedule": {"interval": 1e400}}"#, 422),
        (r#"{"contact": "a", "contact": "b"}"#, 400),
        (r#"{"to_do": []}"#, 422),
        ("[]", 400),
        ("", 400),
    ] {
        assert_eq!(house.json(Method::POST, "/v2/to-dos", text).await.status, status, "{text}");
    }
    let huge = body(json!({"message_text": "x".repeat(1_000_000)}));
    house.json(Method::POST, "/v2/to-dos", huge).await.refused(413);
    assert_eq!(house.get("/v2/to-dos").await.text(), "{\"data\":[]}", "nothing was made");
}

#[tokio::test]
async fn poisonous_to_dos_are_refused_with_every_field_named() {
    refused(House::new().await).await;
}

#[tokio::test]
async fn poisonous_to_dos_are_refused_with_every_field_named_on_postgresql() {
    refused(House::on_postgres().await).await;
}

#[tokio::test]
async fn what_is_odd_but_sound_is_kept_as_it_is() {
    let house = House::new().await;
    house.world.clock.set(domain::Instant::parse(GOLDEN_AT).expect("an instant"));
    let odd = "ضع 🙂 \u{202e}tfel\u{200b} <script> ' OR 1=1; -- %s {{7*7}} \\ &amp;";
    for changes in [
        json!({"contact": odd, "message_text": format!("{odd}\r\n.\r\n\t"), "subject": odd}),
        json!({"token": 5, "zone": "Mars/Olympus", "schedule_id": null, "run_at": "", "from": null}),
        json!({"schedule": {"frequency": "WEEKLY", "days": ["tue", " SAT "], "zone": "x"}}),
        json!({"schedule": {"rule": {"rule_type": "IceCube::MonthlyRule", "interval": 1,
            "validations": {"day_of_week": {"1": [1, -1]}}}, "times": ["09:00"]}}),
        json!({"schedule": {"frequency": "monthly", "days_of_week": {"Monday": [1, -1]},
            "count": 3, "until": "12-31-9999", "starts_at": "2024-12-01T00:00:00Z"}}),
        json!({"schedule": {"frequency": "yearly", "days_of_year": [-1], "interval": 100}}),
        json!({"schedule": null, "run_at": "9999-12-31T23:59:59.999Z"}),
    ] {
        let id = create(&house, changes.clone()).await;
        let kept = house.get(&format!("/v2/to-dos/{id}")).await.json();
        for key in ["contact", "message_text", "subject"] {
            if let Some(text) = changes.get(key).and_then(Value::as_str) {
                assert_eq!(kept["data"]["to_do"][key], text, "{key}");
            }
        }
    }
}

/// Any JSON, small.
fn any_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        Just("9:00 AM".to_owned()),
        Just("weekly".to_owned()),
        Just("Monday".to_owned()),
        Just("2025-01-01T00:00:00Z".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-40_i64..400).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let keys =
            prop_oneof![any::<String>(), Just("rule_type".to_owned()), Just("day".to_owned())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((keys, inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

const KEYS: [&str; 15] = [
    "account_number",
    "delivery_type",
    "contact",
    "from",
    "message_text",
    "subject",
    "from_email",
    "sender_name",
    "instructions",
    "run_at",
    "schedule",
    "misfire",
    "grace_seconds",
    "overlap",
    "if_unsure",
];

const SCHEDULE_KEYS: [&str; 12] = [
    "frequency",
    "interval",
    "times",
    "days",
    "days_of_month",
    "days_of_week",
    "days_of_year",
    "months",
    "until",
    "count",
    "starts_at",
    "rule",
];

/// The golden body with anything at all under some keys of it, or of its schedule.
fn any_body() -> impl Strategy<Value = String> {
    let outer = prop::collection::vec((prop::sample::select(&KEYS[..]), any_json()), 0..4);
    let inner = prop::collection::vec((prop::sample::select(&SCHEDULE_KEYS[..]), any_json()), 0..3);
    (outer, inner).prop_map(|(outer, inner)| {
        let mut whole: Value = serde_json::from_str(&body(json!({}))).expect("JSON");
        inner.into_iter().for_each(|(key, value)| whole["schedule"][key] = value);
        outer.into_iter().for_each(|(key, value)| whole[key] = value);
        whole.to_string()
    })
}

fn anything(is_postgres: bool, cases: u32) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let house = runtime.block_on(House::single(is_postgres));
    let id = runtime.block_on(create(&house, json!({})));
    let one = format!("/v2/to-dos/{id}");
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let asked = TestRunner::new(config).run(&any_body(), |text| {
        for (method, path) in [
            (Method::POST, "/v2/to-dos"),
            (Method::POST, "/v2/to-dos/preview"),
            (Method::PATCH, one.as_str()),
        ] {
            let reply = runtime.block_on(house.json(method, path, text.clone()));
            prop_assert!(reply.status.as_u16() < 500, "{path} {text}: {}", reply.text());
            let is_named = reply.status != 422 || !reply.refused(422).is_empty();
            prop_assert!(is_named, "{path} {text}: no field is named");
        }
        Ok(())
    });
    asked.expect("no fault");
    let list = runtime.block_on(house.get("/v2/to-dos"));
    assert_eq!(list.status, 200, "all that was taken can be read");
    list.json();
}

#[test]
fn anything_under_any_key_is_answered_without_a_fault() {
    anything(false, 400);
}

#[test]
fn anything_under_any_key_is_answered_without_a_fault_on_postgresql() {
    anything(true, 150);
}
