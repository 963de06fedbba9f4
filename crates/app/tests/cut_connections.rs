//! Reliability R2: the connection to PostgreSQL is cut before and after every statement of taking
//! and delivering a message. A save that ends a call and a To Do does all of it or nothing; nothing
//! is lost, and every repetition carries the same key.

use std::collections::HashMap;

use app::messages::{self, MessageEntry};
use app::{App, Db, deliveries, jobs, live, to_dos};
use domain::delivery::State;
use domain::to_do::RunState;
use domain::{Channel, JobKind, Message, limits};
use testkit::carriers::{Asked, sent};
use testkit::postgres::Postgres;
use testkit::{AtWork, Cut, CutProxy, Tenancy, World, seeded};

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
    let address = address(database.url());
    let mut at = 1;
    loop {
        let proxy = CutProxy::start(address, at, cut).await;
        let url = database.url().replace(&address.to_string(), &proxy.address().to_string());
        let (message, ledger) = take_and_deliver(&world, &office, &url, at).await;
        check(&world, &office, &message, &ledger, at).await;
        if !proxy.has_cut(at) {
            break;
        }
        at += 1;
    }
    assert!(at > 30, "only {at} statements were cut: the proxy counts wrongly");
    world.db.close().await;
}

/// A save that escalates besides: the text to whoever is on call and the timer belong to it.
async fn every_statement_of_an_escalating_save(cut: Cut) {
    let database = Postgres::database();
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::on(database.url(), folder).await;
    let office = world.tenancy("desk").await;
    let nights = world.nights(&office).await;
    let address = address(database.url());
    let mut at = 1;
    loop {
        let proxy = CutProxy::start(address, at, cut).await;
        let url = database.url().replace(&address.to_string(), &proxy.address().to_string());
        let app = open(&world, &url, at).await;
        let work = world.at_work(&office, &office.agent, &format!("c{at}")).await;
        let waiting = jobs::count(&world.app).await.expect("a count");
        let closing_group_id = Some(nights);
        let entry = MessageEntry { closing_group_id, ..entry(&office, work, at) };
        let message = save(&world, &office, &app, work, entry, at).await;
        let detail = messages::detail(&world.app, &office.agent, message.id).await.expect("it");
        let told: Vec<_> = detail.deliveries.iter().map(|(it, _)| (it.channel, it.state)).collect();
        assert_eq!(told, [(Channel::Sms, State::Queued)], "cut {at}: once");
        assert_eq!(detail.escalation.map(|it| it.tellings), Some(1), "cut {at}");
        assert_eq!(detail.activities.len() as i64, detail.message.activities_count, "cut {at}");
        let jobs = jobs::count(&world.app).await.expect("a count") - waiting;
        assert_eq!(jobs, 2, "cut {at}: the text, and the next step");
        if !proxy.has_cut(at) {
            break;
        }
        at += 1;
    }
    assert!(at > 20, "only {at} statements were cut: the proxy counts wrongly");
    world.db.close().await;
}

#[tokio::test]
async fn an_escalating_save_is_whole_when_the_statement_never_arrives() {
    every_statement_of_an_escalating_save(Cut::Before).await;
}

#[tokio::test]
async fn an_escalating_save_is_whole_when_the_answer_never_arrives() {
    every_statement_of_an_escalating_save(Cut::After).await;
}

fn address(url: &str) -> std::net::SocketAddr {
    let host = url.split('@').nth(1).and_then(|rest| rest.split('/').next());
    host.and_then(|host| host.parse().ok()).expect("an address of loopback")
}

/// An agent saves until the save is answered; a worker works until nothing is left.
async fn take_and_deliver(
    world: &World,
    office: &Tenancy,
    url: &str,
    at: usize,
) -> (Message, Ledger) {
    let work = world.at_work(office, &office.agent, &format!("c{at}")).await;
    let entry = MessageEntry { contact_id: Some(office.jane.id), ..entry(office, work, at) };
    let app = open(world, url, at).await;
    let message = save(world, office, &app, work, entry, at).await;
    let mut ledger = Ledger::new();
    for _ in 0..10 {
        if jobs::count(&world.app).await.expect("a count") == 0 {
            return (message, ledger);
        }
        work_once(&app, &mut ledger).await;
        world.clock.advance(limits::LEASE_MS);
    }
    panic!("cut {at}: the worker does not end");
}

