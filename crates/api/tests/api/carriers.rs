//! S14: what carriers and mail servers report is taken in when it is theirs, and only once.

use app::deliveries::{AttemptPlan, Carriers};
use axum::http::Method;
use domain::delivery::{Outcome, Reach};
use domain::{Channel, Delivery, Instant, JobKind, Tenant};
use serde_json::{Value, json};
use web::{Bounces, Callback};
use wire::Secret;
use wire::rest::signature;

use super::contract_to_dos::{GOLDEN_AT, create};
use super::support::{House, Reply, ask};

const TOKEN: &str = "12345";
const BASE: &str = "https://hooks.liberty.example";

/// Everything goes by the carrier that a channel is named after.
struct Couriers;

impl Carriers for Couriers {
    fn plan(&self, _: &Tenant, delivery: &Delivery) -> AttemptPlan {
        AttemptPlan::Ask(format!("the-{}", delivery.channel.as_str()))
    }

    fn honours_key(&self, _: &str) -> bool {
        false
    }
}

fn callback(carrier: &str, token: &str) -> Callback {
    Callback {
        carrier: carrier.to_owned(),
        tenants: Vec::new(),
        auth_token: Secret::new(token),
        base_url: format!("{BASE}/"),
    }
}

async fn house(is_postgres: bool) -> House {
    let house = if is_postgres { House::on_postgres().await } else { House::new().await };
    house.world.clock.set(Instant::parse(GOLDEN_AT).expect("an instant"));
    house.with(|web| {
        let known = [("the-sms", TOKEN), ("the-call", TOKEN), ("other", "6789"), ("open", "")];
        web.callbacks = known.map(|(name, token)| callback(name, token)).to_vec().into();
        let carriers = vec!["mail".to_owned(), "the-email".to_owned()];
        web.bounces = Some(Bounces { carriers, token: Secret::new("mta") }.into());
    })
}

/// Makes a To Do, and hands it to its carrier, which knows it by `reference`.
async fn sent(house: &House, channel: Channel, reference: &str) -> i64 {
    let contact = if channel == Channel::Email { "a@b.example" } else { "+15615550100" };
    let hourly = json!({"frequency": "hourly"});
    let kind = channel.as_str();
    let id = create(house, json!({"delivery_type": kind, "contact": contact, "schedule": hourly}));
    let id = id.await;
    house.world.clock.advance(3_600_000);
    let app = &house.world.app;
    let jobs = app::jobs::claim(app, JobKind::Fire, 10).await.expect("jobs");
    app::to_dos::fire_all(app, &jobs).await.expect("fired");
    let jobs = app::jobs::claim(app, JobKind::Deliver(channel), 10).await.expect("jobs");
    let outcome = Outcome::Sent {
        response: "taken".to_owned(),
        reach: Reach::Carrier,
        references: vec![reference.to_owned()],
    };
    for started in app::deliveries::start_all(app, &jobs, &Couriers).await.expect("started") {
        app::deliveries::record(app, &started, &outcome, &Couriers).await.expect("recorded");
    }
    id
}

/// The rung of the newest run of a To Do.
async fn rung(house: &House, id: i64) -> String {
    let runs = house.get(&format!("/v2/to-dos/{id}/runs")).await.json();
    runs["data"][0]["delivery"]["status"].as_str().expect("a rung").to_owned()
}

/// Sends a form to an address with a signature.
async fn post(house: &House, path: &str, form: &[(&str, &str)], given: &str) -> Reply {
    let mut text = form_urlencoded::Serializer::new(String::new());
    let request = ask(Method::POST, "nobody", path)
        .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8");
    let request =
        if given.is_empty() { request } else { request.header("x-twilio-signature", given) };
    house.send(request.body(text.extend_pairs(form).finish())).await
}

/// The same, signed as the carrier signs it.
async fn signed(house: &House, path: &str, form: &[(&str, &str)], token: &str) -> Reply {
    let params: Vec<(String, String)> =
        form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let given = signature(token, &format!("{BASE}{path}"), &params);
    post(house, path, form, &given).await
}

async fn reported(house: House) {
    let id = sent(&house, Channel::Sms, "SM1").await;
    let path = "/hooks/v1/carriers/the-sms/status?tag=a%20b&x=%2F";
    let status = async |word: &str| {
        let form = [("MessageSid", "SM1"), ("MessageStatus", word)];
        let reply = signed(&house, path, &form, TOKEN).await;
        assert_eq!((reply.status.as_u16(), reply.text().as_str()), (204, ""));
        rung(&house, id).await
    };
    // Out of order, twice, and back: what is known never becomes less.
    for (word, wanted) in [
        ("queued", "sent"),
        ("delivered", "reached_handset"),
        ("sent", "reached_handset"),
        ("delivered", "reached_handset"),
        ("undelivered", "reached_handset"),
        ("exploded", "reached_handset"),
        ("read", "read"),
        ("delivered", "read"),
    ] {
        assert_eq!(status(word).await, wanted, "{word}");
    }
    let unknown = [("MessageSid", "SM2"), ("MessageStatus", "delivered")];
    assert_eq!(signed(&house, path, &unknown, TOKEN).await.status, 204, "of nothing we know");
    assert_eq!(signed(&house, path, &[], TOKEN).await.status, 204, "of nothing at all");
}

