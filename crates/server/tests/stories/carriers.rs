//! Carriers of the configuration, as an operator tries and runs them: opened, checked, sent through.

use std::path::Path;
use std::time::Duration;

use app::jobs;
use app::to_dos;
use domain::to_do::ToDoEntry;
use testkit::World;
use testkit::sip::{Options as Calls, Sipp};
use testkit::sms_http::{self, SmsHttp};
use testkit::smsc::{self, Smsc};
use testkit::smtp::{self, SmtpServer};

use super::live::{Place, eventually, http, said};

/// What every secret begins with, so that it can be looked for.
const CANARY: &str = "kana";

fn smsc_peer() -> Smsc {
    let password = format!("{CANARY}smp");
    Smsc::start(smsc::Options { password, ..smsc::Options::default() })
}

fn smpp(peer: &Smsc) -> String {
    format!(
        "[[carriers]]\nname = \"main-smsc\"\nkind = \"smpp\"\nhost = \"127.0.0.1\"\nport = {}\n\
         system_id = \"desk\"\npassword = \"{CANARY}smp\"\nfrom = \"+15617819977\"\n",
        peer.port()
    )
}

/// An account over https, whose certificate only the extra roots know.
fn rest(peer: &SmsHttp, dir: &Path) -> String {
    let roots = dir.join("roots.pem");
    std::fs::write(&roots, peer.certificate().expect("a certificate")).expect("written");
    format!(
        "[[carriers]]\nname = \"web\"\nkind = \"rest\"\nbase_url = \"{}\"\naccount_sid = \"AC1\"\n\
         auth_token = \"{CANARY}token\"\nextra_roots = \"{}\"\nfrom = \"+15617819977\"\n",
        peer.url(),
        roots.display()
    )
}

fn rest_peer() -> SmsHttp {
    let auth_token = format!("{CANARY}token");
    SmsHttp::start(sms_http::Options {
        is_encrypted: true,
        auth_token,
        ..sms_http::Options::default()
    })
}

fn sip(port: u16, lines: &str) -> String {
    format!(
        "[[carriers]]\nname = \"trunk\"\nkind = \"sip\"\nhost = \"127.0.0.1\"\nport = {port}\n{lines}\n"
    )
}

