//! Fills a database with messages that wait on the first level of their accounts' policies.

use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::{Account, AccountId, Channel, Contact, ContactId, LevelId, PolicyId};
use sqlx::{AssertSqlSafe, query, query_scalar};
use store::Db;
use testkit::World;

use crate::now_ms;

/// Accounts that the messages are spread over, each with a policy and two people.
const ACCOUNTS: i64 = 200;

/// Runs a statement of only numbers and texts of our own on either database.
async fn run(db: &Db, sql: String) {
    let sql = AssertSqlSafe(sql);
    match db {
        Db::Lite { writer, .. } => drop(query(sql).execute(writer).await.unwrap()),
        Db::Pg(pool) => drop(query(sql).execute(pool).await.unwrap()),
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

/// Stores that many messages, each on the first of two levels, none of them due soon.
pub(crate) async fn fill(world: &World, messages: i64) {
    let desk = world.tenancy("bench").await;
    let tenant = desk.tenant.id;
    let mut places = Vec::new();
    let mut tx = world.db.begin().await.unwrap();
    for i in 0..ACCOUNTS {
        let account = Account { number: format!("B{i}"), id: AccountId(0), ..desk.law.clone() };
        let account = store::accounts::insert(tx.link(), &account).await.unwrap();
        let phone = format!("+1561555{i:04}");
        let person = Contact { id: ContactId(0), account_id: account, phone, ..desk.jane.clone() };
        let person = store::accounts::insert_contact(tx.link(), tenant, &person).await.unwrap();
        let level = Level {
            id: LevelId(0),
            delay_ms: 3_600_000,
            telling: Telling {
                targets: vec![Target::Contact(person)],
                channels: vec![Channel::Sms],
                manner: Manner::First,
            },
        };
        let policy = Policy {
            id: PolicyId(0),
            account_id: account,
            name: "After hours".to_owned(),
            levels: vec![level.clone(), level],
            rounds: 1,
            ack_expires_ms: None,
        };
        let policy = store::policies::keep(tx.link(), tenant, &policy).await.unwrap().unwrap();
        places.push((account, policy));
    }
    tx.commit().await.unwrap();
    let far = now_ms() + 86_400_000;
    for (i, (account, policy)) in places.iter().enumerate() {
        let count = messages / ACCOUNTS + i64::from((i as i64) < messages % ACCOUNTS);
        world.add_messages(tenant, *account, usize::try_from(count).unwrap()).await;
        let level = format!("(SELECT min(id) FROM escalation_levels WHERE policy_id = {policy})");
        run(
            &world.db,
            format!(
                "UPDATE messages SET status = 'delivered', next_escalation_at = {far}, \
             escalation_level_id = {level} WHERE account_id = {account}"
            ),
        )
        .await;
        run(&world.db, format!(
            "INSERT INTO escalations (tenant_id, message_id, policy_id, position, round, phase, \
             tellings) SELECT tenant_id, id, {policy}, 0, 1, 'climbing', 1 FROM messages \
             WHERE account_id = {account}"
        )).await;
    }
    run(
        &world.db,
        format!(
            "INSERT INTO jobs (tenant_id, kind, subject_id, due_at, fence) \
         SELECT tenant_id, 'escalate', message_id, {far}, 0 FROM escalations"
        ),
    )
    .await;
    run(&world.db, "ANALYZE".to_owned()).await;
}

/// Makes all of them due at one instant.
pub(crate) async fn make_due(db: &Db, at_ms: i64) {
    run(db, format!("UPDATE messages SET next_escalation_at = {at_ms}")).await;
    run(db, format!("UPDATE jobs SET due_at = {at_ms} WHERE kind = 'escalate'")).await;
}
