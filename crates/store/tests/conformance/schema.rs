//! Opening, migrating, transactions, and the two sets of tables.

use std::collections::BTreeSet;

use store::{Db, Error, tenants};

use super::at;

/// A tenant under a subdomain.
pub(crate) async fn tenant(db: &Db, subdomain: &str) -> domain::TenantId {
    let mut tx = db.begin().await.expect("a transaction");
    let new = tenants::NewTenant {
        subdomain,
        name: "Desk",
        zone: "America/New_York",
        link_secret: "secret",
        created_at: at(1),
    };
    let id = tenants::insert(tx.link(), new).await.expect("a tenant");
    tx.commit().await.expect("committed");
    id
}

pub(crate) async fn migrating_twice_changes_nothing(db: &Db) {
    assert!(db.is_migrated().await.expect("asked"));
    db.migrate().await.expect("again");
    assert!(db.is_migrated().await.expect("asked"));
    db.ping().await.expect("it answers");
}

pub(crate) async fn dropped_transactions(db: &Db) {
    let mut tx = db.begin().await.expect("a transaction");
    let new = tenants::NewTenant {
        subdomain: "gone",
        name: "",
        zone: "UTC",
        link_secret: "",
        created_at: at(1),
    };
    tenants::insert(tx.link(), new).await.expect("a tenant");
    drop(tx);
    let mut reader = db.read().await.expect("a connection");
    assert!(tenants::by_subdomain(reader.link(), "gone").await.expect("asked").is_none());
}

pub(crate) async fn same_columns() {
    let columns = |dialect: &str| -> BTreeSet<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/");
        let mut found = BTreeSet::new();
        let mut indexes: BTreeSet<String> = BTreeSet::new();
        let files = std::fs::read_dir(format!("{folder}{dialect}")).expect("migrations");
        let mut paths: Vec<_> = files.map(|file| file.expect("an entry").path()).collect();
        paths.sort_unstable();
        for path in paths {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let sql = std::fs::read_to_string(&path).expect("a migration");
            let mut table = String::new();
            for line in sql.lines() {
                if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                    table = rest.trim_end_matches(" (").to_owned();
                } else if let Some(column) = line.strip_prefix("    ") {
                    let word = column.split_whitespace().next().unwrap_or_default();
                    if word.chars().next().is_some_and(char::is_lowercase) {
                        let null = if column.contains("NOT NULL") { "NOT NULL" } else { "" };
                        let is_key = word == "id";
                        found.insert(format!(
                            "{name} {table}.{word} {}",
                            if is_key { "" } else { null }
                        ));
                    }
                } else if line.starts_with("CREATE INDEX") || line.starts_with("CREATE UNIQUE") {
                    indexes.insert(line.to_owned());
                }
                indexes = changed(indexes, line);
            }
        }
        found.extend(indexes);
        found
    };
    let (sqlite, postgres) = (columns("sqlite"), columns("postgres"));
    assert!(sqlite.len() > 150, "{}", sqlite.len());
    assert_eq!(sqlite, postgres);
}

/// Indexes after a statement: one database renames what the other makes anew.
fn changed(indexes: BTreeSet<String>, line: &str) -> BTreeSet<String> {
    let words: Vec<&str> = line.trim_end_matches(';').split(' ').collect();
    let replace = |from: String, to: String| {
        indexes.iter().map(|index| index.replacen(&from, &to, 1)).collect::<BTreeSet<_>>()
    };
    match words[..] {
        ["DROP", "INDEX", name] => {
            let kept = |index: &String| !index.contains(&format!(" INDEX {name} "));
            indexes.into_iter().filter(kept).collect()
        }
        ["ALTER", "TABLE", from, "RENAME", "TO", to] => {
            replace(format!(" ON {from} "), format!(" ON {to} "))
        }
        ["ALTER", "INDEX", from, "RENAME", "TO", to] => {
            replace(format!(" INDEX {from} "), format!(" INDEX {to} "))
        }
        _ => indexes,
    }
}

#[tokio::test]
async fn a_url_of_another_database_is_refused() {
    let refused = Db::open("mysql://localhost/liberty", 1).await;
    assert!(matches!(refused, Err(Error::Scheme)));
}
