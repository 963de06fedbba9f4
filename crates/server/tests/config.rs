//! The configuration: its example, its overrides, and its complaints.

use std::path::Path;

use server::config::{CarrierKind, Config, Level, read};

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
    let text = format!("{:?} {mail:?} {:?}", Config::default(), config.carriers);
    let sections = ["mail", "log", "worker", "speech", "webhooks", "carriers", "section"];
    let keys = text.split(['{', ' ', ',']).filter_map(|word| word.strip_suffix(':'));
    for key in keys.filter(|key| !sections.contains(key)) {
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
    check("[log]\nlevel = \"loud\"", &[], "log.level");
    check("[speech]\ncommand = []", &[], "speech.command");
    check("", &[("LIBERTY_SPEECH_TIMEOUT_SECONDS", "soon")], "speech.timeout_seconds");
    check("public_url = \"here\"", &[], "public_url");
    check("bounces_token = \"hunter2\"", &[], "bounces_token");
    let half = "[mail]\nhost = \"a\"\nfrom_address = \"a@b\"\nuser = \"u\"";
    check(half, &[], "mail.password");
}

/// Each key of the example, with the section or the carrier that it stands in, and its line.
fn keys_of(whole: &str) -> Vec<(usize, String)> {
    let mut section = String::new();
    let mut carriers = whole.lines().filter_map(|line| line.strip_prefix("name = "));
    let mut found = Vec::new();
    for (number, line) in whole.lines().enumerate() {
        if line == "[[carriers]]" {
            let name = carriers.next().expect("a name").trim_matches('"');
            section = format!("carriers.{name}.");
        } else if let Some(name) = line.strip_prefix('[') {
            section = format!("{}.", name.trim_end_matches(']'));
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            found.push((number, format!("{section}{key}")));
        }
    }
    found
}

#[test]
fn each_key_of_the_example_is_refused_by_its_name_where_its_value_or_its_name_is_wrong() {
    let whole = whole_example();
    let lines: Vec<&str> = whole.lines().collect();
    let keys = keys_of(&whole);
    assert!(keys.len() > 80, "{keys:?}");
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        complaint(&lines.join("\n"), &[])
    };
    for (at, path) in keys {
        let (_, name) = path.rsplit_once('.').unwrap_or(("", &path));
        if name != "name" && name != "kind" {
            let misspelt = with(at, &lines[at].replacen(name, &format!("{name}s_"), 1));
            assert!(misspelt.contains(&format!("{path}s_")), "{path}: {misspelt}");
        }
        let wrong = with(at, &format!("{name} = {{ wrong = true }}"));
        let named = if name == "name" { "carriers." } else { &path };
        assert!(wrong.contains(named), "{path}: {wrong}");
        assert!(wrong.ends_with('.') && !wrong.contains('\n'), "{wrong:?}");
    }
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

/// An SMS centre with these further lines.
fn smsc(lines: &str) -> String {
    format!(
        "[[carriers]]\nname = \"main-smsc\"\nkind = \"smpp\"\nhost = \"a\"\nsystem_id = \"b\"\n\
         password = \"hunter2\"\n{lines}\n"
    )
}

