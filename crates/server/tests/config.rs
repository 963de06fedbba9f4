//! The configuration: its example, its overrides, and its complaints.

use std::path::Path;

use server::config::{Config, Level, read};

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config.example.toml");
    std::fs::read_to_string(path).expect("the example")
}

/// The example with its optional keys switched on.
fn whole_example() -> String {
    let is_key = |line: &str| {
        line.starts_with("#[")
            || line.starts_with('#')
                && line[1..].split(" = ").count() == 2
                && !line.starts_with("# ")
    };
    let lines = example();
    let lines = lines.lines().map(|line| if is_key(line) { &line[1..] } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

fn none() -> [(String, String); 0] {
    []
}

fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn complaint(text: &str, list: &[(&str, &str)]) -> String {
    read(text, variables(list)).expect_err("a complaint").to_string()
}

#[test]
fn the_example_is_the_default() {
    assert_eq!(read(&example(), none()), Ok(Config::default()));
    assert_eq!(read("", none()), Ok(Config::default()));
}

#[test]
fn the_example_names_every_key() {
    let whole = whole_example();
    let config = read(&whole, none()).expect("every key is known");
    let mail = config.mail.expect("a mail section");
    assert_eq!(mail.timeout_seconds, 20);
    // Every key of the structs stands in the example: Debug prints them all.
    let text = format!("{:?} {mail:?}", Config::default());
    let keys = text.split(['{', ' ', ',']).filter_map(|word| word.strip_suffix(':'));
    for key in keys.filter(|key| *key != "mail" && *key != "log" && *key != "worker") {
        assert!(whole.contains(&format!("\n{key} = ")), "{key} is not in config.example.toml");
    }
}

#[test]
fn a_variable_overrides_the_file() {
    let text = "listen = \"127.0.0.1:1\"\n[mail]\nhost = \"a\"\nfrom_address = \"a@b\"\n";
    let config = read(
        text,
        variables(&[
            ("LIBERTY_LISTEN", "[::1]:9000"),
            ("LIBERTY_DATA_DIR", "/srv/liberty"),
            ("LIBERTY_DATABASE_URL", "postgres://u:p@h/d"),
            ("LIBERTY_HTTPS", "true"),
            ("LIBERTY_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"),
            ("LIBERTY_LOG_LEVEL", "debug"),
            ("LIBERTY_WORKER_CONCURRENCY", "3"),
            ("LIBERTY_MAIL_HOST", "mail.example"),
            ("LIBERTY_MAIL_USER", "u"),
            ("LIBERTY_MAIL_PASSWORD", "0123"),
        ]),
    );
    let config = config.expect("a configuration");
    assert_eq!(config.listen.to_string(), "[::1]:9000");
    assert_eq!(config.database(), "postgres://u:p@h/d");
    assert!(config.https);
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!((config.log.level, config.worker.concurrency), (Level::Debug, 3));
    let mail = config.mail.expect("a mail section");
    assert_eq!(mail.host, "mail.example");
    assert_eq!(mail.password.expect("a password").reveal(), "0123");
}

#[test]
fn every_complaint_is_one_sentence_that_names_the_key() {
    let check = |text: &str, list: &[(&str, &str)], key: &str| {
        let sentence = complaint(text, list);
        assert!(sentence.contains(key), "{sentence:?} does not name {key}");
        assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence:?}");
        assert!(!sentence.contains("hunter2"), "{sentence:?} shows a secret");
    };
    check("lisen = \"a\"", &[], "lisen");
    check("[mail]\nhots = \"a\"", &[], "mail.hots");
    check("[log]\ncolour = 1", &[], "log.colour");
    check("", &[("LIBERTY_MAIL_HOTS", "a")], "mail.hots");
    check("", &[("LIBERTY_COLOUR", "a")], "colour");
    check("listen = \"nowhere\"", &[], "listen");
    check("database_connections = \"many\"", &[], "database_connections");
    check("database_connections = 0", &[], "database_connections");
    check("trusted_proxies = [\"here\"]", &[], "trusted_proxies");
    check("metrics_token = [\"hunter2\"]", &[], "metrics_token");
    check("[log]\nlevel = \"loud\"", &[], "log");
    check("[mail]\nhost = \"a\"", &[], "mail.from_address");
    check("[mail]\nhost = \"a\"\nfrom_address = \"b\"", &[], "mail.from_address");
    check("", &[("LIBERTY_HTTPS", "perhaps")], "https");
    check("password hunter2", &[], "line 1");
    check("\n\nlisten =\n", &[], "line 3");
    let half = "[mail]\nhost = \"a\"\nfrom_address = \"a@b\"\nuser = \"u\"";
    check(half, &[], "mail.password");
}

#[test]
fn secrets_are_never_printed() {
    let list = variables(&[
        ("LIBERTY_DATABASE_URL", "postgres://u:hunter2@h/d"),
        ("LIBERTY_METRICS_TOKEN", "hunter2"),
        ("LIBERTY_MAIL_HOST", "h"),
        ("LIBERTY_MAIL_FROM_ADDRESS", "a@b"),
        ("LIBERTY_MAIL_USER", "u"),
        ("LIBERTY_MAIL_PASSWORD", "hunter2"),
    ]);
    let config = read("", list).expect("a configuration");
    assert!(!format!("{config:?}").contains("hunter2"));
}
