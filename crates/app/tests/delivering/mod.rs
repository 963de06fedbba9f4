//! Stories of the answering service: a clock that is moved, who was told by then, and what the log says.
//!
//! A message that nobody expected fails its story.

mod acknowledged;
mod climbing;
mod early;
mod held;
mod histories;
mod invariants;
mod on_call;
mod race;
mod repaired;
mod simulated;
mod unreachable;

use std::collections::HashSet;
use std::sync::Mutex;

use app::messages::{self, MessageEntry, MessageHistory};
use app::{deliveries, jobs, playbooks, texts, work_queue};
use domain::account::ContactEntry;
use domain::closing::{Action, Timing, Usage};
use domain::delivery::{Outcome, Reach};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::limits::MINUTE_MS;
use domain::{
    Channel, ClosingGroup, ClosingGroupId, Contact, Instant, Job, JobKind, LevelId, Message,
    MessageId, PolicyId, WorkItem,
};
use testkit::carriers::Asked;
use testkit::{Tenancy, World};

const ONE: Asked = Asked("one");

/// What a phone or a mailbox got.
#[derive(Clone, Debug)]
struct Got {
    at: Instant,
    channel: Channel,
    to: String,
    text: String,
}

/// A office, its people, and all that was sent and not yet expected.
struct Story {
    world: World,
    office: Tenancy,
    air: Mutex<Vec<Got>>,
    /// Addresses that nothing reaches.
    dead: Mutex<HashSet<String>>,
    /// Whether calls are answered with the key that acknowledges.
    presses: Mutex<bool>,
    taken: Mutex<Vec<MessageId>>,
    /// Whether workers die.
    is_rough: Mutex<bool>,
}

impl Story {
    async fn new() -> Self {
        Self::in_world(World::new().await).await
    }

    async fn in_world(world: World) -> Self {
        let office = world.tenancy("desk").await;
        Story {
            world,
            office,
            air: Mutex::default(),
            dead: Mutex::default(),
            presses: Mutex::new(false),
            taken: Mutex::default(),
            is_rough: Mutex::default(),
        }
    }

    /// Bob is told by text, and Mia when he does not acknowledge within that many minutes.
    async fn bob_then_mia(minutes: i64) -> Self {
        let story = Self::new().await;
        let bob = Target::Contact(story.person("Bob", BOB).await.id);
        let mia = Target::Contact(story.person("Mia", MANAGER).await.id);
        story.escalate(&[(bob, ANY, minutes), (mia, ANY, minutes)]).await;
        story
    }

    fn now(&self) -> Instant {
        self.world.app.now()
    }

    /// Adds a person with a phone only, so that it is told by text, and then by call.
    async fn person(&self, name: &str, phone: &str) -> Contact {
        let entry = ContactEntry {
            name: name.to_owned(),
            phone: phone.to_owned(),
            ..ContactEntry::default()
        };
        let (app, office) = (&self.world.app, &self.office);
        let added = app::accounts::add_contact(app, office.tenant.id, None, office.law.id, entry);
        added.await.expect("a contact")
    }

    /// Keeps a policy of these levels: who, over which channels, and how many minutes to wait.
    async fn policy(&self, levels: &[(Target, &[Channel], i64)]) -> Policy {
        self.keep_policy(self.blank(levels)).await
    }

    fn blank(&self, levels: &[(Target, &[Channel], i64)]) -> Policy {
        let level = |(target, channels, minutes): &(Target, &[Channel], i64)| Level {
            id: LevelId(0),
            delay_ms: minutes * MINUTE_MS,
            telling: telling(*target, channels),
        };
        Policy {
            id: PolicyId(0),
            account_id: self.office.law.id,
            name: "After hours".to_owned(),
            levels: levels.iter().map(level).collect(),
            rounds: 1,
            ack_expires_ms: None,
        }
    }

    async fn keep_policy(&self, policy: Policy) -> Policy {
        let kept = playbooks::keep_policy(&self.world.app, &self.office.owner, policy).await;
        kept.expect("a policy")
    }

