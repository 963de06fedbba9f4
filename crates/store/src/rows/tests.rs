//! Every column of every table stands in exactly one place of its row, on both databases.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use domain::escalation::Level;
use domain::live::Progress;
use domain::on_call::{CalendarLink, ChangeNote, Holiday, Override};
use domain::sending::Rules;
use domain::token::{Key, Switch};
use domain::webhook::payload::EndedRun;
use domain::*;
use sqlx::{AssertSqlSafe, QueryBuilder, query};
use testkit::postgres::Postgres;

use super::{Row, Write, all, change, one};
use crate::cells::{Cells, Values};
use crate::db::on;
use crate::{Db, Link, Result};

/// What stands in a column of which not every text makes sense; in any other stands its name.
const WORDS: [(&str, &str); 50] = [
    ("accounts.zone", "America/New_York"),
    ("activities.kind", "queued"),
    ("application_keys.limits", "read-only; accounts 7"),
    ("calendar_links.kind", "rotation"),
    ("closing_action_groups.actions", r#"[{"copy":{"address":"a@b.example"}}]"#),
    ("closing_action_groups.timing", "720 1020"),
    ("closing_action_groups.usage", "chosen"),
    ("contact_groups.members", "3 4"),
    ("contact_ways.channel", "sms"),
    ("contact_ways.hours", "Mon-Fri 18:00-08:00"),
    ("contacts.zone", "Europe/Berlin"),
    ("deliveries.channel", "call"),
    ("deliveries.if_unsure", "stop"),
    ("deliveries.reach", "carrier"),
    ("deliveries.state", "sent"),
    ("work_items.kind", "question"),
    ("work_items.state", "done"),
    ("escalation_levels.channels", "sms call"),
    ("escalation_levels.manner", "all"),
    ("escalation_levels.targets", "recipient rotation:2"),
    ("escalations.phase", "climbing"),
    ("form_drafts.fields", r#"{"sections":[{"title":"draft","items":[]}]}"#),
    ("forms.fields", r#"{"sections":[{"title":"form","items":[]}]}"#),
    ("holidays.date", "2026-12-25"),
    ("hook_deliveries.kind", "message.created"),
    ("hook_deliveries.state", "failed"),
    ("hook_events.kind", "to_do.run"),
    ("jobs.kind", "escalate"),
    ("live_calls.state", "talking"),
    ("message_corrections.replaced", r#"{"zeta":"3"}"#),
    ("messages.origin", "to_do"),
    ("messages.answers", r#"{"zeta":"1","alpha":"2"}"#),
    ("messages.status", "delivered"),
    ("rotations.hours", "Sat 10:00-12:00"),
    ("rotations.members", "5,6"),
    ("rotations.starts_on", "2026-03-01"),
    ("rotations.turn", "3 days"),
    ("rotations.zone", "America/Chicago"),
    ("runs.state", "captured"),
    ("schedules.rule", r#"{"rule_type":"IceCube::DailyRule","interval":1,"validations":{}}"#),
    ("schedules.times", "60,90"),
    ("sending_rules.quiet_policy", "defer"),
    ("tenants.zone", "Asia/Tokyo"),
    ("to_dos.delivery_type", "email"),
    ("to_dos.if_unsure", "repeat"),
    ("to_dos.misfire", "run_late"),
    ("to_dos.overlap", "skip"),
    ("users.role", "supervisor"),
    ("webhooks.disabled_why", "failing"),
    ("webhooks.kinds", "message.created to_do.run"),
];

/// The columns that no row type has, by table. A statement names each beside its value, or sets it
/// alone.
const BESIDE: [(&str, &str); 33] = [
    ("agent_states", "reason revision since state user_id"),
    ("application_keys", "token_hash"),
    ("attempts", "delivery_id"),
    ("calendar_links", "token_hash"),
    ("calls", "switch_id"),
    ("carrier_references", "arrived created_at delivery_id"),
    ("cdrs", "call_id"),
    ("contact_ways", "position"),
    ("work_items", "revision"),
    ("digest_messages", "digest_id message_id"),
    ("digests", "account_id closing_action_group_id created_at"),
    ("escalation_levels", "policy_id position"),
    ("forms", "retired_at"),
    ("hook_attempts", "delivery_id"),
    ("hook_deliveries", "topic"),
    ("idempotency_keys", "key route user_id"),
    ("live_calls", "account_id call_id revision updated_at"),
    ("memberships", "account_id user_id"),
    ("message_corrections", "message_id"),
    ("recordings", "account_id call_id started_at"),
    ("reply_codes", "phone"),
    ("rotation_changes", "rotation_id"),
    ("rotations", "deleted_at"),
    ("schedules", "to_do_id"),
    ("sending_rules", "account_id"),
    ("sessions", "token_hash"),
    ("spending", "spent"),
    ("switches", "revoked_at token_hash"),
    ("tenants", "audit_head link_secret"),
    ("to_dos", "deleted_at"),
    ("users", "password_hash"),
    ("webhooks", "deleted_at"),
    ("wordings", "account_id"),
];

/// How often a row is tried, its flags set otherwise each time: no two flags of a table are the
/// same every time.
const TRIES: u32 = 4;

/// What stands in a column, as text: each column holds something else.
fn held(column: &str, kind: &str, attempt: u32) -> String {
    let number = column.bytes().fold(7_u64, |n, byte| (n * 31 + u64::from(byte)) % 60_013);
    match kind {
        "int" => number.to_string(),
        "flag" => (number >> attempt & 1).to_string(),
        _ => word(column).to_owned(),
    }
}

fn word(column: &str) -> &str {
    WORDS.iter().find(|(name, _)| *name == column).map_or(column, |(_, word)| word)
}

/// A row that is not read from a database: in each column stands what belongs there, and NULL in
/// some.
struct MadeRow<'r> {
    columns: std::vec::IntoIter<&'r str>,
    nulls: &'r [&'r str],
    attempt: u32,
}

impl<'r> MadeRow<'r> {
    fn next(&mut self) -> Option<&'r str> {
        self.columns.next().filter(|column| !self.nulls.contains(column))
    }
}

impl<'r> Cells<'r> for MadeRow<'r> {
    fn int(&mut self) -> Result<Option<i64>> {
        Ok(self.next().and_then(|column| held(column, "int", 0).parse().ok()))
    }
    fn flag(&mut self) -> Result<Option<bool>> {
        let attempt = self.attempt;
        Ok(self.next().map(|column| held(column, "flag", attempt) == "1"))
    }
    fn text(&mut self) -> Result<Option<&'r str>> {
        Ok(self.next().map(word))
    }
    fn skip(&mut self, columns: usize) {
        self.columns.by_ref().take(columns).for_each(drop);
    }
    fn is_null(&self) -> Result<bool> {
        Ok(false)
    }
    fn is_empty(&self) -> Result<bool> {
        Ok(false)
    }
}

/// What was written: each value with the kind of its column.
#[derive(Debug, Default, PartialEq)]
struct WrittenValues(Vec<(&'static str, Option<String>)>);

impl Values for WrittenValues {
    fn int(&mut self, value: Option<i64>) {
        self.0.push(("int", value.map(|n| n.to_string())));
    }
    fn flag(&mut self, value: Option<bool>) {
        self.0.push(("flag", value.map(|flag| i64::from(flag).to_string())));
    }
    fn text(&mut self, value: Option<&str>) {
        self.0.push(("text", value.map(str::to_owned)));
    }
}

fn written(row: &impl Write) -> WrittenValues {
    let mut written = WrittenValues::default();
    row.put_inserts(&mut written).expect("values");
    written
}

/// The columns of all tables by the database's own catalogue, and the kind of each.
async fn catalogue(link: Link<'_>) -> BTreeMap<String, &'static str> {
    const LITE: &str = "SELECT t.name || '.' || c.name, c.type FROM sqlite_schema AS t, \
        pragma_table_info(t.name) AS c WHERE t.type = 'table'";
    const PG: &str = "SELECT table_name || '.' || column_name, data_type \
        FROM information_schema.columns WHERE table_schema = current_schema()";
    let sql = if matches!(link, Link::Lite(_)) { LITE } else { PG };
    let rows: Result<Vec<(String, String)>> =
        async { all!((String, String), link, query(sql)) }.await;
    let kind = |name: &str| match name.to_lowercase().as_str() {
        "text" => "text",
        "boolean" => "flag",
        _ => "int",
    };
    let ours = |name: &String| !name.starts_with("_sqlx") && !name.starts_with("sqlite");
    let rows = rows.expect("columns").into_iter().filter(|(name, _)| ours(name));
    rows.map(|(name, kind_of)| (name, kind(&kind_of))).collect()
}

/// Runs a statement.
async fn run(link: Link<'_>, sql: String) -> Result<u64> {
    Ok(change!(link, query(AssertSqlSafe(sql))))
}

/// Gives the only row of a table what belongs into its columns, but for those that it has already.
async fn fill(
    link: Link<'_>,
    kinds: &BTreeMap<String, &'static str>,
    table: &str,
    given: &[&str],
    attempt: u32,
) {
    let others = kinds.iter().filter_map(|(column, kind)| {
        let (of, name) = column.split_once('.')?;
        let is_given = of != table || given.contains(&name);
        let value = held(column, kind, attempt);
        let value =
            if *kind == "flag" { format!("{}", value == "1") } else { format!("'{value}'") };
        (!is_given).then(|| format!("{name} = {value}"))
    });
    let set: Vec<String> = others.collect();
    if !set.is_empty() {
        let sql = format!("UPDATE {table} SET {}", set.join(", "));
        run(link, sql).await.expect("the other columns");
    }
}

/// The tables that a row is read from. Each has one row, so that no condition is needed.
async fn joined(
    mut link: Link<'_>,
    kinds: &BTreeMap<String, &'static str>,
    (table, from): (&str, &'static str),
    attempt: u32,
) -> String {
    let tables = from.split(" JOIN ").filter_map(|part| part.split_whitespace().next());
    let tables: Vec<&str> = tables.collect();
    for other in tables.iter().filter(|other| **other != table) {
        run(link.again(), format!("DELETE FROM {other}")).await.expect("emptied");
        run(link.again(), format!("INSERT INTO {other} DEFAULT VALUES")).await.expect("added");
        fill(link.again(), kinds, other, &[], attempt).await;
    }
    tables.join(", ")
}

/// Writes a row with NULL in some columns and reads it again; answers which columns it names.
async fn round<T: Row + Write + Debug>(
    mut link: Link<'_>,
    kinds: &BTreeMap<String, &'static str>,
    nulls: &[&str],
    attempt: u32,
) -> Vec<String> {
    let select = T::SELECT.replace("coalesce(users.name, '')", "users.name");
    let select = select.replace("coalesce(switches.name, '')", "switches.name");
    let columns: Vec<&str> = select.split(", ").collect();
    let table = columns[0].split('.').next().expect("a table");
    assert_eq!(columns.iter().collect::<BTreeSet<_>>().len(), columns.len(), "{select}");
    for column in &columns {
        assert!(kinds.contains_key(*column), "{column} is no column");
    }

    assert_eq!(columns.len(), T::COLUMNS, "{select}");
    let mut row = MadeRow { columns: columns.clone().into_iter(), nulls, attempt };
    let made = T::read(&mut row).expect(table);
    assert_eq!(row.next(), None, "all columns are read");
    let expected = |column: &str| {
        let is_null = nulls.contains(&column);
        (!is_null).then(|| held(column, kinds[column], attempt))
    };
    let values = written(&made);
    assert_eq!(made.inserts().len(), values.0.len());
    for (name, (kind, value)) in made.inserts().iter().zip(&values.0) {
        let column = format!("{table}.{name}");
        assert_eq!((kinds[&column], value), (*kind, &expected(&column)), "{column}");
    }
    let mut changed = WrittenValues::default();
    made.put_updates(&mut changed).expect("values");
    assert_eq!(changed.0, values.0[values.0.len() - changed.0.len()..]);
    assert!(made.inserts().ends_with(made.updates()));

    run(link.again(), format!("DELETE FROM {table}")).await.expect("emptied");
    let added = match made.inserts() {
        [] => run(link.again(), format!("INSERT INTO {table} DEFAULT VALUES")).await,
        _ => insert(link.again(), table, &made).await,
    };
    assert_eq!(added.expect("added"), 1);
    fill(link.again(), kinds, table, made.inserts(), attempt).await;
    for name in made.inserts() {
        let column = format!("{table}.{name}");
        let sql = format!("SELECT CAST({name} AS TEXT) FROM {table}");
        let found: Result<Option<Option<String>>> =
            async { one!(Option<String>, link.again(), query(AssertSqlSafe(sql))) }.await;
        let found = found.expect("read").expect("a row");
        let found = found.map(|text| text.replace("true", "1").replace("false", "0"));
        assert_eq!(found, expected(&column), "{column}");
    }
    let from = joined(link.again(), kinds, (table, T::FROM), attempt).await;
    let sql = format!("SELECT {} FROM {from}", T::SELECT);
    let found: Result<Option<T>> = async { one!(T, link, query(AssertSqlSafe(sql))) }.await;
    let found = found.expect("read").expect("a row");
    assert_eq!(format!("{found:?}"), format!("{made:?}"));
    assert_eq!(written(&found), values);
    columns.into_iter().map(str::to_owned).collect()
}

async fn insert(link: Link<'_>, table: &str, row: &impl Write) -> Result<u64> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(format!("INSERT INTO {table} ("));
        sql.push(row.inserts().join(", ")).push(") VALUES (");
        row.put_inserts(&mut sql.separated(", "))?;
        Ok(sql.push(")").build().execute(c).await?.rows_affected())
    })
}

/// The columns that each row type reads and writes, tried a few times each.
async fn known_columns(
    tx: &mut crate::Tx,
    kinds: &BTreeMap<String, &'static str>,
) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    macro_rules! rounds {
        {$($type:ty),+ $(,)?} => {$(
            for attempt in 0..TRIES {
                known.extend(round::<$type>(tx.link(), kinds, &[], attempt).await);
            }
        )+};
    }
    rounds! {
        domain::message::Correction,
        Account, Activity, Attempt, Call, CalendarLink, Cdr, ChangeNote, ClosingGroup, Contact,
        ContactGroup, Did, EndedRun, Escalation, Event, Form, Holiday, HookAttempt, HookDelivery, HookEvent,
        Job, Key, Level, Message, NewItem, Override, Policy, Progress, Recording, Rotation, Rules,
        Run, Schedule, Switch, Tenant, ToDo, User, Way, Webhook, Wording, WorkItem, LiveCall,
        crate::audit::AuditEntry, crate::codes::ReplyCode, crate::deliveries::DeliveryStanding,
        crate::forms::FormDraft, crate::idempotency::FirstAnswer, crate::jobs::NewJob,
        crate::references::EarlyReport, crate::sessions::Session, crate::spending::Purse,
        crate::texts::InboundText, crate::texts::OptOut, crate::webhooks::Listener,
    }
    known
}

/// Tables of the same columns in which nothing is refused take the places of the real ones.
async fn all_columns_stand_once(db: &Db) {
    db.migrate().await.expect("tables");
    let mut tx = db.begin().await.expect("a transaction");
    let kinds = catalogue(tx.link()).await;
    let mut missing: BTreeSet<String> = kinds.keys().cloned().collect();
    let tables: BTreeSet<&str> = missing.iter().filter_map(|name| name.split('.').next()).collect();
    for table in tables {
        let sql = format!("CREATE TEMP TABLE {table} AS SELECT * FROM {table}");
        run(tx.link(), sql).await.expect("a table");
    }
    let mut flags = BTreeMap::new();
    for (column, _) in kinds.iter().filter(|(_, kind)| **kind == "flag") {
        let table = column.split('.').next().expect("a table");
        let pattern: Vec<String> = (0..TRIES).map(|n| held(column, "flag", n)).collect();
        let twin = flags.insert((table, pattern), column);
        assert_eq!(twin, None, "{column} cannot be told from it");
    }
    let known = known_columns(&mut tx, &kinds).await;
    missing.retain(|column| !known.contains(column));
    let causes = ["deliveries.message_id", "deliveries.digest_id", "deliveries.run_id"];
    for cause in causes {
        let others: Vec<&str> = causes.into_iter().filter(|other| *other != cause).collect();
        for column in round::<Delivery>(tx.link(), &kinds, &others, 0).await {
            missing.remove(&column);
        }
    }
    missing.retain(|column| !column.ends_with(".tenant_id") && !column.ends_with(".id"));
    let beside = BESIDE
        .iter()
        .flat_map(|(table, names)| names.split(' ').map(move |name| format!("{table}.{name}")));
    assert_eq!(missing, beside.collect());
}

#[tokio::test]
async fn each_column_stands_once_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    all_columns_stand_once(&Db::open(&url, 1).await.expect("SQLite")).await;
}

#[tokio::test]
async fn each_column_stands_once_on_postgresql() {
    let database = Postgres::database();
    let db = Db::open(database.url(), 1).await.expect("PostgreSQL");
    all_columns_stand_once(&db).await;
    db.close().await;
}
