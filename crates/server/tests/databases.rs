//! What the tests on PostgreSQL stand on: each has a database of its own.

use testkit::postgres::{NAME_MAX_BYTES, Postgres, database_name, try_sql, with_database};

#[test]
fn a_database_is_fresh_and_gone_afterwards() {
    let database = Postgres::database();
    let url = database.url().to_owned();
    let name = url.rsplit('/').next().and_then(|rest| rest.split('?').next()).expect("a name");
    assert!(name.contains("a_database_is_fresh"), "{name}");
    try_sql(&url, "CREATE TABLE t (id BIGINT PRIMARY KEY)").expect("a table");
    assert_ne!(Postgres::database().url(), url);
    drop(database);
    assert!(try_sql(&url, "SELECT 1").unwrap_err().contains(name));
}

#[test]
fn names_are_safe_and_short() {
    assert_eq!(database_name("Store::A page", 1), "store__a_page_0000000000000001");
    let long = database_name(&"x".repeat(200), u64::MAX);
    assert_eq!(long.len(), NAME_MAX_BYTES);
    let odd = database_name("\"; DROP é", 0);
    assert!(odd.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()), "{odd}");
}

#[test]
fn the_database_is_replaced_in_a_url() {
    for (url, expected) in [
        ("postgres://u:p@h:1/postgres", "postgres://u:p@h:1/x"),
        ("postgres://u@h", "postgres://u@h/x"),
        ("postgres://u@h/a?sslmode=disable", "postgres://u@h/x?sslmode=disable"),
    ] {
        assert_eq!(with_database(url, "x"), expected);
    }
}