    /// What is done with the account's messages from now on.
    async fn close_with(&self, timing: Timing, actions: Vec<Action>) -> ClosingGroup {
        let group = ClosingGroup {
            id: ClosingGroupId(0),
            account_id: self.office.law.id,
            name: "Usual".to_owned(),
            usage: Usage::Usual,
            timing,
            actions,
        };
        let kept = playbooks::keep_closing(&self.world.app, &self.office.owner, group).await;
        kept.expect("a closing group")
    }

    /// Messages escalate by a policy of these levels from now on.
    async fn escalate(&self, levels: &[(Target, &[Channel], i64)]) -> Policy {
        let policy = self.policy(levels).await;
        self.close_with(Timing::AtOnce, vec![Action::Escalate(policy.id)]).await;
        policy
    }

    fn entry(&self, content: &str) -> MessageEntry {
        let answers = [("first_name", "Maria"), ("phone", "(954) 832-6297"), ("content", content)];
        MessageEntry {
            uuid: self.world.app.entropy().uuid(),
            form_id: self.office.form.id,
            answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
            did_id: Some(self.office.line.id),
            caller_id: "9548326297".to_owned(),
            ..MessageEntry::default()
        }
    }

    /// An agent takes a message, and what is due at once goes out.
    async fn take(&self, content: &str) -> MessageId {
        self.take_entry(self.entry(content)).await
    }

    async fn take_entry(&self, entry: MessageEntry) -> MessageId {
        let (app, office) = (&self.world.app, &self.office);
        let taken = messages::take(app, &office.agent, office.law.id, entry).await;
        let id = taken.expect("a message").message.id;
        self.taken.lock().expect("a list").push(id);
        self.work().await;
        id
    }

    /// Lets time pass, doing each thing when it is due.
    async fn pass(&self, minutes: i64) {
        self.pass_until(self.now().plus_ms(minutes * MINUTE_MS)).await;
    }

    async fn pass_until(&self, until: Instant) {
        loop {
            let next = self.next_due().await.filter(|next| *next <= until);
            self.world.clock.set(next.unwrap_or(until).max(self.now()));
            self.work().await;
            if next.is_none() {
                return;
            }
        }
    }

    async fn next_due(&self) -> Option<Instant> {
        let mut next = Vec::new();
        for kind in JobKind::ALL {
            next.extend(jobs::next_due(&self.world.app, kind).await.expect("a queue"));
        }
        next.into_iter().min()
    }

    /// Does all that is due now, and looks whether every message is true to its log.
    async fn work(&self) {
        while self.round().await {}
        self.check().await;
    }

    /// One batch of each kind; false if nothing was due.
    async fn round(&self) -> bool {
        let app = &self.world.app;
        let mut worked = false;
        for kind in JobKind::ALL {
            let claimed = jobs::claim(app, kind, 100).await.expect("a queue");
            worked |= !claimed.is_empty();
            match kind {
                JobKind::Escalate => app::escalations::climb_all(app, &claimed).await.map(drop),
                JobKind::Release => app::closings::release_all(app, &claimed).await.map(drop),
                JobKind::Digest => app::closings::digest_all(app, &claimed).await.map(drop),
                JobKind::Coverage => app::on_call::check_all(app, &claimed).await.map(drop),
                JobKind::Fire => app::to_dos::fire_all(app, &claimed).await.map(drop),
                JobKind::Deliver(_) => self.deliver(&claimed).await,
                JobKind::PurgeRecording | JobKind::Hook => {
                    assert!(claimed.is_empty(), "no story here makes {claimed:#?}");
                    Ok(())
                }
            }
            .expect("a turn");
        }
        worked
    }

    async fn deliver(&self, claimed: &[Job]) -> app::Result<()> {
        let app = &self.world.app;
        let started = deliveries::start_all(app, claimed, &ONE).await?;
        let outcomes: Vec<Outcome> = started.iter().map(|one| self.send(&one.delivery)).collect();
        let ends: Vec<_> = started.iter().zip(&outcomes).collect();
        deliveries::record_all(app, &ends, &ONE).await.map(drop)
    }

