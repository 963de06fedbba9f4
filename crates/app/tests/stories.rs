//! Each verb of the application: what it leaves in the state, the log and the queue.

use app::messages::{self, MessageEntry};
use app::{Error, deliveries, jobs};
use domain::delivery::Outcome;
use domain::message::Update;
use domain::{Channel, JobKind, Message, Status};
use testkit::carriers::{Asked, sent};
use testkit::{Tenancy, World};

const EMAIL: JobKind = JobKind::Deliver(Channel::Email);
const MAIL: Asked = Asked("mail");

const UUID: &str = "8895c21e-8c3a-48e2-80dd-03acf32705fd";

fn entry(tenancy: &Tenancy) -> MessageEntry {
    let answers = [
        ("first_name", "Maria"),
        ("last_name", "Lopez"),
        ("phone", "(954) 832-6297"),
        ("content", "Please call me about the hearing."),
        ("meeting_preference", "Virtual"),
    ];
    let answers = answers.map(|(name, text)| (name.to_owned(), text.to_owned()));
    MessageEntry {
        uuid: UUID.to_owned(),
        form_id: tenancy.form.id,
        answers: answers.to_vec(),
        did_id: Some(tenancy.line.id),
        contact_id: Some(tenancy.jane.id),
        caller_id: "9548326297".to_owned(),
        is_emergency: false,
        ..MessageEntry::default()
    }
}

async fn take(world: &World, tenancy: &Tenancy) -> Message {
    let taken = messages::take(&world.app, &tenancy.agent, tenancy.law.id, entry(tenancy)).await;
    taken.expect("a message").message
}

/// State, log and queue as one text.
async fn told(world: &World, tenancy: &Tenancy, message: &Message) -> String {
    let detail = messages::detail(&world.app, &tenancy.agent, message.id).await.expect("detail");
    let message = &detail.message;
    let mut text = format!(
        "{} · read {} · delivered to {:?} · {} activities · revision {}\n",
        message.status.as_str(),
        message.read,
        message.delivered_to,
        message.activities_count,
        message.revision
    );
    for activity in &detail.activities {
        text.push_str(&format!("- {}\n", activity.event.sentence()));
    }
    for (delivery, attempts) in &detail.deliveries {
        let state = delivery.state.as_str();
        text.push_str(&format!("{} to {}: {state}\n", delivery.channel.as_str(), delivery.address));
        for attempt in attempts {
            text.push_str(&format!("  {} {:?}\n", attempt.number, attempt.outcome));
        }
    }
    let jobs = jobs::count(&world.app).await.expect("a count");
    text.push_str(&format!("{jobs} jobs"));
    assert_eq!(message.activities_count, detail.activities.len() as i64);
    text
}

#[tokio::test]
async fn taking_a_message_writes_state_log_and_job_together() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let message = take(&world, &office).await;
    assert_eq!(message.content, "Please call me about the hearing.");
    assert_eq!(message.receiver_name, "Jane Hart");
    assert_eq!(message.answers.of("content"), Some("Please call me about the hearing."));
    insta::assert_snapshot!(told(&world, &office, &message).await, @"
    pending · read false · delivered to None · 2 activities · revision 1
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    email to jane@hartlowe.example: queued
    1 jobs
    ");
}

#[tokio::test]
async fn saving_the_same_form_twice_makes_one_message() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let first = take(&world, &office).await;
    let second = take(&world, &office).await;
    assert_eq!(first.id, second.id);
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 1);
}

#[tokio::test]
async fn a_bad_entry_names_every_fault_and_leaves_nothing() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let bad = MessageEntry {
        uuid: "no".to_owned(),
        answers: vec![("meeting_preference".to_owned(), "On the moon".to_owned())],
        did_id: Some(domain::DidId(999)),
        contact_id: Some(domain::ContactId(999)),
        caller_id: "1\r\nBcc: evil@example".to_owned(),
        ..entry(&office)
    };
    let refused = messages::take(&world.app, &office.agent, office.law.id, bad).await;
    let Err(Error::Invalid(invalid)) = refused else { panic!("{refused:?}") };
    let paths: Vec<&str> = invalid.faults().map(|(path, _)| path).collect();
    let expected = [
        "first_name",
        "phone",
        "content",
        "meeting_preference",
        "uuid",
        "did_id",
        "contact_id",
        "caller_id",
    ];
    assert_eq!(paths, expected);
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 0);
}

