//! Who is on call, over the API: the answer at an instant, the shifts, and what is refused.

use domain::on_call::{OverrideEntry, RotationEntry};
use domain::{Instant, limits};
use serde_json::{Value, json};

use super::support::House;

/// Jane by the week from Monday, 20 January, 9:00 on, and a swap to nobody.
async fn rotation(house: &House) -> i64 {
    let (app, office) = (&house.world.app, &house.one);
    let entry = RotationEntry {
        name: "Nights <b>".to_owned(),
        turn: "weekly".to_owned(),
        hand_off: "9:00 AM".to_owned(),
        starts_on: "2025-01-20".to_owned(),
        members: vec![office.jane.id],
        ..RotationEntry::default()
    };
    let made = app::on_call::create(app, &office.owner, office.law.id, entry).await;
    let id = made.expect("a rotation").id;
    let at = |text: &str| Instant::parse(text).ok();
    let over = OverrideEntry {
        contact_id: None,
        from: at("2025-01-25T05:00:00Z"),
        until: at("2025-01-26T05:00:00Z"),
        reason: "Moving".to_owned(),
    };
    app::on_call::add_override(app, &office.owner, id, over).await.expect("an override");
    id.0
}

async fn told(house: House) {
    assert_eq!(house.get("/v2/on-call").await.text(), "{\"data\":[]}");
    let id = rotation(&house).await;
    let jane = json!({
        "id": house.one.jane.id.0, "name": "Jane Hart", "phone": "+1 561 555 0100",
        "email": "jane@hartlowe.example",
    });
    let nobody = json!({
        "contact": null, "since": "2025-01-25T05:00:00.000Z", "until": "2025-01-26T05:00:00.000Z",
        "why": "override", "reason": "Moving",
    });
    let now = json!({
        "contact": jane, "since": "2025-01-20T14:00:00.000Z", "until": "2025-01-25T05:00:00.000Z",
        "why": "rotation", "reason": "",
    });
    let gap = json!({"from": "2025-01-25T05:00:00.000Z", "until": "2025-01-26T05:00:00.000Z"});
    let wanted = json!({"data": [{
        "id": id, "name": "Nights <b>", "account_number": "W0411",
        "account_name": "Hart & Lowe, Attorneys", "zone": "America/New_York",
        "now": now, "next": nobody, "gap": gap,
    }]});
    assert_eq!(house.get("/v2/on-call").await.json(), wanted);
    // Later, it does not change any more; before the first hand-off nobody was on call.
    let later = house.get("/v2/on-call?at=2025-01-26T05:00:00Z").await.json();
    let later = &later["data"][0];
    assert_eq!((&later["now"]["contact"], &later["next"]), (&jane, &Value::Null));
    assert_eq!(later["now"]["until"], Value::Null);
    let before = house.get("/v2/on-call?at=2025-01-19T05:00:00%2B00:00").await.json();
    assert_eq!(before["data"][0]["now"]["why"], "nobody");
    for at in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"] {
        assert_eq!(house.get(&format!("/v2/on-call?at={at}")).await.status, 200, "{at}");
    }
    // By account.
    let list = async |query: &str| house.get(&format!("/v2/on-call{query}")).await.json();
    assert_eq!(list("?account_number=W0411").await, wanted);
    assert_eq!(list("?account_number=D2000").await, json!({"data": []}));

    let path = format!("/v2/on-call/{id}/shifts");
    let days = house.get(&format!("{path}?from_date=01-24-2025&to_date=2025-01-26")).await.json();
    let shift = |contact: &Value, from: &str, until: &str, why: &str, is_gap: bool| {
        json!({
            "contact": contact, "from": format!("2025-01-{from}T05:00:00.000Z"),
            "until": format!("2025-01-{until}T05:00:00.000Z"), "why": why,
            "reason": if is_gap { "Moving" } else { "" }, "is_gap": is_gap,
        })
    };
    assert_eq!(
        days["data"],
        json!([
            shift(&jane, "24", "25", "rotation", false),
            shift(&Value::Null, "25", "26", "override", true),
            shift(&jane, "26", "27", "rotation", false),
        ])
    );
    // Four weeks if nobody says otherwise.
    let weeks = house.get(&path).await.json();
    let weeks = weeks["data"].as_array().expect("a list");
    let at = |value: &Value| Instant::parse(value.as_str().expect("a text")).expect("an instant");
    let (from, until) = (at(&weeks[0]["from"]), at(&weeks[weeks.len() - 1]["until"]));
    assert_eq!(until.ms_since(from), 28 * limits::DAY_MS);
}

#[tokio::test]
async fn a_program_asks_who_is_on_call() {
    told(House::new().await).await;
}

#[tokio::test]
async fn a_program_asks_who_is_on_call_on_postgresql() {
    told(House::on_postgres().await).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_named() {
    let house = House::new().await;
    let id = rotation(&house).await;
    let check = async |path: &str, fields: &[&str]| {
        assert_eq!(house.get(path).await.refused(422), fields, "{path}");
    };
    check("/v2/on-call?at=yesterday", &["at"]).await;
    check("/v2/on-call?at=2025-01-21&account_number=", &["account_number", "at"]).await;
    check("/v2/on-call?account_number=a%00b", &["account_number"]).await;
    check("/v2/on-call?account_number=%ff", &["account_number"]).await;
    let shifts = format!("/v2/on-call/{id}/shifts");
    check(&format!("{shifts}?from_date=02-30-2025&to_date=x"), &["from_date", "to_date"]).await;
    check(&format!("{shifts}?from_date=2025-02-02&to_date=2025-02-01"), &["from_date"]).await;
    check(&format!("{shifts}?from_date=2025-01-01&to_date=2025-04-03"), &["to_date"]).await;
    for fine in [
        "?from_date=2025-01-01&to_date=2025-04-02",
        "?from_date=0001-01-01",
        "?from_date=9999-12-31",
        "?to_date=2024-12-31",
        "?limit=nonsense&evil=1",
    ] {
        assert_eq!(house.get(&format!("{shifts}{fine}")).await.status, 200, "{fine}");
    }
    for lost in ["0", "x", "-1", "99", "9223372036854775808"] {
        assert_eq!(house.get(&format!("/v2/on-call/{lost}/shifts")).await.status, 404, "{lost}");
    }
}
