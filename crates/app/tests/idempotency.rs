//! Creates that are asked for twice happen once: on both databases, at once, and through cuts.

use std::sync::atomic::{AtomicUsize, Ordering};

use app::idempotency::{Before, KeptAnswer, Once, Repeat, claim, keep, purge};
use app::{Actor, App, Db, Error, Result, accounts};
use domain::limits::DAY_MS;
use domain::{Account, AccountId, Zone};
use testkit::postgres::Postgres;
use testkit::{Cut, CutProxy, Tenancy, World, seeded};

/// How an account is answered here.
fn render(account: &Account) -> KeptAnswer {
    KeptAnswer { status: 201, body: format!("{} is number {}", account.name, account.number) }
}

fn repeat<'a>(key: &'a str, body_hash: &'a str) -> Repeat<'a, Account> {
    Repeat { route: "POST /accounts", key, body_hash, render: &render }
}

/// A use case of the kind that this module is for: creates an account with a number that is new
/// each time. A name of spaces is refused.
async fn create(
    (app, db): (&App, &Db),
    actor: &Actor,
    name: &str,
    repeat: Option<&Repeat<'_, Account>>,
) -> Result<Once<Account>> {
    static NUMBERS: AtomicUsize = AtomicUsize::new(1);
    let now = app.now();
    let mut tx = db.begin().await?;
    if let Some(repeat) = repeat
        && let Some(before) = claim(&mut tx, actor, repeat, now).await?
    {
        return Ok(Once::Before(before));
    }
    if name.trim().is_empty() {
        return Err(domain::Invalid::field("name", "is required").into());
    }
    let mut account = Account {
        tenant_id: actor.tenant_id,
        id: AccountId(0),
        number: format!("N{}", NUMBERS.fetch_add(1, Ordering::Relaxed)),
        name: name.to_owned(),
        zone: Zone::named("UTC").expect("a zone"),
        greeting: String::new(),
        facts: String::new(),
        created_at: now,
    };
    account.id = store::accounts::insert(tx.link(), &account).await?;
    if let Some(repeat) = repeat {
        keep(&mut tx, actor, repeat, account.id.0, &account, now).await?;
    }
    tx.commit().await?;
    Ok(Once::New(account))
}

async fn named(world: &World, office: &Tenancy, name: &str) -> usize {
    let all = accounts::list(&world.app, &office.owner).await.expect("accounts");
    all.iter().filter(|account| account.name == name).count()
}

fn first(once: Result<Once<Account>>) -> Account {
    match once {
        Ok(Once::New(account)) => account,
        other => panic!("created, not {other:?}"),
    }
}

fn before(once: Result<Once<Account>>) -> Before {
    match once {
        Ok(Once::Before(before)) => before,
        other => panic!("a key that was used before, not {other:?}"),
    }
}

#[tokio::test]
async fn the_same_key_gets_the_first_answer_on_sqlite() {
    the_same_key_gets_the_first_answer(World::new().await).await;
}

#[tokio::test]
async fn the_same_key_gets_the_first_answer_on_postgresql() {
    let database = Postgres::database();
    let world = World::on(database.url(), tempfile::tempdir().expect("a folder")).await;
    let db = world.db.clone();
    the_same_key_gets_the_first_answer(world).await;
    db.close().await;
}

async fn the_same_key_gets_the_first_answer(world: World) {
    let (office, other) = (world.tenancy("desk").await, world.tenancy("other").await);
    let place = (&world.app, &world.db);
    let key = repeat("k1", "aa");
    let account = first(create(place, &office.owner, "Once", Some(&key)).await);
    for _ in 0..3 {
        let answered = before(create(place, &office.owner, "Once", Some(&key)).await);
        assert_eq!(answered, Before::Answered(render(&account)));
    }
    // Even where it would be refused now.
    let answered = before(create(place, &office.owner, " ", Some(&key)).await);
    assert_eq!(answered, Before::Answered(render(&account)));
    let otherwise = create(place, &office.owner, "Otherwise", Some(&repeat("k1", "bb"))).await;
    assert_eq!(before(otherwise), Before::OtherBody);
    assert_eq!(
        (named(&world, &office, "Once").await, named(&world, &office, "Otherwise").await),
        (1, 0)
    );

    // Another user's, another tenant's, another route's key of the same letters is another key,
    // and without a key everything is new.
    first(create(place, &office.supervisor, "Once", Some(&key)).await);
    first(create(place, &other.owner, "Once", Some(&key)).await);
    let elsewhere = Repeat { route: "POST /elsewhere", ..key };
    first(create(place, &office.owner, "Once", Some(&elsewhere)).await);
    first(create(place, &office.owner, "Once", None).await);
    assert_eq!(named(&world, &office, "Once").await, 4);
}

#[tokio::test]
async fn what_was_refused_may_be_mended_under_the_same_key() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let place = (&world.app, &world.db);
    let refused = create(place, &office.owner, " ", Some(&repeat("k", "aa"))).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    first(create(place, &office.owner, "Mended", Some(&repeat("k", "bb"))).await);
}

#[tokio::test]
async fn a_crash_before_the_commit_leaves_neither_the_thing_nor_its_answer() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let (actor, now, key) = (&office.owner, world.app.now(), repeat("k", "aa"));
    let mut tx = world.db.begin().await.expect("a transaction");
    assert_eq!(claim(&mut tx, actor, &key, now).await.expect("claimed"), None);
    let crashed =
        Account { number: "C1".to_owned(), name: "Crashed".to_owned(), ..office.law.clone() };
    let id = store::accounts::insert(tx.link(), &crashed).await.expect("inserted");
    keep(&mut tx, actor, &key, id.0, &crashed, now).await.expect("kept");
    drop(tx);
    assert_eq!(named(&world, &office, "Crashed").await, 0);
    first(create((&world.app, &world.db), actor, "Crashed", Some(&key)).await);
    assert_eq!(named(&world, &office, "Crashed").await, 1);
}

