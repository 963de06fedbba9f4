//! Nothing that callers, clients or programs write may stand in the log: a canary in every input.

use std::time::Duration;

use app::messages::{self, MessageEntry};
use domain::account::ContactEntry;
use reqwest::Method;
use testkit::World;
use testkit::smtp::{Options, SmtpServer};

use super::live::{Place, eventually, http};

/// What every canary begins with; what follows says where it was planted.
const CANARY: &str = "kanarienvogel";

fn canary(place: &str) -> String {
    format!("{CANARY}{place}")
}

/// Takes a message with canaries in it, for a contact with one in its address, whom the mail
/// server refuses with one in its answer.
async fn take(world: &World, office: &testkit::Tenancy) -> domain::MessageId {
    let entry = ContactEntry {
        name: canary("contactname"),
        email: format!("{}@law.example", canary("contactaddress")),
        ..ContactEntry::default()
    };
    let contact =
        app::accounts::add_contact(&world.app, office.tenant.id, None, office.law.id, entry);
    let contact = contact.await.expect("a contact");
    let content = format!("{}\r\n{{\"level\":\"ERROR\"}}", canary("content"));
    let first_name = canary("firstname");
    let answers = [
        ("first_name", first_name.as_str()),
        ("phone", "(954) 832-6297"),
        ("content", content.as_str()),
    ];
    let entry = MessageEntry {
        uuid: world.app.entropy().uuid(),
        form_id: office.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        contact_id: Some(contact.id),
        caller_id: "9548326297".to_owned(),
        ..MessageEntry::default()
    };
    let taken = messages::take(&world.app, &office.agent, office.law.id, entry).await;
    taken.expect("a message").message.id
}

