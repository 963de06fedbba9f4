//! Stories of To Dos: a clock that is moved, what became due by then, and what the runs say.

mod caps;
mod changes;
mod missed;
mod quiet;
mod year;

use app::deliveries::{self, AttemptPlan, Carriers, Started};
use app::idempotency::Once;
use app::jobs;
use app::to_dos::{self, RunDetail, ScheduledToDo};
use domain::delivery::{Outcome, Reach};
use domain::to_do::{RunState, ScheduleEntry, ToDoEntry};
use domain::{Channel, Delivery, Instant, JobKind, Tenant, ToDoId, limits};
use testkit::{Tenancy, World};

/// A carrier that is asked for everything.
struct One;

impl Carriers for One {
    fn plan(&self, _: &Tenant, _: &Delivery) -> AttemptPlan {
        AttemptPlan::Ask("one".to_owned())
    }

    fn honours_key(&self, _: &str) -> bool {
        false
    }
}

/// A world with a office, whose To Dos are all found to be true after every step.
struct Story {
    world: World,
    office: Tenancy,
    made: Vec<ToDoId>,
}

impl Story {
    async fn new() -> Self {
        let world = World::new().await;
        let office = world.tenancy("desk").await;
        Story { world, office, made: Vec::new() }
    }

    /// Makes a To Do for the law firm.
    async fn make(&mut self, entry: &ToDoEntry) -> ToDoId {
        let app = &self.world.app;
        let made = to_dos::create(app, &self.office.client, "W0411", entry, None).await;
        let Once::New(standing) = made.expect("a To Do") else { panic!("it is new") };
        self.made.push(standing.to_do.id);
        self.check().await;
        standing.to_do.id
    }

    fn clock(&self, text: &str) {
        self.world.clock.set(at(text));
    }

    /// Does what is due: fires, and hands to the carrier, which takes everything at once.
    async fn work(&self) -> Vec<Started> {
        self.work_with(&One, Some(&taken())).await
    }

    /// Does what is due; what is started then ends like this, or not at all.
    async fn work_with(&self, carriers: &dyn Carriers, end: Option<&Outcome>) -> Vec<Started> {
        let app = &self.world.app;
        while self.fire().await > 0 {}
        let mut all = Vec::new();
        for channel in Channel::ALL {
            loop {
                let most = i64::try_from(limits::SENT_AT_ONCE).expect("small");
                let kind = JobKind::Deliver(channel);
                let claimed = jobs::claim(app, kind, most).await.expect("a queue");
                if claimed.is_empty() {
                    break;
                }
                let started = deliveries::start_all(app, &claimed, carriers).await.expect("starts");
                if let Some(outcome) = end {
                    let ends: Vec<_> = started.iter().map(|started| (started, outcome)).collect();
                    deliveries::record_all(app, &ends, carriers).await.expect("records");
                }
                all.extend(started);
            }
        }
        self.check().await;
        all
    }

    /// Fires one batch of what is due; answers how many To Dos that were.
    async fn fire(&self) -> usize {
        let app = &self.world.app;
        let most = i64::try_from(limits::FIRED_AT_ONCE).expect("small");
        let claimed = jobs::claim(app, JobKind::Fire, most).await.expect("a queue");
        to_dos::fire_all(app, &claimed).await.expect("fired");
        claimed.len()
    }

    async fn find(&self, id: ToDoId) -> ScheduledToDo {
        to_dos::find(&self.world.app, &self.office.client, id).await.expect("a To Do")
    }

    /// The runs of a To Do, oldest first.
    async fn runs(&self, id: ToDoId) -> Vec<RunDetail> {
        let found = to_dos::runs(&self.world.app, &self.office.client, id, None, 100_000).await;
        let mut runs = found.expect("runs");
        runs.reverse();
        runs
    }