#[tokio::test]
async fn while_the_first_is_under_way_another_node_hears_so() {
    let database = Postgres::database();
    let world = World::on(database.url(), tempfile::tempdir().expect("a folder")).await;
    let office = world.tenancy("desk").await;
    let key = repeat("k", "aa");
    let mut tx = world.db.begin().await.expect("a transaction");
    let claimed = claim(&mut tx, &office.owner, &key, world.app.now()).await.expect("claimed");
    assert_eq!(claimed, None);

    let node = Db::open(database.url(), 2).await.expect("another node");
    let place = (&world.app, &node);
    let underway = create(place, &office.owner, "Once", Some(&key)).await;
    assert_eq!(before(underway), Before::Underway);
    first(create(place, &office.owner, "Once", Some(&repeat("another", "aa"))).await);
    drop(tx);
    // The rollback takes a moment to reach the database.
    let account = loop {
        match create(place, &office.owner, "Once", Some(&key)).await {
            Ok(Once::Before(Before::Underway)) => tokio::task::yield_now().await,
            other => break first(other),
        }
    };
    let again = create((&world.app, &world.db), &office.owner, "Once", Some(&key)).await;
    assert_eq!(before(again), Before::Answered(render(&account)));
    node.close().await;
    world.db.close().await;
}

#[tokio::test]
async fn of_many_at_once_one_creates_on_sqlite() {
    of_many_at_once_one_creates(World::new().await).await;
}

#[tokio::test]
async fn of_many_at_once_one_creates_on_postgresql() {
    let database = Postgres::database();
    let world = World::on(database.url(), tempfile::tempdir().expect("a folder")).await;
    let db = world.db.clone();
    of_many_at_once_one_creates(world).await;
    db.close().await;
}

async fn of_many_at_once_one_creates(world: World) {
    let office = world.tenancy("desk").await;
    let all = (0..16).map(|_| {
        let (app, db, owner) = (world.app.clone(), world.db.clone(), office.owner.clone());
        tokio::spawn(async move {
            loop {
                match create((&app, &db), &owner, "Once", Some(&repeat("k", "aa"))).await {
                    Ok(Once::Before(Before::Underway)) => tokio::task::yield_now().await,
                    other => return other.expect("an answer"),
                }
            }
        })
    });
    let (mut created, mut answers) = (Vec::new(), Vec::new());
    for one in all.collect::<Vec<_>>() {
        match one.await.expect("no panic") {
            Once::New(account) => created.push(render(&account)),
            Once::Before(Before::Answered(answer)) => answers.push(answer),
            Once::Before(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((created.len(), answers.len()), (1, 15));
    assert!(answers.iter().all(|answer| *answer == created[0]));
    assert_eq!(named(&world, &office, "Once").await, 1);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let place = (&world.app, &world.db);
    let key = repeat("k", "aa");
    first(create(place, &office.owner, "Daily", Some(&key)).await);
    world.clock.advance(DAY_MS - 1);
    assert_eq!(purge(&world.app).await.expect("purged"), 0);
    assert!(matches!(
        before(create(place, &office.owner, "Daily", Some(&key)).await),
        Before::Answered(_)
    ));
    world.clock.advance(1);
    // It is over at once, also where the purge has not come yet.
    first(create(place, &office.owner, "Daily", Some(&repeat("k", "bb"))).await);
    assert_eq!(purge(&world.app).await.expect("purged"), 0);
    world.clock.advance(DAY_MS);
    assert_eq!(purge(&world.app).await.expect("purged"), 1);
    assert_eq!(named(&world, &office, "Daily").await, 2);
}

/// Reliability R2, for creates with a key.
#[tokio::test]
async fn a_connection_that_is_cut_at_any_statement_makes_no_second_one() {
    let database = Postgres::database();
    let world = World::on(database.url(), tempfile::tempdir().expect("a folder")).await;
    let office = world.tenancy("desk").await;
    let address: std::net::SocketAddr = database
        .url()
        .split('@')
        .nth(1)
        .and_then(|rest| rest.split('/').next()?.parse().ok())
        .expect("an address of loopback");
    for cut in [Cut::Before, Cut::After] {
        for at in 1.. {
            let proxy = CutProxy::start(address, at, cut).await;
            let url = database.url().replace(&address.to_string(), &proxy.address().to_string());
            let name = format!("{cut:?} {at}");
            let answer = ask_until_answered(&world, &office.owner, &url, &name).await;
            assert!(answer.body.starts_with(&name), "{answer:?}");
            assert_eq!(named(&world, &office, &name).await, 1, "{name}");
            if !proxy.has_cut(at) {
                assert!(at > 5, "only {at} statements were cut");
                break;
            }
        }
    }
    world.db.close().await;
}

async fn ask_until_answered(world: &World, actor: &Actor, url: &str, name: &str) -> KeptAnswer {
    for _ in 0..20 {
        let Ok(db) = Db::open(url, 2).await else { continue };
        let app = App::new(db.clone(), world.clock.clone(), seeded(1));
        let once = create((&app, &db), actor, name, Some(&repeat(name, "aa"))).await;
        db.close().await;
        match once {
            Ok(Once::New(account)) => return render(&account),
            Ok(Once::Before(Before::Answered(answer))) => return answer,
            // The server may not have noticed yet that the first connection is gone.
            Ok(Once::Before(Before::Underway)) | Err(_) => tokio::task::yield_now().await,
            Ok(Once::Before(Before::OtherBody)) => panic!("the body is the same"),
        }
    }
    panic!("{name}: no answer");
}
