//! Every way in which a server does not take a mail, and the class that it gets.

use std::net::TcpListener;

use testkit::smtp::{Options, SmtpServer, Stage, Tls, What};
use wire::email::{Mail, MailServer, Mailer, Security};
use wire::{Class, Refused};

use super::{impatient, login, mail, mailbox, mailer, peer, settings};

async fn refused_with(at: Stage, what: What) -> (Refused, SmtpServer) {
    let peer = SmtpServer::start(Options::default().with_trouble(at, what));
    let refused = mailer(&peer).send(&mail()).await.expect_err("trouble");
    assert_readable(&refused);
    (refused, peer)
}

/// One sentence on one line, which names the server.
fn assert_readable(refused: &Refused) {
    let reason = &refused.reason;
    assert!(reason.contains("mail server 127.0.0.1") && reason.ends_with('.'), "{reason}");
    assert!(!reason.contains(char::is_control) && reason.len() < 600, "{reason}");
}

#[tokio::test]
async fn a_reply_says_whether_another_try_can_help() {
    use Class::{Later, Never};
    for (at, reply, class) in [
        (Stage::Connect, "421 4.3.2 too busy", Later),
        (Stage::Connect, "554 5.7.1 not you", Later),
        (Stage::Ehlo, "421 4.3.2 closing", Later),
        (Stage::Ehlo, "550 5.7.1 not that name", Later),
        (Stage::Mail, "451 4.3.0 try again", Later),
        (Stage::Mail, "550 5.7.1 sender refused", Never),
        (Stage::Mail, "530 5.7.0 sign in first", Later),
        (Stage::Rcpt, "450 4.2.0 greylisted", Later),
        (Stage::Rcpt, "452 4.2.2 mailbox full", Later),
        (Stage::Rcpt, "552 5.2.2 mailbox full", Later),
        (Stage::Rcpt, "550 4.2.1 not just now", Later),
        (Stage::Rcpt, "450 greylisted", Later),
        (Stage::Rcpt, "550 5.1.10 null MX", Never),
        (Stage::Rcpt, "550 no such user here", Never),
        (Stage::Rcpt, "550 5.1.1 no such mailbox", Never),
        (Stage::Rcpt, "553 5.1.3 bad address", Never),
        (Stage::Data, "451 4.3.0 no room", Later),
        (Stage::Data, "554 5.5.1 no valid recipients", Never),
        (Stage::Answer, "451 4.3.0 scanner is down", Later),
        (Stage::Answer, "421 4.3.0 closing", Later),
        (Stage::Answer, "552 5.3.4 too big", Never),
        (Stage::Answer, "554 5.7.1 looks like spam", Never),
    ] {
        let (refused, _peer) = refused_with(at, What::Say(reply.to_owned())).await;
        assert_eq!(
            (refused.class, refused.code),
            (class, reply[..3].parse().ok()),
            "{at:?} {reply}"
        );
        assert!(refused.reason.contains(reply), "{}", refused.reason);
    }
}

#[tokio::test]
async fn a_refusal_is_in_plain_words_first() {
    for (at, reply, words) in [
        (Stage::Rcpt, "553 5.1.3 bad address", "The address does not exist, says the mail server"),
        (Stage::Rcpt, "550 5.2.1 inactive", "The mailbox takes no mail, says the mail server"),
        (Stage::Rcpt, "451 4.2.1 busy", "The mailbox takes no mail just now, says the mail server"),
        (Stage::Rcpt, "552 5.2.2 over quota", "The mailbox is full, says the mail server"),
        (Stage::Answer, "552 5.3.4 too big", "The mail is too large, says the mail server"),
        (Stage::Answer, "554 5.7.1 spam", "A rule forbids this mail, says the mail server"),
        (Stage::Rcpt, "450 4.7.1 greylisted", "A rule puts this mail off, says the mail server"),
        (Stage::Rcpt, "451 4.4.1 no route", "The recipient's mail server cannot be reached, says"),
        (Stage::Rcpt, "550 go away", "The mail server 127.0.0.1 refused the recipient: 550"),
        // What is said of us and not of the mail is not said of the mail.
        (Stage::Connect, "554 5.7.1 not you", "The mail server 127.0.0.1 refused the"),
        (Stage::Mail, "530 5.7.0 sign in", "The mail server 127.0.0.1 refused the sender: 530"),
    ] {
        let (refused, _peer) = refused_with(at, What::Say(reply.to_owned())).await;
        assert!(refused.reason.starts_with(words), "{reply}: {}", refused.reason);
        assert!(refused.reason.contains(reply), "{reply}: {}", refused.reason);
    }
}

