//! S9 of the reliability table: nothing that a caller writes becomes a header, a recipient or a mail.

use testkit::smtp::Tls;
use wire::Class;
use wire::email::{Mail, Mailbox};

use super::{mail, mailbox, mailer, peer};

const HEADERS: [&str; 11] = [
    "From",
    "Sender",
    "Reply-To",
    "X-Liberty-Hops",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

#[tokio::test]
async fn names_and_subjects_never_become_headers_or_recipients() {
    let peer = peer(Tls::None, None);
    let mailer = mailer(&peer);
    let poisons = [
        "x\r\nBcc: evil@evil.test",
        "x\nBcc: evil@evil.test\n\nbody",
        "x\rBcc: evil@evil.test",
        "x\r\n\r\n.\r\nMAIL FROM:<evil@evil.test>\r\n",
        "x\0y\u{7f}\u{85}z\u{1b}[31m",
        "x\u{2028}Bcc: evil@evil.test\u{2029}",
        "\"x\" <evil@evil.test>, y",
        "x> <evil@evil.test",
        "x; Bcc: evil@evil.test",
        "=?utf-8?q?x=0D=0ABcc:_evil@evil.test?=",
        "\\\" \\\r\n \tBcc: evil@evil.test",
        "é\r\nBcc: evil@evil.test",
    ];
    for poison in poisons {
        let before = peer.mails().len();
        let poisoned = Mail {
            from: mailbox(poison, "office@hartlowe.test"),
            sender: Some(mailbox(poison, "desk@liberty.test")),
            reply_to: Some(mailbox(poison, "intake@hartlowe.test")),
            to: mailbox(poison, "ada@archer.test"),
            subject: poison.to_owned(),
            is_automatic: false,
            ..mail()
        };
        mailer.send(&poisoned).await.expect("taken, made harmless");

        let mails = peer.mails();
        assert_eq!(mails.len(), before + 1, "{poison:?}");
        let got = &mails[before];
        assert_eq!(
            (got.from.as_str(), &got.to[..]),
            ("desk@liberty.test", &["ada@archer.test".to_owned()][..])
        );
        let mut names: Vec<_> = got.headers.iter().map(|(name, _)| name.as_str()).collect();
        let mut expected = HEADERS.to_vec();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected, "{poison:?}");
        for (name, address) in [
            ("From", "<office@hartlowe.test>"),
            ("Sender", "<desk@liberty.test>"),
            ("Reply-To", "<intake@hartlowe.test>"),
            ("To", "<ada@archer.test>"),
        ] {
            let [value] = got.header(name)[..] else { panic!("{name} once, {poison:?}") };
            assert!(value.ends_with(address), "{name} {poison:?}: {value}");
        }
        assert!(
            got.headers.iter().all(|(_, value)| !value.contains(char::is_control)),
            "{poison:?}"
        );
        assert_eq!(got.text.as_deref(), Some("Please call back.\n"), "{poison:?}");
    }
}

#[tokio::test]
async fn a_body_cannot_end_its_mail() {
    let peer = peer(Tls::None, None);
    let second = "MAIL FROM:<evil@evil.test>\r\nRCPT TO:<ada@archer.test>\r\nDATA\r\nx";
    for end in ["\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n\0.\r\n", "\u{85}.\u{85}"]
    {
        let before = peer.mails().len();
        let text = format!("first{end}{second}{end}");
        let smuggling = Mail { text: text.clone(), html: Some(text), ..mail() };
        mailer(&peer).send(&smuggling).await.expect("taken");
        let mails = peer.mails();
        assert_eq!(mails.len(), before + 1, "{end:?}");
        let raw = mails[before].raw();
        let bare = raw.windows(2).any(|w| (w[1] == b'\n') != (w[0] == b'\r'));
        assert!(!bare, "a bare CR or LF, {end:?}");
        assert!(mails[before].text.as_ref().is_some_and(|t| t.contains("MAIL FROM")), "{end:?}");
    }
}