fn write(place: &Place, text: &str) {
    let text = format!("public_url = \"https://liberty.example\"\n{text}");
    std::fs::write(place.dir.join("liberty.toml"), text).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_opens_each_connection() {
    let world = World::new().await;
    let place = Place::of(&world);
    let (centre, web) = (smsc_peer(), rest_peer());
    let trunk = Sipp::start(&Calls { scenario: "lives", ..Calls::default() });
    let all = [smpp(&centre), rest(&web, &place.dir), sip(trunk.port(), "")].concat();
    write(&place, &all);
    let text = place.ok(&["check"]);
    for name in ["public_url", "speech", "main-smsc", "web", "trunk"] {
        let line = text.lines().find(|line| line.contains(&format!("  {name} ")));
        assert!(line.is_some_and(|line| line.starts_with("ok ")), "{name}: {text}");
    }
    assert!(text.contains("mail is captured"), "{text}");

    // All of it wrong: each says so in its own line, and no secret is printed.
    let port = trunk.port();
    drop((centre, trunk));
    let wrong = [
        smpp(&smsc_peer()).replace("smp\"\nfrom", "bad\"\nfrom"),
        rest(&web, &place.dir).replace("token\"", "wrong\""),
        sip(port, "answer_timeout_seconds = 1"),
        "[speech]\ncommand = [\"false\"]\n".to_owned(),
    ];
    write(&place, &wrong.concat());
    let output = place.run(&["check"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    for name in ["speech", "main-smsc", "web", "trunk"] {
        let line = text.lines().find(|line| line.contains(&format!("  {name} ")));
        assert!(line.is_some_and(|line| line.starts_with("wrong  ")), "{name}: {text}");
    }
    assert!(!text.contains(CANARY) && !said(&output).contains(CANARY), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn send_test_says_what_the_carrier_answered_and_records_nothing() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let place = Place::of(&world);
    let (centre, web) = (smsc_peer(), rest_peer());
    let mail = SmtpServer::start(smtp::Options::default());
    let own = format!(
        "[[carriers]]\nname = \"post\"\nkind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\n\
         security = \"plain\"\nfrom_address = \"messages@desk.example\"\n",
        mail.port()
    );
    write(&place, &[smpp(&centre), rest(&web, &place.dir), own].concat());
    let text = place.ok(&["send-test", "main-smsc", "(561) 555-0100", "--text", "Hello"]);
    assert!(text.contains("SMS to +15615550100: the carrier took it."), "{text}");
    assert!(text.contains("Its id: 1A2B") && text.contains("recorded nowhere"), "{text}");
    assert_eq!(centre.messages()[0].text, "Hello");
    let text = place.ok(&["send-test", "web", "+15615550100", "--tenant", "desk"]);
    assert!(text.contains("The carrier answered: 201 SM"), "{text}");
    let text = place.ok(&["send-test", "web", "+15615550100", "--channel", "call"]);
    assert!(text.contains("Call to +15615550100: the carrier took it."), "{text}");
    let callback = web.seen()[0].form["StatusCallback"].clone();
    assert_eq!(callback, "https://liberty.example/hooks/v1/carriers/web/status");
    place.ok(&["send-test", "post", "jane@law.example"]);
    assert_eq!(mail.mails().len(), 1);
    assert!(place.ok(&["send-test", "capture", "911"]).contains("Nothing was sent"));

    let check = |arguments: &[&str], words: &str| {
        let (code, sentence) = place.refused(&[&["send-test"], arguments].concat());
        assert_eq!((code, sentence.lines().count()), (1, 1), "{arguments:?}: {sentence}");
        assert!(sentence.contains(words), "{arguments:?}: {sentence}");
    };
    check(&["nobody", "+15615550100"], "no carrier nobody; configured: main-smsc, web, post");
    check(&["main-smsc", "911"], "911 is too short");
    check(&["main-smsc", "+19005551234"], "premium-rate");
    check(&["post", "jane"], "Not sent");
    check(&["main-smsc", "+15615550100", "--channel", "call"], "carries only: sms");
    check(&["main-smsc", "+15615550100", "--tenant", "other"], "no tenant other");
    app::texts::opt_out(&world.app, &office.owner, "+15615550100").await.expect("opted out");
    check(&["main-smsc", "+15615550100"], "asked desk for no more texts (STOP)");
    web.tell(&sms_http::Command::Refuse("+15615550199".to_owned(), 21_211));
    check(&["web", "+15615550199"], "it will never work");
    assert_eq!(centre.messages().len(), 1);
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_sends_through_its_carriers_and_sings_no_secret() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let options = smsc::Options {
        password: format!("{CANARY}smp"),
        receipts: Some("DELIVRD".to_owned()),
        ..smsc::Options::default()
    };
    let centre = Smsc::start(options);
    let trunk = Sipp::start(&Calls { scenario: "registers", ..Calls::default() });
    let registers = format!("registers = true\nuser = \"joe\"\npassword = \"{CANARY}sip\"");
    let place = Place::of(&world).with("LIBERTY_LOG_LEVEL", "debug");
    write(&place, &[smpp(&centre), sip(trunk.port(), &registers)].concat());
    let now = world.app.now();
    let entry = ToDoEntry {
        delivery_type: "sms".to_owned(),
        contact: "Jane Hart".to_owned(),
        message_text: format!("{CANARY}text"),
        run_at: now.plus_ms(1).to_string(),
        ..ToDoEntry::default()
    };
    let number = &office.law.number;
    let made = to_dos::create(&world.app, &office.owner, number, &entry, None).await;
    let app::idempotency::Once::New(made) = made.expect("a To Do") else { panic!("made before") };
    let server = place.serve();
    let end = std::time::Instant::now() + Duration::from_secs(20);
    loop {
        let runs = to_dos::runs(&world.app, &office.owner, made.to_do.id, None, 1).await;
        let runs = runs.expect("runs");
        let delivery = runs.first().and_then(|run| run.delivery.as_ref());
        if delivery.is_some_and(|(delivery, _)| delivery.rung() == "reached_handset") {
            break;
        }
        assert!(std::time::Instant::now() < end, "{runs:?} {}", server.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let challenged = || trunk.messages().iter().any(|text| text.contains("Authorization: "));
    eventually("the trunk was given a digest", Duration::from_secs(10), challenged);
    let asking = http().build().expect("a client");
    let metrics = asking.get(format!("{}/metrics", server.url)).send().await.expect("an answer");
    let metrics = metrics.text().await.expect("figures");
    assert!(metrics.contains("liberty_carrier_shut{carrier=\"main-smsc\"} 0"), "{metrics}");
    server.terminate();
    let log = server.log();
    assert!(server.wait(Duration::from_secs(15)).success());
    assert_eq!(centre.received("unbind", 1).await.len(), 1, "it took leave");
    for secret in [CANARY, "Digest", "REGISTER sip", "5615550100", "5617819977", "joe"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
