//! A message's e-mail: taken, refused, tried again, given up.

use domain::way::WayEntry;
use domain::{Channel, JobKind, limits};
use testkit::World;
use testkit::carriers::{Asked, sent};
use testkit::smtp::{Options, SmtpServer, Stage, Trouble, What};

use super::*;

#[tokio::test]
async fn a_message_reaches_the_mailbox_of_its_contact() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let server = SmtpServer::start(Options::default());
    let message = take(&world, &office, "Please call me about the hearing.").await;
    assert_eq!(worker(&world, Some(&server)).pump().await.expect("a pump"), 1);

    let mails = server.mails();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(
        (mail.from.as_str(), &mail.to[..]),
        ("messages@desk.example", &["jane@hartlowe.example".to_owned()][..])
    );
    let header = |name: &str| mail.header(name).join("|");
    assert_eq!(header("From"), "Liberty Desk <messages@desk.example>");
    assert_eq!(header("Subject"), "Message for Hart & Lowe, Attorneys from Maria");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert!(header("Date").contains("21 Jan 2025"), "{}", header("Date"));
    let text = mail.text.as_deref().unwrap_or_default();
    assert!(text.starts_with("Please call me about the hearing."), "{text}");
    let detail = messages::detail(&world.app, &office.agent, message.id).await.expect("detail");
    let key = &detail.deliveries[0].0.key;
    assert_eq!(header("Message-ID"), format!("<{key}@desk.example>"));
    insta::assert_snapshot!(told(&world, &office, &message).await, @"
    delivered
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) was accepted by the mail server.
    sent: sent
    0 jobs
    ");
}

#[tokio::test]
async fn a_server_that_comes_back_gets_the_mail_then() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let server = SmtpServer::start(Options::default());
    let port = server.port();
    let worker = worker(&world, Some(&server));
    drop(server);
    let message = take(&world, &office, "The heating is out.").await;
    assert_eq!(worker.pump().await.expect("a pump"), 1);
    assert_eq!(worker.pump().await.expect("a pump"), 0, "it waits its back-off");
    world.clock.advance(limits::BACKOFF_FIRST_MS);
    assert_eq!(worker.pump().await.expect("a pump"), 1);

    let server = SmtpServer::start(Options { port, ..Options::default() });
    world.clock.advance(2 * limits::BACKOFF_FIRST_MS);
    assert_eq!(worker.pump().await.expect("a pump"), 1);
    assert_eq!(server.mails().len(), 1);
    let told = told(&world, &office, &message).await.replace(&port.to_string(), "PORT");
    insta::assert_snapshot!(told, @"
    delivered
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) did not go out and is tried again: The mail server 127.0.0.1 cannot be reached: Connection refused (os error 111).
    - E-mail to Jane Hart (jane@hartlowe.example) did not go out and is tried again: The mail server 127.0.0.1 cannot be reached: Connection refused (os error 111).
    - E-mail to Jane Hart (jane@hartlowe.example) was accepted by the mail server.
    sent: later later sent
    0 jobs
    ");
}

/// Jane is reached by e-mail only: no text goes out where her mailbox fails.
async fn only_mail(world: &World, office: &Tenancy) {
    let way = WayEntry {
        channel: "email".to_owned(),
        address: "jane@hartlowe.example".to_owned(),
        hours: String::new(),
    };
    let (law, jane) = (office.law.id, office.jane.id);
    app::playbooks::set_ways(&world.app, &office.owner, law, jane, &[way]).await.expect("a way");
}

#[tokio::test]
async fn a_mailbox_that_does_not_exist_fails_with_its_reason() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    only_mail(&world, &office).await;
    let refuse = vec![("jane@hartlowe.example".to_owned(), "550 5.1.1 no such mailbox".to_owned())];
    let server = SmtpServer::start(Options { refuse, ..Options::default() });
    let message = take(&world, &office, "Please call.").await;
    assert_eq!(worker(&world, Some(&server)).pump().await.expect("a pump"), 1);
    assert_eq!(server.mails().len(), 0);
    insta::assert_snapshot!(told(&world, &office, &message).await, @"
    failed
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) failed: The address does not exist, says the mail server 127.0.0.1: 550 5.1.1 no such mailbox.
    failed: never
    0 jobs
    ");
}