#[tokio::test]
async fn one_recipient_is_refused_and_another_is_not() {
    let refuse = vec![
        ("gone@archer.test".to_owned(), "550 5.1.1 no such mailbox".to_owned()),
        ("full@archer.test".to_owned(), "451 4.2.2 mailbox full".to_owned()),
    ];
    let peer = SmtpServer::start(Options { refuse, ..Options::default() });
    let mailer = mailer(&peer);
    let to = |address| Mail { to: mailbox("", address), ..mail() };
    let gone = mailer.send(&to("gone@archer.test")).await.expect_err("gone");
    assert_eq!(
        gone.reason,
        "The address does not exist, says the mail server 127.0.0.1: 550 5.1.1 no such mailbox."
    );
    assert_eq!((gone.class, gone.code), (Class::Never, Some(550)));
    let full = mailer.send(&to("full@archer.test")).await.expect_err("full");
    assert_eq!((full.class, full.code), (Class::Later, Some(451)));
    mailer.send(&to("ada@archer.test")).await.expect("taken");
    assert_eq!(peer.mails().len(), 1);
}

/// The class of each trouble, and how many mails reached that server; all of them at once.
async fn classes(troubles: Vec<(Stage, What)>) -> Vec<(Stage, What, Class, usize)> {
    let tries: Vec<_> = troubles
        .into_iter()
        .map(|(at, what)| {
            let peer = SmtpServer::start(Options::default().with_trouble(at, what.clone()));
            tokio::spawn(async move {
                let mailer = if what == What::Hang { impatient(&peer) } else { mailer(&peer) };
                let refused = mailer.send(&mail()).await.expect_err("trouble");
                assert_readable(&refused);
                assert_eq!(refused.code, None, "{at:?} {what:?}");
                (at, what, refused.class, peer.mails().len())
            })
        })
        .collect();
    let mut classes = Vec::new();
    for one in tries {
        classes.push(one.await.expect("no panic"));
    }
    classes
}

fn nonsense() -> What {
    What::Say("this is not SMTP".to_owned())
}

#[tokio::test]
async fn before_the_mail_is_written_every_break_is_for_later() {
    let stages = [Stage::Connect, Stage::Ehlo, Stage::Mail, Stage::Rcpt, Stage::Data];
    let breaks = [What::Close, What::Hang, nonsense()];
    let all = stages.iter().flat_map(|at| breaks.iter().map(|what| (*at, what.clone())));
    for (at, what, class, reached) in classes(all.collect()).await {
        assert_eq!((class, reached), (Class::Later, 0), "{at:?} {what:?}");
    }
}

#[tokio::test]
async fn after_the_mail_is_written_every_break_leaves_it_open() {
    let breaks = [What::Close, What::Hang, nonsense(), What::Say("354 what?".to_owned())];
    let mut all: Vec<_> = breaks.into_iter().map(|what| (Stage::Answer, what)).collect();
    all.push((Stage::Body, What::Hang));
    for (at, what, class, reached) in classes(all).await {
        assert_eq!(class, Class::Unknown, "{at:?} {what:?}");
        // Where it is there, nobody may call it lost; where it is not, nobody can know.
        assert_eq!(reached, usize::from(at == Stage::Answer), "{at:?} {what:?}");
    }
}