fn entry(office: &Tenancy, work: AtWork, at: usize) -> MessageEntry {
    let answers = [("first_name", "Maria"), ("phone", "1"), ("content", "Hello")];
    MessageEntry {
        call_id: Some(work.call),
        item_id: Some(work.item),
        uuid: format!("00000000-0000-4000-8000-{at:012}"),
        form_id: office.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        ..MessageEntry::default()
    }
}

async fn open(world: &World, url: &str, at: usize) -> App {
    retry(async || {
        let db = Db::open(url, 2).await.ok()?;
        Some(App::new(db, world.clock.clone(), seeded(at as u64)))
    })
    .await
}

/// Saves until the save is answered: all of it is done then, and none of it before.
async fn save(
    world: &World,
    office: &Tenancy,
    app: &App,
    work: AtWork,
    entry: MessageEntry,
    at: usize,
) -> Message {
    let taken = retry(async || {
        let taken = messages::take(app, &office.agent, office.law.id, entry.clone()).await;
        let is_kept = count(world, office).await == at as i64;
        assert!(is_kept || taken.is_err(), "cut {at}: it was answered and is not there");
        assert_eq!(is_ended(world, office, work).await, [is_kept; 3], "cut {at}: all or nothing");
        taken.ok()
    });
    taken.await.message
}

/// One pass of a worker that gives up at the first trouble, as a crash would.
async fn work_once(app: &App, ledger: &mut Ledger) {
    let Ok(claimed) = jobs::claim(app, JobKind::Deliver(Channel::Email), 5).await else { return };
    for job in claimed {
        let Ok(Some(started)) = deliveries::start(app, &job, &Asked("mail")).await else {
            continue;
        };
        *ledger.entry(started.delivery.key.clone()).or_default() += 1;
        let outcome = sent("250 OK");
        let _ = deliveries::record(app, &started, &outcome, &Asked("mail")).await;
    }
}

async fn retry<T>(mut attempt: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..5 {
        if let Some(value) = attempt().await {
            return value;
        }
    }
    panic!("one cut made five attempts fail");
}

async fn check(world: &World, office: &Tenancy, message: &Message, ledger: &Ledger, at: usize) {
    let detail = messages::detail(&world.app, &office.agent, message.id).await.expect("stored");
    let [(delivery, attempts)] = detail.deliveries.as_slice() else {
        panic!("cut {at}: {} deliveries", detail.deliveries.len());
    };
    assert_eq!(delivery.state, State::Sent, "cut {at}");
    assert_eq!(ledger.keys().collect::<Vec<_>>(), [&delivery.key], "cut {at}: one key");
    let sends = ledger[&delivery.key];
    assert!(sends <= 2, "cut {at}: sent {sends} times");
    assert!(sends <= attempts.len(), "cut {at}: {attempts:?}");
    assert!(attempts.iter().all(|attempt| attempt.finished_at.is_some()), "cut {at}");
    assert_eq!(detail.activities.len() as i64, detail.message.activities_count, "cut {at}");
    assert_eq!(count(world, office).await, at as i64, "cut {at}: one message for each save");
}

async fn count(world: &World, office: &Tenancy) -> i64 {
    let filter =
        messages::filter(&world.app, &office.agent, messages::MessageQuery::default()).await;
    let count = messages::count(&world.app, &office.agent, &filter.expect("a filter")).await;
    count.expect("a count")
}

/// Whether the call is saved, the item in the queue done, and the To Do's run worked.
async fn is_ended(world: &World, office: &Tenancy, work: AtWork) -> [bool; 3] {
    let (app, agent) = (&world.app, &office.agent);
    let call = live::find(app, agent, work.call).await.expect("a call");
    let item = app::work_queue::find(app, agent, work.item).await.expect("an item");
    let runs = to_dos::runs(app, &office.client, work.to_do, None, 1).await.expect("runs");
    [call.progress.saved_at.is_some(), !item.is_open(), runs[0].run.state == RunState::Worked]
}