#[tokio::test]
async fn a_busy_mailbox_is_tried_again() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let what = What::Say("451 4.2.1 mailbox is busy".to_owned());
    let trouble = vec![Trouble { at: Stage::Rcpt, what, times: Some(1) }];
    let server = SmtpServer::start(Options { trouble, ..Options::default() });
    let worker = worker(&world, Some(&server));
    let message = take(&world, &office, "Please call.").await;
    assert_eq!(worker.pump().await.expect("a pump"), 1);
    world.clock.advance(limits::BACKOFF_FIRST_MS);
    assert_eq!(worker.pump().await.expect("a pump"), 1);
    assert_eq!(server.mails().len(), 1);
    insta::assert_snapshot!(told(&world, &office, &message).await, @"
    delivered
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) did not go out and is tried again: The mailbox takes no mail just now, says the mail server 127.0.0.1: 451 4.2.1 mailbox is busy.
    - E-mail to Jane Hart (jane@hartlowe.example) was accepted by the mail server.
    sent: later sent
    0 jobs
    ");
}

#[tokio::test]
async fn ten_refusals_are_the_end() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    only_mail(&world, &office).await;
    let what = What::Say("451 4.2.1 mailbox is busy".to_owned());
    let trouble = Options::default().with_trouble(Stage::Rcpt, what);
    let server = SmtpServer::start(trouble);
    let worker = worker(&world, Some(&server));
    let message = take(&world, &office, "Please call.").await;
    let mut tries = 0;
    for _ in 0..20 {
        tries += worker.pump().await.expect("a pump");
        world.clock.advance(limits::BACKOFF_LONGEST_MS);
    }
    assert_eq!(tries, 10);
    let told = told(&world, &office, &message).await;
    assert!(told.starts_with("failed\n"), "{told}");
    assert!(told.ends_with("\n0 jobs"), "{told}");
}

#[tokio::test]
async fn without_a_server_mail_is_captured_and_nothing_counts_as_delivered() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let message = take(&world, &office, "Please call.").await;
    assert_eq!(worker(&world, None).pump().await.expect("a pump"), 1);
    let outbox =
        deliveries::captured(&world.app, &office.owner, None, 10).await.expect("an outbox");
    assert_eq!(outbox.len(), 1);
    insta::assert_snapshot!(told(&world, &office, &message).await, @"
    pending
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) was captured, not sent: no mail server is configured.
    captured: captured
    0 jobs
    ");
}

#[tokio::test]
async fn after_a_crash_the_mail_goes_out_again_with_the_same_id() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let server = SmtpServer::start(Options::default());
    let message = take(&world, &office, "Please call.").await;

    // A worker starts the attempt, hands the mail over, and dies before it writes that down.
    let kind = JobKind::Deliver(Channel::Email);
    let job = jobs::claim(&world.app, kind, 1).await.expect("jobs").remove(0);
    let asked = deliveries::start(&world.app, &job, &Asked("mail")).await;
    let started = asked.expect("a start").expect("work");
    let dead = worker(&world, Some(&server));
    assert_eq!(dead.pump().await.expect("a pump"), 0, "its lease still holds");
    let first = started.delivery.key.clone();

    world.clock.advance(limits::LEASE_MS);
    assert_eq!(worker(&world, Some(&server)).pump().await.expect("a pump"), 1);
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].header("Message-ID"), [format!("<{first}@desk.example>")]);

    // The dead one comes back from its pause: what it has to say comes too late.
    let late = sent("250 OK");
    let recorded = deliveries::record(&world.app, &started, &late, &Asked("mail")).await;
    assert!(!recorded.expect("an answer"));
    insta::assert_snapshot!(told(&world, &office, &message).await, @"
    delivered
    - Ann took the message.
    - E-mail to Jane Hart (jane@hartlowe.example) was queued.
    - E-mail to Jane Hart (jane@hartlowe.example) may have gone out and is sent again with the same id: The server stopped before an answer came.
    - E-mail to Jane Hart (jane@hartlowe.example) was accepted by the mail server.
    sent: unknown sent
    0 jobs
    ");
}

#[tokio::test]
async fn no_answer_to_the_whole_mail_is_told_and_repeated_with_the_same_id() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let trouble = vec![Trouble { at: Stage::Answer, what: What::Close, times: Some(1) }];
    let server = SmtpServer::start(Options { trouble, ..Options::default() });
    let worker = worker(&world, Some(&server));
    let message = take(&world, &office, "Please call.").await;
    assert_eq!(worker.pump().await.expect("a pump"), 1);
    world.clock.advance(limits::BACKOFF_FIRST_MS);
    assert_eq!(worker.pump().await.expect("a pump"), 1);

    let mails = server.mails();
    assert_eq!(mails.len(), 2, "a duplicate, for a silence would be worse");
    assert_eq!(mails[0].raw(), mails[1].raw(), "and the same to the byte");
    let told = told(&world, &office, &message).await;
    assert!(told.contains("may have gone out and is sent again with the same id"), "{told}");
    assert!(told.starts_with("delivered\n"), "{told}");
}
