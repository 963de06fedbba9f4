//! Whatever the order of events, replies and crashes: no message is lost, none climbs after somebody
//! has it in hand, and its columns are what its log says. Seeded, on both databases.

use domain::message::Update;
use domain::{Contact, Status};
use testkit::postgres::Postgres;

use super::*;

/// What can happen between two looks at the messages.
const EVENTS: u64 = 14;

struct History {
    story: Story,
    people: Vec<Contact>,
    policy: Policy,
    codes: Vec<(String, String)>,
}

impl History {
    async fn begin(world: World) -> Self {
        let story = Story::in_world(world).await;
        let mut people = Vec::new();
        for (name, phone) in [("Bob", BOB), ("Mia", MANAGER), ("Eve", "+15615550333")] {
            people.push(story.person(name, phone).await);
        }
        let levels: Vec<(Target, &[Channel], i64)> =
            people.iter().map(|it| (Target::Contact(it.id), ANY, 5)).collect();
        let blank = story.blank(&levels);
        let policy = Policy { rounds: 2, ack_expires_ms: Some(20 * MINUTE_MS), ..blank };
        let policy = story.keep_policy(policy).await;
        story.close_with(Timing::AtOnce, vec![Action::Escalate(policy.id)]).await;
        History { story, people, policy, codes: Vec::new() }
    }

    fn chance(&self, n: u64) -> u64 {
        self.story.world.app.entropy().number() % n
    }

    /// Somebody's phone: of those who were there at the beginning.
    fn phone(&self) -> String {
        [BOB, MANAGER, "+15615550333"][self.chance(3) as usize].to_owned()
    }

    async fn happen(&mut self) {
        let event = self.chance(EVENTS);
        let taken = self.story.taken.lock().expect("a list").clone();
        let one = taken.get(self.chance(taken.len().max(1) as u64) as usize).copied();
        match event {
            0..=1 => {
                self.story.take("The alarm rings.").await;
            }
            2..=4 => self.story.pass(self.chance(9) as i64).await,
            // Time passes, and nobody works.
            5 => self.story.world.clock.advance(self.chance(600_000) as i64),
            // A worker claims, and dies; or it dies between starting and recording.
            6 => self.die(true).await,
            7 => {
                let (app, office) = (&self.story.world.app, &self.story.office);
                let entry = self.story.entry("The alarm rings.");
                let taken = messages::take(app, &office.agent, office.law.id, entry).await;
                let id = taken.expect("a message").message.id;
                self.story.taken.lock().expect("a list").push(id);
                self.die(false).await;
            }
            8 => {
                let phone = self.phone();
                let mut dead = self.story.dead.lock().expect("a set");
                if !dead.remove(&phone) {
                    dead.insert(phone);
                }
            }
            9..=10 => {
                let count = self.codes.len().max(1) as u64;
                if let Some((phone, code)) = self.codes.get(self.chance(count) as usize).cloned() {
                    let words = ["ok", "no", "which one?", "STOP", "START", ""];
                    let word = words[self.chance(6) as usize];
                    self.story.reply(&phone, format!("{word} {code}").trim()).await;
                }
            }
            11..=12 => {
                let Some(id) = one else { return };
                let message = self.story.find(id).await;
                let back = message.status_unsettled();
                let status = [Status::Acknowledged, Status::Closed, back][self.chance(3) as usize];
                let update = Update { status: Some(status), ..Update::default() };
                let (app, client) = (&self.story.world.app, &self.story.office.client);
                messages::update(app, client, id, &update, None).await.expect("a change");
            }
            _ => self.edit().await,
        }
        self.listen();
    }

    async fn die(&self, before: bool) {
        let app = &self.story.world.app;
        for kind in JobKind::ALL {
            let claimed = jobs::claim(app, kind, 1).await.expect("a queue");
            if !before && matches!(kind, JobKind::Deliver(_)) && !claimed.is_empty() {
                deliveries::start_all(app, &claimed, &ONE).await.expect("starts");
            }
        }
    }

    async fn edit(&mut self) {
        let (app, office) = (&self.story.world.app, &self.story.office);
        if self.chance(4) == 0 && self.people.len() > 1 {
            let gone = self.people.pop().expect("somebody").id;
            let removed =
                app::accounts::remove_contact(app, &office.owner, office.law.id, gone).await;
            removed.expect("removed");
            return;
        }
        let place = self.chance(self.policy.levels.len() as u64) as usize;
        if self.policy.levels.len() > 1 && self.chance(2) == 0 {
            self.policy.levels.remove(place);
        } else {
            let target = Target::Contact(self.people[0].id);
            let delay_ms = (1 + self.chance(9) as i64) * MINUTE_MS;
            let level = Level { id: LevelId(0), delay_ms, telling: telling(target, ANY) };
            self.policy.levels.insert(place, level);
        }
        for level in &mut self.policy.levels {
            // Whoever left the directory cannot be kept in a policy.
            let known =
                |target: &Target| self.people.iter().any(|it| Target::Contact(it.id) == *target);
            if !level.telling.targets.iter().all(known) {
                level.telling.targets = vec![Target::Contact(self.people[0].id)];
            }
        }
        self.policy = self.story.keep_policy(self.policy.clone()).await;
    }

    /// People look at their phones.
    fn listen(&mut self) {
        for got in self.story.air.lock().expect("the air").drain(..) {
            let words: Vec<&str> = got.text.split_whitespace().collect();
            if let Some(at) = words.iter().position(|word| *word == "Reply") {
                self.codes.push((got.to.clone(), words[at + 1].to_owned()));
            }
        }
    }
}

/// Lives through one history; answers all that was logged.
async fn live(world: World, events: usize) -> String {
    let mut history = History::begin(world).await;
    for _ in 0..events {
        history.happen().await;
        history.story.check_roughly().await;
    }
    // Two days without trouble: whatever died has been done again, and every message ended.
    history.story.dead.lock().expect("a set").clear();
    history.story.pass(2 * 24 * 60).await;
    history.listen();
    history.story.check_roughly().await;
    let mut logs = String::new();
    let taken = history.story.taken.lock().expect("a list").clone();
    for id in taken {
        let (message, log) = (history.story.find(id).await, history.story.log(id).await);
        assert_eq!(message.next_escalation_at, None, "{log}");
        logs.push_str(&log);
    }
    logs
}

/// The histories are not empty: all that can happen has happened.
fn all_of_it(logs: &str) {
    let kinds = [
        "It went up to level 2",
        "acknowledged it by text.",
        "is told once more.",
        "may have gone out and is sent again",
        "There is no such subscriber.",
        "passed it on",
        "replied by text",
        "Agents have to see to it.",
    ];
    let missing: Vec<&str> = kinds.into_iter().filter(|kind| !logs.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?} never happened");
}

#[tokio::test]
async fn whatever_happens_on_sqlite() {
    let mut logs = String::new();
    for seed in 0..6 {
        let mut world = World::new().await;
        world.app = seeded_app(&world, seed);
        logs.push_str(&live(world, 50).await);
    }
    all_of_it(&logs);
}

#[tokio::test]
async fn whatever_happens_on_postgresql() {
    for seed in 100..102 {
        let database = Postgres::database();
        let folder = tempfile::tempdir().expect("a folder");
        let mut world = World::on(database.url(), folder).await;
        world.app = seeded_app(&world, seed);
        live(world, 50).await;
    }
}

fn seeded_app(world: &World, seed: u64) -> app::App {
    app::App::new(world.db.clone(), world.clock.clone(), testkit::seeded(seed))
}