#[tokio::test]
async fn a_mail_that_could_not_be_written_whole_is_for_later() {
    let closing = Options::default().with_trouble(Stage::Body, What::Close);
    let peer = SmtpServer::start(closing);
    // More than the system's buffers between us hold, so that the end is noticed while writing.
    let large = Mail { text: format!("{}\n", "x".repeat(78)).repeat(100_000), ..mail() };
    let refused = mailer(&peer).send(&large).await.expect_err("closed");
    assert_eq!((refused.class, refused.code), (Class::Later, None), "{}", refused.reason);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_for_later() {
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let some = peer(Tls::None, None);
    for (host, security) in [
        ("127.0.0.1", Security::Plain),
        ("127.0.0.1", Security::Tls),
        ("no-such-host.invalid", Security::Plain),
    ] {
        let server = MailServer { host: host.to_owned(), port, ..settings(&some, security) };
        let mailer = Mailer::new(server).expect("sound settings");
        let refused = mailer.send(&mail()).await.expect_err("nobody there");
        assert_eq!((refused.class, refused.code), (Class::Later, None));
        assert!(refused.reason.contains(host), "{}", refused.reason);
        assert_eq!(mailer.check().await.expect_err("nobody there").class, Class::Later);
    }
}

#[tokio::test]
async fn a_wrong_password_is_for_later_and_is_not_repeated() {
    let peer = peer(Tls::None, Some(("desk", "right")));
    for login in [login("desk", "hunter2"), None] {
        let server = MailServer { login: login.clone(), ..settings(&peer, Security::Plain) };
        let mailer = Mailer::new(server.clone()).expect("sound settings");
        let refused = mailer.send(&mail()).await.expect_err("not signed in");
        assert_eq!(refused.class, Class::Later, "{}", refused.reason);
        assert!(matches!(refused.code, Some(530 | 535)), "{}", refused.reason);
        assert!(!refused.reason.contains("hunter2") && !format!("{server:?}").contains("hunter2"));
        assert_eq!(mailer.check().await.is_err(), login.is_some());
    }
    assert_eq!(peer.mails().len(), 0);
}

#[tokio::test]
async fn encryption_is_never_given_up() {
    // A certificate that nobody was told to trust.
    for (tls, security) in [(Tls::StartTls, Security::StartTls), (Tls::Tls, Security::Tls)] {
        let peer = peer(tls, Some(("desk", "right")));
        let server = MailServer {
            extra_roots: None,
            login: login("desk", "right"),
            ..settings(&peer, security)
        };
        let mailer = Mailer::new(server).expect("sound settings");
        let refused = mailer.send(&mail()).await.expect_err("not trusted");
        assert_eq!(refused.class, Class::Later);
        assert!(refused.reason.contains("certificate"), "{}", refused.reason);
        assert_eq!(peer.mails().len(), 0);
    }
    // A certificate for another name.
    let peer_tls = peer(Tls::StartTls, None);
    let server =
        MailServer { host: "127.0.0.2".to_owned(), ..settings(&peer_tls, Security::StartTls) };
    assert!(Mailer::new(server).expect("sound settings").send(&mail()).await.is_err());
    // A server without STARTTLS, and one with nothing else.
    let plain = peer(Tls::None, None);
    let mailer = Mailer::new(settings(&plain, Security::StartTls)).expect("sound settings");
    let refused = mailer.send(&mail()).await.expect_err("no STARTTLS");
    assert!(refused.reason.contains("STARTTLS"), "{}", refused.reason);
    let refused = super::mailer(&peer_tls).send(&mail()).await.expect_err("STARTTLS is wanted");
    assert_eq!((refused.class, refused.code), (Class::Later, Some(530)));
    assert_eq!(plain.mails().len() + peer_tls.mails().len(), 0);
}

#[tokio::test]
async fn a_check_tells_what_is_wrong() {
    let hanging = SmtpServer::start(Options::default().with_trouble(Stage::Ehlo, What::Hang));
    let refused = impatient(&hanging).check().await.expect_err("no answer");
    assert_eq!(
        refused.reason,
        "The mail server 127.0.0.1 did not answer in time, at the greeting."
    );
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_any_try() {
    let some = peer(Tls::None, None);
    let good = settings(&some, Security::StartTls);
    for bad in [
        MailServer { host: String::new(), ..good.clone() },
        MailServer { host: "mail test".to_owned(), ..good.clone() },
        MailServer { client_name: Some("a\r\nMAIL FROM:<x@y>".to_owned()), ..good.clone() },
        MailServer { extra_roots: Some(b"no certificate".to_vec()), ..good.clone() },
        MailServer { extra_roots: Some(vec![0; 10]), ..good.clone() },
    ] {
        let sentence = Mailer::new(bad).err().expect("refused").to_string();
        assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence}");
    }
}
