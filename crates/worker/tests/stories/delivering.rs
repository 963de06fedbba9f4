//! Stories of the message office through the real worker: mail, texts and calls to peers that count. A
//! peer that gets what nobody expected fails its story.

use std::collections::HashSet;
use std::sync::Mutex;

use app::messages::{self, MessageEntry};
use app::{deliveries, jobs, on_call, playbooks, work_queue};
use domain::account::ContactEntry;
use domain::closing::{Action, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::limits::MINUTE_MS;
use domain::on_call::{OverrideEntry, RotationEntry};
use domain::{
    Channel, ClosingGroup, ClosingGroupId, Instant, JobKind, LevelId, MessageId, PolicyId, Status,
    WorkKind,
};
use testkit::sip::{Ear, Sipp};
use testkit::smsc::{Command, Options, Smsc as Centre};
use testkit::smtp::SmtpServer;
use testkit::{Tenancy, World};
use worker::{Carrier, Worker};

use super::calls::{sipp, trunk};
use super::lines::{LINE, centre, eventually, worker};
use super::post;

const BOB: &str = "+15615550111";
const MANAGER: &str = "+15615550222";
const JANE_MAIL: &str = "jane@hartlowe.example";
const OFFICE_MAIL: &str = "office@hartlowe.example";

/// What a mailbox or a phone got: the so manyth of its channel.
#[derive(Clone, Debug)]
struct Got {
    nth: (Channel, usize),
    to: String,
    text: String,
}

/// A office, the worker, and everything that mail and phones can reach.
struct Story {
    world: World,
    office: Tenancy,
    worker: Worker,
    mailbox: SmtpServer,
    texts: Centre,
    /// Takes one call, hears it out, and presses 1.
    phone: Sipp,
    _ear: Ear,
    expected: Mutex<HashSet<(Channel, usize)>>,
}

impl Story {
    async fn new() -> Self {
        let world = World::new().await;
        let office = world.tenancy("desk").await;
        let mailbox = SmtpServer::start(testkit::smtp::Options::default());
        let texts = Centre::start(Options::default());
        let ear = Ear::open(&[(20, '1')]);
        let phone = sipp("answers", 1, &[("audio", &ear.port().to_string())]);
        let carriers = vec![
            Carrier::mail("mail", post(mailbox.port(), 5_000)),
            centre(&world, "texts", &texts).0,
            trunk(&world, phone.port()),
        ];
        let worker = worker(&world, carriers);
        texts.received("bind_transceiver", 1).await;
        let expected = Mutex::default();
        Story { world, office, worker, mailbox, texts, phone, _ear: ear, expected }
    }

    /// A person with a phone only.
    async fn person(&self, name: &str, phone: &str) -> Target {
        let (name, phone) = (name.to_owned(), phone.to_owned());
        let entry = ContactEntry { name, phone, ..ContactEntry::default() };
        let (app, office) = (&self.world.app, &self.office);
        let added = app::accounts::add_contact(app, office.tenant.id, None, office.law.id, entry);
        Target::Contact(added.await.expect("a contact").id)
    }

    /// What is done with the account's messages from now on.
    async fn close_with(&self, timing: Timing, actions: Vec<Action>) {
        let group = ClosingGroup {
            id: ClosingGroupId(0),
            account_id: self.office.law.id,
            name: "Usual".to_owned(),
            usage: Usage::Usual,
            timing,
            actions,
        };
        let kept = playbooks::keep_closing(&self.world.app, &self.office.owner, group).await;
        kept.expect("a closing group");
    }

    /// Messages escalate by these levels from now on: who, how, and the minutes until the next.
    async fn escalate(&self, levels: &[(Target, Channel, i64)]) {
        let level = |(target, channel, minutes): &(Target, Channel, i64)| Level {
            id: LevelId(0),
            delay_ms: minutes * MINUTE_MS,
            telling: telling(*target, &[*channel]),
        };
        let policy = Policy {
            id: PolicyId(0),
            account_id: self.office.law.id,
            name: "After hours".to_owned(),
            levels: levels.iter().map(level).collect(),
            rounds: 1,
            ack_expires_ms: None,
        };
        let kept = playbooks::keep_policy(&self.world.app, &self.office.owner, policy).await;
        let policy = kept.expect("a policy").id;
        self.close_with(Timing::AtOnce, vec![Action::Escalate(policy)]).await;
    }

    /// An agent takes a message, and what is due at once is done.
    async fn take(&self, content: &str, send_at: Option<Instant>) -> MessageId {
        let (app, office) = (&self.world.app, &self.office);
        let answers = [("first_name", "Maria"), ("phone", "9548326297"), ("content", content)];
        let entry = MessageEntry {
            uuid: app.entropy().uuid(),
            form_id: office.form.id,
            answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
            did_id: Some(office.line.id),
            send_at,
            ..MessageEntry::default()
        };
        let taken = messages::take(app, &office.agent, office.law.id, entry).await;
        self.worker.pump().await.expect("a pump");
        taken.expect("a message").message.id
    }

    /// Lets minutes pass, doing each thing when it is due.
    async fn pass(&self, minutes: i64) {
        self.pass_until(self.world.app.now().plus_ms(minutes * MINUTE_MS)).await;
    }

    async fn pass_until(&self, until: Instant) {
        loop {
            let mut due = Vec::new();
            for kind in JobKind::ALL {
                due.extend(jobs::next_due(&self.world.app, kind).await.expect("a queue"));
            }
            let next = due.into_iter().min().filter(|next| *next <= until);
            self.world.clock.set(next.unwrap_or(until));
            let done = self.worker.pump().await.expect("a pump");
            match next {
                Some(next) => assert!(done > 0, "what is due at {next} is not done"),
                None => return,
            }
        }
    }

    /// All that mailboxes and phones got so far.
    fn got(&self) -> Vec<Got> {
        let mails = self.mailbox.mails().into_iter().map(|mail| {
            let text = mail.text.clone().unwrap_or_default();
            (Channel::Email, mail.to.join(","), format!("{:?} {text}", mail.header("Subject")))
        });
        let texts = self.texts.messages().into_iter();
        let texts = texts.map(|sms| (Channel::Sms, format!("+{}", sms.to), sms.text));
        let mut calls: Vec<(String, String)> = Vec::new();
        for message in self.phone.messages() {
            let Some(to) = message.strip_prefix("INVITE sip:") else { continue };
            let id = message.lines().find(|line| line.starts_with("Call-ID")).expect("an id");
            let to = to.split('@').next().unwrap_or_default();
            calls.push((id.to_owned(), to.to_owned()));
        }
        // An INVITE that goes by twice is one call.
        calls.dedup();
        let calls = calls.into_iter().map(|(_, to)| (Channel::Call, to, String::new()));
        let mut count = std::collections::HashMap::new();
        let got = mails.chain(texts).chain(calls).map(|(channel, to, text)| {
            let nth = count.entry(channel).and_modify(|n| *n += 1).or_insert(0);
            Got { nth: (channel, *nth), to, text }
        });
        got.collect()
    }

    fn unexpected(&self) -> Vec<Got> {
        let expected = self.expected.lock().expect("a set");
        self.got().into_iter().filter(|got| !expected.contains(&got.nth)).collect()
    }

    /// A mailbox or a phone got something with these words.
    fn expect(&self, channel: Channel, to: &str, words: &str) -> String {
        let unexpected = self.unexpected();
        let is_it = |got: &&Got| got.nth.0 == channel && got.to == to && got.text.contains(words);
        let got = unexpected.iter().find(is_it);
        let got =
            got.unwrap_or_else(|| panic!("no {channel:?} to {to} with “{words}”: {unexpected:#?}"));
        self.expected.lock().expect("a set").insert(got.nth);
        got.text.clone()
    }

    /// Nobody got anything more.
    fn expect_silence(&self) {
        let unexpected = self.unexpected();
        assert!(unexpected.is_empty(), "nobody expected {unexpected:#?}");
    }

    async fn status(&self, id: MessageId) -> Status {
        let found = messages::detail(&self.world.app, &self.office.agent, id).await;
        found.expect("a message").message.status
    }

    /// The log in sentences.
    async fn log(&self, id: MessageId) -> String {
        let found = messages::detail(&self.world.app, &self.office.agent, id).await;
        let told = found.expect("a message").activities;
        told.iter().map(|it| it.event.sentence()).collect::<Vec<_>>().join("\n")
    }

    /// What waits for agents, by kind and title.
    async fn queue(&self) -> Vec<(WorkKind, String)> {
        let queue = work_queue::queue(&self.world.app, &self.office.agent).await.expect("a queue");
        queue.into_iter().map(|item| (item.kind, item.title)).collect()
    }

    /// The end: nothing went out unexpected, and nothing was captured instead of sent.
    async fn end(self) {
        let (app, owner) = (&self.world.app, &self.office.owner);
        let captured = deliveries::captured(app, owner, None, 10).await.expect("an outbox");
        assert!(captured.is_empty(), "{captured:#?}");
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.expect_silence();
        }
    }
}

