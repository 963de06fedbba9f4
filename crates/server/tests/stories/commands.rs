//! Each command of an operator: what it does, what it refuses, and the code that it ends with.

use serde_json::{Value, json};
use testkit::{Tenancy, World};

use super::live::{Place, Server, http, said, sign_in};

/// A tenant `desk` with accounts, users and keys, and what an operator types about it.
async fn desk() -> (World, Tenancy, Place) {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let place = Place::of(&world);
    (world, office, place)
}

/// What stands behind `verb`: `--tenant desk`, then the rest.
fn at_desk<'a>(verb: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [verb, &["--tenant", "desk"], rest].concat()
}

/// Refused with code 1, in one sentence that holds these words.
fn check_refused(place: &Place, arguments: &[&str], words: &str) {
    let (code, sentence) = place.refused(arguments);
    assert_eq!((code, sentence.lines().count()), (1, 1), "{arguments:?}: {sentence}");
    assert!(sentence.starts_with("liberty: ") && sentence.ends_with(".\n"), "{sentence:?}");
    assert!(sentence.contains(words), "{arguments:?}: {sentence}");
}

/// Whom a token stands for, by the API of a running server.
async fn me(server: &Server, token: &str) -> (u16, Value) {
    let client = http().build().expect("a client");
    let request = client.get(format!("{}/api/v2/me", server.url)).bearer_auth(token);
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

fn token_of(printed: &str) -> &str {
    printed.strip_prefix("Token (shown this once): ").expect("a token").trim_end()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_made_with_accounts_and_its_keys_see_them_until_they_end() {
    let (world, office, place) = desk().await;
    let email = "ann@law.example";
    let [law, dental] = [&office.law, &office.dental].map(|account| account.number.as_str());
    let verb = ["user", "create"];
    let made = [
        &at_desk(&verb, &["--email", email, "--name", "Ann", "--role", "client"])[..],
        &["--account", law, "--account", dental, "--password-stdin"],
    ];
    let output = place.run_with(&made.concat(), "a long enough password\r\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Made the client ann@law.example.\n");

    let key = |name: &str, rest: &[&str]| {
        let of = ["--email", email, "--name", name];
        let printed = place.ok(&at_desk(&["key", "create"], &[&of[..], rest].concat()));
        token_of(&printed).to_owned()
    };
    let (lasting, ending) =
        (key("lasting", &[]), key("ending", &["--expires", "2100-01-01T00:00:00Z"]));
    let past = world.app.now().to_string();
    let over = at_desk(&["key", "create"], &["--email", email, "--name", "x", "--expires", &past]);
    check_refused(&place, &over, "expires_at must be in the future");
    let server = place.serve();
    let (status, ann) = me(&server, &lasting).await;
    assert_eq!(
        (status, &ann["data"]["name"], &ann["data"]["role"]),
        (200, &json!("Ann"), &json!("client"))
    );
    let numbers = |accounts: &Value| -> Vec<String> {
        let accounts = accounts.as_array().expect("a list").iter();
        accounts.map(|one| one["account_number"].as_str().expect("a number").to_owned()).collect()
    };
    let mut seen = numbers(&ann["data"]["accounts"]);
    seen.sort();
    let mut both = [law.to_owned(), dental.to_owned()];
    both.sort();
    assert_eq!(seen, both);

    let listed = place.ok(&at_desk(&["key", "list"], &["--email", email]));
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split('\t').collect()).collect();
    let of = |name: &str| lines.iter().find(|line| line[3] == name).expect("a key").clone();
    assert_eq!(
        (lines.len(), of("ending")[2], of("ending")[0]),
        (2, "never", &ending[..11]),
        "{listed}"
    );
    assert_ne!(of("lasting")[2], "never", "it was used just now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_replaced_opens_and_the_one_before_does_not() {
    let (_world, office, place) = desk().await;
    let email = office.owner.email.as_str();
    let printed = place.ok(&at_desk(&["user", "reset-password"], &["--email", email]));
    let [said, password] = printed.lines().collect::<Vec<_>>()[..] else { panic!("{printed}") };
    assert_eq!(said, format!("Replaced the password of {email}, and ended all sessions."));
    let password = password.strip_prefix("Password (shown this once): ").expect("a password");
    let server = place.serve();
    assert_eq!(sign_in(&server, email, password).await, 303, "the new one");
    assert_ne!(sign_in(&server, email, testkit::PASSWORD).await, 303, "the one before");
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_and_leaves_nothing_behind() {
    let (_world, office, place) = desk().await;
    let law = office.law.number.as_str();
    let (owner, jane) = (office.owner.email.as_str(), "jane@law.example");
    let refuse = |verb: [&str; 2], rest: &[&str], words: &str| {
        check_refused(&place, &at_desk(&verb, rest), words);
    };
    let account = ["account", "create"];
    refuse(account, &["--number", law, "--name", "Twice"], "account_number is taken already");
    refuse(account, &["--number", "", "--name", "None"], "account_number must not be empty");
    refuse(account, &["--number", "N1", "--name", ""], "name must not be empty");
    refuse(account, &["--number", "N1", "--name", "Far", "--zone", "Mars"], "zone must be");
    let listed = place.ok(&["account", "list", "--tenant", "desk"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");

    let line = ["did", "add"];
    refuse(line, &["--account", law, "12"], "number must have 3 to 15 digits");
    refuse(line, &["--account", law, &office.line.number], "number is taken already");
    let contact = ["contact", "add"];
    refuse(contact, &["--account", law, "--name", ""], "name must not be empty");
    refuse(contact, &["--account", law, "--name", "X", "--email", "nobody"], "email must be");
    refuse(contact, &["--account", "none", "--name", "X"], "There is no account none.");

    let user = ["user", "create"];
    let ann = ["--email", "ann@law.example", "--name", "Ann", "--role", "client"];
    refuse(user, &[&ann[..], &["--account", "none"]].concat(), "There is no account none.");
    refuse(user, &["--email", owner, "--name", "Again", "--role", "agent"], "is taken already");
    refuse(user, &["--email", "ann", "--name", "Ann", "--role", "agent"], "email must be");
    let short = at_desk(&user, &[&ann[..], &["--password-stdin"]].concat());
    let output = place.run_with(&short, "too short\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("at least 12 characters"), "{}", said(&output));
    assert!(!said(&output).contains("too short"), "{}", said(&output));
    refuse(["user", "join"], &["--email", jane, "--account", law], &format!("no user {jane}"));
    refuse(["user", "join"], &["--email", owner, "--account", "none"], "There is no account none.");
    refuse(["user", "reset-password"], &["--email", jane], &format!("no user {jane}"));
    refuse(["key", "create"], &["--email", "ann@law.example", "--name", "x"], "no user ann@law");

    refuse(["key", "create"], &["--email", owner, "--name", ""], "name must not be empty");
    refuse(["key", "revoke"], &["--email", owner, "lk_nothing1"], "has no key lk_nothing1");
    refuse(["switch", "create"], &["--name", ""], "name must not be empty");
    check_refused(&place, &["audit", "verify", "--tenant", "none"], "There is no tenant none");
    check_refused(&place, &["tenant", "hide-bad-tokens", "none", "true"], "no tenant none");
    check_refused(&place, &["tenant", "allow-origins", "desk", "a/b"], "origins must be * or like");
    check_refused(&place, &["tenant", "create", "new", "--name", ""], "name must not be empty");
    let far = ["tenant", "create", "new", "--name", "New", "--zone", "Mars"];
    check_refused(&place, &far, "zone must be an IANA time zone");
    assert_eq!(place.ok(&["tenant", "list"]).lines().count(), 1);
}

#[test]
fn what_nobody_can_mean_ends_with_code_2_and_names_the_argument() {
    let dir = tempfile::tempdir().expect("a folder");
    let place = Place::at(dir.path());
    let of = ["--tenant", "desk", "--email", "a@b", "--name", "A"];
    let check = |arguments: &[&str], words: &str| {
        let (code, said) = place.refused(arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    };
    check(&[], "Usage: liberty");
    check(&["serve", "--role", "phone"], "'phone' for '--role <ROLE>'");
    check(
        &[&["user", "create"], &of[..], &["--role", "king"]].concat(),
        "owner, supervisor, agent",
    );
    check(&[&["key", "create"], &of[..], &["--expires", "soon"]].concat(), "an instant like");
    check(&["key", "list", "--tenant", "desk"], "--email <EMAIL>");
    check(&["account", "create", "--number", "1", "--name", "A"], "--tenant <TENANT>");
    check(&["tenant", "hide-bad-tokens", "desk", "maybe"], "'maybe' for '<HIDES>'");
    check(&["tenant", "delete", "desk"], "unrecognized subcommand 'delete'");
    check(&["recur"], "--vectors <FILE>");
    check(&["send-test", "mail"], "<TO>");
    // Nothing of it needed, or made, a database.
    assert!(!dir.path().join("liberty.db").exists());
}

#[tokio::test]
async fn an_audit_log_that_somebody_changed_is_found_by_its_row() {
    let (world, office, place) = desk().await;
    assert!(place.ok(&["audit", "verify"]).starts_with("desk: "));
    place.ok(&["tenant", "create", "other", "--name", "Other"]);
    let rows = app::audit::verify(&world.app, office.tenant.id).await.expect("a verdict");
    let app::audit::AuditVerdict::Sound(rows) = rows else { panic!("{rows:?}") };
    let sound = format!("desk: {rows} rows, sound\n");
    assert_eq!(place.ok(&["audit", "verify", "--tenant", "desk"]), sound);
    let sql = "UPDATE audit_entries SET subject = 'nobody' WHERE id = 5";
    let database = place.dir.join("liberty.db");
    let done = std::process::Command::new("sqlite3").arg(database).arg(sql).status();
    assert!(done.expect("sqlite3, which script/bootstrap installs").success());
    let output = place.run(&["audit", "verify"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        (output.status.code(), said(&output).as_str()),
        (Some(1), "liberty: An audit log is broken.\n")
    );
    assert!(printed.contains("desk: row 5 was changed, or one before it removed\n"), "{printed}");
    assert!(printed.contains("other: ") && printed.contains(" rows, sound\n"), "{printed}");
}

#[test]
fn vectors_come_from_a_file_and_each_fault_is_told_in_its_own_line() {
    let dir = tempfile::tempdir().expect("a folder");
    let place = Place::at(dir.path());
    let rule =
        r#""rule":{"rule_type":"IceCube::DailyRule","interval":1,"validations":{},"count":20}"#;
    let start = r#""time_zone":"UTC","start":{"utc":"2025-01-01T00:00:00Z"}"#;
    let after = r#""after":"2025-01-01T00:00:00Z""#;
    let vectors = [
        format!(r#"{{"id":1,{rule},{start},{after},"times":["9:00 AM"]}}"#),
        String::new(),
        format!(r#"{{"id":2,{rule},{start},{after},"times":"9:00 AM"}}"#),
        format!(r#"{{"id":3,{rule},{start},{after},"times":["noon"]}}"#),
        format!(r#"{{"id":4,{rule},{start},"times":[]}}"#),
        format!(r#"{{"id":5,{rule},"time_zone":"UTC",{after}}}"#),
    ];
    std::fs::write(dir.path().join("vectors"), vectors.join("\n")).expect("written");
    // A wrong configuration is not in its way.
    std::fs::write(dir.path().join("liberty.toml"), "nonsense").expect("written");
    let printed = place.ok(&["recur", "--vectors", "vectors"]);
    let answers: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), 5, "an empty line is none: {printed}");
    let next = answers[0]["next"].as_array().expect("a list");
    assert_eq!((next.len(), &next[11]), (12, &json!("2025-01-12T09:00:00.000Z")));
    let reasons = ["times must be a list", "times must be like 9:00 AM", "after ", "start.utc "];
    for (answer, reason) in answers[1..].iter().zip(reasons) {
        let error = answer["error"].as_str().unwrap_or_else(|| panic!("{answer}"));
        assert!(error.contains(reason) && answer["next"] == json!([]), "{answer}");
    }
    let (code, sentence) = place.refused(&["recur", "--vectors", "nowhere"]);
    assert_eq!(code, 1);
    assert!(sentence.starts_with("liberty: The file nowhere cannot be read: "), "{sentence}");
}
