//! kill -9 between the save and the send, twenty times in a row.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use app::jobs;
use app::messages::{self, MessageEntry};
use domain::{ActivityKind, Message, Status};
use testkit::smtp::{Options, SmtpServer, Stage, What};
use testkit::{Tenancy, World};

use super::live::Place;

/// Times that the server is killed.
const KILLS: u64 = 20;
/// Messages saved before each kill.
const MESSAGES: usize = 3;
/// A killed worker's job runs again within this time (shared with the other rows of R1).
const AGAIN: Duration = Duration::from_secs(45);

/// Takes a message for Jane.
pub(crate) async fn take(world: &World, office: &Tenancy, content: &str) -> Message {
    let answers = [("first_name", "Maria"), ("phone", "(954) 832-6297"), ("content", content)];
    let entry = MessageEntry {
        uuid: world.app.entropy().uuid(),
        form_id: office.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        did_id: Some(office.line.id),
        contact_id: Some(office.jane.id),
        caller_id: "9548326297".to_owned(),
        is_emergency: false,
        ..MessageEntry::default()
    };
    let taken = messages::take(&world.app, &office.agent, office.law.id, entry).await;
    taken.expect("a message").message
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_arrives_and_its_log_tells_what_happened() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    // A server slow enough to be killed at every stage of a send.
    let slow = Options::default()
        .with_trouble(Stage::Rcpt, What::Slow(40))
        .with_trouble(Stage::Answer, What::Slow(60));
    let smtp = SmtpServer::start(slow);
    let place = Place::of(&world).with_mail(smtp.port());

    let mut taken = Vec::new();
    for round in 0..KILLS {
        let server = place.serve();
        for i in 0..MESSAGES {
            taken.push(take(&world, &office, &format!("Round {round}, message {i}.")).await);
        }
        // From "not claimed yet" to "sent, and perhaps not written down".
        tokio::time::sleep(Duration::from_millis(round * 25)).await;
        server.kill();
    }
    let last_kill = Instant::now();
    let server = place.serve();
    while jobs::count(&world.app).await.expect("a count") > 0 {
        assert!(last_kill.elapsed() < AGAIN, "jobs are left after {AGAIN:?}: {}", server.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let recovered = last_kill.elapsed();

    let mut mails: BTreeMap<String, usize> = BTreeMap::new();
    for mail in smtp.mails() {
        *mails.entry(mail.header("Message-ID").concat()).or_default() += 1;
    }
    let mut unsure = 0;
    for message in &taken {
        let detail = messages::detail(&world.app, &office.agent, message.id).await.expect("detail");
        assert_eq!(detail.message.status, Status::Delivered);
        let (delivery, attempts) = &detail.deliveries[0];
        let id = format!("<{}@desk.example>", delivery.key);
        let arrived = mails.remove(&id).unwrap_or(0);
        assert!(arrived >= 1, "message {} never arrived", message.id);
        assert!(arrived <= attempts.len(), "{arrived} mails from {} attempts", attempts.len());
        // Every attempt that was begun ended in the log: as unsure, or as accepted at last.
        let told: Vec<ActivityKind> = detail.activities.iter().map(|a| a.event.kind).collect();
        let mut expected = vec![ActivityKind::Taken, ActivityKind::Queued];
        expected.extend(vec![ActivityKind::Unsure; attempts.len() - 1]);
        expected.push(ActivityKind::Sent);
        assert_eq!(told, expected, "message {}", message.id);
        unsure += attempts.len() - 1;
    }
    assert!(mails.is_empty(), "mails that nobody asked for: {mails:?}");
    let duplicates = smtp.mails().len() - taken.len();
    assert!(duplicates <= unsure, "{duplicates} duplicates from {unsure} unsure attempts");
    println!(
        "{KILLS} kills, {} messages, 0 lost, {unsure} attempts unsure, {duplicates} duplicates, \
         all done {recovered:?} after the last kill",
        taken.len()
    );
}