#[tokio::test]
async fn a_mail_that_is_accepted_delivers_the_message() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let message = take(&world, &office).await;
    let job = jobs::claim(&world.app, EMAIL, 10).await.expect("jobs").remove(0);
    let started = deliveries::start(&world.app, &job, &MAIL).await.expect("a start").expect("work");
    world.clock.advance(200);
    let outcome = sent("250 OK");
    assert!(deliveries::record(&world.app, &started, &outcome, &MAIL).await.expect("recorded"));
    insta::assert_snapshot!(told(&world, &office, &message).await, @r#"
    delivered · read false · delivered to Some("jane@hartlowe.example") · 3 activities · revision 2
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) was accepted by the mail server.
    email to jane@hartlowe.example: sent
      1 "sent"
    0 jobs
    "#);
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_fails_the_message() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let message = take(&world, &office).await;
    let job = jobs::claim(&world.app, EMAIL, 10).await.expect("jobs").remove(0);
    let started = deliveries::start(&world.app, &job, &MAIL).await.expect("a start").expect("work");
    let outcome = Outcome::Never("The mailbox does not exist.".to_owned());
    deliveries::record(&world.app, &started, &outcome, &MAIL).await.expect("recorded");
    insta::assert_snapshot!(told(&world, &office, &message).await, @r#"
    pending · read false · delivered to None · 4 activities · revision 2
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) failed: The mailbox does not exist.
    - SMS to Jane Hart (+15615550100) was queued.
    email to jane@hartlowe.example: failed
      1 "never"
    sms to +15615550100: queued
    1 jobs
    "#);
}

#[tokio::test]
async fn a_worker_that_died_leaves_an_attempt_of_unknown_outcome() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let message = take(&world, &office).await;
    let first = jobs::claim(&world.app, EMAIL, 10).await.expect("jobs").remove(0);
    let lost = deliveries::start(&world.app, &first, &MAIL).await.expect("a start").expect("work");

    assert_eq!(jobs::claim(&world.app, EMAIL, 10).await.expect("jobs"), [], "the lease holds");
    world.clock.advance(domain::limits::LEASE_MS);
    let second = jobs::claim(&world.app, EMAIL, 10).await.expect("jobs").remove(0);
    let started =
        deliveries::start(&world.app, &second, &MAIL).await.expect("a start").expect("work");
    assert_eq!(started.delivery.key, lost.delivery.key, "a receiver can tell the repetition");

    let sent = sent("250 OK");
    let late = deliveries::record(&world.app, &lost, &sent, &MAIL).await.expect("recorded");
    assert!(!late, "the paused worker has lost its lease");
    assert!(deliveries::record(&world.app, &started, &sent, &MAIL).await.expect("recorded"));
    insta::assert_snapshot!(told(&world, &office, &message).await, @r#"
    delivered · read false · delivered to Some("jane@hartlowe.example") · 4 activities · revision 3
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) may have gone out and is sent again with the same id: The server stopped before an answer came.
    - E-mail to Jane Hart (jane@hartlowe.example) was accepted by the mail server.
    email to jane@hartlowe.example: sent
      1 "unknown"
      2 "sent"
    0 jobs
    "#);
}

#[tokio::test]
async fn a_client_reads_settles_and_reopens_a_message() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let message = take(&world, &office).await;
    let steps = [
        Update { read: Some(true), pickup: Some(true), ..Update::default() },
        Update { status: Some(Status::Acknowledged), ..Update::default() },
        Update { disposition: Some(Some("Called back".to_owned())), ..Update::default() },
        Update { status: Some(Status::Closed), ..Update::default() },
        Update { status: Some(Status::Pending), ..Update::default() },
    ];
    for step in &steps {
        messages::update(&world.app, &office.client, message.id, step, None)
            .await
            .expect("an update");
    }
    insta::assert_snapshot!(told(&world, &office, &message).await, @"
    pending · read true · delivered to None · 8 activities · revision 6
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - Carl marked it as read.
    - Carl picked it up.
    - Carl acknowledged it.
    - Carl set the disposition to “Called back”.
    - Carl closed it.
    - Carl reopened it.
    email to jane@hartlowe.example: queued
    1 jobs
    ");
}

#[tokio::test]
async fn an_update_of_what_has_changed_meanwhile_is_refused() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let message = take(&world, &office).await;
    let read = Update { read: Some(true), ..Update::default() };
    let seen = Some(message.revision);
    messages::update(&world.app, &office.client, message.id, &read, seen).await.expect("an update");
    let again = Update { read: Some(false), ..Update::default() };
    let refused = messages::update(&world.app, &office.client, message.id, &again, seen).await;
    assert!(matches!(refused, Err(Error::Changed)), "{refused:?}");
}

#[tokio::test]
async fn a_client_sees_its_own_accounts_only() {
    let world = World::new().await;
    let (office, other) = (world.tenancy("desk").await, world.tenancy("other").await);
    let message = take(&world, &office).await;
    for stranger in [&office.other_client, &other.client, &other.owner] {
        let found = messages::find(&world.app, stranger, message.id).await;
        assert!(matches!(found, Err(Error::NotFound)), "{stranger:?}");
        let filter =
            messages::filter(&world.app, stranger, messages::MessageQuery::default()).await;
        let page = messages::page(&world.app, stranger, &filter.expect("a filter"), None, 10).await;
        assert_eq!(page.expect("a page"), []);
        let read = Update { read: Some(true), ..Update::default() };
        let changed = messages::update(&world.app, stranger, message.id, &read, None).await;
        assert!(matches!(changed, Err(Error::NotFound)), "{stranger:?}");
    }
    messages::find(&world.app, &office.client, message.id).await.expect("its own");
}

#[tokio::test]
async fn a_client_takes_no_messages() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let refused = messages::take(&world.app, &office.client, office.law.id, entry(&office)).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
}
