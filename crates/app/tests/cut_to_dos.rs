//! Reliability R2 for To Dos: the connection to PostgreSQL is cut before and after every statement of
//! making one, firing it, starting and recording its attempt, and learning how far it got.

use std::collections::HashMap;

use app::deliveries::{self, AttemptPlan, Carriers};
use app::idempotency::{KeptAnswer, Repeat};
use app::to_dos::{self, ScheduledToDo};
use app::{App, Db, jobs};
use domain::delivery::{Outcome, Reach};
use domain::to_do::{RunState, ToDoEntry};
use domain::{Channel, Delivery, JobKind, Tenant, ToDoId, limits};
use testkit::postgres::Postgres;
use testkit::{Cut, CutProxy, Tenancy, World, seeded};

/// A carrier that does not look at keys.
struct One;

impl Carriers for One {
    fn plan(&self, _: &Tenant, _: &Delivery) -> AttemptPlan {
        AttemptPlan::Ask("one".to_owned())
    }

    fn honours_key(&self, _: &str) -> bool {
        false
    }
}

/// What the carrier saw: how often, by key.
type Ledger = HashMap<String, usize>;

#[tokio::test]
async fn nothing_is_lost_when_the_statement_never_arrives() {
    every_statement_once(Cut::Before).await;
}

#[tokio::test]
async fn nothing_is_lost_when_the_answer_never_arrives() {
    every_statement_once(Cut::After).await;
}

async fn every_statement_once(cut: Cut) {
    let database = Postgres::database();
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::on(database.url(), folder).await;
    let office = world.tenancy("desk").await;
    let host = database.url().split('@').nth(1).and_then(|rest| rest.split('/').next());
    let address = host.and_then(|host| host.parse().ok()).expect("an address of loopback");
    let (mut at, mut doubled) = (1, 0);
    loop {
        let proxy = CutProxy::start(address, at, cut).await;
        let url = database.url().replace(&address.to_string(), &proxy.address().to_string());
        let cut_off = open(&world, &url, at).await;
        let id = make(&world, &office, &cut_off, at).await;
        let ledger = work(&world, &cut_off, at).await;
        report(&cut_off, &ledger, at).await;
        doubled += check(&world, &office, id, &ledger, at).await;
        if !proxy.has_cut(at) {
            break;
        }
        at += 1;
    }
    assert!(at > 40, "only {at} statements were cut: the proxy counts wrongly");
    let page = to_dos::filter(&world.app, &office.owner, &to_dos::ToDoQuery::default()).await;
    let page = to_dos::page(&world.app, &office.owner, &page.expect("a filter"), None, 1_000).await;
    assert_eq!(page.expect("a page").len(), at, "one To Do for each key");
    // Only a cut between the carrier's answer and its being written down doubles anything.
    assert!(doubled < at / 2, "{doubled} of {at} were doubled");
    world.db.close().await;
}

async fn open(world: &World, url: &str, at: usize) -> App {
    retry(async || {
        let db = Db::open(url, 2).await.ok()?;
        Some(App::new(db, world.clock.clone(), seeded(at as u64)))
    })
    .await
}

/// Somebody asks, with the same key, until it is answered.
async fn make(world: &World, office: &Tenancy, app: &App, at: usize) -> ToDoId {
    let entry = ToDoEntry {
        delivery_type: "sms".to_owned(),
        contact: format!("+1754283{at:04}"),
        message_text: "Take your pills.".to_owned(),
        run_at: world.app.now().rfc3339_ms(),
        ..ToDoEntry::default()
    };
    let render =
        |standing: &ScheduledToDo| KeptAnswer { status: 201, body: standing.to_do.id.to_string() };
    let key = format!("key {at}");
    let repeat = Repeat { route: "POST /to-dos", key: &key, body_hash: "same", render: &render };
    retry(async || to_dos::create(app, &office.client, "W0411", &entry, Some(&repeat)).await.ok())
        .await;
    let filter = to_dos::filter(&world.app, &office.client, &to_dos::ToDoQuery::default()).await;
    let page = to_dos::page(&world.app, &office.client, &filter.expect("a filter"), None, 1).await;
    page.expect("a page")[0].to_do.id
}

/// A worker that gives up at the first trouble, as a crash would, and comes back after its lease.
async fn work(world: &World, app: &App, at: usize) -> Ledger {
    let mut ledger = Ledger::new();
    for _ in 0..10 {
        if jobs::count(&world.app).await.expect("a count") == 0 {
            return ledger;
        }
        work_once(app, &mut ledger, at).await;
        world.clock.advance(limits::LEASE_MS);
    }
    panic!("cut {at}: the worker does not end");
}

async fn work_once(app: &App, ledger: &mut Ledger, at: usize) {
    let Ok(claimed) = jobs::claim(app, JobKind::Fire, 5).await else { return };
    if to_dos::fire_all(app, &claimed).await.is_err() {
        return;
    }
    let kind = JobKind::Deliver(Channel::Sms);
    let Ok(claimed) = jobs::claim(app, kind, 5).await else { return };
    let Ok(started) = deliveries::start_all(app, &claimed, &One).await else { return };
    for started in &started {
        *ledger.entry(started.delivery.key.clone()).or_default() += 1;
    }
    let outcome = Outcome::Sent {
        response: "OK".to_owned(),
        reach: Reach::Carrier,
        references: vec![format!("id {at}")],
    };
    let ends: Vec<_> = started.iter().map(|started| (started, &outcome)).collect();
    let _ = deliveries::record_all(app, &ends, &One).await;
}

/// The carrier reports until it is heard.
async fn report(app: &App, ledger: &Ledger, at: usize) {
    assert_eq!(ledger.len(), 1, "cut {at}: {ledger:?}");
    let reference = format!("id {at}");
    retry(async || deliveries::learn(app, "one", &reference, &Ok(Reach::Handset)).await.ok()).await;
}

async fn retry<T>(mut attempt: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..5 {
        if let Some(value) = attempt().await {
            return value;
        }
    }
    panic!("one cut made five attempts fail");
}

/// Answers how many sends were doubled.
async fn check(world: &World, office: &Tenancy, id: ToDoId, ledger: &Ledger, at: usize) -> usize {
    let runs = to_dos::runs(&world.app, &office.client, id, None, 10).await.expect("runs");
    let [detail] = runs.as_slice() else { panic!("cut {at}: {runs:?}") };
    assert_eq!(detail.run.state, RunState::Sent, "cut {at}");
    let (delivery, attempts) = detail.delivery.as_ref().expect("a delivery");
    assert_eq!(delivery.rung(), "reached_handset", "cut {at}");
    assert_eq!(ledger.keys().collect::<Vec<_>>(), [&delivery.key], "cut {at}: one key");
    let sends = ledger[&delivery.key];
    assert!(sends <= attempts.len() && sends <= 2, "cut {at}: sent {sends} times: {attempts:?}");
    assert!(attempts.iter().all(|attempt| attempt.finished_at.is_some()), "cut {at}");
    for (first, second) in attempts.iter().zip(attempts.iter().skip(1)) {
        assert_eq!(first.outcome, "unknown", "cut {at}");
        assert!(second.may_double, "cut {at}: a possible double is flagged");
    }
    sends - 1
}
