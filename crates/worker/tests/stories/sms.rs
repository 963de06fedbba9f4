//! A To Do by SMS: over SMPP and over the REST form, and what a carrier tells later.

use domain::limits;
use testkit::World;
use testkit::sms_http::{self, SmsHttp};
use testkit::smsc::{Command, Instead, Options, Smsc as Centre, Spelling};

use super::lines::*;

#[tokio::test]
async fn a_receipt_tells_that_the_text_is_on_the_phone() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let peer = Centre::start(Options::default());
    let (smsc, _) = centre(&world, "main", &peer);
    let worker = worker(&world, vec![smsc]);
    let id = to_do(&world, &office, "sms", "Jane Hart").await;
    due(&world, &worker).await;
    let [sms] = &peer.messages()[..] else { panic!("{:?}", peer.messages()) };
    assert_eq!((sms.from.as_str(), sms.to.as_str()), (LINE, &JANE[1..]));
    assert_eq!(sms.text, "The hearing is at nine.");
    assert!(told(&world, &office, id).await.contains("\nsent to"), "no more is known yet");

    let receipt = Command::Receipt {
        id: "1A2B".to_owned(),
        stat: "DELIVRD",
        spelling: Spelling::Decimal,
        in_parameters: false,
        phone: JANE.to_owned(),
    };
    peer.tell(&receipt);
    peer.tell(&receipt);
    let arrived = async || told(&world, &office, id).await.contains("reached_handset");
    eventually("the receipt is taken in", arrived).await;
    insta::assert_snapshot!(told(&world, &office, id).await, @"
    sent
    reached_handset to +15615550100
    - main: sent: accepted as 1A2B
    ");
}

#[tokio::test]
async fn a_receipt_that_overtakes_its_own_record_is_not_lost() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let receipts = Some("DELIVRD".to_owned());
    let peer = Centre::start(Options { receipts, ..Options::default() });
    let (smsc, _) = centre(&world, "main", &peer);
    let worker = worker(&world, vec![smsc]);
    let mut ids = Vec::new();
    // As many as the carrier gets at once: the others would wait for a clock that stands still.
    for n in 0..4 {
        ids.push(to_do(&world, &office, "sms", &format!("+1561555010{n}")).await);
    }
    due(&world, &worker).await;
    for id in ids {
        let arrived = async || told(&world, &office, id).await.contains("reached_handset");
        eventually("the receipt is taken in", arrived).await;
    }
}

#[tokio::test]
async fn a_receipt_of_a_failure_fails_the_run_with_its_reason() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let receipts = Some("UNDELIV".to_owned());
    let peer = Centre::start(Options { receipts, ..Options::default() });
    let (smsc, _) = centre(&world, "main", &peer);
    let worker = worker(&world, vec![smsc]);
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &worker).await;
    let failed = async || told(&world, &office, id).await.starts_with("failed");
    eventually("the receipt is taken in", failed).await;
    insta::assert_snapshot!(told(&world, &office, id).await, @"
    failed: The message could not be delivered (UNDELIV).
    failed to +15615550100
    - main: sent: accepted as 1A2B
    ");
}

#[tokio::test]
async fn a_carrier_of_the_rest_form_takes_the_text_and_is_told_where_to_report() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let peer = SmsHttp::start(sms_http::Options::default());
    let worker = worker(&world, vec![rest("web", &peer, true)]);
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &worker).await;
    let [request] = &peer.seen()[..] else { panic!("{:?}", peer.seen()) };
    let form = |name: &str| request.form.get(name).map_or("", String::as_str);
    assert_eq!((form("From"), form("To")), ("+15617819977", JANE));
    assert_eq!(form("StatusCallback"), "https://liberty.example/hooks/v1/carriers/web/status");
    let told_all = told(&world, &office, id).await;
    let sid = told_all.split(' ').find(|word| word.starts_with("SM")).expect("an id").to_owned();

    // What its callback says, as the door hands it on; late news of less changes nothing.
    for status in ["delivered", "sent", "undelivered"] {
        let params = [("MessageSid", sid.as_str()), ("MessageStatus", status)];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let report = wire::rest::report(&params).expect("a report");
        let wire::Report::Progress { reference, result } = report else { panic!("{report:?}") };
        let learned = app::deliveries::learn(&world.app, "web", &reference, &result).await;
        assert_eq!(learned.expect("an answer"), status == "delivered", "{status}");
        // The same id of another carrier's is another thing.
        let other = app::deliveries::learn(&world.app, "other", &reference, &result).await;
        assert!(!other.expect("an answer"));
    }
    let text = told(&world, &office, id).await.replace(&sid, "SM…");
    insta::assert_snapshot!(text, @"
    sent
    reached_handset to +15615550100
    - web: sent: 201 SM… queued
    ");
}

#[tokio::test]
async fn a_throttled_carrier_is_followed_by_the_next_in_order() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let (first, second) = (Centre::start(Options::default()), Centre::start(Options::default()));
    first.tell(&Command::Rule("submit_sm", Instead::Status(0x58), Some(1)));
    let (one, two) = (centre(&world, "one", &first).0, centre(&world, "two", &second).0);
    let worker = worker(&world, vec![one, two]);
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &worker).await;
    assert!(second.messages().is_empty());
    world.clock.advance(limits::BACKOFF_FIRST_MS);
    worker.pump().await.expect("a pump");
    assert_eq!((first.messages().len(), second.messages().len()), (1, 1));
    insta::assert_snapshot!(told(&world, &office, id).await, @"
    sent
    sent to +15615550100
    - one: later: The SMS carrier 127.0.0.1 refused the message: too many messages at a time (ESME_RTHROTTLED).
    - two: sent: accepted as 1A2B
    ");
}

#[tokio::test]
async fn a_number_that_the_carrier_refuses_is_not_tried_elsewhere() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let first = SmsHttp::start(sms_http::Options::default());
    let second = SmsHttp::start(sms_http::Options::default());
    first.tell(&sms_http::Command::Refuse(JANE.to_owned(), 21_610));
    let carriers = vec![rest("one", &first, true), rest("two", &second, true)];
    let worker = worker(&world, carriers);
    let id = to_do(&world, &office, "sms", JANE).await;
    due(&world, &worker).await;
    world.clock.advance(limits::HOUR_MS);
    worker.pump().await.expect("a pump");
    assert_eq!((first.seen().len(), second.seen().len()), (1, 0));
    insta::assert_snapshot!(told(&world, &office, id).await, @"
    failed: The carrier 127.0.0.1 refused it: Attempt to send to +15615550100: refused (400, error 21610).
    failed to +15615550100
    - one: never: The carrier 127.0.0.1 refused it: Attempt to send to +15615550100: refused (400, error 21610).
    ");
}
