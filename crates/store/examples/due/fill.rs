//! Fills a database with To Dos that recur as those of the contract's example do.

use std::time::{Duration, Instant};

use domain::to_do::{ScheduleEntry, Timing, ToDoEntry};
use domain::{Account, AccountId, Zone};
use sqlx::{AssertSqlSafe, query, query_scalar};
use store::Db;
use testkit::World;

use crate::now_ms;

/// Accounts that the To Dos are spread over.
const ACCOUNTS: i64 = 200;
/// When those that are not due come due.
const FAR_MS: i64 = 40 * 365 * 86_400_000;

/// Runs a statement of only numbers and texts of our own on either database.
pub(crate) async fn run(db: &Db, sql: String) -> u64 {
    let sql = AssertSqlSafe(sql);
    match db {
        Db::Lite { writer, .. } => query(sql).execute(writer).await.unwrap().rows_affected(),
        Db::Pg(pool) => query(sql).execute(pool).await.unwrap().rows_affected(),
    }
}

/// The number that a statement answers.
pub(crate) async fn number(db: &Db, sql: String) -> i64 {
    let sql = AssertSqlSafe(sql);
    match db {
        Db::Lite { readers, .. } => query_scalar(sql).fetch_one(readers).await.unwrap(),
        Db::Pg(pool) => query_scalar(sql).fetch_one(pool).await.unwrap(),
    }
}

/// Stores that many schedules, none of which is due soon; answers how long that took.
pub(crate) async fn fill(world: &World, stored: usize) -> Duration {
    let desk = world.tenancy("bench").await;
    let account = accounts(world, &desk.law).await;
    let begun = Instant::now();
    let (tenant, now, rule) = (desk.tenant.id, now_ms(), rule());
    let series = format!(
        "WITH RECURSIVE series (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < {stored})"
    );
    run(
        &world.db,
        format!(
            "INSERT INTO to_dos (tenant_id, id, account_id, delivery_type, contact, message_text, \
             misfire, grace_ms, overlap, if_unsure, revision, created_at, updated_at) {series} \
             SELECT {tenant}, n, {account} + n % {ACCOUNTS}, 'sms', \
             '+44' || CAST(7000000000 + n AS TEXT), \
             'Please remember your appointment tomorrow at 10:00.', \
             'run_late', 3600000, 'skip', 'repeat', 1, {now}, {now} FROM series"
        ),
    )
    .await;
    run(
        &world.db,
        format!(
            "INSERT INTO schedules (tenant_id, to_do_id, rule, times, starts_at, next_at, \
             created_at, updated_at) {series} SELECT {tenant}, n, '{rule}', '540', {now}, \
             {now} + {FAR_MS} + n, {now}, {now} FROM series"
        ),
    )
    .await;
    run(
        &world.db,
        format!(
            "INSERT INTO jobs (tenant_id, kind, subject_id, due_at, fence) {series} \
             SELECT {tenant}, 'fire', n, {now} + {FAR_MS} + n, 0 FROM series"
        ),
    )
    .await;
    run(&world.db, "ANALYZE".to_owned()).await;
    begun.elapsed()
}

/// Makes every `step`th of them due, from an instant on, over a span of time.
pub(crate) async fn make_due(db: &Db, step: usize, due: usize, from_ms: i64, span_ms: i64) {
    let at = format!("{from_ms} + (({{}}) / {step} - 1) * {span_ms} / {due}");
    let (of_schedule, of_job) = (at.replace("{}", "to_do_id"), at.replace("{}", "subject_id"));
    run(db, format!("UPDATE schedules SET next_at = {of_schedule} WHERE to_do_id % {step} = 0"))
        .await;
    run(
        db,
        format!(
            "UPDATE jobs SET due_at = {of_job} WHERE kind = 'fire' AND subject_id % {step} = 0"
        ),
    )
    .await;
}

/// The first of the accounts, whose ids follow one another.
async fn accounts(world: &World, law: &Account) -> AccountId {
    let mut ids = Vec::new();
    let mut tx = world.db.begin().await.unwrap();
    for i in 0..ACCOUNTS {
        let account = Account { number: format!("B{i}"), id: AccountId(0), ..law.clone() };
        ids.push(store::accounts::insert(tx.link(), &account).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert!(ids.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "{ids:?}");
    ids[0]
}

/// Every 2 weeks on Tuesdays, Thursdays and Saturdays, as it is stored.
fn rule() -> String {
    let schedule = ScheduleEntry {
        frequency: "weekly".to_owned(),
        interval: Some(2),
        times: vec!["9:00 AM".to_owned()],
        days: ["Tuesday", "Thursday", "Saturday"].map(str::to_owned).to_vec(),
        ..ScheduleEntry::default()
    };
    let entry = ToDoEntry { schedule: Some(schedule), ..ToDoEntry::default() };
    let zone = Zone::named("America/New_York").unwrap();
    match entry.timed(&zone, domain::Instant::from_ms(now_ms())).unwrap() {
        Timing::Recurring { rule, .. } => rule.ice_cube_full(),
        Timing::Once(_) => panic!("it recurs"),
    }
}
