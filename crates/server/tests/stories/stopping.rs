//! A stop that nobody notices but whoever comes after it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use app::jobs;
use testkit::World;
use testkit::smtp::{Options, SmtpServer, Stage, What};

use super::live::{Place, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_drains_requests_and_refuses_new_ones() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let place = Place::of(&world);
    let server = place.serve();
    let address = format!("127.0.0.1:{}", place.port);

    // A request whose body is still on its way.
    let mut slow = TcpStream::connect(&address).expect("a connection");
    let key = &office.key;
    write!(
        slow,
        "PATCH /api/v2/messages/1 HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{{\"read\":"
    )
    .expect("written");
    eventually("its head was read", Duration::from_secs(5), || {
        super::live::get(&format!("{}/healthz", server.url)) == Some(200)
    });
    std::thread::sleep(Duration::from_millis(100));
    server.terminate();
    eventually("nobody new gets in", Duration::from_secs(5), || {
        TcpStream::connect(&address).is_err()
    });
    slow.write_all(b" false}").expect("written");
    slow.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 404"), "there is no message 1: {answer}");
    let log = server.log();
    assert_eq!(server.wait(Duration::from_secs(5)).code(), Some(0), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_the_mail_under_way() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let slow = Options::default().with_trouble(Stage::Answer, What::Slow(1_500));
    let smtp = SmtpServer::start(slow);
    let server = Place::of(&world).with_mail(smtp.port()).serve();
    let message = super::killed::take(&world, &office, "Please call.").await;
    eventually("the mail arrives", Duration::from_secs(5), || smtp.mails().len() == 1);
    server.terminate();
    assert_eq!(server.wait(Duration::from_secs(10)).code(), Some(0));
    let detail =
        app::messages::detail(&world.app, &office.agent, message.id).await.expect("detail");
    assert_eq!(detail.message.status, domain::Status::Delivered);
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_in_time_is_cut_off() {
    let world = World::new().await;
    let office = world.tenancy("desk").await;
    let smtp = SmtpServer::start(Options::default().with_trouble(Stage::Connect, What::Hang));
    let place = Place::of(&world).with_mail(smtp.port()).with("LIBERTY_SHUTDOWN_SECONDS", "1");
    let server = place.serve();
    let message = super::killed::take(&world, &office, "Please call.").await;
    let mut tries = 0;
    while tries == 0 {
        let detail = app::messages::detail(&world.app, &office.agent, message.id).await;
        tries = detail.expect("detail").deliveries[0].0.attempts;
    }
    server.terminate();
    let begun = Instant::now();
    assert_eq!(server.wait(Duration::from_secs(10)).code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(jobs::count(&world.app).await.expect("a count"), 1, "it is due again later");
}
