//! What the reference and the examples of version 2 say.

use domain::limits::{DAY_MS, HOUR_MS};
use domain::{Instant, Zone};
use serde_json::Value;

use super::statements::{
    MESSAGE, NEW_TO_DO, RECORDINGS, Statement, TO_DO, Who, all_like, golden, is_invalid_token,
    is_refused, month_day_year, ok,
};
use super::{Answer, Demo};

/// All of them, in the order of the documents.
pub(super) fn statements() -> Vec<Statement> {
    [shared(), messages(), update(), recordings(), to_dos(), errors()]
        .into_iter()
        .flatten()
        .collect()
}

fn shared() -> Vec<Statement> {
    let said = Statement::new;
    vec![
        said("v2 reference, Base URL", "the subdomain is the tenant's own", "GET /api/v2/me")
            .finds(|answer, _| {
                ok(answer);
                assert_eq!(answer.json["data"]["tenant"]["subdomain"], "demo");
            }),
        said("v2 reference, Base URL", "another subdomain is another tenant", "GET /api/v2/me")
            .by(Who::Neighbour)
            .finds(|answer, _| {
                ok(answer);
                assert_eq!(answer.json["data"]["tenant"]["subdomain"], "other");
            }),
        said("v2 reference, Authentication", "a bearer token lets in", "GET /api/v2/messages")
            .finds(|answer, _| ok(answer)),
        said("v2 reference, Shared API behavior", "answers are JSON", "GET /api/v2/to-dos").finds(
            |answer, _| {
                ok(answer);
                assert!(answer.json.is_object());
            },
        ),
        said("v2 reference, Shared API behavior", "requests are stateless", "GET /api/v2/messages")
            .finds(|answer, _| assert_eq!(answer.header("set-cookie"), "")),
        said(
            "v2 reference, Authentication",
            "a token of elsewhere is none here",
            "GET /api/v2/messages",
        )
        .by(Who::ForeignKey)
        .finds(|answer, _| is_invalid_token(answer, 401)),
    ]
}

/// A list of whole messages.
fn lists_messages(answer: &Answer, _: &Demo) {
    ok(answer);
    all_like(&golden(MESSAGE)["data"], answer.rows());
}

/// The message that was asked for.
fn is_the_message(answer: &Answer, demo: &Demo) {
    ok(answer);
    assert_eq!(answer.json["data"]["id"], demo.told["message_id"]);
    all_like(&golden(MESSAGE), std::slice::from_ref(&answer.json));
}

/// Messages of the day that was asked for, and no other.
fn lists_that_day(answer: &Answer, demo: &Demo) {
    ok(answer);
    let zone = Zone::named(domain::account::DEFAULT_ZONE).expect("a zone");
    assert!(!answer.rows().is_empty());
    for row in answer.rows() {
        let at = Instant::parse(row["created_at"].as_str().expect("a text")).expect("instant");
        assert_eq!(month_day_year(zone.date(at)), demo.day);
    }
}

fn messages() -> Vec<Statement> {
    let said = Statement::new;
    vec![
        said(
            "v2 examples, List messages",
            "all messages, each with the sample's keys and kinds",
            "GET /api/v2/messages",
        )
        .finds(lists_messages),
        said("v2 examples, List messages", "the base URL may lead past /api", "GET /v2/messages")
            .finds(lists_messages),
        said(
            "v2 examples, List messages",
            "it holds all of them, newest first",
            "GET /api/v2/messages",
        )
        .finds(|answer, _| {
            let taken = answer.rows().iter().map(|row| row["created_at"].as_str());
            let taken: Vec<_> = taken.collect();
            assert!(taken.len() > 250 && taken.is_sorted_by(|a, b| a >= b), "{taken:?}");
        }),
        said(
            "v2 examples, Messages",
            "a message holds custom fields of its account's form",
            "GET /api/v2/messages",
        )
        .finds(|answer, _| {
            let has = |row: &Value| row["answers"].as_object().is_some_and(|all| all.len() > 3);
            assert!(answer.rows().iter().any(has));
        }),
        said(
            "v2 examples, Messages in a date range",
            "from and to as MM-DD-YYYY, both included",
            "GET /api/v2/messages?from_date={day}&to_date={day}&account_number=W0411",
        )
        .finds(lists_that_day),
        said(
            "v2 examples, Messages in a date range",
            "the same past /api",
            "GET /v2/messages?from_date={day}&to_date={day}&account_number=W0411",
        )
        .finds(lists_that_day),
        said(
            "v2 examples, Get a single message",
            "one by its id, in `data`",
            "GET /api/v2/messages/{message}",
        )
        .finds(is_the_message),
        said(
            "v2 examples, Get a single message",
            "the same past /api",
            "GET /v2/messages/{message}",
        )
        .finds(is_the_message),
        said(
            "v2 reference, Messages",
            "message status can be followed",
            "GET /api/v2/messages?status=delivered",
        )
        .finds(|answer, _| {
            ok(answer);
            assert!(!answer.rows().is_empty());
            assert!(answer.rows().iter().all(|row| row["status"] == "delivered"));
        }),
    ]
}

