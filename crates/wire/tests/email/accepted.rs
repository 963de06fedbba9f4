//! Mail that a server takes, and what it reads in it.

use testkit::smtp::{Options, SmtpServer, Stage, Tls, Trouble, What};
use wire::email::{Mail, MailServer, Mailer, Security};
use wire::{Accepted, Class, Reach};

use super::{login, mail, mailbox, mailer, peer, settings};

#[tokio::test]
async fn a_mail_arrives_once_with_the_headers_that_it_was_given() {
    let peer = peer(Tls::None, None);
    let accepted = mailer(&peer).send(&mail()).await.expect("taken");
    let response = "250 2.0.0 OK queued".to_owned();
    let references = vec!["0198c0de-7777@liberty.test".to_owned()];
    assert_eq!(accepted, Accepted { response, references, reach: Reach::Carrier });

    let mails = peer.mails();
    let [got] = &mails[..] else { panic!("one mail, not {}", mails.len()) };
    assert_eq!(
        (got.helo.as_str(), got.user.as_deref(), got.is_encrypted),
        ("client.test", None, false)
    );
    assert_eq!(
        (got.from.as_str(), &got.to[..]),
        ("desk@liberty.test", &["ada@archer.test".to_owned()][..])
    );
    for (name, value) in [
        ("From", "Liberty <desk@liberty.test>"),
        ("To", "Ada Archer <ada@archer.test>"),
        ("Subject", "Message for Archer Law"),
        ("Message-ID", "<0198c0de-7777@liberty.test>"),
        ("Date", "Tue, 21 Jan 2025 22:08:20 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Liberty-Hops", "0"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(got.header(name), [value], "{name}");
    }
    for name in ["Sender", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"] {
        assert!(got.header(name).is_empty(), "{name}");
    }
    assert_eq!(got.text.as_deref(), Some("Please call back.\n"));
    assert_eq!(got.html, None);
}

#[tokio::test]
async fn html_names_and_long_lines_survive_the_way() {
    let peer = peer(Tls::None, None);
    let unsubscribe = format!("https://liberty.test/u/{}", "x".repeat(300));
    let long = Mail {
        from: mailbox("Zoë \"the desk\" Müller, Bürgermeister", "desk@liberty.test"),
        to: mailbox("", "ada@archer.test"),
        reply_to: Some(mailbox("Reply, Please", "reply@liberty.test")),
        subject: format!("Ärger mit Heizung 🔥 {}", "sehr lang ".repeat(200)),
        text: format!("{}\r\nzwei\rdrei\n.\n..vier\n.fünf\n\n", "ü".repeat(3_000)),
        html: Some(format!("<p>{}</p>\n.\n", "long ".repeat(1_000))),
        is_automatic: false,
        list_unsubscribe: Some(unsubscribe.clone()),
        ..mail()
    };
    mailer(&peer).send(&long).await.expect("taken");

    let got = &peer.mails()[0];
    assert_eq!(
        got.header("From"),
        ["\"Zoë \\\"the desk\\\" Müller, Bürgermeister\" <desk@liberty.test>"]
    );
    assert_eq!(got.header("To"), ["ada@archer.test"]);
    assert_eq!(got.header("Reply-To"), ["\"Reply, Please\" <reply@liberty.test>"]);
    assert_eq!(got.header("Subject"), [long.subject.trim()]);
    assert_eq!(got.header("List-Unsubscribe"), [format!("<{unsubscribe}>")]);
    assert_eq!(got.header("List-Unsubscribe-Post"), ["List-Unsubscribe=One-Click"]);
    let raw = String::from_utf8(got.raw()).expect("ASCII");
    let part = |kind| raw.find(&format!("Content-Type: {kind}")).expect("a part");
    // The last alternative is the one that the sender likes best (RFC 2046, 5.1.4).
    assert!(part("multipart/alternative") < part("text/plain"));
    assert!(part("text/plain") < part("text/html"));
    assert!(got.header("Auto-Submitted").is_empty());
    // Within a multipart the last line end belongs to the boundary.
    let lines = format!("{}\nzwei\ndrei\n.\n..vier\n.fünf\n", "ü".repeat(3_000));
    assert_eq!(got.text.as_deref(), Some(lines.as_str()));
    assert_eq!(got.html.as_deref(), long.html.as_deref().map(str::trim_end));
    assert!(got.raw().split(|&b| b == b'\n').all(|line| line.len() < 999 && line.is_ascii()));
}

#[tokio::test]
async fn a_mail_in_the_name_of_another_names_who_hands_it_over() {
    let peer = peer(Tls::None, None);
    let lent = Mail {
        from: mailbox("Hart & Lowe", "office@hartlowe.test"),
        sender: Some(mailbox("Liberty", "desk@liberty.test")),
        reply_to: Some(mailbox("", "intake@hartlowe.test")),
        hops: 3,
        ..mail()
    };
    mailer(&peer).send(&lent).await.expect("taken");
    let got = &peer.mails()[0];
    assert_eq!(got.from, "desk@liberty.test", "the envelope: bounces come to us");
    assert_eq!(got.header("From"), ["Hart & Lowe <office@hartlowe.test>"]);
    assert_eq!(got.header("Sender"), ["Liberty <desk@liberty.test>"]);
    assert_eq!(got.header("Reply-To"), ["intake@hartlowe.test"]);
    assert_eq!(got.header("X-Liberty-Hops"), ["3"]);

    // Where the two are the same, only one is named.
    let own = Mail { sender: Some(mailbox("Desk", "desk@liberty.test")), ..mail() };
    mailer(&peer).send(&own).await.expect("taken");
    let got = &peer.mails()[1];
    assert_eq!((got.from.as_str(), got.header("Sender").len()), ("desk@liberty.test", 0));
    assert_eq!(got.header("From"), ["Liberty <desk@liberty.test>"]);
}

#[tokio::test]
async fn only_a_web_address_is_offered_for_one_click() {
    let peer = peer(Tls::None, None);
    for (n, (address, post)) in [
        ("https://liberty.test/u?k=1,2", 1),
        ("HTTPS://liberty.test/u", 1),
        ("mailto:stop@liberty.test?subject=stop", 0),
    ]
    .into_iter()
    .enumerate()
    {
        let list = Mail { list_unsubscribe: Some(address.to_owned()), ..mail() };
        mailer(&peer).send(&list).await.expect("taken");
        let got = &peer.mails()[n];
        assert_eq!(got.header("List-Unsubscribe"), [format!("<{address}>")]);
        assert_eq!(got.header("List-Unsubscribe-Post").len(), post, "{address}");
    }
}

#[tokio::test]
async fn the_same_mail_is_the_same_bytes_at_each_try() {
    let peer = peer(Tls::None, None);
    let both = Mail { html: Some("<p>Please call back.</p>".to_owned()), ..mail() };
    mailer(&peer).send(&both).await.expect("taken");
    mailer(&peer).send(&both).await.expect("taken again");
    let mails = peer.mails();
    assert_eq!(mails[0].raw(), mails[1].raw());
}

#[tokio::test]
async fn it_signs_in_and_encrypts_as_told() {
    for (tls, security) in [
        (Tls::None, Security::Plain),
        (Tls::StartTls, Security::StartTls),
        (Tls::Tls, Security::Tls),
    ] {
        let peer = peer(tls, Some(("desk", "päss wörd")));
        let server =
            MailServer { login: login("desk", "päss wörd"), ..settings(&peer, security) };
        for host in ["127.0.0.1", "localhost"] {
            let server = MailServer { host: host.to_owned(), ..server.clone() };
            let mailer = Mailer::new(server).expect("sound settings");
            mailer.check().await.expect("a working server");
            mailer.send(&mail()).await.expect("taken");
        }
        let mails = peer.mails();
        assert_eq!(mails.len(), 2, "a check sends nothing");
        assert_eq!(mails[0].user.as_deref(), Some("desk"));
        assert_eq!(mails[0].is_encrypted, tls != Tls::None);
    }
}

#[tokio::test]
async fn letters_outside_ascii_in_an_address_go_where_they_are_understood() {
    let to_zoe = Mail { to: mailbox("Zoë", "zoë@bücher.test"), ..mail() };
    let knows = peer(Tls::None, None);
    mailer(&knows).send(&to_zoe).await.expect("taken");
    assert_eq!(knows.mails()[0].to, ["zoë@bücher.test"]);

    let ignores = SmtpServer::start(Options { takes_utf8: false, ..Options::default() });
    let refused = mailer(&ignores).send(&to_zoe).await.expect_err("not understood");
    assert_eq!(refused.class, Class::Never);
    assert_eq!(ignores.mails().len(), 0);
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let slow = Options::default().with_trouble(Stage::Answer, What::Slow(300));
    let peer = SmtpServer::start(slow);
    mailer(&peer).send(&mail()).await.expect("taken");
    assert_eq!(peer.mails().len(), 1);
}

#[tokio::test]
async fn what_was_refused_for_now_is_taken_later() {
    let busy =
        Trouble { at: Stage::Rcpt, what: What::Say("451 4.3.0 busy".to_owned()), times: Some(2) };
    let peer = SmtpServer::start(Options { trouble: vec![busy], ..Options::default() });
    let mailer = mailer(&peer);
    for _ in 0..2 {
        assert_eq!(mailer.send(&mail()).await.expect_err("busy").class, Class::Later);
    }
    mailer.send(&mail()).await.expect("taken");
    assert_eq!(peer.mails().len(), 1);
}

#[tokio::test]
async fn many_go_at_once() {
    let peer = peer(Tls::None, None);
    let mailer = mailer(&peer);
    let sends: Vec<_> = (0..32)
        .map(|n| {
            let mailer = mailer.clone();
            let mail = Mail { message_id: format!("{n}@liberty.test"), ..mail() };
            tokio::spawn(async move { mailer.send(&mail).await })
        })
        .collect();
    for send in sends {
        send.await.expect("no panic").expect("taken");
    }
    let mut ids: Vec<_> =
        peer.mails().iter().map(|mail| mail.header("Message-ID")[0].to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 32);
}