    /// The runs in short: when each was due, its state and why.
    async fn told(&self, id: ToDoId) -> String {
        let zone = domain::Zone::named("America/New_York").expect("a zone");
        let line = |detail: &RunDetail| {
            let run = &detail.run;
            let text = format!("{} {} {}", zone.exact(run.due_at), run.state.as_str(), run.reason);
            text.trim_end().to_owned()
        };
        self.runs(id).await.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// What every To Do says of itself is true to its runs, and its runs to what was sent.
    async fn check(&self) {
        for id in &self.made {
            let found = to_dos::find(&self.world.app, &self.office.client, *id).await;
            if let Ok(standing) = found {
                self.check_one(&standing).await;
            }
        }
    }

    async fn check_one(&self, standing: &ScheduledToDo) {
        let (id, now) = (standing.to_do.id, self.world.app.now());
        let runs = self.runs(id).await;
        assert!(runs.is_sorted_by(|a, b| a.run.due_at < b.run.due_at), "one run each: {runs:?}");
        let sending = runs.iter().any(|detail| detail.run.state == RunState::Sending);
        assert_eq!(standing.is_sending, sending, "is_sending is true to the runs");
        let job = self.due_at(JobKind::Fire, id.0).await;
        if let Some(schedule) = &standing.schedule {
            let last = runs.last().map(|detail| detail.run.due_at);
            assert_eq!(schedule.previous, last, "previous_occurrence is true to the runs");
            assert_eq!(schedule.next, job, "next_occurrence is true to the queue");
            assert!(schedule.next.is_none_or(|next| Some(next) > last), "and ahead");
            assert!(standing.to_do.paused_at.is_none() || job.is_none(), "paused");
        }
        for RunDetail { run, delivery, .. } in &runs {
            assert_eq!(run.finished_at.is_none(), run.state.is_open(), "{run:?}");
            assert!(run.due_at <= run.created_at && run.due_at <= now.max(run.created_at));
            let Some((delivery, attempts)) = delivery else {
                assert!(!run.state.is_open(), "nothing carries {run:?}");
                continue;
            };
            assert_eq!(delivery.state.is_final(), !run.state.is_open(), "{run:?} {delivery:?}");
            let job = self.due_at(JobKind::Deliver(delivery.channel), delivery.id.0).await;
            assert_eq!(job.is_some(), run.state.is_open(), "what is open has a job: {run:?}");
            assert_eq!(attempts.len() as i64, delivery.attempts, "{delivery:?}");
        }
    }

    async fn due_at(&self, kind: JobKind, subject: i64) -> Option<Instant> {
        let mut reader = self.world.db.read().await.expect("a reader");
        let tenant = self.office.tenant.id;
        store::jobs::due_at(reader.link(), tenant, kind, subject).await.expect("a queue")
    }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

fn taken() -> Outcome {
    let response = "250 OK".to_owned();
    Outcome::Sent { response, reach: Reach::Carrier, references: Vec::new() }
}

fn later() -> Outcome {
    Outcome::Later { reason: "The carrier was busy.".to_owned(), wait_ms: 0 }
}

/// A text to a phone that nobody in the directory has.
fn text(schedule: ScheduleEntry) -> ToDoEntry {
    ToDoEntry {
        delivery_type: "sms".to_owned(),
        contact: "+17542838007".to_owned(),
        message_text: "Take your pills.".to_owned(),
        schedule: Some(schedule),
        ..ToDoEntry::default()
    }
}

fn once(run_at: &str) -> ToDoEntry {
    ToDoEntry { schedule: None, run_at: run_at.to_owned(), ..text(ScheduleEntry::default()) }
}

fn each(frequency: &str, times: &[&str]) -> ScheduleEntry {
    ScheduleEntry {
        frequency: frequency.to_owned(),
        times: times.iter().map(|time| (*time).to_owned()).collect(),
        ..ScheduleEntry::default()
    }
}

fn states(runs: &[RunDetail]) -> Vec<RunState> {
    runs.iter().map(|detail| detail.run.state).collect()
}