#[tokio::test]
async fn a_carriers_reports_are_taken_in_in_any_order() {
    reported(house(false).await).await;
}

#[tokio::test]
async fn a_carriers_reports_are_taken_in_in_any_order_on_postgresql() {
    reported(house(true).await).await;
}

#[tokio::test]
async fn what_is_not_signed_by_the_carrier_changes_nothing() {
    let house = house(false).await;
    let id = sent(&house, Channel::Sms, "SM1").await;
    let path = "/hooks/v1/carriers/the-sms/status";
    let form = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
    let forbidden = "{\"success\":false,\"info\":\"The signature is missing, or not the carrier's.\",\
        \"data\":{}}";
    let owned: Vec<(String, String)> =
        form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let right = signature(TOKEN, &format!("{BASE}{path}"), &owned);
    for given in [
        "",
        "x",
        &right[1..],
        &right.to_uppercase(),
        &signature("6789", &format!("{BASE}{path}"), &owned),
        &signature("", &format!("{BASE}{path}"), &owned),
        &signature(TOKEN, &format!("https://nobody.liberty.example{path}"), &owned),
        &signature(TOKEN, &format!("{BASE}{path}?x"), &owned),
        &signature(TOKEN, &format!("{BASE}{path}"), &owned[..1]),
        "é",
    ] {
        let reply = post(&house, path, &form, given).await;
        reply.refused(403);
        assert_eq!(reply.text(), forbidden, "{given}");
    }
    for what in ["inbound", "keys"] {
        post(&house, &format!("/hooks/v1/carriers/the-sms/{what}"), &form, &right)
            .await
            .refused(403);
    }
    // Signed, but by another carrier: it knows nothing by that id.
    let other = "/hooks/v1/carriers/other/status";
    signed(&house, other, &form, TOKEN).await.refused(403);
    assert_eq!(signed(&house, other, &form, "6789").await.status, 204);
    let call = "/hooks/v1/carriers/the-call/status";
    assert_eq!(signed(&house, call, &form, TOKEN).await.status, 204);
    signed(&house, "/hooks/v1/carriers/open/status", &form, "").await.refused(403);
    signed(&house, "/hooks/v1/carriers/nobody/status", &form, TOKEN).await.refused(404);
    signed(&house, "/hooks/v1/carriers/the-sms/else", &form, TOKEN).await.refused(404);
    assert_eq!(rung(&house, id).await, "sent", "nothing was changed");

    assert_eq!(post(&house, path, &form, &right).await.status, 204, "and with the right one it is");
    assert_eq!(rung(&house, id).await, "reached_handset");
}

#[tokio::test]
async fn a_callback_is_bounded_and_a_form() {
    let house = house(false).await;
    let path = "/hooks/v1/carriers/the-sms/status";
    let long = "x".repeat(65_536);
    signed(&house, path, &[("Body", &long)], TOKEN).await.refused(413);
    signed(&house, path, &[("Body", &long[..60_000])], TOKEN).await;
    let ten_mb = vec![b'x'; 10_000_000];
    let request = ask(Method::POST, "nobody", path).header("x-twilio-signature", "x");
    house.send(request.body(ten_mb)).await.refused(413);
    let json = ask(Method::POST, "nobody", path).header("content-type", "application/json");
    house.send(json.body("{}")).await.refused(415);
    house.send(ask(Method::GET, "nobody", path).empty()).await.refused(405);
    let raw = ask(Method::POST, "nobody", path).header("x-twilio-signature", "x");
    house.send(raw.body(b"%ff%00&=&%zz=\xff".to_vec())).await.refused(403);
}

#[tokio::test]
async fn the_carriers_own_vector_is_taken() {
    // Made with npm's twilio 6.2.0 under the token 12345.
    let house = house(false).await.with(|web| {
        let base_url = "https://mycompany.com".to_owned();
        web.callbacks = vec![Callback { base_url, ..callback("c", TOKEN) }].into();
    });
    let form = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ];
    let owned: Vec<(String, String)> =
        form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let known = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    assert_eq!(signature(TOKEN, "https://mycompany.com/myapp.php?foo=1&bar=2", &owned), known);
    let path = "/hooks/v1/carriers/c/keys?foo=1&bar=2";
    let given = signature(TOKEN, &format!("https://mycompany.com{path}"), &owned);
    assert_eq!(post(&house, path, &form, &given).await.status, 200);
    post(&house, path, &form, known).await.refused(403);
}