    /// What the only carrier does: it takes everything, but for the addresses that are dead.
    fn send(&self, delivery: &domain::Delivery) -> Outcome {
        if self.dead.lock().expect("a set").contains(&delivery.address) {
            return Outcome::Never("There is no such subscriber.".to_owned());
        }
        self.air.lock().expect("the air").push(Got {
            at: self.now(),
            channel: delivery.channel,
            to: delivery.address.clone(),
            text: delivery.body.clone(),
        });
        let is_call = delivery.channel == Channel::Call;
        let reach = match is_call && *self.presses.lock().expect("a switch") {
            true => Reach::Acknowledged,
            false => Reach::Carrier,
        };
        Outcome::Sent { response: "OK".to_owned(), reach, references: Vec::new() }
    }

    /// A phone or a mailbox got something with these words; nothing else was to come before it.
    fn expect(&self, channel: Channel, to: &str, words: &str) -> Got {
        let mut air = self.air.lock().expect("the air");
        let is_it = |got: &Got| got.channel == channel && got.to == to && got.text.contains(words);
        let at = air.iter().position(is_it);
        let at = at.unwrap_or_else(|| panic!("no {channel:?} to {to} with “{words}” in {air:#?}"));
        air.remove(at)
    }

    /// A phone got a text; answers the code that acknowledges it.
    fn expect_text(&self, to: &str) -> String {
        let got = self.expect(Channel::Sms, to, "to acknowledge");
        let words: Vec<&str> = got.text.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "Reply").expect("a code");
        words[at + 1].to_owned()
    }

    /// Nobody got anything more.
    fn expect_silence(&self) {
        let air = self.air.lock().expect("the air");
        assert!(air.is_empty(), "nobody expected {air:#?}");
    }

    /// Somebody sends a text to the law firm's line.
    async fn reply(&self, from: &str, text: &str) {
        let inbound = texts::Inbound {
            from: from.to_owned(),
            to: "+15617819977".to_owned(),
            text: text.to_owned(),
            reference: self.world.app.entropy().uuid(),
        };
        let taken = texts::receive(&self.world.app, "one", &[], &inbound).await;
        assert_eq!(taken.expect("a text"), 1);
        self.work().await;
    }

    async fn detail(&self, id: MessageId) -> MessageHistory {
        let found = messages::detail(&self.world.app, &self.office.agent, id).await;
        found.expect("a message")
    }

    async fn find(&self, id: MessageId) -> Message {
        self.detail(id).await.message
    }

    /// The log in sentences.
    async fn log(&self, id: MessageId) -> String {
        let told = self.detail(id).await.activities;
        told.iter().map(|it| it.event.sentence()).collect::<Vec<_>>().join("\n")
    }

    /// What waits for agents.
    async fn queue(&self) -> Vec<WorkItem> {
        work_queue::queue(&self.world.app, &self.office.agent).await.expect("a queue")
    }

    /// A change of a message by the client, in the portal or over the API.
    async fn set_status(&self, id: MessageId, status: domain::Status) {
        let update = domain::message::Update { status: Some(status), ..Default::default() };
        let client = &self.office.client;
        messages::update(&self.world.app, client, id, &update, None).await.expect("a change");
        self.work().await;
    }

    /// Every message is true to its log, its queue and its policy.
    async fn check(&self) {
        let taken = self.taken.lock().expect("a list").clone();
        let is_rough = *self.is_rough.lock().expect("a switch");
        for id in taken {
            invariants::check(self, id, is_rough).await;
        }
    }

    /// The same, where workers die: a timer may then stand under the lease of a dead one.
    async fn check_roughly(&self) {
        *self.is_rough.lock().expect("a switch") = true;
        self.check().await;
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

const ANY: &[Channel] = &[];
const BOB: &str = "+15615550111";
const MANAGER: &str = "+15615550222";
