//! Reliability R2 for webhooks: the connection to PostgreSQL is cut before and after every statement
//! of taking a message that two webhooks hear of, of posting it, and of writing the answers down.

use std::collections::HashMap;

use app::messages::{self, MessageEntry};
use app::webhooks::{self, PostFilter, Posting};
use app::{App, Db, jobs};
use domain::webhook::{Guard, PostAnswer, WebhookEntry};
use domain::{HookState, JobKind, Message, WebhookId, limits};
use testkit::postgres::Postgres;
use testkit::{Cut, CutProxy, Tenancy, World, seeded};

/// What the receivers saw: how often, by webhook and `webhook-id`.
type Ledger = HashMap<(WebhookId, String), usize>;

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
    let hooks = [hook(&world, &office, "a").await, hook(&world, &office, "b").await];
    let host = database.url().split('@').nth(1).and_then(|rest| rest.split('/').next());
    let address = host.and_then(|host| host.parse().ok()).expect("an address of loopback");
    let mut at = 1;
    loop {
        let proxy = CutProxy::start(address, at, cut).await;
        let url = database.url().replace(&address.to_string(), &proxy.address().to_string());
        let cut_off = open(&world, &url, at).await;
        let message = take(&world, &office, &cut_off).await;
        let ledger = work(&world, &cut_off, at).await;
        check(&world, &office, hooks, &message, &ledger, at).await;
        if !proxy.has_cut(at) {
            break;
        }
        at += 1;
    }
    assert!(at > 30, "only {at} statements were cut: the proxy counts wrongly");
    world.db.close().await;
}

async fn hook(world: &World, office: &Tenancy, name: &str) -> WebhookId {
    let entry = WebhookEntry {
        url: format!("https://{name}.example/"),
        description: String::new(),
        kinds: vec!["message.created".to_owned()],
    };
    let guard = Guard::default();
    let made = webhooks::create(&world.app, &office.owner, office.law.id, &entry, &guard).await;
    made.expect("a webhook").webhook.id
}

async fn open(world: &World, url: &str, at: usize) -> App {
    retry(async || {
        let db = Db::open(url, 2).await.ok()?;
        Some(App::new(db, world.clock.clone(), seeded(at as u64)))
    })
    .await
}

/// An agent saves the same form until the save is answered.
async fn take(world: &World, office: &Tenancy, app: &App) -> Message {
    let answers = [("first_name", "Maria"), ("phone", "(954) 832-6297"), ("content", "Call me.")];
    let entry = MessageEntry {
        uuid: world.app.entropy().uuid(),
        form_id: office.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        did_id: Some(office.line.id),
        ..MessageEntry::default()
    };
    let account = office.law.id;
    let taken =
        retry(async || messages::take(app, &office.agent, account, entry.clone()).await.ok());
    taken.await.message
}

/// A worker that gives up at the first trouble, as a crash would, and comes back after its lease.
async fn work(world: &World, app: &App, at: usize) -> Ledger {
    let mut ledger = Ledger::new();
    for _ in 0..10 {
        if jobs::count(&world.app).await.expect("a count") == 0 {
            return ledger;
        }
        work_once(app, &mut ledger).await;
        world.clock.advance(limits::LEASE_MS);
    }
    panic!("cut {at}: the worker does not end");
}

async fn work_once(app: &App, ledger: &mut Ledger) {
    let Ok(claimed) = jobs::claim(app, JobKind::Hook, 5).await else { return };
    let Ok(started) = webhooks::start_all(app, &claimed, &|_| Ok(())).await else { return };
    for posting in &started {
        let seen = (posting.webhook.id, posting.event.key.clone());
        *ledger.entry(seen).or_default() += 1;
    }
    let answer = PostAnswer { status: Some(204), ..PostAnswer::default() };
    let answers: Vec<(&Posting, &PostAnswer)> = started.iter().map(|one| (one, &answer)).collect();
    let _ = webhooks::record_all(app, &answers).await;
}

async fn retry<T>(mut attempt: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..5 {
        if let Some(value) = attempt().await {
            return value;
        }
    }
    panic!("one cut made five attempts fail");
}

async fn check(
    world: &World,
    office: &Tenancy,
    hooks: [WebhookId; 2],
    message: &Message,
    ledger: &Ledger,
    at: usize,
) {
    assert_eq!(ledger.len(), 2, "cut {at}: one event for each webhook: {ledger:?}");
    assert!(ledger.values().all(|times| *times <= 2), "cut {at}: one double at most: {ledger:?}");
    for hook in hooks {
        let log =
            webhooks::page(&world.app, &office.owner, hook, &PostFilter::default(), 1_000).await;
        let log = log.expect("a log");
        assert_eq!(log.len(), at, "cut {at}: one event for each message");
        let newest = &log[0];
        assert_eq!(newest.event.subject_id, message.id.0, "cut {at}");
        assert_eq!(newest.delivery.state, HookState::Delivered, "cut {at}");
        let times = ledger[&(hook, newest.event.key.clone())];
        let found = webhooks::event(&world.app, &office.owner, newest.delivery.id).await;
        let attempts = found.expect("an event").attempts;
        assert!(times <= attempts.len(), "cut {at}: every post is in the log");
        assert!(attempts.iter().all(|attempt| attempt.finished_at.is_some()), "cut {at}");
    }
}