#[tokio::test]
async fn a_key_acknowledges_or_has_it_said_again() {
    let house = house(false).await;
    let id = sent(&house, Channel::Call, "CA1").await;
    let path = "/hooks/v1/carriers/the-call/keys?a=1&b=2";
    let press = async |sid: &str, key: &str| {
        let reply = signed(&house, path, &[("CallSid", sid), ("Digits", key)], TOKEN).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "text/xml"));
        reply.text()
    };
    for key in ["9", "5", "#"] {
        let said = press("CA1", key).await;
        assert!(said.contains("<Say>Latest code: This should be an active todo</Say>"), "{said}");
        assert!(
            said.contains(&format!(
                "action=\"{BASE}/hooks/v1/carriers/the-call/keys?a=1&amp;b=2\""
            ))
        );
    }
    assert_eq!(rung(&house, id).await, "sent");
    assert!(press("CA1", "1").await.contains("It is acknowledged"));
    assert_eq!(rung(&house, id).await, "acknowledged");
    assert!(press("CA1", "1").await.contains("It is acknowledged"), "twice is once");
    let empty = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
    assert_eq!(press("CA2", "1").await, empty, "a call that we do not know");
    assert_eq!(press("CA1", "").await, empty);
    let ended = [("CallSid", "CA1"), ("CallStatus", "completed"), ("AnsweredBy", "human")];
    signed(&house, "/hooks/v1/carriers/the-call/status", &ended, TOKEN).await;
    assert_eq!(rung(&house, id).await, "acknowledged");
}

#[tokio::test]
async fn a_text_from_somebody_is_kept_once_and_stop_is_obeyed() {
    let house = house(false).await;
    let path = "/hooks/v1/carriers/the-sms/inbound";
    let form = |sid, text| {
        [
            ("MessageSid", sid),
            ("SmsStatus", "received"),
            ("From", "+15615550100"),
            ("To", "+15617819977"),
            ("Body", text),
        ]
    };
    for (sid, text) in [("SM7", "Stop."), ("SM7", "Stop."), ("SM8", "Hello\0\u{1b}")] {
        let reply = signed(&house, path, &form(sid, text), TOKEN).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "text/xml"));
        assert!(reply.text().ends_with("<Response/>"));
    }
    let app = &house.world.app;
    let kept = app::texts::received(app, &house.one.owner, 9).await.expect("texts");
    let texts: Vec<&str> = kept.iter().map(|text| text.text.as_str()).collect();
    assert_eq!(texts, ["Hello  ", "Stop."]);
    let out = app::texts::opt_outs(app, &house.one.owner).await.expect("phones");
    assert_eq!(out.iter().map(|row| row.address.as_str()).collect::<Vec<_>>(), ["+15615550100"]);
}

/// A report of a mail server about a mail with this Message-ID.
fn bounce(message_id: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: bounces@liberty.example\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n\r\n--b--\r\n"
    )
}

async fn bounced(house: House) {
    let id = sent(&house, Channel::Email, "1.a@liberty.example").await;
    let hand_in = async |token: &str, mail: Vec<u8>| {
        let request = ask(Method::POST, "nobody", "/hooks/v1/bounces");
        let request = if token.is_empty() { request } else { request.token(token) };
        house.send(request.header("content-type", "message/rfc822").body(mail)).await
    };
    let mail = bounce("1.a@liberty.example").into_bytes();
    for token in ["", "mt", "mta ta", &house.one.key, &house.one.switch.1] {
        hand_in(token, mail.clone()).await.refused(401);
    }
    assert_eq!(rung(&house, id).await, "sent", "nothing was changed");
    let news = async |mail: Vec<u8>| -> Value {
        let reply = hand_in("mta", mail).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["data"]["is_news"].clone()
    };
    for other in ["", "Subject: Out of office\r\n\r\nI am away.", &bounce("x@y"), &bounce("a\0b")] {
        assert_eq!(news(other.as_bytes().to_vec()).await, false, "{other}");
    }
    let mut long = mail.clone();
    long.resize(5_000_000, b'x');
    assert_eq!(news(long).await, true, "its beginning is read");
    assert_eq!(rung(&house, id).await, "failed");
    assert_eq!(news(mail).await, false, "twice is once");
    let runs = house.get(&format!("/v2/to-dos/{id}/runs")).await.json();
    let reason = runs["data"][0]["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("The address does not exist"), "{reason}");
    let shut = house.with(|web| web.bounces = None);
    let request = ask(Method::POST, "nobody", "/hooks/v1/bounces").token("mta");
    shut.send(request.body("")).await.refused(401);
}

#[tokio::test]
async fn mail_that_came_back_fails_its_delivery() {
    bounced(house(false).await).await;
}

#[tokio::test]
async fn mail_that_came_back_fails_its_delivery_on_postgresql() {
    bounced(house(true).await).await;
}