fn update() -> Vec<Statement> {
    let said = Statement::new;
    let source = "v2 reference, Messages: Update a Message";
    vec![
        said(
            source,
            "an action on a message answers with the message",
            "PATCH /api/v2/messages/{message}",
        )
        .sends(r#"{"read": true, "note": "Synced"}"#)
        .finds(|answer, _| {
            ok(answer);
            all_like(&golden(MESSAGE), std::slice::from_ref(&answer.json));
            assert_eq!(answer.json["data"]["read"], true);
        }),
        said(source, "its state stays in sync", "GET /api/v2/messages/{message}")
            .finds(|answer, _| assert_eq!(answer.json["data"]["note"], "Synced")),
    ]
}

fn recordings() -> Vec<Statement> {
    let said = Statement::new;
    let source = "v2 examples, List Call Recordings";
    vec![
        said(
            source,
            "each recording has the sample's keys and kinds, and its detail record",
            "GET /api/v2/call-recordings",
        )
        .finds(|answer, _| {
            ok(answer);
            all_like(&golden(RECORDINGS), std::slice::from_ref(&answer.json));
            assert!(answer.rows().len() > 10, "{}", answer.rows().len());
        }),
        said(source, "`recording` is an address", "GET /api/v2/call-recordings?limit=1").finds(
            |answer, demo| {
                let address = answer.rows()[0]["recording"].as_str().expect("an address");
                assert!(address.starts_with(&format!("http://{}/", demo.text("/host"))));
            },
        ),
        said(source, "a body on the request changes nothing", "GET /api/v2/call-recordings")
            .sends(RECORDINGS)
            .finds(|answer, _| {
                ok(answer);
                assert!(!answer.rows().is_empty());
            }),
        said(
            "v2 reference, Call Recordings",
            "audio is kept for up to 31 days",
            "GET /api/v2/call-recordings",
        )
        .finds(|answer, _| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            let now = Instant::from_ms(now.expect("after 1970").as_millis() as i64);
            for row in answer.rows() {
                let at = row["started_at"].as_str().expect("a text");
                let at = Instant::parse(at).expect("an instant");
                assert!(now.ms_since(at) <= 31 * DAY_MS, "{row}");
            }
        }),
        said(
            "v2 reference, Endpoints at a glance",
            "one recording by its id",
            "GET /api/v2/call-recordings/{recording}",
        )
        .finds(|answer, demo| {
            ok(answer);
            assert_eq!(answer.json["data"]["id"], demo.told["recording_id"]);
            all_like(&golden(RECORDINGS)["data"][0], &[answer.json["data"].clone()]);
        }),
    ]
}

/// The answer of the documents, but for ids and instants.
fn is_the_to_do(answer: &Answer, _: &Demo) {
    assert_eq!(answer.status, 201, "{}", answer.text);
    let sample = golden(TO_DO);
    all_like(&sample, std::slice::from_ref(&answer.json));
    let [to_do, wanted] = [&answer.json, &sample].map(|body| &body["data"]["to_do"]);
    for key in [
        "delivery_type",
        "instructions",
        "contact",
        "message_text",
        "times",
        "is_sending",
        "run_at",
        "from",
        "subject",
        "from_email",
        "sendgrid_authenticated_domain_id",
        "sender_name",
    ] {
        assert_eq!(to_do[key], wanted[key], "{key}");
    }
    let [schedule, wanted] = [&answer.json, &sample].map(|body| &body["data"]["schedule"]);
    for key in ["schedulable_type", "rule", "times", "previous_occurrence"] {
        assert_eq!(schedule[key], wanted[key], "{key}");
    }
    assert_eq!(schedule["schedulable_id"], to_do["id"]);
    let next = schedule["next_occurrence"].as_str().expect("one");
    let next = Instant::parse(next).expect("an instant");
    let zone = Zone::named(domain::account::DEFAULT_ZONE).expect("a zone");
    let after = next.ms_since(zone.day_start(zone.date(next)));
    assert_eq!(after, 9 * HOUR_MS, "9:00 AM by the account's clock");
}