#[tokio::test]
async fn an_address_that_could_be_more_than_one_is_refused_by_name() {
    let peer = peer(Tls::None, None);
    let mailer = mailer(&peer);
    let long = format!("{}@archer.test", "a".repeat(300));
    for address in [
        "",
        "ada",
        "@",
        "ada@",
        "@archer.test",
        "ada@archer.test\r\nRCPT TO:<evil@evil.test>",
        "ada@archer.test\n",
        "\0ada@archer.test",
        "ada\u{85}@archer.test",
        "ada@archer.test,evil@evil.test",
        "ada@archer.test> SIZE=1 <",
        "<ada@archer.test>",
        "Ada <ada@archer.test>",
        "\"a\\\r\nb\"@archer.test",
        "\"a b\"@archer.test",
        "a b@archer.test",
        "ada@archer.test evil@evil.test",
        "ada@arch er.test",
        "ada@@archer.test",
        "ada@archer.test(comment)",
        "@evil.test:ada@archer.test",
        &long,
    ] {
        let bad = || Mailbox { name: "Ada".to_owned(), address: address.to_owned() };
        for (field, mail) in [
            ("sender", Mail { from: bad(), ..mail() }),
            ("envelope sender", Mail { sender: Some(bad()), ..mail() }),
            ("recipient", Mail { to: bad(), ..mail() }),
            ("reply-to", Mail { reply_to: Some(bad()), ..mail() }),
        ] {
            let refused = mailer.send(&mail).await.expect_err(address);
            assert_eq!((refused.class, refused.code), (Class::Never, None), "{address:?}");
            assert!(refused.reason.contains(field), "{address:?}: {}", refused.reason);
            assert!(!refused.reason.contains(char::is_control), "{address:?}");
        }
    }
    assert_eq!(peer.mails().len(), 0);
}

#[tokio::test]
async fn a_message_id_is_one_or_is_refused() {
    let peer = peer(Tls::None, None);
    let mailer = mailer(&peer);
    for id in [
        "0198c0de",
        "@liberty.test",
        "a@",
        "a@@b",
        "a@b@c",
        ".a@b",
        "a.@b",
        "a..b@c",
        "a@b.",
        "a@[b",
        "a\"b@c",
        "(a)@b",
        "a,b@c",
        "a;b@c",
        "a:b@c",
        "a\\b@c",
    ] {
        let bad = Mail { message_id: id.to_owned(), ..mail() };
        let refused = mailer.send(&bad).await.expect_err(id);
        assert_eq!((refused.class, refused.code), (Class::Never, None), "{id}");
        assert!(refused.reason.contains("message id"), "{id}: {}", refused.reason);
    }
    assert_eq!(peer.mails().len(), 0);
    let good = Mail { message_id: "a.b+c=d/e!@x-1.y_2".to_owned(), ..mail() };
    let accepted = mailer.send(&good).await.expect("taken");
    assert_eq!(accepted.references, ["a.b+c=d/e!@x-1.y_2"]);
    assert_eq!(peer.mails()[0].header("Message-ID"), ["<a.b+c=d/e!@x-1.y_2>"]);
}

#[tokio::test]
async fn an_unsubscribe_address_leads_to_the_web_or_a_mailbox() {
    let peer = peer(Tls::None, None);
    for address in [
        "http://liberty.test/u",
        "javascript:alert(1)",
        "https",
        "stop@liberty.test",
        "mailto",
        "é:",
    ] {
        let bad = Mail { list_unsubscribe: Some(address.to_owned()), ..mail() };
        let refused = mailer(&peer).send(&bad).await.expect_err(address);
        assert_eq!(refused.class, Class::Never, "{address}");
        assert!(refused.reason.contains("unsubscribe"), "{address}: {}", refused.reason);
    }
    assert_eq!(peer.mails().len(), 0);
}

#[tokio::test]
async fn ids_and_links_that_a_header_cannot_hold_are_refused() {
    let peer = peer(Tls::None, None);
    for token in
        ["", "a b", "a\r\nBcc: evil@evil.test", "a>b", "<a@b>", "é@b", "a\0", &"a".repeat(1_000)]
    {
        for mail in [
            Mail { message_id: token.to_owned(), ..mail() },
            Mail { list_unsubscribe: Some(token.to_owned()), ..mail() },
        ] {
            let refused = mailer(&peer).send(&mail).await.expect_err(token);
            assert_eq!(refused.class, Class::Never, "{token:?}");
        }
    }
    assert_eq!(peer.mails().len(), 0);
}