#[test]
fn every_complaint_about_a_carrier_names_it_and_its_key() {
    let check = |text: &str, list: &[(&str, &str)], key: &str| {
        let sentence = complaint(text, list);
        assert!(sentence.contains(key), "{sentence:?} does not name {key}");
        assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence:?}");
        assert!(!sentence.contains("hunter2"), "{sentence:?} shows a secret");
    };
    let twice = smsc("") + &smsc("");
    let rest = "[[carriers]]\nname = \"r\"\nkind = \"rest\"\nbase_url = \"https://a\"\n\
        account_sid = \"AC1\"\nauth_token = \"hunter2\"";
    let sip = "[[carriers]]\nname = \"t\"\nkind = \"sip\"\nhost = \"a\"";
    let mail = "[mail]\nhost = \"a\"\nfrom_address = \"a@b\"\n";
    check(&smsc("port = 70000"), &[], "carriers.main-smsc.port must be a whole number");
    check(&smsc("port = \"hunter2\""), &[], "carriers.main-smsc.port must be");
    check(&smsc("tls = 1"), &[], "carriers.main-smsc.tls must be true or false");
    check(&smsc("colour = 1"), &[], "unknown key: carriers.main-smsc.colour");
    check(&smsc("base_url = \"a\""), &[], "unknown key: carriers.main-smsc.base_url");
    check(&smsc("slots = 0"), &[], "carriers.main-smsc.slots must be");
    check(&smsc("window = 0"), &[], "carriers.main-smsc.window must be");
    check(&smsc("per_second = 0"), &[], "carriers.main-smsc.per_second must be");
    check(&smsc("timeout_seconds = 21"), &[], "carriers.main-smsc.timeout_seconds must be");
    check(&smsc("tenants = [\"A.b\"]"), &[], "carriers.main-smsc.tenants must be");
    check(&smsc("from = \"911\\n\""), &[], "carriers.main-smsc.from must be");
    check(&smsc("from = \"+19005551234\""), &[], "carriers.main-smsc.from must be");
    check(&smsc("").replace("\"hunter2\"", "\"hunter2hunter2\""), &[], "main-smsc.password");
    check(&smsc("").replace("main-smsc", "Main"), &[], "carriers.Main.name must be");
    check(&smsc("").replace("main-smsc", "capture"), &[], "carriers.capture.name must be");
    check(&smsc("").replace("smpp", "fax"), &[], "carriers.main-smsc.kind must be");
    check(&smsc("").replace("name = \"main-smsc\"", ""), &[], "lacks the key carriers.?.name");
    check(&smsc("").replace("host = \"a\"", ""), &[], "lacks the key carriers.main-smsc.host");
    check(&twice, &[], "carriers.main-smsc.name must be another");
    check(&(mail.to_owned() + &smsc("").replace("main-smsc", "mail")), &[], "carriers.mail.name");
    check("carriers = 1", &[], "carriers must be a list");
    check(rest, &[], "public_url must be set");
    let public = format!("public_url = \"https://a\"\n{rest}\nchannels = [\"fax\"]");
    check(&public, &[], "carriers.r.channels must be");
    check(&format!("{sip}\nregisters = true"), &[], "carriers.t.user must be set");
    check(&format!("{sip}\nuser = \"a\""), &[], "carriers.t.user and its password");
    check(&format!("{sip}\naudio_ports = [9, 8]"), &[], "carriers.t.audio_ports must be");
    check(&format!("{sip}\ncall_timeout_seconds = 170"), &[], "call_timeout_seconds must be");
    check(&format!("{sip}\nfrom = \"Liberty\""), &[], "carriers.t.from must be");
    check(&smsc(""), &[("LIBERTY_CARRIERS_OTHER_PASSWORD", "hunter2")], "carrier that");
    check(&smsc(""), &[("LIBERTY_CARRIERS_MAIN_SMSC_HOST", "hunter2")], "must end in _PASSWORD");
}

#[test]
fn carriers_keep_their_order_and_their_secrets() {
    let config = read(
        &(smsc("tenants = [\"desk\"]\nfrom = \"+15617819977\"") + &smsc("").replace("main", "b")),
        variables(&[
            ("LIBERTY_CARRIERS_MAIN_SMSC_PASSWORD", "canary12"),
            ("LIBERTY_MAIL_HOST", "h"),
            ("LIBERTY_MAIL_FROM_ADDRESS", "a@b"),
        ]),
    );
    let config = config.expect("a configuration");
    let [first, second] = &config.carriers[..] else { panic!("{:?}", config.carriers) };
    assert_eq!((first.name.as_str(), second.name.as_str()), ("main-smsc", "b-smsc"));
    assert_eq!((first.slots, first.from(), first.tenants.len()), (10, Some("+15617819977"), 1));
    let CarrierKind::Smpp(smpp) = &first.kind else { panic!("{first:?}") };
    let settings = smpp.settings("carriers.main-smsc").expect("settings");
    assert_eq!((smpp.password.reveal(), settings.port), ("canary12", 2_775));
    for text in [format!("{config:?}"), format!("{settings:?}")] {
        assert!(!text.contains("canary12") && !text.contains("hunter2"), "{text}");
    }
}

#[test]
fn carriers_that_call_back_are_known_by_address_and_token() {
    let whole = read(&whole_example(), none()).expect("every key is known");
    let [callback] = &whole.callbacks()[..] else { panic!("{:?}", whole.callbacks()) };
    assert_eq!(callback.carrier, "rest-carrier");
    assert_eq!(callback.base_url, "https://liberty.example");
    assert_eq!((callback.auth_token.reveal(), callback.tenants.len()), ("secret", 0));
}
