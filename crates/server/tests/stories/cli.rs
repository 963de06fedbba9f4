//! What an operator types, from an empty directory to a program that reads messages.

use std::time::Duration;

use super::live::{Place, eventually, http, said};

fn empty() -> (tempfile::TempDir, Place) {
    let dir = tempfile::tempdir().expect("a folder");
    let place = Place::at(dir.path());
    (dir, place)
}

/// The last word of a line that begins so.
fn word_after(text: &str, beginning: &str) -> String {
    let line = text.lines().find(|line| line.starts_with(beginning));
    let line = line.unwrap_or_else(|| panic!("{beginning} is not in {text}"));
    line.rsplit(' ').next().expect("a word").to_owned()
}

async fn status(place: &Place, token: &str) -> u16 {
    let url = format!("http://127.0.0.1:{}/api/v2/messages", place.port);
    let answer = http().build().expect("a client").get(url).bearer_auth(token).send().await;
    answer.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn from_nothing_to_a_program_that_reads() {
    let (_dir, place) = empty();
    place.ok(&["migrate"]);
    place.ok(&["migrate"]);
    place.ok(&["tenant", "create", "acme", "--name", "Acme Answering"]);
    assert_eq!(place.ok(&["tenant", "list"]), "acme\tAmerica/New_York\tAcme Answering\n");
    let of = ["--tenant", "acme"];
    let run = |arguments: &[&str]| {
        let at = if arguments.len() > 1 { 2 } else { 1 };
        let (verb, rest) = arguments.split_at(at);
        place.ok(&[verb, &of, rest].concat())
    };
    run(&["account", "create", "--number", "W1", "--name", "Law", "--zone", "America/Chicago"]);
    assert_eq!(run(&["account", "list"]), "W1\tAmerica/Chicago\tLaw\n");
    let did = run(&["did", "add", "--account", "W1", "+1 (561) 555-0100"]);
    assert_eq!(did, "Calls to 5615550100 are for Law.\n");
    run(&["contact", "add", "--account", "W1", "--name", "Jane", "--email", "jane@law.example"]);

    let email = "carl@law.example";
    let made = run(&["user", "create", "--email", email, "--name", "Carl", "--role", "client"]);
    assert!(word_after(&made, "Password").len() >= 20, "{made}");
    run(&["user", "join", "--email", email, "--account", "W1"]);
    let reset = [&["user", "reset-password"][..], &of, &["--email", email, "--password-stdin"]];
    let output = place.run_with(&reset.concat(), "a long enough password\n");
    assert!(output.status.success(), "{}", said(&output));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("a long enough"), "it is known");

    let key = word_after(&run(&["key", "create", "--email", email, "--name", "Desk"]), "Token");
    let switch = word_after(&run(&["switch", "create", "--name", "pbx"]), "Token");
    assert!(key.starts_with("lk_") && switch.starts_with("ls_"));
    let server = place.serve();
    assert_eq!(status(&place, &key).await, 200);
    assert_eq!(status(&place, &switch).await, 401);

    let prefix = &key[..11];
    assert!(run(&["key", "list", "--email", email]).starts_with(prefix));
    run(&["key", "revoke", "--email", email, prefix]);
    for _ in 0..100 {
        if status(&place, &key).await == 401 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(status(&place, &key).await, 401, "another process revoked it");
    place.ok(&["tenant", "hide-bad-tokens", "acme", "true"]);
    let hidden = format!("{}/api/v2/messages", server.url);
    eventually("bad tokens are hidden", Duration::from_secs(3), || {
        super::live::get(&hidden) == Some(404)
    });
    let said = place.ok(&["tenant", "allow-origins", "acme", "https://app.example"]);
    assert_eq!(said, "Pages of https://app.example may call the API of acme.\n");
    let said = place.ok(&["tenant", "allow-origins", "acme"]);
    assert_eq!(said, "No page may call the API of acme from a browser.\n");
    assert!(place.ok(&["audit", "verify"]).ends_with("rows, sound\n"));
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence() {
    let (_dir, place) = empty();
    let (code, sentence) = place.refused(&["serve"]);
    assert_eq!(code, 1);
    assert!(sentence.contains("run `liberty migrate` first"), "{sentence}");
    let (code, sentence) = place.refused(&["tenant", "list"]);
    assert!(code == 1 && sentence.contains("liberty migrate"), "{sentence}");
    place.ok(&["migrate"]);
    place.ok(&["tenant", "create", "acme", "--name", "Acme"]);
    let check = |arguments: &[&str], words: &str| {
        let (code, sentence) = place.refused(arguments);
        assert_eq!((code, sentence.lines().count()), (1, 1), "{arguments:?}: {sentence}");
        assert!(sentence.contains(words), "{arguments:?}: {sentence}");
    };
    check(&["tenant", "create", "acme", "--name", "Again"], "subdomain is taken already");
    check(&["tenant", "create", "A.b", "--name", "Odd"], "subdomain must be");
    check(&["account", "list", "--tenant", "nobody"], "no tenant nobody");
    check(&["key", "list", "--tenant", "acme", "--email", "a@b"], "no user a@b");
    let line = ["did", "add", "--tenant", "acme", "--account", "9", "5551234"];
    check(&line, "no account 9");
}

#[test]
fn a_wrong_configuration_ends_with_code_2_and_one_sentence() {
    let (dir, place) = empty();
    let check = |text: &str, words: &str| {
        std::fs::write(dir.path().join("liberty.toml"), text).expect("written");
        let (code, sentence) = place.refused(&["serve"]);
        assert_eq!((code, sentence.lines().count()), (2, 1), "{sentence}");
        assert!(sentence.contains(words), "{sentence}");
    };
    check("lisen = \"127.0.0.1:1\"", "unknown key: lisen");
    check("[mail]\nhost = \"a\"\nfrom_address = \"nobody\"", "mail.from_address");
    check("[mail]\nhost = \"a\"\nfrom_address = \"a@b\"\nextra_roots = \"/none\"", "extra_roots");
    check("listen", "line 1");
    let (code, sentence) = place.refused(&["--config", "/none.toml", "check"]);
    assert!(code == 2 && sentence.contains("/none.toml cannot be read"), "{sentence}");
    let (code, _) = place.refused(&["no-such-command"]);
    assert_eq!(code, 2);
}

#[test]
fn check_says_what_is_wrong() {
    let (dir, place) = empty();
    let output = place.run(&["check"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("run `liberty migrate`"), "{text}");
    place.ok(&["migrate"]);
    let text = place.ok(&["check"]);
    assert_eq!(text.matches("ok ").count(), 7, "{text}");

    let server = testkit::smtp::SmtpServer::start(testkit::smtp::Options::default());
    let with_mail = Place::at(dir.path()).with_mail(server.port());
    assert!(with_mail.ok(&["check"]).contains("127.0.0.1 lets us in"));
    drop(server);
    let output = with_mail.run(&["check"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("wrong  mail"), "{text}");
    let open = Place::at(dir.path()).with("LIBERTY_LISTEN", &format!("0.0.0.0:{}", place.port));
    assert!(open.ok(&["check"]).contains("warn   listen"));
}

/// What `liberty recur` answers to these lines.
fn answers(place: &Place, lines: &str) -> Vec<serde_json::Value> {
    let output = place.run_with(&["recur", "--vectors", "-"], lines);
    assert!(output.status.success(), "{}", said(&output));
    let printed = String::from_utf8(output.stdout).expect("text");
    printed.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect()
}

#[test]
fn the_documented_schedule_is_answered() {
    let line = concat!(
        r#"{"id":"a","time_zone":"America/New_York","start":{"utc":"2024-11-28T17:28:12.723Z"},"#,
        r#""rule":{"rule_type":"IceCube::WeeklyRule","interval":2,"#,
        r#""validations":{"day":[2,4,6]},"count":2},"#,
        r#""times":["9:00 AM"],"after":"2024-11-28T17:28:12.723Z"}"#,
    );
    let next = ["2024-11-30T14:00:00.000Z", "2024-12-10T14:00:00.000Z"];
    let (_dir, place) = empty();
    assert_eq!(answers(&place, line), [serde_json::json!({"id": "a", "next": next})]);
}

#[test]
fn what_is_no_schedule_is_answered_with_the_reason() {
    let cases = [
        ("nonsense", "expected ident"),
        (r#"{"id":"a"}"#, "rule must be a JSON object"),
        (
            r#"{"id":"a","rule":{"rule_type":"IceCube::DailyRule","interval":0}}"#,
            "interval must be",
        ),
        (r#"{"id":"a","rule":{"rule_type":"IceCube::DailyRule"},"time_zone":"Mars"}"#, "time_zone"),
    ];
    let (_dir, place) = empty();
    let answers = answers(&place, &cases.map(|(line, _)| line).join("\n"));
    assert_eq!(answers.len(), cases.len());
    for ((line, reason), answer) in cases.iter().zip(answers) {
        assert_eq!(answer["next"], serde_json::json!([]), "{line}");
        assert!(answer["error"].as_str().expect("a reason").contains(reason), "{answer}");
    }
}