/// To Dos with their schedules, that of the documents among them.
fn lists_to_dos(answer: &Answer, _: &Demo) {
    ok(answer);
    let recurring = |row: &&Value| !row["schedule"].is_null();
    let rows: Vec<_> = answer.rows().iter().filter(recurring).cloned().collect();
    all_like(&golden(TO_DO)["data"], &rows);
    let is_it = |row: &Value| row["to_do"]["contact"] == "jose@kauneonga.com";
    assert!(rows.iter().any(is_it), "what was made is listed");
}

fn to_dos() -> Vec<Statement> {
    let said = Statement::new;
    vec![
        said(
            "v2 examples, Create a To Do",
            "the example's request gives the example's answer",
            "POST /api/v2/to_dos",
        )
        .sends(NEW_TO_DO)
        .finds(is_the_to_do),
        said(
            "v2 reference, Endpoints at a glance",
            "the same with a hyphen",
            "POST /api/v2/to-dos",
        )
        .sends(NEW_TO_DO)
        .finds(is_the_to_do),
        said(
            "v2 examples, List of To Dos",
            "To Dos with their schedules; a body changes nothing",
            "GET /api/v2/to_dos",
        )
        .sends(NEW_TO_DO)
        .finds(lists_to_dos),
        said("v2 reference, Endpoints at a glance", "the same with a hyphen", "GET /api/v2/to-dos")
            .finds(lists_to_dos),
        said("v2 reference, To Dos", "delivery by e-mail", "POST /api/v2/to-dos")
            .sends(
                r#"{"account_number": "W0411", "delivery_type": "email",
                "contact": "jose@kauneonga.com", "subject": "Hello", "message_text": "Reminder",
                "schedule": {"frequency": "daily", "times": ["9:00 AM"]}}"#,
            )
            .finds(|answer, _| {
                assert_eq!(answer.status, 201, "{}", answer.text);
                assert_eq!(answer.json["data"]["to_do"]["delivery_type"], "email");
            }),
        said("v2 reference, To Dos", "delivery by call", "POST /api/v2/to-dos")
            .sends(
                r#"{"account_number": "W0411", "delivery_type": "call",
                "contact": "+17542838007", "message_text": "Reminder",
                "schedule": {"frequency": "daily", "times": ["9:00 AM"]}}"#,
            )
            .finds(|answer, _| {
                assert_eq!(answer.status, 201, "{}", answer.text);
                assert_eq!(answer.json["data"]["to_do"]["delivery_type"], "call");
            }),
        said("v2 reference, To Dos", "no other delivery", "POST /api/v2/to-dos")
            .sends(
                r#"{"account_number": "W0411", "delivery_type": "fax", "contact": "x",
                "message_text": "x", "schedule": {"frequency": "daily", "times": ["9:00 AM"]}}"#,
            )
            .finds(|answer, _| is_refused(answer, 422, "delivery_type")),
    ]
}

fn errors() -> Vec<Statement> {
    let said = Statement::new;
    let source = "v2 reference, Error responses";
    let mut all: Vec<_> = [
        "GET /api/v2/messages",
        "GET /api/v2/messages/{message}",
        "PATCH /api/v2/messages/{message}",
        "GET /api/v2/call-recordings",
        "GET /api/v2/call-recordings/{recording}",
        "GET /api/v2/to-dos",
        "POST /api/v2/to-dos",
    ]
    .into_iter()
    .flat_map(|asks| {
        [Who::Nobody, Who::WrongKey].map(|who| {
            said(source, "401 is unauthorized, with the body of an invalid token", asks)
                .by(who)
                .finds(|answer, _| is_invalid_token(answer, 401))
        })
    })
    .collect();
    all.extend([
        said(source, "422 is an invalid parameter", "GET /api/v2/messages?from_date=02-30-2025")
            .finds(|answer, _| is_refused(answer, 422, "from_date")),
        said(source, "422 is a missing parameter", "POST /api/v2/to-dos")
            .sends("{}")
            .finds(|answer, _| is_refused(answer, 422, "account_number is required")),
        said(source, "400 is what cannot be processed", "POST /api/v2/to-dos")
            .sends("{")
            .finds(|answer, _| is_refused(answer, 400, "JSON")),
        said(source, "400 is what cannot be processed", "PATCH /api/v2/messages/{message}")
            .sends("[]")
            .finds(|answer, _| is_refused(answer, 400, "JSON object")),
    ]);
    all
}