/// Asks with canaries in address, query, headers and body, well-formed and not.
async fn ask_around(url: &str, key: &str, switch: &str, message: domain::MessageId) {
    let http = http().build().expect("a client");
    let mut n = 0;
    let mut ask = |method: Method, path: &str, token: &str| {
        n += 1;
        http.request(method, format!("{url}{path}"))
            .bearer_auth(token)
            .header("User-Agent", canary(&format!("agent{n}")))
            .header("X-Request-Id", format!("{} {n}", canary("requestid")))
            .header("Cookie", format!("session={}; other={}", canary("cookie"), canary("cookie2")))
            .header("X-Forwarded-For", canary("forwarded"))
            .header("Referer", canary("referer"))
    };
    let one = format!("/api/v2/messages/{message}");
    let json = |text: String| (text, "application/json");
    let mut asked = Vec::new();
    for (i, path) in [
        format!("/api/v2/messages?q={0}&from_date={0}&cursor={0}&{0}={0}", canary("query")),
        format!("/api/v2/messages/{}", canary("path")),
        format!("/{}/%0d%0a{}", canary("nowhere"), canary("linebreak")),
        format!("/recordings/1/audio?expires=1&signature={}", canary("signature")),
        format!("/sign-in?next={}", canary("next")),
        "/v1/messages".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        asked.push(ask(Method::GET, path, key));
        asked.push(ask(Method::GET, path, &canary(&format!("token{i}"))));
    }
    let v1 = ask(Method::GET, "/v1/messages", key);
    asked.push(v1.header("X-API-EMAIL", canary("email")).header("X-API-TOKEN", canary("token")));
    for (text, kind) in [
        json(format!(r#"{{"note":"{0}\r\n{0}","disposition":"{0}"}}"#, canary("note"))),
        json(format!(r#"{{"{}":"{}"}}"#, canary("key"), canary("value"))),
        json(format!(r#"{{"status":"{}"}}"#, canary("status"))),
        json(format!(r#"{{"read":{}"#, canary("broken"))),
        (canary("plain"), "text/plain"),
    ] {
        let request = ask(Method::PATCH, &one, key).header("Content-Type", kind);
        asked.push(request.header("If-Match", canary("etag")).body(text));
    }
    let form = [("email", canary("signin") + "@a.example"), ("password", canary("password"))];
    asked.push(ask(Method::POST, "/sign-in", key).form(&form));
    asked.push(ask(Method::from_bytes(b"KANARIENVOGEL").expect("a method"), &one, key));
    let report = format!(
        r#"{{"call_sid":"{0}","did_number":"5617819977","from":"{0}","agent_username":"{0}",
            "started_at":"2025-01-21T22:00:00Z","cdr":{{"callerid":"{0}"}}}}"#,
        canary("call")
    );
    let audio = reqwest::multipart::Part::text(canary("audio")).file_name(canary("filename"));
    let parts = reqwest::multipart::Form::new().text("call", report).part("audio", audio);
    asked.push(ask(Method::POST, "/hooks/v1/calls", switch).multipart(parts));
    asked.extend(tool_calls().into_iter().flat_map(|text| {
        let mut post = || {
            ask(Method::POST, "/mcp", key)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .body(text.clone())
        };
        [post(), post().header("Mcp-Method", canary("header"))]
    }));
    for request in asked {
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().as_u16() < 500, "{answer:?}");
    }
}

/// Requests to the tools with canaries in name, version, id, method and arguments.
fn tool_calls() -> Vec<String> {
    let name = canary("client");
    let hello = format!(
        r#"{{"protocolVersion":"2025-06-18","capabilities":{{}},
            "clientInfo":{{"name":"{name}","version":"{name}"}}}}"#
    );
    let word = canary("tool");
    let calls = [
        ("initialize", hello),
        ("tools/call", format!(r#"{{"name":"list_messages","arguments":{{"q":"{word}"}}}}"#)),
        ("tools/call", format!(r#"{{"name":"get_me","arguments":{{"{word}":"{word}"}}}}"#)),
        ("tools/call", r#"{"name":"list_messages"}"#.to_owned()),
        ("tools/call", format!(r#"{{"name":"{word}"}}"#)),
        (&word, "{}".to_owned()),
    ];
    let id = canary("id");
    let call = |(method, params): (&str, String)| {
        format!(r#"{{"jsonrpc":"2.0","id":"{id}","method":"{method}","params":{params}}}"#)
    };
    calls.into_iter().map(call).collect()
}

/// What stands in a hidden input of a page.
fn hidden(page: &str, name: &str) -> String {
    let input = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    input.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("{name}: {page}")).into()
}

/// Signs in, in vain and then not, takes a message in the console, and looks for it.
async fn sign_in_and_type(url: &str, office: &testkit::Tenancy) {
    let people = http().cookie_store(true).build().expect("a client");
    let page = async |path: &str| {
        let answer = people.get(format!("{url}{path}")).send().await.expect("an answer");
        answer.text().await.expect("a page")
    };
    let send = async |path: &str, fields: &[(&str, &str)]| {
        let answer = people.post(format!("{url}{path}")).form(fields).send().await;
        let answer = answer.expect("an answer");
        assert!(answer.status().as_u16() < 500, "{answer:?}");
        answer.text().await.expect("a page")
    };
    let csrf = hidden(&page("/sign-in").await, "csrf");
    let email = format!("{}@law.example", canary("stranger"));
    let wrong = canary("wrongpassword");
    send("/sign-in", &[("csrf", &csrf), ("email", &email), ("password", &wrong)]).await;
    let csrf = hidden(&page("/sign-in").await, "csrf");
    let next = format!("/messages?q={}", canary("nextpage"));
    let right = [
        ("csrf", csrf.as_str()),
        ("next", &next),
        ("email", "ann@desk.example"),
        ("password", testkit::PASSWORD),
    ];
    send("/sign-in", &right).await;
    let console = format!("/console/accounts/{}", office.law.id);
    let form = page(&format!("{console}?phone={}", canary("screenpop"))).await;
    let (csrf, once) = (hidden(&form, "csrf"), hidden(&form, "once"));
    let (form_id, content) = (hidden(&form, "form_id"), canary("typed"));
    let typed = [
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("form_id", &form_id),
        ("first_name", &content),
        ("phone", "(954) 832-6297"),
        ("content", &content),
        ("meeting_preference", &content),
        (&content, &content),
    ];
    send(&format!("{console}/messages"), &typed).await;
    send(&format!("{console}/messages"), &[("csrf", &content), ("content", &content)]).await;
    page(&format!("/messages?q={0}&from={0}", canary("search"))).await;
    let signed_in = page("/messages").await;
    assert!(!signed_in.contains("name=\"password\""), "nobody is signed in: {signed_in}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_sings_in_the_log() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let refused = format!("{}@law.example", canary("contactaddress"));
    let reply = format!("550 5.1.1 {} does not live here", canary("reply"));
    let options = Options { refuse: vec![(refused, reply)], ..Options::default() };
    let smtp = SmtpServer::start(options);
    for (format, level) in [("json", "debug"), ("text", "debug")] {
        let place = Place::of(&world)
            .with_mail(smtp.port())
            .with("LIBERTY_LOG_LEVEL", level)
            .with("LIBERTY_LOG_FORMAT", format)
            .with("LIBERTY_METRICS_TOKEN", &canary("metricstoken"));
        let server = place.serve();
        let message = take(&world, &office).await;
        ask_around(&server.url, &office.key, &office.switch.1, message).await;
        sign_in_and_type(&server.url, &office).await;
        eventually("the mail was refused", Duration::from_secs(10), || {
            server.log().contains("delivery attempted")
        });
        server.terminate();
        let log = server.log();
        assert!(server.wait(Duration::from_secs(10)).success());
        check(&log, format, &[&office.key, &office.switch.1]);
        std::fs::remove_file(world.folder.path().join("server.log")).expect("removed");
    }
}

fn check(log: &str, format: &str, tokens: &[&str]) {
    let singing: Vec<&str> =
        log.lines().filter(|line| line.to_lowercase().contains(CANARY)).collect();
    assert!(singing.is_empty(), "in {format}: {singing:#?}");
    for secret in ["9548326297", "832-6297", "law.example", "hartlowe.example", "5617819977"] {
        assert!(!log.contains(secret), "{secret} in {format}");
    }
    for token in tokens {
        assert!(!log.contains(&token[12..]), "the secret part of a token, in {format}");
    }
    assert!(log.lines().filter(|line| line.contains("answered")).count() > 20, "{log}");
    if format == "json" {
        for line in log.lines() {
            let event: serde_json::Value = serde_json::from_str(line).expect(line);
            assert!(event["level"].is_string() && event["timestamp"].is_string(), "{line}");
        }
    }
}