fn telling(target: Target, channels: &[Channel]) -> Telling {
    Telling { targets: vec![target], channels: channels.to_vec(), manner: Manner::First }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

/// Jane is told, and her office gets a copy.
fn jane_and_office(story: &Story) -> Vec<Action> {
    let jane = Target::Contact(story.office.jane.id);
    vec![Action::Tell(telling(jane, &[])), Action::Copy(OFFICE_MAIL.to_owned())]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_phone_gets_a_text_thirty_minutes_pass_and_the_managers_phone_rings() {
    let story = Story::new().await;
    let (bob, mia) = (story.person("Bob", BOB).await, story.person("Mia", MANAGER).await);
    story.escalate(&[(bob, Channel::Sms, 30), (mia, Channel::Call, 15)]).await;
    let id = story.take("The alarm rings.", None).await;
    story.expect(Channel::Sms, BOB, "The alarm rings.");
    story.pass(29).await;
    story.expect_silence();
    story.pass(1).await;
    story.expect(Channel::Call, MANAGER, "");
    story.pass(24 * 60).await;
    insta::assert_snapshot!(story.log(id).await, @"
    Ann took the message.
    Escalation “After hours” began with level 1.
    SMS to Bob (+15615550111) was queued.
    SMS to Bob (+15615550111) was accepted by the carrier.
    It went up to level 2 of “After hours”.
    Call to Mia (+15615550222) was queued.
    Call to Mia (+15615550222) was accepted by the carrier.
    Mia acknowledged it with a key in the call.
    ");
    assert_eq!(story.queue().await, []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_back_acknowledges_and_the_manager_sleeps() {
    let story = Story::new().await;
    let (bob, mia) = (story.person("Bob", BOB).await, story.person("Mia", MANAGER).await);
    story.escalate(&[(bob, Channel::Sms, 30), (mia, Channel::Call, 15)]).await;
    let id = story.take("The alarm rings.", None).await;
    let got = story.expect(Channel::Sms, BOB, "to acknowledge");
    let code = got.split_once("Reply ").and_then(|(_, rest)| rest.split(' ').next());
    let text = format!("{} ok", code.expect("a code"));
    story.texts.tell(&Command::Inbound { from: BOB[1..].to_owned(), to: LINE.to_owned(), text });
    let acknowledged = async || story.status(id).await == Status::Acknowledged;
    eventually("the text is taken in", acknowledged).await;
    story.pass(24 * 60).await;
    story.expect(Channel::Sms, BOB, "Acknowledged: message from Maria");
    assert!(story.log(id).await.ends_with("Bob acknowledged it by text."));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_is_left_the_agents_are_told() {
    let story = Story::new().await;
    let bob = story.person("Bob", BOB).await;
    story.escalate(&[(bob, Channel::Sms, 30)]).await;
    story.take("The alarm rings.", None).await;
    story.expect(Channel::Sms, BOB, "The alarm rings.");
    story.pass(29).await;
    assert_eq!(story.queue().await, []);
    story.pass(1).await;
    assert_eq!(story.queue().await, [(WorkKind::Dispatch, "Message from Maria".to_owned())]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_held_until_its_time_and_then_let_out() {
    let story = Story::new().await;
    story.close_with(Timing::AtOnce, jane_and_office(&story)).await;
    let send_at = story.world.app.now().plus_ms(90 * MINUTE_MS);
    let id = story.take("Not before the hearing.", Some(send_at)).await;
    story.pass(89).await;
    story.expect_silence();
    assert_eq!(story.status(id).await, Status::Held);
    story.pass(1).await;
    story.expect(Channel::Email, JANE_MAIL, "Not before the hearing.");
    story.expect(Channel::Email, OFFICE_MAIL, "Not before the hearing.");
    assert_eq!(story.status(id).await, Status::Delivered);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_messages_go_out_as_one_digest_at_five() {
    let story = Story::new().await;
    story.close_with(Timing::Digest(vec![17 * 60]), jane_and_office(&story)).await;
    story.world.clock.set(at("2025-01-22T15:00:00Z"));
    let one = story.take("The first.", None).await;
    story.pass(60).await;
    let two = story.take("The second.", None).await;
    story.pass_until(at("2025-01-22T21:59:59Z")).await;
    story.expect_silence();
    story.pass_until(at("2025-01-22T22:00:00Z")).await;
    for mailbox in [JANE_MAIL, OFFICE_MAIL] {
        let got = story.expect(Channel::Email, mailbox, "2 messages for Hart");
        assert!(got.contains("The first.") && got.contains("The second."), "{got}");
    }
    for id in [one, two] {
        assert_eq!(story.status(id).await, Status::Delivered);
    }
    story.pass(24 * 60).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_without_anybody_on_call_is_found_two_weeks_ahead_and_told_to_the_agents() {
    let story = Story::new().await;
    let (app, office) = (&story.world.app, &story.office);
    let nights = RotationEntry {
        name: "Nights".to_owned(),
        turn: "weekly".to_owned(),
        hand_off: "9:00 AM".to_owned(),
        starts_on: "2025-01-20".to_owned(),
        members: vec![office.jane.id],
        ..RotationEntry::default()
    };
    let nights = on_call::create(app, &office.client, office.law.id, nights).await.expect("nights");
    let nobody = OverrideEntry {
        contact_id: None,
        from: Some(at("2025-02-11T03:00:00Z")),
        until: Some(at("2025-02-11T12:00:00Z")),
        reason: "Wedding".to_owned(),
    };
    on_call::add_override(app, &office.client, nights.id, nobody).await.expect("an override");
    story.pass_until(at("2025-01-27T23:00:00Z")).await;
    assert_eq!(story.queue().await, [], "too far ahead");
    story.pass_until(at("2025-01-30T23:00:00Z")).await;
    let found = "Nights: nobody from Feb 10, 2025, 10:00 PM EST to Feb 11, 2025, 7:00 AM EST";
    assert_eq!(story.queue().await, [(WorkKind::Notice, found.to_owned())]);
    story.end().await;
}
