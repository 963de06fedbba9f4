//! Reliability R2: the connection to PostgreSQL is cut before and after every statement of
//! escalating a message and acknowledging it by text. Nothing is lost, nobody is told twice.

use app::messages::{self, MessageEntry};
use app::{App, Db, deliveries, escalations, jobs, playbooks, texts};
use domain::closing::{Action, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::{
    ActivityKind, Channel, ClosingGroup, ClosingGroupId, JobKind, LevelId, MessageId, PolicyId,
    Status, limits,
};
use testkit::carriers::{Asked, sent};
use testkit::postgres::Postgres;
use testkit::{Cut, CutProxy, Tenancy, World, seeded};

#[tokio::test]
async fn nothing_is_lost_when_the_statement_never_arrives() {
    every_other_statement(1, Cut::Before).await;
}

#[tokio::test]
async fn nothing_is_lost_when_the_answer_never_arrives() {
    every_other_statement(2, Cut::After).await;
}

/// Cuts the first or the second statement, then every other one: between them the two tests cut all.
async fn every_other_statement(first: usize, cut: Cut) {
    let database = Postgres::database();
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::on(database.url(), folder).await;
    let office = world.tenancy("desk").await;
    escalate_at_closing(&world, &office).await;
    let host = database.url().split('@').nth(1).and_then(|rest| rest.split('/').next());
    let address: std::net::SocketAddr = host.and_then(|it| it.parse().ok()).expect("an address");
    let mut at = first;
    loop {
        let id = take(&world, &office).await;
        let proxy = CutProxy::start(address, at, cut).await;
        let url = database.url().replace(&address.to_string(), &proxy.address().to_string());
        let code = climb(&world, &url, at).await;
        acknowledge(&world, &url, at, &code).await;
        check(&world, &office, id, at).await;
        if !proxy.has_cut(at) {
            break;
        }
        at += 2;
    }
    assert!(at > 30, "only {at} statements were cut: the proxy counts wrongly");
    world.db.close().await;
}

/// Jane is told by text, and once more after a minute.
async fn escalate_at_closing(world: &World, office: &Tenancy) {
    let level = Level {
        id: LevelId(0),
        delay_ms: limits::MINUTE_MS,
        telling: Telling {
            targets: vec![Target::Contact(office.jane.id)],
            channels: vec![Channel::Sms],
            manner: Manner::First,
        },
    };
    let policy = Policy {
        id: PolicyId(0),
        account_id: office.law.id,
        name: "After hours".to_owned(),
        levels: vec![level.clone(), Level { delay_ms: limits::DAY_MS, ..level }],
        rounds: 1,
        ack_expires_ms: None,
    };
    let policy = playbooks::keep_policy(&world.app, &office.owner, policy).await.expect("a policy");
    let group = ClosingGroup {
        id: ClosingGroupId(0),
        account_id: office.law.id,
        name: "Usual".to_owned(),
        usage: Usage::Usual,
        timing: Timing::AtOnce,
        actions: vec![Action::Escalate(policy.id)],
    };
    playbooks::keep_closing(&world.app, &office.owner, group).await.expect("a group");
}

/// A message whose first level was told, and whose second is due.
async fn take(world: &World, office: &Tenancy) -> MessageId {
    let answers = [("first_name", "Maria"), ("phone", "1"), ("content", "Hello")];
    let entry = MessageEntry {
        uuid: world.app.entropy().uuid(),
        form_id: office.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        did_id: Some(office.line.id),
        ..MessageEntry::default()
    };
    let taken = messages::take(&world.app, &office.agent, office.law.id, entry).await;
    let id = taken.expect("taken").message.id;
    deliver(&world.app, &mut String::new()).await.expect("sent");
    world.clock.advance(limits::MINUTE_MS);
    id
}

/// Sends what is due, and hears the codes that the texts ask for. `None` at the first trouble, as a
/// crash would.
async fn deliver(app: &App, code: &mut String) -> Option<()> {
    let claimed = jobs::claim(app, JobKind::Deliver(Channel::Sms), 5).await.ok()?;
    for job in claimed {
        let started = deliveries::start(app, &job, &Asked("sms")).await.ok()?;
        let Some(started) = started else { continue };
        let body = &started.delivery.body;
        let word = body.split("Reply ").nth(1).and_then(|rest| rest.split(' ').next());
        if let Some(word) = word {
            word.clone_into(code);
        }
        deliveries::record(app, &started, &sent("OK"), &Asked("sms")).await.ok()?;
    }
    Some(())
}

/// Works through the cut until the second level was told; answers its code.
async fn climb(world: &World, url: &str, at: usize) -> String {
    let (app, mut code) = (open(world, url, at).await, String::new());
    for _ in 0..8 {
        let claimed = jobs::claim(&app, JobKind::Escalate, 5).await.unwrap_or_default();
        let _ = escalations::climb_all(&app, &claimed).await;
        if deliver(&app, &mut code).await.is_some() && !code.is_empty() {
            return code;
        }
        world.clock.advance(limits::LEASE_MS);
    }
    panic!("cut {at}: the second level was never told");
}

async fn acknowledge(world: &World, url: &str, at: usize, code: &str) {
    let app = open(world, url, at).await;
    // The carrier hands a text over until it hears that it was taken in.
    let inbound = texts::Inbound {
        from: "+15615550100".to_owned(),
        to: "+15617819977".to_owned(),
        text: code.to_owned(),
        reference: format!("in-{at}"),
    };
    for _ in 0..4 {
        if texts::receive(&app, "sms", &[], &inbound).await.is_ok() {
            return;
        }
    }
    panic!("cut {at}: the text was never taken in");
}

async fn open(world: &World, url: &str, at: usize) -> App {
    for _ in 0..4 {
        if let Ok(db) = Db::open(url, 2).await {
            return App::new(db, world.clock.clone(), seeded(at as u64));
        }
    }
    panic!("cut {at}: no connection");
}

async fn check(world: &World, office: &Tenancy, id: MessageId, at: usize) {
    let detail = messages::detail(&world.app, &office.agent, id).await.expect("stored");
    let count =
        |kind: ActivityKind| detail.activities.iter().filter(|it| it.event.kind == kind).count();
    assert_eq!(detail.message.status, Status::Acknowledged, "cut {at}");
    assert_eq!(detail.message.escalation_counter, 1, "cut {at}");
    assert_eq!(detail.message.next_escalation_at, None, "cut {at}");
    assert_eq!((count(ActivityKind::Escalated), count(ActivityKind::Acknowledged)), (1, 1));
    assert_eq!(detail.deliveries.len(), 2, "cut {at}: one for each level");
    assert_eq!(detail.activities.len() as i64, detail.message.activities_count, "cut {at}");
    // The answers to the texts are of no interest here.
    for _ in 0..2 {
        deliver(&world.app, &mut String::new()).await.expect("sent");
        world.clock.advance(limits::LEASE_MS);
    }
}
